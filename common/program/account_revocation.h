/* Giving an account's token back to the provider (RFC 7009), once the store has forgotten it: when an account is
 * unlinked and when a user is deleted. Whatever comes of it changes nothing here, and is worth a line in the log.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ACCOUNT_REVOCATION_H
#define CGI_LOGIN_ACCOUNT_REVOCATION_H

#include "program/process_cache.h"

#include <cjson/cJSON.h>
#include <stdint.h>

/* Told about each account whose token the provider may still take: one line, without secrets. */
typedef void (*account_revocation_note)(void *context, const char *line);

/* Revokes the tokens of all accounts in a user's document, within REVOCATION_SECONDS altogether: the refresh token,
 * with which all of a login end, where the provider takes that back. An account without a token, or of a provider that
 * takes none back, is left out. (Links libcurl.) */
void account_revocation_run(struct process_cache *cache, const struct config *config, const cJSON *document,
                            int64_t now, account_revocation_note note, void *context);

#endif
