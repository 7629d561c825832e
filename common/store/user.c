/* SPDX-License-Identifier: MIT */
#include "store/user.h"

#include "base/buffer.h"
#include "base/json.h"
#include "config/provider_name.h"
#include "store/document_fields.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

cJSON *user_date_exact(int64_t milliseconds) {
    const time_t seconds = (time_t)(milliseconds / MILLISECONDS_PER_SECOND);
    struct tm utc;
    char text[64];
    cJSON *date = cJSON_CreateObject();
    if (gmtime_r(&seconds, &utc) == NULL)
        goto failed;
    const size_t len = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + len, sizeof text - len, ".%03dZ", (int)(milliseconds % MILLISECONDS_PER_SECOND));
    if (!json_add(date, FIELD_DATE, cJSON_CreateString(text)))
        goto failed;
    return date;
failed:
    cJSON_Delete(date);
    return NULL;
}

cJSON *user_date(int64_t seconds) {
    return user_date_exact(seconds * MILLISECONDS_PER_SECOND);
}

/* Reads the fraction of a second in ".5Z" and the like, in milliseconds. -1 if it is malformed or no "Z" follows. */
static int read_fraction(const char *text) {
    int milliseconds = 0;
    if (*text == '.') {
        const size_t digits = strspn(text + 1, "0123456789");
        for (size_t i = 0; i < 3; i++)
            milliseconds = milliseconds * 10 + (i < digits ? text[1 + i] - '0' : 0);
        text += 1 + digits;
    }
    return strcmp(text, "Z") == 0 ? milliseconds : -1;
}

int64_t user_date_milliseconds(const cJSON *date) {
    const char *text = json_string(date, FIELD_DATE);
    struct tm utc = {0};
    int end = 0;
    if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &utc.tm_year, &utc.tm_mon, &utc.tm_mday, &utc.tm_hour,
                               &utc.tm_min, &utc.tm_sec, &end) != 6)
        return -1;
    const int fraction = read_fraction(text + end);
    if (fraction < 0 || utc.tm_year < 1970 || utc.tm_mon < 1 || utc.tm_mon > 12 || utc.tm_mday < 1 ||
        utc.tm_mday > 31 || utc.tm_hour < 0 || utc.tm_hour > 23 || utc.tm_min < 0 || utc.tm_min > 59 ||
        utc.tm_sec < 0 || utc.tm_sec > 60)
        return -1;
    utc.tm_year -= 1900;
    utc.tm_mon -= 1;
    return (int64_t)timegm(&utc) * MILLISECONDS_PER_SECOND + fraction;
}

int64_t user_date_seconds(const cJSON *date) {
    const int64_t milliseconds = user_date_milliseconds(date);
    return milliseconds < 0 ? milliseconds : milliseconds / MILLISECONDS_PER_SECOND;
}

bool user_is_account(const cJSON *member) {
    const char *id = json_string(member, FIELD_ID);
    return member != NULL && provider_name_is_valid(member->string) && id != NULL && *id != '\0';
}

bool user_account(const cJSON *document, const char **provider, const char **id) {
    const cJSON *account = NULL;
    for (const cJSON *member = document->child; member != NULL; member = member->next)
        if (user_is_account(member) && (account == NULL || (json_string(account, FIELD_ACCESS_TOKEN) == NULL &&
                                                            json_string(member, FIELD_ACCESS_TOKEN) != NULL)))
            account = member;
    *provider = account != NULL ? account->string : NULL;
    *id = json_string(account, FIELD_ID);
    return account != NULL;
}

/* Profile and credentials as they lie under the provider's key. NULL when memory runs out. */
static cJSON *make_account(const cJSON *profile, const struct credentials *credentials) {
    const cJSON *members = credentials->members;
    cJSON *account = cJSON_Duplicate(profile, true);
    for (const cJSON *member = members != NULL ? members->child : NULL; member != NULL; member = member->next) {
        if (!json_add(account, member->string, cJSON_Duplicate(member, true))) {
            json_free(account);
            return NULL;
        }
    }
    return account;
}

cJSON *user_patch(const char *provider, const cJSON *profile, const struct credentials *credentials, int64_t now) {
    cJSON *patch = cJSON_CreateObject();
    if (json_add(patch, provider, make_account(profile, credentials)) &&
        json_add(patch, FIELD_LAST_LOGIN_AT, user_date(now)))
        return patch;
    json_free(patch);
    return NULL;
}

/* Removes the nulls, which a merge patch does to a document (RFC 7396), and an object that held nothing else. */
static void drop_nulls(cJSON *object) {
    for (cJSON *member = object->child, *next; member != NULL; member = next) {
        const bool filled = cJSON_IsObject(member) && member->child != NULL;
        next = member->next;
        if (filled)
            drop_nulls(member);
        if (cJSON_IsNull(member) || (filled && member->child == NULL))
            cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
    }
}

cJSON *user_document(const char *provider, const char *id, const cJSON *profile, const struct credentials *credentials,
                     int64_t now) {
    struct buffer key = BUFFER_EMPTY;
    cJSON *document = cJSON_CreateObject();
    buffer_append_format(&key, "%s:%s", provider, id);
    const bool whole = !key.failed && json_add(document, FIELD_DOCUMENT_ID, cJSON_CreateString(buffer_text(&key))) &&
                       json_add(document, provider, make_account(profile, credentials)) &&
                       json_add(document, FIELD_CREATED_AT, user_date(now)) &&
                       json_add(document, FIELD_LAST_LOGIN_AT, user_date(now));
    buffer_free(&key);
    if (whole) {
        drop_nulls(document);
        return document;
    }
    json_free(document);
    return NULL;
}

bool user_renumber(cJSON *document, const char *provider, const char *id, unsigned number) {
    struct buffer key = BUFFER_EMPTY;
    buffer_append_format(&key, "%s:%s+%u", provider, id, number);
    const bool done = !key.failed && cJSON_SetValuestring(json_member(document, FIELD_DOCUMENT_ID), buffer_text(&key));
    buffer_free(&key);
    return done;
}

static bool leaves_the_server(const char *field) {
    static const char *const kept_back[] = {FIELD_ACCESS_TOKEN, FIELD_REFRESH_TOKEN, FIELD_TOKEN, PROFILE_RECONNECT};
    for (size_t i = 0; i < sizeof kept_back / sizeof *kept_back; i++)
        if (strcmp(field, kept_back[i]) == 0)
            return false;
    return true;
}

enum error_code user_profile(const cJSON *document, const char *provider, cJSON **profile, struct error *error) {
    const cJSON *account = json_member(document, provider);
    const bool reconnect = cJSON_IsObject(json_member(json_member(account, FIELD_TOKEN), FIELD_INVALID_SINCE));
    *profile = NULL;
    if (!cJSON_IsObject(account))
        return ERROR_NONE;
    cJSON *copy = cJSON_CreateObject();
    bool whole = copy != NULL && (!reconnect || json_add(copy, PROFILE_RECONNECT, cJSON_CreateTrue()));
    for (const cJSON *field = account->child; whole && field != NULL; field = field->next)
        if (leaves_the_server(field->string))
            whole = json_add(copy, field->string, cJSON_Duplicate(field, true));
    if (whole) {
        *profile = copy;
        return ERROR_NONE;
    }
    json_free(copy);
    return error_out_of_memory(error);
}
