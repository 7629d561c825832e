/* `cgi-login help config|provider`: every setting, from the rows that the programs read the files by. With --table as
 * the tables in the manual have it.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

#include "base/json.h"
#include "base/view.h"
#include "config/provider.h"

#include <string.h>

/* Appends one setting; `prefix` is the key of the object that it is in, and a dot. */
typedef void (*printer)(struct buffer *out, const char *prefix, const struct setting *setting);

/* Appends the default: what holds where the key is not written. `quote` goes around a value. */
static void append_default(struct buffer *out, const struct setting *setting, const char *quote) {
    if (setting->required && setting->unless != NULL)
        buffer_append_format(out, "required without %s%s%s", quote, setting->unless, quote);
    else if (setting->required)
        buffer_append_text(out, "required");
    else if (setting->otherwise != NULL)
        buffer_append_text(out, setting->otherwise);
    else if (setting->text != NULL)
        buffer_append_format(out, "%s\"%s\"%s", quote, setting->text, quote);
    else if (setting->type == SETTING_BOOLEAN)
        buffer_append_format(out, "%s%s%s", quote, setting->number != 0 ? "true" : "false", quote);
    else
        buffer_append_format(out, "%s%d%s", quote, setting->number, quote);
}

static void append_row(struct buffer *out, const char *prefix, const struct setting *setting) {
    buffer_append_format(out, "| `%s%s` | %s%s | ", prefix, setting->key, setting->config_only ? "*yours*: " : "",
                         setting->meaning);
    settings_append_expected(out, setting);
    buffer_append_text(out, " | ");
    append_default(out, setting, "`");
    if (*prefix != '\0' && setting->required)
        buffer_append_format(out, " in `%.*s`", (int)strlen(prefix) - 1, prefix);
    buffer_append_format(out, " | `%s` |\n", setting->example);
}

static void append_paragraph(struct buffer *out, const char *prefix, const struct setting *setting) {
    buffer_append_format(out, "\n%s%s\n    %s%s.\n    ", prefix, setting->key, setting->meaning,
                         setting->config_only ? " (only in config.json)" : "");
    settings_append_expected(out, setting);
    if (setting->type != SETTING_CHOICE && setting->type != SETTING_WORD && setting->type != SETTING_BOOLEAN)
        buffer_append_format(out, ", such as %s", setting->example);
    buffer_append_text(out, setting->required ? "\n    " : "\n    default: ");
    append_default(out, setting, "");
    buffer_append_char(out, '\n');
}

/* Appends the members of an object in place of the object, where it has a table of its own. */
static void append_each(struct buffer *out, const char *prefix, const struct setting *table, printer append) {
    char inner[64];
    for (; table->key != NULL; table++) {
        snprintf(inner, sizeof inner, "%s%s.", prefix, table->key);
        if (table->members != NULL)
            append_each(out, inner, table->members, append);
        else if (table->unsupported == NULL)
            append(out, prefix, table);
    }
}

static void append_unsupported(struct buffer *out, const char *prefix, const struct setting *table) {
    char inner[64];
    for (; table->key != NULL; table++) {
        snprintf(inner, sizeof inner, "%s%s.", prefix, table->key);
        if (table->members != NULL)
            append_unsupported(out, inner, table->members);
        else if (table->unsupported != NULL)
            buffer_append_format(out, "    %s%s: %s\n", prefix, table->key, table->unsupported);
    }
}

static enum command_status print_all(const char *heading, const struct setting *table, bool as_table) {
    struct buffer out = BUFFER_EMPTY, refused = BUFFER_EMPTY;
    struct error error;
    if (as_table) {
        buffer_append_text(&out, "| key | meaning | value | default | example |\n|---|---|---|---|---|\n");
        append_each(&out, "", table, append_row);
    } else {
        buffer_append_format(&out, "%s\n", heading);
        append_each(&out, "", table, append_paragraph);
        append_unsupported(&refused, "", table);
        if (refused.len != 0)
            buffer_append_format(&out, "\nNot part of this version, and refused:\n%s", buffer_text(&refused));
        out.failed = out.failed || refused.failed;
    }
    if (out.failed) {
        error_out_of_memory(&error);
        command_complain("%s", error.cause);
    } else {
        fputs(buffer_text(&out), stdout);
    }
    const enum command_status status = out.failed ? COMMAND_FAILED : COMMAND_DONE;
    buffer_free(&refused);
    buffer_free(&out);
    return status;
}

