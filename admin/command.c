/* SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "program/store_open.h"

#include "base/json.h"
#include "base/text.h"
#include "config/provider_name.h"
#include "openid/issuer.h"
#include "store/document_fields.h"
#include "store/user.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void command_complain(const char *format, ...) {
    va_list arguments;
    char line[LOG_LINE_MAX];
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fputs("cgi-login: ", stderr);
    command_print_text(stderr, line);
    fputc('\n', stderr);
}

void command_complain_unreadable(const char *provider, const char *id) {
    command_complain("%s:%s: the stored document cannot be read", provider != NULL ? provider : "?",
                     id != NULL ? id : "?");
}

enum error_code command_find_config(const struct command_line *line, char path[PATH_MAX], struct error *error) {
    return config_locate(line->config, CONFIG_FOR_COMMAND, path, error);
}

/* Complains about each problem or, if the failure has none, about the error. */
static void complain_all(enum error_code code, struct problems *problems, const struct error *error) {
    for (size_t i = 0; i < problems->count; i++)
        command_complain("%s", problems->lines[i]);
    if (code != ERROR_NONE && (problems->count == 0 || problems->out_of_memory))
        command_complain("%s", error->cause);
    problems_clear(problems);
}

bool command_load_config(const struct command_line *line, struct config **config) {
    struct problems problems = {.count = 0};
    struct error error;
    char path[PATH_MAX];
    enum error_code code = command_find_config(line, path, &error);
    if (code == ERROR_NONE)
        code = config_load(path, NULL, CONFIG_FOR_COMMAND, config, &problems, &error);
    complain_all(code, &problems, &error);
    return code == ERROR_NONE;
}

bool command_open(const struct command_line *line, struct config **config, struct store **store) {
    struct error error;
    *config = NULL;
    *store = NULL;
    if (!command_load_config(line, config))
        return false;
    if (store_open((*config)->store, (*config)->home, (*config)->ca_folder, store, &error) == ERROR_NONE)
        return true;
    command_complain("%s", error.cause);
    return false;
}

/* Splits the argument into provider and id. If it names nobody, complains and returns false. */
static bool read_user(const struct config *config, const char *text, char provider[PROVIDER_NAME_MAX + 1],
                      const char **id) {
    const char *colon = strchr(text, ':');
    const size_t len = colon != NULL ? (size_t)(colon - text) : 0;
    *id = text;
    provider[0] = '\0';
    if (len != 0 && len <= PROVIDER_NAME_MAX) {
        memcpy(provider, text, len);
        provider[len] = '\0';
    }
    if (colon != NULL && provider_name_is_valid(provider))
        *id = colon + 1;
    else if (config->default_provider != NULL)
        snprintf(provider, PROVIDER_NAME_MAX + 1, "%s", config->default_provider);
    else
        provider[0] = '\0';
    if (**id != '\0' && provider[0] != '\0')
        return true;
    command_complain("%s: expected PROVIDER:ID, as `cgi-login users list` shows it", text);
    return false;
}

static enum command_status find(const struct config *config, struct store *store, const char *text,
                                struct command_user *user) {
    struct error error;
    if (!read_user(config, text, user->provider, &user->id))
        return COMMAND_USAGE;
    const struct user_query query = {.provider = user->provider, .id = user->id};
    if (store_user_find(store, &query, &user->document, &error) == ERROR_NONE)
        return COMMAND_DONE;
    command_complain("%s", error.cause);
    return COMMAND_FAILED;
}

enum command_status command_find_another(const struct command_user *opened, const char *text,
                                         struct command_user *user) {
    *user = (struct command_user){.config = NULL};
    return find(opened->config, opened->store, text, user);
}

enum command_status command_find_user(const struct command_line *line, struct command_user *user) {
    *user = (struct command_user){.config = NULL};
    if (!command_open(line, &user->config, &user->store))
        return COMMAND_FAILED;
    const enum command_status status = find(user->config, user->store, line->argument, user);
    if (status != COMMAND_DONE || user->document != NULL)
        return status;
    command_complain("there is no user %s:%s", user->provider, user->id);
    return COMMAND_NOT_FOUND;
}

void command_user_clear(struct command_user *user) {
    json_free(user->document);
    store_close(user->store);
    config_free(user->config);
}

void command_print_accounts(FILE *out, const cJSON *document) {
    unsigned count = 0;
    for (const cJSON *member = document->child; member != NULL; member = member->next) {
        const char *username = json_string(member, PROFILE_USERNAME);
        if (!user_is_account(member))
            continue;
        fprintf(out, "%s%s:", count++ == 0 ? "" : ", ", member->string);
        command_print_text(out, json_string(member, FIELD_ID));
        if (username != NULL) {
            fputs(" (@", out);
            command_print_text(out, username);
            fputc(')', out);
        }
    }
}

enum command_status command_confirm(const struct command_line *line, const char *question, const char *otherwise) {
    char answer[16] = "";
    if (line->yes)
        return COMMAND_DONE;
    if (!isatty(STDIN_FILENO)) {
        command_complain("nobody is at the terminal to confirm this: add --yes");
        return COMMAND_USAGE;
    }
    fputs(question, stdout);
    fflush(stdout);
    if (fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "yes\n") == 0)
        return COMMAND_DONE;
    puts(otherwise);
    return COMMAND_FAILED;
}

struct provider *command_load_provider(const struct config *config, const char *name) {
    struct problems problems = {.count = 0};
    struct provider *provider = NULL;
    struct error error;
    const enum error_code code = issuer_load_provider(config, name, &provider, &problems, &error);
    complain_all(code, &problems, &error);
    return provider;
}

void command_list_providers(const struct config *config, const char *names[PROVIDERS_MAX + 1]) {
    size_t count = 0;
    for (const cJSON *entry = config->providers->child; entry != NULL && count < PROVIDERS_MAX; entry = entry->next)
        names[count++] = entry->string;
    names[count] = NULL;
}

/* Memory ran out for some output. For output that could not be written, ferror() tells. */
static bool lacks_text;

bool command_printed_all(void) {
    return !lacks_text;
}

void command_print_text(FILE *out, const char *text) {
    struct buffer printable = BUFFER_EMPTY;
    text_append_printable(&printable, text, strlen(text));
    fputs(printable.failed ? "(out of memory)" : buffer_text(&printable), out);
    lacks_text = lacks_text || printable.failed;
    buffer_free(&printable);
}

void command_say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *line = len < 0 ? NULL : malloc((size_t)len + 1);
    if (line != NULL) {
        va_start(arguments, format);
        vsnprintf(line, (size_t)len + 1, format, arguments);
        va_end(arguments);
    }
    command_print_text(stdout, line != NULL ? line : "(out of memory)");
    lacks_text = lacks_text || line == NULL;
    fputc('\n', stdout);
    free(line);
}

enum error_code command_print_json(FILE *out, const cJSON *value, bool indented, struct error *error) {
    char *text = indented ? cJSON_Print(value) : cJSON_PrintUnformatted(value);
    struct buffer safe = {.limit = SIZE_MAX / 4};
    enum error_code code = ERROR_NONE;
    if (text != NULL)
        text_append_json_printable(&safe, text);
    if (text == NULL || safe.failed)
        code = error_out_of_memory(error);
    else if (fputs(buffer_text(&safe), out) < 0 || fputc('\n', out) == EOF)
        code = error_set(error, ERROR_INTERNAL, "the output could not be written");
    buffer_free(&safe);
    json_free_text(text);
    return code;
}
