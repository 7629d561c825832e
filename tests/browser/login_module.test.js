// SPDX-License-Identifier: MIT
// cgi-login/login.js on a static page: who is signed in, a button in and out, under a policy that allows nothing but
// what the module needs; and its types.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const ts = require('typescript');
const { assertFits, at, consent, launch, newPage, people, site, violations } = require('./support.js');

const PAGE = '/static/page.html';
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; " +
  "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const html = (content) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A static page</title>
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width"><link rel="icon" href="/cgi-login/icon.svg">
<link rel="stylesheet" href="/cgi-login/style.css">
<script type="module" src="/cgi-login/login.js"></script></head>
<body><main><h1>Static</h1>${content}</main></body></html>`;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// Puts the page into the web root: a login comes back to it by redirects, which only the server sees.
function write(content) {
  const file = path.join(process.env.SITE_HTML, PAGE);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, html(content));
}

// Serves a static page with this element on it, calls `look` with the page, and sees that nothing is on the console.
async function onPage(content, look, { expected = [] } = {}) {
  const { context, page, seen } = await newPage(browser);
  try {
    write(content);
    await page.goto(site + PAGE);
    await look(page, context);
    // The browser reports each status that is no success, as 401 is for who is not signed in.
    const reports = seen.filter((line) => !/status of 401 /.test(line) && !expected.some((why) => line.includes(why)));
    assert.deepEqual(reports, []);
  } finally {
    await context.close();
  }
}

const stateOf = (page, state) => page.locator(`cgi-login[state="${state}"]`).waitFor();

// Logs in by the link on the page, and comes back to it.
async function logIn(page, username = 'harbour.bakery') {
  await stateOf(page, 'signed-out');
  await page.getByRole('link', { name: 'Log in' }).click();
  await page.waitForURL(at('/login'));
  await page.getByRole('link', { name: /Instagram/ }).click();
  await consent(page, username);
  await page.waitForURL(at(PAGE));
  await stateOf(page, 'signed-in');
}

describe('login.js', () => {
  test('shows who is signed in, and signs in and out without leaving the page', () => onPage(
    '<cgi-login><a href="/login">Log in</a></cgi-login>', async (page) => {
      await page.goto(`${site}${PAGE}?a=1&b=%2F#part`);
      await logIn(page);
      assert.equal(page.url(), `${site}${PAGE}?a=1&b=%2F#part`);
      assert.equal(await page.locator('cgi-login').innerText(), 'Signed in as Harbour Bakery Log out');
      assert.equal(await page.getByRole('link', { name: 'Harbour Bakery' }).getAttribute('href'), '/profile');
      assert.deepEqual(await violations(page), []);
      await assertFits(page, 'the static page');
      await page.getByRole('button', { name: 'Log out' }).focus();
      await page.keyboard.press('Enter');
      await stateOf(page, 'signed-out');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Log in', 'the focus is lost');
      await page.goto(`${site}/profile`);
      assert.equal(new URL(page.url()).pathname, '/');
    }));

  test('names of any kind are text, and keep their direction', () => onPage('<cgi-login></cgi-login>', async (page) => {
    await logIn(page, 'bobby_tables');
    const name = page.locator('cgi-login .cgi-login-name');
    assert.equal(await name.textContent(), people.bobby_tables.name);
    assert.equal(await page.locator('cgi-login b').count(), 0);
    await page.getByRole('button', { name: 'Log out' }).click();
    await logIn(page, 'layla.studio');
    assert.equal(await name.evaluate((link) => getComputedStyle(link).direction), 'rtl');
  }));

  test('takes other words and routes, and tells of each change', () => onPage(
    '<cgi-login login="/auth/instagram" sign-in-text="Anmelden" sign-out-text="Abmelden" signed-in-text="Hallo">' +
    '</cgi-login>', async (page) => {
      await stateOf(page, 'signed-out');
      await page.getByRole('link', { name: 'Anmelden' }).click();
      await consent(page, 'harbour.bakery');
      await page.waitForURL(at(PAGE));
      await stateOf(page, 'signed-in');
      assert.equal(await page.locator('cgi-login').innerText(), 'Hallo Harbour Bakery Abmelden');
      const told = page.evaluate(() => new Promise((resolve) => {
        document.addEventListener('cgi-login-change', (event) => resolve(event.detail), { once: true });
      }));
      await page.getByRole('button', { name: 'Abmelden' }).click();
      assert.deepEqual(await told, { state: 'signed-out', who: null });
    }));

  test('says when it cannot find out or sign out, and hides nothing', () => onPage('<cgi-login></cgi-login>',
    async (page, context) => {
      const fail = (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' });
      await logIn(page);
      await context.route(`${site}/logout`, fail);
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('alert').getByText('Logging out did not work').waitFor();
      await stateOf(page, 'signed-in');
      await context.route(`${site}/profile`, fail);
      await page.reload();
      await page.getByRole('alert').getByText('could not be found out').waitFor();
      await stateOf(page, 'unknown');
      await page.getByRole('link', { name: 'Log in' }).waitFor();
    }, { expected: ['status of 503 '] }));

  test('an end-session address of the provider is followed', () => onPage('<cgi-login></cgi-login>',
    async (page, context) => {
      await logIn(page);
      await context.route(`${site}/logout`, (route) => route.fulfill({
        contentType: 'application/json', body: JSON.stringify({ signed_in: false, end_session_url: `${site}/login?x=1` }),
      }));
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.waitForURL(`${site}/login?x=1`);
    }));

  test('without scripts the link inside is there', async () => {
    const { context, page } = await newPage(browser, { javaScriptEnabled: false });
    write('<cgi-login><a href="/login">Log in</a></cgi-login>');
    await page.goto(site + PAGE);
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.waitForURL(at('/login'));
    await context.close();
  });

  test('a function of its own tells who is signed in', () => onPage('<cgi-login></cgi-login>', async (page) => {
    const ask = () => page.evaluate(async () => {
      const module = await import('/cgi-login/login.js');
      const who = await module.whoIsSignedIn();
      return who && [who.provider, who.user.username, module.nameOf(who.user), module.nameOf({ id: '1' })];
    });
    assert.equal(await ask(), null);
    await logIn(page);
    assert.deepEqual(await ask(), ['instagram', 'harbour.bakery', 'Harbour Bakery', '1']);
  }));
});

// What the compiler makes of the comments' types, and what it finds wrong.
test('its types are right, and login.d.ts is theirs', () => {
  const file = path.join(__dirname, '../../html/public/cgi-login/login.js');
  const options = {
    allowJs: true, checkJs: true, strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts',
      'lib.dom.iterable.d.ts'], types: [], declaration: true, emitDeclarationOnly: true,
  };
  const program = ts.createProgram([file], options);
  const faults = ts.getPreEmitDiagnostics(program).map((fault) => ts.flattenDiagnosticMessageText(fault.messageText, '\n'));
  assert.deepEqual(faults, []);
  let made = '';
  program.emit(undefined, (name, text) => { made = text; });
  const declared = file.replace(/\.js$/, '.d.ts');
  const wanted = `// SPDX-License-Identifier: MIT\n${made}`;
  if (process.env.UPDATE_TYPES) fs.writeFileSync(declared, wanted);
  assert.equal(fs.readFileSync(declared, 'utf8'), wanted, 'run UPDATE_TYPES=1 tests/browser/run.sh tests/browser/login_module.test.js');
});
