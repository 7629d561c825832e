/* config.json: reading it, and saying what is wrong with it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONFIG_H
#define CGI_LOGIN_CONFIG_H

#include "base/error.h"
#include "base/problems.h"
#include "config/config_place.h"
#include "config/settings.h"
#include "seal/keyring.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* What config.json may hold: what `struct config` is read by, and `cgi-login help config` prints. */
extern const struct setting config_settings[];

struct config {
    char *path; /* of config.json, absolute and without symbolic links */
    char *home; /* the folder that holds it; providers/ and templates/ lie beside it */
    enum config_reader reader;
    bool is_faulty; /* of CONFIG_FOR_OWNER: what entrance_keep has left of it */
    char *web_root; /* without symbolic links; NULL: not known */
    struct keyring keys;
    const char *base_url;     /* scheme://host[:port], no path */
    const char *store;        /* a URI; may hold a password */
    int64_t session_lifetime; /* seconds */
    int64_t session_recheck;  /* seconds */
    int64_t session_max_age;  /* seconds: an older login is not fresh for start?reauth=1; 0: none is */
    bool trust_on_outage;     /* a session that is due for a check holds while the store cannot be asked */
    int64_t callback_seconds; /* how long a whole callback may take */
    const char *success;      /* paths of this site */
    const char *failure;
    const char *home_path;
    const char *signed_out;       /* where /profile leads who is not signed in */
    const char *site_name;        /* or NULL, as are the next two */
    const char *site_logo;        /* a path of this site, or an https URL */
    const char *site_colour;      /* "#rrggbb" */
    const char *default_provider; /* NULL when none is set and there is not exactly one */
    bool seal_tokens;
    const char *language;   /* the one of all pages, or NULL: the browser's */
    char *log;              /* the programs' own error log; of a faulty config it is not looked at */
    const char *state;      /* the folder of what the programs keep and can make anew; or `home` */
    char *ca_place;         /* the folder that `cgi-login ca-refresh` fills, there or not */
    const char *ca_folder;  /* the same, or NULL where it is not there: the system's is trusted */
    const cJSON *allow;     /* whom the site lets in (allow.h), or NULL: everybody */
    const cJSON *gate;      /* the rules of the gate (gate_rules.h), a list; or NULL: there is none */
    const cJSON *owners;    /* who may open the owner's page (owners.h), or NULL */
    const char *setup_code; /* secrets, or NULL */
    const char *refresh_key;
    char mark[CONFIG_MARK_SIZE]; /* where there are rules: a hash of the file, so that an edit is noticed; else "" */
    const cJSON *providers;      /* the object `providers`, as written; provider.h reads one */
    cJSON *document;             /* what the pointers above point into */
};

/* Reads the config. Refused: a file in `document_root` (NULL: not known) or that other users can read, one that is no
 * JSON object, an unknown or double key, a wrong type, a missing value. All problems go to `problems` (each names
 * key, fault and remedy), and the first to `error` (ERROR_CONFIG). On ERROR_NONE *config belongs to the caller
 * (config_free); otherwise it is NULL, but for two readers: CONFIG_FOR_CHECK gets what could be read, in which any
 * pointer can be NULL; CONFIG_FOR_OWNER gets a config that `is_faulty` where the file itself is private and in its
 * place, and entrance_keep lets somebody in. */
enum error_code config_load(const char *path, const char *document_root, enum config_reader reader,
                            struct config **config, struct problems *problems, struct error *error);

/* Wipes and frees; NULL is fine. */
void config_free(struct config *config);

#endif
