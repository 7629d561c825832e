/* `cgi-login users list|show|export|delete`: the stored users. A user is one person, with one account or several.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/progress.h"

#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "config/provider.h"
#include "program/account_revocation.h"
#include "store/token_seal.h"
#include "store/user.h"
#include "store/document_fields.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_STEP = 100 };

/* One walk over all users: what it does with each, and how it went. */
struct listing {
    const struct config *config;
    bool with_token;
    bool failed; /* a token could not be opened, or a document could not be read */
    unsigned long without_account;
    unsigned long count;
    bool progress; /* progress is shown, since the documents do not go to the same terminal */
};

/* What a command opens, and close_all closes. */
struct opened {
    struct config *config;
    struct store *store;
};

static void close_all(struct opened *opened) {
    store_close(opened->store);
    config_free(opened->config);
}

/* Tokens. */

/* The names of tokens, including those that other programs give theirs. */
static bool is_token(const cJSON *member) {
    /* Under FIELD_TOKEN our documents have an object, which tells what is known of the token and is no token. */
    return member->string != NULL && profile_field_is_token(member->string) &&
           (strcmp(member->string, FIELD_TOKEN) != 0 || cJSON_IsString(member));
}

/* Replaces a sealed token by its plain text, or by null if no key of the config opens it. */
static enum seal_result reveal_token(const struct config *config, cJSON *account, const char *key) {
    const char *stored = json_string(account, key);
    const char *id = json_string(account, FIELD_ID);
    struct secret *token;
    if (stored == NULL || id == NULL)
        return SEAL_DONE;
    enum seal_result result =
        token_seal_open(&config->keys, (struct token_owner){account->string, id, key}, stored, &token);
    if (result != SEAL_NO_MEMORY) {
        cJSON_DeleteItemFromObjectCaseSensitive(account, key);
        if (!json_add(account, key, token != NULL ? cJSON_CreateString(secret_text(token)) : cJSON_CreateNull()))
            result = SEAL_NO_MEMORY;
    }
    secret_free(token);
    return result;
}

/* Opens the tokens of every provider's account in the document. */
static enum error_code reveal_tokens(struct listing *listing, cJSON *document, struct error *error) {
    static const char *const keys[] = {FIELD_ACCESS_TOKEN, FIELD_REFRESH_TOKEN};
    for (cJSON *account = document->child; account != NULL; account = account->next) {
        bool refused = false;
        for (size_t i = 0; cJSON_IsObject(account) && i < sizeof keys / sizeof *keys; i++) {
            const enum seal_result result = reveal_token(listing->config, account, keys[i]);
            if (result == SEAL_NO_MEMORY)
                return error_out_of_memory(error);
            refused = refused || result == SEAL_REFUSED;
        }
        if (refused)
            command_complain("the token of %s:%s cannot be opened: the key that sealed it is not among `keys`",
                             account->string, json_string(account, FIELD_ID));
        listing->failed = listing->failed || refused;
    }
    return ERROR_NONE;
}

/* Tells whether to list the document. An unreadable one is complained of, one of another program without an account is
 * counted; the walk goes on after both. */
static bool is_listed(struct listing *listing, const char *provider, const char *id, const cJSON *document) {
    if (document == NULL) {
        command_complain_unreadable(provider, id);
        listing->failed = true;
    } else if (provider == NULL) {
        listing->without_account++;
    }
    return document != NULL;
}

static enum error_code print_document(struct listing *listing, const cJSON *document, bool indented,
                                      struct error *error) {
    cJSON *copy = cJSON_Duplicate(document, true);
    if (copy == NULL)
        return error_out_of_memory(error);
    enum error_code code = ERROR_NONE;
    if (!listing->with_token)
        json_remove_members(copy, is_token);
    else
        code = reveal_tokens(listing, copy, error);
    if (code == ERROR_NONE)
        code = command_print_json(stdout, copy, indented, error);
    json_free(copy);
    return code;
}

/* users list */

/* Prints a time to the minute, in a column. */
static void print_date(const cJSON *document, const char *key) {
    const time_t seconds = (time_t)user_date_seconds(json_member(document, key));
    struct tm utc;
    char text[32] = "-";
    if (seconds >= 0 && gmtime_r(&seconds, &utc) != NULL)
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M", &utc);
    printf("%-16s  ", text);
}

/* Prints the address, and whether it may be anybody's. */
static void print_email(const cJSON *account) {
    const char *email = json_string(account, PROFILE_EMAIL);
    if (email == NULL)
        return;
    fputs(" <", stdout);
    command_print_text(stdout, email);
    fputs(cJSON_IsTrue(json_member(account, PROFILE_EMAIL_VERIFIED)) ? ">" : ">, not verified", stdout);
}

/* Prints an account in the first column. */
static void print_account(const char *before, const cJSON *account) {
    char key[PROVIDER_NAME_MAX + PROVIDER_ID_MAX + 4];
    snprintf(key, sizeof key, "%s%s:%s", before, account->string, json_string(account, FIELD_ID));
    command_print_text(stdout, key);
    printf("%*s  ", strlen(key) < 40 ? (int)(40 - strlen(key)) : 0, "");
}

