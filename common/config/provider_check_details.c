/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "base/placeholder.h"
#include "config/detail_request.h"
#include "config/profile_value.h"

#include <stdio.h>

/* Writes the key of a member, as a message names it. */
static const char *member_key(const char *where, const char *key, char name[LOG_LINE_MAX]) {
    snprintf(name, LOG_LINE_MAX, "%.*s.%s", LOG_LINE_MAX - 16, where, key);
    return name;
}

static void check_where(const char *where, const cJSON *conditions, struct problems *problems) {
    for (const cJSON *condition = conditions != NULL ? conditions->child : NULL; condition != NULL;
         condition = condition->next)
        if (!profile_value_is_pointer(condition->string) ||
            !(cJSON_IsString(condition) || cJSON_IsNumber(condition) || cJSON_IsBool(condition)))
            problems_add(problems,
                         "%s: expected an object of JSON Pointers to a text, a number, true or false, such as "
                         "{\"/primary\": true}",
                         where);
}

/* A name that stands for nothing would be sent as it is. */
static void check_url(const char *where, const char *url, struct problems *problems) {
    size_t len;
    for (const char *at = url != NULL ? placeholder_find(url, &len) : NULL; at != NULL;
         at = placeholder_find(at + len, &len))
        if (!placeholder_is(at, len, DETAIL_ID))
            problems_add(problems, "%s: there is no \"%.*s\"; expected " DETAIL_ID, where, (int)(len < 40 ? len : 40),
                         at);
}

static void check_request(const char *where, const struct detail_request *request, struct problems *problems) {
    char name[LOG_LINE_MAX];
    check_url(member_key(where, "url", name), request->url, problems);
    provider_check_headers(member_key(where, "headers", name), request->headers, problems);
    check_where(member_key(where, "where", name), request->where, problems);
}

/* What the profile maps beside it would be lost. A file's own may be left over where the config has the request. */
static void check_mapped(const struct provider_sources *sources, const char *field, struct problems *problems) {
    char name[LOG_LINE_MAX];
    if (json_member(json_member(sources->settings, "profile"), field) != NULL &&
        provider_sources_is_own(sources, "profile") == provider_sources_is_own(sources, "email_request"))
        problems_add(problems, "%s.%s: has no effect, since email_request gives it; remove one of the two",
                     provider_sources_key(sources, "profile", name), field);
}

static void check_email(const struct provider_sources *sources, struct problems *problems) {
    const cJSON *written = json_member(sources->settings, "email_request");
    char where[LOG_LINE_MAX], name[LOG_LINE_MAX];
    if (written == NULL)
        return;
    const struct detail_request request = detail_request_read(written, email_request_settings);
    provider_sources_key(sources, "email_request", where);
    check_request(where, &request, problems);
    profile_value_check(member_key(where, "email", name), PROFILE_KIND_EMAIL, request.value, problems);
    if (request.verified != NULL)
        profile_value_check(member_key(where, "verified", name), PROFILE_KIND_VERIFIED, request.verified, problems);
    if (request.url == NULL && request.headers != NULL)
        problems_add(problems, "%s: has no effect without a url; write one, or remove this",
                     member_key(where, "headers", name));
    check_mapped(sources, PROFILE_EMAIL, problems);
    check_mapped(sources, PROFILE_EMAIL_VERIFIED, problems);
}

static void check_groups(const struct provider_sources *sources, struct problems *problems) {
    static const char key[] = "groups_requests";
    const cJSON *list = json_member(sources->settings, key);
    char whole[LOG_LINE_MAX], where[LOG_LINE_MAX], name[LOG_LINE_MAX];
    int index = 0;
    provider_sources_key(sources, key, whole);
    for (const cJSON *written = list != NULL ? list->child : NULL; written != NULL; written = written->next, index++) {
        const struct detail_request request = detail_request_read(written, groups_request_settings);
        snprintf(where, sizeof where, "%.*s[%d]", LOG_LINE_MAX - 16, whole, index);
        check_request(where, &request, problems);
        if (request.value != NULL)
            profile_value_check(member_key(where, "group", name), PROFILE_KIND_FURTHER, request.value, problems);
    }
    if (index > GROUPS_REQUESTS_MAX)
        problems_add(problems, "%s: expected at most %d entries; remove some", whole, GROUPS_REQUESTS_MAX);
}

void provider_check_details(const struct provider_sources *sources, struct problems *problems) {
    check_email(sources, problems);
    check_groups(sources, problems);
}
