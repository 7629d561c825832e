/* `cgi-login refresh`, for cron: refreshes tokens near their end, seals anew what an older key sealed, removes expired
 * sessions.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/progress.h"

#include "admin/token_refresh.h"
#include "base/json.h"
#include "config/provider.h"
#include "store/token_seal.h"
#include "store/document_fields.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 50, PAUSES = 3 };

/* The results so far. */
struct tally {
    unsigned long refreshed, resealed, not_yet, overtaken, invalid, failed;
};

struct refresh {
    struct refresher refresher;
    struct tally tally;
    int pause_seconds;
    bool stopped; /* the provider has said "too many calls" */
    cJSON *batch[BATCH];
    size_t batch_size;
    char *last_id; /* owned, since ids of other programs can be of any length */
};

static void show_progress(const struct refresh *refresh) {
    const struct tally *tally = &refresh->tally;
    progress_show("%s: %lu refreshed, %lu sealed anew, %lu to log in again, %lu failed",
                  refresh->refresher.provider->name, tally->refreshed, tally->resealed, tally->invalid, tally->failed);
}

/* A batch holds copies of documents, so that the store is free while the provider is asked. */

static enum error_code collect(void *context, const char *provider, const char *id, const cJSON *document,
                               struct error *error) {
    struct refresh *refresh = context;
    char *last_id = strdup(id);
    cJSON *copy = document != NULL ? cJSON_Duplicate(document, true) : NULL;
    if (last_id == NULL || (document != NULL && copy == NULL)) {
        free(last_id);
        json_free(copy);
        return error_out_of_memory(error);
    }
    free(refresh->last_id);
    refresh->last_id = last_id;
    if (document == NULL) {
        command_complain_unreadable(provider, id);
        refresh->tally.failed++;
    }
    refresh->batch[refresh->batch_size++] = copy;
    return ERROR_NONE;
}

typedef void (*treatment)(struct refresh *refresh, const cJSON *document);

/* Treats all users with a token that the query asks for, batch by batch. The query needs no provider and no place to
 * begin. */
static void treat_all(struct refresh *refresh, struct token_query query, treatment treat) {
    struct error error;
    enum error_code code = ERROR_NONE;
    free(refresh->last_id);
    refresh->last_id = strdup("");
    refresh->stopped = false;
    query.provider = refresh->refresher.provider->name;
    query.limit = BATCH;
    do {
        char *after = refresh->last_id != NULL ? strdup(refresh->last_id) : NULL;
        if (after == NULL) {
            command_complain("out of memory");
            refresh->tally.failed++;
            return;
        }
        query.after = after;
        refresh->batch_size = 0;
        code = store_tokens_each(refresh->refresher.store, &query, collect, refresh, &error);
        if (code != ERROR_NONE) {
            command_complain("%s", error.cause);
            refresh->tally.failed++;
        }
        for (size_t i = 0; i < refresh->batch_size; i++) {
            if (!refresh->stopped && refresh->batch[i] != NULL)
                treat(refresh, refresh->batch[i]);
            json_free(refresh->batch[i]);
            show_progress(refresh);
        }
        free(after);
    } while (refresh->batch_size != 0 && code == ERROR_NONE && !refresh->stopped);
}

static const char *id_of(const struct refresh *refresh, const cJSON *document) {
    const char *id = json_string(json_member(document, refresh->refresher.provider->name), FIELD_ID);
    return id != NULL ? id : "?";
}

static void complain(const struct refresh *refresh, const cJSON *document, const struct error *error) {
    command_complain("%s:%s: %s", refresh->refresher.provider->name, id_of(refresh, document), error->cause);
}

/* Tries again after a pause when the provider says "too many calls". After some pauses the run ends, and leaves the
 * rest to the next. */
static void refresh_user(struct refresh *refresh, const cJSON *document) {
    struct error error;
    enum token_refresh_outcome result = token_refresh_attempt(&refresh->refresher, document, NULL, &error);
    for (int pauses = 0; result == REFRESH_TOO_MANY && pauses < PAUSES; pauses++) {
        sleep((unsigned)refresh->pause_seconds);
        result = token_refresh_attempt(&refresh->refresher, document, NULL, &error);
    }
    switch (result) {
    case REFRESH_DONE:
        refresh->tally.refreshed++;
        if (error.cause[0] != '\0')
            complain(refresh, document, &error);
        return;
    case REFRESH_NOT_DUE: refresh->tally.not_yet++; return;
    case REFRESH_OVERTAKEN: refresh->tally.overtaken++; return;
    case REFRESH_INVALID: refresh->tally.invalid++; return;
    case REFRESH_TOO_MANY: refresh->stopped = true; break;
    case REFRESH_FAILED: break;
    }
    refresh->tally.failed++;
    complain(refresh, document, &error);
}

