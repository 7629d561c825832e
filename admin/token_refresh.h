/* Refreshing one user's token, safely: a lease keeps two runs from using one refresh token twice, and the new token is
 * written in one atomic step which checks that the old one is still there. A run that is killed at any point leaves the
 * old token in place, which the provider still takes; but for a refresh token that the provider replaces at each use,
 * when the kill comes between its response and our write.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TOKEN_REFRESH_H
#define CGI_LOGIN_TOKEN_REFRESH_H

#include "config/provider.h"
#include "http/http_client.h"
#include "oauth/token_endpoint.h"
#include "store/store.h"
#include "store/token_record.h"

enum token_refresh_outcome {
    REFRESH_DONE,
    REFRESH_NOT_DUE,   /* far from its end, or too young, or the provider gave no refresh token */
    REFRESH_OVERTAKEN, /* a login or another run was quicker */
    REFRESH_INVALID,   /* the provider says that it does not take it any more; it is marked so */
    REFRESH_TOO_MANY,  /* the provider wants a pause */
    REFRESH_FAILED     /* `error` says why */
};

struct refresher {
    const struct config *config;
    const struct provider *provider;
    struct store *store;
    struct http_client *client;
    int64_t within; /* seconds: what ends sooner is due */
};

/* Refreshes the token in the user's document if it is due. With `fresh` not NULL, on REFRESH_DONE the new token is put
 * there (secret_free); the cause of `error` is then what the owner should know of it, or "". */
enum token_refresh_outcome token_refresh_attempt(const struct refresher *refresher, const cJSON *document,
                                                 struct secret **fresh, struct error *error);

#endif
