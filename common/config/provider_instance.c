/* SPDX-License-Identifier: MIT */
#include "config/provider_instance.h"

#include "base/json.h"
#include "base/placeholder.h"
#include "base/url.h"

#include <string.h>

static const char KEY[] = "instance";

static bool names_instance(const char *text) {
    size_t len;
    const char *at = placeholder_find(text, &len);
    while (at != NULL && !placeholder_is(at, len, PLACEHOLDER_INSTANCE))
        at = placeholder_find(at + len, &len);
    return at != NULL;
}

/* True if a text in the value, or the value itself, names the instance. */
static bool is_named(const cJSON *value) {
    if (cJSON_IsString(value))
        return names_instance(value->valuestring);
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        if (is_named(child))
            return true;
    return false;
}

static bool put_into_text(cJSON *value, const char *address) {
    const struct placeholder list[] = {{PLACEHOLDER_INSTANCE, address}, {NULL, NULL}};
    struct buffer text = BUFFER_EMPTY;
    placeholder_expand(&text, value->valuestring, list);
    const bool put = !text.failed && cJSON_SetValuestring(value, buffer_text(&text)) != NULL;
    buffer_free(&text);
    return put;
}

static bool put_into(cJSON *value, const char *address) {
    if (cJSON_IsString(value))
        return !names_instance(value->valuestring) || put_into_text(value, address);
    for (cJSON *child = value->child; child != NULL; child = child->next)
        if (!put_into(child, address))
            return false;
    return true;
}

/* Copies the address without slashes at its end, since the file's texts go on with one. False when memory runs out. */
static bool put(cJSON *settings, const char *address, struct problems *problems) {
    struct buffer trimmed = BUFFER_EMPTY;
    size_t len = strlen(address);
    while (len != 0 && address[len - 1] == '/')
        len--;
    buffer_append(&trimmed, address, len);
    const bool done = !trimmed.failed && put_into(settings, buffer_text(&trimmed));
    problems->out_of_memory = problems->out_of_memory || !done;
    buffer_free(&trimmed);
    return done;
}

/* Tells what is wrong with the address for which the file has a place. */
static void check(const struct provider_sources *sources, const char *address, struct problems *problems) {
    if (address == NULL)
        problems_add(
            problems,
            "%s.%s: is missing; expected the address of the server where your visitors have their accounts, such "
            "as \"https://mastodon.social\"",
            sources->own_place, KEY);
    else if (strchr(address, '?') != NULL)
        problems_add(problems, "%s.%s: expected the server's address without a query; remove what begins with \"?\"",
                     sources->own_place, KEY);
}

bool provider_instance_put(struct provider_sources *sources, struct problems *problems) {
    const cJSON *own = json_member(sources->own, KEY);
    const cJSON *value = own != NULL ? own : json_member(sources->settings, KEY);
    const char *address = cJSON_GetStringValue(value);
    if (!is_named(sources->settings)) {
        if (own != NULL)
            problems_add(problems,
                         "%s.%s: has no effect, since the provider's file holds no " PLACEHOLDER_INSTANCE "; remove it",
                         sources->own_place, KEY);
        return true;
    }
    if (value != NULL && (address == NULL || !url_is_secure(address)))
        return own == NULL; /* one of the config has been told already, one of the file will be */
    check(sources, address, problems);
    return address != NULL && put(sources->settings, address, problems);
}
