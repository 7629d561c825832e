/* The two sources of a provider's settings: its file in providers/, and its part of the config, which is laid over it
 * key by key. A message names the source in which a key was written.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_SOURCES_H
#define CGI_LOGIN_PROVIDER_SOURCES_H

#include "base/bounds.h"
#include "base/problems.h"
#include "config/provider.h"

struct provider_sources {
    const struct config *config;
    const cJSON *own;   /* in config.json */
    cJSON *settings;    /* those of the file, over which the config's own are laid; owned: json_free */
    char *preset_place; /* the file's path and ": "; owned: buffer_free_text */
    char own_place[PROVIDER_NAME_MAX + sizeof "providers."];
};

/* Reads, checks each key of, and joins both sources of `provider`, which gets the path and the state of its file.
 * False if there are problems, or memory runs out. What it read belongs to the caller whatever comes back. */
bool provider_sources_read(const struct config *config, struct provider *provider, struct provider_sources *sources,
                           struct problems *problems);

/* True if the key stands in the config, or nowhere. */
bool provider_sources_is_own(const struct provider_sources *sources, const char *key);

/* Writes the key as a message names it: "providers.NAME.key", or the file's path, ": " and the key. Returns `name`. */
const char *provider_sources_key(const struct provider_sources *sources, const char *key, char name[LOG_LINE_MAX]);

#endif
