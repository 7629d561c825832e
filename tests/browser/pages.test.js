// SPDX-License-Identifier: MIT
// Every page, in both colour schemes and three widths: valid HTML, nothing that axe finds wrong, nothing to scroll
// sideways, and nothing on the console.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, afterEach, before, describe, test } = require('node:test');
const { ERRORS, at, followFromElsewhere, inspect, launch, newPage, people, signIn, site } = require('./support.js');

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// Opens a page in a window of its own, and inspects it. `expected` may name its heading and its status.
async function inspectAt(name, open, expected = {}) {
  const { context, page, seen } = await newPage(browser);
  try {
    await open(page);
    await page.getByRole('heading', { level: 1, name: expected.heading }).waitFor();
    await inspect(page, name);
    // The browser itself reports a page that is not a 200 as an error on the console; and a page that names no icon
    // makes it look for /favicon.ico, which is a site's own affair.
    const reports = seen.filter((line) => !line.includes('/favicon.ico)') &&
      !(expected.status && line.includes(`status of ${expected.status} `)));
    assert.deepEqual(reports, [], name);
  } finally {
    await context.close();
  }
}

describe('every page is accessible and fits', () => {
  test('home', () => inspectAt('home', (page) => page.goto(site)));
  test('login', () => inspectAt('login', (page) => page.goto(`${site}/login`), { heading: 'Log in' }));
  for (const code of ERRORS) {
    test(`login with ${code}`, () => inspectAt(`login-${code}`, async (page) => {
      await page.goto(`${site}/login?error=${code}`);
      await page.getByRole('alert').getByText(code).waitFor();
    }));
  }
  for (const [username, person] of Object.entries(people)) {
    test(`profile of ${username}`, () => inspectAt(`profile-${username}`, (page) => signIn(page, username),
      { heading: person.name }));
  }
  test('log out, asked from elsewhere', () => inspectAt('logout-button', async (page) => {
    await signIn(page, 'harbour.bakery');
    await followFromElsewhere(page, '/logout');
  }, { heading: 'Log out?' }));
  test('log out, asked from elsewhere, when logged out', () => inspectAt('logged-out',
    (page) => followFromElsewhere(page, '/logout'), { heading: 'You are logged out' }));
  test('404', () => inspectAt('error-404', async (page) => {
    assert.equal((await page.goto(`${site}/auth/nonsense`)).status(), 404);
  }, { status: 404 }));
  test('405', () => inspectAt('error-405', async (page) => {
    await page.setContent(`<form method="post" action="${site}/login"><button>Send</button></form>`);
    await page.getByRole('button').click();
    await page.waitForURL(at('/login'));
  }, { status: 405 }));
});

describe('a site that is set up wrongly', () => {
  const file = process.env.SITE_CONFIG;
  const config = fs.readFileSync(file, 'utf8');
  afterEach(() => fs.writeFileSync(file, config));

  const faults = {
    // The settings are read, so the page has the site's look.
    'error-500': (settings) => { settings.providers.instagram.preset = 'missing'; },
    // They can't be read at all: a page without a template.
    'error-500-plain': (settings) => { settings.nonsense = 1; },
  };
  for (const [name, spoil] of Object.entries(faults)) {
    test(name, () => inspectAt(name, async (page) => {
      const settings = JSON.parse(config);
      spoil(settings);
      fs.writeFileSync(file, JSON.stringify(settings));
      const answer = await page.goto(`${site}/login`);
      assert.equal(answer.status(), 500);
    }, { status: 500 }));
  }
});
