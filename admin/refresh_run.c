/* SPDX-License-Identifier: MIT */
#include "admin/refresh_run.h"

#include "admin/token_refresh.h"
#include "base/json.h"
#include "base/text.h"
#include "config/provider.h"
#include "openid/issuer.h"
#include "store/document_fields.h"
#include "store/token_seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 50, PAUSES = 3 };

struct refresh {
    const struct refresh_options *options;
    struct refresh_outcome *outcome;
    struct refresher refresher;
    bool stopped; /* the provider has said "too many calls" */
    bool ended;   /* the time is over */
    cJSON *batch[BATCH];
    size_t batch_size;
    char *last_id; /* owned, since ids of other programs can be of any length */
};

static void complain(const struct refresh *refresh, const char *whose, const char *cause) {
    refresh->options->complain(refresh->options->context, whose, cause);
    refresh->outcome->tally.failed++;
}

static const char *id_of(const struct refresh *refresh, const cJSON *document) {
    const char *id = json_string(json_member(document, refresh->refresher.provider->name), FIELD_ID);
    return id != NULL ? id : "?";
}

static void complain_of(const struct refresh *refresh, const char *id, const char *cause) {
    char whose[PROVIDER_NAME_MAX + PROVIDER_ID_MAX + 2];
    snprintf(whose, sizeof whose, "%s:%s", refresh->refresher.provider->name, id);
    complain(refresh, whose, cause);
}

static void show_progress(const struct refresh *refresh) {
    if (refresh->options->progress != NULL)
        refresh->options->progress(refresh->options->context, refresh->refresher.provider->name,
                                   &refresh->outcome->tally);
}

/* A batch holds copies of documents, so that the store is free while the provider is asked. */

static enum error_code collect(void *context, const char *provider, const char *id, const cJSON *document,
                               struct error *error) {
    struct refresh *refresh = context;
    char *last_id = strdup(id);
    cJSON *copy = document != NULL ? cJSON_Duplicate(document, true) : NULL;
    (void)provider;
    if (last_id == NULL || (document != NULL && copy == NULL)) {
        free(last_id);
        json_free(copy);
        return error_out_of_memory(error);
    }
    free(refresh->last_id);
    refresh->last_id = last_id;
    if (document == NULL)
        complain_of(refresh, id, "the stored document cannot be read");
    refresh->batch[refresh->batch_size++] = copy;
    return ERROR_NONE;
}

typedef void (*treatment)(struct refresh *refresh, const cJSON *document);

/* Keeps behind whom the next run begins. An id that is too long for that is looked at again. */
static void keep_place(struct refresh *refresh, const cJSON *document) {
    struct refresh_place *next = &refresh->outcome->next;
    snprintf(next->provider, sizeof next->provider, "%s", refresh->refresher.provider->name);
    if (document != NULL)
        text_copy(next->id, sizeof next->id, id_of(refresh, document));
}

static void treat_batch(struct refresh *refresh, treatment treat) {
    const struct refresh_options *options = refresh->options;
    for (size_t i = 0; i < refresh->batch_size; i++) {
        refresh->ended = refresh->ended || (options->bounded && deadline_left(options->deadline) == 0);
        if (!refresh->stopped && !refresh->ended && refresh->batch[i] != NULL) {
            treat(refresh, refresh->batch[i]);
            keep_place(refresh, refresh->batch[i]);
        }
        json_free(refresh->batch[i]);
        show_progress(refresh);
    }
}

/* Treats all users behind `from` with a token that the query asks for, batch by batch. The query needs no provider and
 * no place to begin. */
static void treat_all(struct refresh *refresh, struct token_query query, const char *from, treatment treat) {
    struct error error;
    enum error_code code = ERROR_NONE;
    free(refresh->last_id);
    refresh->last_id = strdup(from);
    refresh->stopped = false;
    query.provider = refresh->refresher.provider->name;
    query.limit = BATCH;
    do {
        char *after = refresh->last_id != NULL ? strdup(refresh->last_id) : NULL;
        if (after == NULL) {
            complain(refresh, NULL, "out of memory");
            return;
        }
        query.after = after;
        refresh->batch_size = 0;
        code = store_tokens_each(refresh->refresher.store, &query, collect, refresh, &error);
        if (code != ERROR_NONE)
            complain(refresh, NULL, error.cause);
        treat_batch(refresh, treat);
        free(after);
    } while (refresh->batch_size != 0 && code == ERROR_NONE && !refresh->stopped && !refresh->ended);
}

/* Tries again after a pause when the provider says "too many calls". After some pauses the run ends, and leaves the
 * rest to the next. */
static void refresh_user(struct refresh *refresh, const cJSON *document) {
    struct refresh_tally *tally = &refresh->outcome->tally;
    struct error error;
    enum token_refresh_outcome result = token_refresh_attempt(&refresh->refresher, document, NULL, &error);
    const int pauses_max = refresh->options->bounded ? 0 : PAUSES;
    for (int pauses = 0; result == REFRESH_TOO_MANY && pauses < pauses_max; pauses++) {
        sleep((unsigned)refresh->options->pause_seconds);
        result = token_refresh_attempt(&refresh->refresher, document, NULL, &error);
    }
    switch (result) {
    case REFRESH_DONE:
        tally->refreshed++;
        if (error.cause[0] != '\0') {
            complain_of(refresh, id_of(refresh, document), error.cause);
            tally->failed--; /* it is told, and no failure */
        }
        return;
    case REFRESH_NOT_DUE: tally->not_yet++; return;
    case REFRESH_OVERTAKEN: tally->overtaken++; return;
    case REFRESH_INVALID: tally->invalid++; return;
    case REFRESH_TOO_MANY: refresh->stopped = true; break;
    case REFRESH_FAILED: break;
    }
    complain_of(refresh, id_of(refresh, document), error.cause);
}

