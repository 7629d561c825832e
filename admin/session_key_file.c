/* SPDX-License-Identifier: MIT */
#include "admin/session_key_file.h"

#include "base/file.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "base/view.h"
#include "config/private_file.h"
#include "session/session.h"
#include "session/session_keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* As long as an outage of the store may last before a copied cookie dies: an hour, or what the config says, if that is
 * longer. */
enum { LIMIT_LEAST_SECONDS = SECONDS_PER_HOUR, KEY_FILE_VERSION = 1 };

static void add_id(cJSON *ids, struct view *view, const unsigned char id[KEY_ID_BYTES]) {
    char text[2 * KEY_ID_BYTES + 1];
    sodium_bin2hex(text, sizeof text, id, KEY_ID_BYTES);
    if (!json_append(ids, cJSON_CreateString(text)))
        view_add(view, "id", NULL);
}

static void add_key(struct view *list, const struct key *key) {
    char text[2 * KEY_BYTES + 1];
    struct view item = view_item(list);
    struct view ids = view_list(&item, "ids");
    struct secret *subkey = keyring_subkey(key, KEY_FOR_SESSION);
    if (ids.value != NULL) {
        add_id(ids.value, &item, key->id);
        if (memcmp(key->id, key->older_id, KEY_ID_BYTES) != 0)
            add_id(ids.value, &item, key->older_id);
    }
    if (subkey != NULL)
        sodium_bin2hex(text, sizeof text, subkey->bytes, subkey->len);
    if (subkey != NULL)
        view_text(&item, "key", text);
    else
        view_add(&item, "key", NULL);
    sodium_memzero(text, sizeof text);
    secret_free(subkey);
}

static void add_keys(struct view *view, const struct keyring *ring) {
    struct view list = view_list(view, "keys");
    for (size_t i = 0; i < ring->count; i++)
        add_key(&list, &ring->keys[i]);
}

static void add_providers(struct view *view, const cJSON *providers) {
    struct view list = view_list(view, "providers");
    for (const cJSON *entry = providers->child; entry != NULL && list.value != NULL; entry = entry->next)
        if (!json_append(list.value, cJSON_CreateString(entry->string)))
            view_add(view, "provider", NULL);
}

char *session_key_file_text(const struct config *config) {
    const int64_t recheck = config->session_recheck;
    struct view view = view_new();
    view_text(
        &view, "comment",
        "Made by: cgi-login export-key. Who has this file can open this site's session cookies, and make them for "
        "anybody. Keep it out of the web root, with the mode 0600.");
    view_number(&view, "version", KEY_FILE_VERSION);
    view_text(&view, "cookie", SESSION_COOKIE);
    view_text(&view, "base_url", config->base_url);
    view_number(&view, "recheck_seconds", recheck);
    view_number(&view, "limit_seconds", recheck > LIMIT_LEAST_SECONDS ? recheck : LIMIT_LEAST_SECONDS);
    add_providers(&view, config->providers);
    add_keys(&view, &config->keys);
    struct view names = view_object(&view, "names");
    session_keys_list(&names);
    char *text = view_print(&view);
    view_free(&view);
    return text;
}

static bool path_beside(const struct config *config, char path[PATH_MAX]) {
    return snprintf(path, PATH_MAX, "%s/%s", config->home, SESSION_KEY_FILE_NAME) < PATH_MAX;
}

/* Compares what was read with what would be written, with the newline at its end. */
static enum session_key_file_state compare(const struct config *config, const struct buffer *content) {
    char *text = session_key_file_text(config);
    const size_t len = text != NULL ? strlen(text) : 0;
    const bool same = text != NULL && content->len == len + 1 && sodium_memcmp(content->data, text, len) == 0;
    const enum session_key_file_state state = text == NULL ? SESSION_KEY_FILE_NO_MEMORY
                                              : same       ? SESSION_KEY_FILE_CURRENT
                                                           : SESSION_KEY_FILE_STALE;
    json_free_text(text);
    return state;
}

enum session_key_file_state session_key_file_look(const struct config *config, char path[PATH_MAX],
                                                  char fault[LOG_LINE_MAX]) {
    struct buffer content = BUFFER_EMPTY;
    struct stat status;
    char cause[FILE_FAULT_MAX];
    enum session_key_file_state state = SESSION_KEY_FILE_NONE;
    if (!path_beside(config, path))
        return SESSION_KEY_FILE_NONE;
    if (file_read(path, CONFIG_FILE_MAX, &content, &status)) {
        state = private_file_is_private(path, &status, CONFIG_FOR_COMMAND, fault) ? compare(config, &content)
                                                                                  : SESSION_KEY_FILE_FAULTY;
    } else if (errno == ENOMEM) {
        state = SESSION_KEY_FILE_NO_MEMORY;
    } else if (errno != ENOENT) {
        snprintf(fault, LOG_LINE_MAX, "%s cannot be read: %s", path, file_fault(path, errno, cause));
        state = SESSION_KEY_FILE_FAULTY;
    }
    buffer_free(&content);
    return state;
}
