/* `cgi-login check`: what is right with the setup, and what to change, a line each.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

#include "admin/check/check.h"

#include <stdlib.h>

/* What was printed so far. */
struct lines {
    unsigned to_fix;
    bool after_uri;
};

static void take_finding(void *context, enum finding_kind kind, const char *sentence) {
    static const char *const marks[] = {[FINDING_OK] = "ok", [FINDING_NOTE] = "note", [FINDING_FIX] = "FIX"};
    struct lines *lines = context;
    if (lines->after_uri)
        putchar('\n');
    lines->after_uri = false;
    lines->to_fix += kind == FINDING_FIX;
    printf("  %-4s  ", marks[kind]);
    command_print_text(stdout, sentence);
    putchar('\n');
    fflush(stdout); /* the next finding may take its time */
}

static void take_uri(void *context, const char *what, const char *provider, const char *uri) {
    struct lines *lines = context;
    lines->after_uri = true;
    printf("\n  %s to register with ", what);
    command_print_text(stdout, provider);
    fputs(", to the letter:\n\n      ", stdout);
    command_print_text(stdout, uri);
    putchar('\n');
}

enum command_status command_check(const struct command_line *line) {
    struct lines lines = {.to_fix = 0};
    const struct check_options options = {
        .online = line->online, .taker = {take_finding, &lines}, .take_uri = take_uri};
    struct error error;
    char path[PATH_MAX], real[PATH_MAX];
    if (command_find_config(line, path, &error) == ERROR_NONE) {
        command_print_text(stdout, realpath(path, real) != NULL ? real : path);
        putchar('\n');
        check_site(path, &options);
    } else {
        take_finding(&lines, FINDING_FIX, error.cause);
    }
    if (lines.after_uri)
        putchar('\n');
    if (lines.to_fix == 0)
        puts("All is right.");
    else
        printf("%u thing%s to fix.\n", lines.to_fix, lines.to_fix == 1 ? "" : "s");
    return lines.to_fix == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
