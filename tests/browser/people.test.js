// SPDX-License-Identifier: MIT
// What people put into their profiles: other scripts, emoji, markup, very long words, dead pictures, nothing at all.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
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

async function assertDrawn(t, page, selector, pattern) {
  const able = familiesFor(pattern);
  if (able.length === 0) {
    t.diagnostic(`no font for ${pattern} here: only the text was checked`);
    return;
  }
  const used = await drawnWith(page, selector);
  assert.ok(used.some((family) => able.includes(family)), `${selector} is drawn with ${used}, not one of ${able}`);
}

describe('profiles', () => {
  for (const username of Object.keys(people)) {
    test(username, async () => {
      const { page, seen } = await profileOf(username);
      await assertProfile(page, username);
      assert.deepEqual(seen, []);
    });
  }

  test('Arabic letters', async (t) => {
    const { page } = await profileOf('layla.studio');
    await assertDrawn(t, page, 'h1', ':lang=ar');
    assert.equal(await page.locator('h1').evaluate((h1) => getComputedStyle(h1).letterSpacing), 'normal');
  });

  test('Japanese letters', async (t) => {
    const { page } = await profileOf('sakura_zine');
    await assertDrawn(t, page, 'h1', ':lang=ja');
  });

  test('emoji', async (t) => {
    const { page } = await profileOf('harbour.bakery');
    await assertDrawn(t, page, '.bio', ':lang=und-zsye');
  });

  test('markup stays text', async () => {
    const { page, seen } = await profileOf('bobby_tables');
    assert.equal(await page.locator('script, h1 b').count(), 0);
    assert.equal(await page.getByRole('link', { name: 'javascript' }).count(), 0);
    assert.deepEqual(seen, []);
  });

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

  test('hardly any field at all', async () => {
    await control({ person: Object.fromEntries(['name', 'account_type', 'profile_picture_url', 'followers_count',
      'follows_count', 'media_count', 'biography', 'website'].map((field) => [field, null])) });
    const { page, seen } = await profileOf('harbour.bakery');
    // The site keeps what earlier logins told it, so only what must be there is looked at.
    assert.match(await page.locator('h1').innerText(), /\S/);
    await page.getByText('@harbour.bakery').waitFor();
    await assertFits(page, 'a bare profile');
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(seen, []);
  });
});
