/* SPDX-License-Identifier: MIT */
#include "program/button_cache.h"

#include "base/file.h"
#include "base/file_replace.h"
#include "base/json.h"
#include "base/redirect.h"
#include "base/text.h"
#include "config/provider_file.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* From how many providers on the file is worth reading; and how long a file must have been left alone before what it
 * held is kept, since a second change in the same moment would leave no trace in its times. */
enum { PROVIDERS_LEAST = 7, SETTLED_SECONDS = 2, STAMP_MAX = 160 };

static const char FILE_NAME[] = "login-buttons.json";
static const char KEY_PROVIDERS[] = "providers", KEY_MADE_BY[] = "made_by", KEY_CONFIG[] = "config";
static const char KEY_FILE[] = "file", KEY_TITLE[] = "title", KEY_MARK[] = "mark";
static const char KEY_ACCOUNT_HINT[] = "account_hint";

/* Writes what tells one state of a file from another. */
static void write_stamp(const struct stat *status, char stamp[STAMP_MAX]) {
    snprintf(stamp, STAMP_MAX, "%ju:%ju:%jd:%jd.%09ld:%jd.%09ld", (uintmax_t)status->st_dev, (uintmax_t)status->st_ino,
             (intmax_t)status->st_size, (intmax_t)status->st_mtim.tv_sec, status->st_mtim.tv_nsec,
             (intmax_t)status->st_ctim.tv_sec, status->st_ctim.tv_nsec);
}

static void stamp_path(const char *path, char stamp[STAMP_MAX]) {
    const struct stat status = file_look(path);
    write_stamp(&status, stamp);
}

static bool is_settled(const struct stat *status) {
    const time_t now = time(NULL);
    return status->st_mtim.tv_sec + SETTLED_SECONDS < now && status->st_ctim.tv_sec + SETTLED_SECONDS < now;
}

static bool make_path(const struct config *config, char path[PATH_MAX]) {
    return snprintf(path, PATH_MAX, "%s/%s", config->state, FILE_NAME) < PATH_MAX;
}

static bool is_ours(const struct stat *status) {
    return (status->st_uid == geteuid() || status->st_uid == 0) && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Adds who made the entries: this program, of this config. */
static bool add_makers(const struct config *config, cJSON *document) {
    char program[STAMP_MAX], file[STAMP_MAX];
    stamp_path("/proc/self/exe", program);
    stamp_path(config->path, file);
    return json_add(document, KEY_MADE_BY, cJSON_CreateString(program)) &&
           json_add(document, KEY_CONFIG, cJSON_CreateString(file));
}

/* Takes the entries out of the file's document if this program made them of this config. */
static cJSON *take_entries(const struct config *config, cJSON *document) {
    cJSON *makers = cJSON_CreateObject(), *entries = NULL;
    if (makers != NULL && add_makers(config, makers) &&
        text_equal(json_string(document, KEY_MADE_BY), json_string(makers, KEY_MADE_BY)) &&
        text_equal(json_string(document, KEY_CONFIG), json_string(makers, KEY_CONFIG)))
        entries = cJSON_DetachItemFromObjectCaseSensitive(document, KEY_PROVIDERS);
    json_free(makers);
    return entries;
}

void button_cache_open(const struct config *config, struct button_cache *cache) {
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    struct stat status;
    cJSON *document = NULL;
    *cache = (struct button_cache){.config = config};
    if (cJSON_GetArraySize(config->providers) < PROVIDERS_LEAST || !make_path(config, path))
        return;
    cache->fresh = cJSON_CreateObject();
    if (file_read(path, CONFIG_FILE_MAX, &text, &status) && is_ours(&status) &&
        json_parse(buffer_text(&text), text.len, &document, NULL) == JSON_PARSED)
        cache->kept = take_entries(config, document);
    json_free(document);
    buffer_free(&text);
}

bool button_cache_find(struct button_cache *cache, const char *name, struct button_outline *outline) {
    cJSON *entry = json_member(cache->kept, name);
    const char *preset = provider_file_preset(json_member(cache->config->providers, name), name);
    char stamp[STAMP_MAX];
    if (entry == NULL || cache->fresh == NULL || preset == NULL)
        return false;
    char *path = provider_file_path(cache->config, preset);
    if (path == NULL)
        return false;
    stamp_path(path, stamp);
    free(path);
    *outline = (struct button_outline){name, json_string(entry, KEY_TITLE), json_string(entry, KEY_MARK),
                                       json_string(entry, KEY_ACCOUNT_HINT)};
    if (!text_equal(json_string(entry, KEY_FILE), stamp) || outline->title == NULL ||
        (outline->mark != NULL && redirect_check(outline->mark) != REDIRECT_IS_LOCAL))
        return false;
    json_move(cache->kept, entry, cache->fresh);
    return true;
}

void button_cache_keep(struct button_cache *cache, const struct provider *provider) {
    char stamp[STAMP_MAX];
    /* Whether the file of a private key can be used is not seen by what is kept. */
    if (cache->fresh == NULL || !is_settled(&provider->preset_status) || provider->client_key_file != NULL)
        return;
    cJSON *entry = cJSON_CreateObject();
    write_stamp(&provider->preset_status, stamp);
    if (entry != NULL && json_add(entry, KEY_FILE, cJSON_CreateString(stamp)) &&
        json_add(entry, KEY_TITLE, cJSON_CreateString(provider->title)) &&
        (provider->mark == NULL || json_add(entry, KEY_MARK, cJSON_CreateString(provider->mark))) &&
        (provider->account_hint == NULL ||
         json_add(entry, KEY_ACCOUNT_HINT, cJSON_CreateString(provider->account_hint))))
        cache->changed = json_add(cache->fresh, provider->name, entry) || cache->changed;
    else
        json_free(entry);
}

static void write_file(struct button_cache *cache) {
    char path[PATH_MAX];
    const struct stat status = file_look(cache->config->path);
    cJSON *document = cJSON_CreateObject();
    if (document == NULL || !is_settled(&status) || !make_path(cache->config, path) ||
        !add_makers(cache->config, document)) {
        json_free(document);
        return;
    }
    const bool whole = json_add(document, KEY_PROVIDERS, cache->fresh);
    cache->fresh = NULL;
    char *text = whole ? json_print(document) : NULL;
    /* A folder that cannot be written leaves each visit as slow as this one. */
    if (text != NULL)
        file_replace(path, text, strlen(text));
    json_free_text(text);
    json_free(document);
}

void button_cache_close(struct button_cache *cache) {
    if (cache->changed && cache->fresh != NULL)
        write_file(cache);
    json_free(cache->kept);
    json_free(cache->fresh);
    *cache = (struct button_cache){.changed = false};
}
