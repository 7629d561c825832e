/* SPDX-License-Identifier: MIT */
#include "admin/site/new_config.h"

#include "base/bounds.h"
#include "base/file.h"
#include "base/json.h"
#include "seal/keyring.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

/* Puts the value, which is the document's afterwards, in the place of the template's. */
static bool put(cJSON *document, const char *key, cJSON *value) {
    if (value != NULL && cJSON_ReplaceItemInObjectCaseSensitive(document, key, value))
        return true;
    cJSON_Delete(value);
    return false;
}

static cJSON *make_keys(void) {
    char key[KEY_TEXT_SIZE];
    keyring_generate(key);
    cJSON *keys = cJSON_CreateArray();
    cJSON *text = cJSON_CreateString(key);
    sodium_memzero(key, sizeof key);
    if (keys != NULL && text != NULL && cJSON_AddItemToArray(keys, text))
        return keys;
    cJSON_Delete(text);
    cJSON_Delete(keys);
    return NULL;
}

static cJSON *make_store(const char *home) {
    struct buffer uri = BUFFER_EMPTY;
    buffer_append_format(&uri, "sqlite://%s/users.db", home);
    cJSON *store = uri.failed ? NULL : cJSON_CreateString(buffer_text(&uri));
    buffer_free(&uri);
    return store;
}

static cJSON *make_providers(const struct new_config *config) {
    cJSON *providers = cJSON_CreateObject();
    cJSON *entry = cJSON_Duplicate(config->entry, true);
    if (providers != NULL && entry != NULL && cJSON_AddItemToObject(providers, config->provider, entry))
        return providers;
    json_free(entry);
    cJSON_Delete(providers);
    return NULL;
}

/* As a person would indent it. cJSON does so with tabs, which stand nowhere else in its text. */
static void append_document(struct buffer *text, const cJSON *document) {
    char *printed = cJSON_Print(document);
    text->failed = text->failed || printed == NULL;
    for (const char *at = printed; at != NULL && *at != '\0'; at++) {
        if (*at == '\t')
            buffer_append_text(text, at[-1] == ':' ? " " : "  ");
        else
            buffer_append_char(text, *at);
    }
    buffer_append_char(text, '\n');
    json_free_text(printed);
}

enum error_code new_config_make(const struct new_config *config, struct buffer *text, struct error *error) {
    struct buffer template = BUFFER_EMPTY;
    cJSON *document = NULL;
    enum error_code code = ERROR_NONE;
    if (!file_read(config->template_path, CONFIG_FILE_MAX, &template, NULL))
        code = error_set(error, ERROR_CONFIG, "%s cannot be read: %s", config->template_path, strerror(errno));
    else if (json_parse_settings(buffer_text(&template), template.len, &document, NULL) != JSON_PARSED)
        code = error_set(error, ERROR_CONFIG, "%s is damaged; take it from the archive again", config->template_path);
    else if (!put(document, "base_url", cJSON_CreateString(config->base_url)) || !put(document, "keys", make_keys()) ||
             !put(document, "store", make_store(config->home)) ||
             !put(document, "default_provider", cJSON_CreateString(config->provider)) ||
             !put(document, "providers", make_providers(config)))
        code = error_set(error, ERROR_CONFIG, "%s lacks a key; take it from the archive again", config->template_path);
    if (code == ERROR_NONE)
        append_document(text, document);
    if (code == ERROR_NONE && text->failed)
        code = error_out_of_memory(error);
    json_free(document);
    buffer_free(&template);
    return code;
}