/* Seals a token anew that an older key sealed, or that another program left in plain text. */
static void reseal_user(struct refresh *refresh, const cJSON *document) {
    const struct refresher *refresher = &refresh->refresher;
    const char *name = refresher->provider->name;
    struct token_record record;
    struct error error;
    bool changed = false;
    if (token_record_read(refresher->config, name, document, &record, &error) != ERROR_NONE) {
        complain_of(refresh, id_of(refresh, document), error.cause);
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
    if (code != ERROR_NONE)
        complain_of(refresh, change.id, error.cause);
    if (changed)
        refresh->outcome->tally.resealed++;
    json_free(patch);
    token_record_clear(&record);
}

/* Loads a provider, with what is kept of its issuer, however old. NULL, and told, if it cannot be used. */
static struct provider *load_provider(const struct refresh *refresh, const char *name) {
    const struct config *config = refresh->refresher.config;
    struct problems problems = {.count = 0};
    struct provider *provider = NULL;
    struct error error;
    const enum error_code code = issuer_load_provider(config, name, &provider, &problems, &error);
    for (size_t i = 0; i < problems.count; i++)
        refresh->options->complain(refresh->options->context, NULL, problems.lines[i]);
    if (code != ERROR_NONE) {
        refresh->outcome->tally.failed++;
        if (problems.count == 0 || problems.out_of_memory)
            refresh->options->complain(refresh->options->context, NULL, error.cause);
    }
    problems_clear(&problems);
    return provider;
}

static void refresh_provider(struct refresh *refresh, const char *name, const char *from) {
    struct refresher *refresher = &refresh->refresher;
    struct provider *provider = load_provider(refresh, name);
    const int64_t now = (int64_t)time(NULL);
    if (provider == NULL)
        return;
    refresher->provider = provider;
    keep_place(refresh, NULL);
    text_copy(refresh->outcome->next.id, sizeof refresh->outcome->next.id, from);
    char *current = token_seal_current_start(&refresher->config->keys);
    treat_all(refresh,
              (struct token_query){.expires_before = now + refresher->within,
                                   .obtained_before = now - TOKEN_UNKNOWN_LIFE_AGE},
              from, refresh_user);
    /* One run that comes to the end of the tokens seals all anew: no other host is asked for that. */
    const struct refresh_place place = refresh->outcome->next;
    if (refresher->config->seal_tokens && !refresh->ended)
        treat_all(refresh, (struct token_query){.expires_before = STORE_ANY_EXPIRY, .except_prefix = current}, "",
                  reseal_user);
    refresh->outcome->next = place;
    buffer_free_text(current);
    if (refresh->options->progress != NULL)
        refresh->options->progress(refresh->options->context, NULL, &refresh->outcome->tally);
    provider_free(provider);
}

static void refresh_all(struct refresh *refresh) {
    const struct refresh_place from = refresh->options->from;
    const cJSON *providers = refresh->refresher.config->providers;
    const cJSON *first = json_member(providers, from.provider);
    struct error error;
    for (const cJSON *entry = first != NULL ? first : providers->child; entry != NULL && !refresh->ended;
         entry = entry->next)
        refresh_provider(refresh, entry->string, entry == first ? from.id : "");
    refresh->outcome->complete = !refresh->ended;
    if (refresh->outcome->complete)
        refresh->outcome->next = (struct refresh_place){.provider = ""};
    if (store_sessions_expire(refresh->refresher.store, (int64_t)time(NULL), EXPIRED_SESSIONS_PER_REFRESH, &error) !=
        ERROR_NONE)
        complain(refresh, NULL, error.cause);
}

bool refresh_run(const struct config *config, struct store *store, const struct refresh_options *options,
                 struct refresh_outcome *outcome) {
    struct refresh *refresh = calloc(1, sizeof *refresh);
    struct error error;
    *outcome = (struct refresh_outcome){.complete = false};
    if (refresh == NULL) {
        options->complain(options->context, NULL, "out of memory");
        return false;
    }
    refresh->options = options;
    refresh->outcome = outcome;
    refresh->refresher = (struct refresher){.config = config, .store = store, .within = options->within};
    const bool begun = http_client_new(config->ca_folder, &refresh->refresher.client, &error) == ERROR_NONE;
    if (begun)
        refresh_all(refresh);
    else
        options->complain(options->context, NULL, error.cause);
    http_client_free(refresh->refresher.client);
    free(refresh->last_id);
    free(refresh);
    return begun;
}

void refresh_tally_append(struct buffer *out, const struct refresh_tally *tally) {
    buffer_append_format(
        out,
        "%lu refreshed, %lu sealed anew, %lu not old enough, %lu refreshed by others, %lu have to log in "
        "again, %lu failed",
        tally->refreshed, tally->resealed, tally->not_yet, tally->overtaken, tally->invalid, tally->failed);
}
