/* What has become of a login that was claimed (store.h): waiting for it, and how a backend keeps it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LOGIN_H
#define CGI_LOGIN_LOGIN_H

#include "store/store.h"

struct login_wait {
    const char *session_id;
    int64_t now;
    int64_t seconds; /* how long who claimed the login may take for it */
};

/* Waits until the login is no more LOGIN_RUNNING. It is still so in the end if whoever claimed it has lost its process:
 * a claim that is older than it may be is not waited for. */
enum error_code login_await(struct store *store, const struct login_wait *wait, struct login *login,
                            struct error *error);

/* Takes over what a backend keeps as FIELD_OUTCOME. */
void login_take_outcome(struct login *login, const char *outcome);

#endif
