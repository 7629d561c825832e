/* placeholder.c: names are found as they are written, and replaced by their values, which are not looked at again.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/placeholder.h"

static void expands(void **state) {
    (void)state;
    static const struct placeholder list[] = {{"$state", "S$client_id"}, {"$client_id", "17"}, {NULL, NULL}};
    static const struct {
        const char *text, *expanded;
    } rows[] = {{"", ""},
                {"plain", "plain"},
                {"$state", "S$client_id"},
                {"$client_id", "17"},
                {"a$client_id.b", "a17.b"},
                {"$client_id$client_id", "1717"},
                {"$client_ids", "$client_ids"},
                {"$client", "$client"},
                {"$Client_id", "$Client_id"},
                {"$", "$"},
                {"$$client_id", "$17"},
                {"$1 $client_id $", "$1 17 $"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded text = guarded_string(rows[i].text);
        struct buffer out = BUFFER_EMPTY;
        placeholder_expand(&out, text.data, list);
        assert_row(strcmp(buffer_text(&out), rows[i].expanded) == 0, rows[i].text);
        buffer_free(&out);
        guarded_free(&text);
    }
}

static void finds(void **state) {
    (void)state;
    size_t len = 0;
    const char *text = "cost: $5, $instance/x";
    assert_ptr_equal(placeholder_find(text, &len), strstr(text, "$instance"));
    assert_true(placeholder_is(strstr(text, "$instance"), len, "$instance"));
    assert_false(placeholder_is(strstr(text, "$instance"), len, "$inst"));
    assert_null(placeholder_find("cost: $5$", &len));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(expands), cmocka_unit_test(finds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
