/* Two users who turn out to be one person, made one document: what `cgi-login users merge` writes, whatever keeps it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_USER_MERGE_H
#define CGI_LOGIN_USER_MERGE_H

#include "base/error.h"

#include <cjson/cJSON.h>

/* *merged becomes (json_free) what `into` is to be once it has all of `from`; both stay as they are. Nothing is lost:
 * - It gets each account, and each other field that it has not.
 * - An account that both have with the same id is one: the members of who signed in last count.
 * - createdAt is the earlier of both, lastLoginAt the later.
 * - Whatever else of `from` it cannot hold in its own place goes, with the _id of `from`, into its list
 *   FIELD_MERGED_FROM, where an application that knows users by their _id finds the old one.
 * ERROR_ACCOUNT_TAKEN, with both accounts named, if they have different accounts of one provider. */
enum error_code user_merge(const cJSON *into, const cJSON *from, cJSON **merged, struct error *error);

#endif
