/* A provider that keeps failing. After OUTAGE_FAILURES logins in a row that failed for its sake, visitors are told so
 * at once; every OUTAGE_SECONDS one of them tries it, and the first success ends it. What is known lies in a file of
 * the config's `state`, outage-NAME, which is there only while a provider fails: a login costs no more than a look for
 * it. Each web server has its own, since what cannot be reached may be reached from another. Where the file cannot be
 * read or written, every login is tried.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_OUTAGE_H
#define CGI_LOGIN_PROVIDER_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

/* Whose outage: the folder of the file, and the provider's name. */
struct outage_place {
    const char *folder;
    const char *provider;
};

/* Returns for how many seconds the provider is not to be asked; 0: this login may try it. */
int64_t provider_outage_left(const struct outage_place *place, int64_t now);

/* A login has failed for the provider's sake. True if visitors are told at once from now on: then, and not again, the
 * operator should know. */
bool provider_outage_note_failure(const struct outage_place *place, int64_t now);

/* The provider has responded. */
void provider_outage_note_response(const struct outage_place *place);

#endif
