/* `cgi-login users import FILE`: adds the users of a file that `cgi-login users export` or mongoexport has written. Who
 * is there already stays as they are, so that it can be run again; whom it cannot add it names.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/progress.h"

#include "base/buffer.h"
#include "base/json.h"
#include "store/document_fields.h"
#include "store/document_stream.h"
#include "store/token_seal.h"
#include "store/user.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 50 };

struct import {
    const struct config *config;
    struct store *store;
    struct document_stream stream;
    struct store_user batch[BATCH];
    cJSON *documents[BATCH]; /* what the batch points into */
    size_t lines[BATCH];     /* where they begin */
    size_t pending;
    unsigned long read, added, there, refused;
    bool stopped; /* the rest of the file was not read */
};

/* Names a document that is not added. */
static void refuse(struct import *import, size_t line, const char *why) {
    progress_end();
    command_complain("line %zu: %s; it was not added", line, why);
    import->refused++;
}

/* Prepares a document. */

/* Makes the ids of the configured providers text, exact to the last digit: a Passport application may have stored them
 * as numbers, by which nobody would be found. */
static bool settle_ids(const struct config *config, cJSON *document) {
    for (const cJSON *provider = config->providers->child; provider != NULL; provider = provider->next) {
        cJSON *account = json_member(document, provider->string);
        cJSON *id = json_member(account, FIELD_ID);
        const cJSON *digits = cJSON_IsObject(id) ? json_member(id, "$numberLong") : id;
        char text[PROVIDER_ID_MAX + 1];
        if (id == NULL || cJSON_IsString(id) || !json_identifier(digits, text, sizeof text))
            continue;
        cJSON *settled = cJSON_CreateString(text);
        if (settled == NULL)
            return false;
        json_replace(account, id, settled);
    }
    return true;
}

/* Gives a document that has none the _id that a new user has. */
static bool settle_key(cJSON *document, const char *provider, const char *id) {
    struct buffer key = BUFFER_EMPTY;
    if (json_member(document, FIELD_DOCUMENT_ID) != NULL)
        return true;
    buffer_append_format(&key, "%s:%s", provider, id);
    const bool added = !key.failed && json_add(document, FIELD_DOCUMENT_ID, cJSON_CreateString(buffer_text(&key)));
    buffer_free(&key);
    return added;
}

/* Seals one token of an account. A sealed one is kept; a remark tells if no key of the config opens it. */
static enum seal_result seal_token(const struct import *import, cJSON *account, const char *key, size_t line) {
    const char *stored = json_string(account, key);
    const struct token_owner owner = {account->string, json_string(account, FIELD_ID), key};
    struct secret *token = NULL;
    char *sealed = NULL;
    if (stored == NULL)
        return SEAL_DONE;
    enum seal_result result = token_seal_open(&import->config->keys, owner, stored, &token);
    if (token_seal_is_sealed(stored)) {
        if (result == SEAL_REFUSED)
            command_complain("line %zu: the %s of %s:%s was kept, but no key of the config opens it", line, key,
                             owner.provider, owner.id);
        result = result == SEAL_NO_MEMORY ? result : SEAL_DONE;
    } else if (result == SEAL_DONE && import->config->seal_tokens) {
        result = token_seal_close(&import->config->keys, owner, token, &sealed);
        if (result == SEAL_DONE) {
            json_free(cJSON_DetachItemFromObjectCaseSensitive(account, key));
            result = json_add(account, key, cJSON_CreateString(sealed)) ? SEAL_DONE : SEAL_NO_MEMORY;
        }
    }
    buffer_free_text(sealed);
    secret_free(token);
    return result;
}

static enum seal_result seal_tokens(const struct import *import, cJSON *document, size_t line) {
    static const char *const keys[] = {FIELD_ACCESS_TOKEN, FIELD_REFRESH_TOKEN};
    enum seal_result result = SEAL_DONE;
    for (cJSON *account = document->child; account != NULL; account = account->next)
        for (size_t i = 0; result == SEAL_DONE && user_is_account(account) && i < sizeof keys / sizeof *keys; i++)
            result = seal_token(import, account, keys[i], line);
    return result;
}

/* What became of the users of a batch. */

/* Looks for the document's accounts in the store: whether this very user is there, or else what is in the way. */
static enum error_code find_obstacle(struct import *import, const cJSON *document, struct buffer *obstacle,
                                     struct error *error) {
    const cJSON *key = json_member(document, FIELD_DOCUMENT_ID);
    unsigned found = 0, missing = 0;
    enum error_code code = ERROR_NONE;
    for (const cJSON *account = document->child; code == ERROR_NONE && obstacle->len == 0 && account != NULL;
         account = account->next) {
        cJSON *owner = NULL;
        if (!user_is_account(account))
            continue;
        const struct user_query query = {.provider = account->string, .id = json_string(account, FIELD_ID)};
        code = store_user_find(import->store, &query, &owner, error);
        if (owner != NULL && !json_equal(key, json_member(owner, FIELD_DOCUMENT_ID)))
            buffer_append_format(obstacle, "%s:%s is an account of another user there", query.provider, query.id);
        owner != NULL ? found++ : missing++;
        json_free(owner);
    }
    if (code == ERROR_NONE && obstacle->len == 0 && found == 0)
        buffer_append_text(obstacle, "another user there has its _id");
    else if (code == ERROR_NONE && obstacle->len == 0 && missing != 0)
        buffer_append_text(obstacle, "its user is there without all of these accounts");
    return code;
}

