/* `cgi-login help config|provider`: every setting, from the rows that the programs read the files by. With --table as
 * the tables in the manual have it.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

#include "config/provider.h"

#include <string.h>

/* Prints one setting; `prefix` is the key of the object that it is in, and a dot. */
typedef void (*printer)(const char *prefix, const struct setting *setting);

static void print_code(const char *text) {
    printf("`%s`", text);
}

static void print_plain(const char *text) {
    fputs(text, stdout);
}

/* Prints the default: what holds where the key is not written. */
static void print_default(const struct setting *setting, void (*print_value)(const char *text)) {
    char value[64];
    if (setting->text != NULL)
        snprintf(value, sizeof value, "\"%s\"", setting->text);
    else if (setting->type == SETTING_BOOLEAN)
        snprintf(value, sizeof value, "%s", setting->number != 0 ? "true" : "false");
    else
        snprintf(value, sizeof value, "%d", setting->number);
    if (setting->required)
        fputs("required", stdout);
    else if (setting->otherwise != NULL)
        fputs(setting->otherwise, stdout);
    else
        print_value(value);
}

static void print_expected(const struct setting *setting) {
    struct buffer expected = BUFFER_EMPTY;
    settings_append_expected(&expected, setting);
    fputs(buffer_text(&expected), stdout);
    buffer_free(&expected);
}

static void print_row(const char *prefix, const struct setting *setting) {
    printf("| `%s%s` | %s%s | ", prefix, setting->key, setting->config_only ? "*yours*: " : "", setting->meaning);
    print_expected(setting);
    fputs(" | ", stdout);
    print_default(setting, print_code);
    if (*prefix != '\0' && setting->required)
        printf(" in `%.*s`", (int)strlen(prefix) - 1, prefix);
    printf(" | `%s` |\n", setting->example);
}

static void print_paragraph(const char *prefix, const struct setting *setting) {
    printf("\n%s%s\n    %s%s.\n    ", prefix, setting->key, setting->meaning,
           setting->config_only ? " (only in config.json)" : "");
    print_expected(setting);
    if (setting->type != SETTING_CHOICE && setting->type != SETTING_BOOLEAN)
        printf(", such as %s", setting->example);
    fputs(setting->required ? "\n    " : "\n    default: ", stdout);
    print_default(setting, print_plain);
    putchar('\n');
}

/* Prints the members of an object in place of the object, where it has a table of its own. */
static void print_each(const char *prefix, const struct setting *table, printer print) {
    char inner[64];
    for (; table->key != NULL; table++) {
        snprintf(inner, sizeof inner, "%s%s.", prefix, table->key);
        if (table->members != NULL)
            print_each(inner, table->members, print);
        else if (table->unsupported == NULL)
            print(prefix, table);
    }
}

static void print_unsupported(const char *prefix, const struct setting *table) {
    char inner[64];
    for (; table->key != NULL; table++) {
        snprintf(inner, sizeof inner, "%s%s.", prefix, table->key);
        if (table->members != NULL)
            print_unsupported(inner, table->members);
        else if (table->unsupported != NULL)
            printf("    %s%s: %s\n", prefix, table->key, table->unsupported);
    }
}

static enum command_status print_all(const char *heading, const struct setting *table, bool as_table) {
    if (as_table) {
        puts("| key | meaning | value | default | example |\n|---|---|---|---|---|");
        print_each("", table, print_row);
    } else {
        puts(heading);
        print_each("", table, print_paragraph);
        puts("\nNot part of this version, and refused:");
        print_unsupported("", table);
    }
    return COMMAND_DONE;
}

enum command_status command_help_config(const struct command_line *line) {
    return print_all("The keys of config.json:", config_settings, line->table);
}

enum command_status command_help_provider(const struct command_line *line) {
    return print_all("The keys of a file in providers/, and of each entry of `providers` in config.json:",
                     provider_settings, line->table);
}
