/* buffer.c: appending text, bytes, characters and formats; growth; the limit; a failed buffer keeps what it had and
 * ignores the rest; cutting, taking and freeing; an empty buffer reads as "".
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/buffer.h"

static void appends(void **state) {
    (void)state;
    struct buffer buffer = BUFFER_EMPTY;
    assert_string_equal(buffer_text(&buffer), "");
    buffer_append_text(&buffer, "ab");
    buffer_append(&buffer, "cd\0ef", 5);
    buffer_append_char(&buffer, '!');
    assert_int_equal(buffer.len, 8);
    assert_memory_equal(buffer.data, "abcd\0ef!", 9);
    buffer_append(&buffer, NULL, 0);
    buffer_append_format(&buffer, "%d-%s", 7, "x");
    assert_string_equal(buffer.data + 8, "7-x");
    assert_false(buffer.failed);
    buffer_free(&buffer);
    assert_int_equal(buffer.len, 0);
    assert_null(buffer.data);
}

static void grows(void **state) {
    (void)state;
    struct buffer buffer = BUFFER_EMPTY;
    for (int i = 0; i < 20000; i++)
        buffer_append_format(&buffer, "%05d", i);
    assert_false(buffer.failed);
    assert_int_equal(buffer.len, 100000);
    assert_int_equal(strlen(buffer.data), 100000);
    assert_memory_equal(buffer.data + 5 * 12345, "12345", 5);
    buffer_free(&buffer);
}

static void stops_at_its_limit(void **state) {
    (void)state;
    static const struct {
        size_t limit, first, second;
        bool failed;
    } rows[] = {{10, 10, 0, false},
                {10, 11, 0, true},
                {10, 5, 5, false},
                {10, 5, 6, true},
                {1, 1, 1, true},
                {0, (size_t)1 << 20, 0, false},
                {0, (size_t)1 << 20, 1, true}};
    static char data[((size_t)1 << 20) + 2];
    memset(data, 'x', sizeof data - 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer buffer = {.limit = rows[i].limit};
        buffer_append(&buffer, data, rows[i].first);
        buffer_append(&buffer, data, rows[i].second);
        assert_int_equal(buffer.failed, rows[i].failed);
        assert_int_equal(buffer.too_large, rows[i].failed);
        buffer_free(&buffer);
    }
}

/* A format is first tried with more room than most texts need. */
static void fills_up_to_its_limit(void **state) {
    (void)state;
    struct buffer buffer = {.limit = 5};
    buffer_append_format(&buffer, "%s", "abc");
    buffer_append_format(&buffer, "%s", "de");
    assert_string_equal(buffer_text(&buffer), "abcde");
    assert_false(buffer.failed || buffer.too_large);
    buffer_append_char(&buffer, 'f');
    assert_true(buffer.failed && buffer.too_large);
    buffer_free(&buffer);
}

static void failed_keeps_what_it_had(void **state) {
    (void)state;
    struct buffer buffer = {.limit = 5};
    buffer_append_text(&buffer, "abc");
    buffer_append_format(&buffer, "%s", "defg");
    assert_true(buffer.failed);
    buffer_append_text(&buffer, "d");
    buffer_append_char(&buffer, 'e');
    assert_string_equal(buffer_text(&buffer), "abc");
    assert_null(buffer_take(&buffer));
    buffer_free(&buffer);
    assert_false(buffer.failed);
    assert_int_equal(buffer.limit, 5);
    buffer_append_text(&buffer, "again");
    assert_string_equal(buffer_text(&buffer), "again");
    buffer_free(&buffer);
}

static void hands_over(void **state) {
    (void)state;
    struct buffer buffer = BUFFER_EMPTY;
    char *text = buffer_take(&buffer);
    assert_string_equal(text, "");
    buffer_free_text(text);
    buffer_append_text(&buffer, "mine");
    text = buffer_take(&buffer);
    assert_string_equal(text, "mine");
    assert_null(buffer.data);
    buffer_free_text(text);
    buffer_free_text(NULL);
    buffer_free(&buffer);
}

static void cuts(void **state) {
    (void)state;
    struct buffer buffer = BUFFER_EMPTY;
    buffer_cut(&buffer, 0);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_append_text(&buffer, "abcdef");
    buffer_cut(&buffer, 7);
    assert_string_equal(buffer_text(&buffer), "abcdef");
    buffer_cut(&buffer, 2);
    assert_string_equal(buffer_text(&buffer), "ab");
    assert_memory_equal(buffer.data + 2, "\0\0\0\0", 4);
    buffer_append_text(&buffer, "x");
    assert_string_equal(buffer_text(&buffer), "abx");
    buffer_free(&buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(appends),
                                       cmocka_unit_test(grows),
                                       cmocka_unit_test(stops_at_its_limit),
                                       cmocka_unit_test(fills_up_to_its_limit),
                                       cmocka_unit_test(failed_keeps_what_it_had),
                                       cmocka_unit_test(cuts),
                                       cmocka_unit_test(hands_over)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
