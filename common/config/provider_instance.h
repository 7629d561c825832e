/* A provider that runs on many servers, such as Mastodon: its file has $instance where the server's address belongs,
 * and the config's `instance` says which server is meant.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_INSTANCE_H
#define CGI_LOGIN_PROVIDER_INSTANCE_H

#include "config/provider_sources.h"

/* Puts the instance's address, without a slash at its end, into the texts of the file, over which the config does not
 * lie yet. Tells of an address that is missing, cannot be used, or has no use. False if the texts stay without one,
 * which has been told: then nothing more is to be told of them. */
bool provider_instance_put(struct provider_sources *sources, struct problems *problems);

#endif
