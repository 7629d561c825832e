/* A run over all users that refreshes their tokens: those near their end, and those that an older key sealed. It may
 * have only a part of the time that it needs; then it says where the next one has to go on.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REFRESH_RUN_H
#define CGI_LOGIN_REFRESH_RUN_H

#include "base/deadline.h"
#include "config/config.h"
#include "store/store.h"

#include <stdbool.h>

/* What is due where nobody says otherwise: what ends within so many days. */
#define REFRESH_WITHIN_DAYS 14

/* The results so far. */
struct refresh_tally {
    unsigned long refreshed, resealed, not_yet, overtaken, invalid, failed;
};

/* Where a run that had not enough time has stopped: with which provider, behind which user. "": at the start. */
struct refresh_place {
    char provider[PROVIDER_NAME_MAX + 1];
    char id[PROVIDER_ID_MAX + 1];
};

struct refresh_options {
    int64_t within;    /* seconds: what ends sooner is due */
    int pause_seconds; /* after "too many calls"; 0: the run leaves that provider to the next one */
    bool bounded;      /* begins with no further token behind the deadline */
    struct deadline deadline;
    struct refresh_place from;
    /* Told of each failure: whose token it is ("PROVIDER:ID", or a provider, or NULL), and the cause. */
    void (*complain)(void *context, const char *whose, const char *cause);
    /* Told after each token, and at the end of a provider with NULL; or NULL. */
    void (*progress)(void *context, const char *provider, const struct refresh_tally *tally);
    void *context;
};

struct refresh_outcome {
    struct refresh_tally tally;
    bool complete;             /* all users were looked at */
    struct refresh_place next; /* else where the next run begins */
};

/* Runs. What fails is told and counted; the return value is false where nothing could be begun. */
bool refresh_run(const struct config *config, struct store *store, const struct refresh_options *options,
                 struct refresh_outcome *outcome);

/* Appends the results, as `cgi-login refresh` prints them. */
void refresh_tally_append(struct buffer *out, const struct refresh_tally *tally);

#endif
