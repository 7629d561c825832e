// SPDX-License-Identifier: MIT
// The pictures, as SVG. Colours are the style sheet's classes, so they follow light and dark. A picture says nothing that
// the text beside it does not; its own title and description are for those who hear the page.

export const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const ROW = 30, STEP = 20, WIDTH = 360;

// Letters that fit behind a row's icon, in letters of a fixed width.
const fits = (depth, size) => Math.floor((WIDTH - 34 - depth * STEP) / (size * 0.61));

const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function icon(x, y, kind) {
  if (kind === 'file') return `<path class="file" d="M${x + 3} ${y}h7l4 4v12h-11z"/>`;
  return `<path class="${kind}" d="M${x} ${y + 3}a2 2 0 0 1 2-2h4l2 3h6a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-12a2 2 0 0 1-2-2z"/>`;
}

// The folders of an account as a tree. A row: its depth, its kind (folder, web, private, programs, file), name and remark.
// Its line comes down from the folder that holds it.
function treeRow({ depth, kind, name, remark }, index, rows) {
  const x = 6 + depth * STEP, y = 6 + index * ROW;
  const holder = rows.findLastIndex((row, at) => at < index && row.depth < depth);
  const line = depth === 0 ? '' : `<path class="branch" d="M${x - 12} ${holder * ROW + 23}V${y + 9}h8"/>`;
  return `${line}${icon(x, y, kind)}<text x="${x + 24}" y="${y + 10}" class="name">${escaped(cut(name, fits(depth, 13)))}</text>` +
    (remark ? `<text x="${x + 24}" y="${y + 22}" class="remark">${escaped(cut(remark, fits(depth, 10.5)))}</text>` : '');
}

// Where the folders lie, from the account's down: each under the one that holds it, with those between left out.
export function treeRows(folders, { pointerName = '' }) {
  const under = (folder) => folder.slice(folders.home.length + 1) + '/';
  const inside = (folder, outer) => folder.startsWith(`${outer}/`);
  const programs = (depth, name) => [
    { depth, kind: 'programs', name, remark: 'the programs' },
    ...(pointerName === '' ? [] : [{ depth: depth + 1, kind: 'file', name: pointerName }]),
  ];
  const nested = inside(folders.programs, folders.root);
  return [
    { depth: 0, kind: 'folder', name: folders.home },
    { depth: 1, kind: 'private', name: under(folders.private), remark: 'private: settings, users' },
    { depth: 2, kind: 'file', name: 'config.json' },
    ...(nested ? [] : programs(1, under(folders.programs))),
    { depth: 1, kind: 'web', name: under(folders.root), remark: 'the web root' },
    { depth: 2, kind: 'file', name: '.htaccess' },
    ...(nested ? programs(2, `${folders.programs.slice(folders.root.length + 1)}/`) : []),
    { depth: 2, kind: 'web', name: 'cgi-login/', remark: 'style sheet, pictures' },
  ];
}

export function folderPicture(folders, options) {
  const rows = treeRows(folders, options);
  const spoken = `In ${folders.home}: the private folder ${folders.private}, the web root ${folders.root}, and the programs in ` +
    `${folders.programs}.`;
  return `<svg viewBox="0 0 ${WIDTH} ${rows.length * ROW + 8}" role="img" aria-label="${escaped(`The folders of your account. ${spoken}`)}">` +
    `${rows.map(treeRow).join('')}</svg>`;
}

// The dialog in which FTP programs ask for a file's mode, filled in.
export function modePicture(mode) {
  const groups = ['Owner', 'Group', 'Public'], rights = ['Read', 'Write', 'Execute'];
  const box = (x, y, on) => `<rect class="box" x="${x}" y="${y}" width="12" height="12" rx="2"/>` +
    (on ? `<path class="tick" d="M${x + 2.5} ${y + 6.5}l2.5 2.5 5-6"/>` : '');
  const right = (group, index) => {
    const x = 14 + index * 76, y = 34 + group * 34;
    return `${box(x, y, Number(mode[group]) & (4 >> index))}<text x="${x + 17}" y="${y + 10}" class="remark">${rights[index]}</text>`;
  };
  const lines = groups.map((name, group) => `<text x="14" y="${28 + group * 34}" class="remark">${name} permissions</text>` +
    [0, 1, 2].map((index) => right(group, index)).join(''));
  const spoken = groups.map((name, group) => {
    const may = rights.filter((_, index) => Number(mode[group]) & (4 >> index)).map((right) => right.toLowerCase());
    return `${name.toLowerCase()}: ${may.join(', ') || 'nothing'}`;
  });
  return `<svg class="dialog" viewBox="0 0 240 148" role="img" aria-label="${escaped(`Mode ${mode}. ${spoken.join('; ')}.`)}">` +
    `<rect class="frame" x="1" y="1" width="238" height="146" rx="6"/>${lines.join('')}` +
    `<text x="14" y="132" class="remark">Numeric value:</text><rect class="box" x="104" y="120" width="52" height="18" rx="3"/>` +
    `<text x="112" y="133" class="name">${mode}</text></svg>`;
}
