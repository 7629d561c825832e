/* `cgi-login providers`: the presets, and what stands in the way of each.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/preset.h"

#include "base/file.h"
#include "base/json.h"
#include "base/view.h"

#include <string.h>

enum { NAME_COLUMN = 14, TITLE_COLUMN = 16, DATE_COLUMN = 10 };

/* Prints a text that starts a column of a table, and the blanks behind it. */
static void print_column(const char *text, int width) {
    const int len = (int)strlen(text);
    command_print_text(stdout, text);
    printf("%*s  ", len < width ? width - len : 0, "");
}

/* Prints each of the texts in the last column, the first in the line that is begun. */
static void print_hurdles(const cJSON *hurdles) {
    const int before = NAME_COLUMN + TITLE_COLUMN + DATE_COLUMN + 6;
    for (const cJSON *hurdle = hurdles != NULL ? hurdles->child : NULL; hurdle != NULL; hurdle = hurdle->next) {
        if (hurdle != hurdles->child)
            printf("\n%*s", before, "");
        command_print_text(stdout, hurdle->valuestring);
    }
    fputc('\n', stdout);
}

static void print_row(const struct provider *provider) {
    print_column(provider->name, NAME_COLUMN);
    print_column(provider->title, TITLE_COLUMN);
    print_column(provider->checked != NULL ? provider->checked : "-", DATE_COLUMN);
    print_hurdles(provider->hurdles);
}

static void add_text(struct view *item, const char *key, const char *text) {
    if (text != NULL)
        view_text(item, key, text);
}

static void add_item(struct view *list, const struct provider *provider) {
    struct view item = view_item(list);
    view_text(&item, "name", provider->name);
    view_text(&item, "title", provider->title);
    add_text(&item, "checked", provider->checked);
    add_text(&item, "documentation", provider->documentation);
    if (provider->hurdles != NULL)
        view_copy(&item, "hurdles", provider->hurdles);
    else
        view_list(&item, "hurdles");
}

static void complain(const struct problems *problems, const struct error *error) {
    for (size_t i = 0; i < problems->count; i++)
        command_complain("%s", problems->lines[i]);
    if (problems->count == 0)
        command_complain("%s", error->cause);
}

/* Shows one preset: in the table, or in `list` where that is not NULL. False, having complained, if it is broken. */
static bool show(const char *home, const char *name, struct view *list) {
    struct problems problems = {.count = 0};
    struct preset preset;
    struct error error;
    const bool loaded = preset_load(home, name, &preset, &problems, &error) == ERROR_NONE;
    if (!loaded)
        complain(&problems, &error);
    else if (list != NULL)
        add_item(list, preset.provider);
    else
        print_row(preset.provider);
    problems_clear(&problems);
    preset_clear(&preset);
    return loaded;
}

static bool show_all(const char *home, const struct preset_list *presets, struct view *list) {
    bool whole = true;
    if (list == NULL)
        printf("%-*s  %-*s  %-*s  %s\n", NAME_COLUMN, "NAME", TITLE_COLUMN, "TITLE", DATE_COLUMN, "CHECKED", "HURDLES");
    for (size_t i = 0; i < presets->count; i++)
        whole = show(home, presets->names[i], list) && whole;
    return whole;
}

static enum error_code print_view(const struct view *view, struct error *error) {
    const cJSON *json = view_json(view);
    return json != NULL ? command_print_json(stdout, json, true, error) : error_out_of_memory(error);
}

enum command_status command_providers(const struct command_line *line) {
    char path[PATH_MAX], home[PATH_MAX];
    struct preset_list presets = {.count = 0};
    struct view view = view_new();
    struct view list = view_list(&view, "providers");
    struct error error;
    bool whole = false;
    enum error_code code = command_find_config(line, path, &error);
    if (code == ERROR_NONE && !file_parent(path, home))
        snprintf(home, sizeof home, ".");
    if (code == ERROR_NONE)
        code = preset_list_read(home, &presets, &error);
    if (code == ERROR_NONE)
        whole = show_all(home, &presets, line->json ? &list : NULL);
    if (code == ERROR_NONE && line->json)
        code = print_view(&view, &error);
    if (code != ERROR_NONE)
        command_complain("%s", error.cause);
    preset_list_free(&presets);
    view_free(&view);
    return code == ERROR_NONE && whole ? COMMAND_DONE : COMMAND_FAILED;
}
