// SPDX-License-Identifier: MIT
// What people do with their account: log out everywhere, delete it or think better of it, by clicking and by keyboard
// alone; the page about a deletion that Meta asked for; the notice that a new login is needed.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { after, afterEach, before, describe, test } = require('node:test');
const {
  assertAlone, assertProfile, at, control, inspect, launch, newPage, resetStandin, signIn, site, standin,
} = require('./support.js');

const file = process.env.SITE_CONFIG;
const config = fs.readFileSync(file, 'utf8');

let browser;
before(async () => {
  browser = await launch();
  editConfig((settings) => { settings.session.recheck_minutes = 0; });
});
after(async () => {
  fs.writeFileSync(file, config);
  await browser.close();
});
afterEach(resetStandin);

function editConfig(change) {
  const settings = JSON.parse(fs.readFileSync(file, 'utf8'));
  change(settings);
  fs.writeFileSync(file, JSON.stringify(settings));
}

// The command-line program, as the account's owner.
function admin(...words) {
  const script = `source "${path.join(__dirname, '../support/site.sh')}" && site_admin "$@"`;
  return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

// Meta's wish that a person's data be deleted; gives the address of the page about it.
async function askForDeletion(person) {
  const wish = JSON.stringify({ person, url: `${site}/auth/instagram/deletion` });
  const { answer } = await (await fetch(`${standin}/_control/signed_request`, { method: 'POST', body: wish })).json();
  assert.equal(answer.status, 200);
  return JSON.parse(answer.body).url;
}

// Runs a test in a window of its own, and fails it for what watch() saw there.
function inWindow(name, options, run) {
  test(name, async () => {
    const { context, page, seen } = await newPage(browser, options);
    try {
      await run(page, context, seen);
      assert.deepEqual(seen, []);
    } finally {
      await context.close();
    }
  });
}

const summary = (page) => page.locator('details.account summary');
const button = (page, name) => page.getByRole('button', { name, exact: true });

async function openAccount(page) {
  assert.equal(await button(page, 'Delete my account').isVisible(), false, 'the buttons are not folded away');
  await summary(page).click();
  await button(page, 'Delete my account').waitFor();
}

async function askedToConfirm(page) {
  await page.getByRole('heading', { level: 1, name: 'Delete your account?' }).waitFor();
}

async function assertOut(page) {
  await page.goto(`${site}/profile`);
  assert.equal(new URL(page.url()).pathname, '/');
}

async function focused(page) {
  return page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return { text: document.activeElement.textContent.trim(), outlined, body: document.activeElement === document.body };
  });
}

// Presses Tab until the focus is on what is called so; it must always be to be seen.
async function tabTo(page, name) {
  for (let press = 0; press < 15; press++) {
    await page.keyboard.press('Tab');
    const { text, outlined, body } = await focused(page);
    assert.ok(outlined || body, `no outline around "${text}"`);
    if (text === name) return;
  }
  assert.fail(`Tab does not reach "${name}"`);
}

async function assertDeleted(page) {
  await page.getByRole('heading', { level: 1, name: 'Your account was deleted' }).waitFor();
}

// The home page says so, with or without scripts.
async function assertLoggedOut(page) {
  await page.waitForURL(at('/'));
  await page.getByRole('status').getByText('You are logged out').waitFor();
}

async function deleteByClicking(page) {
  await signIn(page, 'harbour.bakery');
  await openAccount(page);
  await button(page, 'Delete my account').click();
  await askedToConfirm(page);
  assert.match(await page.locator('main').innerText(), /Harbour Bakery[^]*cannot be undone/);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await page.waitForURL(at('/profile'));
  await assertProfile(page, 'harbour.bakery');
  assert.match(admin('users', 'list'), /@harbour\.bakery/);
  await openAccount(page);
  await button(page, 'Delete my account').click();
  await askedToConfirm(page);
  await button(page, 'Delete my account').click();
  await assertDeleted(page);
  assert.doesNotMatch(admin('users', 'list'), /@harbour\.bakery/);
  await assertOut(page);
}

