// SPDX-License-Identifier: MIT
// A text file that somebody has chosen, as text and back. What is no UTF-8, such as a comment in Latin-1, is taken byte by
// byte, and comes out as it went in.

const FILE_MAX = 256 * 1024;

// Gives { text, bytes } (bytes: a letter stands for each byte), or { fault }.
export function decodeFile(content) {
  if (content.length > FILE_MAX) return { fault: 'This file is too long for an .htaccess: choose another.' };
  if ((content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff)) {
    return { fault: 'This file is UTF-16, which Apache cannot read: save it as UTF-8 or as plain text in your editor.' };
  }
  if (content.includes(0)) return { fault: 'This is no text file: choose the copy of .htaccess.' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(content), bytes: false };
  } catch {
    return { text: Array.from(content, (byte) => String.fromCharCode(byte)).join(''), bytes: true };
  }
}

// What a file has whose text was decoded so. Where a letter has come in that is no byte, it is UTF-8 from then on.
export function encodeFile(text, bytes) {
  return bytes && /^[\0-\xff]*$/.test(text) ? Uint8Array.from(text, (letter) => letter.charCodeAt(0)) : new TextEncoder().encode(text);
}