/* Prints who the provider says this is, in the last column. */
static void print_name(const cJSON *account) {
    const char *username = json_string(account, PROFILE_USERNAME);
    const char *name = json_string(account, PROFILE_FULL_NAME);
    if (username != NULL) {
        fputc('@', stdout);
        command_print_text(stdout, username);
        fputc(' ', stdout);
    }
    command_print_text(stdout, name != NULL ? name : "");
    print_email(account);
    fputc('\n', stdout);
}

/* Prints a line for the user, and one for each further account. */
static enum error_code list_user(void *context, const char *provider, const char *id, const cJSON *document,
                                 struct error *error) {
    struct listing *listing = context;
    (void)error;
    if (!is_listed(listing, provider, id, document) || provider == NULL)
        return ERROR_NONE;
    const cJSON *account = json_member(document, provider);
    if (listing->count++ == 0)
        printf("%-40s  %-16s  %-16s  %s\n", "USER", "CREATED", "LAST LOGIN", "NAME");
    print_account("", account);
    print_date(document, FIELD_CREATED_AT);
    print_date(document, FIELD_LAST_LOGIN_AT);
    print_name(account);
    for (const cJSON *other = document->child; other != NULL; other = other->next) {
        if (!user_is_account(other) || other == account)
            continue;
        print_account("+ ", other);
        printf("%-16s  %-16s  ", "", "");
        print_name(other);
    }
    return ERROR_NONE;
}

enum command_status command_users_list(const struct command_line *line) {
    struct opened opened;
    struct listing listing = {.count = 0};
    struct error error;
    enum command_status status = COMMAND_FAILED;
    if (!command_open(line, &opened.config, &opened.store))
        goto done;
    if (store_users_each(opened.store, list_user, &listing, &error) != ERROR_NONE) {
        command_complain("%s", error.cause);
        goto done;
    }
    if (listing.count == 0)
        fputs("There are no users yet.\n", stderr);
    if (listing.without_account != 0)
        fprintf(stderr, "Besides, there are %lu documents without a provider's account.\n", listing.without_account);
    status = listing.failed ? COMMAND_FAILED : COMMAND_DONE;
done:
    close_all(&opened);
    return status;
}

/* users export */

static enum error_code export_user(void *context, const char *provider, const char *id, const cJSON *document,
                                   struct error *error) {
    struct listing *listing = context;
    if (!is_listed(listing, provider, id, document))
        return ERROR_NONE;
    const enum error_code code = print_document(listing, document, false, error);
    if (code != ERROR_NONE)
        return code;
    listing->count++;
    if (listing->progress && listing->count % PROGRESS_STEP == 0)
        progress_show("%lu users", listing->count);
    return ERROR_NONE;
}

enum command_status command_users_export(const struct command_line *line) {
    struct opened opened;
    struct error error;
    struct listing listing = {.with_token = line->with_token, .progress = !isatty(STDOUT_FILENO)};
    enum command_status status = COMMAND_FAILED;
    if (!command_open(line, &opened.config, &opened.store))
        goto done;
    listing.config = opened.config;
    const enum error_code code = store_users_each(opened.store, export_user, &listing, &error);
    if (listing.progress)
        progress_show("%lu users", listing.count);
    progress_end();
    if (code != ERROR_NONE)
        command_complain("stopped after %lu users: %s", listing.count, error.cause);
    else if (!listing.failed)
        status = COMMAND_DONE;
done:
    close_all(&opened);
    return status;
}

/* One user. */

enum command_status command_users_show(const struct command_line *line) {
    struct command_user user;
    struct error error;
    enum command_status status = command_find_user(line, &user);
    if (status == COMMAND_DONE) {
        struct listing listing = {.config = user.config, .with_token = line->with_token};
        const enum error_code code = print_document(&listing, user.document, true, &error);
        if (code != ERROR_NONE)
            command_complain("%s", error.cause);
        if (code != ERROR_NONE || listing.failed)
            status = COMMAND_FAILED;
    }
    command_user_clear(&user);
    return status;
}

/* Says whom the question is about. */
static void print_question(const struct command_line *line, const struct command_user *user) {
    if (line->yes || !isatty(STDIN_FILENO))
        return;
    fputs("Delete ", stdout);
    command_print_accounts(stdout, user->document);
}

static void complain(void *context, const char *line) {
    (void)context;
    command_complain("%s", line);
}

static void revoke_tokens(const struct command_user *user) {
    struct process_cache cache = {.store = NULL};
    account_revocation_run(&cache, user->config, user->document, time(NULL), complain, NULL);
    process_cache_clear(&cache);
}

enum command_status command_users_delete(const struct command_line *line) {
    struct command_user user;
    struct error error;
    bool deleted = false;
    enum command_status status = command_find_user(line, &user);
    if (status == COMMAND_DONE) {
        print_question(line, &user);
        status = command_confirm(line, " and end all of their sessions? Type yes: ", "Nothing was deleted.");
    }
    if (status != COMMAND_DONE)
        goto done;
    if (store_user_delete(user.store, user.provider, user.id, &deleted, &error) != ERROR_NONE) {
        command_complain("%s", error.cause);
        status = COMMAND_FAILED;
    } else if (deleted) {
        puts("Deleted.");
        revoke_tokens(&user);
    } else {
        command_complain("somebody else has deleted this user meanwhile");
        status = COMMAND_NOT_FOUND;
    }
done:
    command_user_clear(&user);
    return status;
}
