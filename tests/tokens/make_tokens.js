// SPDX-License-Identifier: MIT
// Writes what tests/unit/test_id_token.c reads: tokens that npm's jose has signed, right ones and ones of which one
// thing is wrong, and the keys that belong to them. What jose refuses to make is put together here. SEEDS, a folder,
// gets some of them for tests/fuzz/fuzz_id_token.c.
//   node make_tokens.js FILE [SEEDS]      (npm ci before)
// The keys are new each time; the tokens hold for the moment that the tests take for now.
import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { CompactSign, SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose'

const NOW = 1764000000 // SAMPLE_NOW
const ISSUER = 'https://issuer.example/realm'
const CLIENT = 'client-1'
const NONCE = 'q7oF3nX0T1mBv3mYw2kz5A'
const ACCESS_TOKEN = 'SlAV32hkKG.access-token'
const TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad'

const algorithms = { RS256: 'sha256', PS256: 'sha256', ES256: 'sha256', ES384: 'sha384', EdDSA: 'sha512' }
const pairs = {}
const keys = []
const cases = []

const base64url = (value) => Buffer.from(value).toString('base64url')

const halfHash = (algorithm, text = ACCESS_TOKEN) => {
  const hash = crypto.createHash(algorithms[algorithm]).update(text).digest()
  return hash.subarray(0, hash.length / 2).toString('base64url')
}

const goodClaims = () => ({ iss: ISSUER, sub: '248289761001', aud: CLIENT, exp: NOW + 300, iat: NOW, nonce: NONCE })

// Members that are undefined are left out.
const sign = (algorithm, claims = {}, header = {}, key = pairs[algorithm].privateKey) =>
  new CompactSign(Buffer.from(JSON.stringify({ ...goodClaims(), ...claims })))
    .setProtectedHeader({ alg: algorithm, kid: algorithm, ...header }).sign(key)

const nodeSign = (algorithm, text, key = pairs[algorithm].privateKey) => {
  const options = { key, dsaEncoding: 'ieee-p1363' }
  if (algorithm === 'PS256') Object.assign(options, { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
  return crypto.sign(algorithm === 'EdDSA' ? null : algorithms[algorithm], Buffer.from(text), options)
}

// Signs texts as they are, which jose would put in order.
const signRaw = (algorithm, header, payload) => {
  const text = `${base64url(header)}.${base64url(payload)}`
  return `${text}.${nodeSign(algorithm, text).toString('base64url')}`
}

const headerText = (algorithm, more = '') => `{"alg":"${algorithm}","kid":"${algorithm}"${more}}`
const claimsText = (more = '') => JSON.stringify(goodClaims()).replace(/}$/, `${more}}`)

const good = (name, token, more = {}) => cases.push({ name, token, ...more })
const bad = (name, cause, token, more = {}) => cases.push({ name, cause, token, ...more })

const makeKeys = async () => {
  for (const algorithm of Object.keys(algorithms)) {
    pairs[algorithm] = await generateKeyPair(algorithm, { extractable: true })
    keys.push({ ...(await exportJWK(pairs[algorithm].publicKey)), kid: algorithm, alg: algorithm, use: 'sig' })
  }
}

const makeGood = async () => {
  for (const algorithm of Object.keys(algorithms)) {
    good(`${algorithm}`, await sign(algorithm, { at_hash: halfHash(algorithm) }), { every_byte: true })
    good(`${algorithm}, no kid`, await sign(algorithm, {}, { kid: undefined }))
  }
  good('typ JWT', await sign('ES256', {}, { typ: 'JWT' }))
  good('a list of one audience', await sign('ES256', { aud: [CLIENT] }))
  good('several audiences with azp', await sign('ES256', { aud: ['other', CLIENT], azp: CLIENT }))
  good('azp', await sign('ES256', { azp: CLIENT }))
  good('seconds with a fraction', await sign('ES256', { exp: NOW + 0.5, iat: NOW - 0.5, nbf: NOW - 0.25 }))
  good('expired within the skew', await sign('ES256', { exp: NOW - 59 }))
  good('from the future within the skew', await sign('ES256', { iat: NOW + 60, nbf: NOW + 60 }))
  good('a long text for sub', await sign('ES256', { sub: 's'.repeat(255) }))
  good('an address of keys, where nobody goes', await sign('ES256', {}, { jku: 'https://evil.example/keys' }))
  good('no at_hash', await sign('ES256', { at_hash: undefined }))
  good('at_hash, but no access token', await sign('ES256', { at_hash: 'other' }), { access_token: null })
  good('no nonce where none is sent', await sign('ES256', { nonce: undefined }), { nonce: null })
  good('a tenant', await sign('RS256', { iss: `https://login.example/${TENANT}/v2.0`, tid: TENANT }),
    { issuer: 'https://login.example/{tenantid}/v2.0' })
  good('the only algorithm that is taken', await sign('ES384'), { algorithms: ['ES384'] })
}

const makeBadClaims = async () => {
  const wrong = {
    iss: [undefined, null, '', `${ISSUER}/`, ISSUER.toUpperCase(), ISSUER.slice(0, -1), 5, [ISSUER], { a: ISSUER }],
    aud: [undefined, null, '', 'other', `${CLIENT} `, CLIENT.toUpperCase(), 5, [], ['other'], [5, CLIENT], [[CLIENT]],
      { [CLIENT]: true }],
    azp: [null, '', 'other', 5, [CLIENT]],
    sub: [undefined, null, '', ' ', 's'.repeat(256), 5, ['a'], 'a\nb', 'a\u202eb', {}],
    exp: [undefined, null, NOW - 60, 0, -1, `${NOW + 300}`, [NOW + 300], true, 1e300 * 1e10, '∞'],
    iat: [undefined, null, NOW + 61, -5, `${NOW}`, [NOW], true, 1e20],
    nbf: [null, NOW + 61, -5, `${NOW}`, [NOW], true],
    nonce: [undefined, null, '', NONCE.slice(0, -1), `${NONCE}A`, NONCE.toLowerCase(), 5, [NONCE]],
    at_hash: [null, '', halfHash('ES384'), halfHash('ES256', 'another'), 5, halfHash('ES256').slice(0, -1),
      crypto.createHash('sha256').update(ACCESS_TOKEN).digest('base64url')],
  }
  for (const [claim, values] of Object.entries(wrong))
    for (const value of values)
      bad(`${claim}: ${JSON.stringify(value)}`, `\`${claim}\``, await sign('ES256', { [claim]: value }))
  bad('several audiences without azp', '`azp`', await sign('ES256', { aud: ['other', CLIENT] }))
  bad('several audiences with azp of another', '`azp`', await sign('ES256', { aud: ['other', CLIENT], azp: 'other' }))
  bad('a logout token', 'another kind', await sign('ES256', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }))
  for (const algorithm of Object.keys(algorithms))
    bad(`${algorithm}: at_hash of another access token`, '`at_hash`', await sign(algorithm, { at_hash: halfHash(algorithm, 'b') }))
  for (const tid of [undefined, '', 'evil.example', '../..', `${TENANT}0`, TENANT.replace(/-/g, '/')])
    bad(`a tenant: ${tid}`, '`iss`', await sign('RS256', { iss: `https://login.example/${tid ?? TENANT}/v2.0`, tid }),
      { issuer: 'https://login.example/{tenantid}/v2.0' })
  bad('another tenant', '`iss`', await sign('RS256', { iss: `https://login.example/${TENANT.replace('9', '8')}/v2.0`, tid: TENANT }),
    { issuer: 'https://login.example/{tenantid}/v2.0' })
  bad('the template itself', '`iss`', await sign('RS256', { iss: 'https://login.example/{tenantid}/v2.0', tid: TENANT }),
    { issuer: 'https://login.example/{tenantid}/v2.0' })
}

// A provider whose file says that the client secret signs.
const makeSharedSecrets = async (claims) => {
  const secret = '0123456789abcdef0123456789abcdef', short = secret.slice(1)
  const hs256 = (own, key = secret, alg = 'HS256') =>
    new SignJWT({ ...claims, ...own }).setProtectedHeader({ alg }).sign(Buffer.from(key))
  const at_hash = halfHash('RS256')
  good('HS256 with the client secret', await hs256({ at_hash }), { secret, every_byte: true })
  bad('HS256: at_hash of another access token', '`at_hash`', await hs256({ at_hash: halfHash('RS256', 'b') }), { secret })
  bad('HS256: another nonce', '`nonce`', await hs256({ nonce: 'x' }), { secret })
  bad('HS256 with another secret', 'not the client secret', await hs256({}, secret.replace('0', '1')), { secret })
  bad('HS256 with a secret that is too short', 'less than 32 bytes', await hs256({}, short), { secret: short })
  bad('HS512 with the client secret', 'HS256', await hs256({}, secret.repeat(2), 'HS512'), { secret })
  bad('a key of the set, where the secret signs', 'HS256', await sign('RS256'), { secret })
}

const makeBadHeaders = async () => {
  const jwk = await exportJWK(pairs.ES256.publicKey)
  const pem = pairs.RS256.publicKey
  const spki = crypto.KeyObject.from(pem).export({ type: 'spki', format: 'pem' })
  const der = crypto.KeyObject.from(pem).export({ type: 'spki', format: 'der' })
  const claims = goodClaims()
  bad('alg none, by jose', 'no JSON object', new UnsecuredJWT(claims).encode().replace(/^[^.]*/, ''))
  for (const alg of ['none', 'None', 'NONE', 'nOnE', ' none', 'none\u0000', '', 'HS256', 'HS384', 'HS512', 'RS384', 'RS1', 'ES512',
    'ES256K', 'es256', 'ES256 ', 'Ed448', 'A128KW', 'dir']) {
    const text = `${base64url(JSON.stringify({ alg, kid: 'ES256' }))}.${base64url(JSON.stringify(claims))}`
    bad(`alg: ${JSON.stringify(alg)}, no signature`, 'algorithm', `${text}.`)
    bad(`alg: ${JSON.stringify(alg)}, ES256's signature`, 'algorithm', `${text}.${nodeSign('ES256', text).toString('base64url')}`)
  }
  for (const [name, secret] of Object.entries({ 'PEM text': Buffer.from(spki), 'PEM without the last line break': Buffer.from(spki.trim()), DER: der,
    'modulus': Buffer.from((await exportJWK(pem)).n, 'base64url'), 'modulus in base64url': Buffer.from((await exportJWK(pem)).n) }))
    bad(`HS256 with the public key: ${name}`, 'algorithm',
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'RS256' }).sign(secret))
  await makeSharedSecrets(claims)
  for (const value of ['5', 'null', '["ES256"]', '{}', 'true'])
    bad(`alg: ${value}`, 'names no algorithm', signRaw('ES256', `{"alg":${value},"kid":"ES256"}`, claimsText()))
  bad('no alg', 'names no algorithm', signRaw('ES256', '{"kid":"ES256"}', claimsText()))
  bad('Alg', 'names no algorithm', signRaw('ES256', '{"Alg":"ES256","kid":"ES256"}', claimsText()))
  const other = await generateKeyPair('ES256', { extractable: true })
  const otherJwk = await exportJWK(other.publicKey)
  bad('its own key, in jwk', 'key of its own', await sign('ES256', {}, { jwk: otherJwk, kid: undefined }, other.privateKey))
  bad('the right key, in jwk', 'key of its own', await sign('ES256', {}, { jwk }))
  bad('x5c', 'key of its own', await sign('ES256', {}, { x5c: ['MIIB'] }))
  bad('jku of its own key', 'refused', await sign('ES256', {}, { jku: 'https://evil.example/keys' }, other.privateKey))
  bad('x5u of its own key', 'refused', await sign('ES256', {}, { x5u: 'https://evil.example/x5' }, other.privateKey))
  bad('another key', 'refused', await sign('ES256', {}, {}, other.privateKey))
  bad('another key, no kid', 'none of the keys', await sign('ES256', {}, { kid: undefined }, other.privateKey), { unknown_key: true })
  bad('an unknown kid', 'none of the keys', await sign('ES256', {}, { kid: 'new' }), { unknown_key: true })
  bad('an empty kid', 'none of the keys', await sign('ES256', {}, { kid: '' }), { unknown_key: true })
  for (const kid of ['5', 'null', '["ES256"]', '{}'])
    bad(`kid: ${kid}`, '`kid`', signRaw('ES256', `{"alg":"ES256","kid":${kid}}`, claimsText()))
  bad('kid of a key of another type', 'another type', await sign('ES256', {}, { kid: 'RS256' }))
  bad('kid of a key on another curve', 'another curve', await sign('ES256', {}, { kid: 'ES384' }))
  bad('kid of a key for another algorithm', 'another algorithm', await sign('PS256', {}, { kid: 'RS256' }))
  for (const crit of ['["b64"]', '["exp"]', '[]', 'null', '"b64"', '["alg"]'])
    bad(`crit: ${crit}`, '`crit`', signRaw('ES256', headerText('ES256', `,"crit":${crit},"b64":true,"exp":1`), claimsText()))
  bad('an unencoded payload, by jose', '', await new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'ES256', kid: 'ES256', b64: false, crit: ['b64'] }).sign(pairs.ES256.privateKey).catch(() => 'x.y.z'))
  for (const typ of ['logout+jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt', 'secevent+jwt', 'dpop+jwt', 5, null])
    bad(`typ: ${typ}`, 'another kind', signRaw('ES256', headerText('ES256', `,"typ":${JSON.stringify(typ)}`), claimsText()))
  bad('an algorithm that is not taken here', '`algorithms`', await sign('RS256'), { algorithms: ['ES256'] })
  bad('no algorithm is taken here', '`algorithms`', await sign('RS256'), { algorithms: [] })
}

