// SPDX-License-Identifier: MIT
// A guarded folder in a browser: the way to the login and back to the very address, the page for an account that is not let
// in, with another account and without JavaScript.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, afterEach, before, describe, test } = require('node:test');
const { consent, inspect, launch, newPage, resetStandin, site } = require('./support.js');

const file = process.env.SITE_CONFIG;
const config = fs.readFileSync(file, 'utf8');
const folder = path.join(process.env.SITE_HTML, 'members');
const address = `${site}/members/admin/page.html?x=1&y=%C3%A9#end`;

let browser;
before(async () => {
  browser = await launch();
  const lines = fs.readFileSync(path.join(process.env.SITE_PRODUCT, 'gate', 'redirect.htaccess'), 'utf8');
  fs.mkdirSync(path.join(folder, 'admin'), { recursive: true });
  fs.writeFileSync(path.join(folder, '.htaccess'), lines.replaceAll('@GATE_URL@', '/cgi-bin/gate'));
  fs.writeFileSync(path.join(folder, 'admin', 'page.html'), '<!doctype html><title>Admin</title><link rel="icon" href="data:,"><p id="end">For Sakura');
  fs.writeFileSync(file, JSON.stringify({
    ...JSON.parse(config),
    gate: [
      { path: '/members/admin', allow: { usernames: ['instagram:sakura_zine'] } },
      { path: '/members', allow: { signed_in: true } },
    ],
  }));
});
after(async () => {
  fs.writeFileSync(file, config);
  fs.rmSync(folder, { recursive: true });
  await browser.close();
});
afterEach(resetStandin);

for (const javaScriptEnabled of [true, false]) {
  describe(`a guarded folder, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    test('leads to the login and back; who is not let in is told as whom, and comes in with another account', async () => {
      const { context, page, seen } = await newPage(browser, { javaScriptEnabled });
      try {
        await page.goto(address);
        assert.equal(new URL(page.url()).pathname, '/login');
        await page.getByRole('link', { name: 'Log in with Instagram' }).click();
        await consent(page, 'layla.studio');
        await page.getByRole('heading', { name: 'This page is not open to your account' }).waitFor();
        assert.equal(page.url().replace(/#.*/, ''), address.replace(/#.*/, ''));
        assert.match(await page.locator('.lead').textContent(), /You are logged in as ليلى حدّاد with Instagram/);
        if (javaScriptEnabled) {
          await inspect(page, 'forbidden');
        }
        await page.getByRole('link', { name: 'Log in with another account' }).click();
        await page.getByRole('link', { name: 'Log in with Instagram' }).click();
        await consent(page, 'sakura_zine');
        await page.getByText('For Sakura').waitFor();
        assert.equal(page.url().replace(/#.*/, ''), address.replace(/#.*/, ''));
        await page.goto(`${site}/profile`);
        await page.getByRole('button', { name: 'Log out', exact: true }).click();
        await page.goto(address);
        assert.equal(new URL(page.url()).pathname, '/login');
        // The console tells of the page's own status, too.
        assert.deepEqual(seen.filter((line) => !line.includes('403')), []);
      } finally {
        await context.close();
      }
    });
  });
}
