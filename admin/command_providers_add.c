/* `cgi-login providers add`: walks an owner through registering an app with a provider, and writes the config.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/config_edit.h"
#include "admin/config_text.h"
#include "admin/provider_entry.h"
#include "admin/question.h"

#include "base/json.h"

#include <string.h>
#include <unistd.h>

struct addition {
    const struct command_line *line;
    const char *name;   /* of the provider in the config */
    const char *preset; /* of its file */
    struct config_edit edit;
    bool terminal;
};

/* True unless the config has the provider already and the owner keeps that. */
static bool may_write(const struct addition *addition) {
    char answer[ANSWER_MAX];
    if (addition->line->yes || json_member(json_member(addition->edit.document, "providers"), addition->name) == NULL)
        return true;
    if (!addition->terminal) {
        command_complain("the config has a provider %s already: add --yes to replace it, or --as with another name",
                         addition->name);
        return false;
    }
    printf("The config has a provider %s already. Type yes to replace it: ", addition->name);
    fflush(stdout);
    if (question_read_line(answer) && strcmp(answer, "yes") == 0)
        return true;
    puts("Nothing was changed.");
    return false;
}

/* The config. */

/* Reads the new config as the programs will; what is wrong elsewhere in it, and was before, is let be. */
static bool is_right(void *context, const char *path) {
    const struct addition *addition = context;
    struct problems problems = {.count = 0};
    struct config *config = NULL;
    struct provider *provider = NULL;
    struct error error;
    config_load(path, NULL, CONFIG_FOR_CHECK, &config, &problems, &error);
    problems_clear(&problems);
    const bool right = config != NULL && config->base_url != NULL &&
                       provider_load(config, addition->name, &provider, &problems, &error) == ERROR_NONE;
    for (size_t i = 0; i < problems.count; i++)
        command_complain("%s", problems.lines[i]);
    if (!right)
        command_complain("nothing was changed");
    problems_clear(&problems);
    provider_free(provider);
    config_free(config);
    return right;
}

static bool write_entry(struct addition *addition, const struct view *entry) {
    struct buffer text = BUFFER_EMPTY, written = BUFFER_EMPTY;
    struct error error;
    const cJSON *json = view_json(entry);
    if (json != NULL)
        config_text_append_value(&written, json, "    "); /* a member of `providers` */
    bool done =
        json != NULL && !written.failed &&
        config_text_put_provider(&text, buffer_text(&addition->edit.text), addition->name, buffer_text(&written)) &&
        !text.failed;
    if (done) {
        done = config_edit_replace(&addition->edit, &text, is_right, addition);
    } else {
        error_out_of_memory(&error);
        command_complain("%s", error.cause);
    }
    if (done)
        printf("%s has the provider %s now; the file as it was is %s.\nNext: cgi-login check\n", addition->edit.path,
               addition->name, addition->edit.backup);
    buffer_free(&written);
    buffer_free(&text);
    return done;
}

/* Loads the preset; complains if that cannot be used, or is not there. */
static bool load_preset(const struct addition *addition, struct preset *preset) {
    struct problems problems = {.count = 0};
    struct error error = {.cause = ""};
    const enum error_code code = preset_load(addition->edit.home, addition->preset, preset, &problems, &error);
    for (size_t i = 0; i < problems.count; i++)
        command_complain("%s", problems.lines[i]);
    if (code != ERROR_NONE && problems.count == 0)
        command_complain("%s", error.cause);
    problems_clear(&problems);
    return code == ERROR_NONE;
}

static bool add(struct addition *addition) {
    struct preset preset = {.provider = NULL};
    struct view entry = view_new();
    bool done = load_preset(addition, &preset) && config_edit_read(&addition->edit);
    if (done) {
        const struct provider_entry_names names = {.name = addition->name,
                                                   .preset = addition->preset,
                                                   .base_url = json_string(addition->edit.document, "base_url")};
        provider_entry_guide(&names, preset.provider);
        done = may_write(addition) && provider_entry_ask(&names, &preset, &entry) && write_entry(addition, &entry);
    }
    view_free(&entry);
    preset_clear(&preset);
    return done;
}

enum command_status command_providers_add(const struct command_line *line) {
    struct addition addition = {.line = line,
                                .name = line->as != NULL ? line->as : line->argument,
                                .preset = line->argument,
                                .terminal = isatty(STDIN_FILENO) != 0};
    if (!provider_name_is_valid(addition.name) || !provider_name_is_valid(addition.preset)) {
        command_complain("%s: expected a name of a-z, 0-9, - and _, as `cgi-login providers` lists it",
                         provider_name_is_valid(addition.name) ? addition.preset : addition.name);
        return COMMAND_USAGE;
    }
    const bool done = config_edit_find(line, &addition.edit) && add(&addition);
    config_edit_clear(&addition.edit);
    return done ? COMMAND_DONE : COMMAND_FAILED;
}
