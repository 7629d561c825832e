/* The checks of a provider as a whole: what depends on more than one key, once the config's keys lie over the file's.
 * Each adds a line to `problems` for each fault, which names the key, the fault and the remedy. One concern is one
 * file, provider_check_CONCERN.c.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_CHECKS_H
#define CGI_LOGIN_PROVIDER_CHECKS_H

#include "config/provider_sources.h"

/* Makes all of the checks below, and finds the keys that are missing. */
void provider_check(const struct provider_sources *sources, struct problems *problems);

/* Slips in the app's id and secret: what config-template.json holds in their place, and what was copied along with
 * them. */
void provider_check_app(const struct provider_sources *sources, struct problems *problems);

/* What is sent to the token endpoint and where tokens are revoked, besides what the program sends, and how the client
 * proves itself there. */
void provider_check_token(const struct provider_sources *sources, struct problems *problems);

/* True for the name of a parameter that the program itself sends to the token endpoint. The client's id has no fixed
 * one. */
bool provider_check_token_is_ours(const char *name);

/* What is sent to the provider with the browser: the query of authorize_url, and the parameters besides. */
void provider_check_authorize(const struct provider_sources *sources, struct problems *problems);

/* OpenID Connect: what is of no use without an issuer, and which signatures there are. */
void provider_check_issuer(const struct provider_sources *sources, struct problems *problems);

/* True for `id_token.algorithms` that say that the client secret signs: HS256, and no other beside it. */
bool provider_is_signed_by_secret(const cJSON *algorithms);

/* Tells of a name with a "$" in a text of the object `map` that is none of `names` (placeholder.h), with NULL at its
 * end. `where` names the object. */
void provider_check_placeholders(const char *where, const cJSON *map, const char *const *names,
                                 struct problems *problems);

/* The request for the profile, and where the token goes that opens it. */
void provider_check_request(const struct provider_sources *sources, struct problems *problems);

/* Headers that a request is to have besides: an object of texts, or NULL. `where` names it. */
void provider_check_headers(const char *where, const cJSON *headers, struct problems *problems);

/* The requests beside it, for the e-mail address and for groups. */
void provider_check_details(const struct provider_sources *sources, struct problems *problems);

/* What is taken from the profile. */
void provider_check_profile(const struct provider_sources *sources, struct problems *problems);

#endif
