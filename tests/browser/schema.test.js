// SPDX-License-Identifier: MIT
// providers/schema.json, by which editors judge a provider's file, and the program, which judges it by the rows of its
// settings: both take every preset, and what one refuses the other refuses, too. Needs no browser; it is here for npm.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');
const Ajv = require('ajv/dist/2020');

const providers = path.join(__dirname, '../../providers');
const command = path.join(process.env.SITE_PRODUCT, 'bin/cgi-login');
const schema = JSON.parse(fs.readFileSync(path.join(providers, 'schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false }).compile(schema);
const presets = fs.readdirSync(providers).filter((name) => name.endsWith('.json') && name !== 'schema.json');
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'cgi-login-schema-'));
after(() => fs.rmSync(home, { recursive: true }));

// Has the program judge files, each an object: returns what it complains of each, by its name.
function judge(files) {
  const folder = path.join(home, 'providers');
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(home, 'config.json'), '{}');
  for (const [name, file] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(file));
  }
  const run = spawnSync(command, ['providers', '--json', '--config', path.join(home, 'config.json')],
    { encoding: 'utf8' });
  const taken = JSON.parse(run.stdout).providers.map((provider) => provider.name);
  const complaints = {};
  for (const line of run.stderr.split('\n')) {
    const named = /providers[./]([a-z0-9_-]+?)(?:\.json: |\.(?!json))/.exec(line);
    if (named) complaints[named[1]] = (complaints[named[1]] || '') + line;
  }
  for (const name of Object.keys(files)) {
    assert.equal(taken.includes(name), !complaints[name], `${name}: ${run.stderr}`);
  }
  return complaints;
}

const LEAST = {
  title: 'P', authorize_url: 'https://p.example/a', token_url: 'https://p.example/t', profile_url: 'https://p.example/p',
  profile: { id: '/id' },
};
const REFRESH = { url: 'https://p.example/r' };
const REGISTER = { url: 'https://p.example/apps', steps: ['Create an app.'] };

const NOTHING = Object.fromEntries(Object.keys(LEAST).map((key) => [key, undefined]));

// What is laid over LEAST; undefined takes a key away.
const right = [
  {},
  { $schema: 'schema.json' },
  { authorize_url: 'HTTPS://P.example:8443/a?b=%20c' },
  { authorize_url: 'https://[2001:db8::1]/a' },
  { token_url: 'http://localhost:8080/t', profile_url: 'http://127.0.0.1/p' },
  { token_url: 'http://[::1]:1/t' },
  { profile: { id: ['/id', '/sub', ''], a: '', 'a-b_9': '/x', counts: { media: '/m', 'n-o': ['/n'] } } },
  { checked: '2024-02-29', api_version_date: '2000-02-29' },
  { scope: 'a b' }, { scope: ['a', 'b'], scope_separator: ',' },
  { authorize_params: {} }, { authorize_params: { response_mode: 'query', prompt: 'x' } },
  { refresh: {} }, { refresh: { ...REFRESH, min_age_seconds: 0 } },
  { error_codes: { too_many_calls: [4, 'x'] } }, { error_codes: {} },
  { profile_params: { fields: 'id', access_token: 'x' }, field_list: { param: 'fields', least: 'id', refused_codes: [100] } },
  { account_types: { A: 'B' }, profile: { id: '/id', account_type: '/t' } },
  { register: REGISTER, hurdles: ['a'], notes: ['b'], documentation: 'https://p.example/docs' },
  { response_root: ['/data/0', ''] },
  { profile: { id: '{/team}:{/user}', full_name: '{/first} {/last}', email_verified: true, groups: '/groups' } },
  { profile: { id: ['{/a}'], profile_picture: 'https://p.example/a/{/id}.png?s={/s}', email_verified: { all: ['/a', '/b'] } } },
  { profile: { id: '/id', bio: ['/a', 'x {}'], email_verified: ['/a', '/b'], groups: [{ list: '/r', value: '{/a}:{/b}' }, '/g'] } },
  { instance: 'https://p.example', token_url: '$instance/t', authorize_url: '$instance/a?b=c' },
  { client_secret_jwt: { audience: 'https://p.example' } },
  { authorize_params: { response_mode: 'form_post' }, callback_user: 'user' },
  { profile_from: 'token', profile_url: undefined }, { profile_method: 'POST', profile_form: { a: '$access_token' } },
  { response_ok: { pointer: '/error/code', equals: 'ok' } },
  { revocation_url: 'https://p.example/r', revocation_token_param: 'access_token', revocation_params: { id: '$client_id' } },
  { token_auth: 'private_key_jwt', assertion_audience: 'https://p.example' },
  { mark: '/cgi-login/marks/p.svg' }, { token_auth: 'none' }, { token_format: 'json', client_id_param: 'client_key' },
  { token_params: { state: '$state', a: 'x$', b: '$client_id/$1' } }, { callback_params: ['device_id', 'ext_id'] },
  { ...NOTHING, issuer: 'https://p.example/realms/main' }, { ...NOTHING, register: { ...REGISTER, address: 'https://p.example' } },
  { profile_method: 'POST' }, { profile_method: 'POST', profile_form: { a: '$client_id x$', b: '$access_token' }, profile_auth: 'none' },
  { profile_headers: { 'X-Y': '$client_id', authorization: 'OAuth $access_token' }, profile_auth: 'none' }, { profile_headers: {} },
  { profile_from: 'profile_url' }, { profile_from: 'token', profile_url: undefined },
  { profile_from: 'id_token', profile_url: undefined, issuer: 'https://p.example' },
  { email_request: { email: '/e' } }, { email_request: { url: 'https://p.example/e', headers: { A: 'b' }, list: '/v', where: { '/p': true, '/k': 'x' }, email: ['/e', '{/a}@{/b}'], verified: { all: ['/v'] } } },
  { groups_requests: [{ url: 'https://p.example/$id/g' }, { url: 'https://p.example/g', list: ['/a', ''], where: {}, group: 'role-{}' }] },
  { response_ok: { pointer: '/ok', equals: true } }, { response_ok: { pointer: ['/a', '/b'], equals: '00' } },
  { issuer: 'https://p.example', jwks_url: 'https://p.example/keys', id_token: { nonce: false, algorithms: ['RS256'], issuer: 'x' } },
];