static enum error_code judge_obstacle(struct import *import, size_t index, struct error *error) {
    struct buffer obstacle = BUFFER_EMPTY;
    enum error_code code = find_obstacle(import, import->documents[index], &obstacle, error);
    if (code == ERROR_NONE && obstacle.failed)
        code = error_out_of_memory(error);
    else if (code == ERROR_NONE && obstacle.len == 0)
        import->there++;
    else if (code == ERROR_NONE)
        refuse(import, import->lines[index], buffer_text(&obstacle));
    buffer_free(&obstacle);
    return code;
}

/* Reads the user back. */
static enum error_code verify(struct import *import, size_t index, struct error *error) {
    const struct store_user *user = &import->batch[index];
    cJSON *stored = NULL;
    const enum error_code code = store_user_find(
        import->store, &(struct user_query){.provider = user->provider, .id = user->id}, &stored, error);
    import->added++;
    if (code == ERROR_NONE && (stored == NULL || !json_equal(stored, user->document))) {
        progress_end();
        command_complain("line %zu: %s:%s was added, and reads back as something else", import->lines[index],
                         user->provider, user->id);
        import->refused++;
    }
    json_free(stored);
    return code;
}

static enum error_code write_batch(struct import *import, struct error *error) {
    enum store_added added[BATCH] = {STORE_UNFIT};
    enum error_code code = import->pending != 0
                               ? store_users_add(import->store, import->batch, import->pending, added, error)
                               : ERROR_NONE;
    for (size_t i = 0; i < import->pending; i++) {
        if (code == ERROR_NONE && added[i] == STORE_ADDED)
            code = verify(import, i, error);
        else if (code == ERROR_NONE && added[i] == STORE_THERE)
            code = judge_obstacle(import, i, error);
        else if (code == ERROR_NONE)
            refuse(import, import->lines[i], "the store cannot hold it");
        json_free(import->documents[i]);
    }
    import->pending = 0;
    return code;
}

/* The file. */

/* Adds a document to the batch, which owns it from then on. */
static enum error_code take_document(struct import *import, cJSON *document, struct error *error) {
    const size_t line = import->stream.began;
    const char *provider, *id;
    const bool whole = settle_ids(import->config, document);
    const char *why = whole && !user_account(document, &provider, &id) ? "it holds no provider's account" : NULL;
    enum seal_result result = SEAL_NO_MEMORY;
    if (whole && why == NULL && settle_key(document, provider, id))
        result = seal_tokens(import, document, line);
    if (result == SEAL_REFUSED)
        why = "a token in it is too long to be sealed";
    if (why != NULL)
        refuse(import, line, why);
    if (why != NULL || result == SEAL_NO_MEMORY) {
        json_free(document);
        return why != NULL ? ERROR_NONE : error_out_of_memory(error);
    }
    import->documents[import->pending] = document;
    import->lines[import->pending] = line;
    import->batch[import->pending++] = (struct store_user){provider, id, document};
    return import->pending < BATCH ? ERROR_NONE : write_batch(import, error);
}

static enum error_code read_all(struct import *import, struct error *error) {
    enum error_code code = ERROR_NONE;
    enum document_result result = DOCUMENT_READ;
    while (code == ERROR_NONE && result != DOCUMENT_END && result != DOCUMENT_CUT) {
        cJSON *document;
        result = document_stream_next(&import->stream, &document);
        if (result == DOCUMENT_NO_MEMORY)
            code = error_out_of_memory(error);
        else if (result == DOCUMENT_READ)
            code = take_document(import, document, error);
        else if (result != DOCUMENT_END)
            refuse(import, import->stream.began, import->stream.problem);
        if (result == DOCUMENT_READ && ++import->read % BATCH == 0)
            progress_show("%lu documents read", import->read);
    }
    if (code == ERROR_NONE)
        code = write_batch(import, error);
    import->stopped = result == DOCUMENT_CUT;
    return code;
}

static enum command_status import_all(struct import *import) {
    const char *providers[PROVIDERS_MAX + 1];
    struct error error;
    command_list_providers(import->config, providers);
    enum error_code code = store_setup(import->store, providers, &error);
    if (code == ERROR_NONE)
        code = read_all(import, &error);
    progress_show("%lu documents read", import->read);
    progress_end();
    for (size_t i = 0; i < import->pending; i++)
        json_free(import->documents[i]);
    document_stream_close(&import->stream);
    printf("%lu users added, %lu were there already, %lu documents not added.\n", import->added, import->there,
           import->refused);
    if (import->stopped)
        command_complain("the rest of the file could not be read");
    if (code != ERROR_NONE)
        command_complain("stopped: %s; run this again when that is mended", error.cause);
    return code == ERROR_NONE && import->refused == 0 ? COMMAND_DONE : COMMAND_FAILED;
}

enum command_status command_users_import(const struct command_line *line) {
    struct config *config = NULL;
    struct store *store = NULL;
    enum command_status status = COMMAND_FAILED;
    const bool standard = strcmp(line->argument, "-") == 0;
    FILE *file = standard ? stdin : fopen(line->argument, "re");
    struct import *import = calloc(1, sizeof *import);
    if (file == NULL) {
        command_complain("%s: %s", line->argument, strerror(errno));
    } else if (import == NULL) {
        command_complain("out of memory");
    } else if (command_open(line, &config, &store)) {
        import->config = config;
        import->store = store;
        import->stream = document_stream_new(file);
        status = import_all(import);
    }
    if (file != NULL && !standard)
        fclose(file);
    free(import);
    store_close(store);
    config_free(config);
    return status;
}
