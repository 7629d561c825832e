/* `cgi-login help config|provider`: every setting, from the rows that the programs read the files by. With --table as
 * the tables in the manual have it.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

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

enum command_status command_help_config(const struct command_line *line) {
    return print_all("The keys of config.json:", config_settings, line->table);
}

enum command_status command_help_provider(const struct command_line *line) {
    return print_all("The keys of a file in providers/, and of each entry of `providers` in config.json:",
                     provider_settings, line->table);
}
