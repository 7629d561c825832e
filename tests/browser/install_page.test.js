// SPDX-License-Identifier: MIT
// INSTALL.html, as the archive has it, opened from the disk: its forms make the files that a shell would have made, say
// what is wrong beside the field, send nothing and keep nothing.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { inspect, launch, newPage } = require('./support.js');
const { fillAccount, fillProvider, installPage, makeFiles } = require('./install_page.js');

const root = path.join(__dirname, '../..');
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');

let browser, folder, address;
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'install-page.'));
  address = installPage(folder);
  browser = await launch();
});
after(async () => {
  await browser.close();
  fs.rmSync(folder, { recursive: true });
});

// From the disk a page has no response that newPage could keep for the validator.
const open = async () => {
  const { context, page, seen } = await newPage(browser);
  const markup = fs.readFileSync(path.join(folder, 'INSTALL.html'), 'utf8');
  await page.goto(address);
  // The one request that is allowed is the page itself.
  assert.deepEqual(seen.splice(0), [`request: ${address}`]);
  return { context, page, seen, markup };
};

const value = (page, id) => page.locator(`#${id}`).inputValue();

test('the page is accessible and fits, with all that it can show', async () => {
  const { context, page, seen, markup } = await open();
  await fillAccount(page, { site: 'https://shop.anna.net', panel: 'cpanel', kind: 'added', home: '/home/anna' });
  await fillProvider(page, { provider: 'apple', id: 'net.anna.shop', keyFile: 'AuthKey_A.p8', keyId: 'A', keyIssuer: 'B' });
  await makeFiles(page);
  await page.getByText('The folders are others in my account').click();
  await page.getByText('Look into them').click();
  await inspect(page, 'install-page', { markup });
  assert.deepEqual(seen, []);
  await context.close();
});

test('a field that is not right says so, is read out with it and gets the focus; nothing is made until all are', async () => {
  const { context, page, seen } = await open();
  await page.getByRole('button', { name: 'Make my files' }).click();
  const error = page.locator('#client-id-error');
  assert.match(await error.textContent(), /^Copy the Instagram app ID/);
  const field = page.getByLabel('Instagram app ID');
  assert.ok(await field.evaluate((input) => input === document.activeElement));
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.match(await field.getAttribute('aria-describedby'), /client-id-error/);
  assert.match(await page.locator('#files-problem').textContent(), /2 fields want another look/);
  await field.fill('17');
  assert.equal(await error.textContent(), '');
  await page.getByLabel('Instagram app secret').fill('ab 12');
  // The click that leaves the field must not miss its button for the sentence that appears.
  await page.getByRole('button', { name: 'Make my files' }).click();
  assert.match(await page.locator('#client-secret-error').textContent(), /There is a blank/);
  await page.getByLabel('Instagram app secret').fill('ab12');
  await page.getByRole('button', { name: 'Make my files' }).click();
  assert.match(await page.locator('#site-error').textContent(), /Write the address/, 'the first form is judged, too');
  assert.ok(await page.locator('#made').isHidden());
  assert.deepEqual(seen, []);
  await context.close();
});

test('with the keyboard alone the files are made; they keep their key while the page is open, and nothing is stored', async () => {
  const { context, page, seen } = await open();
  const type = async (label, text) => {
    await page.getByLabel(label, { exact: true }).focus();
    await page.keyboard.type(text);
  };
  await type('Your site’s address', 'https://www.anna.net/');
  await type('Your account’s folder on the host', '/home/anna');
  await page.keyboard.press('Enter');
  await page.locator('#account-shown').waitFor();
  await type('Instagram app ID', '17');
  await type('Instagram app secret', 'ab12');
  await page.keyboard.press('Enter');
  await page.locator('#made').waitFor();
  const config = JSON.parse(await value(page, 'config'));
  assert.equal(config.base_url, 'https://www.anna.net');
  assert.equal(config.store, 'sqlite:///home/anna/cgi-login/users.db');
  assert.deepEqual(config.providers, { instagram: { client_id: '17', client_secret: 'ab12' } });
  assert.match(config.setup_code, /^([0-9a-z]{5}-){5}[0-9a-z]{5}$/);
  assert.equal(await value(page, 'setup-code'), config.setup_code);
  assert.equal(await page.getByRole('link', { name: 'Open https://www.anna.net/auth/console' }).getAttribute('href'), 'https://www.anna.net/auth/console');
  await type('Instagram app secret', '9');
  await page.keyboard.press('Enter');
  const again = JSON.parse(await value(page, 'config'));
  assert.deepEqual([again.keys, again.setup_code, again.providers.instagram.client_secret], [config.keys, config.setup_code, 'ab129']);
  const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, location.href]);
  assert.deepEqual(kept, [0, 0, '', address]);
  assert.deepEqual(seen, []);
  await context.close();
});

