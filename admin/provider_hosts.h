/* The hosts of a provider, for the commands that try them.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_HOSTS_H
#define CGI_LOGIN_PROVIDER_HOSTS_H

#include "config/provider.h"

typedef void (*provider_host_visitor)(void *context, const struct provider *provider, const char *url);

/* Visits a URL of each host, once; http_client_probe takes it. */
void provider_hosts_each(const struct provider *provider, provider_host_visitor visit, void *context);

#endif
