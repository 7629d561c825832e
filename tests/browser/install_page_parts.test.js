// SPDX-License-Identifier: MIT
// What the scripts of INSTALL.html compute, without a page: tables of what goes in and what comes out.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { before, test } = require('node:test');

const root = path.join(__dirname, '../..');
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');
const presets = Object.fromEntries(fs.readdirSync(path.join(root, 'providers')).filter((file) => file !== 'schema.json')
  .map((file) => [file.replace('.json', ''), JSON.parse(read(`providers/${file}`))]));

const parts = {};
before(async () => {
  for (const name of ['config', 'fields', 'files', 'htaccess', 'layouts', 'pictures', 'random'])
    parts[name] = await import(path.join(root, 'dist/install_page', `${name}.mjs`));
});

test('each panel has its folders, and says whether the programs find the settings from there', () => {
  const rows = [
    // panel, kind, home, web root, programs, private folder, address, found by themselves
    ['cpanel', 'main', '/home/you', 'public_html', 'public_html/cgi-bin', 'cgi-login', '/cgi-bin', true],
    ['cpanel', 'added', '/home/you', 'public_html/shop.anna.net', 'public_html/shop.anna.net/cgi-bin', 'cgi-login-shop.anna.net', '/cgi-bin', false],
    ['plesk', 'main', '/var/www/vhosts/shop.anna.net', 'httpdocs', 'cgi-bin', 'cgi-login', '/cgi-bin', true],
    ['plesk', 'added', '/var/www/vhosts/anna.net', 'shop.anna.net', 'shop.anna.net/cgi-bin', 'cgi-login-shop.anna.net', '/cgi-bin', false],
    ['directadmin', 'main', '/home/you', 'domains/shop.anna.net/public_html', 'domains/shop.anna.net/public_html/cgi-bin',
      'domains/shop.anna.net/cgi-login', '/cgi-bin', true],
    ['directadmin', 'added', '/home/you', 'domains/anna.net/public_html/shop', 'domains/anna.net/public_html/shop/cgi-bin', 'cgi-login-shop.anna.net', '/cgi-bin', false],
    ['ispconfig', 'main', '/var/www/clients/client1/web1', 'web', 'cgi-bin', 'private/cgi-login', '/cgi-bin', false],
    ['ispconfig', 'added', '/var/www/clients/client1/web1', 'shop.anna.net', 'cgi-bin/shop.anna.net', 'private/cgi-login-shop.anna.net', '/cgi-bin/shop.anna.net', false],
    ['other', 'main', '/home/you', 'public_html', 'public_html/cgi-bin', 'cgi-login', '/cgi-bin', true],
    ['other', 'added', '/home/you', 'shop.anna.net', 'shop.anna.net/cgi-bin', 'cgi-login-shop.anna.net', '/cgi-bin', false],
  ];
  const { PANELS, isFound, usualAddress, usualFolders } = parts.layouts;
  for (const [panel, kind, home, webRoot, programs, own, address, found] of rows) {
    const folders = usualFolders(panel, kind, 'shop.anna.net', home);
    assert.deepEqual(folders, { root: `${home}/${webRoot}`, programs: `${home}/${programs}`, private: `${home}/${own}` }, `${panel}, ${kind}`);
    assert.equal(isFound({ home, ...folders }), found, `${panel}, ${kind}`);
    assert.equal(usualAddress(folders), address);
  }
  assert.equal(rows.length, 2 * Object.keys(PANELS).length);
  assert.equal(usualAddress({ root: '/home/you/www', programs: '/home/you/www/sub/cgi' }), '/sub/cgi');
  assert.equal(usualAddress({ root: '/home/you/www', programs: '/home/you/www-cgi' }), '/cgi-bin');
});

