/* SPDX-License-Identifier: MIT */
#include "oauth/profile_fields.h"

#include "base/json.h"
#include "config/profile_value.h"

#include <string.h>

enum {
    NAMED_REFUSALS_MAX = 2, /* after so many the least fields are asked for */
    REFUSALS_MAX = 4        /* each costs a request */
};

/* Returns how long the name is with which a field begins: "picture" of "picture.width(200){url}". */
static size_t name_length(const char *field) {
    return strspn(field, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}

static bool has_name(const char *field, const char *name, size_t len) {
    return len != 0 && name_length(field) == len && strncmp(field, name, len) == 0;
}

/* Returns where the field ends: at a comma that is in no brackets. */
static const char *field_end(const char *text) {
    int depth = 0;
    for (; *text != '\0' && (depth > 0 || *text != ','); text++) {
        if (*text == '(' || *text == '{')
            depth++;
        else if (*text == ')' || *text == '}')
            depth--;
    }
    return text;
}

static bool append_name(cJSON *names, const char *text, size_t len) {
    struct buffer name = BUFFER_EMPTY;
    buffer_append(&name, text, len);
    const bool added = !name.failed && json_append(names, cJSON_CreateString(buffer_text(&name)));
    buffer_free(&name);
    return added;
}

/* Splits a list at its commas, without the blanks that people write beside them. NULL when memory runs out. */
static cJSON *split(const char *text) {
    static const char blanks[] = " \t\r\n";
    cJSON *names = cJSON_CreateArray();
    bool whole = names != NULL;
    while (whole && *text != '\0') {
        const char *end = field_end(text);
        text += strspn(text, blanks);
        size_t len = text < end ? (size_t)(end - text) : 0;
        while (len != 0 && strchr(blanks, text[len - 1]) != NULL)
            len--;
        whole = len == 0 || append_name(names, text, len);
        text = *end == ',' ? end + 1 : end;
    }
    if (whole)
        return names;
    json_free(names);
    return NULL;
}

enum error_code profile_fields_begin(struct profile_fields *fields, const struct provider *provider,
                                     struct error *error) {
    const char *list =
        provider->field_param != NULL ? json_string(provider->profile_params, provider->field_param) : NULL;
    *fields = (struct profile_fields){.provider = provider};
    if (list == NULL)
        return ERROR_NONE;
    fields->names = split(list);
    fields->dropped = cJSON_CreateArray();
    return fields->names != NULL && fields->dropped != NULL ? ERROR_NONE : error_out_of_memory(error);
}

void profile_fields_clear(struct profile_fields *fields) {
    json_free(fields->names);
    json_free(fields->dropped);
    *fields = (struct profile_fields){.provider = NULL};
}

static void append_joined(const cJSON *names, const char *separator, struct buffer *out) {
    for (const cJSON *name = names->child; name != NULL; name = name->next)
        buffer_append_format(out, "%s%s", name == names->child ? "" : separator, name->valuestring);
}

void profile_fields_append(const struct profile_fields *fields, struct buffer *out) {
    append_joined(fields->names, ",", out);
}

static cJSON *find(const cJSON *names, const char *name, size_t len) {
    for (cJSON *item = names->child; item != NULL; item = item->next)
        if (has_name(item->valuestring, name, len))
            return item;
    return NULL;
}

static bool asks_for(const char *pointer, const void *context) {
    const struct profile_fields *fields = context;
    return *pointer == '/' && find(fields->names, pointer + 1, strcspn(pointer + 1, "/")) != NULL;
}

bool profile_fields_ask_for(const struct profile_fields *fields, const cJSON *value) {
    return fields->names == NULL || profile_value_any_pointer(value, asks_for, fields);
}

/* Finds the field of the list that the provider's words name, or NULL. */
static cJSON *find_named(const struct profile_fields *fields, const char *words) {
    const cJSON *before = fields->provider->field_named_after;
    for (const cJSON *item = words != NULL && before != NULL ? before->child : NULL; item != NULL; item = item->next) {
        const char *at = strstr(words, item->valuestring);
        const char *name = at != NULL ? at + strlen(item->valuestring) : "";
        cJSON *found = find(fields->names, name, name_length(name));
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* Moves the field from the list to those that were refused. */
static void drop(struct profile_fields *fields, cJSON *field) {
    json_move(fields->names, field, fields->dropped);
}

/* Takes the least fields, without those that were refused. False when memory runs out. */
static bool take_least(struct profile_fields *fields) {
    cJSON *least = split(fields->provider->field_least);
    if (least == NULL)
        return false;
    for (cJSON *name = fields->dropped->child; name != NULL; name = name->next)
        cJSON_Delete(cJSON_DetachItemViaPointer(least, find(least, name->valuestring, name_length(name->valuestring))));
    json_free(fields->names);
    fields->names = least;
    fields->least = true;
    return true;
}

enum error_code profile_fields_shorten(struct profile_fields *fields, const char *words, struct error *error) {
    if (fields->names == NULL || fields->refusals == REFUSALS_MAX)
        return ERROR_FIELD_REFUSED;
    cJSON *named = find_named(fields, words);
    if (named == NULL && fields->least)
        return ERROR_FIELD_REFUSED;
    if (fields->refusals == 0)
        fields->first = *error;
    if (named != NULL)
        drop(fields, named);
    if (!fields->least && (named == NULL || fields->refusals == NAMED_REFUSALS_MAX) && !take_least(fields))
        return error_out_of_memory(error);
    fields->refusals++;
    /* Without the id the rest is of no use. */
    return profile_fields_ask_for(fields, json_member(fields->provider->profile, PROFILE_ID)) ? ERROR_NONE
                                                                                              : ERROR_FIELD_REFUSED;
}

char *profile_fields_remark(const struct profile_fields *fields) {
    struct buffer remark = BUFFER_EMPTY;
    buffer_append_format(&remark, "%s; the profile was read %s ", fields->first.cause,
                         fields->least ? "with no more than" : "without");
    append_joined(fields->least ? fields->names : fields->dropped, ", ", &remark);
    buffer_append_format(&remark,
                         ". Put profile_params with a \"%s\" that the provider takes under providers.%s in the config, "
                         "so that no login needs that request more",
                         fields->provider->field_param, fields->provider->name);
    char *text = buffer_take(&remark);
    buffer_free(&remark);
    return text;
}
