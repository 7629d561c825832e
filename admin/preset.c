/* SPDX-License-Identifier: MIT */
#include "admin/preset.h"

#include "base/file.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "base/text.h"
#include "config/provider_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char ENDING[] = ".json";

/* Copies the preset's name out of its file's. False if the file is none. */
static bool read_name(const char *file, char name[PROVIDER_NAME_MAX + 1]) {
    const size_t len = strlen(file);
    const size_t stem = len >= sizeof ENDING - 1 ? len - (sizeof ENDING - 1) : 0;
    if (stem == 0 || stem > PROVIDER_NAME_MAX || strcmp(file + stem, ENDING) != 0)
        return false;
    memcpy(name, file, stem);
    name[stem] = '\0';
    return provider_name_is_valid(name) && strcmp(name, PROVIDER_FILE_SCHEMA) != 0;
}

static int is_preset(const struct dirent *entry) {
    char name[PROVIDER_NAME_MAX + 1];
    return read_name(entry->d_name, name);
}

static int compare(const void *a, const void *b) {
    return strcmp(a, b);
}

enum error_code preset_list_read(const char *home, struct preset_list *list, struct error *error) {
    char folder[PATH_MAX], fault[FILE_FAULT_MAX];
    struct dirent **entries = NULL;
    snprintf(folder, sizeof folder, "%s/providers", home);
    *list = (struct preset_list){.count = 0};
    /* Sorted below, by the names without the ending. */
    // cppcheck-suppress nullPointer
    const int count = scandir(folder, &entries, is_preset, NULL);
    if (count < 0 && errno == ENOMEM)
        return error_out_of_memory(error);
    if (count < 0)
        return error_set(error, ERROR_CONFIG, "%s cannot be read: %s", folder, file_fault(folder, errno, fault));
    list->names = calloc((size_t)count + 1, sizeof *list->names);
    for (int i = 0; i < count; i++) {
        if (list->names != NULL)
            read_name(entries[i]->d_name, list->names[list->count++]);
        free(entries[i]);
    }
    free(entries);
    if (list->names == NULL)
        return error_out_of_memory(error);
    qsort(list->names, list->count, sizeof *list->names, compare);
    return ERROR_NONE;
}

void preset_list_free(struct preset_list *list) {
    free(list->names);
    *list = (struct preset_list){.count = 0};
}

/* Reads the preset's file; NULL if that cannot be done, which provider_load will tell. */
static cJSON *read_file(const struct config *config, const char *name) {
    struct buffer text = BUFFER_EMPTY;
    cJSON *file = NULL;
    char *path = provider_file_path(config, name);
    if (path != NULL && file_read(path, CONFIG_FILE_MAX, &text, NULL))
        json_parse_settings(buffer_text(&text), text.len, &file, NULL);
    buffer_free(&text);
    free(path);
    return file;
}

static bool names_instance(const cJSON *file) {
    for (const cJSON *value = file != NULL ? file->child : NULL; value != NULL; value = value->next)
        if (cJSON_IsString(value) && strstr(value->valuestring, "$" PRESET_INSTANCE) != NULL)
            return true;
    return false;
}

/* Reads off the file what an owner has to write. */
static void read_needs(const cJSON *file, struct preset *preset) {
    const char *auth = json_string(file, "token_auth");
    const bool has_address = json_string(json_member(file, "register"), "address") != NULL;
    preset->wants_key = text_equal(auth, "private_key_jwt") || json_member(file, "client_secret_jwt") != NULL;
    preset->wants_secret = !preset->wants_key && !text_equal(auth, "none");
    preset->address_key = !has_address ? NULL : names_instance(file) ? PRESET_INSTANCE : PRESET_ISSUER;
}

static cJSON *make_key(void) {
    cJSON *key = cJSON_CreateObject();
    if (key != NULL && json_add(key, "file", cJSON_CreateString("/key.pem")))
        return key;
    json_free(key);
    return NULL;
}

/* Makes the part of a config that an owner writes for the preset. NULL when memory runs out. */
static cJSON *make_entry(const cJSON *file, const struct preset *preset) {
    cJSON *entry = cJSON_CreateObject();
    const char *address = json_string(json_member(file, "register"), "address");
    const bool made =
        entry != NULL && json_add(entry, "client_id", cJSON_CreateString("1")) &&
        (!preset->wants_secret || json_add(entry, "client_secret", cJSON_CreateString("1"))) &&
        (!preset->wants_key || json_add(entry, "client_key", make_key())) &&
        (preset->address_key == NULL || json_add(entry, preset->address_key, cJSON_CreateString(address)));
    if (made)
        return entry;
    json_free(entry);
    return NULL;
}

enum error_code preset_load(const char *home, const char *name, struct preset *preset, struct problems *problems,
                            struct error *error) {
    cJSON *providers = cJSON_CreateObject();
    *preset = (struct preset){
        .config = {.base_url = "https://www.example.com", .document = providers, .reader = CONFIG_FOR_PRESET}};
    preset->config.state = preset->config.home = strdup(home);
    preset->config.providers = providers;
    if (providers == NULL || preset->config.home == NULL)
        return error_out_of_memory(error);
    cJSON *file = read_file(&preset->config, name);
    read_needs(file, preset);
    const bool made = json_add(providers, name, make_entry(file, preset));
    json_free(file);
    return made ? provider_load(&preset->config, name, &preset->provider, problems, error) : error_out_of_memory(error);
}

void preset_clear(struct preset *preset) {
    provider_free(preset->provider);
    json_free(preset->config.document);
    free(preset->config.home);
    *preset = (struct preset){.provider = NULL};
}
