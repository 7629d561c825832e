// SPDX-License-Identifier: MIT
// The parts of an .htaccess file between which lines may be put: a directive, a section with all that is in it, or what
// a program keeps between "# BEGIN name" and "# END name", each with the comment above it. As admin/htaccess/htaccess_unit.c
// reads them.
import { isDirective, readRule, words } from './htaccess_rule.mjs';

const NAMES_THE_SITE = /HTTPS|SERVER_PORT|HTTP_HOST|REQUEST_SCHEME|HTTP:X-Forwarded|SERVER_NAME|HTTP:CF-Visitor/;

// The text of a line with those that a backslash joins to it, and the index behind them.
function wholeLine(lines, index) {
  let end = index + 1, whole = lines[index];
  while (whole.endsWith('\\') && end < lines.length) {
    whole = `${whole.slice(0, -1)} ${lines[end]}`;
    end += 1;
  }
  return [whole.replace(/\\$/, ''), end];
}

class UnitReader {
  constructor(lines) {
    this.lines = lines;
    Object.assign(this, { depth: 0, region: null, conditions: false, aboutName: false, chained: false });
  }

  isInside() { return this.depth > 0 || this.region !== null || this.conditions || this.chained; }

  // Begins or ends a region at a comment that says so.
  takeMark(line, index) {
    const [, kind, name] = /^# (BEGIN|END) (.*?)[ \t]*$/.exec(line) ?? [];
    if (kind === 'BEGIN' && this.region === null) {
      const ends = (later) => later.startsWith(`# END ${name}`) && /^\s*$/.test(later.slice(6 + name.length, 7 + name.length));
      if (!this.lines.slice(index + 1).some(ends)) return false;
      this.region = name;
      return true;
    }
    if (kind !== 'END' || this.region !== name) return false;
    this.region = null;
    return true;
  }

  takeRule(unit, line, index) {
    const rule = readRule(line);
    unit.ours = rule.ours && unit.rule === -1 && !this.conditions;
    unit.rule = index;
    if (rule.redirects && (this.aboutName || /^http/i.test(rule.target))) unit.canon = index;
    if (rule.catches && unit.catch === -1) unit.catch = index;
    this.chained = rule.chained;
    this.conditions = this.aboutName = false;
  }

  // Takes in a line that is neither blank nor a comment.
  takeDirective(unit, line, index) {
    if (/^[ \t]*<\//.test(line)) {
      this.depth -= this.depth > 0 ? 1 : 0;
    } else if (/^[ \t]*</.test(line)) {
      if (this.depth === 0) unit.open = index;
      this.depth += 1;
    } else if (isDirective(line, 'RewriteCond')) {
      this.conditions = true;
      this.aboutName ||= NAMES_THE_SITE.test(line);
    } else if (isDirective(line, 'RewriteRule')) {
      this.takeRule(unit, line, index);
    } else if (isDirective(line, 'RewriteEngine')) {
      const word = words(line)[1]?.toLowerCase();
      unit.turnsOn = word === 'on';
      unit.off = word === 'off' ? index : -1;
    }
    if (this.depth === 0) unit.open = -1;
  }
}

// The next unit from an index on, or null. Lines are named by their index; -1: there is none. `start` is that of its
// comment, `first` of its first line that is no comment, `end` is behind its last; `catch` is a rule that takes our
// routes' requests, `canon` a redirect to https or to another name, `off` a "RewriteEngine Off" behind which no "On"
// comes, `open` a section that nothing closes; `ours` says that it is a single rule for one of our routes.
export function readUnit(lines, from) {
  const reader = new UnitReader(lines);
  const unit = { start: -1, first: -1, end: from, catch: -1, canon: -1, rule: -1, off: -1, open: -1, turnsOn: false, ours: false };
  for (let index = from; index < lines.length;) {
    const [line, next] = wholeLine(lines, index);
    const blank = /^\s*$/.test(line), comment = /^[ \t]*#/.test(line), inside = reader.isInside();
    const begins = comment && !inside && line.startsWith('# BEGIN ') && reader.takeMark(line, index);
    const ends = comment && !begins && reader.takeMark(line, index);
    if ((blank || begins) && !inside && unit.start !== -1) return { ...unit, end: index }; // a comment that stands alone
    if (unit.start === -1 && !blank) unit.start = index;
    if (!blank && !comment) {
      if (unit.first === -1) unit.first = index;
      reader.takeDirective(unit, line, index);
    }
    if (begins) unit.first = index;
    unit.end = index = next;
    if (!reader.isInside() && (ends || (!blank && !comment))) return unit;
  }
  return unit.start === -1 ? null : unit;
}

export function readUnits(lines) {
  const units = [];
  for (let unit = readUnit(lines, 0); unit !== null; unit = readUnit(lines, unit.end)) units.push(unit);
  return units;
}
