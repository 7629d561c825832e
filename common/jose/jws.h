/* A JSON Web Signature in its compact form (RFC 7515, section 7.1): HEADER.PAYLOAD.SIGNATURE, each in base64url. Parsed
 * strictly: one spelling of each part, no member twice, no `crit`, no key that a token brings itself.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JWS_H
#define CGI_LOGIN_JWS_H

#include "base/error.h"

#include <cjson/cJSON.h>
#include <stddef.h>

struct jws {
    cJSON *header;           /* an object, with a text `alg` */
    cJSON *payload;          /* an object; nobody has vouched for it until key_set_verify has */
    const char *signed_text; /* HEADER.PAYLOAD, within the text that was parsed */
    size_t signed_len;
    unsigned char *signature; /* owned */
    size_t signature_len;
};

/* Takes the token apart. What it points to in `text` must stay. On ERROR_NONE it is to be cleared; otherwise it is
 * empty, and the code ERROR_PROVIDER with a cause that shows nothing of the token, or ERROR_INTERNAL. */
enum error_code jws_parse(const char *text, struct jws *jws, struct error *error);

/* Wipes and frees; an empty one, too. */
void jws_clear(struct jws *jws);

#endif
