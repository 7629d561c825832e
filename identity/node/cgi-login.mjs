// SPDX-License-Identifier: MIT
// Who is signed in, for a program of the site's own: opens the session's cookie with the file that `cgi-login export-key`
// writes. Needs Node.js 18 and, since its own crypto has no XChaCha20-Poly1305, @noble/ciphers, which has no
// dependencies: npm install --prefix /home/you/cgi-login/identity/node
//
//     import { visitor } from '/home/you/cgi-login/identity/node/cgi-login.mjs';
//     const who = visitor('/home/you/cgi-login/session-keys.json', request.headers.cookie);
//     if (!who.signed_in) …
//
// docs/identity.md says what is in it. What it cannot know, since it asks no store: a session that was ended after its
// last check still opens, until the limit: the file's limit_seconds, or `limit`, have passed since that check.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';

// Control characters, and what breaks or reorders a line.
const UNSHOWN = '\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069';

/** Gives the visitor whose Cookie header this is. Throws if the file cannot be used. */
export function visitor(file, cookies, { limit, now = Math.floor(Date.now() / 1000) } = {}) {
  const settings = readSettings(file);
  const session = openSession(settings, cookies ?? '', now);
  const nobody = { signed_in: false, due: false, login_url: `${settings.base_url}/login` };
  if (session === null) return nobody;
  const age = now - session.checked;
  if (age < 0 || age >= (limit ?? settings.limit_seconds)) return { ...nobody, due: true };
  const user = session.profile;
  return {
    signed_in: true,
    id: `${session.provider}:${user.id}`,
    provider: session.provider,
    // One that was cut to fit into the cookie is somebody else's, or nobody's.
    username: user.username?.endsWith('…') ? '' : told(user.username ?? ''),
    name: (user.full_name ?? '').replace(new RegExp(`[ ${UNSHOWN}]+`, 'g'), ' ').replace(/^ | $/g, ''),
    email: user.email_verified === true ? told(user.email ?? '') : '',
    groups: user.groups ?? [],
    user,
    since: session.signed_in,
    checked: session.checked,
    expires: session.expires,
    due: age >= settings.recheck_seconds,
  };
}

/** The text; '' for one that would begin another line, or name somebody else, where it is written. */
function told(text) {
  return new RegExp(`^ | $|[${UNSHOWN}]`).test(text) ? '' : text;
}

function readSettings(file) {
  const opened = openSync(file, 'r');
  try {
    if (fstatSync(opened).mode & 0o026)
      throw new Error(`${file} can be read or written by other users; run: chmod 600 ${file}`);
    const settings = JSON.parse(readFileSync(opened, 'utf8'));
    if (settings.version !== 1) throw new Error(`${file} is none of this version; run: cgi-login export-key`);
    return settings;
  } finally {
    closeSync(opened);
  }
}

/** The session of the Cookie header; null if there is none that is whole, ours and not over. */
function openSession(settings, cookies, now) {
  const value = cookies.match(new RegExp(`(?:^|;)[ \\t]*${settings.cookie}=([^;]*)`))?.[1] ?? '';
  const sealed = Buffer.from(value, 'base64url');
  // version 1 | key id 4 | nonce 24 | ciphertext of (expiry 8 | JSON) | tag 16; the first five bytes are authenticated
  if (value.length > 4096 || sealed.length < 53 || sealed.toString('base64url') !== value || sealed[0] !== 1) return null;
  const key = settings.keys.find(({ ids }) => ids.includes(sealed.toString('hex', 1, 5)));
  if (key === undefined) return null;
  const secret = Buffer.from(key.key, 'hex');
  let plain;
  try {
    plain = Buffer.from(
      xchacha20poly1305(secret, sealed.subarray(5, 29), sealed.subarray(0, 5)).decrypt(sealed.subarray(29)));
  } catch {
    return null;
  } finally {
    secret.fill(0);
  }
  if (plain.readBigInt64BE() <= BigInt(now)) return null;
  const session = giveNames(JSON.parse(plain.toString('utf8', 8)), settings.names);
  return settings.providers.includes(session.provider) ? session : null;
}

/** An object with the names that its short keys stand for. */
function giveNames(value, names) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [Object.hasOwn(names, key) ? names[key] : key, giveNames(member, names)]));
}
