// SPDX-License-Identifier: MIT
// Accounts as an FTP program leaves them that did what INSTALL.html says: the archive's files, the files that the page has
// made, every file with mode 644 until a mode is set, no links, dot files renamed there. Each as its panel lays it out,
// under an Apache that hands on no CGI_LOGIN_CONFIG, as suEXEC would; and a sign-in goes through. With SITE_ARCHIVE the
// files are those of `make dist`, else what is built, staged as the archive is.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { consent, launch, newPage, standin } = require('./support.js');
const { fillAccount, fillProvider, installPage, makeFiles, tableRows } = require('./install_page.js');

const root = path.join(__dirname, '../..');
const folder = path.join(process.env.SITE_DIR, 'accounts');
const archive = path.join(folder, 'archive');

// `alias`: the server knows the programs' folder by itself, as panels set it up.
const accounts = [
  { name: 'cpanel', panel: 'cpanel', kind: 'main', root: 'public_html', programs: 'public_html/cgi-bin', alias: true },
  { name: 'addon', panel: 'cpanel', kind: 'added', root: 'public_html/localhost', programs: 'public_html/localhost/cgi-bin', alias: true, pointer: true },
  { name: 'directadmin', panel: 'directadmin', kind: 'main', root: 'domains/localhost/public_html', programs: 'domains/localhost/public_html/cgi-bin', alias: true },
  { name: 'plesk', panel: 'plesk', kind: 'main', root: 'httpdocs', programs: 'cgi-bin', alias: true },
  { name: 'unknown', panel: 'other', kind: 'main', root: 'public_html', programs: 'public_html/programs', alias: false },
];

const shell = (script, ...words) => execFileSync('bash', ['-ec', `source "$0/tests/support/site.sh"; ${script}`, root, ...words], { encoding: 'utf8' });

function unpack() {
  fs.mkdirSync(archive, { recursive: true });
  if (process.env.SITE_ARCHIVE) {
    execFileSync('tar', ['-xzf', process.env.SITE_ARCHIVE, '-C', archive, '--strip-components=1']);
    return;
  }
  execFileSync('make', ['-s', '-C', root, 'install', `BUILD=${process.env.BUILD ?? 'build'}`, `PREFIX=${archive}/cgi-login`,
    `CGI_BIN=${archive}/cgi-bin`, `HTML=${archive}/public_html`, 'CGI_SUFFIX=.cgi'], { env: { PATH: process.env.PATH, INSTALL_STAGE: '1' }, stdio: 'pipe' });
}

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// What the account's panel has set up: a server for it, the web root, and where it has it, a cgi-bin.
function serverRules({ home, port, root: webRoot, programs, alias }) {
  return `Listen 127.0.0.1:${port}
<VirtualHost *:${port}>
  DocumentRoot "${home}/${webRoot}"
  <Directory "${home}/${webRoot}">
    AllowOverride All
    Options SymLinksIfOwnerMatch
    Require all granted
  </Directory>
  ${alias ? `ScriptAlias /cgi-bin/ "${home}/${programs}/"
  <Directory "${home}/${programs}">
    AllowOverride All
    Options +ExecCGI
    Require all granted
  </Directory>` : ''}
</VirtualHost>
`;
}

let browser, installAddress;
before(async () => {
  unpack();
  installAddress = installPage(folder);
  for (const account of accounts) {
    account.home = path.join(folder, account.name);
    account.port = await freePort();
    account.site = `http://localhost:${account.port}`;
    fs.mkdirSync(path.join(account.home, account.root), { recursive: true });
  }
  browser = await launch();
});
after(async () => {
  await browser.close();
  shell('site_restart; standin_stop; standin_start');
  fs.rmSync(folder, { recursive: true });
});

// --- an FTP program ---

// A file is there with the bytes that were sent and the mode that the server gives every file.
function send(from, to) {
  if (!fs.statSync(from).isDirectory()) {
    fs.mkdirSync(path.dirname(to), { recursive: true, mode: 0o755 });
    fs.writeFileSync(to, fs.readFileSync(from));
    fs.chmodSync(to, 0o644);
    return;
  }
  fs.mkdirSync(to, { recursive: true, mode: 0o755 });
  for (const name of fs.readdirSync(from)) send(path.join(from, name), path.join(to, name));
}

// Does what a row of step 4 says. Ours are files that were saved; a target that ends in a slash is a folder.
function upload(saved, [from, to]) {
  const source = Object.hasOwn(saved, from) ? path.join(folder, 'saved', from) : path.join(archive, from);
  if (Object.hasOwn(saved, from)) {
    fs.mkdirSync(path.dirname(source), { recursive: true });
    fs.writeFileSync(source, saved[from]);
  }
  send(source, to.endsWith('/') && !from.endsWith('/') ? path.join(to, from) : to);
}

function setMode([name, mode]) {
  const parent = path.dirname(name), last = path.basename(name);
  const names = last.startsWith('*') ? fs.readdirSync(parent).filter((file) => file.endsWith(last.slice(1))) : [last];
  for (const file of names) fs.chmodSync(path.join(parent, file), Number.parseInt(mode, 8));
}

