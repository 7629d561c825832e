/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "base/placeholder.h"
#include "base/text.h"
#include "config/private_file.h"

#include <stdio.h>
#include <string.h>

/* What the program sends to the token endpoint. No parameter may stand there twice (RFC 6749, section 3.2). */
static const char *const our_names[] = {"grant_type",    "code",          "redirect_uri",     "code_verifier",
                                        "client_secret", "refresh_token", "client_assertion", "client_assertion_type"};

bool provider_check_token_is_ours(const char *name) {
    for (size_t i = 0; i < sizeof our_names / sizeof *our_names; i++)
        if (strcmp(name, our_names[i]) == 0)
            return true;
    return false;
}

static const char *client_id_param(const struct provider_sources *sources) {
    const char *name = json_string(sources->settings, "client_id_param");
    return name != NULL ? name : "client_id";
}

static bool is_ours(const struct provider_sources *sources, const char *name) {
    return provider_check_token_is_ours(name) || text_equal(name, client_id_param(sources));
}

static bool is_ours_at_revocation(const struct provider_sources *sources, const char *name) {
    static const char *const names[] = {"token_type_hint", "client_secret", "client_assertion",
                                        "client_assertion_type"};
    bool ours = text_equal(name, client_id_param(sources));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ours = ours || text_equal(name, names[i]);
    return ours;
}

static void check_placeholder(const char *where, const cJSON *value, const char *const *names,
                              struct problems *problems) {
    size_t len;
    for (const char *at = placeholder_find(value->valuestring, &len); at != NULL;
         at = placeholder_find(at + len, &len)) {
        const char *const *name = names;
        while (*name != NULL && !placeholder_is(at, len, *name))
            name++;
        if (*name == NULL)
            problems_add(problems, "%s.%.80s: there is no \"%.*s\"; expected %s%s%s", where, value->string,
                         (int)(len < 40 ? len : 40), at, names[0], names[1] != NULL ? " or " : "",
                         names[1] != NULL ? names[1] : "");
    }
}

void provider_check_placeholders(const char *where, const cJSON *map, const char *const *names,
                                 struct problems *problems) {
    for (const cJSON *value = map != NULL ? map->child : NULL; value != NULL; value = value->next)
        check_placeholder(where, value, names, problems);
}

/* What is sent besides the token itself where it is revoked (RFC 7009, section 2.1). */
static void check_revocation(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "revocation_params", param_key[] = "revocation_token_param";
    static const char *const names[] = {PLACEHOLDER_CLIENT_ID, NULL};
    const cJSON *params = json_member(sources->settings, key);
    const char *token = json_string(sources->settings, param_key);
    char where[LOG_LINE_MAX];
    if (json_member(sources->settings, "revocation_url") == NULL && json_member(sources->settings, "issuer") == NULL) {
        if (token != NULL || params != NULL)
            problems_add(problems, "%s: has no effect without revocation_url; add that, or remove it",
                         provider_sources_key(sources, token != NULL ? param_key : key, where));
        return;
    }
    if (token != NULL && is_ours_at_revocation(sources, token))
        problems_add(problems,
                     "%s: the program sends something else as \"%s\"; expected the name that the provider's "
                     "documentation has for the token",
                     provider_sources_key(sources, param_key, where), token);
    provider_sources_key(sources, key, where);
    for (const cJSON *param = params != NULL ? params->child : NULL; param != NULL; param = param->next)
        if (is_ours_at_revocation(sources, param->string) || text_equal(param->string, token != NULL ? token : "token"))
            problems_add(problems, "%s.%s: is set by the program; remove it", where, param->string);
    provider_check_placeholders(where, params, names, problems);
}

static void check_params(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "token_params";
    static const char *const names[] = {PLACEHOLDER_CLIENT_ID, PLACEHOLDER_STATE, NULL};
    const cJSON *params = json_member(sources->settings, key);
    char where[LOG_LINE_MAX];
    provider_sources_key(sources, key, where);
    for (const cJSON *param = params != NULL ? params->child : NULL; param != NULL; param = param->next)
        if (is_ours(sources, param->string))
            problems_add(problems, "%s.%s: is set by the program; remove it", where, param->string);
    provider_check_placeholders(where, params, names, problems);
}

static bool is_repeated(const cJSON *list, const cJSON *item) {
    const cJSON *other = list->child;
    while (other != item && !text_equal(other->valuestring, item->valuestring))
        other = other->next;
    return other != item;
}

