/* `cgi-login users merge A B`: makes two users one who turn out to be one person.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

#include "base/json.h"
#include "store/document_fields.h"
#include "store/user_merge.h"

#include <string.h>

static void print_user(const char *name, const cJSON *document) {
    printf("%s: ", name);
    command_print_accounts(stdout, document);
    fputc('\n', stdout);
}

/* Names the fields of B that A has, too, with another value. */
static void print_kept_aside(const cJSON *merged) {
    const cJSON *list = json_member(merged, FIELD_MERGED_FROM);
    const cJSON *rest = list != NULL ? cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1) : NULL;
    unsigned count = 0;
    for (const cJSON *member = rest != NULL ? rest->child : NULL; member != NULL; member = member->next) {
        if (strcmp(member->string, FIELD_DOCUMENT_ID) == 0)
            continue;
        fputs(count++ == 0 ? "Both have, with another value, what is kept of B under " FIELD_MERGED_FROM ": " : ", ",
              stdout);
        command_print_text(stdout, member->string);
    }
    if (count != 0)
        puts(".");
}

/* Says what will become of both users. */
static enum error_code describe(const struct command_user *into, const struct command_user *from, struct error *error) {
    cJSON *merged;
    const enum error_code code = user_merge(into->document, from->document, &merged, error);
    if (code == ERROR_NONE) {
        print_user("A", into->document);
        print_user("B", from->document);
        puts(
            "A gets the accounts, the sessions and all other fields of B. B is gone then: whoever logs in with any of\n"
            "these accounts is A.");
        print_kept_aside(merged);
    }
    json_free(merged);
    return code;
}

static enum command_status merge(struct store *store, const struct command_user *into,
                                 const struct command_user *from) {
    const struct account_key into_key = {into->provider, into->id}, from_key = {from->provider, from->id};
    struct error error;
    cJSON *document = NULL;
    enum error_code code = store_users_merge(store, &into_key, &from_key, &error);
    if (code == ERROR_NONE)
        code =
            store_user_find(store, &(struct user_query){.provider = into->provider, .id = into->id}, &document, &error);
    if (code == ERROR_NONE && document != NULL)
        print_user("They are one user now", document);
    if (code != ERROR_NONE)
        command_complain("%s", error.cause);
    json_free(document);
    return code == ERROR_NONE ? COMMAND_DONE : code == ERROR_NOT_FOUND ? COMMAND_NOT_FOUND : COMMAND_FAILED;
}

/* True for two users. A run that was stopped may have left one of them as nobody, or both as one, and more to do: that
 * the store knows, and nothing new is decided. */
static bool are_two(const struct command_user *into, const struct command_user *from) {
    return into->document != NULL && from->document != NULL &&
           !json_equal(json_member(into->document, FIELD_DOCUMENT_ID), json_member(from->document, FIELD_DOCUMENT_ID));
}

static enum command_status ask(const struct command_line *line, const struct command_user *into,
                               const struct command_user *from) {
    struct error error;
    if (describe(into, from, &error) == ERROR_NONE)
        return command_confirm(line, "Make them one user? Type yes: ", "Nothing was changed.");
    command_complain("%s", error.cause);
    return COMMAND_FAILED;
}

enum command_status command_users_merge(const struct command_line *line) {
    struct command_user opened = {.config = NULL}, into = {.config = NULL}, from = {.config = NULL};
    enum command_status status = command_open(line, &opened.config, &opened.store) ? COMMAND_DONE : COMMAND_FAILED;
    if (status == COMMAND_DONE)
        status = command_find_another(&opened, line->argument, &into);
    if (status == COMMAND_DONE)
        status = command_find_another(&opened, line->second, &from);
    if (status == COMMAND_DONE && are_two(&into, &from))
        status = ask(line, &into, &from);
    if (status == COMMAND_DONE)
        status = merge(opened.store, &into, &from);
    command_user_clear(&from);
    command_user_clear(&into);
    command_user_clear(&opened);
    return status;
}
