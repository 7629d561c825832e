/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "base/placeholder.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

static const char *const placeholders[] = {PLACEHOLDER_CLIENT_ID, PLACEHOLDER_ACCESS_TOKEN, NULL};

/* RFC 9110, section 5.6.2. */
static bool is_header_name(const char *name) {
    static const char token[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
    return *name != '\0' && name[strspn(name, token)] == '\0';
}

/* Those that say how the message goes. libcurl writes them. */
static bool is_of_transport(const char *name) {
    static const char *const names[] = {"Host",       "Content-Length", "Content-Type", "Transfer-Encoding",
                                        "Connection", "Expect",         "TE",           "Upgrade"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

void provider_check_headers(const char *where, const cJSON *headers, struct problems *problems) {
    for (const cJSON *header = headers != NULL ? headers->child : NULL; header != NULL; header = header->next) {
        struct buffer name = BUFFER_EMPTY;
        text_append_printable(&name, header->string, 60);
        if (!is_header_name(header->string))
            problems_add(problems, "%s: \"%s\" cannot be the name of a header; correct it", where, buffer_text(&name));
        else if (is_of_transport(header->string))
            problems_add(problems, "%s.%s: is set by the program; remove it", where, buffer_text(&name));
        else if (!text_is_printable(header->valuestring))
            problems_add(problems, "%s.%s: holds what no header can; expected one line of visible characters", where,
                         buffer_text(&name));
        problems->out_of_memory = problems->out_of_memory || name.failed;
        buffer_free(&name);
    }
    if (cJSON_GetArraySize(headers) > PROVIDER_HEADERS_MAX)
        problems_add(problems, "%s: expected at most %d entries; remove some", where, PROVIDER_HEADERS_MAX);
    provider_check_placeholders(where, headers, placeholders, problems);
}

static bool names_token(const char *text) {
    size_t len;
    for (const char *at = placeholder_find(text, &len); at != NULL; at = placeholder_find(at + len, &len))
        if (placeholder_is(at, len, PLACEHOLDER_ACCESS_TOKEN))
            return true;
    return false;
}

static bool holds_token(const cJSON *map) {
    for (const cJSON *value = map != NULL ? map->child : NULL; value != NULL; value = value->next)
        if (names_token(value->valuestring))
            return true;
    return false;
}

/* A token that goes nowhere opens nothing. */
static void check_auth(const struct provider_sources *sources, struct problems *problems) {
    const cJSON *settings = sources->settings;
    char name[LOG_LINE_MAX];
    if (text_equal(json_string(settings, "profile_auth"), "none") &&
        !holds_token(json_member(settings, "profile_form")) && !holds_token(json_member(settings, "profile_headers")))
        problems_add(problems,
                     "%s: with \"none\" the token goes nowhere; write \"" PLACEHOLDER_ACCESS_TOKEN
                     "\" where it belongs in profile_headers or profile_form, or remove this",
                     provider_sources_key(sources, "profile_auth", name));
}

/* The program puts the token there itself. */
static void check_params(const struct provider_sources *sources, struct problems *problems) {
    char name[LOG_LINE_MAX];
    if (text_equal(json_string(sources->settings, "profile_auth"), "query") &&
        json_member(json_member(sources->settings, "profile_params"), "access_token") != NULL)
        problems_add(problems, "%s.access_token: is set by the program; remove it",
                     provider_sources_key(sources, "profile_params", name));
}

static void check_form(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "profile_form";
    const cJSON *form = json_member(sources->settings, key);
    char name[LOG_LINE_MAX];
    if (form != NULL && !text_equal(json_string(sources->settings, "profile_method"), "POST"))
        problems_add(problems, "%s: has no effect without \"profile_method\": \"POST\"; add that, or remove this",
                     provider_sources_key(sources, key, name));
    provider_check_placeholders(provider_sources_key(sources, key, name), form, placeholders, problems);
}

/* What is left of the request where there is none. */
static void check_source(const struct provider_sources *sources, struct problems *problems) {
    static const char *const keys[] = {"profile_url", "profile_params", "profile_form", "field_list"};
    const char *from = json_string(sources->settings, "profile_from");
    char name[LOG_LINE_MAX];
    if (from == NULL || text_equal(from, "profile_url"))
        return;
    if (text_equal(from, "id_token") && json_member(sources->settings, "issuer") == NULL)
        problems_add(problems,
                     "%s: an ID token is only believed of an issuer; write `issuer`, with \"openid\" in `scope`",
                     provider_sources_key(sources, "profile_from", name));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_member(sources->settings, keys[i]) != NULL &&
            provider_sources_is_own(sources, keys[i]) == provider_sources_is_own(sources, "profile_from"))
            problems_add(problems, "%s: has no effect, since profile_from is \"%s\"; remove one of the two",
                         provider_sources_key(sources, keys[i], name), from);
}

void provider_check_request(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "profile_headers";
    char name[LOG_LINE_MAX];
    provider_check_headers(provider_sources_key(sources, key, name), json_member(sources->settings, key), problems);
    check_params(sources, problems);
    check_form(sources, problems);
    check_auth(sources, problems);
    check_source(sources, problems);
}
