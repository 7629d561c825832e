// SPDX-License-Identifier: MIT
// The pages in each language that comes with the product, on narrow telephones: nothing to scroll sideways, no button
// that cuts its words, the language's direction, and no English left over.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const {
  assertFits, at, consent, control, launch, newPage, resetStandin, screenshot, signIn, site,
} = require('./support.js');

const file = process.env.SITE_CONFIG;
const config = fs.readFileSync(file, 'utf8');
const languages = fs.readdirSync(path.join(path.dirname(file), 'languages'))
  .map((name) => name.replace(/\.json$/, '')).filter((code) => code !== 'en');

// Words that are the same in English.
const shared = { it: ['Home'], nl: ['Home'] };

let browser;
before(async () => { browser = await launch(); });
after(async () => {
  fs.writeFileSync(file, config);
  await resetStandin();
  await browser.close();
});

// Three providers, of which one is linked and one may be.
function speak(language) {
  const settings = { ...JSON.parse(config), language };
  const { callback_url: _, ...instagram } = settings.providers.instagram;
  for (const [name, title] of [['google', 'Google'], ['github', 'GitHub']])
    settings.providers[name] = { ...instagram, preset: 'instagram', title, mark: `/cgi-login/marks/${name}.svg` };
  fs.writeFileSync(file, JSON.stringify(settings));
}

// Presses a button, and waits for the question that it leads to.
async function ask(page, action) {
  await page.locator(`button[value=${action}]`).last().click();
  await page.locator('.filled-danger').waitFor();
}

const pages = {
  login: (page) => page.goto(`${site}/login?error=expired_login`),
  profile: async (page) => {
    await page.goto(`${site}/profile`);
    await page.locator('details.account summary').click();
  },
  delete: (page) => ask(page, 'delete'),
  accounts: async (page) => {
    await page.goto(`${site}/profile?accounts=1`);
    await page.locator('details.more summary').click();
  },
  unlink: (page) => ask(page, 'unlink'),
};

// An account that no other file links.
async function signInAndLink(page) {
  await control({ redirect_uris: ['instagram', 'google'].map((name) => `${site}/auth/${name}/callback`) });
  await signIn(page, 'harbour.bakery');
  await pages.accounts(page);
  await page.getByRole('button', { name: 'Link Google' }).click();
  await consent(page, 'sakura_zine');
  await page.waitForURL(at('/profile'));
  await page.getByRole('status').getByText('The account is linked').waitFor();
}

// What a page says, but for names: they are marked as not to be translated.
const said = (page) => page.locator('body').evaluate((body) => {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.replace(/\s+/g, ' ').trim();
    if (/[a-z]{3}/i.test(text) && !walker.currentNode.parentElement.closest('[translate=no], strong')) found.push(text);
  }
  return found;
});

async function assertWhole(page, what) {
  const cut = await page.locator('.button').evaluateAll((all) => all
    .filter((button) => button.scrollWidth > button.clientWidth + 1 || button.scrollHeight > button.clientHeight + 1)
    .map((button) => button.textContent));
  assert.deepEqual(cut, [], what);
}

// Calls `look` with each page's name once the window shows it.
async function eachPage(page, look) {
  for (const [name, open] of Object.entries(pages)) {
    await open(page);
    await look(name);
  }
}

test('every language fits, reads in its direction and is whole', async (context) => {
  const { context: window, page, seen } = await newPage(browser, { viewport: { width: 360, height: 740 } });
  const english = {};
  speak('en');
  await signInAndLink(page);
  await eachPage(page, async (name) => { english[name] = await said(page); });
  for (const language of languages) {
    await context.test(language, async () => {
      speak(language);
      await eachPage(page, async (name) => {
        const direction = await page.locator('body').evaluate((body) => getComputedStyle(body).direction);
        assert.equal(direction, language === 'ar' ? 'rtl' : 'ltr');
        const known = english[name].filter((text) => !shared[language]?.includes(text));
        const left = (await said(page)).filter((text) => known.includes(text));
        assert.deepEqual(left, [], `English on ${name}`);
        for (const width of [320, 360]) {
          await page.setViewportSize({ width, height: 740 });
          await assertFits(page, `${name} in ${language} at ${width}px`);
          await assertWhole(page, `${name} in ${language} at ${width}px`);
        }
        await screenshot(page, `language-${language}-${name}`);
      });
    });
  }
  assert.deepEqual(seen, []);
  await window.close();
});
