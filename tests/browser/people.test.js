// SPDX-License-Identifier: MIT
// What people put into their profiles: other scripts, emoji, markup, very long words, dead pictures and redirected ones,
// websites as they are written, names that nobody can see, nothing at all.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const https = require('node:https');
const os = require('node:os');
const path = require('node:path');
const { after, afterEach, before, describe, test } = require('node:test');
const { assertFits, assertProfile, control, launch, newPage, people, resetStandin, screenshot, signIn, standin,
  violations } = require('./support.js');

let browser;
let open;
before(async () => { browser = await launch(); });
after(() => browser.close());
afterEach(async () => {
  await open?.context.close();
  await resetStandin();
});

async function profileOf(username, options) {
  open = await newPage(browser, options);
  await signIn(open.page, username);
  return open;
}

// The fonts that the characters of an element were really drawn with.
async function drawnWith(page, selector) {
  const session = await page.context().newCDPSession(page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument');
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
  return fonts.map((font) => font.familyName);
}

// The families that have a language's letters, as fontconfig lists them; none where it is not installed.
function familiesFor(pattern) {
  try {
    return execFileSync('fc-list', [pattern, 'family'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split(/[\n,]/).map((family) => family.trim()).filter(Boolean);
  } catch {
    return [];
  }
}

// Two hosts over https, of which the first sends to a picture on the second.
async function redirectingHosts() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cgi-login-hosts-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days',
    '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const identity = { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
  fs.rmSync(folder, { recursive: true });
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="teal"/></svg>';
  const second = https.createServer(identity, (request, response) => {
    response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(svg);
  });
  const first = https.createServer(identity, (request, response) => {
    response.writeHead(302, { Location: `https://127.0.0.1:${second.address().port}/v/t51/picture.svg` }).end();
  });
  const listen = (server) => new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  await listen(first);
  await listen(second);
  return {
    first: `https://localhost:${first.address().port}`,
    close: () => [first, second].forEach((server) => { server.closeAllConnections(); server.close(); }),
  };
}

async function assertDrawn(t, page, selector, pattern) {
  const able = familiesFor(pattern);
  if (able.length === 0) {
    t.diagnostic(`no font for ${pattern} here: only the text was checked`);
    return;
  }
  const used = await drawnWith(page, selector);
  assert.ok(used.some((family) => able.includes(family)), `${selector} is drawn with ${used}, not one of ${able}`);
}

// What a person's profile is drawn with, where there is a font for it.
const letters = {
  'harbour.bakery': ['.bio', ':lang=und-zsye'], 'layla.studio': ['h1', ':lang=ar'], sakura_zine: ['h1', ':lang=ja'],
};

describe('profiles', () => {
  for (const username of Object.keys(people)) {
    test(username, async (t) => {
      const { page, seen } = await profileOf(username);
      await assertProfile(page, username);
      if (letters[username]) await assertDrawn(t, page, ...letters[username]);
      // Letters that are joined are not spaced out.
      const spacing = await page.locator('h1').evaluate((h1) => getComputedStyle(h1).letterSpacing);
      if (username === 'layla.studio') assert.equal(spacing, 'normal');
      // Markup stays text.
      assert.equal(await page.locator('script, h1 b').count(), 0);
      assert.equal(await page.getByRole('link', { name: 'javascript' }).count(), 0);
      assert.deepEqual(seen, []);
    });
  }

  test('markup in every field', async () => {
    const nasty = '"><img src=x onerror=alert(1)><script>alert(2)</script>\'';
    await control({ person: { name: nasty, biography: nasty, website: nasty, account_type: nasty } });
    const { page, seen } = await profileOf('harbour.bakery');
    assert.equal(await page.locator('h1').textContent(), nasty);
    assert.equal(await page.locator('.bio').textContent(), nasty);
    assert.equal(await page.locator('main img').count(), 1);
    assert.deepEqual(seen, []);
  });

  // As long as Instagram lets them be, without a single place to break.
  const long = {
    name: 'W'.repeat(64), username: 'w'.repeat(30), biography: 'M'.repeat(150), media_count: 123456789012,
    followers_count: 123456789012, follows_count: 123456789012,
    website: `https://${'w'.repeat(60)}.example/${'w'.repeat(100)}`,
  };
  test('long words wrap', async () => {
    await control({ person: long });
    const { page } = await profileOf('harbour.bakery');
    assert.equal(await page.locator('h1').innerText(), long.name);
    for (const width of [320, 390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await assertFits(page, `long words at ${width}px`);
      await screenshot(page, `long-words-${width}`);
    }
    assert.deepEqual(await violations(page), []);
  });

  test('text twice as large still fits', async () => {
    const { page } = await profileOf('harbour.bakery', { viewport: { width: 640, height: 800 } });
    await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    await assertFits(page, 'text at 200%');
  });

  test('a dead picture shows the initial', async () => {
    await control({ person: { profile_picture_url: `${standin}/picture/nobody.gif` } });
    const { page } = await profileOf('harbour.bakery');
    const image = page.locator('.avatar img');
    assert.equal(await image.evaluate((img) => img.complete && img.naturalWidth), 0, 'the picture is not dead');
    assert.equal(await page.locator('.avatar').innerText(), 'H');
    const withPicture = await page.locator('.avatar').screenshot();
    await screenshot(page, 'dead-picture');
    await image.evaluate((img) => img.remove());
    const without = await page.locator('.avatar').screenshot();
    assert.ok(withPicture.equals(without), 'something of the dead picture covers the initial');
    await page.locator('.avatar span').evaluate((span) => span.remove());
    assert.ok(!without.equals(await page.locator('.avatar').screenshot()), 'the initial is not to be seen');
  });

  // As Facebook's addresses of pictures do; each of the hosts is asked about in the Content-Security-Policy.
  test('a picture that is redirected to another host is shown', async () => {
    const hosts = await redirectingHosts();
    try {
      await control({ person: { profile_picture_url: `${hosts.first}/1784/picture?type=large#x` } });
      const { page, seen } = await profileOf('harbour.bakery', { ignoreHTTPSErrors: true });
      const image = page.locator('.avatar img');
      await page.waitForFunction(() => document.querySelector('.avatar img').complete);
      assert.equal(await image.evaluate((img) => img.naturalWidth), 8, seen.join('\n'));
      assert.deepEqual(seen.filter((line) => !line.startsWith('request: ')), []);
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await screenshot(page, `redirected-picture-${width}`);
      }
    } finally {
      hosts.close();
    }
  });

  test('a website is a link, however it is written', async () => {
    open = await newPage(browser);
    const { page, seen } = open;
    for (const [website, text, href] of [
      ['https://bakery.example/#menu', 'bakery.example', 'https://bakery.example/#menu'],
      ['https://müller.example/', 'müller.example', 'https://xn--mller-kva.example/'],
      ['https://bakery.example/über uns?a[0]=b|c', 'bakery.example/über uns',
        'https://bakery.example/%C3%BCber%20uns?a[0]=b%7Cc'],
    ]) {
      await control({ person: { website } });
      await signIn(page, 'harbour.bakery');
      const link = page.locator('.website a');
      assert.equal(await link.textContent(), text);
      assert.equal(await link.evaluate((a) => decodeURI(a.href)), decodeURI(href));
      assert.match(await link.getAttribute('rel'), /noopener noreferrer nofollow/);
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await assertFits(page, `${website} at ${width}px`);
        await screenshot(page, `website-${website.length}-${width}`);
      }
    }
    assert.deepEqual(seen, []);
  });

  test('a name that nobody can see gives way to the username', async () => {
    open = await newPage(browser);
    const { page } = open;
    for (const name of ['\u200b', '\u3164', '\u200d', '\u2800', '   ', '\u200f']) {
      await control({ person: { name } });
      await signIn(page, 'harbour.bakery');
      assert.equal(await page.locator('h1').textContent(), 'harbour.bakery', escape(name));
      assert.equal(await page.locator('.avatar span').textContent(), 'H', escape(name));
      assert.match(await page.title(), /^harbour\.bakery/);
      await screenshot(page, `invisible-name-${escape(name)}`);
      assert.deepEqual(await violations(page), [], escape(name));
    }
  });

  test('hardly any field at all', async () => {
    await control({ person: Object.fromEntries(['name', 'account_type', 'profile_picture_url', 'followers_count',
      'follows_count', 'media_count', 'biography', 'website'].map((field) => [field, null])) });
    const { page, seen } = await profileOf('harbour.bakery');
    assert.equal(await page.locator('h1').innerText(), 'harbour.bakery');
    assert.equal(await page.locator('.avatar img, .website, .bio').count(), 0);
    await page.getByText('@harbour.bakery').waitFor();
    await assertFits(page, 'a bare profile');
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(seen, []);
  });
});
