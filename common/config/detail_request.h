/* What a provider file says of a request beside the profile's: for the e-mail address (`email_request`), or for groups
 * (one of `groups_requests`).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DETAIL_REQUEST_H
#define CGI_LOGIN_DETAIL_REQUEST_H

#include "config/settings.h"

/* The names in its URL. */
#define DETAIL_ID "$id" /* of the account */

struct detail_request {
    const cJSON *written; /* the object that it is read from */
    const char *url;      /* NULL: the response is the profile's */
    const cJSON *headers; /* an object of texts with placeholders, or NULL */
    const cJSON *list;    /* where the list stands in the response; NULL: it is the response */
    const cJSON *where; /* what holds of the items that count: JSON Pointers to texts, numbers, truth values; or NULL */
    const cJSON *value; /* the address, or the group, in an item (profile_value.h); NULL: the item */
    const cJSON *verified; /* whether the address is the person's; or NULL */
};

/* What each may hold. */
extern const struct setting email_request_settings[];
extern const struct setting groups_request_settings[];

/* Takes what was checked by one of these tables apart. */
struct detail_request detail_request_read(const cJSON *written, const struct setting *table);

/* True if the request wants the account's id, so that it can only be made after the profile's. */
bool detail_request_wants_id(const struct detail_request *request);

#endif
