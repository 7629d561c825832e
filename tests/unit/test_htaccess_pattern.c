/* htaccess_pattern.c: what patterns of rewrite rules match, and that none takes long.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "admin/htaccess/htaccess_pattern.h"

static void patterns_match_as_perls(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        bool login, callback; /* "login", "auth/x-1/callback" */
    } rows[] = {{"", true, true},
                {".", true, true},
                {"^", true, true},
                {"$", true, true},
                {"^$", false, false},
                {"^(.*)$", true, true},
                {"^(.+)/$", false, false},
                {"^index\\.php$", false, false},
                {"LOGIN", true, false},
                {"^log", true, false},
                {"log$", false, false},
                {"^([^/]+)/?$", true, false},
                {"^([a-z]+)/([a-z0-9-]+)/(call|back)*$", false, true},
                {"^(login|logout|profile)$", true, false},
                {"(?:a|b)uth", false, true},
                {"^(?!login)", true, true},
                {"^(?<name>lo)gin$", true, false},
                {"(?i)^LOGIN$", true, false},
                {"^lo+?gin", true, false},
                {"^(l(o(g)?)?)+in$", true, false},
                {"^.{2,5}$", true, true},
                {"\\d", false, true},
                {"^\\w+$", true, false},
                {"[[:alpha:]]", true, true},
                {"^[]l]", true, false},
                {"^[^]l]", false, true},
                {"^[\\w]+$", true, false},
                {"^auth/x\\-1/callback/?$", false, true},
                {"\\.(jpg|png)$", false, false},
                {"^a*b*(login)$", true, false},
                {"(/|^)\\.", false, false},
                {"^wp-(content|admin|includes).*", false, false},
                {"^(a|)login$", true, false},
                /* Not known. */
                {"(", true, true},
                {")", true, true},
                {"[", true, true},
                {"\\", true, true},
                {"*", true, true},
                {"(x)\\1", true, true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded pattern = guarded_string(rows[i].pattern);
        assert_row(htaccess_pattern_matches(pattern.data, "login") == rows[i].login, rows[i].pattern);
        assert_row(htaccess_pattern_matches(pattern.data, "auth/x-1/callback") == rows[i].callback, rows[i].pattern);
        guarded_free(&pattern);
    }
}

static void no_pattern_takes_long(void **state) {
    (void)state;
    char pattern[512] = "";
    for (size_t i = 0; i < 200; i++)
        strcat(pattern, "(");
    assert_true(htaccess_pattern_matches(pattern, "login"));
    assert_true(htaccess_pattern_matches("^((((((((((((((((((.*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*x$", "login"));
    assert_true(htaccess_pattern_matches("login++++++++++++++", "login"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(patterns_match_as_perls),
                                       cmocka_unit_test(no_pattern_takes_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
