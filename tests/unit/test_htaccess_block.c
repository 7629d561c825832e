/* htaccess_block.c: our lines go in front of an .htaccess file and out of it again, whatever its line ends, and what is
 * torn is told from what is whole.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "admin/gate/htaccess_block.h"

#define BEGIN HTACCESS_BLOCK_BEGIN "\n"
#define END HTACCESS_BLOCK_END "\n"
#define BLOCK BEGIN "new\n" END
#define MARK "\xEF\xBB\xBF"

static void blocks_are_found(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum htaccess_block_state wanted;
    } rows[] = {{"", HTACCESS_BLOCK_NONE},
                {"a\n", HTACCESS_BLOCK_NONE},
                {"a " BEGIN "#" END, HTACCESS_BLOCK_NONE},
                {BEGIN END, HTACCESS_BLOCK_WHOLE},
                {"a\r\n" HTACCESS_BLOCK_BEGIN " \r\nb\r\n" HTACCESS_BLOCK_END "\r\n", HTACCESS_BLOCK_WHOLE},
                {MARK BEGIN HTACCESS_BLOCK_END, HTACCESS_BLOCK_WHOLE},
                {BEGIN, HTACCESS_BLOCK_TORN},
                {END, HTACCESS_BLOCK_TORN},
                {END BEGIN, HTACCESS_BLOCK_TORN},
                {BEGIN BEGIN END, HTACCESS_BLOCK_TORN},
                {BLOCK BLOCK, HTACCESS_BLOCK_TORN}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded text = guarded_string(rows[i].text);
        assert_row(htaccess_block_find(text.data, HTACCESS_GATE_MARKS, NULL, NULL) == rows[i].wanted, rows[i].text);
        guarded_free(&text);
    }
}

static void lines_go_in_front_and_out_again(void **state) {
    (void)state;
    static const struct {
        const char *text, *with, *without;
    } rows[] = {{"", BLOCK, ""},
                {"a\nb", BLOCK "a\nb", "a\nb"},
                {"\na\n", BLOCK "\na\n", "\na\n"},
                {MARK "a\n", MARK BLOCK "a\n", MARK "a\n"},
                {"a\r\nb\n", HTACCESS_BLOCK_BEGIN "\r\nnew\r\n" HTACCESS_BLOCK_END "\r\na\r\nb\n", "a\r\nb\n"},
                {BEGIN "old\n" END "a\n", BLOCK "a\n", "a\n"},
                {"a\n" BEGIN "old\n" HTACCESS_BLOCK_END, BLOCK "a\n", "a\n"},
                {MARK "a\n" BLOCK "b\n", MARK BLOCK "a\nb\n", MARK "a\nb\n"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer with = BUFFER_EMPTY, again = BUFFER_EMPTY, without = BUFFER_EMPTY, block = BUFFER_EMPTY;
        struct guarded text = guarded_string(rows[i].text);
        htaccess_block_put(&with, text.data, BLOCK);
        assert_row(same(buffer_text(&with), rows[i].with), rows[i].text);
        htaccess_block_put(&again, buffer_text(&with), BLOCK);
        assert_row(same(buffer_text(&again), rows[i].with), rows[i].text);
        htaccess_block_append(&block, buffer_text(&with));
        assert_row(same(buffer_text(&block), BLOCK), rows[i].text);
        htaccess_block_remove(&without, buffer_text(&with));
        assert_row(same(buffer_text(&without), rows[i].without), rows[i].text);
        guarded_free(&text);
        buffer_free(&with);
        buffer_free(&again);
        buffer_free(&without);
        buffer_free(&block);
    }
}

static void directives_are_found_outside_of_the_block(void **state) {
    (void)state;
    static const char *const names[] = {"Satisfy", "AuthType", NULL};
    static const struct {
        const char *text;
        size_t line;
        const char *name;
    } rows[] = {{"", 0, NULL},
                {"a\n  satisfy Any\n", 2, "Satisfy"},
                {"SatisfyNot\nAUTHTYPE\r\n", 2, "AuthType"},
                {"# AuthType Basic\n", 0, NULL},
                {BEGIN "Satisfy All\n" END "\tAuthType", 4, "AuthType"},
                {MARK "AuthType Basic\n", 1, "AuthType"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *name = NULL;
        struct guarded text = guarded_string(rows[i].text);
        assert_row(htaccess_find_directive(text.data, names, &name) == rows[i].line, rows[i].text);
        assert_row(rows[i].name == NULL || same(name, rows[i].name), rows[i].text);
        guarded_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks_are_found),
                                       cmocka_unit_test(lines_go_in_front_and_out_again),
                                       cmocka_unit_test(directives_are_found_outside_of_the_block)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
