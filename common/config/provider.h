/* A provider: the file providers/PRESET.json with what the config says about it laid over it, key by key. A provider is
 * data, not code.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_H
#define CGI_LOGIN_PROVIDER_H

#include "base/secret.h"
#include "config/allow.h"
#include "config/config.h"
#include "config/provider_name.h"

#include <sys/stat.h>

/* What a provider's file, and its entry in the config, may hold. */
extern const struct setting provider_settings[];

/* How the client proves itself at the token endpoint (RFC 6749, section 2.3). The order is that of the words in
 * provider_settings. */
enum token_auth {
    TOKEN_AUTH_BASIC, /* its secret in HTTP Basic */
    TOKEN_AUTH_FORM,  /* its secret in the body */
    TOKEN_AUTH_NONE,  /* a public client has no secret: PKCE alone binds the code to it (RFC 9700, section 2.1.1) */
    TOKEN_AUTH_KEY    /* a text that its private key signs (RFC 7523) */
};

/* Where the access token goes when it opens something. The order is that of the words in provider_settings. */
enum profile_auth { PROFILE_AUTH_BEARER, PROFILE_AUTH_QUERY, PROFILE_AUTH_NONE };

/* From what the profile is read; likewise. */
enum profile_from { PROFILE_FROM_URL, PROFILE_FROM_TOKEN, PROFILE_FROM_ID_TOKEN };