const wrong = [
  { title: undefined }, { title: '' }, { title: 5 }, { colour: 'x' }, { profil_url: 'https://p.example' },
  { authorize_url: undefined }, { token_url: undefined }, { profile_url: undefined }, { profile: undefined },
  { authorize_url: '' }, { authorize_url: 5 }, { authorize_url: 'http://p.example/a' },
  { authorize_url: 'javascript:x' }, { authorize_url: 'https://p.example/a#b' }, { authorize_url: 'https://p.example/ a' },
  { authorize_url: 'https://p.example:65536/' }, { authorize_url: 'https://p.example:/' }, { authorize_url: 'https://' },
  { authorize_url: 'https://user@p.example/' }, { authorize_url: 'https://p.example/ä' },
  { authorize_url: 'http://localhost.p.example/' }, { authorize_url: 'https://p.example/\n' },
  { client_id: '1' }, { client_secret: 's' }, { callback_url: 'https://p.example' }, { preset: 'p' },
  { allow: ['anna'] }, { ca_file: '/a' },
  { profile: {} }, { profile: 'x' }, { profile: { id: 5 } }, { profile: { id: [] } },
  { profile: { id: { a: '/b' } } }, { profile: { id: '/id', accessToken: '/t' } },
  { profile: { id: '/id', reconnect: '/t' } }, { profile: { id: '/id', 'a.b': '/t' } }, { profile: { id: '/id', '9a': '/t' } },
  { profile: { id: '/id', ['a'.repeat(41)]: '/t' } }, { profile: { id: '/id', counts: {} } },
  { profile: { id: '/id', counts: '/c' } }, { profile: { id: '/id', counts: { token: '/t' } } },
  { profile: { id: '/id', counts: { stars: 5 } } },
  { profile: { id: '/id', ...Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`f${i}`, '/f'])) } },
  { profile: { id: '/id', counts: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, '/f'])) } },
  { checked: '2026-02-29' }, { checked: '2026-2-1' }, { checked: '2100-02-29' }, { checked: '2026-04-31' },
  { checked: 2026 }, { api_version_date: 'yesterday' },
  { scope: [] }, { scope: '' }, { scope: [''] }, { scope: 5 }, { scope_separator: '' },
  { pkce: 'plain' }, { pkce: true }, { token_auth: 'Basic' }, { profile_auth: 'header' },
  { authorize_params: { state: 'x' } }, { authorize_params: { a: 5 } }, { authorize_params: { a: '' } },
  { authorize_params: [] }, { reauth_params: { client_id: 'x' } }, { authorize_params: { response_mode: 'fragment' } },
  { profile_auth: 'query', profile_params: { access_token: 'x' } },
  { token_lifetime: 0 }, { token_lifetime: 1.5 }, { token_lifetime: 2147483648 }, { token_lifetime: '3600' },
  { long_lived: { url: 'https://p.example' } }, { long_lived: { url: 'x', grant_type: 'g' } },
  { refresh: { ...REFRESH, min_age_seconds: -1 } }, { refresh: { ...REFRESH, x: 1 } }, { refresh: [] },
  { error_codes: { token_dead: [] } }, { error_codes: { token_dead: [1.5] } }, { error_codes: { token_dead: [''] } },
  { granted_scope: 'scope' }, { granted_scope: [] }, { token_user_id: 5 },
  { response_root: '/data' }, { response_root: [] }, { response_root: ['data'] },
  { account_types: { A: 'B' } }, { account_types: { A: 5 }, profile: { id: '/id', account_type: '/t' } },
  { field_list: { param: 'fields', least: 'id', refused_codes: [100] } },
  { register: {} }, { register: { ...REGISTER, steps: [] } }, { register: { ...REGISTER, url: 'x' } },
  { register: { ...REGISTER, secret: 'x' } }, { hurdles: [] }, { hurdles: 'x' }, { hurdles: [''] }, { notes: [5] },
  { documentation: 'www.p.example' }, { $schema: 5 },
  { profile: { id: '{/a}{/b}' } }, { profile: { id: ['/a', '{/a}-{/b}'] } }, { profile: { id: 'name' } },
  { profile: { id: '/id', full_name: '{name}' } }, { profile: { id: '/id', full_name: '{/name' } },
  { profile: { id: '/id', full_name: 'name}' } }, { profile: { id: '/id', profile_picture: 'https://{/host}/a.png' } },
  { profile: { id: '/id', profile_picture: 'http://p.example/{/a}.png' } },
  { profile: { id: '/id', profile_picture: 'https://p.example{/a}' } }, { profile: { id: '/id', full_name: true } },
  { profile: { id: '/id', email_verified: 'yes' } }, { profile: { id: '/id', email_verified: { all: [] } } },
  { profile: { id: '/id', email_verified: { any: ['/a'] } } }, { profile: { id: '/id', email_verified: { all: ['/a'], x: 1 } } },
  { profile: { id: '/id', groups: 'admin' } }, { profile: { id: '/id', groups: { list: '/a' } } },
  { profile: { id: '/id', groups: [] } }, { profile: { id: '/id', groups: { list: 'a', value: '/b' } } },
  { callback_user: 'user' }, { callback_user: 'code', authorize_params: { response_mode: 'form_post' } },
  { authorize_params: { nonce: 'x' } }, { client_id_param: 'state' }, { client_id_param: 'code' },
  { revocation_params: { a: 'b' } }, { revocation_token_param: 'a' }, { revocation_url: 'https://p.example/r', revocation_params: { a: '$state' } },
  { revocation_url: 'https://p.example/r', revocation_token_param: 'client_secret' },
  { profile_from: 'token' }, { response_ok: { pointer: '/a' } }, { response_ok: { pointer: 'a', equals: 'b' } },
  { assertion_audience: 'https://p.example' }, { client_secret_jwt: {} },
  { client_secret_jwt: { audience: 'https://p.example' }, token_auth: 'private_key_jwt' },
  { client_secret_jwt: { audience: 'https://p.example' }, token_auth: 'none' },
  { client_secret_jwt: { audience: 'https://p.example' }, long_lived: { url: 'https://p.example', grant_type: 'g' } },
  { instance: 'https://p.example?a', token_url: '$instance/t' }, { instance: 5, token_url: '$instance/t' },
  { token_url: '$host/t' }, { mark: 'https://p.example/m.svg' }, { mark: 'm.svg' }, { mark: '//p.example/m.svg' }, { mark: '/../m.svg' },
  { mark: '/a b.svg' }, { token_auth: 'none', pkce: 'none' }, { client_id_param: '' }, { token_format: 'xml' },
  { token_auth: 'none', long_lived: { url: 'https://p.example', grant_type: 'g' } },
  { token_params: { code: 'x' } }, { token_params: { a: '$states' } }, { token_params: { a: 5 } },
  { callback_params: ['code'] }, { callback_params: ['a', 'a'] }, { callback_params: [] },
  { callback_params: Array.from({ length: 9 }, (_, i) => `p${i}`) },
  { profile_method: 'post' }, { profile_form: { a: 'b' } }, { profile_method: 'POST', profile_form: { a: '$secret' } },
  { profile_auth: 'none' }, { profile_auth: 'none', profile_headers: { A: '$access_tokens' } },
  { profile_headers: { 'a b': 'c' } }, { profile_headers: { HOST: 'c' } }, { profile_headers: { A: 'b\r\nC: d' } },
  { profile_headers: { A: '' } }, { profile_headers: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`h${i}`, 'x'])) },
  { profile_from: 'token' }, { profile_from: 'body', profile_url: undefined }, { profile_from: 'id_token', profile_url: undefined },
  { profile_from: 'profile_url', profile_url: undefined }, { response_ok: {} }, { response_ok: { pointer: '/ok' } },
  { profile_from: 'token', profile_url: undefined, profile_params: { a: 'b' } },
  { email_request: {} }, { email_request: { email: 'e' } }, { email_request: { email: '/e', headers: { A: 'b' } } },
  { email_request: { email: '/e', verified: 'yes' } }, { email_request: { email: '/e', where: { p: 1 } } },
  { email_request: { email: '/e', where: { '/p': null } } }, { email_request: { email: '/e' }, profile: { id: '/id', email: '/e' } },
  { email_request: [{ email: '/e' }] }, { groups_requests: [] }, { groups_requests: { url: 'https://p.example/g' } },
  { groups_requests: [{}] }, { groups_requests: [{ url: 'https://p.example/$user' }] }, { groups_requests: [{ url: 'https://p.example/g', group: true }] },
  { groups_requests: Array.from({ length: 5 }, () => ({ url: 'https://p.example/g' })) },
  { response_ok: { pointer: 'ok', equals: 1 } }, { response_ok: { pointer: '/ok', equals: [] } },
  { issuer: 'http://p.example' }, { issuer: 'https://p.example/?a=b' }, { ...NOTHING, register: REGISTER },
  { id_token: { nonce: false } }, { jwks_url: 'https://p.example/keys' },
  { issuer: 'https://p.example', id_token: { nonce: 'no' } }, { issuer: 'https://p.example', id_token: { algorithms: [] } },
  { issuer: 'https://p.example', id_token: { algorithms: ['HS256', 'RS256'] } }, { issuer: 'https://p.example', id_token: { x: 1 } },
  { issuer: 'https://p.example', end_session_url: 'x' }, { issuer: 'https://p.example', logout_at_provider: 'no' },
];

