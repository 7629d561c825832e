/* error.c: every code has a status and words; ?error= knows the interface's words and no other; a
 * cause is cut, never overrun.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/error.h"

static const char *const words[] = {"access_denied",     "expired_login", "provider_error",    "provider_unreachable",
                                    "store_unavailable", "not_allowed",   "interrupted_login", "account_taken",
                                    "link_refused",      "bad_request"};

static void describes_every_code(void **state) {
    (void)state;
    for (int code = -1; code <= ERROR_CODES; code++) {
        const struct error_description *description = error_describe((enum error_code)code);
        assert_non_null(description);
        assert_true(description->status >= 200 && description->status < 600);
        assert_non_null(description->word);
        bool known = description->query == NULL && code == ERROR_NONE;
        for (size_t i = 0; i < COUNT(words); i++)
            known = known || same(description->query, words[i]);
        assert_row(known, description->word);
    }
    assert_ptr_equal(error_describe((enum error_code) - 1), error_describe(ERROR_INTERNAL));
}

static void words_come_back(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        const enum error_code code = error_from_query(words[i]);
        assert_row(code != ERROR_NONE, words[i]);
        assert_string_equal(error_describe(code)->query, words[i]);
        assert_string_equal(error_describe(code)->word, words[i]);
    }
    static const char *const unknown[] = {
        "", "none", "internal_error", "configuration_error", "not_signed_in", "ACCESS_DENIED", "access_denied ", "<b>"};
    for (size_t i = 0; i < COUNT(unknown); i++)
        assert_row(error_from_query(unknown[i]) == ERROR_NONE, unknown[i]);
    assert_int_equal(error_from_query(NULL), ERROR_NONE);
}

static void words_of_codes_come_back(void **state) {
    (void)state;
    assert_int_equal(error_from_word("not_allowed"), ERROR_NOT_ALLOWED);
    assert_int_equal(error_from_word("provider_error"), ERROR_PROVIDER);
    assert_int_equal(error_from_word("internal_error"), ERROR_INTERNAL);
    assert_int_equal(error_from_word("of a newer version"), ERROR_INTERNAL);
    for (int code = 0; code < ERROR_CODES; code++) {
        const char *word = error_describe((enum error_code)code)->word;
        assert_string_equal(error_describe(error_from_word(word))->word, word);
    }
}

static void cuts_causes(void **state) {
    (void)state;
    static char large[2 * ERROR_CAUSE_MAX];
    struct error error;
    memset(large, 'x', sizeof large - 1);
    assert_int_equal(error_set(&error, ERROR_PROVIDER, "%s", large), ERROR_PROVIDER);
    assert_int_equal(strlen(error.cause), ERROR_CAUSE_MAX - 1);
    assert_int_equal(error_out_of_memory(&error), ERROR_INTERNAL);
    assert_string_equal(error.cause, "out of memory");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(describes_every_code), cmocka_unit_test(words_come_back),
                                       cmocka_unit_test(words_of_codes_come_back), cmocka_unit_test(cuts_causes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
