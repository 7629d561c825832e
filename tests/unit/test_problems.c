/* problems.c: what comes of a check, and that a lack of memory is no problem of what is checked.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/problems.h"

#include <errno.h>

static void the_first_of_a_check_counts(void **state) {
    (void)state;
    struct problems problems = {.count = 0};
    struct error error = {""};
    assert_true(problems_none(&problems, 0));
    assert_int_equal(problems_result(&problems, 0, &error), ERROR_NONE);
    problems_add(&problems, "first %d", 1);
    problems_add(&problems, "second");
    problems_add_unreadable(&problems, "/nowhere", ENOENT);
    assert_int_equal(problems.count, 3);
    assert_string_equal(problems.lines[2], "/nowhere cannot be read: No such file or directory");
    assert_int_equal(problems_result(&problems, 0, &error), ERROR_CONFIG);
    assert_string_equal(error.cause, "first 1");
    assert_int_equal(problems_result(&problems, 1, &error), ERROR_CONFIG);
    assert_string_equal(error.cause, "second");
    assert_true(problems_none(&problems, 3));
    assert_int_equal(problems_result(&problems, 3, &error), ERROR_NONE);
    problems_clear(&problems);
    assert_true(problems_none(&problems, 0));
}

static void lack_of_memory_is_none_of_the_file(void **state) {
    (void)state;
    struct problems problems = {.count = 0};
    struct error error = {""};
    problems_add_unreadable(&problems, "/a", ENOMEM);
    assert_int_equal(problems.count, 0);
    assert_false(problems_none(&problems, 0));
    assert_int_equal(problems_result(&problems, 0, &error), ERROR_INTERNAL);
    problems_add(&problems, "another");
    assert_int_equal(problems_result(&problems, 0, &error), ERROR_INTERNAL);
    problems_clear(&problems);
    assert_int_equal(problems_result(&problems, 0, &error), ERROR_NONE);
}

static void there_is_a_limit(void **state) {
    (void)state;
    struct problems problems = {.count = 0};
    for (int i = 0; i < CONFIG_PROBLEMS_MAX + 2; i++)
        problems_add(&problems, "%d", i);
    assert_int_equal(problems.count, CONFIG_PROBLEMS_MAX);
    problems_clear(&problems);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_of_a_check_counts),
                                       cmocka_unit_test(lack_of_memory_is_none_of_the_file),
                                       cmocka_unit_test(there_is_a_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
