// SPDX-License-Identifier: MIT
// What the browser tests share: the browser, the site's addresses, the stand-in's people, signing in by clicking, and
// watching a page for what should never happen on it.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { HtmlValidate } = require('html-validate/node');
const { chromium } = require('playwright-core');

const site = process.env.SITE_URL;
const standin = process.env.STANDIN_URL;
assert.ok(site && standin, 'run these tests with tests/browser/run.sh');

const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

async function launch(options = {}) {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS, timeout: 30000, ...options });
}

// The people of tests/standin/people.py, as their profile page should show them.
const people = {
  'harbour.bakery': {
    name: 'Harbour Bakery', direction: 'ltr', account: 'Business account', picture: true,
    bio: 'Sourdough since 1987 🥖🌊\nOpen every day but Monday 👩🏽‍🍳',
    website: ['bakery.example/menu', 'https://bakery.example/menu?lang=en&season=winter'],
    counts: ['1,320 posts', '3,410 followers', '420 following'],
  },
  'layla.studio': {
    name: 'ليلى حدّاد', direction: 'rtl', account: 'Creator account', picture: true,
    bio: 'خزف وألوان ✨', website: ['layla.example', 'https://layla.example/'],
    counts: ['742 posts', '98,210 followers', '133 following'],
  },
  sakura_zine: {
    name: '山田さくら', direction: 'ltr', account: 'Creator account', picture: false, bio: null, website: null,
    counts: ['0 posts', '0 followers', '7 following'],
  },
  bobby_tables: {
    name: 'Robert "Bobby" O\'Tables & <b>Sons</b>', direction: 'ltr', account: 'Business account', picture: true,
    bio: '<script>alert(1)</script>', website: ['javascript:alert(1)', null],
    counts: ['1 post', '1 follower', '1 following'],
  },
};

const ERRORS = ['access_denied', 'expired_login', 'provider_error', 'provider_unreachable', 'store_unavailable',
  'not_allowed', 'interrupted_login', 'account_taken', 'link_refused', 'bad_request'];

// Collects what no page may do: errors on the console (each violation of the Content-Security-Policy is one), uncaught
// exceptions, dialogs, failed requests and requests to anywhere but the site and the stand-in.
function watch(context) {
  const seen = [];
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    seen.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => seen.push(`exception: ${error.error()}`));
  context.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  context.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (![site, standin].includes(origin) && !request.url().startsWith('blob:')) seen.push(`request: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') seen.push(`failed: ${request.url()}: ${why}`);
  });
  return seen;
}

// A browser's window with nobody signed in; `seen` is what watch() saw. Without motion, or axe would measure colours on
// their way from one scheme to the other.
async function newPage(browser, options = {}) {
  const usual = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' };
  const context = await browser.newContext({ ...usual, ...options });
  context.setDefaultTimeout(30000);
  const seen = watch(context);
  const page = await context.newPage();
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) documents.set(page, response);
  });
  return { context, page, seen };
}

async function consent(page, username, decision = 'Approve') {
  await page.locator(`label:has-text("@${username}") input`).check();
  await page.getByRole('button', { name: decision }).click();
}

// Instagram's redirect ends in `#_`, and browsers keep a fragment over redirects.
const at = (path) => (url) => url.origin === site && url.pathname === path;

async function signIn(page, username) {
  await page.goto(`${site}/auth/instagram`);
  await consent(page, username);
  await page.waitForURL(at('/profile'));
}

const texts = (page, selector) => page.locator(selector).allTextContents();

// That the page shows this person, as people read it: the number above its word, the lines of the bio apart.
async function assertProfile(page, username) {
  const person = people[username];
  const heading = page.getByRole('heading', { level: 1 });
  await page.locator('.username', { hasText: `@${username}` }).waitFor();
  assert.equal(await heading.textContent(), person.name);
  assert.equal(await heading.evaluate((h1) => getComputedStyle(h1).direction), person.direction);
  assert.equal(await page.title(), `${person.name} (@${username})`);
  assert.deepEqual(await texts(page, '.username'), [`@${username}`]);
  assert.deepEqual(await texts(page, '.label'), [person.account]);
  await assertCounts(page, person);
  assert.deepEqual(await page.locator('.bio').allInnerTexts(), person.bio ? [person.bio] : []);
  await assertWebsite(page, person);
  await assertPicture(page, person);
}

async function assertCounts(page, person) {
  const counts = await page.locator('.counts > div').evaluateAll((groups) => groups.map((group) => {
    const [word, number] = [group.querySelector('dt'), group.querySelector('dd')];
    const above = number.getBoundingClientRect().bottom <= word.getBoundingClientRect().top + 1;
    return `${number.textContent} ${word.textContent}${above ? '' : ' (upside down)'}`;
  }));
  assert.deepEqual(counts, person.counts);
}

async function assertWebsite(page, person) {
  if (!person.website) {
    assert.equal(await page.locator('.website').count(), 0);
    return;
  }
  const [text, url] = person.website;
  assert.equal((await page.locator('.website').innerText()).trim().replace(/\/$/, ''), text);
  const links = await page.locator('.website a').evaluateAll((all) => all.map((a) => a.href));
  assert.deepEqual(links, url ? [url] : []);
}

async function assertPicture(page, person) {
  const pictures = page.locator('.avatar img');
  assert.equal(await pictures.count(), person.picture ? 1 : 0);
  if (person.picture) {
    await page.waitForFunction(() => document.querySelector('.avatar img').complete);
    assert.notEqual(await pictures.evaluate((img) => img.naturalWidth), 0, 'the picture does not load');
    assert.equal(await pictures.evaluate((img) => getComputedStyle(img).objectFit), 'cover');
  } else {
    assert.equal(await page.locator('.avatar').innerText(), person.name[0]);
  }
}

// That going back leads to no page with this name on it: neither at first sight nor once all has loaded.
async function assertAlone(page, name) {
  for (let look = 0; look < 5; look++) {
    await page.waitForTimeout(100);
    assert.ok(!(await page.locator('body').innerText()).includes(name), `${page.url()} shows ${name}`);
  }
}

// A link on a page of another site, as far as the browser can tell, is clicked.
async function followFromElsewhere(page, path) {
  await page.goto('about:blank');
  await page.setContent(`<a href="${site}${path}">Look at this</a>`);
  await page.getByRole('link').click();
  await page.waitForURL(at(path));
}

async function control(settings) {
  const answer = await fetch(`${standin}/_control`, { method: 'POST', body: JSON.stringify(settings) });
  assert.equal(answer.status, 200, await answer.text());
}

async function resetStandin() {
  await fetch(`${standin}/_control/reset`, { method: 'POST' });
}

// How far the page is wider than its window, and which elements reach out of it.
async function overflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    const out = [...document.body.querySelectorAll('*')]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        // What is said to screen readers alone is cut to a pixel, and so is never seen to reach out.
        const seen = box.width > 0 && !element.parentElement.closest('.said');
        return seen && (box.right > root.clientWidth + 0.5 || box.left < -0.5);
      })
      .map((element) => element.outerHTML.slice(0, 80));
    return { extra: Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth, out };
  });
}