describe('the account', () => {
  inWindow('thinking better of deleting it, and then deleting it', {}, deleteByClicking);
  inWindow('the same without JavaScript', { javaScriptEnabled: false }, deleteByClicking);
  inWindow('the same on a wide screen', { viewport: { width: 1280, height: 800 } }, deleteByClicking);

  inWindow('logging out everywhere', {}, async (page) => {
    const phone = await newPage(browser);
    const friend = await newPage(browser);
    await signIn(phone.page, 'harbour.bakery');
    await signIn(friend.page, 'layla.studio');
    await signIn(page, 'harbour.bakery');
    await openAccount(page);
    await button(page, 'Log out everywhere').click();
    await assertLoggedOut(page);
    await assertOut(page);
    await assertOut(phone.page);
    await friend.page.reload();
    await assertProfile(friend.page, 'layla.studio');
    await Promise.all([phone.context.close(), friend.context.close()]);
    assert.match(admin('users', 'list'), /@harbour\.bakery/);
  });

  inWindow('by keyboard alone', {}, async (page) => {
    await signIn(page, 'sakura_zine');
    await tabTo(page, 'Your account on this site');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Log out everywhere');
    await tabTo(page, 'Delete my account');
    await page.keyboard.press('Enter');
    await askedToConfirm(page);
    await tabTo(page, 'Cancel');
    await page.keyboard.press('Enter');
    // Not by its URL, which the question has too.
    await page.getByText('Your account on this site').waitFor();
    await tabTo(page, 'Your account on this site');
    await page.keyboard.press('Space');
    await tabTo(page, 'Delete my account');
    await page.keyboard.press('Space');
    await askedToConfirm(page);
    await tabTo(page, 'Delete my account');
    await page.keyboard.press('Enter');
    await assertDeleted(page);
    assert.doesNotMatch(admin('users', 'list'), /@sakura_zine/);
  });

  inWindow('after deleting, the back button shows nobody', {}, async (page, context, seen) => {
    await signIn(page, 'harbour.bakery');
    await openAccount(page);
    await button(page, 'Delete my account').click();
    await askedToConfirm(page);
    await button(page, 'Delete my account').click();
    await assertDeleted(page);
    // First to the question, which was the answer to a form and is not asked again by going back, then to the profile.
    for (let step = 0; step < 2; step++) {
      await page.goBack().catch(() => {});
      await assertAlone(page, 'Harbour Bakery');
    }
    // So Chromium calls it that it has not kept the question.
    const misses = seen.filter((line) => line.endsWith('net::ERR_CACHE_MISS'));
    seen.splice(0, seen.length, ...seen.filter((line) => !misses.includes(line)));
  });

  // A browser holds the redirect behind a form to the form-action of its page, which is this site alone.
  inWindow('a logout goes on to the provider, where it has one', {}, async (page) => {
    editConfig((settings) => { settings.providers.instagram.end_session_url = `${standin}/logout`; });
    await signIn(page, 'harbour.bakery');
    await page.route(`${standin}/**`, (route) => route.fulfill({ contentType: 'text/plain', body: 'Good bye' }));
    await summary(page).click();
    await button(page, 'Log out').click();
    await page.waitForURL(`${standin}/logout?client_id=*`);
    assert.equal(new URL(page.url()).searchParams.get('post_logout_redirect_uri'), `${site}/`);
    await page.goto(`${site}/profile`);
    await page.waitForURL(at('/'));
    editConfig((settings) => { delete settings.providers.instagram.end_session_url; });
  });

  inWindow('a page that was left open does nothing once the session has ended', {}, async (page, context) => {
    await signIn(page, 'harbour.bakery');
    const other = await context.newPage();
    await other.goto(`${site}/profile`);
    await summary(other).click();
    await button(page, 'Log out').click();
    await page.waitForURL(at('/'));
    await button(other, 'Delete my account').click();
    await other.waitForURL(at('/'));
    assert.match(admin('users', 'list'), /@harbour\.bakery/);
  });
});

describe('its pages are accessible and fit', () => {
  inWindow('the profile with the account unfolded', {}, async (page) => {
    await signIn(page, 'layla.studio');
    await openAccount(page);
    await inspect(page, 'account-open');
  });

  inWindow('the question before deleting', {}, async (page) => {
    await signIn(page, 'layla.studio');
    await openAccount(page);
    await button(page, 'Delete my account').click();
    await askedToConfirm(page);
    assert.equal(await page.locator('main bdi').first().evaluate((bdi) => getComputedStyle(bdi).unicodeBidi), 'isolate');
    await inspect(page, 'account-delete');
  });

  inWindow('the page about a deletion', {}, async (page) => {
    await signIn(page, 'layla.studio');
    await page.goto(await askForDeletion('layla.studio'));
    await page.getByRole('heading', { level: 1, name: 'Your data was deleted' }).waitFor();
    assert.match(await page.locator('time').innerText(), /^\d{1,2} [A-Z][a-z]+ 20\d\d, \d\d:\d\d UTC$/);
    assert.doesNotMatch(await page.content(), /layla|25014620183746519/);
    await inspect(page, 'deletion');
    await assertOut(page);
  });

  inWindow('the page about a deleted account', {}, async (page) => {
    await page.goto(`${site}/profile?done=deleted`);
    await assertDeleted(page);
    await inspect(page, 'deleted');
  });

  inWindow('the page of a deletion whose link is damaged', {}, async (page, context, seen) => {
    await page.goto(`${site}/auth/instagram/deletion?code=abc`);
    await page.getByRole('heading', { level: 1, name: 'This link is not whole' }).waitFor();
    await inspect(page, 'deletion-unknown');
    seen.splice(0, seen.length, ...seen.filter((line) => !line.includes('status of 404 ')));
  });

  inWindow('the page about a deletion that found nothing', {}, async (page) => {
    await page.goto(await askForDeletion('bobby_tables'));
    await page.getByRole('heading', { level: 1, name: 'There was nothing to delete' }).waitFor();
    await inspect(page, 'deletion-nothing');
  });

  inWindow('the notice that a new login is needed, and what it leads to', {}, async (page) => {
    await signIn(page, 'layla.studio');
    assert.equal(await page.getByRole('status').count(), 0);
    editConfig((settings) => { settings.providers.instagram.refresh.min_age_seconds = 0; });
    await control({ refresh_fault: 'code_190' });
    assert.match(admin('refresh', '--within', '3650'), /[1-9]\d* have to log in again, 0 failed/);
    await page.reload();
    const notice = page.getByRole('status');
    assert.match(await notice.innerText(), /Instagram has ended this site’s access to your account/);
    await inspect(page, 'reconnect');
    await notice.getByRole('link', { name: 'Log in again' }).click();
    await page.locator('label:has-text("@layla.studio") input').check();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.waitForURL(at('/profile'));
    await assertProfile(page, 'layla.studio');
    assert.equal(await page.getByRole('status').count(), 0);
  });
});