const makeBadForms = async () => {
  const token = await sign('ES256')
  const [header, payload, signature] = token.split('.')
  const text = `${header}.${payload}`
  const raw = Buffer.from(signature, 'base64url')
  const der = crypto.sign('sha256', Buffer.from(text), pairs.ES256.privateKey)
  const big = 'x'.repeat(20000)
  for (const [name, form] of Object.entries({
    'nothing': '', 'a dot': '.', 'two dots': '..', 'three dots': '...', 'two parts': text, 'four parts': `${token}.${signature}`,
    'five parts, encrypted': `${token}.${signature}.${signature}`, 'a space before': ` ${token}`, 'a line break behind': `${token}\n`,
    'padding': `${token}=`, 'padding of the payload': `${header}.${payload}=.${signature}`, 'no header': `.${payload}.${signature}`,
    'no payload': `${header}..${signature}`, 'Base64 with +': `${header}.+${payload}.${signature}`,
    'another spelling of the last character': token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1),
    'quotes': `"${token}"`, 'Bearer': `Bearer ${token}` }))
    bad(`form: ${name}`, '', form)
  bad('no signature', 'refused', `${text}.`)
  bad('a signature in DER', 'not as long', `${text}.${der.toString('base64url')}`)
  bad('a signature one byte short', 'not as long', `${text}.${raw.subarray(1).toString('base64url')}`)
  bad('a signature one byte longer', 'not as long', `${text}.${Buffer.concat([raw, Buffer.of(0)]).toString('base64url')}`)
  bad('a signature of zeros', 'refused', `${text}.${Buffer.alloc(64).toString('base64url')}`)
  bad('a signature of ones', 'refused', `${text}.${Buffer.alloc(64, 255).toString('base64url')}`)
  bad('r and s the other way round', 'refused', `${text}.${Buffer.concat([raw.subarray(32), raw.subarray(0, 32)]).toString('base64url')}`)
  bad('too long', 'characters', await sign('ES256', { big }))
  bad('a signature of an older payload', 'refused', `${header}.${base64url(claimsText(',"admin":true'))}.${signature}`)
  bad('iss twice', 'member twice', signRaw('ES256', headerText('ES256'), claimsText(`,"iss":"${ISSUER}"`)))
  bad('a member within twice', 'member twice', signRaw('ES256', headerText('ES256'), claimsText(',"address":{"a":1,"a":2}')))
  bad('sub twice, once escaped', 'member twice', signRaw('ES256', headerText('ES256'), claimsText(',"\\u0073ub":"248289761001"')))
  bad('alg twice', 'member twice', signRaw('ES256', headerText('ES256', ',"alg":"ES256"'), claimsText()))
  bad('kid twice', 'member twice', signRaw('ES256', headerText('ES256', ',"kid":"RS256"'), claimsText()))
  for (const value of ['null', '5', '"text"', '[]', '[{}]', 'true', '', '{', `${claimsText()} x`, `${claimsText()}{}`, '['.repeat(100)])
    bad(`payload: ${value.slice(0, 20)}`, 'payload', signRaw('ES256', headerText('ES256'), value))
  for (const value of ['null', '5', '"text"', '[]', '', '{', '{"alg":"ES256"} x'])
    bad(`header: ${value}`, 'header', signRaw('ES256', value, claimsText()))
  bad('a token within a token', 'payload', signRaw('ES256', headerText('ES256', ',"cty":"JWT"'), token))
  bad('a token within a token as a text', 'payload', signRaw('ES256', headerText('ES256', ',"cty":"JWT"'), JSON.stringify(token)))
  bad('PSS with a shorter salt', 'refused', await (async () => {
    const other = `${base64url(headerText('PS256'))}.${base64url(claimsText())}`
    const options = { key: pairs.PS256.privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 }
    return `${other}.${crypto.sign('sha256', Buffer.from(other), options).toString('base64url')}`
  })())
}

