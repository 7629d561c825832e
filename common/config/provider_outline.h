/* The part of a provider that the page of a signed-in person needs: its name for people and the fields it maps. The
 * rest of its file is not read, so that neither a fault elsewhere in it nor a secret concerns that page.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_OUTLINE_H
#define CGI_LOGIN_PROVIDER_OUTLINE_H

#include "config/allow.h"
#include "config/config.h"

#include <sys/stat.h>

struct provider_outline {
    const char *name;
    const char *title;          /* the provider's name where the file has none to read */
    const char *mark;           /* the path of a picture on this site, or NULL */
    const cJSON *account_types; /* an object: what people call each `account_type`; NULL if none can be read */
    const cJSON *profile;       /* our fields, the keys of an object; NULL if none can be read */
    bool asks_email;            /* for the address, beside the profile, which then need not map it */
    bool asks_groups;           /* likewise */
    struct allow site_allow;
    struct allow allow; /* not checked yet (allow_check) */
    bool may_revoke;    /* it names where a token is given back, or an issuer that may */
    cJSON *file;        /* what the pointers above point into where the config has no such key */
    char *path;         /* of the file */
    struct stat status;
};

/* Reads the outline of a provider that the config names. A file that cannot be read or used is told in `problems`, and
 * is no failure: the outline then has what is left. On ERROR_NONE *outline belongs to the caller
 * (provider_outline_free) and must not outlive the config; otherwise memory ran out, and it is NULL. */
enum error_code provider_outline_load(const struct config *config, const char *name, struct provider_outline **outline,
                                      struct problems *problems, struct error *error);

/* Takes away of a stored profile what the provider does not map: what another program keeps beside our fields is not
 * ours to show. The rest comes into the map's order. Where the map cannot be read, the fields that every provider may
 * have stay. */
void provider_outline_filter(const struct provider_outline *outline, cJSON *profile);

/* False if the file has changed since. */
bool provider_outline_is_current(const struct provider_outline *outline);

/* NULL is fine. */
void provider_outline_free(struct provider_outline *outline);

#endif
