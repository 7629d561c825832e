#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A page for members, as a CGI script. The paths are those of your account.
import { visitor } from '/home/you/cgi-login/identity/node/cgi-login.mjs';

const who = visitor('/home/you/cgi-login/session-keys.json', process.env.HTTP_COOKIE);
const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
console.log('Cache-Control: private, no-cache\nVary: Cookie');
if (!who.signed_in) {
  const back = encodeURIComponent(process.env.REQUEST_URI ?? '/');
  console.log(`Status: 302 Found\nLocation: ${who.login_url}?return_to=${back}\n`);
} else {
  console.log('Content-Type: text/html; charset=utf-8\n\n<!doctype html>\n<title>Members</title>');
  console.log(`<p>Hello, ${escape(who.name || who.id)}.</p>`);
  // The browser gets a newer cookie.
  if (who.due) console.log("<script>fetch('/profile', {headers: {Accept: 'application/json'}})</script>");
}