// A set of keys for one token, each with one thing wrong.
const makeBadKeys = async () => {
  const jwk = (algorithm) => keys.find((key) => key.kid === algorithm)
  const withKey = (algorithm, change) => ({ keys: [{ ...jwk(algorithm), alg: undefined, ...change }] })
  const tokens = {}
  for (const algorithm of Object.keys(algorithms)) tokens[algorithm] = await sign(algorithm)
  const keyCase = (name, cause, algorithm, change, more = {}) =>
    bad(`key: ${name}`, cause, tokens[algorithm], { keys: withKey(algorithm, change), ...more })
  for (const use of ['enc', '', 'SIG', 5, null]) keyCase(`use ${use}`, '`use`', 'ES256', { use })
  for (const operations of [['sign'], [], 'verify', ['VERIFY'], null]) keyCase(`key_ops ${operations}`, '`key_ops`', 'ES256', { key_ops: operations })
  for (const alg of ['ES384', 'none', '', 5, null]) keyCase(`alg ${alg}`, '`alg`', 'ES256', { alg })
  keyCase('alg PS256 for RS256', '`alg`', 'RS256', { alg: 'PS256' })
  keyCase('alg RSA-OAEP', '`alg`', 'RS256', { alg: 'RSA-OAEP' })
  for (const kty of ['RSA', 'oct', 'OKP', 'ec', '', 5, undefined]) keyCase(`kty ${kty}`, 'type', 'ES256', { kty })
  for (const crv of ['P-384', 'P-521', 'secp256k1', 'p-256', '', 5, undefined]) keyCase(`crv ${crv}`, 'curve', 'ES256', { crv })
  for (const crv of ['X25519', 'Ed448', 'ed25519', undefined]) keyCase(`crv ${crv}`, 'curve', 'EdDSA', { crv })
  for (const name of ['x', 'y'])
    for (const value of [undefined, '', 5, jwk('ES256')[name].slice(1), `${jwk('ES256')[name]}AA`, `${jwk('ES256')[name]}=`, jwk('ES384')[name]])
      keyCase(`ES256 ${name} ${value}`, 'coordinates', 'ES256', { [name]: value })
  keyCase('a point beside the curve', 'OpenSSL', 'ES256', { x: jwk('ES256').y })
  keyCase('zeros for a point', 'OpenSSL', 'ES256', { x: base64url(Buffer.alloc(32)), y: base64url(Buffer.alloc(32)) })
  keyCase('another point', 'not right', 'ES256', await exportJWK((await generateKeyPair('ES256')).publicKey).then(({ x, y }) => ({ x, y })))
  for (const value of [undefined, '', 5, jwk('EdDSA').x.slice(4), `${jwk('EdDSA').x}AAAA`, `${jwk('EdDSA').x}=`])
    keyCase(`EdDSA x ${value}`, 'Ed25519', 'EdDSA', { x: value })
  keyCase('another Ed25519 key', 'not right', 'EdDSA', { x: base64url(Buffer.alloc(32, 7)) })
  for (const name of ['n', 'e'])
    for (const value of [undefined, '', 5, '=', '*'])
      keyCase(`RS256 ${name} ${value}`, 'modulus', 'RS256', { [name]: value })
  keyCase('an exponent of 40 bits', 'exponent', 'RS256', { e: base64url(Buffer.from('0100000001', 'hex')) })
  for (const e of ['01', '02', '010000', '00']) keyCase(`an exponent of ${e}`, 'exponent', 'RS256', { e: base64url(Buffer.from(e, 'hex')) })
  keyCase('another exponent', 'not right', 'RS256', { e: 'Aw' })
  const modulus = Buffer.from(jwk('RS256').n, 'base64url')
  keyCase('an even modulus', 'even', 'RS256', { n: base64url(Buffer.concat([modulus.subarray(0, 255), Buffer.of(modulus[255] & 254)])) })
  keyCase('a huge modulus', 'modulus', 'RS256', { n: base64url(Buffer.alloc(4096, 255)) })
  keyCase('a modulus of 8200 bits', '8192', 'RS256', { n: base64url(Buffer.alloc(1025, 255)) })
  const weak = crypto.generateKeyPairSync('rsa', { modulusLength: 2040 })
  const weakText = `${base64url(headerText('RS256'))}.${base64url(claimsText())}`
  bad('key: RSA of 2040 bits', '2048', `${weakText}.${crypto.sign('sha256', Buffer.from(weakText), weak.privateKey).toString('base64url')}`,
    { keys: { keys: [{ ...weak.publicKey.export({ format: 'jwk' }), kid: 'RS256' }] } })
  good('key: RSA with a zero in front of the modulus', tokens.RS256,
    { keys: withKey('RS256', { n: base64url(Buffer.concat([Buffer.of(0), modulus])) }) })
  keyCase('a private one', 'private', 'ES256', { d: jwk('ES256').x })
  for (const [name, set] of Object.entries({ 'an empty object': {}, 'null': null, 'a list': [jwk('ES256')], 'keys an object': { keys: jwk('ES256') },
    'too many': { keys: Array(65).fill(jwk('ES256')) } }))
    bad(`set: ${name}`, 'key set', tokens.ES256, { keys: set })
  for (const [name, set] of Object.entries({ 'no keys': { keys: [] }, 'nonsense': { keys: [5, null, 'x', [], {}] },
    'one without kid': withKey('ES256', { kid: undefined }), 'kid a number': withKey('ES256', { kid: 5 }) }))
    bad(`set: ${name}`, 'none of the keys', tokens.ES256, { keys: set, unknown_key: true })
  good('set: key_ops, and members that nobody knows', tokens.ES256,
    { keys: { more: 1, keys: [5, {}, { kty: 'oct', k: 'AAAA', kid: 'ES256' }, { ...jwk('ES256'), use: undefined, alg: undefined, key_ops: ['verify'], ext: true, x5t: 'a' }] } })
  good('set: two keys of one kid, of two types', tokens.ES256, { keys: { keys: [{ ...jwk('RS256'), kid: 'ES256' }, jwk('ES256'), { ...jwk('EdDSA'), kid: 'ES256' }] } })
}

