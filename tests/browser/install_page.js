// SPDX-License-Identifier: MIT
// INSTALL.html as somebody uses it who installs from it: made as dist/bundle.sh makes it, opened from the disk, filled in.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const root = path.join(__dirname, '../..');

// The example as the archive has it: its programs have a suffix.
const makePage = `
  root=$1 version=0 arch=x86_64
  source "$root/dist/install_page/make.sh"
  sed -E 's#^(RewriteRule [^ ]+ /cgi-bin/[a-z]+)#\\1.cgi#' "$root/htaccess.example" >"$2/htaccess.example"
  install_page_make "$2/htaccess.example"`;

// Makes the page in a folder, and returns its address.
function installPage(folder) {
  const file = path.join(folder, 'INSTALL.html');
  fs.writeFileSync(file, execFileSync('bash', ['-ec', makePage, '-', root, folder]));
  return pathToFileURL(file).href;
}

async function fillAccount(page, { site, panel, kind = 'main', home, programs }) {
  await page.getByLabel('Your site’s address').fill(site);
  await page.getByLabel('Your host’s control panel').selectOption(panel);
  await page.locator(`[name=kind][value=${kind}]`).check();
  await page.getByLabel('Your account’s folder on the host').fill(home);
  if (programs !== undefined) {
    await page.getByText('The folders are others in my account').click();
    await page.getByLabel('The folder for the programs').fill(programs);
  }
  await page.getByRole('button', { name: 'Show me the folders' }).click();
  await page.locator('#account-shown').waitFor();
}

async function fillProvider(page, { provider, id, secret, keyFile, keyId, keyIssuer, siteName }) {
  await page.getByLabel('Log in with').selectOption(provider);
  await page.locator('#client-id').fill(id);
  if (secret !== undefined) await page.locator('#client-secret').fill(secret);
  if (siteName !== undefined) await page.getByLabel('Your site’s name').fill(siteName);
  if (keyFile === undefined) return;
  await page.locator('#key-file').fill(keyFile);
  await page.locator('#key-id').fill(keyId);
  await page.locator('#key-issuer').fill(keyIssuer);
}

// Has the page make the files, and saves them as a browser does. Returns their bytes by their names.
async function makeFiles(page) {
  await page.getByRole('button', { name: 'Make my files' }).click();
  await page.locator('#made').waitFor();
  const files = {};
  for (const link of await page.locator('#made a[download]:visible').all()) {
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.equal(await download.failure(), null);
    files[download.suggestedFilename()] = fs.readFileSync(await download.path());
  }
  return files;
}

// What a table of the page says, a list of its cells for each row.
const tableRows = (page, id) => page.locator(`#${id} tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

module.exports = { fillAccount, fillProvider, installPage, makeFiles, tableRows };
