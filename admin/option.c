/* SPDX-License-Identifier: MIT */
#include "admin/option.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 3650, FIRST_LONG = 256, COLUMN_MIN = 15, NAME_SHOWN_MAX = 64 };

/* The index of the row of that name, or `count`. */
static size_t find(const struct options *options, const char *name) {
    size_t i = 0;
    while (i < options->count && strcmp(options->rows[i]->name, name) != 0)
        i++;
    return i;
}

void options_know(struct options *options, const struct option_row *row) {
    if (options->count < OPTIONS_MAX && find(options, row->name) == options->count)
        options->rows[options->count++] = row;
}

static bool keep_listed(struct options *options, size_t row, const char *value) {
    if (options->listed_count == OPTION_VALUES_MAX) {
        command_complain("--%s: more than %d values", options->rows[row]->name, OPTION_VALUES_MAX);
        return false;
    }
    options->listed[options->listed_count].row = row;
    options->listed[options->listed_count++].value = value;
    return true;
}

bool options_read(struct options *options, int argc, char **argv) {
    struct option long_options[OPTIONS_MAX + 1] = {{NULL, 0, NULL, 0}};
    for (size_t i = 0; i < options->count; i++)
        long_options[i] = (struct option){options->rows[i]->name,
                                          options->rows[i]->type == OPTION_FLAG ? no_argument : required_argument, NULL,
                                          FIRST_LONG + (int)i};
    opterr = 0; /* getopt would print the word as it is, with what could steer a terminal */
    for (;;) {
        const int option = getopt_long(argc, argv, ":h", long_options, NULL);
        const size_t index = option == 'h' ? find(options, "help") : (size_t)(option - FIRST_LONG);
        if (option == -1)
            return true;
        if (index >= options->count) {
            command_complain(option == ':' ? "%s: wants a value after it"
                                           : "there is no such option, or it takes no value: %s",
                             argv[optind - 1]);
            return false;
        }
        options->values[index] = optarg != NULL ? optarg : "";
        if (options->rows[index]->type == OPTION_LIST && !keep_listed(options, index, optarg))
            return false;
    }
}

static bool read_number(const struct option_row *row, const char *text, int *number) {
    char *end;
    const long value = strtol(text, &end, 10);
    const int max = row->type == OPTION_MINUTES ? SESSION_MINUTES_MAX : NUMBER_MAX;
    if (*text < '0' || *text > '9' || *end != '\0' || value > max) {
        command_complain("--%s: expected a whole number from 0 to %d, not %s", row->name, max, text);
        return false;
    }
    *number = (int)value;
    return true;
}

static bool apply(const struct option_row *row, const char *value, struct command_line *line) {
    void *place = (char *)line + row->offset;
    switch (row->type) {
    case OPTION_FLAG: *(bool *)place = value != NULL; return true;
    case OPTION_TEXT: *(const char **)place = value; return true;
    case OPTION_LIST: return true;
    case OPTION_NUMBER:
    case OPTION_MINUTES: *(int *)place = row->fallback; return value == NULL || read_number(row, value, place);
    }
    return false;
}

/* Puts every value of a list in its place. */
static void apply_listed(const struct options *options, size_t index, struct command_line *line) {
    struct option_list *list = (struct option_list *)(void *)((char *)line + options->rows[index]->offset);
    for (size_t i = 0; i < options->listed_count; i++)
        if (options->listed[i].row == index)
            list->values[list->count++] = options->listed[i].value;
}

bool options_apply(const struct options *options, const struct option_row *const *rows, struct command_line *line) {
    for (; *rows != NULL; rows++) {
        const size_t index = find(options, (*rows)->name);
        if (!apply(*rows, index < options->count ? options->values[index] : NULL, line))
            return false;
        if (index < options->count && (*rows)->type == OPTION_LIST)
            apply_listed(options, index, line);
    }
    return true;
}

static bool is_among(const char *name, const struct option_row *const *rows) {
    for (; *rows != NULL; rows++)
        if (strcmp((*rows)->name, name) == 0)
            return true;
    return false;
}

const char *options_find_stray(const struct options *options, const struct option_row *const *rows,
                               const struct option_row *const *more) {
    for (size_t i = 0; i < options->count; i++) {
        const char *name = options->rows[i]->name;
        if (options->values[i] != NULL && !is_among(name, rows) && !is_among(name, more))
            return name;
    }
    return NULL;
}

/* Writes what the row's option looks like, "within DAYS", and returns its length. */
static int write_name(const struct option_row *row, char name[NAME_SHOWN_MAX]) {
    return snprintf(name, NAME_SHOWN_MAX, "%s%s%s", row->name, row->value != NULL ? " " : "",
                    row->value != NULL ? row->value : "");
}

static void print_row(FILE *out, const struct option_row *row, int column) {
    char name[NAME_SHOWN_MAX];
    const char *line = row->help;
    write_name(row, name);
    fprintf(out, "  --%-*s ", column, name);
    for (const char *end = strchr(line, '\n'); end != NULL; line = end + 1, end = strchr(line, '\n'))
        fprintf(out, "%.*s\n%*s", (int)(end - line), line, column + 5, "");
    if (row->type == OPTION_NUMBER)
        fprintf(out, "%s (%d)\n", line, row->fallback);
    else
        fprintf(out, "%s\n", line);
}

void options_print(FILE *out, const struct option_row *const *rows) {
    char name[NAME_SHOWN_MAX];
    int column = COLUMN_MIN;
    for (const struct option_row *const *row = rows; *row != NULL; row++) {
        const int len = write_name(*row, name);
        column = len + 1 > column ? len + 1 : column; /* two blanks before the text: tools/manual.sh reads it */
    }
    for (; *rows != NULL; rows++)
        print_row(out, *rows, column);
}
