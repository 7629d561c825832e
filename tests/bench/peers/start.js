// What the program `start` does, in JavaScript for Node.js: a login's state and verifier, sealed into a cookie, and the
// redirect to the provider. Without arguments it answers one request as a CGI program; with "serve PORT" it is a
// server of its own on the loopback (port 0: any free one), prints its port, and keeps the config it has read.
// Node.js has no XChaCha20-Poly1305 and no BLAKE2b key derivation: the cookie is as long as ours and sealed with
// ChaCha20-Poly1305, under a subkey by HKDF.
// SPDX-License-Identifier: MIT
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const LOGIN_SECONDS = 600;
const NONCE_BYTES = 24;
const CIPHER_NONCE_BYTES = 12;

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

/** The provider's preset with what the config says in place of it, and the subkey. */
function readSettings(file) {
  const config = readJson(file);
  const name = config.default_provider;
  const preset = readJson(path.join(path.dirname(file), 'providers', `${name}.json`));
  const callback = { callback_url: `${config.base_url}/auth/${name}/callback` };
  const key = Buffer.from(config.keys[0], 'base64');
  const subkey = Buffer.from(crypto.hkdfSync('sha256', key, '', 'pending login', 32));
  return { subkey, provider: { ...preset, ...callback, ...config.providers[name], name } };
}

function seal({ subkey, provider }, plain) {
  const header = Buffer.from([1, 0, 0, 0, 0]);
  const nonce = crypto.randomBytes(NONCE_BYTES);
  const cipher = crypto.createCipheriv('chacha20-poly1305', subkey, nonce.subarray(0, CIPHER_NONCE_BYTES),
    { authTagLength: 16 });
  const message = Buffer.alloc(8 + Buffer.byteLength(plain));
  message.writeBigInt64BE(BigInt(Math.floor(Date.now() / 1000) + LOGIN_SECONDS));
  message.write(plain, 8);
  cipher.setAAD(Buffer.concat([header, Buffer.from(provider.name)]), { plaintextLength: message.length });
  return Buffer.concat([header, nonce, cipher.update(message), cipher.final(), cipher.getAuthTag()])
    .toString('base64url');
}

/** The answer's headers. */
function start(settings) {
  const { provider } = settings;
  const state = crypto.randomBytes(32).toString('base64url');
  const verifier = crypto.randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: provider.client_id,
    redirect_uri: provider.callback_url,
    response_type: 'code',
    scope: provider.scope.join(provider.scope_separator),
    state,
  });
  if (provider.pkce === 'S256') {
    query.set('code_challenge', crypto.createHash('sha256').update(verifier).digest('base64url'));
    query.set('code_challenge_method', 'S256');
  }
  const sealed = seal(settings, JSON.stringify({ state, verifier, return_to: '' }));
  return {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Set-Cookie': `__Host-cgi_login_pending_${state.slice(0, 8)}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; ` +
      `Max-Age=${LOGIN_SECONDS}`,
    Location: `${provider.authorize_url}?${query}`,
  };
}

function answerOnce(settings) {
  const lines = Object.entries(start(settings)).map(([name, value]) => `${name}: ${value}\r\n`);
  process.stdout.write(`Status: 302 Found\r\n${lines.join('')}\r\n`);
}

function serve(settings) {
  const server = require('node:http').createServer((request, response) => {
    response.writeHead(302, start(settings));
    response.end();
  });
  server.listen(Number(process.argv[3]), '127.0.0.1', () => console.log(server.address().port));
}

const run = process.argv[2] === 'serve' ? serve : answerOnce;
run(readSettings(process.env.CGI_LOGIN_CONFIG));
