// SPDX-License-Identifier: MIT
// Other ways to show the pages: on paper, with forced colours, with more contrast. And that the checks can fail at all.
'use strict';

const assert = require('node:assert/strict');
const { after, afterEach, before, describe, test } = require('node:test');
const { assertFits, launch, newPage, overflow, screenshot, signIn, site, violations } = require('./support.js');

let browser;
let context;
let page;
let seen;
before(async () => { browser = await launch(); });
after(() => browser.close());
afterEach(() => context.close());

async function open(options) {
  ({ context, page, seen } = await newPage(browser, options));
}

const style = (selector, property) => page.locator(selector).first()
  .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

describe('on paper', () => {
  for (const colorScheme of ['light', 'dark']) {
    test(`the profile, in the ${colorScheme} scheme`, async () => {
      await open({ colorScheme, viewport: { width: 794, height: 1123 } });
      await signIn(page, 'harbour.bakery');
      await page.emulateMedia({ media: 'print', colorScheme });
      assert.ok(await page.getByRole('heading', { name: 'Harbour Bakery' }).isVisible());
      assert.ok(await page.getByText('Sourdough since 1987').isVisible());
      assert.ok(await page.locator('.avatar').isVisible());
      assert.ok(!await page.getByRole('button', { name: 'Log out' }).isVisible());
      assert.ok(!await page.locator('.bar').isVisible());
      assert.equal(await style('body', 'background-color'), 'rgb(255, 255, 255)');
      assert.equal(await style('h1', 'color'), 'rgb(21, 32, 28)');
      await screenshot(page, `print-${colorScheme}`);
      const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
      assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, 1, 'the profile takes more than one sheet');
      assert.deepEqual(seen, []);
    });
  }

  test('the home page', async () => {
    await open({ viewport: { width: 794, height: 1123 } });
    await page.goto(site);
    await page.emulateMedia({ media: 'print' });
    assert.ok(await page.getByRole('heading', { level: 1 }).isVisible());
    await assertFits(page, 'the home page on paper');
    await screenshot(page, 'print-home');
  });
});

describe('with forced colours', () => {
  test('the profile', async () => {
    await open({ forcedColors: 'active' });
    await signIn(page, 'harbour.bakery');
    assert.ok(await page.evaluate(() => matchMedia('(forced-colors: active)').matches));
    for (const selector of ['.avatar', '.label', '.button', '.card']) {
      assert.notEqual(await style(selector, 'border-top-style'), 'none', `${selector} has no edge`);
      assert.ok(parseFloat(await style(selector, 'border-top-width')) >= 1, `${selector} has no edge`);
    }
    assert.equal(await style('.cover', 'background-image'), 'none');
    assert.deepEqual(await violations(page), []);
    await screenshot(page, 'forced-colors-profile');
  });

  test('home and login', async () => {
    await open({ forcedColors: 'active' });
    await page.goto(site);
    const ring = await style('.ring-1', 'fill');
    assert.notEqual(await style('.ring-1', 'stroke'), ring);
    assert.equal(await style('.primary', 'border-top-width'), '3px');
    await screenshot(page, 'forced-colors-home');
    await page.goto(`${site}/login?error=access_denied`);
    assert.equal(await style('.providers .button', 'border-top-width'), '3px');
    assert.deepEqual(await violations(page), []);
    await screenshot(page, 'forced-colors-login');
  });
});

test('with more contrast', async () => {
  await open({ contrast: 'more' });
  await signIn(page, 'harbour.bakery');
  assert.equal(await style('.username', 'color'), await style('h1', 'color'));
  assert.deepEqual(await violations(page), []);
});

describe('the checks themselves', () => {
  test('see a page that is too wide', async () => {
    await open();
    await page.goto(site);
    assert.equal((await overflow(page)).extra, 0);
    await page.locator('h1').evaluate((h1) => { h1.style.width = '600px'; });
    await assert.rejects(assertFits(page, 'spoilt'), /scrolls sideways by [1-9]\d*px: .*<h1/s);
  });

  test('see faint text and a picture without words', async () => {
    await open();
    await page.goto(site);
    await page.locator('.lead').first().evaluate((lead) => {
      lead.style.color = '#ccc';
      lead.append(document.createElement('img'));
    });
    const found = (await violations(page)).join('\n');
    assert.match(found, /^color-contrast /m);
    assert.match(found, /^image-alt /m);
  });

  // Also shows that both policies, the header's and the home page's own, stop scripts, styles and strange pictures.
  for (const path of ['/', '/login']) {
    test(`see what the policy of ${path} stops`, async () => {
      await open();
      await page.goto(`${site}${path}`);
      await page.evaluate(() => {
        const add = (name, attributes) => document.body.append(
          Object.assign(document.createElement(name), attributes));
        window.ran = false;
        add('script', { textContent: 'window.ran = true' });
        add('style', { textContent: 'h1 { display: none }' });
        add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' });
        add('iframe', { src: '/login' });
      });
      await page.waitForFunction(() => document.querySelector('img[src^=data]').complete);
      assert.equal(await page.evaluate(() => window.ran), false);
      assert.ok(await page.locator('h1').isVisible());
      for (const directive of ['script-src', 'style-src', 'img-src']) {
        assert.ok(seen.some((line) => line.includes(directive)), `${directive}: ${seen.join('\n')}`);
      }
    });
  }

  test('see an exception and a dialog', async () => {
    await open();
    await page.goto(site);
    const thrown = page.waitForEvent('pageerror');
    await page.evaluate(() => {
      window.setTimeout(() => { throw new Error('oops'); });
      window.alert('hello');
    });
    await thrown;
    assert.ok(seen.includes('dialog: hello'));
    assert.ok(seen.some((line) => line.startsWith('exception: Error: oops')));
  });
});
