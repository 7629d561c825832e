// SPDX-License-Identifier: MIT
// Two OpenID Connect providers that none of us wrote, for tests/e2e/openid.bats: npm's oidc-provider, which is certified,
// and oauth2-mock-server, which can be told to be wrong. Run where those two packages are (helpers/openid.bash).
//   node servers.js SITE_URL READY_FILE
// READY_FILE gets their addresses, as JSON, once both answer. The mock is steered by POST /control, whose members last
// until the next one: {discovery, keys}: what is answered in place of the document ({status, type, body, patch, delay: milliseconds}); {claims,
// header}: members of the ID token that are replaced, or removed by null; {token}: the ID token as it is; {userinfo},
// {redirect}: members of the profile, and parameters of the authorization response, likewise; {rollover: true}: it has
// a new key from now on. POST /logout_token gives a logout token with {claims, header}. GET /control tells how often each path was asked for, and what the token endpoint was sent.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { SignJWT, importJWK } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';
import { Provider } from 'oidc-provider';

const [site, readyFile] = process.argv.slice(2);

function listen(handler) {
  return new Promise((resolve) => {
    const server = createServer(handler);
    server.listen(0, '127.0.0.1', () => resolve({ server, url: `http://localhost:${server.address().port}` }));
  });
}

async function readBody(request) {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

function send(response, status, type, body) {
  response.writeHead(status, type === null ? {} : { 'Content-Type': type });
  response.end(body);
}

// Replaces members; null removes one.
function patch(object, changes) {
  for (const [name, value] of Object.entries(changes ?? {})) {
    if (value === null) delete object[name];
    else object[name] = value;
  }
}

// --- the mock ---

let wish = {};
let counts = {};
let requests = [];

async function answerInstead(response, instead, document) {
  if (instead.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, instead.delay));
  if (instead.patch !== undefined) patch(document, instead.patch);
  send(response, instead.status ?? 200, instead.type ?? 'application/json', instead.body ?? JSON.stringify(document));
}

async function control(mock, request, response) {
  if (request.method === 'POST') {
    wish = JSON.parse(await readBody(request));
    counts = {};
    requests = [];
    if (wish.rollover) {
      // The old key no longer signs, and is no longer published.
      for (const key of mock.issuer.keys.toJSON(true)) hidden.add(key.kid);
      current = await mock.issuer.keys.generate('RS256');
    }
  }
  send(response, 200, 'application/json', JSON.stringify({ counts, requests }));
}

const hidden = new Set();
let current;

function published(mock) {
  return { keys: mock.issuer.keys.toJSON().filter((key) => !hidden.has(key.kid)) };
}

// A logout token; what is asked for replaces members, or removes them by null.
async function signLogout(mock, request, response) {
  const { claims, header } = JSON.parse(await readBody(request));
  const payload = { iss: mock.issuer.url, iat: Math.floor(Date.now() / 1000),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} } };
  payload.exp = payload.iat + 120;
  patch(payload, claims);
  const protectedHeader = { alg: 'RS256', kid: current.kid, typ: 'logout+jwt' };
  patch(protectedHeader, header);
  const token = await new SignJWT(payload).setProtectedHeader(protectedHeader).sign(await importJWK(current));
  send(response, 200, 'application/jwt', token);
}

async function startMock() {
  const mock = new OAuth2Server();
  current = await mock.issuer.keys.generate('RS256');
  const { url } = await listen(async (request, response) => {
    const path = request.url.split('?')[0];
    if (path === '/control') return control(mock, request, response);
    if (path === '/logout_token') return signLogout(mock, request, response);
    counts[path] = (counts[path] ?? 0) + 1;
    requests.push({ path, authorization: (request.headers.authorization ?? '').split(' ')[0] });
    if (path === '/.well-known/openid-configuration') {
      const document = { issuer: url, token_endpoint: `${url}/token`, authorization_endpoint: `${url}/authorize`,
        userinfo_endpoint: `${url}/userinfo`, jwks_uri: `${url}/jwks`, end_session_endpoint: `${url}/endsession` };
      return answerInstead(response, wish.discovery ?? {}, document);
    }
    if (path === '/jwks') return answerInstead(response, wish.keys ?? {}, published(mock));
    return mock.service.requestHandler(request, response);
  });
  mock.issuer.url = url;
  // Left to itself it takes its keys in turn.
  const { keys } = mock.issuer;
  const get = keys.get.bind(keys);
  keys.get = (kid) => get(kid ?? current.kid);
  mock.service.on('beforeTokenSigning', (token) => {
    token.header.kid = current.kid;
    if (token.payload.aud === undefined) return; // the access token
    patch(token.header, wish.header);
    patch(token.payload, wish.claims);
  });
  mock.service.on('beforeResponse', (answer) => {
    if (wish.token !== undefined) patch(answer.body, { id_token: wish.token });
  });
  mock.service.on('beforeUserinfo', (answer) => {
    Object.assign(answer.body, { name: 'John Doe', email: 'john@example.com', email_verified: true });
    patch(answer.body, wish.userinfo);
  });
  mock.service.on('beforeAuthorizeRedirect', ({ url: to }) => {
    for (const [name, value] of Object.entries(wish.redirect ?? {})) {
      if (value === null) to.searchParams.delete(name);
      else to.searchParams.set(name, value);
    }
  });
  return url;
}

// --- the certified one ---

const people = { sub: 'anna', name: 'Anna Example', preferred_username: 'anna', email: 'anna@example.com',
  email_verified: true };

// Logs in and consents without a page.
async function interact(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: 'anna' } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid profile email');
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

async function startCertified() {
  let provider;
  const { url } = await listen((request, response) =>
    request.url.startsWith('/interaction/') ? interact(provider, request, response)
      : provider.callback()(request, response));
  provider = new Provider(url, {
    clients: [{
      client_id: 'site', client_secret: 'a secret: with/+% in it', token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: [`${site}/auth/certified/callback`], post_logout_redirect_uris: [`${site}/`],
      backchannel_logout_uri: `${site}/auth/certified/backchannel_logout`, backchannel_logout_session_required: true,
    }],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    cookies: { keys: [createHash('sha256').update(url).digest('hex')] },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ ...people, sub: id }) }),
  });
  // The nonce is required, too: the standard leaves that to the client.
  provider.use(async (context, next) => {
    if (context.path === '/auth' && context.query.client_id !== undefined && context.query.nonce === undefined) {
      context.status = 400;
      context.body = 'no nonce';
      return;
    }
    await next();
  });
  return url;
}

writeFileSync(readyFile, JSON.stringify({ mock: await startMock(), certified: await startCertified() }));
