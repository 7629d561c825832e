/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "base/query.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* What the program puts into the authorize URL. No parameter may stand there twice (RFC 6749, section 3.1). */
static const char *const our_names[] = {"redirect_uri",   "response_type",        "scope", "nonce", "state",
                                        "code_challenge", "code_challenge_method"};
enum { OUR_NAMES = sizeof our_names / sizeof *our_names };

static const char *client_id_param(const struct provider_sources *sources) {
    const char *name = json_string(sources->settings, "client_id_param");
    return name != NULL ? name : "client_id";
}

static bool is_among_ours(const char *name) {
    for (size_t i = 0; i < OUR_NAMES; i++)
        if (strcmp(name, our_names[i]) == 0)
            return true;
    return false;
}

static const char MODE[] = "response_mode";

/* The mode that counts: "query", or "form_post" (OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1;
 * OAuth 2.0 Form Post Response Mode). */
static const char *response_mode(const struct provider_sources *sources) {
    const char *mode = json_string(json_member(sources->settings, "authorize_params"), MODE);
    return text_equal(mode, "form_post") ? mode : "query";
}

/* Checks one parameter that goes into the authorize URL besides; `where` names it for the message. */
static void check_param(const struct provider_sources *sources, const char *where, const char *name, const char *value,
                        struct problems *problems) {
    const char *mode = response_mode(sources);
    if (strcmp(name, "response_type") == 0)
        problems_add(
            problems,
            "%s%s: is set by the program, to \"code\": the implicit flow is refused, since tokens in URLs leak "
            "(RFC 9700, section 2.1.2); remove it",
            where, name);
    else if (is_among_ours(name) || text_equal(name, client_id_param(sources)))
        problems_add(problems, "%s%s: is set by the program; remove it", where, name);
    if (strcmp(name, MODE) == 0 && !text_equal(value, "query") && !text_equal(value, mode))
        problems_add(problems,
                     "%sresponse_mode: the callback reads only what comes in the query, or, with \"form_post\" in "
                     "authorize_params, in a posted form; remove it, or write \"%s\"",
                     where, mode);
}

/* Checks the parameters under `key`, and that none stands in the query of authorize_url, too. */
static void check_params(const struct provider_sources *sources, const char *key, const struct query *query,
                         struct problems *problems) {
    const cJSON *params = json_member(sources->settings, key);
    const char *value;
    char name[LOG_LINE_MAX], where[LOG_LINE_MAX + 1];
    snprintf(where, sizeof where, "%s.", provider_sources_key(sources, key, name));
    for (const cJSON *param = params != NULL ? params->child : NULL; param != NULL; param = param->next) {
        check_param(sources, where, param->string, param->valuestring, problems);
        if (query_find(query, param->string, &value) != QUERY_ABSENT)
            problems_add(problems, "%s%.80s: stands in authorize_url, too; remove it there", where, param->string);
    }
}

/* Checks the query of authorize_url itself. */
static void check_query(const struct provider_sources *sources, const struct query *query, struct problems *problems) {
    const char *value;
    char name[LOG_LINE_MAX], where[LOG_LINE_MAX + 2];
    snprintf(where, sizeof where, "%s: ", provider_sources_key(sources, "authorize_url", name));
    for (size_t i = 0; i < OUR_NAMES; i++)
        if (query_find(query, our_names[i], &value) != QUERY_ABSENT)
            check_param(sources, where, our_names[i], NULL, problems);
    if (query_find(query, client_id_param(sources), &value) != QUERY_ABSENT)
        check_param(sources, where, client_id_param(sources), NULL, problems);
    if (query_find(query, MODE, &value) != QUERY_ABSENT)
        check_param(sources, where, MODE, text_equal(value, "query") ? value : NULL, problems);
}

/* The client's id needs a name of its own, here and at the token endpoint. */
static void check_client_id_param(const struct provider_sources *sources, struct problems *problems) {
    const char *param = client_id_param(sources);
    char name[LOG_LINE_MAX];
    if (is_among_ours(param) || provider_check_token_is_ours(param))
        problems_add(problems,
                     "%s: the program sends something else as \"%s\"; expected the name that the provider's "
                     "documentation has for the client's id",
                     provider_sources_key(sources, "client_id_param", name), param);
}

/* What is posted about the person, and goes where the ID token's claims are. */
static void check_callback_user(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "callback_user";
    static const char *const read[] = {"code", "state", "iss", "error", "sub"};
    const char *user = json_string(sources->settings, key);
    char name[LOG_LINE_MAX];
    provider_sources_key(sources, key, name);
    if (user == NULL)
        return;
    if (strcmp(response_mode(sources), "form_post") != 0)
        problems_add(
            problems,
            "%s: has no effect without \"response_mode\": \"form_post\" in authorize_params; add that, or remove "
            "it",
            name);
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (strcmp(user, read[i]) == 0)
            problems_add(problems, "%s: \"%s\" is another parameter; expected the one with the person's name in it",
                         name, user);
}

void provider_check_authorize(const struct provider_sources *sources, struct problems *problems) {
    const char *url = json_string(sources->settings, "authorize_url");
    const char *start = url != NULL ? strchr(url, '?') : NULL;
    struct query query;
    struct error error;
    if (query_parse(&query, start != NULL ? start + 1 : NULL, &error) == ERROR_INTERNAL)
        problems->out_of_memory = true;
    check_client_id_param(sources, problems);
    check_callback_user(sources, problems);
    check_query(sources, &query, problems);
    check_params(sources, "authorize_params", &query, problems);
    check_params(sources, "reauth_params", &query, problems);
    query_free(&query);
}
