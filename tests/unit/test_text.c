/* text.c: what is one UTF-8 character (RFC 3629, with the boundaries), cutting at whole characters, what may reach a
 * log or a terminal (secrets hidden, JSON still JSON), and comparing.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/text.h"

static void characters(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t len, size;
    } rows[] = {{"a", 1, 1},
                {"\x7F", 1, 1},
                {"\0", 1, 1},
                {"", 0, 0},
                {"\x80", 1, 0},
                {"\xBF", 1, 0},
                {"\xC2\x80", 2, 2},
                {"\xC1\xBF", 2, 0},
                {"\xC0\x80", 2, 0},
                {"\xDF\xBF", 2, 2},
                {"\xC3", 1, 0},
                {"\xC3"
                 "a",
                 2, 0},
                {"\xE0\xA0\x80", 3, 3},
                {"\xE0\x9F\xBF", 3, 0},
                {"\xED\x9F\xBF", 3, 3},
                {"\xED\xA0\x80", 3, 0},
                {"\xED\xBF\xBF", 3, 0},
                {"\xEE\x80\x80", 3, 3},
                {"\xEF\xBF\xBF", 3, 3},
                {"\xE2\x82", 2, 0},
                {"\xF0\x90\x80\x80", 4, 4},
                {"\xF0\x8F\xBF\xBF", 4, 0},
                {"\xF4\x8F\xBF\xBF", 4, 4},
                {"\xF4\x90\x80\x80", 4, 0},
                {"\xF5\x80\x80\x80", 4, 0},
                {"\xF0\x9F\x98", 3, 0},
                {"\xF8\x88\x80\x80\x80", 5, 0},
                {"\xFE", 1, 0},
                {"\xFF", 1, 0},
                {"\xC3\xA9\xC3", 3, 2}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded input = guarded_copy(rows[i].text, rows[i].len);
        assert_row(text_character(input.data, rows[i].len) == rows[i].size, rows[i].text);
        guarded_free(&input);
    }
}

static void cuts_at_whole_characters(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t max, len;
    } rows[] = {{"abc", 3, 3},
                {"abc", 2, 2},
                {"abc", 0, 0},
                {"", 5, 0},
                {"a\xC3\xA9", 3, 3},
                {"a\xC3\xA9", 2, 1},
                {"\xF0\x9F\x98\x80", 3, 0},
                {"\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 7, 4},
                {"\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 8, 8},
                {"\xFF\xFF\xFF", 2, 2},
                {"a\xE2\x82", 2, 2},
                {"abc", 100, 3}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded input = guarded_string(rows[i].text);
        assert_row(text_cut(input.data, rows[i].max) == rows[i].len, rows[i].text);
        guarded_free(&input);
    }
}

static void makes_printable(void **state) {
    (void)state;
    static const struct {
        const char *text, *printed;
    } rows[] = {{"plain", "plain"},
                {"caf\xC3\xA9 \xF0\x9F\x98\x80", "caf\xC3\xA9 \xF0\x9F\x98\x80"},
                {"a\nb\rc\td", "a\\x0ab\\x0dc\\x09d"},
                {"\x1B[31m", "\\x1b[31m"},
                {"\x7F", "\\x7f"},
                {"\xC2\x9B", "\\xc2\\x9b"},
                {"\xC2\xA0", "\xC2\xA0"},
                {"\xFF", "\\xff"},
                {"\xE2\x80\xAE", "\\xe2\\x80\\xae"},
                {"\xE2\x80\x8F", "\\xe2\\x80\\x8f"},
                {"\xE2\x80\xA8", "\\xe2\\x80\\xa8"},
                {"\xE2\x81\xA6", "\\xe2\\x81\\xa6"},
                {"\xC3", "\\xc3"},
                {"", ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        struct guarded input = guarded_string(rows[i].text);
        text_append_printable(&out, input.data, 1000);
        assert_row(strcmp(buffer_text(&out), rows[i].printed) == 0, rows[i].printed);
        guarded_free(&input);
        buffer_free(&out);
    }
}

static void printable_reads_no_further_than_max(void **state) {
    (void)state;
    struct guarded input = guarded_copy("abc\xC3", 4);
    struct buffer out = BUFFER_EMPTY;
    text_append_printable(&out, input.data, 4);
    assert_string_equal(buffer_text(&out), "abc\\xc3");
    buffer_free(&out);
    guarded_free(&input);
}

static void hides_secrets(void **state) {
    (void)state;
    static const char *const secrets[] = {"", "SECRET", "pw", NULL};
    static const struct {
        const char *text, *expected;
    } rows[] = {{"", ""},
                {"nothing", "nothing"},
                {"SECRET", "[hidden]"},
                {"aSECRETSECRETb", "a[hidden][hidden]b"},
                {"SESECRET", "SE[hidden]"},
                {"SECRE", "SECRE"},
                {"a pw\n", "a [hidden]\\x0a"},
                {"secret", "secret"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        text_append_hiding(&out, rows[i].text, secrets);
        assert_row(strcmp(buffer_text(&out), rows[i].expected) == 0, rows[i].text);
        buffer_free(&out);
    }
}

static void json_for_a_terminal(void **state) {
    (void)state;
    static const struct {
        const char *json, *expected;
    } rows[] = {{"{\n\t\"a\": \"\xC3\xA9\"}", "{\n\t\"a\": \"\xC3\xA9\"}"},
                {"\"\x7F\"", "\"\\u007f\""},
                {"\"\xC2\x9B\"", "\"\\u009b\""},
                {"\"\xE2\x80\xAE\"", "\"\\u202e\""},
                {"\"\xFF\"", "\"\\ufffd\""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        text_append_json_printable(&out, rows[i].json);
        assert_row(strcmp(buffer_text(&out), rows[i].expected) == 0, rows[i].json);
        buffer_free(&out);
    }
}

static void compares(void **state) {
    (void)state;
    assert_true(text_equal("a", "a"));
    assert_false(text_equal("a", "A"));
    assert_false(text_equal(NULL, "a"));
    assert_false(text_equal("a", NULL));
    assert_false(text_equal(NULL, NULL));
    assert_true(text_starts_with("sealed:x", "sealed:"));
    assert_true(text_starts_with("x", ""));
    assert_false(text_starts_with("sealed", "sealed:"));
}

static void first_visible(void **state) {
    (void)state;
    static const struct {
        const char *text, *first;
    } rows[] = {{"a", "a"},
                {"", NULL},
                {" \t\r\n\x7F", NULL},
                {" a b", "a b"},
                {"\xC2\xA0\xC2\xAD\xE2\x80\x8B!", "!"},
                {"\xE3\x85\xA4", NULL},
                {"\xE2\xA0\x80", NULL},
                {"\xE2\xA0\x81", "\xE2\xA0\x81"},
                {"\xEF\xBF\xBD", "\xEF\xBF\xBD"},
                {" \xFF\xC3", "\xFF\xC3"},
                {"\xF3\xA0\x80\xA0", NULL},
                {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded input = guarded_string(rows[i].text);
        const char *first = text_first_visible(input.data);
        assert_row(rows[i].first == NULL ? first == NULL : first != NULL && strcmp(first, rows[i].first) == 0,
                   rows[i].text);
        guarded_free(&input);
    }
    assert_true(text_is_blank(NULL));
}

static void travels(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool travels;
    } rows[] = {{"", true}, {"-", true}, {"a-b-_-", true}, {"--", false}, {"a--b", false}, {"ab--", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(text_can_travel(rows[i].text) == rows[i].travels, rows[i].text);
}

static void blank_to_the_eye(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool blank;
    } rows[] = {{"", true},
                {" \t\r\n", true},
                {"\xC2\xA0", true},                 /* U+00A0 */
                {"\xE2\x80\x8B\xE2\x80\x8D", true}, /* U+200B, U+200D */
                {"\xE3\x85\xA4", true},             /* U+3164 */
                {"\xE2\xA0\x80", true},             /* U+2800 */
                {"\xE2\x80\x8F", true},             /* U+200F */
                {"\xEF\xBB\xBF", true},             /* U+FEFF */
                {"\xF3\xA0\x80\xA0", true},         /* U+E0020 */
                {"\xE2\x80\x8Bx", false},
                {" . ", false},
                {"\xC3\xA9", false},
                {"\xE2\xA0\x81", false},
                {"\xEF\xBF\xBD", false}, /* U+FFFD */
                {"\xF0\x9F\xA5\x90", false},
                {"\xFF", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(text_is_blank(rows[i].text) == rows[i].blank, rows[i].text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters),       cmocka_unit_test(cuts_at_whole_characters),
        cmocka_unit_test(makes_printable),  cmocka_unit_test(printable_reads_no_further_than_max),
        cmocka_unit_test(hides_secrets),    cmocka_unit_test(json_for_a_terminal),
        cmocka_unit_test(compares),         cmocka_unit_test(travels),
        cmocka_unit_test(blank_to_the_eye), cmocka_unit_test(first_visible)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
