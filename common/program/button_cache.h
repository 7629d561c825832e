/* What the login page shows of each provider, kept beside the config: reading and judging each provider's file for each
 * visitor would cost more than the rest of the page, where there are many. An entry holds as long as the config, the
 * provider's file and the program are the ones that made it. A provider that cannot be used has none, so that its fault
 * is told each time.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_BUTTON_CACHE_H
#define CGI_LOGIN_BUTTON_CACHE_H

#include "config/provider.h"

struct button_cache {
    const struct config *config;
    cJSON *kept;  /* the entries of the file, by name; NULL: none that can be used */
    cJSON *fresh; /* the entries that were used or made; NULL: memory ran out for them, or nothing is kept */
    bool changed;
};

/* What a button shows; points into the cache. */
struct button_outline {
    const char *name;
    const char *title;
    const char *mark; /* or NULL, as is the next */
    const char *account_hint;
};

/* Reads the file. That there is none, or none to believe, is no failure. With few providers nothing is kept. */
void button_cache_open(const struct config *config, struct button_cache *cache);

/* True if the provider's entry holds. */
bool button_cache_find(struct button_cache *cache, const char *name, struct button_outline *outline);

/* Keeps an entry for a provider that was read and judged. */
void button_cache_keep(struct button_cache *cache, const struct provider *provider);

/* Writes the file, if something in it has changed and that can be done; frees what the cache owns. */
void button_cache_close(struct button_cache *cache);

#endif
