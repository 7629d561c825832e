/* `cgi-login token USER`: prints a token that the provider takes now, refreshed first when it is near its end.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

#include "admin/token_refresh.h"
#include "base/json.h"
#include "config/provider.h"
#include "store/document_fields.h"

#include <time.h>
#include <unistd.h>

/* What one run of the command holds. */
struct run {
    struct command_user found;
    struct provider *provider;
    struct http_client *client;
};

static enum command_status fail(const struct error *error) {
    command_complain("%s", error->cause);
    return COMMAND_FAILED;
}

/* True if the token should be of no use by now: by what the provider says of it, or by its time. */
static bool has_ended(const struct token_record *record) {
    return record->invalid || (record->expires != 0 && record->expires <= (int64_t)time(NULL));
}

static void complain_ended(const struct token_record *record, const char *warning) {
    if (record->invalid)
        command_complain("the provider does not take the token any more: this user has to log in again");
    else if (warning != NULL)
        command_complain("the token's time has passed, and it could not be refreshed just now: %s", warning);
    else
        command_complain("the token's time has passed, and it cannot be refreshed; this user's next login brings a new "
                         "one");
}

/* Reads the stored token, if the provider should still take it. */
static enum command_status print_stored(const struct run *run, const char *warning) {
    struct token_record record;
    struct error error;
    enum command_status status = COMMAND_DONE;
    if (token_record_read(run->found.config, run->provider->name, run->found.document, &record, &error) != ERROR_NONE)
        return fail(&error);
    if (has_ended(&record)) {
        complain_ended(&record, warning);
        status = COMMAND_FAILED;
    } else {
        if (warning != NULL)
            command_complain("the token could not be refreshed, and is the old one still: %s", warning);
        command_print_text(stdout, secret_text(record.token.access_token)); /* another program may have stored it */
        putchar('\n');
    }
    token_record_clear(&record);
    return status;
}

/* Reads the user's document again. */
static enum command_status reload(struct run *run) {
    struct error error;
    const char *name = run->provider->name;
    cJSON *newer = NULL;
    const struct user_query query = {.provider = name,
                                     .id = json_string(json_member(run->found.document, name), FIELD_ID)};
    if (store_user_find(run->found.store, &query, &newer, &error) != ERROR_NONE)
        return fail(&error);
    if (newer == NULL) {
        command_complain("the user was deleted meanwhile");
        return COMMAND_NOT_FOUND;
    }
    json_free(run->found.document);
    run->found.document = newer;
    return COMMAND_DONE;
}

/* A login or another run was quicker, or is at work on this token. If the token at hand is of no use any more, this
 * waits for the new one. */
static enum command_status print_newer(struct run *run) {
    struct token_record record;
    struct error error;
    bool wait = true;
    for (int second = 0; wait && second < TOKEN_LEASE_SECONDS; second++) {
        const enum command_status status = reload(run);
        if (status != COMMAND_DONE)
            return status;
        if (token_record_read(run->found.config, run->provider->name, run->found.document, &record, &error) !=
            ERROR_NONE)
            return fail(&error);
        wait = has_ended(&record) && !record.invalid;
        token_record_clear(&record);
        if (wait)
            sleep(1);
    }
    return print_stored(run, NULL);
}

static enum command_status print_token(const struct command_line *line, struct run *run) {
    struct error error;
    struct secret *fresh = NULL;
    if (http_client_new(run->found.config->ca_folder, &run->client, &error) != ERROR_NONE)
        return fail(&error);
    const struct refresher refresher = {run->found.config, run->provider, run->found.store, run->client,
                                        (int64_t)line->within_days * SECONDS_PER_DAY};
    enum command_status status = COMMAND_DONE;
    switch (token_refresh_attempt(&refresher, run->found.document, &fresh, &error)) {
    case REFRESH_DONE:
        if (error.cause[0] != '\0')
            command_complain("%s", error.cause);
        if (fresh == NULL) {
            command_complain("out of memory");
            status = COMMAND_FAILED;
        } else {
            puts(secret_text(fresh));
        }
        break;
    case REFRESH_NOT_DUE: status = print_stored(run, NULL); break;
    case REFRESH_OVERTAKEN: status = print_newer(run); break;
    case REFRESH_TOO_MANY:
    case REFRESH_FAILED: status = print_stored(run, error.cause); break;
    case REFRESH_INVALID:
        command_complain("the provider does not take the token any more: this user has to log in again");
        status = COMMAND_FAILED;
    }
    secret_free(fresh);
    return status;
}

enum command_status command_token(const struct command_line *line) {
    struct run run = {.provider = NULL};
    enum command_status status = command_find_user(line, &run.found);
    if (status == COMMAND_DONE && (run.provider = command_load_provider(run.found.config, run.found.provider)) == NULL)
        status = COMMAND_FAILED;
    if (status == COMMAND_DONE)
        status = print_token(line, &run);
    http_client_free(run.client);
    provider_free(run.provider);
    command_user_clear(&run.found);
    return status;
}
