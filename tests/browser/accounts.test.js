// SPDX-License-Identifier: MIT
// The page of accounts and devices: linking another account by clicking, which sends a form's response to the provider and
// so past the Content-Security-Policy; unlinking it; ending a session elsewhere; by keyboard and without JavaScript.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, afterEach, before, describe, test } = require('node:test');
const {
  assertFits, at, consent, control, inspect, launch, newPage, resetStandin, screenshot, signIn, site,
} = require('./support.js');

const file = process.env.SITE_CONFIG;
const presets = path.join(process.env.SITE_PRODUCT, 'providers');
const config = fs.readFileSync(file, 'utf8');

let browser;
before(async () => {
  browser = await launch();
  const settings = JSON.parse(config);
  const { callback_url: _, ...instagram } = settings.providers.instagram;
  settings.session.recheck_minutes = 0;
  settings.providers.google = { ...instagram, preset: 'instagram', title: 'Google', mark: '/cgi-login/marks/google.svg' };
  settings.providers.yahoo = { ...instagram, title: 'Yahoo', preset: 'plain' };
  const { mark: _mark, ...plain } = JSON.parse(fs.readFileSync(path.join(presets, 'instagram.json'), 'utf8'));
  fs.writeFileSync(path.join(presets, 'plain.json'), JSON.stringify(plain));
  fs.writeFileSync(file, JSON.stringify(settings));
});
after(async () => {
  fs.writeFileSync(file, config);
  fs.rmSync(path.join(presets, 'plain.json'));
  await browser.close();
});
afterEach(resetStandin);

const callbacks = ['instagram', 'google', 'yahoo'].map((name) => `${site}/auth/${name}/callback`);

const texts = async (page, selector) => (await page.locator(selector).allTextContents())
  .map((text) => text.replace(/\s+/g, ' ').trim());

const button = (page, name) => page.getByRole('button', { name });

function inWindow(name, options, run) {
  test(name, async () => {
    const { context, page, seen } = await newPage(browser, options);
    try {
      await control({ redirect_uris: callbacks });
      await run(page, context);
      assert.deepEqual(seen, []);
    } finally {
      await context.close();
    }
  });
}

async function openAccounts(page) {
  await page.goto(`${site}/profile`);
  await page.locator('details.account summary').click();
  await page.getByRole('link', { name: 'Accounts and devices' }).click();
  await page.getByRole('heading', { level: 1, name: 'Accounts and devices' }).waitFor();
}

async function link(page, title, person) {
  await page.locator('details.more summary').click();
  await button(page, `Link ${title}`).click();
  await consent(page, person);
  await page.waitForURL(at('/profile'));
}

// A mark or a letter, never both: the page has an initial of its own, which is the person's.
async function assertMarks(page) {
  const marks = await page.locator('.provider-mark').evaluateAll((all) => all
    .map((mark) => `${mark.querySelectorAll('img').length} ${mark.textContent.trim()}`.trim()));
  assert.deepEqual(new Set(marks), new Set(['1', '0 Y']));
}

async function linkAndUnlink(page) {
  await signIn(page, 'harbour.bakery');
  await openAccounts(page);
  assert.deepEqual(await texts(page, '#accounts ~ .rows strong'), ['Instagram']);
  assert.equal(await button(page, 'Unlink').count(), 0);
  await link(page, 'Google', 'layla.studio');
  await page.getByRole('status').getByText('The account is linked').waitFor();
  assert.deepEqual(await texts(page, '#accounts ~ .rows strong'), ['Instagram', 'Google']);
  await button(page, 'Unlink Google').click();
  await page.getByRole('heading', { level: 1, name: 'Unlink Google?' }).waitFor();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await button(page, 'Unlink Google').click();
  await button(page, 'Unlink it').click();
  await page.getByRole('status').getByText('no longer linked').waitFor();
  assert.deepEqual(await texts(page, '#accounts ~ .rows strong'), ['Instagram']);
}

describe('accounts and devices', () => {
  inWindow('an account is linked and unlinked', {}, linkAndUnlink);
  inWindow('the same without JavaScript', { javaScriptEnabled: false }, linkAndUnlink);

  inWindow('the pages are accessible and fit', {}, async (page) => {
    const other = await newPage(browser, {
      userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1',
    });
    await signIn(other.page, 'bobby_tables');
    await signIn(page, 'bobby_tables');
    await openAccounts(page);
    await link(page, 'Google', 'layla.studio');
    await page.locator('details.more summary').click();
    await assertMarks(page);
    await inspect(page, 'accounts');
    await page.setViewportSize({ width: 320, height: 844 });
    await screenshot(page, 'accounts-320');
    await button(page, 'Unlink Google').click();
    await inspect(page, 'unlink');
    await page.goto(`${site}/profile?accounts=1&error=account_taken`);
    await page.getByRole('alert').getByText('cannot be linked').waitFor();
    await inspect(page, 'accounts-taken');
    await page.goto(`${site}/profile?error=account_taken`);
    await page.getByRole('alert').getByText('cannot be linked').waitFor();
    await inspect(page, 'profile-taken');
    await other.context.close();
  });

  inWindow('a session elsewhere is ended, by keyboard', {}, async (page) => {
    const other = await newPage(browser, {
      userAgent: 'Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0',
    });
    await signIn(other.page, 'sakura_zine');
    await signIn(page, 'sakura_zine');
    await openAccounts(page);
    const rows = await texts(page, '#sessions ~ .rows strong');
    assert.ok(rows.includes('Firefox on Android'), rows.join());
    assert.deepEqual(await texts(page, '#sessions ~ .rows .label'), ['This browser']);
    await button(page, /^Log out: Firefox on Android/).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('You are logged out there').waitFor();
    await other.page.goto(`${site}/profile`);
    assert.equal(new URL(other.page.url()).pathname, '/');
    await button(page, /^Log out: (HeadlessChrome|Chrome|A browser)/).click();
    await page.waitForURL(at('/'));
    await other.context.close();
  });

  inWindow('an account of somebody else is refused, and who is signed in stays so', {}, async (page) => {
    const other = await newPage(browser);
    await other.page.goto(`${site}/auth/yahoo`);
    await consent(other.page, 'layla.studio');
    await other.page.waitForURL(at('/profile'));
    await signIn(page, 'harbour.bakery');
    await openAccounts(page);
    await link(page, 'Yahoo', 'layla.studio');
    await page.getByRole('alert').getByText('already logs in somebody else').waitFor();
    assert.deepEqual(await texts(page, '#accounts ~ .rows strong'), ['Instagram']);
    await assertFits(page, 'the refusal');
    await other.context.close();
  });
});
