/* file_fault.c: what is the host's fault and no file's is told as such, with what to do.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/file_fault.h"

#include <errno.h>

static void faults_of_the_host(void **state) {
    (void)state;
    static const struct {
        int cause;
        const char *words;
    } rows[] = {{EDQUOT, "quota of space, or of files"},
                {ENOSPC, "free some space"},
                {EMFILE, "too many files"},
                {ENFILE, "too many files"},
                {EROFS, "only be read"},
                {EACCES, NULL},
                {ENOENT, NULL},
                {EIO, NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[FILE_FAULT_MAX];
        const char *words = rows[i].words != NULL ? rows[i].words : strerror(rows[i].cause);
        assert_int_equal(file_fault_of_host(rows[i].cause) != NULL, rows[i].words != NULL);
        assert_row(strstr(file_fault_words(rows[i].cause), words) != NULL, words);
        assert_row(strstr(file_fault("/", rows[i].cause, text), words) != NULL, text);
        assert_row(rows[i].words == NULL || strstr(text, "runs as user") == NULL, text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_of_the_host)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
