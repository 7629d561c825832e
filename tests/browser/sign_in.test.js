// SPDX-License-Identifier: MIT
// Logging in and out as people do it: by clicking, by keyboard alone, without JavaScript, in two tabs, and going back.
'use strict';

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const {
  assertAlone, assertProfile, at, consent, followFromElsewhere, launch, newPage, screenshot, signIn, site, standin,
} = require('./support.js');

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// Runs a test in a window of its own, and fails it for what watch() saw there.
function inWindow(name, options, run) {
  test(name, async () => {
    const { context, page, seen } = await newPage(browser, options);
    try {
      await run(page, context);
      assert.deepEqual(seen, []);
    } finally {
      await context.close();
    }
  });
}

async function clickThrough(page) {
  await page.goto(site);
  await page.getByRole('link', { name: 'Log in with Instagram' }).click();
  await page.getByRole('heading', { name: 'Allow this site to sign you in?' }).waitFor();
  await screenshot(page, 'consent');
  await consent(page, 'harbour.bakery');
  await page.waitForURL(at('/profile'));
  await assertProfile(page, 'harbour.bakery');
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL(at('/'));
  await page.getByRole('status').getByText('You are logged out').waitFor();
  await page.goto(`${site}/profile`);
  await page.waitForURL(at('/'));
  await page.getByRole('heading', { level: 1, name: 'The account you have is all you need' }).waitFor();
}

async function focusedText(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    return (element.labels?.[0] ?? element).textContent.trim().replace(/\s+/g, ' ');
  });
}

// Presses Tab until the focus is on what is called so, and checks that the focus is always to be seen.
async function tabTo(page, name) {
  for (let press = 0; press < 15; press++) {
    await page.keyboard.press('Tab');
    const text = await focusedText(page);
    const outline = await page.evaluate(() => {
      const focused = document.activeElement;
      const style = getComputedStyle(focused);
      return focused === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
    });
    assert.ok(outline, `no outline around "${text}"`);
    if (text.includes(name)) return;
  }
  assert.fail(`Tab does not reach "${name}"`);
}

describe('logging in and out', () => {
  inWindow('from the home page to the profile, and out again', {}, clickThrough);
  inWindow('the same without JavaScript', { javaScriptEnabled: false }, clickThrough);
  inWindow('the same on a wide screen', { viewport: { width: 1280, height: 800 } }, clickThrough);

  inWindow('from the login page', {}, async (page) => {
    await page.goto(site);
    await page.getByRole('link', { name: 'Log in', exact: true }).click();
    await page.waitForURL(at('/login'));
    assert.equal(await page.getByRole('alert').count(), 0);
    await page.getByRole('link', { name: 'Log in with Instagram' }).click();
    await consent(page, 'layla.studio');
    await page.waitForURL(at('/profile'));
    await assertProfile(page, 'layla.studio');
  });

  inWindow('by keyboard alone', {}, async (page) => {
    await page.goto(site);
    await tabTo(page, 'Log in with Instagram');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.origin === standin);
    await tabTo(page, 'Harbour Bakery');
    await page.keyboard.press('ArrowDown');
    assert.match(await focusedText(page), /layla\.studio/);
    await tabTo(page, 'Approve');
    await page.keyboard.press('Enter');
    await page.waitForURL(at('/profile'));
    await assertProfile(page, 'layla.studio');
    await tabTo(page, 'Log out');
    await page.keyboard.press('Space');
    await page.waitForURL(at('/'));
  });

  inWindow('refusing: a plain sentence, and another try', {}, async (page) => {
    await page.goto(site);
    await page.getByRole('link', { name: 'Log in with Instagram' }).click();
    await consent(page, 'harbour.bakery', 'Not now');
    await page.waitForURL(at('/login'));
    const said = page.getByRole('status');
    await said.getByText('You chose not to share your Instagram account').waitFor();
    assert.doesNotMatch(await said.innerText(), /undefined|null|OAuth|%|\{/);
    assert.match(await page.title(), /You did not log in/);
    const answer = await page.request.get(`${site}/profile`, { headers: { Accept: 'application/json' } });
    assert.equal(answer.status(), 401);
    await page.getByRole('link', { name: 'Log in with Instagram' }).click();
    await consent(page, 'harbour.bakery');
    await page.waitForURL(at('/profile'));
    await assertProfile(page, 'harbour.bakery');
  });

  inWindow('a link elsewhere only asks, and its button logs out', {}, async (page) => {
    await signIn(page, 'harbour.bakery');
    await followFromElsewhere(page, '/logout');
    await page.getByRole('heading', { name: 'Log out?' }).waitFor();
    await page.getByRole('link', { name: 'Back to your profile' }).click();
    await assertProfile(page, 'harbour.bakery');
    await page.goBack();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL(at('/'));
    await page.goto(`${site}/profile`);
    assert.equal(new URL(page.url()).pathname, '/');
  });

  // Playwright turns Chromium's back/forward cache off. With it on, Chromium 156 can show the profile for some minutes
  // more, although it is "no-store": it heeds only cookies that change once the page lies in that cache.
  inWindow('after logging out, the back button shows no profile', {}, async (page) => {
    await signIn(page, 'harbour.bakery');
    await page.getByRole('link', { name: 'Home' }).click();
    await page.goBack();
    await assertProfile(page, 'harbour.bakery');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL(at('/'));
    await page.goBack();
    await assertAlone(page, 'Harbour Bakery');
    assert.equal(new URL(page.url()).pathname, '/');
  });

  inWindow('reloading the profile and the callback', {}, async (page) => {
    let callback;
    page.on('request', (request) => { if (request.url().includes('/callback?')) callback = request.url(); });
    await signIn(page, 'harbour.bakery');
    await page.reload();
    await assertProfile(page, 'harbour.bakery');
    await page.goto(callback);
    await page.waitForURL(at('/profile'));
    await assertProfile(page, 'harbour.bakery');
  });

  inWindow('two tabs at once', {}, async (first, context) => {
    const second = await context.newPage();
    await first.goto(`${site}/auth/instagram`);
    await second.goto(`${site}/auth/instagram`);
    await consent(first, 'harbour.bakery');
    await first.waitForURL(at('/profile'));
    await assertProfile(first, 'harbour.bakery');
    await consent(second, 'layla.studio');
    await second.waitForURL(at('/profile'));
    await assertProfile(second, 'layla.studio');
    await first.reload();
    await assertProfile(first, 'layla.studio');
  });

  inWindow('two windows are two people', {}, async (page) => {
    const other = await newPage(browser);
    await Promise.all([signIn(page, 'harbour.bakery'), signIn(other.page, 'sakura_zine')]);
    await Promise.all([page.reload(), other.page.reload()]);
    await assertProfile(page, 'harbour.bakery');
    await assertProfile(other.page, 'sakura_zine');
    await other.context.close();
  });
});