test('what is saved has the names and the bytes that it should', async () => {
  const { context, page, seen } = await open();
  await fillAccount(page, { site: 'https://shop.anna.net', panel: 'cpanel', kind: 'added', home: '/home/anna' });
  await fillProvider(page, { provider: 'google', id: '17.apps', secret: 'ab12' });
  const files = await makeFiles(page);
  assert.deepEqual(Object.keys(files).sort(), ['cgi-login-config.txt', 'config.json', 'htaccess.txt']);
  for (const [name, bytes] of Object.entries(files)) {
    assert.ok(!bytes.includes('\r') && bytes[0] !== 0xef && bytes.at(-1) === 0x0a, name);
  }
  assert.equal(files['cgi-login-config.txt'].toString(), '/home/anna/cgi-login-shop.anna.net/config.json\n');
  assert.equal(files['config.json'].toString(), await value(page, 'config'));
  assert.equal(files['htaccess.txt'].toString(), await value(page, 'htaccess'));
  assert.ok(read('htaccess.example').endsWith(files['htaccess.txt'].toString().split('# END cgi-login\n')[1]), 'where there was none');
  assert.deepEqual(seen, []);
  await context.close();
});

test('an .htaccess that is chosen gets our lines where they work, and one that is not right is told beside the field', async () => {
  const { context, page, seen } = await open();
  await fillAccount(page, { site: 'https://www.anna.net', panel: 'other', home: '/home/anna' });
  await fillProvider(page, { provider: 'instagram', id: '17', secret: 'ab12' });
  const choose = (text) => page.getByLabel('Or choose the copy').setInputFiles({ name: '.htaccess', mimeType: 'text/plain', buffer: Buffer.from(text, 'latin1') });
  await choose('# B\xe4ckerei\r\n<IfModule x>\r\n');
  const error = page.locator('#old-htaccess-error');
  await error.getByText('The section that line 2 begins is closed nowhere').waitFor();
  await page.getByRole('button', { name: 'Make my files' }).click();
  assert.ok(await page.locator('#made').isHidden());
  await choose('# B\xe4ckerei\r\nRewriteRule ^ index.php [L]\r\n');
  await error.getByText('closed nowhere').waitFor({ state: 'detached' });
  const files = await makeFiles(page);
  const text = files['htaccess.txt'].toString('latin1');
  const block = text.slice(text.indexOf('# BEGIN cgi-login\n'), text.indexOf('# END cgi-login\n'));
  assert.ok(text.endsWith('# END cgi-login\n# B\xe4ckerei\nRewriteRule ^ index.php [L]\n') && text.startsWith(block));
  assert.match(block, /^RewriteRule \^login\/\?\$ \/cgi-bin\/login\.cgi \[END\]$/m);
  assert.match(block, /^AddHandler cgi-script \.cgi$/m, 'of an unknown host nothing runs programs by itself');
  assert.match(await page.locator('#htaccess-says').textContent(), /line 2 as it was/);
  assert.deepEqual(seen, []);
  await context.close();
});

test('the form of the gate makes the two texts', async () => {
  const { context, page, seen } = await open();
  await page.getByRole('button', { name: 'Make the two texts' }).click();
  await page.getByRole('alert').getByText('The folder should read like /members').waitFor();
  assert.ok(await page.locator('#gate-made').isHidden());

  await page.getByLabel('The folder’s address').fill(' /members area/ ');
  await page.getByRole('button', { name: 'Make the two texts' }).click();
  assert.deepEqual(JSON.parse(`{${await value(page, 'gate-rule')}}`),
    { gate: [{ path: '/members area', allow: { signed_in: true } }] });
  assert.equal(await value(page, 'gate-lines'), read('html/gate/redirect.htaccess').replaceAll('@GATE_URL@', '/cgi-bin/gate.cgi'));

  await page.getByLabel('Who may see it').fill('anna@example.com, bert@example.com,');
  await page.getByLabel('Apache’s mod_fcgid').check();
  await page.getByRole('button', { name: 'Make the two texts' }).click();
  await page.getByRole('alert').getByText('The program’s file should begin with /').waitFor();
  await page.getByLabel('With mod_fcgid').fill('/home/anna/cgi-bin/gate.cgi');
  await page.getByRole('button', { name: 'Make the two texts' }).click();
  assert.deepEqual(JSON.parse(`{${await value(page, 'gate-rule')}}`).gate[0].allow, { emails: ['anna@example.com', 'bert@example.com'] });
  assert.equal(await value(page, 'gate-lines'), read('html/gate/authorizer.htaccess')
    .replaceAll('@GATE_URL@', '/cgi-bin/gate.cgi').replaceAll('@GATE_FILE@', '/home/anna/cgi-bin/gate.cgi'));
  assert.deepEqual(seen, []);
  await context.close();
});
