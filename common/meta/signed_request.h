/* Meta's signed_request: SIG.PAYLOAD, both base64url without padding, where SIG is the HMAC-SHA256 of the payload's
 * text as received under the app's secret. Meta sends one when a person removes the app, or wants their data deleted.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SIGNED_REQUEST_H
#define CGI_LOGIN_SIGNED_REQUEST_H

#include "base/bounds.h"
#include "base/error.h"
#include "base/secret.h"

#include <stdint.h>

#define SIGNED_REQUEST_HASH_SIZE 65

struct signed_request {
    char user_id[PROVIDER_ID_MAX + 1];   /* either of the ids that the provider knows the person by */
    char hash[SIGNED_REQUEST_HASH_SIZE]; /* of its whole text and its purpose: the same request has the same one */
};

/* Checks and reads it. ERROR_BAD_REQUEST, with what is wrong and without its content: not SIG.PAYLOAD, a wrong
 * signature (compared in constant time, before anything of the payload is believed), another algorithm than
 * HMAC-SHA256, an issued_at older than SIGNED_REQUEST_SECONDS or ahead of `now` (seconds), no user_id. NULL is no
 * request, and a NULL secret signs none. `purpose`: what it asks for, which its text does not say. */
enum error_code signed_request_read(const char *text, const struct secret *app_secret, int64_t now, const char *purpose,
                                    struct signed_request *request, struct error *error);

#endif
