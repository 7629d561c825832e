/* SPDX-License-Identifier: MIT */
#include "config/provider_outline.h"

#include "base/file.h"
#include "base/json.h"
#include "base/redirect.h"
#include "config/profile_field.h"
#include "config/provider_file.h"
#include "config/provider_issuer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Reads the file as far as it can be used. */
static void read_file(struct provider_outline *outline, struct problems *problems) {
    struct buffer text = BUFFER_EMPTY;
    const char *problem = NULL;
    if (file_read(outline->path, CONFIG_FILE_MAX, &text, &outline->status)) {
        switch (json_parse_settings(buffer_text(&text), text.len, &outline->file, &problem)) {
        case JSON_PARSED: break;
        case JSON_MALFORMED: problems_add_malformed(problems, outline->path, problem, &text); break;
        case JSON_NO_MEMORY: problems->out_of_memory = true;
        }
    } else {
        const int cause = errno;
        outline->status = (struct stat){.st_size = -1};
        if (cause != ENOENT)
            problems_add_unreadable(problems, outline->path, cause);
    }
    buffer_free(&text);
}

/* Returns a setting of the config, or else of the file. */
static const cJSON *find(const struct provider_outline *outline, const cJSON *own, const char *key) {
    const cJSON *value = json_member(own, key);
    return value != NULL ? value : json_member(outline->file, key);
}

static const cJSON *find_object(const struct provider_outline *outline, const cJSON *own, const char *key) {
    const cJSON *value = find(outline, own, key);
    return cJSON_IsObject(value) ? value : NULL;
}

/* Adds what a provider with an issuer need not say. A file that holds anything but an object is told elsewhere. */
static void add_defaults(struct provider_outline *outline, const cJSON *own, struct problems *problems) {
    if (outline->file == NULL)
        outline->file = cJSON_CreateObject();
    if (outline->file == NULL ||
        (cJSON_IsObject(outline->file) && !provider_issuer_add_defaults(outline->file, own, outline->name)))
        problems->out_of_memory = true;
}

/* A picture of this site or none: the file is not checked here as provider_load checks it. */
static const char *local_mark(const cJSON *mark) {
    const char *path = cJSON_GetStringValue(mark);
    return path != NULL && redirect_check(path) == REDIRECT_IS_LOCAL ? path : NULL;
}

static void fill(const struct config *config, struct provider_outline *outline, const cJSON *own,
                 struct problems *problems) {
    add_defaults(outline, own, problems);
    const char *title = cJSON_GetStringValue(find(outline, own, "title"));
    outline->mark = local_mark(find(outline, own, "mark"));
    outline->may_revoke = find(outline, own, "revocation_url") != NULL || find(outline, own, "issuer") != NULL;
    outline->account_types = find_object(outline, own, "account_types");
    outline->profile = find_object(outline, own, "profile");
    outline->asks_email = find(outline, own, "email_request") != NULL;
    outline->asks_groups = find(outline, own, "groups_requests") != NULL;
    outline->site_allow = allow_of_site(config);
    outline->allow = allow_of_provider(config, outline->name);
    outline->title = title != NULL && *title != '\0' ? title : outline->name;
    if (title == NULL || *title == '\0')
        problems_add(problems, "providers.%s.title cannot be read; the page shows the provider's name", outline->name);
}

enum error_code provider_outline_load(const struct config *config, const char *name, struct provider_outline **outline,
                                      struct problems *problems, struct error *error) {
    const cJSON *own = json_member(config->providers, name);
    struct provider_outline *loaded = calloc(1, sizeof *loaded);
    *outline = NULL;
    if (loaded == NULL)
        return error_out_of_memory(error);
    loaded->status.st_size = -1;
    loaded->name = own != NULL ? own->string : name;
    const char *preset = provider_file_preset(own, loaded->name);
    loaded->path = preset != NULL ? provider_file_path(config, preset) : strdup("");
    if (loaded->path == NULL) {
        free(loaded);
        return error_out_of_memory(error);
    }
    if (preset != NULL)
        read_file(loaded, problems);
    fill(config, loaded, own, problems);
    if (problems->out_of_memory) {
        provider_outline_free(loaded);
        return error_out_of_memory(error);
    }
    *outline = loaded;
    return ERROR_NONE;
}

/* True if the map has the field. Without a map, the fields that are known by name count. The map is not checked here as
 * provider_load checks it, so a token's name in it counts for nothing. */
static bool maps(const cJSON *map, const char *field) {
    if (profile_field_is_token(field))
        return false;
    if (map != NULL)
        return json_member(map, field) != NULL;
    return profile_field_kind(field) != PROFILE_KIND_FURTHER;
}

/* True for what an account has without a map. `user_id` may come with the token. */
static bool comes_otherwise(const struct provider_outline *outline, enum profile_kind kind) {
    switch (kind) {
    case PROFILE_KIND_ID:
    case PROFILE_KIND_OTHER_ID:
    case PROFILE_KIND_RECONNECT: return true;
    case PROFILE_KIND_EMAIL:
    case PROFILE_KIND_VERIFIED: return outline->asks_email;
    case PROFILE_KIND_GROUPS: return outline->asks_groups;
    default: return false;
    }
}

/* Puts the members of `object` that the map has into its order, behind the others: a store may keep another. */
static void put_into_order(const cJSON *map, cJSON *object) {
    for (const cJSON *entry = map != NULL ? map->child : NULL; entry != NULL; entry = entry->next) {
        cJSON *member = json_member(object, entry->string);
        if (member != NULL)
            json_move_last(object, member);
    }
}

static void filter_counts(const cJSON *map, cJSON *counts) {
    for (cJSON *count = cJSON_IsObject(counts) ? counts->child : NULL, *next; count != NULL; count = next) {
        next = count->next;
        if (map != NULL && json_member(map, count->string) == NULL)
            json_free(cJSON_DetachItemViaPointer(counts, count));
    }
    put_into_order(map, counts);
}

void provider_outline_filter(const struct provider_outline *outline, cJSON *profile) {
    for (cJSON *field = profile->child, *next; field != NULL; field = next) {
        const enum profile_kind kind = profile_field_kind(field->string);
        next = field->next;
        if (!comes_otherwise(outline, kind) && !maps(outline->profile, field->string))
            json_free(cJSON_DetachItemViaPointer(profile, field));
    }
    put_into_order(outline->profile, profile);
    filter_counts(json_member(outline->profile, PROFILE_COUNTS), json_member(profile, PROFILE_COUNTS));
}

bool provider_outline_is_current(const struct provider_outline *outline) {
    return file_is_unchanged(outline->path, &outline->status);
}

void provider_outline_free(struct provider_outline *outline) {
    if (outline == NULL)
        return;
    json_free(outline->file);
    free(outline->path);
    free(outline);
}
