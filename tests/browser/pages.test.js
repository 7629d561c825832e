// SPDX-License-Identifier: MIT
// Every page, in both colour schemes and three widths: valid HTML, nothing that axe finds wrong, nothing to scroll
// sideways, and nothing on the console.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
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
  test('login with each error', async () => {
    const { context, page, seen } = await newPage(browser);
    for (const code of ERRORS) {
      await page.goto(`${site}/login?error=${code}`);
      // What the visitor wanted is no failure.
      await page.getByRole(code === 'access_denied' ? 'status' : 'alert').waitFor();
      await inspect(page, `login-${code}`);
    }
    assert.deepEqual(seen, []);
    await context.close();
  });
  test('login when logged in', () => inspectAt('login-signed-in', async (page) => {
    await signIn(page, 'layla.studio');
    // Instagram's fragment does not stay.
    assert.equal(new URL(page.url()).hash, '');
    await page.goto(`${site}/login?return_to=/profile`);
    assert.match(await page.locator('main').innerText(), /You are logged in as ليلى حدّاد with Instagram/);
    await page.getByRole('link', { name: 'Continue' }).click();
    await page.waitForURL(at('/profile'));
    await page.goBack();
  }, { heading: 'You are logged in' }));
  test('home when logged in, and after logging out', () => inspectAt('home-signed-out', async (page) => {
    await signIn(page, 'layla.studio');
    await page.goto(site);
    await page.getByText('You are logged in as ليلى حدّاد').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Log in with Instagram' }).count(), 0);
    await inspect(page, 'home-signed-in');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('status').getByText('You are logged out').waitFor();
    await page.getByRole('link', { name: 'Log in with Instagram' }).waitFor();
  }));
  test('the server\'s own 404', () => inspectAt('not-found', async (page) => {
    assert.equal((await page.goto(`${site}/nowhere`)).status(), 404);
  }, { heading: 'There is no such page', status: 404 }));
  test('the server\'s own 500', () => inspectAt('server-error', (page) => page.goto(`${site}/cgi-login/server-error.html`)));
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

// Of a colour that can be read neither as text nor on a dark ground.
describe('a site with a name, a logo, a colour and a language', () => {
  const file = process.env.SITE_CONFIG;
  const languages = path.join(path.dirname(file), 'languages');
  const config = fs.readFileSync(file, 'utf8');
  afterEach(() => {
    fs.writeFileSync(file, config);
    fs.rmSync(path.join(languages, 'x-test.json'), { force: true });
  });

  function dress(colour, language = 'en') {
    const settings = JSON.parse(config);
    settings.site = { name: 'The international museum of <x> & "y"', logo: '/cgi-login/icon.svg', colour };
    settings.language = language;
    fs.writeFileSync(file, JSON.stringify(settings));
  }

  for (const [name, colour] of Object.entries({ yellow: '#ffd400', navy: '#101040', red: '#d00000' })) {
    test(`in ${name}`, () => inspectAt(`site-${name}`, async (page) => {
      dress(colour);
      await page.goto(`${site}/login`);
      assert.equal(await page.title(), 'Log in – The international museum of <x> & "y"');
      const ground = await page.locator('.primary').evaluate((button) => getComputedStyle(button).backgroundColor);
      const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
      assert.equal(ground, `rgb(${parts.join(', ')})`);
    }, { heading: 'Log in to The international museum of <x> & "y"' }));
  }

  test('from right to left', () => inspectAt('right-to-left', async (page) => {
    const words = JSON.parse(fs.readFileSync(path.join(languages, 'en.json'), 'utf8'));
    Object.assign(words, { 'language.tag': 'ar', 'language.direction': 'rtl', 'login.with': 'تسجيل الدخول باستخدام {title}' });
    fs.writeFileSync(path.join(languages, 'x-test.json'), JSON.stringify(words));
    dress('#7a1fa2', 'x-test');
    await signIn(page, 'harbour.bakery');
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    await inspect(page, 'right-to-left-profile');
    await page.goto(`${site}/login`);
    // The mark stands where a line begins.
    const [mark, button] = await Promise.all(['.provider-mark', '.providers .button'].map((selector) =>
      page.locator(selector).first().boundingBox()));
    assert.ok(mark.x > button.x + button.width / 2);
  }));
});

describe('the owner’s pages are, too', () => {
  const file = process.env.SITE_CONFIG;
  const config = fs.readFileSync(file, 'utf8');
  const write = (change) => {
    const settings = JSON.parse(config);
    change(settings);
    fs.writeFileSync(file, JSON.stringify(settings));
  };
  const own = (settings) => {
    settings.owners = { usernames: ['harbour.bakery'] };
    settings.gate = [{ path: '/index.html', allow: { usernames: ['harbour.bakery'] } }];
  };
  afterEach(() => fs.writeFileSync(file, config));

  test('the code of the set-up opens the check', () => inspectAt('console-setup', async (page) => {
    write((settings) => { settings.setup_code = 'aaaa1111bbbb2222cccc3333dddd4444'; });
    await page.goto(`${site}/auth/console`);
    await inspect(page, 'console-welcome');
    await page.getByLabel('Code of the set-up').fill('aaaa1111bbbb2222cccc3333dddd4444');
    await page.getByRole('button', { name: 'Show the check' }).click();
    await page.getByRole('heading', { name: 'What comes next' }).waitFor();
  }, { heading: 'Is the site set up right?' }));
  test('the first page, and the rules of the gate with what the site says', () => inspectAt('console-gate', async (page) => {
    write(own);
    await signIn(page, 'harbour.bakery');
    await page.goto(`${site}/auth/console`);
    await inspect(page, 'console');
    await page.getByRole('link', { name: 'Guarded folders' }).click();
    await page.getByRole('button', { name: 'Ask the site' }).click();
    await page.getByText('OPEN!').waitFor();
  }, { heading: 'Guarded folders' }));
  test('users, one of them, and the question before one is deleted', () => inspectAt('console-delete', async (page) => {
    write(own);
    await signIn(page, 'harbour.bakery');
    await page.goto(`${site}/auth/console/users`);
    await page.getByRole('searchbox').fill('harbour');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL(/[?]q=harbour/);
    await inspect(page, 'console-users');
    await page.getByRole('link', { name: people['harbour.bakery'].name }).click();
    await page.getByRole('heading', { name: 'What is stored' }).waitFor();
    await inspect(page, 'console-user');
    await page.getByRole('button', { name: 'Delete this user' }).click();
  }, { heading: 'Delete this user?' }));
  test('somebody else', () => inspectAt('console-stranger', async (page) => {
    write(own);
    await signIn(page, 'layla.studio');
    await page.goto(`${site}/auth/console`);
  }, { heading: 'This account is not an owner’s', status: 403 }));
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