async function assertFits(page, what) {
  const { extra, out } = await overflow(page);
  assert.ok(extra <= 0 && out.length === 0, `${what} scrolls sideways by ${extra}px: ${out.join('\n')}`);
}

// What the server sent for the page that a window shows now, before any browser mends it.
const documents = new WeakMap();

// What the HTML standard does not allow, a line each. How it is written is no fault: case and slashes, long titles, and
// blanks at a line's end, which what people write about themselves may have.
const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: { 'doctype-style': 'off', 'long-title': 'off', 'no-trailing-whitespace': 'off', 'void-style': 'off' },
});

async function markupFaults(page, markup) {
  const report = await validator.validateString(markup ?? await documents.get(page).text());
  return report.results.flatMap((result) => result.messages)
    .map((fault) => `HTML, line ${fault.line}, column ${fault.column}: ${fault.message} (${fault.ruleId})`);
}

const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// axe's findings, a line each. It is put in by the debugger, which no Content-Security-Policy stops; `preload` would
// fetch the style sheet, which the policy does stop. Sending axe takes several times as long as its work.
async function violations(page) {
  if (await page.evaluate(() => window.axe === undefined)) await page.evaluate(`void (() => { ${axeSource} })()`);
  const found = await page.evaluate(() => window.axe.run(document, { preload: false, resultTypes: ['violations'] }));
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.help}): ${node.html}`));
}

const SCHEMES = ['light', 'dark'];
const WIDTHS = [320, 390, 1280];

// Valid HTML; axe in both colour schemes at the two usual widths; whether it fits, also on the narrowest telephone.
// `markup` is what no server has sent.
async function inspect(page, name, { markup } = {}) {
  const found = await markupFaults(page, markup);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 600 ? 844 : 800 });
    await assertFits(page, `${name} at ${width}px`);
    for (const colorScheme of width === 320 ? [] : SCHEMES) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await violations(page)).map((line) => `${colorScheme}, ${width}px: ${line}`));
      await screenshot(page, `${name}-${width}-${colorScheme}`);
    }
  }
  assert.deepEqual(found, [], name);
}

async function screenshot(page, name, options = {}) {
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true, ...options });
  }
}

module.exports = {
  ERRORS, assertAlone, assertFits, assertProfile, at, consent, control, followFromElsewhere, inspect, launch, newPage, overflow,
  people, resetStandin, screenshot, signIn, site, standin, violations,
};