/* What a script is told of a type: which values there are, not where they go. */
static const char *name_type(enum setting_type type) {
    switch (type) {
    case SETTING_TEXT: return "text";
    case SETTING_URL: return "url";
    case SETTING_LOCAL_PATH: return "path";
    case SETTING_LINE: return "line";
    case SETTING_PICTURE: return "picture";
    case SETTING_COLOUR: return "colour";
    case SETTING_FILE: return "file";
    case SETTING_DATE: return "date";
    case SETTING_BOOLEAN: return "boolean";
    case SETTING_CHOICE:
    case SETTING_WORD: return "word";
    case SETTING_DAYS: return "days";
    case SETTING_MINUTES: return "minutes";
    case SETTING_SECONDS: return "seconds";
    case SETTING_TEXT_LIST:
    case SETTING_TEXTS: return "text_list";
    case SETTING_TEXT_OR_LIST: return "text_or_list";
    case SETTING_POINTER_LIST: return "pointer_list";
    case SETTING_POINTER_OR_LIST: return "pointer_or_list";
    case SETTING_CODE_LIST: return "code_list";
    case SETTING_SCALAR: return "scalar";
    case SETTING_TEXT_MAP: return "text_map";
    case SETTING_RULES: return "rules";
    case SETTING_VALUE: return "values";
    case SETTING_OBJECT:
    case SETTING_PART: return "object";
    case SETTING_PART_LIST:
    case SETTING_PARTS: return "object_list";
    }
    return "";
}

static void add_choices(struct view *item, const struct setting *setting) {
    cJSON *words = cJSON_CreateArray();
    bool whole = words != NULL;
    for (size_t i = 0; whole && i < SETTING_CHOICES_MAX && setting->choices[i] != NULL; i++)
        whole = json_append(words, cJSON_CreateString(setting->choices[i]));
    if (!whole)
        json_free(words);
    view_add(item, "choices", whole ? words : NULL);
}

static void add_setting(struct view *item, const struct setting *setting) {
    view_text(item, "key", setting->key);
    view_text(item, "type", name_type(setting->type));
    if (setting->meaning != NULL)
        view_text(item, "meaning", setting->meaning);
    if (setting->required)
        view_bool(item, "required", true);
    if (setting->unless != NULL)
        view_text(item, "unless", setting->unless);
    if (setting->config_only)
        view_bool(item, "config_only", true);
    if (setting->choices[0] != NULL)
        add_choices(item, setting);
    if (setting->minimum != setting->maximum) {
        view_number(item, "minimum", setting->minimum);
        view_number(item, "maximum", setting->maximum);
    }
}

static void add_settings(struct view *list, const struct setting *table) {
    for (; table->key != NULL; table++) {
        if (table->unsupported != NULL)
            continue;
        struct view item = view_item(list);
        add_setting(&item, table);
        if (table->members != NULL) {
            struct view members = view_list(&item, "members");
            add_settings(&members, table->members);
        }
    }
}

static enum command_status print_json(const struct setting *table) {
    struct view view = view_new();
    struct view list = view_list(&view, "settings");
    struct error error;
    add_settings(&list, table);
    const cJSON *json = view_json(&view);
    const enum error_code code =
        json != NULL ? command_print_json(stdout, list.value, true, &error) : error_out_of_memory(&error);
    if (code != ERROR_NONE)
        command_complain("%s", error.cause);
    view_free(&view);
    return code == ERROR_NONE ? COMMAND_DONE : COMMAND_FAILED;
}

enum command_status command_help_config(const struct command_line *line) {
    return line->json ? print_json(config_settings)
                      : print_all("The keys of config.json:", config_settings, line->table);
}

enum command_status command_help_provider(const struct command_line *line) {
    return line->json ? print_json(provider_settings)
                      : print_all("The keys of a file in providers/, and of each entry of `providers` in config.json:",
                                  provider_settings, line->table);
}
