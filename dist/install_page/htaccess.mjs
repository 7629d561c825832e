// SPDX-License-Identifier: MIT
// .htaccess: the lines that the site needs, for this account, and where they go in a file that is there already: behind a
// redirect to https or to the site's one name, before the rules that lead everything to a front controller (WordPress,
// Laravel, Joomla and their like), in no section, and in no part that a program keeps between marks of its own. As
// admin/htaccess/htaccess_merge.c does it; tests/payloads/htaccess.txt has what both are tried with.
import { isDirective, readRule, splitTarget, words } from './htaccess_rule.mjs';
import { readUnits } from './htaccess_unit.mjs';

export const BEGIN = '# BEGIN cgi-login', END = '# END cgi-login';

const isMark = (line, mark) => line.trimEnd() === mark;

// Where our block is: its first line, and behind its last; null where there is none, false where it is torn.
function findBlock(lines) {
  const begins = lines.flatMap((line, index) => (isMark(line, BEGIN) ? [index] : []));
  const ends = lines.flatMap((line, index) => (isMark(line, END) ? [index] : []));
  if (begins.length === 0 && ends.length === 0) return null;
  return begins.length === 1 && ends.length === 1 && begins[0] < ends[0] ? { start: begins[0], end: ends[0] + 1 } : false;
}

// The block of the archive's example with this account's paths, its marks included.
export function fillExample(example, { private: own, address, suffix, handler }) {
  const lines = example.split('\n'), { start, end } = findBlock(lines);
  return lines.slice(start, end).map((line) => {
    if (/^\s*SetEnv CGI_LOGIN_CONFIG /.test(line)) return line.replace(/".*"/, () => `"${own}/config.json"`);
    const rule = isDirective(line, 'RewriteRule') ? readRule(line) : null;
    if (rule?.ours) {
      const { name, rest } = splitTarget(rule.target);
      return `RewriteRule ${words(line)[1]} ${address}/${name}${suffix}${rest} [END]`;
    }
    return handler ? line.replace(/^#cgi# /, '') : line;
  }).join('\n') + '\n';
}

// What the example has behind its block: good where there was no file, and not for one that has its own.
export function exampleRest(example) {
  const lines = example.split('\n');
  return lines.slice(findBlock(lines).end).join('\n');
}

// --- lines of ours without marks, as earlier versions had them ---

const hasOnly = (lines, unit, beginning) => {
  const directives = lines.slice(unit.first, unit.end).map((line) => line.trim()).filter((line) => line !== '' && !/^[#<]/.test(line));
  return directives.length > 0 && directives.every((line) => line.startsWith(beginning));
};

function isOld(lines, unit, routeFollows) {
  const text = lines.slice(unit.start, unit.end).join('\n');
  if (unit.first === -1) return text.includes('# cgi-login: what the document root\'s .htaccess needs') || text.includes('\n#cgi# ');
  const first = lines[unit.first];
  return unit.ours || (routeFollows && first === 'RewriteEngine On') || hasOnly(lines, unit, 'SetEnv CGI_LOGIN_CONFIG ') ||
    hasOnly(lines, unit, 'Header setifempty ') || ['Options +ExecCGI -Indexes', 'AddHandler cgi-script .cgi'].includes(first) ||
    (isDirective(first, '<FilesMatch') && text.includes('|^config.*\\.json') && hasOnly(lines, unit, 'Require all denied'));
}

// The indexes of the lines to take out, with the blank ones behind each.
function oldLines(lines) {
  const units = readUnits(lines), old = new Set();
  if (!units.some((unit) => unit.ours)) return old;
  units.forEach((unit, index) => {
    if (!isOld(lines, unit, units[index + 1]?.ours)) return;
    let end = unit.end;
    while (end < lines.length && lines[end] === '') end += 1;
    for (let line = unit.start; line < end; line++) old.add(line);
  });
  return old;
}

// --- the place ---

// Between which lines the block may stand, and what there is to tell of the others.
function findRoom(lines, units) {
  const room = { from: 0, to: lines.length, catch: -1, canon: -1, off: -1, open: -1, rules: false };
  for (const unit of units) {
    if (room.catch === -1 && unit.catch !== -1) Object.assign(room, { to: unit.start, catch: unit.catch });
    if (unit.canon !== -1 && room.catch === -1) room.from = unit.end;
    else if (unit.canon !== -1) room.canon = unit.canon;
    if (unit.off !== -1 || unit.turnsOn) room.off = unit.off;
    if (unit.open !== -1) room.open = unit.open;
    room.rules ||= unit.rule !== -1;
  }
  return room;
}

// Puts the block into the text of the file that is there. Gives { text } with what was found: `catches` and `late`, the
// numbers of the rule before which the block stands and of a redirect that holds for our routes no more (0: none), `had`
// and `old`, whether there was a block, or lines without marks; or { refusal, line } where a person has to look first.
export function merge(existing, block) {
  const lines = existing.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const found = findBlock(lines);
  if (found === false) return { refusal: 'torn', line: 0 };
  let rows = lines.map((line, index) => ({ line, number: index + 1 }));
  if (found !== null) rows.splice(found.start, found.end - found.start);
  const old = oldLines(rows.map(({ line }) => line));
  rows = rows.filter((_, index) => !old.has(index));

  const rest = rows.map(({ line }) => line), units = readUnits(rest), room = findRoom(rest, units);
  const number = (index) => (index === -1 ? 0 : rows[index].number);
  if (room.open !== -1) return { refusal: 'open', line: number(room.open) };
  if (room.off !== -1 && room.rules) return { refusal: 'off', line: number(room.off) };
  const kept = found !== null && old.size === 0 ? found.start : -1;
  const stays = kept >= room.from && kept <= room.to && !units.some(({ start, end }) => kept > start && kept < end);
  const at = room.off !== -1 ? rest.length : stays ? kept : room.to;
  return {
    text: [...rest.slice(0, at), ...block.trimEnd().split('\n'), ...rest.slice(at)].join('\n') + '\n',
    catches: number(room.catch), late: number(room.canon), had: found !== null, old: old.size > 0,
  };
}

const REFUSALS = {
  torn: () => `This file must have “${BEGIN}” once, and “${END}” once behind it: take out what is left of them.`,
  open: (line) => `The section that line ${line} begins is closed nowhere: write the line that closes it.`,
  off: (line) => `Line ${line} turns rewriting off, which our lines need, for the whole file: take out that line, and the rules that ` +
    'shall not work with it.',
};

// Why nothing was merged, in a sentence; '' where it was.
export const refusalOf = ({ refusal, line }) => (refusal === undefined ? '' : REFUSALS[refusal](line));

// What an owner is told of a file that was merged.
export function tellMerge({ catches, late, had, old }, existing) {
  if (existing.trim() === '') return 'for the web root.';
  const place = catches === 0 ? 'in it' : `in it, before what leads every address to another program (line ${catches} as it was)`;
  return `for the web root, in the place of yours: ${had || old ? 'our older lines in it are replaced, and the new ones stand ' : 'our lines are '}${place}.` +
    (late === 0 ? '' : ` The redirect in line ${late} as it was comes with or behind that program’s rules, and so does not hold at our ` +
      `addresses: move it, with its conditions, above “${BEGIN}”.`) +
    ' Keep a copy of the one that you have.';
}