// Private keys that a client may sign with, and what is none. Of `jwk` each is the public one.
const makeSigningKeys = () => {
  const pair = (type, options) => crypto.generateKeyPairSync(type, options)
  const pem = (key, type = 'pkcs8', more = {}) => key.export({ type, format: 'pem', ...more })
  const p256 = pair('ec', { namedCurve: 'P-256' }), p384 = pair('ec', { namedCurve: 'P-384' })
  const rsa = pair('rsa', { modulusLength: 2048 }), ed25519 = pair('ed25519')
  const jwk = (made) => made.publicKey.export({ format: 'jwk' })
  return [
    { name: 'P-256', algorithm: 'ES256', pem: pem(p256.privateKey), jwk: jwk(p256) },
    { name: 'P-256, SEC 1', algorithm: 'ES256', pem: pem(p256.privateKey, 'sec1'), jwk: jwk(p256) },
    { name: 'P-256 behind a line of text, with CR LF', algorithm: 'ES256', pem: `AuthKey\n${pem(p256.privateKey)}`.replace(/\n/g, '\r\n'), jwk: jwk(p256) },
    { name: 'P-384', algorithm: 'ES384', pem: pem(p384.privateKey), jwk: jwk(p384) },
    { name: 'RSA', algorithm: 'RS256', pem: pem(rsa.privateKey), jwk: jwk(rsa) },
    { name: 'RSA, PKCS #1', algorithm: 'RS256', pem: pem(rsa.privateKey, 'pkcs1'), jwk: jwk(rsa) },
    { name: 'Ed25519', algorithm: 'EdDSA', pem: pem(ed25519.privateKey), jwk: jwk(ed25519) },
    { name: 'a passphrase', pem: pem(p256.privateKey, 'pkcs8', { cipher: 'aes-256-cbc', passphrase: 'secret' }) },
    { name: 'a public key', pem: pem(p256.publicKey, 'spki') },
    { name: 'P-521', pem: pem(pair('ec', { namedCurve: 'P-521' }).privateKey) },
    { name: 'secp256k1', pem: pem(pair('ec', { namedCurve: 'secp256k1' }).privateKey) },
    { name: 'RSA of 1024 bits', pem: pem(pair('rsa', { modulusLength: 1024 }).privateKey) },
    { name: 'Ed448', pem: pem(pair('ed448').privateKey) },
    { name: 'X25519', pem: pem(pair('x25519').privateKey) },
    { name: 'half of one', pem: pem(p256.privateKey).slice(0, 100) },
    { name: 'no PEM', pem: 'hunter2' },
    { name: 'nothing', pem: '' }]
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

// Logout tokens, all signed with ES256; what is wrong with keys and signatures is above.
const makeLogouts = async () => {
  const rows = []
  const goodLogout = () => ({ iss: ISSUER, aud: CLIENT, iat: NOW, exp: NOW + 120, jti: 'bWJq-1', sub: '248289761001', sid: '08a5019c', events: { [EVENT]: {} } })
  const logout = (claims, header) => new CompactSign(Buffer.from(JSON.stringify({ ...goodLogout(), ...claims })))
    .setProtectedHeader({ alg: 'ES256', kid: 'ES256', typ: 'logout+jwt', ...header }).sign(pairs.ES256.privateKey)
  const right = async (name, claims, header, more) => rows.push({ name, token: await logout(claims, header), ...more })
  const wrong = async (name, cause, claims, header) => rows.push({ name, cause, token: await logout(claims, header) })
  await right('sub and sid', {}, {}, { sub: '248289761001', sid: '08a5019c' })
  await right('sub alone', { sid: undefined }, {}, { sub: '248289761001' })
  await right('sid alone', { sub: undefined }, {}, { sid: '08a5019c' })
  for (const typ of [undefined, 'JWT', 'Logout+JWT', 'application/logout+jwt'])
    await right(`typ ${typ}`, {}, { typ }, { sub: '248289761001', sid: '08a5019c' })
  await right('a list of audiences', { aud: ['other', CLIENT] }, {}, { sub: '248289761001', sid: '08a5019c' })
  await right('more in the event, and other events', { events: { [EVENT]: { reason: 'x' }, 'https://other.example': {} } }, {},
    { sub: '248289761001', sid: '08a5019c' })
  for (const typ of ['at+jwt', 'secevent+jwt', 'logout2+jwt', 5, null]) await wrong(`typ ${typ}`, '`typ`', {}, { typ })
  for (const events of [undefined, null, {}, [], [EVENT], EVENT, { [EVENT]: null }, { [EVENT]: 'x' }, { [EVENT]: [] }, { [EVENT.toUpperCase()]: {} },
    { [`${EVENT}/`]: {} }]) await wrong(`events ${JSON.stringify(events)}`, '`events`', { events })
  for (const nonce of ['', 'abc', null, 5]) await wrong(`nonce ${nonce}`, '`nonce`', { nonce })
  for (const jti of [undefined, null, '', 5, 'j'.repeat(256), 'a\nb', ['a']]) await wrong(`jti ${jti}`, '`jti`', { jti })
  for (const sub of [null, '', 5, 's'.repeat(256), {}]) await wrong(`sub ${sub}`, '`sub`', { sub })
  for (const sid of [null, '', 5, 's'.repeat(256), {}]) await wrong(`sid ${sid}`, '`sid`', { sid })
  await wrong('neither sub nor sid', '`sid`', { sub: undefined, sid: undefined })
  for (const iss of [undefined, `${ISSUER}/`, 'https://evil.example', 5]) await wrong(`iss ${iss}`, '`iss`', { iss })
  for (const aud of [undefined, 'other', ['other'], 5]) await wrong(`aud ${aud}`, '`aud`', { aud })
  for (const exp of [undefined, NOW - 60, `${NOW + 300}`]) await wrong(`exp ${exp}`, '`exp`', { exp })
  for (const iat of [undefined, NOW + 61, 'x']) await wrong(`iat ${iat}`, '`iat`', { iat })
  rows.push({ name: 'an ID token', cause: '`events`', token: await sign('ES256') })
  rows.push({ name: 'no token', cause: 'HEADER', token: 'x' })
  rows.push({ name: 'another key', cause: 'not right', token: await new CompactSign(Buffer.from(JSON.stringify(goodLogout())))
    .setProtectedHeader({ alg: 'ES256', kid: 'ES256' }).sign((await generateKeyPair('ES256')).privateKey) })
  return rows
}

await makeKeys()
await makeGood()
await makeBadClaims()
await makeBadHeaders()
await makeBadForms()
await makeBadKeys()
const expected = { issuer: ISSUER, client_id: CLIENT, nonce: NONCE, access_token: ACCESS_TOKEN, now: NOW }
const lines = cases.map((one) => `    ${JSON.stringify(one)}`).join(',\n')
const signingLines = makeSigningKeys().map((one) => `    ${JSON.stringify(one)}`).join(',\n')
const logouts = await makeLogouts()
const logoutLines = logouts.map((one) => `    ${JSON.stringify(one)}`).join(',\n')
const [file, seeds] = process.argv.slice(2)
fs.writeFileSync(file,
  `{\n  "expected": ${JSON.stringify(expected)},\n  "keys": ${JSON.stringify({ keys })},\n  "cases": [\n${lines}\n  ],\n` +
  `  "logouts": [\n${logoutLines}\n  ],\n` +
  `  "signing_keys": [\n${signingLines}\n  ]\n}\n`)

const seedNames = [...Object.keys(algorithms), 'ES256, no kid', 'several audiences with azp', 'a tenant', 'HS256 with the public key: DER',
  'its own key, in jwk', 'crit: ["b64"]', 'typ: logout+jwt', 'a signature in DER', 'iss twice', 'key: a point beside the curve',
  'key: RSA of 2040 bits', 'key: an exponent of 02', 'set: two keys of one kid, of two types', 'set: nonsense']
for (const name of seeds ? seedNames : []) {
  const { token, keys: own } = cases.find((one) => one.name === name)
  const set = own ?? { keys: keys.filter((key) => key.alg === JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).alg) }
  fs.writeFileSync(path.join(seeds, name.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/_$/, '')), `${token}\n${JSON.stringify(set)}\n`)
}
if (seeds) fs.writeFileSync(path.join(seeds, 'logout'), `${logouts[0].token}\n{"keys":[]}\n`)
