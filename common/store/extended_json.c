/* SPDX-License-Identifier: MIT */
#include "store/extended_json.h"

#include "base/json.h"
#include "store/document_fields.h"
#include "store/user.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a value becomes; `value` is NULL where memory ran out, or where it stays. */
struct settled {
    cJSON *value;
    bool changes;
};

static struct settled becomes(cJSON *value) {
    return (struct settled){value, true};
}

static const struct settled stays = {NULL, false};

cJSON *extended_json_long(int64_t number) {
    char digits[24];
    cJSON *object = cJSON_CreateObject();
    snprintf(digits, sizeof digits, "%" PRId64, number);
    if (json_add(object, "$numberLong", cJSON_CreateString(digits)))
        return object;
    json_free(object);
    return NULL;
}

/* An integer that 64 bits do not hold is text to the last digit. */
static struct settled settle_integer(const cJSON *digits) {
    int64_t number;
    if (!json_integer(digits, &number))
        return cJSON_IsString(digits) ? becomes(cJSON_CreateString(digits->valuestring)) : stays;
    return becomes(json_is_exact((double)number) ? cJSON_CreateNumber((double)number) : extended_json_long(number));
}

static struct settled settle_double(const cJSON *text) {
    char *end;
    if (!cJSON_IsString(text) || *text->valuestring == '\0')
        return stays;
    const double number = strtod(text->valuestring, &end);
    /* cJSON prints a larger one without its point, and it would be read as an integer. */
    return *end == '\0' && fabs(number) <= (double)JSON_EXACT_MAX ? becomes(cJSON_CreateNumber(number)) : stays;
}

/* Reads "+0200" and the like, or "+02:00", in milliseconds; false for anything else. */
static bool read_offset(const char *text, int64_t *offset) {
    int hours, minutes, end = 0;
    if (sscanf(text + 1, "%2d%2d%n", &hours, &minutes, &end) != 2)
        sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &end);
    if (end < 4 || text[1 + end] != '\0' || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    const int64_t seconds = (int64_t)hours * SECONDS_PER_HOUR + (int64_t)minutes * SECONDS_PER_MINUTE;
    *offset = (*text == '-' ? -seconds : seconds) * MILLISECONDS_PER_SECOND;
    return true;
}

/* Reads a time as text, also with an offset where a "Z" should be. -1 for anything else. */
static int64_t read_time(const char *text) {
    enum { TIME_MAX = 40, DATE_LEN = 10 };
    char utc[TIME_MAX];
    int64_t offset = 0;
    if (strlen(text) < DATE_LEN || strlen(text) >= sizeof utc - 1)
        return -1;
    const size_t len = DATE_LEN + strcspn(text + DATE_LEN, "+-");
    if (text[len] != '\0' && !read_offset(text + len, &offset))
        return -1;
    snprintf(utc, sizeof utc, "%.*s%s", (int)len, text, text[len] != '\0' ? "Z" : "");
    cJSON *date = cJSON_CreateObject();
    const int64_t time =
        json_add(date, FIELD_DATE, cJSON_CreateString(utc)) ? user_date_milliseconds(date) : INT64_C(-1);
    json_free(date);
    return time < 0 ? time : time - offset;
}

cJSON *extended_json_date(int64_t milliseconds) {
    const int64_t year_9999 = INT64_C(253402300799999);
    if (milliseconds >= 0 && milliseconds <= year_9999)
        return user_date_exact(milliseconds);
    cJSON *object = cJSON_CreateObject();
    if (json_add(object, FIELD_DATE, extended_json_long(milliseconds)))
        return object;
    json_free(object);
    return NULL;
}

static struct settled settle_time(const cJSON *time) {
    const cJSON *digits = cJSON_IsObject(time) ? json_member(time, "$numberLong") : time;
    int64_t milliseconds = -1;
    const bool is_number = (cJSON_IsNumber(time) || cJSON_IsObject(time)) && json_integer(digits, &milliseconds);
    if (cJSON_IsString(time))
        milliseconds = read_time(time->valuestring);
    return is_number || milliseconds >= 0 ? becomes(extended_json_date(milliseconds)) : stays;
}

/* An object of one member, which is an object of these two. NULL when memory runs out. */
static cJSON *make_pair(const char *name, const char *first, const char *first_value, const char *second,
                        const char *second_value) {
    cJSON *object = cJSON_CreateObject(), *pair = cJSON_CreateObject();
    if (json_add(pair, first, cJSON_CreateString(first_value)) &&
        json_add(pair, second, cJSON_CreateString(second_value))) {
        if (json_add(object, name, pair))
            return object;
    } else {
        json_free(pair);
    }
    json_free(object);
    return NULL;
}

/* {"$binary": "AAEC", "$type": "00"}, of version 1. */
static struct settled settle_binary(const cJSON *object, const cJSON *data) {
    const char *type = json_string(object, "$type");
    return type != NULL && cJSON_IsString(data)
               ? becomes(make_pair("$binary", "base64", data->valuestring, "subType", type))
               : stays;
}

/* {"$regex": "a", "$options": "i"}, of version 1. */
static struct settled settle_expression(const cJSON *object, const cJSON *pattern) {
    const char *options = json_string(object, "$options");
    return options != NULL && cJSON_IsString(pattern)
               ? becomes(make_pair("$regularExpression", "pattern", pattern->valuestring, "options", options))
               : stays;
}

static struct settled settle(const cJSON *object) {
    const cJSON *first = object->child;
    if (first == NULL || first->string == NULL || first->string[0] != '$')
        return stays;
    const bool alone = first->next == NULL;
    if (alone && (strcmp(first->string, "$numberInt") == 0 || strcmp(first->string, "$numberLong") == 0))
        return settle_integer(first);
    if (alone && strcmp(first->string, "$numberDouble") == 0)
        return settle_double(first);
    if (alone && strcmp(first->string, FIELD_DATE) == 0)
        return settle_time(first);
    if (strcmp(first->string, "$binary") == 0)
        return settle_binary(object, first);
    if (strcmp(first->string, "$regex") == 0)
        return settle_expression(object, first);
    return stays;
}

bool extended_json_settle(cJSON *document) {
    for (cJSON *item = document->child, *next; item != NULL; item = next) {
        next = item->next;
        const struct settled settled = cJSON_IsObject(item) ? settle(item) : stays;
        if (settled.changes && settled.value == NULL)
            return false;
        if (settled.changes)
            json_replace(document, item, settled.value);
        else if ((cJSON_IsObject(item) || cJSON_IsArray(item)) && !extended_json_settle(item))
            return false;
    }
    return true;
}