/* Seals a token anew that an older key sealed, or that another program left in plain text. */
static void reseal_user(struct refresh *refresh, const cJSON *document) {
    const struct refresher *refresher = &refresh->refresher;
    const char *name = refresher->provider->name;
    struct token_record record;
    struct error error;
    bool changed = false;
    if (token_record_read(refresher->config, name, document, &record, &error) != ERROR_NONE) {
        command_complain("%s:%s: %s", name, id_of(refresh, document), error.cause);
        refresh->tally.failed++;
        return;
    }
    cJSON *patch;
    enum error_code code = token_record_reseal_patch(refresher->config, name, document, &record, &patch, &error);
    /* A token that another run has a lease on is left alone: that run writes only over the token it has read, and its
     * result would be lost. */
    const struct account_change change = {.provider = name,
                                          .id = id_of(refresh, document),
                                          .token = record.stored,
                                          .unless_leased = true,
                                          .now = (int64_t)time(NULL),
                                          .patch = patch};
    if (code == ERROR_NONE && patch != NULL)
        code = store_account_change(refresher->store, &change, &changed, &error);
    if (code != ERROR_NONE) {
        command_complain("%s:%s: %s", name, change.id, error.cause);
        refresh->tally.failed++;
    }
    if (changed)
        refresh->tally.resealed++;
    json_free(patch);
    token_record_clear(&record);
}

static void refresh_provider(struct refresh *refresh, const char *name) {
    struct refresher *refresher = &refresh->refresher;
    struct provider *provider = command_load_provider(refresher->config, name);
    const int64_t now = (int64_t)time(NULL);
    if (provider == NULL) {
        refresh->tally.failed++;
        return;
    }
    refresher->provider = provider;
    char *current = token_seal_current_start(&refresher->config->keys);
    treat_all(refresh,
              (struct token_query){.expires_before = now + refresher->within,
                                   .obtained_before = now - TOKEN_UNKNOWN_LIFE_AGE},
              refresh_user);
    if (refresher->config->seal_tokens)
        treat_all(refresh, (struct token_query){.expires_before = STORE_ANY_EXPIRY, .except_prefix = current},
                  reseal_user);
    buffer_free_text(current);
    progress_end();
    provider_free(provider);
}

static void print_summary(const struct tally *tally) {
    printf("refresh: %lu refreshed, %lu sealed anew, %lu not old enough, %lu refreshed by others, %lu have to log in "
           "again, %lu failed\n",
           tally->refreshed, tally->resealed, tally->not_yet, tally->overtaken, tally->invalid, tally->failed);
}

static void refresh_all(struct refresh *refresh) {
    struct error error;
    for (const cJSON *entry = refresh->refresher.config->providers->child; entry != NULL; entry = entry->next)
        refresh_provider(refresh, entry->string);
    if (store_sessions_expire(refresh->refresher.store, (int64_t)time(NULL), EXPIRED_SESSIONS_PER_REFRESH, &error) !=
        ERROR_NONE) {
        command_complain("%s", error.cause);
        refresh->tally.failed++;
    }
}

enum command_status command_refresh(const struct command_line *line) {
    struct config *config = NULL;
    struct store *store = NULL;
    struct error error;
    struct refresh *refresh = calloc(1, sizeof *refresh);
    enum command_status status = COMMAND_FAILED;
    if (refresh == NULL) {
        command_complain("out of memory");
        return COMMAND_FAILED;
    }
    if (!command_open(line, &config, &store))
        goto done;
    refresh->pause_seconds = line->pause_seconds;
    refresh->refresher =
        (struct refresher){.config = config, .store = store, .within = (int64_t)line->within_days * SECONDS_PER_DAY};
    if (http_client_new(config->ca_folder, &refresh->refresher.client, &error) == ERROR_NONE) {
        refresh_all(refresh);
        print_summary(&refresh->tally);
        status = refresh->tally.failed == 0 ? COMMAND_DONE : COMMAND_FAILED;
    } else {
        command_complain("%s", error.cause);
    }
    http_client_free(refresh->refresher.client);
    free(refresh->last_id);
done:
    free(refresh);
    store_close(store);
    config_free(config);
    return status;
}
