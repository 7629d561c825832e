/* SPDX-License-Identifier: MIT */
#include "admin/site/new_config.h"

#include "admin/config_text.h"
#include "base/bounds.h"
#include "base/file.h"
#include "base/json.h"
#include "base/view.h"
#include "seal/keyring.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

static void add_keys(struct view *view) {
    char key[KEY_TEXT_SIZE];
    cJSON *keys = cJSON_CreateArray();
    keyring_generate(key);
    if (keys != NULL && !json_append(keys, cJSON_CreateString(key))) {
        json_free(keys);
        keys = NULL;
    }
    sodium_memzero(key, sizeof key);
    view_add(view, "keys", keys);
}

static void add_store(struct view *view, const char *home) {
    struct buffer uri = BUFFER_EMPTY;
    buffer_append_format(&uri, "sqlite://%s/users.db", home);
    view_buffer(view, "store", &uri);
    buffer_free(&uri);
}

/* Adds a member of the template, or what stands in its place. */
static void add_member(struct view *view, const struct new_config *config, const cJSON *member) {
    if (strcmp(member->string, "base_url") == 0) {
        view_text(view, "base_url", config->base_url);
    } else if (strcmp(member->string, "keys") == 0) {
        add_keys(view);
    } else if (strcmp(member->string, "store") == 0) {
        add_store(view, config->home);
    } else if (strcmp(member->string, "default_provider") == 0) {
        view_text(view, "default_provider", config->provider);
    } else if (strcmp(member->string, "providers") == 0) {
        struct view providers = view_object(view, "providers");
        view_copy(&providers, config->provider, config->entry);
    } else {
        view_copy(view, member->string, member);
    }
}

enum error_code new_config_make(const struct new_config *config, struct buffer *text, struct error *error) {
    struct buffer template = BUFFER_EMPTY;
    struct view view = view_new();
    cJSON *document = NULL;
    enum error_code code = ERROR_NONE;
    if (!file_read(config->template_path, CONFIG_FILE_MAX, &template, NULL))
        code = error_set(error, ERROR_CONFIG, "%s cannot be read: %s", config->template_path, strerror(errno));
    else if (json_parse_settings(buffer_text(&template), template.len, &document, NULL) != JSON_PARSED)
        code = error_set(error, ERROR_CONFIG, "%s is damaged; take it from the archive again", config->template_path);
    for (const cJSON *member = document != NULL ? document->child : NULL; member != NULL; member = member->next)
        add_member(&view, config, member);
    if (code == ERROR_NONE && view_json(&view) != NULL) {
        config_text_append_value(text, view_json(&view), "");
        buffer_append_char(text, '\n');
    }
    if (code == ERROR_NONE && (view_json(&view) == NULL || text->failed))
        code = error_out_of_memory(error);
    view_free(&view);
    json_free(document);
    buffer_free(&template);
    return code;
}
