// SPDX-License-Identifier: MIT
// @ts-check
/**
 * For a page without server code of its own: shows who is signed in, and a button to log in or out.
 *
 *   <script type="module" src="/cgi-login/login.js"></script>
 *   <cgi-login><a href="/login">Log in</a></cgi-login>
 *
 * What stands inside the element is shown until it is known who is signed in, and where scripts do not run. The element
 * needs no style or script inside of the page, so `script-src 'self'` and `style-src 'self'` are enough. It says who is
 * at the browser, and guards nothing: what only some people may see, the server must keep from the others.
 *
 * @module
 */

/**
 * Who is signed in.
 * @typedef {object} SignedIn
 * @property {string} provider the provider's name, such as "instagram"
 * @property {User} user
 */

/**
 * The fields of the profile, as far as the provider told them.
 * @typedef {{
 *   id: string, username?: string, full_name?: string, email?: string, email_verified?: boolean,
 *   profile_picture?: string, [field: string]: unknown
 * }} User
 */

/**
 * Where the programs are, for a site that has them elsewhere.
 * @typedef {object} Routes
 * @property {string | undefined} [profile] "/profile"
 * @property {string | undefined} [login] "/login", or "/auth/NAME" for one provider alone
 * @property {string | undefined} [logout] "/logout"
 */

const ROUTES = { profile: '/profile', login: '/login', logout: '/logout' };

const TEXTS = {
  signedIn: 'Signed in as',
  signIn: 'Log in',
  signOut: 'Log out',
  failed: 'It could not be found out who is signed in.',
  stillIn: 'Logging out did not work. Please try again.',
};

/**
 * A request that asks for JSON and follows no redirect: its response says what is, and leads nowhere.
 * @param {string} path
 * @param {string} method
 * @returns {Promise<Response>}
 */
function ask(path, method) {
  return fetch(path, {
    method, headers: { Accept: 'application/json' }, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
  });
}

/**
 * Asks who is signed in.
 * @param {Routes} [routes]
 * @returns {Promise<SignedIn | null>} null: nobody. Rejected where that could not be found out.
 */
export async function whoIsSignedIn(routes = {}) {
  const response = await ask(routes.profile ?? ROUTES.profile, 'GET');
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`the profile's status is ${response.status}`);
  /** @type {SignedIn} */
  const who = await response.json();
  return who;
}

/**
 * Signs out, here and on the server; then the browser is led to the provider's own sign-out, where it has one.
 * @param {Routes} [routes]
 * @returns {Promise<void>} rejected where the session may still live
 */
export async function signOut(routes = {}) {
  const response = await ask(routes.logout ?? ROUTES.logout, 'POST');
  if (!response.ok) throw new Error(`the sign-out's status is ${response.status}`);
  /** @type {{ end_session_url?: string }} */
  const result = await response.json();
  if (typeof result.end_session_url === 'string') location.assign(result.end_session_url);
}

/**
 * The address that begins a login and comes back to this page.
 * @param {Routes} [routes]
 * @returns {string}
 */
export function signInUrl(routes = {}) {
  const url = new URL(routes.login ?? ROUTES.login, location.href);
  url.searchParams.set('return_to', location.pathname + location.search + location.hash);
  return url.href;
}

/**
 * The name by which a person is known.
 * @param {User} user
 * @returns {string}
 */
export function nameOf(user) {
  return user.full_name || user.username || user.email || user.id;
}

/**
 * `<cgi-login>`. Its attributes `profile`, `login` and `logout` are the routes; `signed-in-text`, `sign-in-text`,
 * `sign-out-text`, `failed-text` and `still-in-text` its words. Its `state` is "signed-in", "signed-out" or "unknown",
 * for a style sheet as an attribute; `who` is who is signed in. A `cgi-login-change` event tells of each change.
 */
export class CgiLogin extends HTMLElement {
  /** @type {SignedIn | null} */
  who = null;

  connectedCallback() {
    window.addEventListener('pageshow', this);
    void this.refresh();
  }

  disconnectedCallback() {
    window.removeEventListener('pageshow', this);
  }

  /**
   * A page that the browser kept for its back button may show who has left.
   * @param {Event} event
   */
  handleEvent(event) {
    if (event instanceof PageTransitionEvent && event.persisted) void this.refresh();
  }

  /**
   * Asks anew who is signed in, and shows it.
   * @returns {Promise<void>}
   */
  async refresh() {
    try {
      this.who = await whoIsSignedIn(this.#routes());
      this.#show(this.who === null ? 'signed-out' : 'signed-in');
    } catch {
      this.who = null;
      this.#show('unknown', this.#text('failed'));
    }
  }

  /** @returns {Routes} */
  #routes() {
    return {
      profile: this.getAttribute('profile') ?? undefined,
      login: this.getAttribute('login') ?? undefined,
      logout: this.getAttribute('logout') ?? undefined,
    };
  }

  /**
   * @param {keyof typeof TEXTS} name
   * @returns {string}
   */
  #text(name) {
    const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return this.getAttribute(`${attribute}-text`) ?? TEXTS[name];
  }

  async #leave() {
    try {
      await signOut(this.#routes());
      this.who = null;
      this.#show('signed-out');
    } catch {
      this.#show('signed-in', this.#text('stillIn'));
    }
  }

  /**
   * @param {'signed-in' | 'signed-out' | 'unknown'} state
   * @param {string} [problem] a sentence for the person
   */
  #show(state, problem) {
    const hadFocus = this.contains(document.activeElement);
    const parts = this.who !== null ? this.#signedInParts(this.who.user) : [this.#signInLink()];
    if (problem !== undefined) parts.unshift(element('span', 'cgi-login-problem', problem, { role: 'alert' }));
    this.replaceChildren(...parts.flatMap((part) => [part, ' ']).slice(0, -1));
    this.setAttribute('state', state);
    const control = this.querySelector('a[href].cgi-login-sign-in, button');
    if (hadFocus && control instanceof HTMLElement) control.focus();
    this.dispatchEvent(new CustomEvent('cgi-login-change', { bubbles: true, detail: { state, who: this.who } }));
  }

  /** @returns {HTMLElement} */
  #signInLink() {
    return element('a', 'cgi-login-sign-in', this.#text('signIn'), { href: signInUrl(this.#routes()) });
  }

  /**
   * @param {User} user
   * @returns {HTMLElement[]}
   */
  #signedInParts(user) {
    const name = element('a', 'cgi-login-name', nameOf(user), { href: this.#routes().profile ?? ROUTES.profile });
    const who = element('span', 'cgi-login-who', `${this.#text('signedIn')} `);
    const button = element('button', 'cgi-login-sign-out', this.#text('signOut'), { type: 'button' });
    // A name may be written from right to left, and would carry the words around it along.
    name.dir = 'auto';
    who.append(name);
    button.addEventListener('click', () => { void this.#leave(); });
    return [who, button];
  }
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElement}
 */
function element(tag, className, text, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

if (customElements.get('cgi-login') === undefined) customElements.define('cgi-login', CgiLogin);
