// SPDX-License-Identifier: MIT
// The login page with as many providers as a site may have: marks and letters, the one that was used last, columns where
// there are many, on the narrowest telephone and on a wide screen, by keyboard and without JavaScript.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, afterEach, before, describe, test } = require('node:test');
const { assertFits, at, consent, inspect, launch, newPage, screenshot, signIn, site } = require('./support.js');

const file = process.env.SITE_CONFIG;
const config = fs.readFileSync(file, 'utf8');

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());
afterEach(() => fs.writeFileSync(file, config));

// The marks that come with the product, and a name of each that is as long as such names are.
const marks = fs.readdirSync(path.join(__dirname, '../../html/public/cgi-login/marks'))
  .map((name) => name.replace(/\.svg$/, '')).sort();
const names38 = [...marks, ...['apple', 'amazon', 'linkedin', 'slack', 'yahoo', 'yandex']].sort();

// Lays out a site with `count` providers, Instagram in the middle; some have no mark.
function configure(count) {
  const settings = JSON.parse(config);
  const { instagram } = settings.providers;
  const names = names38.filter((name) => name !== 'instagram').slice(0, count - 1);
  names.splice(Math.floor(count / 2), 0, 'instagram');
  settings.providers = Object.fromEntries(names.map((name) => [name, {
    ...instagram,
    preset: 'instagram',
    title: name === 'instagram' ? 'Instagram' : name === 'wordpress' ? 'WordPress.com' : name[0].toUpperCase() + name.slice(1),
    ...(marks.includes(name) && { mark: `/cgi-login/marks/${name}.svg` }),
  }]));
  settings.default_provider = 'instagram';
  fs.writeFileSync(file, JSON.stringify(settings));
  return names;
}

const texts = async (page, selector) => (await page.locator(selector).allTextContents())
  .map((text) => text.replace(/\s+/g, ' ').trim());

async function assertMarksLoad(page) {
  const broken = await page.locator('.provider-mark img')
    .evaluateAll((all) => all.filter((img) => !img.complete || img.naturalWidth === 0).map((img) => img.src));
  assert.deepEqual(broken, [], 'these marks do not load');
}

// What a button does not hold whole: text that is cut, or reaches out of it.
async function assertWhole(page) {
  const cut = await page.locator('.providers .button').evaluateAll((all) => all
    .filter((button) => button.scrollWidth > button.clientWidth + 1 || button.getBoundingClientRect().height < 44)
    .map((button) => button.textContent));
  assert.deepEqual(cut, []);
}

describe('the login page', () => {
  for (const count of [1, 3, 12, 38]) {
    test(`with ${count} provider${count === 1 ? '' : 's'}`, async () => {
      const names = configure(count);
      const { context, page, seen } = await newPage(browser, { javaScriptEnabled: true });
      try {
        await page.goto(`${site}/login`);
        const links = page.locator('.providers a');
        assert.deepEqual(await links.evaluateAll((all) => all.map((a) => new URL(a.href).pathname.split('/').pop())), names);
        assert.equal(await page.locator('.used-last').count(), 0);
        await inspect(page, `login-${count}`);
        await assertMarksLoad(page);
        for (const width of [320, 390, 1280]) {
          await page.setViewportSize({ width, height: 844 });
          await assertWhole(page);
        }

        await signIn(page, 'harbour.bakery');
        await page.getByRole('button', { name: 'Log out' }).click();
        await page.waitForURL(at('/'));
        await page.goto(`${site}/login`);
        const many = count >= 7;
        // A screen reader says it with the link.
        assert.equal(await page.getByRole('link', { name: /^Log in with Instagram\s*Used last$/ }).count(), many ? 2 : 1);
        const primary = await texts(page, '.primary .what');
        assert.deepEqual(primary, ['Log in with Instagram Used last']);
        assert.equal(await page.locator('.shortcut').count(), many ? 1 : 0);
        await inspect(page, `login-${count}-again`);
        await page.setViewportSize({ width: 320, height: 844 });
        await assertWhole(page);
        await screenshot(page, `login-${count}-again-320`);
        assert.deepEqual(seen, []);
      } finally {
        await context.close();
      }
    });
  }

  test('without JavaScript the button that was used last logs in', async () => {
    configure(12);
    const { context, page, seen } = await newPage(browser, { javaScriptEnabled: false });
    try {
      await signIn(page, 'layla.studio');
      await context.clearCookies({ name: '__Host-cgi_login_session' });
      await page.goto(`${site}/login`);
      await assertFits(page, 'without JavaScript');
      await page.locator('.shortcut a').click();
      await consent(page, 'layla.studio');
      await page.waitForURL(at('/profile'));
      assert.deepEqual(seen, []);
    } finally {
      await context.close();
    }
  });
});
