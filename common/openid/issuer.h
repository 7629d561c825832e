/* A provider's issuer (OpenID Connect Discovery 1.0): what it publishes about itself stands for the URLs that neither
 * the provider's file nor the config names. It is kept in a file beside the config (issuer_file.h), so that a program
 * that begins a login touches no network; issuer_fetch.h gets it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ISSUER_H
#define CGI_LOGIN_ISSUER_H

#include "config/config.h"
#include "config/provider.h"

enum issuer_state {
    ISSUER_KNOWN,  /* the provider is complete; also where nothing has to be known of an issuer */
    ISSUER_OLD,    /* likewise, but it is time to look whether anything has changed */
    ISSUER_UNKNOWN /* the provider lacks a URL */
};

/* True if the provider cannot do without what its issuer publishes: a URL of its login, or of its keys, is not
 * written. */
bool issuer_is_wanted(const struct provider *provider);

/* Completes the provider with what is kept, if it wants that. */
enum error_code issuer_load(const struct config *config, struct provider *provider, int64_t now,
                            enum issuer_state *state, struct error *error);

/* Loads a provider (provider.h), completed with what is kept of its issuer, however old. On anything but ERROR_NONE
 * *provider is NULL. */
enum error_code issuer_load_provider(const struct config *config, const char *name, struct provider **provider,
                                     struct problems *problems, struct error *error);

/* Checks the metadata: the issuer is the one that is expected, to the letter, and all URLs are https. ERROR_PROVIDER
 * names what is wrong. */
enum error_code issuer_check(const struct provider *provider, const cJSON *metadata, struct error *error);

/* Puts the metadata, which were checked and which the provider owns from then on, in the place of those that it has. */
void issuer_complete(struct provider *provider, cJSON *metadata, int64_t fetched);

/* True if `issuer` is the one that the provider is expected to name. In place of "{tenantid}" may stand any tenant. */
bool issuer_matches(const struct provider *provider, const char *issuer);

/* True if the provider is known to name its issuer in every authorization response (RFC 9207, section 3). */
bool issuer_names_itself(const struct provider *provider);

#endif
