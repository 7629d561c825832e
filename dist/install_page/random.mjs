// SPDX-License-Identifier: MIT
// What must not be guessed, out of the browser's own source of it.

// A key for `keys`: the Base64 of 32 bytes.
export function newKey() {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
}

// Crockford's letters: none that is taken for another when it is read off paper.
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

// The one-time code for the owner's page: 150 bits, in groups as people copy them. It has a digit, by which the config
// tells a code that was drawn from one that somebody has thought up.
export function newSetupCode() {
  let code;
  do {
    code = Array.from(crypto.getRandomValues(new Uint8Array(30)), (byte) => LETTERS[byte & 31]).join('');
  } while (!/[0-9]/.test(code));
  return code.replace(/(.{5})(?=.)/g, '$1-');
}
