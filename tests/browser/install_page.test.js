// SPDX-License-Identifier: MIT
// INSTALL.html, as the archive has it: its forms make the files that a shell would have made, and it is a page like the
// others.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { inspect, launch, newPage, site } = require('./support.js');

const root = path.join(__dirname, '../..');
const file = path.join(process.env.SITE_HTML, 'install-page.html');
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');

let browser;
before(async () => {
  fs.writeFileSync(file, execFileSync('bash', ['-c',
    'root=$1 version=0 arch=x86_64; source "$1/dist/bundle.sh"; _bundle_fill_page "$1" <"$1/dist/INSTALL.html"', '-', root]));
  browser = await launch();
});
after(async () => {
  fs.rmSync(file);
  await browser.close();
});

const value = (page, id) => page.locator(`#${id}`).inputValue();

test('the page is accessible and fits, and its forms make what is to be uploaded', async () => {
  const { context, page, seen } = await newPage(browser);
  await page.goto(`${site}/install-page.html`);
  await page.getByRole('button', { name: 'Make the two texts' }).click();
  await page.getByRole('alert').getByText('The folder should read like /members').waitFor();
  assert.ok(await page.locator('#gate-made').isHidden());

  await page.getByLabel("The folder's address").fill(' /members area/ ');
  await page.getByRole('button', { name: 'Make the two texts' }).click();
  assert.deepEqual(JSON.parse(`{${await value(page, 'gate-rule')}}`),
    { gate: [{ path: '/members area', allow: { signed_in: true } }] });
  assert.equal(await value(page, 'gate-lines'), read('html/gate/redirect.htaccess').replaceAll('@GATE_URL@', '/cgi-bin/gate.cgi'));

  await page.getByLabel('Who may see it').fill('anna@example.com, bert@example.com,');
  await page.getByLabel("Apache's mod_fcgid").check();
  await page.getByRole('button', { name: 'Make the two texts' }).click();
  await page.getByRole('alert').getByText("The program's file should begin with /").waitFor();
  await page.getByLabel('With mod_fcgid').fill('/home/anna/cgi-bin/gate.cgi');
  await page.getByRole('button', { name: 'Make the two texts' }).click();
  assert.deepEqual(JSON.parse(`{${await value(page, 'gate-rule')}}`).gate[0].allow, { emails: ['anna@example.com', 'bert@example.com'] });
  assert.equal(await value(page, 'gate-lines'), read('html/gate/authorizer.htaccess')
    .replaceAll('@GATE_URL@', '/cgi-bin/gate.cgi').replaceAll('@GATE_FILE@', '/home/anna/cgi-bin/gate.cgi'));

  await page.getByLabel("Your site's address").fill('https://www.example.com/');
  await page.getByLabel("Your account's folder").fill('/home/anna');
  await page.getByLabel('Instagram app ID').fill('17');
  await page.getByLabel('Instagram app secret').fill('ab12');
  await page.getByRole('button', { name: 'Make the two files' }).click();
  const config = JSON.parse(await value(page, 'config'));
  assert.equal(config.store, 'sqlite:///home/anna/cgi-login/users.db');
  assert.equal(Buffer.from(config.keys[0], 'base64').length, 32);
  assert.equal(await value(page, 'htaccess'), read('htaccess.example').replaceAll('/home/you', '/home/anna'));

  await inspect(page, 'install-page');
  assert.deepEqual(seen.filter((line) => !line.includes('/favicon.ico)')), []);
  await context.close();
});
