/* A provider's entry in the config: what the owner has to do for it at the provider, and what they got there.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_ENTRY_H
#define CGI_LOGIN_PROVIDER_ENTRY_H

#include "admin/preset.h"
#include "base/view.h"

struct provider_entry_names {
    const char *name;   /* of the provider in the config */
    const char *preset; /* of its file */
    const char *base_url;
};

/* Prints what stands in the way, where and how to register an app, and the redirect URI. */
void provider_entry_guide(const struct provider_entry_names *names, const struct provider *provider);

/* Asks for what the provider gives, and puts it into the entry; a secret is not shown. False, having complained, if an
 * answer is missing. */
bool provider_entry_ask(const struct provider_entry_names *names, const struct preset *preset, struct view *entry);

#endif
