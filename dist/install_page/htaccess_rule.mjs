// SPDX-License-Identifier: MIT
// One RewriteRule of an .htaccess file: whether it takes requests for our routes away from the rules behind it. As
// admin/htaccess/htaccess_rule.c judges; tests/payloads/htaccess.txt has what both are tried with.

const PROGRAMS = ['start', 'callback', 'login', 'profile', 'logout', 'deauthorize', 'deletion', 'backchannel', 'console'];

// In an .htaccess file paths have no slash in front.
const ROUTES = ['auth/instagram', 'auth/instagram/callback', 'login', 'profile', 'logout', 'auth/instagram/deauthorize',
  'auth/instagram/deletion', 'auth/instagram/backchannel_logout', 'auth/console'];

// A longer pattern, or one that counts, is not tried: it could take any time.
const PATTERN_MAX = 200;

// The words of a line, as Apache reads them: quotes taken off, \" read.
export function words(line) {
  const found = line.matchAll(/"((?:\\.|[^"\\])*)"?|'((?:\\.|[^'\\])*)'?|((?:\\ |\S)+)/g);
  return Array.from(found, ([, double, single, bare]) => double?.replace(/\\(["\s])/g, '$1') ?? single?.replace(/\\(['\s])/g, '$1') ??
    bare.replace(/\\ /g, ' '));
}

export const isDirective = (line, name) => new RegExp(`^[ \\t]*${name}(\\s|$)`, 'i').test(line);

function flagsOf(text) {
  const names = text.replace(/^\[|\].*$/g, '').split(',').map((flag) => flag.trim().split('=')[0].toLowerCase());
  return (...wanted) => wanted.some((name) => names.includes(name));
}

// Whether the pattern matches one of our routes. Without its looks ahead and behind it matches more, not less.
function reachesRoutes(pattern) {
  const turned = pattern.startsWith('!');
  const plain = pattern.slice(turned ? 1 : 0).replace(/\(\?(?!:)[^)]*\)/g, '');
  if (plain.length > PATTERN_MAX || plain.includes('{')) return true;
  try {
    const expression = new RegExp(plain, 'i');
    return ROUTES.some((route) => expression.test(route) !== turned);
  } catch {
    return true;
  }
}

// The path of a program: a folder, its name, any suffix, and perhaps the provider behind it: "/cgi-bin/start/$1".
export function splitTarget(target) {
  const [, folder, name, suffix = '', rest = ''] = /^(\/.+)\/([a-z]+)(\.[^/]*)?(\/\$1)?$/.exec(target) ?? [];
  return PROGRAMS.includes(name) && !suffix.startsWith('.php') ? { folder, name, suffix, rest } : null;
}

export function readRule(line) {
  const [, pattern, target, flags = ''] = words(line);
  if (target === undefined) return { target: '', catches: true, chained: false, redirects: false, ours: false };
  const has = flagsOf(flags);
  const redirects = has('r', 'redirect') || /^http/i.test(target);
  const stays = target === '-', ends = has('l', 'last', 'end');
  return {
    target, redirects, chained: has('c', 'chain'),
    ours: /^\^(auth|login|profile|logout)[/$]/.test(pattern) && splitTarget(target) !== null && has('end'),
    // Lines between a rule that skips and those that it counts would be counted, too.
    catches: has('s', 'skip') || (!redirects && !has('f', 'forbidden', 'g', 'gone') && (!stays || ends) && reachesRoutes(pattern)),
  };
}
