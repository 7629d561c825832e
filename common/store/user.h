/* The stored user: the document that Passport applications use, in MongoDB's relaxed Extended JSON.
 *   { _id, PROVIDER: { id, accessToken, profile fields…, counts, token }, createdAt, lastLoginAt }
 * with one such member for each account that the user has.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_USER_H
#define CGI_LOGIN_USER_H

#include "base/error.h"
#include "store/credentials.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* A time (seconds since 1970) as {"$date": "2026-11-24T10:41:00.000Z"}. NULL when memory runs out. */
cJSON *user_date(int64_t seconds);

/* The seconds of what user_date made, or -1 for anything else. */
int64_t user_date_seconds(const cJSON *date);

/* Does the same to the millisecond, for a backend that hands on the times of other programs. */
cJSON *user_date_exact(int64_t milliseconds);
int64_t user_date_milliseconds(const cJSON *date);

/* What is written for a user at a login: the whole document of a new one, with `_id` "PROVIDER:ID" and both times, or
 * the merge patch (RFC 7396) for one that exists, in which a null of the profile takes the field away. The profile
 * (with its id) and the credentials become one account, as copies. NULL when memory runs out. */
cJSON *user_document(const char *provider, const char *id, const cJSON *profile, const struct credentials *credentials,
                     int64_t now);
cJSON *user_patch(const char *provider, const cJSON *profile, const struct credentials *credentials, int64_t now);

/* Makes the _id of a new document "PROVIDER:ID+NUMBER": for a user whose account was once that of another one, who
 * keeps the _id that was named after it. False when memory runs out. */
bool user_renumber(cJSON *document, const char *provider, const char *id, unsigned number);

/* True for a member of a document that is a provider's account: its key can be a provider's name, and it has an id.
 * NULL is none. */
bool user_is_account(const cJSON *member);

/* The document's account, of several the first with an access token: *provider and *id point into it. False if it has
 * none. */
bool user_account(const cJSON *document, const char **provider, const char **id);

/* *profile becomes a copy (json_free) of the user's account under `provider`, without the access token and what belongs
 * to it, which must not leave the server. PROFILE_RECONNECT in it is true when the provider does not take the token any
 * more and only a new login helps. *profile is NULL when the document (NULL: nobody's) has no such account. */
enum error_code user_profile(const cJSON *document, const char *provider, cJSON **profile, struct error *error);

#endif
