// SPDX-License-Identifier: MIT
// What people type, made neat, and what is wrong with it: each `check` gives a sentence, or '' when all is right.

// A paste brings blanks, and a word processor its own quotes around it.
export const trimmed = (text) => text.trim().replace(/^[“”"'‘’]+|[“”"'‘’]+$/g, '').trim();

export const folderOf = (text) => trimmed(text).replace(/(?<=.)\/+$/, '');

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

const parseUrl = (text) => {
  try {
    return new URL(text);
  } catch {
    return null;
  }
};

// The origin of the site, as `base_url` has it; '' when it is none.
export const siteOf = (text) => (checkSite(text) === '' ? parseUrl(trimmed(text)).origin : '');

function checkAddress(text, example) {
  if (text === '') return `Write the address, like ${example}.`;
  if (/\s/.test(text)) return 'There is a blank in the address.';
  if (!/^https?:\/\//i.test(text)) return `The address begins with https://, like ${example}.`;
  const url = parseUrl(text);
  if (url === null || (!url.hostname.includes('.') && !LOCAL.includes(url.hostname))) return `This is no address; it reads like ${example}.`;
  if (url.username !== '' || url.password !== '') return 'The address has a name or password before an “@”: leave them out.';
  if (url.protocol !== 'https:' && !LOCAL.includes(url.hostname)) {
    return 'It must be https: without it a login is no secret. Hosts have certificates for nothing, often as “Let’s Encrypt” or “AutoSSL”.';
  }
  return '';
}

export function checkSite(text) {
  const example = 'https://www.example.com';
  const fault = checkAddress(trimmed(text), example);
  if (fault !== '') return fault;
  const url = parseUrl(trimmed(text));
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return `Leave out what follows ${url.origin}.`;
  if (/(^|\.)example\.(com|org|net)$/.test(url.hostname)) return 'This is the example’s address: write your own site’s.';
  return '';
}

// The server of a provider that people run themselves: an issuer or an instance.
export function checkServer(text, example) {
  const fault = checkAddress(trimmed(text), example);
  if (fault !== '') return fault;
  const url = parseUrl(trimmed(text));
  return url.search !== '' || url.hash !== '' ? 'Leave out “?” and “#” and what follows them.' : '';
}

export function checkFolder(text, example) {
  const folder = folderOf(text);
  if (folder === '') return `Write the folder, like ${example}.`;
  if (/^[A-Za-z]:|\\/.test(folder)) return 'This is a folder of your own computer: the one on the host is wanted.';
  if (folder.startsWith('~')) return `Write the whole path in place of ~, like ${example}.`;
  if (!folder.startsWith('/') || folder === '/') return `The whole path is wanted; it begins with /, like ${example}.`;
  if (/["%?#<>$`*\p{Cc}]/u.test(folder)) return 'The path has a character that settings cannot hold: rename the folder, or choose another.';
  if (/\/(\.{0,2})(\/|$)/.test(folder)) return 'Write the path without “//”, “/.” and “/..”.';
  return '';
}

// Where anybody could fetch it, the config is refused.
export function checkPrivate(text, { root, programs }) {
  const fault = checkFolder(text, '/home/you/cgi-login');
  if (fault !== '') return fault;
  const folder = `${folderOf(text)}/`;
  if (folder.startsWith(`${root}/`) || /\/(public_html|httpdocs|htdocs|wwwroot)\//.test(folder)) {
    return 'This folder lies in a web root, where anybody could fetch your secrets: choose one beside it.';
  }
  return folder.startsWith(`${programs}/`) ? 'This folder lies among the programs: choose one outside.' : '';
}

export function checkProgramsAddress(text) {
  return /^(\/[A-Za-z0-9._~-]+)+$/.test(trimmed(text).replace(/\/+$/, '')) ? '' : 'It reads like /cgi-bin, from the site’s address on.';
}

// An id or a secret, as a provider's page shows it.
export function checkCredential(text, name, other = '') {
  const value = trimmed(text);
  if (value === '') return `Copy the ${name} from the provider’s page.`;
  if (/\s/.test(value)) return `There is a blank or a line break in the ${name}: copy it again, alone.`;
  if (/[^\x21-\x7e]/.test(value)) return `There is a character in the ${name} that none has: copy it again.`;
  if (/^YOUR_|^[•*]+$/.test(value)) return `This is not the ${name}, but what stands in its place: have the provider’s page show it.`;
  return value === other ? `The ${name} is the same as the one above: copy each by itself.` : '';
}

export function checkKeyFile(text) {
  if (trimmed(text) === '') return 'Write the name of the key’s file, like AuthKey_ABC123DEFG.p8.';
  return /^[A-Za-z0-9._-]+$/.test(trimmed(text)) ? '' : 'Only the file’s name is wanted, like AuthKey_ABC123DEFG.p8, without folders.';
}

export function checkSiteName(text) {
  const name = text.trim();
  if (/[\p{Cc}\u2028\u2029]/u.test(name)) return 'The name is one line.';
  if (/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(name)) return 'The name has a mark that nobody sees and that turns text round: type it anew.';
  return [...name].length > 60 ? 'The name has more than 60 letters: take a shorter one.' : '';
}
