/* `cgi-login migrate`: copies users and live sessions from one store to another, then compares each document.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/progress.h"
#include "program/store_open.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/json.h"
#include "store/user.h"
#include "store/document_fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 100, STORE_URI_MAX = 4096 };

struct migration {
    struct store *from;
    struct store *to;
    const char *providers[PROVIDERS_MAX + 1]; /* the target makes an index for each */
    struct store_user batch[BATCH];
    cJSON *documents[BATCH]; /* copies of what the batch points into */
    size_t pending;
    unsigned long users;
    unsigned long sessions;
    unsigned long differing;
    unsigned long left_behind; /* documents and sessions that the target cannot hold */
};

static void count_one(const char *what, unsigned long *count) {
    if (++*count % BATCH == 0)
        progress_show("%s: %lu", what, *count);
}

static void end_count(const char *what, unsigned long count) {
    progress_show("%s: %lu", what, count);
    progress_end();
}

static void clear_batch(struct migration *migration) {
    for (size_t i = 0; i < migration->pending; i++)
        json_free(migration->documents[i]);
    migration->pending = 0;
}

static enum error_code write_batch(struct migration *migration, struct error *error) {
    const enum error_code code = store_users_put(migration->to, migration->batch, migration->pending, error);
    clear_batch(migration);
    return code;
}

static enum error_code copy_user(void *context, const char *provider, const char *id, const cJSON *document,
                                 struct error *error) {
    struct migration *migration = context;
    if (document == NULL || provider == NULL) {
        if (document == NULL)
            command_complain_unreadable(provider, id);
        migration->left_behind++;
        return ERROR_NONE;
    }
    cJSON *copy = cJSON_Duplicate(document, true);
    struct store_user *user = &migration->batch[migration->pending];
    if (copy == NULL || !user_account(copy, &user->provider, &user->id)) {
        json_free(copy);
        return error_out_of_memory(error);
    }
    user->document = copy;
    migration->documents[migration->pending++] = copy;
    count_one("users copied", &migration->users);
    return migration->pending < BATCH ? ERROR_NONE : write_batch(migration, error);
}

static enum error_code copy_session(void *context, const struct store_session *session, struct error *error) {
    struct migration *migration = context;
    bool written;
    const enum error_code code = store_session_put(migration->to, session, &written, error);
    if (code == ERROR_NONE && written)
        count_one("sessions copied", &migration->sessions);
    else if (code == ERROR_NONE)
        migration->left_behind++;
    return code;
}

static enum error_code compare_account(struct migration *migration, const char *provider, const char *id,
                                       const cJSON *document, struct error *error) {
    cJSON *copy = NULL;
    const enum error_code code =
        store_user_find(migration->to, &(struct user_query){.provider = provider, .id = id}, &copy, error);
    if (code != ERROR_NONE)
        return code;
    if (copy == NULL || !json_equal(document, copy)) {
        command_complain("%s:%s %s", provider, id, copy == NULL ? "is missing in the target" : "differs in the target");
        migration->differing++;
    }
    json_free(copy);
    return ERROR_NONE;
}

static enum error_code compare_user(void *context, const char *provider, const char *id, const cJSON *document,
                                    struct error *error) {
    struct migration *migration = context;
    enum error_code code = ERROR_NONE;
    (void)id;
    if (document == NULL || provider == NULL)
        return ERROR_NONE;
    for (const cJSON *field = document->child; code == ERROR_NONE && field != NULL; field = field->next)
        if (user_is_account(field))
            code = compare_account(migration, field->string, json_string(field, FIELD_ID), document, error);
    count_one("users compared", &migration->users);
    return code;
}

static enum error_code copy_all(struct migration *migration, struct error *error) {
    const int64_t now = (int64_t)time(NULL);
    enum error_code code = store_setup(migration->to, migration->providers, error);
    if (code == ERROR_NONE)
        code = store_users_each(migration->from, copy_user, migration, error);
    if (code == ERROR_NONE)
        code = write_batch(migration, error);
    clear_batch(migration);
    end_count("users copied", migration->users);
    if (code == ERROR_NONE)
        code = store_sessions_each(migration->from, now, copy_session, migration, error);
    end_count("sessions copied", migration->sessions);
    return code;
}

static enum command_status migrate(struct migration *migration) {
    struct error error;
    if (copy_all(migration, &error) != ERROR_NONE) {
        command_complain("stopped: %s; run this again when that is mended", error.cause);
        return COMMAND_FAILED;
    }
    const unsigned long copied = migration->users;
    migration->users = 0;
    if (store_users_each(migration->from, compare_user, migration, &error) != ERROR_NONE) {
        command_complain("stopped while comparing: %s", error.cause);
        return COMMAND_FAILED;
    }
    end_count("users compared", migration->users);
    printf("%lu users and %lu sessions copied; %lu users compared, %lu differ.\n", copied, migration->sessions,
           migration->users, migration->differing);
    if (migration->left_behind != 0)
        command_complain(
            "%lu documents and sessions without a provider's account, or that cannot be read, were not copied",
            migration->left_behind);
    if (migration->differing != 0 || copied != migration->users)
        command_complain("the source was written to meanwhile: run this again");
    return migration->left_behind == 0 && migration->differing == 0 && copied == migration->users ? COMMAND_DONE
                                                                                                  : COMMAND_FAILED;
}

/* Reads the URI: the argument itself, or the first line of the file that it names. Other users of the machine can read
 * a command line, and a password in it. */
static bool read_uri(const char *option, const char *text, struct buffer *uri) {
    if (strstr(text, "://") != NULL) {
        buffer_append_text(uri, text);
        return true;
    }
    if (!file_read(text, STORE_URI_MAX, uri, NULL)) {
        command_complain("%s: expected a URI or a file that holds one; %s: %s", option, text, strerror(errno));
        return false;
    }
    if (uri->len != 0)
        uri->data[strcspn(uri->data, "\r\n")] = '\0';
    return true;
}

static bool open_one(const char *option, const char *uri, const struct config *config, struct store **store) {
    struct error error;
    if (store_open(uri, config->home, config->ca_folder, store, &error) == ERROR_NONE)
        return true;
    command_complain("%s: %s", option, error.cause);
    return false;
}

static enum command_status refuse_usage(void) {
    command_complain("say --from URI and --to URI, two different stores");
    return COMMAND_USAGE;
}

static enum command_status migrate_between(const char *from, const char *to, const struct config *config) {
    struct migration migration = {.pending = 0};
    enum command_status status = COMMAND_FAILED;
    if (strcmp(from, to) == 0)
        return refuse_usage();
    command_list_providers(config, migration.providers);
    if (open_one("--from", from, config, &migration.from) && open_one("--to", to, config, &migration.to))
        status = migrate(&migration);
    store_close(migration.from);
    store_close(migration.to);
    return status;
}

enum command_status command_migrate(const struct command_line *line) {
    struct buffer from = BUFFER_EMPTY, to = BUFFER_EMPTY;
    struct config *config = NULL;
    enum command_status status = COMMAND_FAILED;
    if (line->from == NULL || line->to == NULL || strcmp(line->from, line->to) == 0)
        return refuse_usage();
    if (command_load_config(line, &config) && read_uri("--from", line->from, &from) && read_uri("--to", line->to, &to))
        status = migrate_between(buffer_text(&from), buffer_text(&to), config);
    buffer_free(&from);
    buffer_free(&to);
    config_free(config);
    return status;
}
