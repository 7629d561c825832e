// SPDX-License-Identifier: MIT
// Judges the text by which a client proves itself (RFC 7523, section 3), with node's own cryptography: reads
// { token, public_key, audience, issuer, subject, id, now } from standard input; says what is wrong and fails.
'use strict'
const crypto = require('node:crypto')
const fs = require('node:fs')

const expected = JSON.parse(fs.readFileSync(0, 'utf8'))
const [header, payload, signature, more] = expected.token.split('.')
const decode = (text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))

const findFault = () => {
  if (signature === undefined || more !== undefined) return 'not three parts'
  const { alg, kid, typ } = decode(header)
  const claims = decode(payload)
  const key = { key: expected.public_key, dsaEncoding: 'ieee-p1363' }
  if (alg !== 'ES256' || kid !== expected.id || typ !== 'JWT') return `header: ${alg} ${kid} ${typ}`
  if (!crypto.verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))) return 'signature'
  if (claims.iss !== expected.issuer || claims.sub !== expected.subject) return `iss ${claims.iss}, sub ${claims.sub}`
  if (claims.aud !== expected.audience) return `aud ${claims.aud}`
  if (!(claims.iat <= expected.now + 5 && claims.exp > expected.now && claims.exp - claims.iat <= 15777000)) return 'times'
  return typeof claims.jti === 'string' && claims.jti.length >= 16 ? '' : 'jti'
}

const fault = findFault()
process.stdout.write(fault)
process.exitCode = fault === '' ? 0 : 1