function laid(changes) {
  const file = { ...LEAST, ...changes };
  for (const key of Object.keys(file)) if (file[key] === undefined) delete file[key];
  return file;
}

const named = (letter, changes) => Object.fromEntries(changes.map((change, i) => [`${letter}${i}`, laid(change)]));

test('the schema and the program take every preset', () => {
  const files = {};
  assert.ok(presets.length > 20);
  for (const name of presets) {
    const file = JSON.parse(fs.readFileSync(path.join(providers, name), 'utf8'));
    assert.ok(validate(file), `${name}: ${JSON.stringify(validate.errors)}`);
    assert.equal(file.$schema, 'schema.json', name);
    for (const key of ['checked', 'documentation', 'register']) assert.ok(key in file, `${name} has no ${key}`);
    files[name.slice(0, -5)] = file;
  }
  assert.deepEqual(judge(files), {});
});

test('what is right is right for both', () => {
  const files = named('r', right);
  assert.deepEqual(judge(files), {});
  for (const file of Object.values(files)) {
    assert.ok(validate(file), `${JSON.stringify(file)}: ${JSON.stringify(validate.errors)}`);
  }
});

test('what is wrong is wrong for both', () => {
  const files = named('w', wrong);
  const complaints = judge(files);
  for (const [name, file] of Object.entries(files)) {
    assert.ok(!validate(file), `the schema takes ${JSON.stringify(file)}`);
    assert.ok(complaints[name], `the program takes ${JSON.stringify(file)}`);
  }
});

test('a file that is no object is wrong for both', () => {
  const files = { a: [], b: 'x', c: 5, d: null };
  const complaints = judge(files);
  for (const [name, file] of Object.entries(files)) {
    assert.ok(!validate(file) && complaints[name], name);
  }
});
