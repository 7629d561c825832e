/* A login that has been started and has not come back yet. It lives ten minutes in a sealed cookie of the browser that
 * started it. Each login has its own cookie, so that several tabs can log in at once. The cookie binds the state
 * parameter to the browser (RFC 6749, section 10.12; RFC 9700, section 4.7).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PENDING_LOGIN_H
#define CGI_LOGIN_PENDING_LOGIN_H

#include "config/config.h"
#include "config/provider.h"
#include "http/request.h"
#include "http/response.h"

#include <sodium.h>

#define STATE_BYTES 32
#define STATE_SIZE sodium_base64_ENCODED_LEN(STATE_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)

struct pending_login {
    char state[STATE_SIZE];
    char verifier[STATE_SIZE];         /* of PKCE (RFC 7636, section 4.1); wiped by pending_login_clear */
    char return_to[RETURN_TO_MAX + 1]; /* "" for the default */
    char link_to[STATE_SIZE]; /* the id of the session whose user is to get the account; "": this is a sign-in */
};

/* What a login is for. */
struct login_aim {
    const char *provider;
    const char *return_to; /* a local path, or "" */
    const char *link_to;   /* a session's id, or "" */
};

/* Starts a login: a new state and verifier, sealed into a cookie with what it is for. Of too many pending cookies, or
 * too large ones, the browser's first ones are removed. */
enum error_code pending_login_begin(const struct config *config, const struct request *request,
                                    const struct login_aim *aim, struct pending_login *login, struct response *response,
                                    struct error *error);

/* Finds the pending login of this browser for the state and provider. ERROR_EXPIRED_LOGIN if there is none, or it has
 * expired. */
enum error_code pending_login_find(const struct config *config, const struct request *request, const char *provider,
                                   const char *state, struct pending_login *login, struct error *error);

/* Removes its cookie: a pending login works once. */
void pending_login_end(const struct pending_login *login, struct response *response);

/* Wipes. */
void pending_login_clear(struct pending_login *login);

/* The URL that sends the browser to the provider (RFC 6749, section 4.1.1, and RFC 7636, section 4.3). `reauth`: the
 * person has to log in anew there, also if the provider knows them. */
void pending_login_authorize_url(const struct provider *provider, const struct pending_login *login, bool reauth,
                                 struct buffer *url);

#endif
