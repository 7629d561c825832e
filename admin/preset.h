/* The presets: the files of providers/ beside the config, for the commands that show them before an owner has chosen
 * any.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PRESET_H
#define CGI_LOGIN_PRESET_H

#include "config/provider.h"

struct preset_list {
    char (*names)[PROVIDER_NAME_MAX + 1]; /* in their alphabet's order */
    size_t count;
};

/* Lists the names of the presets in `home`, the config's folder. ERROR_CONFIG if providers/ cannot be read. The list is
 * the caller's either way (preset_list_free). */
enum error_code preset_list_read(const char *home, struct preset_list *list, struct error *error);

void preset_list_free(struct preset_list *list);

/* The key that an owner writes besides the app's own, where a preset is for a server of one's own. */
#define PRESET_ISSUER "issuer"
#define PRESET_INSTANCE "instance"

/* A preset, judged as it would be in a config whose owner has filled in what is theirs. */
struct preset {
    struct provider *provider;
    struct config config;
    bool wants_key; /* a private key, `client_key`, stands in for a secret */
    bool wants_secret;
    const char *address_key; /* PRESET_ISSUER or PRESET_INSTANCE, or NULL: the file names its hosts itself */
};

/* Loads a preset; problems go to `problems`, the first to `error`. *preset is the caller's either way (preset_clear);
 * without ERROR_NONE its provider is NULL. */
enum error_code preset_load(const char *home, const char *name, struct preset *preset, struct problems *problems,
                            struct error *error);

void preset_clear(struct preset *preset);

#endif
