// SPDX-License-Identifier: MIT
/**
 * Asks who is signed in.
 * @param {Routes} [routes]
 * @returns {Promise<SignedIn | null>} null: nobody. Rejected where that could not be found out.
 */
export function whoIsSignedIn(routes?: Routes): Promise<SignedIn | null>;
/**
 * Signs out, here and on the server; then the browser is led to the provider's own sign-out, where it has one.
 * @param {Routes} [routes]
 * @returns {Promise<void>} rejected where the session may still live
 */
export function signOut(routes?: Routes): Promise<void>;
/**
 * The address that begins a login and comes back to this page.
 * @param {Routes} [routes]
 * @returns {string}
 */
export function signInUrl(routes?: Routes): string;
/**
 * The name by which a person is known.
 * @param {User} user
 * @returns {string}
 */
export function nameOf(user: User): string;
/**
 * `<cgi-login>`. Its attributes `profile`, `login` and `logout` are the routes; `signed-in-text`, `sign-in-text`,
 * `sign-out-text`, `failed-text` and `still-in-text` its words. Its `state` is "signed-in", "signed-out" or "unknown",
 * for a style sheet as an attribute; `who` is who is signed in. A `cgi-login-change` event tells of each change.
 */
export class CgiLogin extends HTMLElement {
    /** @type {SignedIn | null} */
    who: SignedIn | null;
    connectedCallback(): void;
    disconnectedCallback(): void;
    /**
     * A page that the browser kept for its back button may show who has left.
     * @param {Event} event
     */
    handleEvent(event: Event): void;
    /**
     * Asks anew who is signed in, and shows it.
     * @returns {Promise<void>}
     */
    refresh(): Promise<void>;
    #private;
}
/**
 * Who is signed in.
 */
export type SignedIn = {
    /**
     * the provider's name, such as "instagram"
     */
    provider: string;
    user: User;
};
/**
 * The fields of the profile, as far as the provider told them.
 */
export type User = {
    id: string;
    username?: string;
    full_name?: string;
    email?: string;
    email_verified?: boolean;
    profile_picture?: string;
    [field: string]: unknown;
};
/**
 * Where the programs are, for a site that has them elsewhere.
 */
export type Routes = {
    /**
     * "/profile"
     */
    profile?: string | undefined;
    /**
     * "/login", or "/auth/NAME" for one provider alone
     */
    login?: string | undefined;
    /**
     * "/logout"
     */
    logout?: string | undefined;
};
