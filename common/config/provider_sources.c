/* SPDX-License-Identifier: MIT */
#include "config/provider_sources.h"

#include "base/file.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "config/provider_file.h"
#include "config/provider_instance.h"
#include "config/provider_issuer.h"

#include <errno.h>
#include <stdio.h>

bool provider_sources_is_own(const struct provider_sources *sources, const char *key) {
    return json_member(sources->own, key) != NULL || json_member(sources->settings, key) == NULL;
}

const char *provider_sources_key(const struct provider_sources *sources, const char *key, char name[LOG_LINE_MAX]) {
    if (provider_sources_is_own(sources, key))
        snprintf(name, LOG_LINE_MAX, "%s.%s", sources->own_place, key);
    else
        snprintf(name, LOG_LINE_MAX, "%s%s", sources->preset_place, key);
    return name;
}

/* True if the config describes a provider itself, which then needs no file: it has an issuer, or a key that each other
 * provider must have, and not only one that changes something in a file. */
static bool describes_provider(const cJSON *own) {
    if (json_member(own, "issuer") != NULL)
        return true;
    for (const struct setting *setting = provider_settings; setting->key != NULL; setting++)
        if (setting->required && !setting->config_only && json_member(own, setting->key) != NULL)
            return true;
    return false;
}

static cJSON *parse_preset(const struct provider_sources *sources, const char *path, const struct buffer *text,
                           struct problems *problems) {
    const char *problem = NULL;
    cJSON *preset;
    switch (json_parse_settings(buffer_text(text), text->len, &preset, &problem)) {
    case JSON_PARSED:
        if (!cJSON_IsObject(preset) || json_has_duplicate_key(preset, NULL))
            problems_add(problems, "%sexpected one JSON object in which no key stands twice", sources->preset_place);
        break;
    case JSON_MALFORMED: problems_add_malformed(problems, path, problem, text); break;
    case JSON_NO_MEMORY: problems->out_of_memory = true; break;
    }
    return preset;
}

/* Reads the file at `path`, or takes an empty object where the provider needs no file. */
static void read_preset_file(struct provider_sources *sources, const char *path, struct stat *status,
                             struct problems *problems) {
    struct buffer text = BUFFER_EMPTY;
    if (file_read(path, CONFIG_FILE_MAX, &text, status)) {
        sources->settings = parse_preset(sources, path, &text, problems);
    } else {
        const int cause = errno;
        status->st_size = -1;
        sources->settings = cJSON_CreateObject();
        if (cause != ENOENT)
            problems_add_unreadable(problems, path, cause);
        else if (json_member(sources->own, "preset") != NULL || !describes_provider(sources->own))
            problems_add(problems, "there is no %s; upload it, or name another file in providers/ with %s.preset", path,
                         sources->own_place);
    }
    buffer_free(&text);
}

/* Reads both sources. False when memory runs out or a source cannot be read; the latter has added a problem. */
static bool read_preset(const struct config *config, struct provider *provider, struct provider_sources *sources,
                        struct problems *problems) {
    const char *preset = provider_file_preset(sources->own, provider->name);
    struct buffer place = BUFFER_EMPTY;
    if (preset == NULL) {
        problems_add(problems, "%s.preset: expected the name of a file in providers/, without .json",
                     sources->own_place);
        return false;
    }
    provider->preset = provider_file_path(config, preset);
    if (provider->preset != NULL)
        buffer_append_format(&place, "%s: ", provider->preset);
    sources->preset_place = buffer_take(&place);
    if (provider->preset != NULL && sources->preset_place != NULL)
        read_preset_file(sources, provider->preset, &provider->preset_status, problems);
    buffer_free(&place);
    return sources->settings != NULL;
}

/* Lays the config's own keys over the preset. */
static bool overlay(cJSON *settings, const cJSON *own) {
    for (const cJSON *value = own->child; value != NULL; value = value->next) {
        cJSON_DeleteItemFromObjectCaseSensitive(settings, value->string);
        if (!json_add(settings, value->string, cJSON_Duplicate(value, true)))
            return false;
    }
    return true;
}

bool provider_sources_read(const struct config *config, struct provider *provider, struct provider_sources *sources,
                           struct problems *problems) {
    const size_t before = problems->count;
    snprintf(sources->own_place, sizeof sources->own_place, "providers.%.*s", PROVIDER_NAME_MAX, provider->name);
    settings_check(sources->own, sources->own_place, provider_settings, false, problems);
    if (!read_preset(config, provider, sources, problems))
        return false;
    if (cJSON_IsObject(sources->settings) && provider_instance_put(sources, problems))
        settings_check(sources->settings, sources->preset_place, provider_settings, true, problems);
    return problems_none(problems, before) && overlay(sources->settings, sources->own) &&
           provider_issuer_add_defaults(sources->settings, sources->own, provider->name);
}