test('a picture tells those who hear it what it shows, and takes a folder\'s name as text', () => {
  const { folderPicture, modePicture } = parts.pictures;
  const svg = folderPicture({ home: '/home/<you>', root: '/home/<you>/www', programs: '/home/<you>/cgi-bin', private: '/home/<you>/cgi-login' }, {});
  assert.match(svg, /aria-label="The folders of your account\. In \/home\/&#60;you&#62;: the private folder/);
  assert.doesNotMatch(svg, /<you>/);
  assert.match(modePicture('755'), /aria-label="Mode 755\. owner: read, write, execute; group: read, execute; public: read, execute\."/);
  assert.match(modePicture('600'), /aria-label="Mode 600\. owner: read, write; group: nothing; public: nothing\."/);
  assert.equal(modePicture('644').match(/class="tick"/g).length, 4);
});

test('each field says in a sentence what is wrong with it, and takes what is right', () => {
  const { checkCredential, checkFolder, checkKeyFile, checkPrivate, checkProgramsAddress, checkServer, checkSite, checkSiteName, folderOf, siteOf } = parts.fields;
  const site = { root: '/home/anna/public_html', programs: '/home/anna/public_html/cgi-bin' };
  const rows = [
    [checkSite, 'https://shop.anna.net', ''], [checkSite, ' https://Shop.Anna.net:8443/ ', ''], [checkSite, 'http://localhost:8080', ''],
    [checkSite, '“https://shop.anna.net”', ''], [checkSite, 'https://bäckerei.example.berlin', ''],
    [checkSite, '', 'Write the address'], [checkSite, 'shop.anna.net', 'begins with https://'], [checkSite, 'https://shop. anna.net', 'blank'],
    [checkSite, 'http://shop.anna.net', 'It must be https'], [checkSite, 'https://shop.anna.net/login', 'Leave out what follows https://shop.anna.net.'],
    [checkSite, 'https://www.example.com', 'This is the example’s'], [checkSite, 'https://anna', 'This is no address'],
    [checkSite, 'https://anna:secret@anna.net', 'before an “@”'], [checkSite, 'ftp://anna.net', 'begins with https://'],
    [checkFolder, '/home/anna', ''], [checkFolder, '/home/anna/my site/', ''],
    [checkFolder, '', 'Write the folder'], [checkFolder, 'home/anna', 'begins with /'], [checkFolder, '/', 'begins with /'],
    [checkFolder, '~/www', 'in place of ~'], [checkFolder, 'C:\\Users\\Anna', 'your own computer'], [checkFolder, '/home/an"na', 'a character'],
    [checkFolder, '/home/100%', 'a character'], [checkFolder, '/home/anna/../bert', '/..'], [checkFolder, '/home//anna', '//'],
    [(text) => checkPrivate(text, site), '/home/anna/cgi-login', ''], [(text) => checkPrivate(text, site), '/home/anna/public_html/cgi-login', 'in a web root'],
    [(text) => checkPrivate(text, site), '/home/bert/public_html/x', 'in a web root'], [(text) => checkPrivate(text, site), '/home/anna/public_html', 'in a web root'],
    [(text) => checkPrivate(text, { root: '/h/w', programs: '/h/cgi-bin' }), '/h/cgi-bin/private', 'among the programs'],
    [checkProgramsAddress, '/cgi-bin/', ''], [checkProgramsAddress, 'cgi-bin', 'reads like /cgi-bin'], [checkProgramsAddress, '/cgi bin', 'reads like /cgi-bin'],
    [(text) => checkServer(text, 'https://a.example'), 'https://sso.anna.net/realms/main', ''],
    [(text) => checkServer(text, 'https://a.example'), 'sso.anna.net', 'begins with https://, like https://a.example.'],
    [(text) => checkServer(text, 'https://a.example'), 'https://sso.anna.net/?x=1', 'Leave out “?”'],
    [(text) => checkCredential(text, 'App secret', '17'), ' 0f3c ', ''], [(text) => checkCredential(text, 'App secret', '17'), '17', 'same as the one above'],
    [(text) => checkCredential(text, 'App secret'), '', 'Copy the App secret'], [(text) => checkCredential(text, 'App secret'), 'a b', 'blank'],
    [(text) => checkCredential(text, 'App secret'), '••••••••', 'a character'], [(text) => checkCredential(text, 'App secret'), '********', 'what stands in its place'],
    [(text) => checkCredential(text, 'App secret'), 'YOUR_INSTAGRAM_APP_SECRET', 'what stands in its place'],
    [checkKeyFile, 'AuthKey_A.p8', ''], [checkKeyFile, '/home/anna/AuthKey_A.p8', 'Only the file’s name'], [checkKeyFile, '', 'Write the name'],
    [checkSiteName, 'Anna’s Bakery 🥖', ''], [checkSiteName, '🥖'.repeat(60), ''], [checkSiteName, '🥖'.repeat(61), 'more than 60'], [checkSiteName, 'a\nb', 'one line'],
    [checkSiteName, 'Anna\u202e', 'that nobody sees'],
  ];
  for (const [check, text, sentence] of rows) {
    const fault = check(text, '/home/you');
    assert.ok(sentence === '' ? fault === '' : fault.includes(sentence), `${JSON.stringify(text)}: ${fault}`);
  }
  assert.equal(siteOf(' https://Shop.Anna.net/ '), 'https://shop.anna.net');
  assert.equal(siteOf('https://bäckerei.berlin'), 'https://xn--bckerei-5wa.berlin');
  assert.equal(folderOf(' "/home/anna/" '), '/home/anna');
});

test('a key holds 32 bytes and a code 150 bits, none twice, as the config wants them', () => {
  const { newKey, newSetupCode } = parts.random;
  const made = new Set();
  for (let i = 0; i < 200; i++) {
    const key = newKey(), code = newSetupCode();
    assert.equal(Buffer.from(key, 'base64').toString('base64'), key);
    assert.equal(Buffer.from(key, 'base64').length, 32);
    assert.match(code, /^([0-9a-hjkmnp-tv-z]{5}-){5}[0-9a-hjkmnp-tv-z]{5}$/);
    assert.match(code, /[0-9]/);
    made.add(key).add(code);
  }
  assert.equal(made.size, 400);
});

// The program judges the whole of it: one config for each provider file, as an owner would make it here.
test('the config of each provider is what `cgi-login check` takes', () => {
  const { makeConfig, needs } = parts.config;
  const home = fs.mkdtempSync('/tmp/install-page.');
  const own = `${home}/cgi-login`, key = parts.random.newKey();
  try {
    fs.cpSync(path.join(root, 'providers'), `${own}/providers`, { recursive: true });
    fs.cpSync(path.join(root, 'html/templates'), `${own}/templates`, { recursive: true });
    fs.writeFileSync(`${own}/key.p8`, execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], { stdio: 'pipe' }), { mode: 0o600 });
    for (const [name, preset] of Object.entries(presets)) {
      const answers = {
        site: 'http://localhost:1', private: own, key, siteName: 'Anna’s Bakery 🥖', setupCode: parts.random.newSetupCode(), provider: name, address: preset.register.address,
        clientId: '17', clientSecret: 'ab12', keyFile: 'key.p8', keyId: 'ABC', keyIssuer: 'DEF',
      };
      const text = makeConfig(read('config-template.json'), answers, preset);
      assert.doesNotMatch(text, /\r|^\ufeff/);
      fs.writeFileSync(`${own}/config.json`, text, { mode: 0o600 });
      // No site answers there, which the check may say, too.
      const told = spawnSync(path.join(process.env.SITE_PRODUCT, 'bin/cgi-login'), ['--config', `${own}/config.json`, 'check'], { encoding: 'utf8' });
      assert.match(told.stdout, /every key of the config is known and has a fitting value/, name);
      assert.doesNotMatch(told.stdout, new RegExp(`FIX .*(providers\\.${name}|store)`), name);
      assert.ok(needs(preset).idName.length > 0);
    }
  } finally {
    fs.rmSync(home, { recursive: true });
  }
});