/* The URLs of a provider that has an issuer can be NULL until openid/issuer.h has completed them. */
struct provider {
    const char *name;
    const char *title;
    const char *mark;      /* the path of a picture on this site, for its button; NULL: its first letter stands there */
    bool appends_fragment; /* to the redirect to the callback; a browser keeps it over the next redirect */
    const char *account_hint; /* which of its accounts it lets log in, in plain words, or NULL */
    const char *authorize_url;
    const cJSON *authorize_params; /* an object of strings, or NULL */
    const char *callback_user;     /* what is posted about the person, as JSON, or NULL */
    const cJSON *reauth_params;    /* parameters that make the provider ask for a fresh login, or NULL */
    char *scope;                   /* joined with the separator; "" for none */
    bool pkce;                     /* S256 (RFC 7636), or none */
    bool form_post;                /* the provider has the browser post its response, or send it in the query */
    const char *scope_separator;
    const char *token_url;
    int token_auth;               /* enum token_auth */
    bool token_json;              /* what is sent there is JSON, or a form */
    const cJSON *token_params;    /* an object of texts with placeholders, or NULL */
    const cJSON *callback_params; /* names of what the browser brings for the token endpoint, or NULL */
    const char *long_lived_url;   /* where a short-lived token becomes a long-lived one, or NULL */
    const char *long_lived_grant;
    const char *refresh_url; /* where a token is refreshed */
    /* "refresh_token": with a refresh token (RFC 6749, section 6). Anything else: with the access token itself. */
    const char *refresh_grant;
    int64_t refresh_min_age; /* seconds: a younger token is not refreshed */
    /* How long a token lives, in seconds, where the response to each of the three requests does not say; 0: that is not
     * known. */
    int64_t token_lifetime;
    int64_t long_lived_lifetime;
    int64_t refresh_lifetime;
    const char *revocation_url;         /* where a token is given back, or NULL */
    const char *revocation_token_param; /* what the token is called there */
    const cJSON *revocation_params;     /* an object of texts with placeholders, or NULL */
    const cJSON *granted_scope;         /* a JSON Pointer or a list of them, or NULL: RFC 6749's own place */
    const cJSON *token_user_id;         /* likewise; NULL: the response with the token does not name the person */
    const cJSON *too_many_calls;        /* the provider's own error codes, numbers and strings, or NULL */
    const cJSON *token_dead;            /* likewise */
    const char *profile_url;
    const cJSON *profile_params;    /* an object of strings, or NULL */
    const char *field_param;        /* the one of them that lists the profile's fields, or NULL */
    const char *field_least;        /* the list that does for a sign-in */
    const cJSON *field_refused;     /* codes of errors that mean that a field is refused */
    const cJSON *field_named_after; /* texts of such errors that the field's name follows, or NULL */
    int profile_auth;               /* enum profile_auth */
    int profile_from;               /* enum profile_from */
    bool profile_post;              /* it is asked for by POST, or by GET */
    const cJSON *profile_headers;   /* an object of texts with placeholders, or NULL */
    const cJSON *profile_form;      /* likewise */
    const cJSON *email_request;     /* detail_request.h; or NULL */
    const cJSON *groups_requests;   /* a list of such, or NULL */
    const cJSON *ok_pointer;        /* where a response says that it is none, though its status is a success; or NULL */
    const cJSON *ok_equals;         /* what it says otherwise */
    const cJSON *response_root;     /* JSON Pointers tried in turn, or NULL: the root */
    const cJSON *profile;           /* our field to a value (profile_value.h); `counts` holds such an object */
    const cJSON *account_types;     /* an object: what people call each `account_type`, or NULL */
    /* What is known of the provider, for people: none of it steers a login. */
    const char *checked; /* the day on which the file was last compared with what the provider documents, or NULL */
    const char *documentation;
    const char *api_version_date; /* the day on which the API version in the URLs came, or NULL */
    const cJSON *hurdles;         /* a list of texts, or NULL */
    const char *register_url;     /* where an app is registered; NULL: at a server of the owner's own */
    const cJSON *register_steps;  /* a list of texts, or NULL */
    const char *id_name;          /* what `client_id` and `client_secret` are called there */
    const char *secret_name;
    const char *address;              /* what an issuer or instance looks like that the owner must name, or NULL */
    const char *issuer;               /* of OpenID Connect, or NULL */
    bool openid;                      /* it has an issuer, and `scope` asks for an ID token */
    bool id_token_nonce;              /* the ID token has to have our nonce */
    bool id_token_by_secret;          /* it is signed with the client secret (HS256), and with nothing else */
    bool logout_at_provider;          /* /logout leads on to end_session_url */
    const cJSON *id_token_algorithms; /* names, or NULL: all that we know */
    const char *id_token_issuer;      /* what the ID token names; the issuer itself, unless the file says another */
    const char *jwks_url;
    const char *end_session_url; /* or NULL */
    const char *client_id;
    const char *client_id_param;  /* what the provider calls it */
    struct secret *client_secret; /* or NULL */
    const char *client_key_file;  /* of the private key that signs in place of a secret, or NULL */
    const char *client_key_id;
    const char *client_key_issuer;
    const char *client_secret_audience; /* the secret is a text for it, signed with the key; or NULL */
    const char *assertion_audience;     /* whom TOKEN_AUTH_KEY signs for; NULL: token_url */
    char *callback_url;
    struct allow site_allow;  /* whom the site lets in */
    struct allow allow;       /* whom it lets in with this provider */
    const char *ca_file;      /* one more CA to trust, or NULL */
    cJSON *settings;          /* what the pointers above point into */
    cJSON *metadata;          /* likewise: what the issuer publishes, once that is known; or NULL */
    int64_t metadata_fetched; /* in seconds since 1970 */
    char *preset;             /* the path of its file */
    struct stat preset_status;
};

/* The name of the provider that a request for `path_name` means (NULL or "": the default), pointing into the config.
 * NULL if there is none. */
const char *provider_choose(const struct config *config, const char *path_name);

/* Reads one provider of the config. Problems are added to `problems`, the first is put into `error` (ERROR_CONFIG).
 * On ERROR_NONE *provider belongs to the caller (provider_free) and must not outlive the config; otherwise NULL. */
enum error_code provider_load(const struct config *config, const char *name, struct provider **provider,
                              struct problems *problems, struct error *error);

/* False if its file has changed since. */
bool provider_is_current(const struct provider *provider);

/* Wipes and frees; NULL is fine. */
void provider_free(struct provider *provider);

#endif