static void check_callback_params(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "callback_params";
    const cJSON *list = json_member(sources->settings, key);
    const cJSON *params = json_member(sources->settings, "token_params");
    char where[LOG_LINE_MAX];
    provider_sources_key(sources, key, where);
    for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next) {
        if (is_ours(sources, item->valuestring))
            problems_add(problems, "%s: \"%.80s\" is sent by the program; remove it", where, item->valuestring);
        else if (json_member(params, item->valuestring) != NULL)
            problems_add(problems, "%s: \"%.80s\" stands in token_params, too; remove it there", where,
                         item->valuestring);
        else if (is_repeated(list, item))
            problems_add(problems, "%s: \"%.80s\" stands there twice; remove one", where, item->valuestring);
    }
    if (cJSON_GetArraySize(list) > CALLBACK_PARAMS_MAX)
        problems_add(problems, "%s: expected at most %d names; remove some", where, CALLBACK_PARAMS_MAX);
}

static bool has(const struct provider_sources *sources, const char *key) {
    return json_member(sources->settings, key) != NULL;
}

/* A client without a secret is nobody in particular: PKCE has to bind the code to who asked for it (RFC 9700, section
 * 2.1.1). */
static void check_public_client(const struct provider_sources *sources, struct problems *problems) {
    char name[LOG_LINE_MAX];
    if (!text_equal(json_string(sources->settings, "token_auth"), "none"))
        return;
    if (json_member(sources->settings, "client_secret") != NULL)
        problems_add(problems,
                     "%s: is not sent, since token_auth is \"none\"; remove it, or write \"form\" or \"basic\" for "
                     "token_auth",
                     provider_sources_key(sources, "client_secret", name));
    if (text_equal(json_string(sources->settings, "pkce"), "none"))
        problems_add(problems, "%s: a client without a secret needs PKCE (RFC 9700, section 2.1.1); write \"S256\"",
                     provider_sources_key(sources, "pkce", name));
    if (json_member(sources->settings, "long_lived") != NULL)
        problems_add(problems, "%s: is asked for with client_secret, which token_auth \"none\" does without; remove it",
                     provider_sources_key(sources, "long_lived", name));
}

/* The file of the private key is as secret as the config. */
static void check_key_file(const struct provider_sources *sources, struct problems *problems) {
    const struct config *config = sources->config;
    const char *file = json_string(json_member(sources->own, "client_key"), "file");
    char key[PROVIDER_NAME_MAX + sizeof "providers..client_key.file"];
    snprintf(key, sizeof key, "%s.client_key.file", sources->own_place);
    if (file == NULL || config->reader == CONFIG_FOR_PRESET)
        return;
    private_file_check_place(config->home, key, file, config->web_root, problems);
    private_file_check(key, file, config->reader, problems);
}

/* A private key in the place of a secret. What needs the secret itself cannot be had with it. */
static void check_client_key(const struct provider_sources *sources, struct problems *problems) {
    char name[LOG_LINE_MAX];
    const char *auth = json_string(sources->settings, "token_auth");
    const bool signs = text_equal(auth, "private_key_jwt"), as_secret = has(sources, "client_secret_jwt");
    if (has(sources, "client_key") && !signs && !as_secret)
        problems_add(problems, "%s: signs nothing; remove it, or write \"private_key_jwt\" for token_auth",
                     provider_sources_key(sources, "client_key", name));
    if (as_secret && (signs || text_equal(auth, "none")))
        problems_add(problems, "%s: is not sent with token_auth \"%s\"; remove one of them",
                     provider_sources_key(sources, "client_secret_jwt", name), auth);
    if (has(sources, "assertion_audience") && !signs)
        problems_add(problems, "%s: is of use with token_auth \"private_key_jwt\" alone; remove it",
                     provider_sources_key(sources, "assertion_audience", name));
    if ((signs || as_secret) && has(sources, "client_secret"))
        problems_add(problems, "%s: is not sent, since client_key signs in its place; remove it",
                     provider_sources_key(sources, "client_secret", name));
    if ((signs || as_secret) && has(sources, "long_lived"))
        problems_add(problems, "%s: is asked for with client_secret, which client_key stands in for; remove it",
                     provider_sources_key(sources, "long_lived", name));
}

void provider_check_token(const struct provider_sources *sources, struct problems *problems) {
    check_params(sources, problems);
    check_callback_params(sources, problems);
    check_public_client(sources, problems);
    check_client_key(sources, problems);
    check_key_file(sources, problems);
    check_revocation(sources, problems);
}
