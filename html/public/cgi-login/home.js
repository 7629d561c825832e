// SPDX-License-Identifier: MIT
// @ts-check
/**
 * For index.html: shows what is for somebody who is logged in, or what is for anybody else, which the page begins with.
 *
 * The login page is asked, since it looks at the cookie alone: no store has work for a visitor of the home page, and
 * nobody's being logged out is an error on the console.
 */

/** @returns {Promise<string | null>} the name of who is logged in; null: nobody */
async function whoIsHere() {
  const options = { headers: { Accept: 'application/json' }, cache: /** @type {const} */ ('no-store') };
  const response = await fetch('/login', { ...options, credentials: 'same-origin', redirect: 'error' });
  if (!response.ok) return null;
  /** @type {{ signed_in?: { name: string } }} */
  const page = await response.json();
  return page.signed_in?.name ?? null;
}

/** @param {string | null} name */
function show(name) {
  const state = name === null ? 'no' : 'yes';
  for (const part of document.querySelectorAll('[data-signed-in]')) {
    part.toggleAttribute('hidden', part.getAttribute('data-signed-in') !== state);
  }
  for (const part of document.querySelectorAll('[data-unknown]')) part.toggleAttribute('hidden', true);
  for (const place of document.querySelectorAll('[data-name]')) place.textContent = name;
  // Who has come back meanwhile is not told any more that they left.
  if (name !== null && location.hash === '#signed-out') location.replace('#');
}

async function look() {
  try {
    show(await whoIsHere());
  } catch {
    // The page stays as it is: its links lead to where it is said.
  }
}

// A page that the browser kept for its back button may show who has left.
window.addEventListener('pageshow', () => { void look(); });
