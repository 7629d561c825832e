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

static enum command_status merge(const struct command_user *into, const struct command_user *from) {
    const struct account_key into_key = {into->provider, into->id}, from_key = {from->provider, from->id};
    struct error error;
    cJSON *document = NULL;
    enum error_code code = store_users_merge(into->store, &into_key, &from_key, &error);
    if (code == ERROR_NONE)
        code = store_user_find(into->store, &(struct user_query){.provider = into->provider, .id = into->id}, &document,
                               &error);
    if (code == ERROR_NONE && document != NULL)
        print_user("They are one user now", document);
    if (code != ERROR_NONE)
        command_complain("%s", error.cause);
    json_free(document);
    return code == ERROR_NONE ? COMMAND_DONE : code == ERROR_NOT_FOUND ? COMMAND_NOT_FOUND : COMMAND_FAILED;
}

/* A run that was stopped may have left B as nobody, or both as one user, and more to do: the store knows. */
static bool needs_a_word(const struct command_user *into, const struct command_user *from) {
    return from->document != NULL &&
           !json_equal(json_member(into->document, FIELD_DOCUMENT_ID), json_member(from->document, FIELD_DOCUMENT_ID));
}

enum command_status command_users_merge(const struct command_line *line) {
    struct command_user into, from = {.config = NULL};
    struct error error;
    enum command_status status = command_find_user(line, &into);
    if (status == COMMAND_DONE)
        status = command_find_another(&into, line->second, &from);
    if (status == COMMAND_DONE && needs_a_word(&into, &from)) {
        if (describe(&into, &from, &error) != ERROR_NONE) {
            command_complain("%s", error.cause);
            status = COMMAND_FAILED;
        } else {
            status = command_confirm(line, "Make them one user? Type yes: ", "Nothing was changed.");
        }
    }
    if (status == COMMAND_DONE)
        status = merge(&into, &from);
    command_user_clear(&from);
    command_user_clear(&into);
    return status;
}
