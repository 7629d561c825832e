// SPDX-License-Identifier: MIT
// .htaccess: the lines that the site needs, for this account, and where they go in a file that is there already.

const ROUTE = /^(RewriteRule \S+) \/cgi-bin\/([a-z]+)(?:\.cgi)?(.*)$/;

// The archive's example with this account's paths.
export function fillExample(example, { private: own, address, suffix, handler }) {
  return example.trimStart().split('\n').map((line) => line
    .replace('/home/you/cgi-login', () => own)
    .replace(ROUTE, (_, before, program, after) => `${before} ${address}/${program}${suffix}${after}`)
    .replace(handler ? /^#cgi# / : /^$/, '')).join('\n');
}