test('what a provider\'s steps name is the owner\'s own', () => {
  const { fillStep } = parts.config;
  for (const [name, preset] of Object.entries(presets)) {
    for (const step of preset.register.steps) assert.doesNotMatch(fillStep(step, 'https://a.net', name), /[{}]/, name);
  }
  assert.equal(fillStep('Put {callback_url}, {base_url}/auth/{name}/deletion', 'https://a.net', 'x'), 'Put https://a.net/auth/x/callback, https://a.net/auth/x/deletion');
});

// The cases of tests/payloads/htaccess.txt, which says how they are written.
function* htaccessCases() {
  for (const part of read('tests/payloads/htaccess.txt').split(/^=== /m).slice(1)) {
    const [, title, refusal, body] = /^([^\t\n]*)\t?(.*)\n([^]*)$/.exec(part);
    const old = '# BEGIN cgi-login\nRewriteRule ^login$ /old/login [END]\n# END cgi-login\n';
    yield { title, refusal, before: body.replace(/@NEW@\n/, '').replaceAll('@OLD@\n', old), after: body.replace(/@OLD@\n/g, '') };
  }
}

test('our lines go to the same place of an .htaccess as those of `cgi-login htaccess`', () => {
  const { merge } = parts.htaccess;
  const block = '# BEGIN cgi-login\nRewriteEngine On\nRewriteRule ^login/?$ /cgi-bin/login [END]\n# END cgi-login\n';
  let count = 0;
  for (const { title, refusal, before, after } of htaccessCases()) {
    const made = merge(before, block);
    assert.equal(made.refusal === undefined ? '' : `${made.refusal} ${made.line || ''}`.trim(), refusal, title);
    count++;
    if (refusal !== '') continue;
    assert.equal(made.text, after.replace('@NEW@\n', block), title);
    assert.equal(merge(made.text, block).text, made.text, `${title}, again`);
    // However its lines end, the file that is saved has LF and no mark at its beginning.
    assert.equal(merge(`\ufeff${before.replaceAll('\n', '\r\n')}`, block).text, made.text, `${title}, with CRLF`);
  }
  assert.ok(count > 25);
});