// Where the provider is in this test; the config stays as the page has made it.
function useStandin(own) {
  const file = path.join(own, 'providers/instagram.json');
  const { documentation, register, ...preset } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const paths = { authorize_url: '/oauth/authorize', token_url: '/oauth/access_token', profile_url: '/v26.0/me' };
  for (const [key, at] of Object.entries(paths)) preset[key] = standin + at;
  preset.long_lived.url = `${standin}/access_token`;
  preset.refresh.url = `${standin}/refresh_access_token`;
  fs.writeFileSync(file, JSON.stringify({ ...preset, register }));
}

async function install(account) {
  const { context, page } = await newPage(browser);
  await page.goto(installAddress);
  await fillAccount(page, { site: account.site, panel: account.panel, kind: account.kind, home: account.home,
    programs: account.alias ? undefined : path.join(account.home, account.programs) });
  await fillProvider(page, { provider: 'instagram', id: process.env.SITE_CLIENT_ID, secret: process.env.SITE_CLIENT_SECRET, siteName: account.name });
  const saved = await makeFiles(page);
  assert.equal(Object.hasOwn(saved, 'cgi-login-config.txt'), account.pointer ?? false, account.name);
  const uploads = await tableRows(page, 'uploads'), modes = await tableRows(page, 'modes');
  account.open = await page.locator('#open-link').getAttribute('href');
  account.code = await page.locator('#setup-code').inputValue();
  await context.close();
  const named = uploads.map(([from]) => from.replace(/\/$/, ''));
  assert.deepEqual([...['cgi-login', 'cgi-bin'], ...fs.readdirSync(path.join(archive, 'public_html')).filter((name) => name !== '.htaccess')
    .map((name) => `public_html/${name}`)].filter((name) => !named.includes(name)), [], 'all that the archive has for the account is uploaded');
  for (const row of uploads) upload(saved, row);
  for (const row of modes) setMode(row);
  account.own = path.dirname(uploads.find(([from]) => from === 'config.json')[1] + 'x');
  useStandin(account.own);
}

const check = ({ own }) => {
  try {
    return shell('site_run "$1/bin/cgi-login" check', own);
  } catch (error) {
    return error.stdout;
  }
};

test('in each panel\'s layout the site works as the page has had it laid out', async (context) => {
  await Promise.all(accounts.map(install));
  shell(`_site_give_away "${folder}"; _SITE_MODULES=\${_SITE_MODULES/ env / }; SITE_HTTPD_EXTRA=$1 site_restart; standin_stop; standin_start "\${@:2}"`,
    accounts.map(serverRules).join(''), ...accounts.flatMap(({ site }) => ['--redirect-uri', `${site}/auth/instagram/callback`]));
  for (const account of accounts) {
    await context.test(account.name, async () => {
      const { context: window, page } = await newPage(browser);
      // The last step: the owner's page finds nothing wrong.
      const answer = await page.goto(account.open);
      assert.equal(answer.status(), 200, shell('site_error_log | tail -n 5'));
      await page.getByLabel('Code of the set-up').fill(account.code);
      await page.getByRole('button', { name: 'Show the check' }).click();
      await page.getByRole('heading', { name: 'Is the site set up right?' }).waitFor();
      assert.deepEqual(await page.locator('.bad').locator('xpath=ancestor::li').allInnerTexts(), []);
      await page.goto(`${account.site}/login`);
      assert.ok((await page.title()).includes(account.name), 'the page says whose it is');
      await page.getByRole('link', { name: 'Log in with Instagram' }).click();
      await consent(page, 'sakura_zine');
      await page.waitForURL((url) => url.origin === account.site && url.pathname === '/profile');
      await page.getByRole('heading', { name: '山田さくら' }).waitFor();
      for (const secret of ['/cgi-login/config.json', '/.htaccess', '/cgi-bin/.cgi-login-config', '/cgi-login/users.db'])
        assert.notEqual((await fetch(account.site + secret)).status, 200, secret);
      assert.equal((await fetch(`${account.site}/cgi-login/style.css`)).status, 200);
      assert.ok(fs.existsSync(path.join(account.own, 'users.db')), 'the users are where the config says');
      await window.close();
    });
  }
  await context.test('what went wrong with the upload is told', () => {
    const [account] = accounts;
    const program = (name) => path.join(account.home, account.programs, name);
    fs.chmodSync(program('logout.cgi'), 0o644);
    // ASCII mode, from Windows to Unix.
    const whole = fs.readFileSync(program('callback.cgi')).toString('latin1');
    const damaged = whole.replaceAll('\r\n', '\n');
    assert.ok(damaged.length < whole.length);
    fs.writeFileSync(program('callback.cgi'), damaged, 'latin1');
    fs.renameSync(path.join(account.home, account.root, '.htaccess'), path.join(account.home, account.root, 'htaccess.txt'));
    const told = check(account);
    assert.match(told, /FIX .*callback.*ASCII mode|FIX .*ASCII mode.*callback/);
    assert.match(told, /FIX .*(may not be run|set their mode).*logout/);
    assert.match(told, /FIX .*\.htaccess/);
  });
});
