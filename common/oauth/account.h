/* The person's account at the provider: read from the profile endpoint, and mapped to our fields.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCOUNT_H
#define CGI_LOGIN_ACCOUNT_H

#include "config/provider.h"
#include "http/http_client.h"
#include "oauth/token.h"

struct account_reading {
    cJSON *profile;
    bool in_part;    /* it lacks a field that was not asked for: the store may have it */
    bool groups_cut; /* there are more groups than GROUPS_MAX */
    char *remark;    /* what the log should say of fields that the provider refused, or NULL */
};

/* True if the profile is a call of its own, and is not read from what came with the token. */
bool account_is_fetched(const struct provider *provider);

/* Reads the profile: with the token from the profile endpoint, whose response lies over the ID token's claims and must
 * be about the same person; or, as `profile_from` says, from the response that brought the token, or from the claims
 * alone. So does a provider with an issuer that publishes no profile endpoint.
 * `profile` becomes an object of the fields that the provider file maps: those that profile_field.h knows as texts (ids
 * exact to the last digit), any other as the text, number or truth value that it is, `groups` as a list of texts,
 * `counts` as an object of whole numbers, and `email_verified` only beside the address that it is about. A field that
 * was asked for and that the provider left out or gave as null, or as something that the field cannot hold, is null, in
 * `counts` likewise: that takes it out of the stored account. A field that was not asked for (profile_fields.h) stays
 * out, unless the provider gave it all the same. It always has an `id`.
 * On ERROR_NONE the reading is to be cleared (account_reading_clear); otherwise it is empty. */
enum error_code account_read(struct http_client *client, const struct provider *provider, const struct token *token,
                             struct account_reading *reading, struct error *error);

/* Wipes and frees what it holds. */
void account_reading_clear(struct account_reading *reading);

#endif
