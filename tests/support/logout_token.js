// SPDX-License-Identifier: MIT
// Prints a logout token (OpenID Connect Back-Channel Logout 1.0), and writes the key set that it is right by as the
// product keeps it:  logout_token.js ISSUER CLIENT_ID SUB KEYS_FILE
'use strict'
const crypto = require('node:crypto')
const fs = require('node:fs')

const [issuer, client, sub, file] = process.argv.slice(2)
const now = Math.floor(Date.now() / 1000)
const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = { ...publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig', alg: 'ES256' }
fs.writeFileSync(file, JSON.stringify({ issuer, fetched: now, tried: now, document: { keys: [key] } }), { mode: 0o600 })

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const text = `${encode({ alg: 'ES256', kid: '1', typ: 'logout+jwt' })}.${encode({ iss: issuer, aud: client, sub, jti: `${now}`,
  iat: now, exp: now + 3600, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })}`
const signature = crypto.sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
process.stdout.write(`${text}.${signature.toString('base64url')}\n`)
