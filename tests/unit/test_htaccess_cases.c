/* htaccess_merge.c on the cases that INSTALL.html is tried with, too: tests/payloads/htaccess.txt says how they are
 * written. Both are to put our lines into the same place.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "admin/htaccess/htaccess_merge.h"

#include <stdio.h>

#define CASES "tests/payloads/htaccess.txt"
#define BLOCK "# BEGIN cgi-login\nRewriteEngine On\nRewriteRule ^login/?$ /cgi-bin/login [END]\n# END cgi-login\n"
#define OLD "# BEGIN cgi-login\nRewriteRule ^login$ /old/login [END]\n# END cgi-login\n"
#define CASE_BEGIN "=== "
enum { CASE_LINE_MAX = 256, CASES_MIN = 25 };

struct one_case {
    char title[CASE_LINE_MAX];
    const char *refusal; /* behind the tab of the title; NULL: the block is put */
    struct buffer before, after;
};

static void begin_case(struct one_case *one, const char *line) {
    snprintf(one->title, sizeof one->title, "%s", line + strlen(CASE_BEGIN));
    one->title[strcspn(one->title, "\n")] = '\0';
    char *tab = strchr(one->title, '\t');
    one->refusal = tab != NULL ? tab + 1 : NULL;
    if (tab != NULL)
        *tab = '\0';
}

static void take_line(struct one_case *one, const char *line) {
    const bool is_new = strcmp(line, "@NEW@\n") == 0, is_old = strcmp(line, "@OLD@\n") == 0;
    if (!is_new)
        buffer_append_text(&one->before, is_old ? OLD : line);
    if (!is_old)
        buffer_append_text(&one->after, is_new ? BLOCK : line);
}

static void append_refusal(struct buffer *out, const struct htaccess_merge *merge) {
    static const char *const words[] = {
        [HTACCESS_IS_TORN] = "torn", [HTACCESS_IS_OPEN] = "open", [HTACCESS_ENGINE_IS_OFF] = "off"};
    buffer_append_text(out, words[merge->refusal]);
    if (merge->line != 0)
        buffer_append_format(out, " %zu", merge->line);
}

static void try_case(struct one_case *one) {
    struct buffer out = BUFFER_EMPTY, refusal = BUFFER_EMPTY;
    struct guarded before = guarded_string(buffer_text(&one->before));
    const struct htaccess_merge merge = htaccess_merge_put(&out, before.data, BLOCK);
    if (merge.refusal != HTACCESS_MERGES)
        append_refusal(&refusal, &merge);
    if (!same(buffer_text(&refusal), one->refusal != NULL ? one->refusal : ""))
        fail_msg("%s: refused: \"%s\"", one->title, buffer_text(&refusal));
    if (one->refusal == NULL && !same(buffer_text(&out), buffer_text(&one->after)))
        fail_msg("%s: it is:\n%s\nand not:\n%s", one->title, buffer_text(&out), buffer_text(&one->after));
    guarded_free(&before);
    buffer_free(&refusal);
    buffer_free(&out);
    buffer_free(&one->before);
    buffer_free(&one->after);
}

static void blocks_go_where_the_cases_say(void **state) {
    (void)state;
    struct one_case one = {.before = BUFFER_EMPTY, .after = BUFFER_EMPTY};
    char line[CASE_LINE_MAX];
    int count = 0;
    FILE *file = fopen(CASES, "r");
    assert_non_null(file); /* unit tests run in the project's folder */
    while (fgets(line, sizeof line, file) != NULL) {
        const bool begins = strncmp(line, CASE_BEGIN, strlen(CASE_BEGIN)) == 0;
        if (begins && count++ > 0)
            try_case(&one);
        if (begins)
            begin_case(&one, line);
        else if (count > 0)
            take_line(&one, line);
    }
    try_case(&one);
    fclose(file);
    assert_true(count > CASES_MIN);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks_go_where_the_cases_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