test('what is found in an .htaccess is told by its line', () => {
  const { merge } = parts.htaccess;
  const https = 'RewriteEngine On\nRewriteCond %{HTTPS} off\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [L,R=301]\n';
  const block = '# BEGIN cgi-login\nRewriteRule ^login/?$ /cgi-bin/login [END]\n# END cgi-login\n';
  const rows = [
    // text, the rule before which our lines stand, the redirect that comes too late, had a block, had old lines
    ['', 0, 0, false, false],
    [`RewriteRule ^ index.php [L]\n${https}`, 1, 4, false, false],
    [`${block}RewriteRule ^ index.php [L]\n${https}`, 4, 7, true, false],
    ['RewriteRule ^login$ /login.php [L]\nRewriteRule ^auth/x$ /cgi-bin/mine [END]\n', 1, 0, false, false],
    ['# The routes.\nRewriteEngine On\nRewriteRule ^login$ /cgi-bin/login.cgi [END]\n\nRewriteRule . /index.php [L]', 5, 0, false, true],
  ];
  for (const [text, catches, late, had, old] of rows) {
    const made = merge(text, block);
    assert.deepEqual([made.catches, made.late, made.had, made.old], [catches, late, had, old], text);
  }
  // What the archive had before it had marks: with everything around, and nothing of it is left.
  const whole = read('htaccess.example').replace(/^# (BEGIN|END) cgi-login\n/gm, '').replace(/^# `cgi-login htaccess add`.*\n/m, '')
    .replace(parts.htaccess.exampleRest(read('htaccess.example')), '');
  assert.equal(merge(`${whole}\n# mine\nRewriteRule . /index.php [L]\n`, block).text, `${block}# mine\nRewriteRule . /index.php [L]\n`);
});

test('what stands in the way of a merge is a sentence, and what was done is told', () => {
  const { merge, refusalOf, tellMerge } = parts.htaccess;
  const block = '# BEGIN cgi-login\n# END cgi-login\n';
  assert.match(refusalOf(merge('# BEGIN cgi-login\n', block)), /must have “# BEGIN cgi-login” once/);
  assert.match(refusalOf(merge('a\n<If true>\n', block)), /section that line 2 begins is closed nowhere/);
  assert.match(refusalOf(merge('RewriteEngine Off\nRewriteRule a b\n', block)), /Line 1 turns rewriting off/);
  assert.equal(refusalOf(merge('', block)), '');
  const told = (text) => tellMerge(merge(text, block), text);
  assert.equal(told(' \n'), 'for the web root.');
  assert.match(told('Options -Indexes\n'), /in the place of yours: our lines are in it\. Keep a copy/);
  assert.match(told('a\nRewriteRule ^ index.php [L]\n'), /in it, before what leads every address to another program \(line 2 as it was\)/);
  assert.match(told(block), /our older lines in it are replaced/);
  assert.match(told('RewriteRule ^ x [L]\nRewriteRule ^ https://a.net/ [R]\n'), /The redirect in line 2 as it was comes with or behind/);
});

test('a chosen file comes out as it went in, whatever its letters are', () => {
  const { decodeFile, encodeFile } = parts.files;
  for (const content of [Buffer.from('# Bäckerei 🥖\n'), Buffer.from('# B\xe4ckerei\n', 'latin1')]) {
    const { text, bytes } = decodeFile(new Uint8Array(content));
    assert.deepEqual(Buffer.from(encodeFile(text, bytes)), content);
  }
  assert.deepEqual(Buffer.from(encodeFile('\xe4🥖', true)), Buffer.from('ä🥖'), 'pasted later, it is UTF-8');
  const faults = [['\xff\xfea\0', 'UTF-16'], ['a\0', 'no text file'], ['a'.repeat(256 * 1024 + 1), 'too long']];
  for (const [content, fault] of faults) assert.ok(decodeFile(new Uint8Array(Buffer.from(content, 'latin1'))).fault.includes(fault));
});

test('the lines of the example get this account\'s paths, and nothing else', () => {
  const { fillExample } = parts.htaccess;
  const example = read('htaccess.example');
  const own = { private: '/home/anna/my $1/cgi-login', address: '/sub/cgi', suffix: '.cgi', handler: true };
  const made = fillExample(example, own);
  assert.ok(made.startsWith('# BEGIN cgi-login\n') && made.endsWith('\n# END cgi-login\n'));
  assert.match(made, /SetEnv CGI_LOGIN_CONFIG "\/home\/anna\/my \$1\/cgi-login\/config\.json"/);
  assert.match(made, /^Options \+ExecCGI -Indexes$/m);
  assert.match(made, /^RewriteRule \^auth\/\(\[a-z\]\[a-z0-9_-\]\*\)\/callback\/\?\$ \/sub\/cgi\/callback\.cgi\/\$1 \[END\]$/m);
  assert.doesNotMatch(made, /\/cgi-bin\/|home\/you|#cgi# /);
  const plain = fillExample(example, { private: '/home/you/cgi-login', address: '/cgi-bin', suffix: '', handler: false });
  assert.ok(example.endsWith(plain + parts.htaccess.exampleRest(example)), 'with the example\'s own paths it is what the example has');
  assert.equal(fillExample(made, own), made);
});
