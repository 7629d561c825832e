/* The keys of a session's JSON. In the cookie they are short: of four bytes there three are left.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SESSION_KEYS_H
#define CGI_LOGIN_SESSION_KEYS_H

#include "base/view.h"

#include <cjson/cJSON.h>

#define SESSION_ID "id"
#define SESSION_PROVIDER "provider"
#define SESSION_SIGNED_IN "signed_in"
#define SESSION_CHECKED "checked"
#define SESSION_EXPIRES "expires"
#define SESSION_PROFILE "profile"
#define SESSION_JUDGED "judged"

/* A copy of `value` with short keys, or with those that short ones stand for; any other key stays as it is. To be freed
 * with json_free; NULL when memory runs out. */
cJSON *session_keys_short(const cJSON *value);
cJSON *session_keys_long(const cJSON *value);

/* Adds each short key with the name that it stands for, for programs in other languages that open the cookie. */
void session_keys_list(struct view *view);

#endif
