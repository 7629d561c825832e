/* SPDX-License-Identifier: MIT */
#include "console/user_shown.h"

#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "config/provider_name.h"
#include "session/profile_view.h"
#include "store/document_fields.h"
#include "store/token_seal.h"
#include "store/user.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static bool is_secret(const cJSON *member) {
    return (member->string != NULL && profile_field_is_token(member->string)) ||
           (cJSON_IsString(member) && token_seal_is_sealed(member->valuestring));
}

void user_shown_strip(cJSON *document) {
    json_remove_members(document, is_secret);
}

static void add_text(struct view *item, const char *key, const char *text) {
    if (!text_is_blank(text))
        view_text(item, key, text);
}

void user_shown_add_account(struct view *item, const cJSON *account) {
    struct buffer user = BUFFER_EMPTY;
    buffer_append_format(&user, "%s:%s", account->string, json_string(account, FIELD_ID));
    view_buffer(item, "user", &user);
    view_text(item, "name", profile_display_name(account));
    add_text(item, "username", json_string(account, PROFILE_USERNAME));
    add_text(item, "email", json_string(account, PROFILE_EMAIL));
    buffer_free(&user);
}

void user_shown_add_time(struct console *console, struct view *item, const char *key, int64_t seconds) {
    const time_t time = (time_t)seconds;
    char text[DATE_TIME_SIZE], words[64], name[32];
    struct tm utc;
    if (seconds < 0 || !date_write_time(seconds, text) || gmtime_r(&time, &utc) == NULL)
        return;
    view_text(item, key, text);
    if (console->context->request->wants_json)
        return;
    strftime(words, sizeof words, "%e %B %Y, %H:%M UTC", &utc);
    snprintf(name, sizeof name, "%s_text", key);
    view_text(item, name, words + (*words == ' '));
}

enum error_code user_shown_find(struct console *console, const char *text, char provider[PROVIDER_NAME_MAX + 1],
                                struct account_key *key, cJSON **document, struct error *error) {
    const char *colon = text != NULL ? strchr(text, ':') : NULL;
    const size_t len = colon != NULL ? (size_t)(colon - text) : 0;
    *document = NULL;
    if (len == 0 || len > PROVIDER_NAME_MAX || colon[1] == '\0')
        return error_set(error, ERROR_BAD_REQUEST, "the request names no user as PROVIDER:ID");
    memcpy(provider, text, len);
    provider[len] = '\0';
    *key = (struct account_key){provider, colon + 1};
    const struct user_query query = {.provider = provider, .id = key->id};
    enum error_code code = provider_name_is_valid(provider)
                               ? store_user_find(console->store, &query, document, error)
                               : error_set(error, ERROR_BAD_REQUEST, "the request names no user as PROVIDER:ID");
    /* What only another program could have written has no such account in it. */
    if (code == ERROR_NONE && !user_is_account(json_member(*document, provider)))
        code = error_set(error, ERROR_NOT_FOUND, "there is no such user");
    return code;
}
