/* config_text.c: a rule of the gate goes into the config's text, and out of it, and the rest stays as its owner has
 * laid it out.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "admin/config_text.h"
#include "base/json.h"

#define RULE "{ \"path\": \"/n\" }"

static void check(const char *config, bool done, bool wanted_done, struct buffer *out, const char *wanted) {
    cJSON *value = NULL;
    assert_row(done == wanted_done, config);
    assert_row(same(buffer_text(out), wanted), config);
    assert_row(!done || json_parse_settings(buffer_text(out), out->len, &value, NULL) == JSON_PARSED, config);
    json_free(value);
    buffer_free(out);
}

static void rules_are_inserted(void **state) {
    (void)state;
    static const struct {
        const char *config;
        size_t index;
        const char *wanted;
    } rows[] = {{"{}", 0, "{\n  \"gate\": [\n    " RULE "\n  ]}"},
                {"{\n  \"a\": 1\n}\n", 3, "{\n  \"a\": 1,\n  \"gate\": [\n    " RULE "\n  ]\n}\n"},
                {"{ \"gate\": [] , \"b\": 2}", 0, "{ \"gate\": [\n    " RULE "\n  ] , \"b\": 2}"},
                {"{\"gate\":[{\"p\":\"]\\\"}\"}],\"b\":[1,2]}", 0,
                 "{\"gate\":[" RULE ",\n    {\"p\":\"]\\\"}\"}],\"b\":[1,2]}"},
                {"{\"gate\":[{\"p\":\"]\"}],\"b\":[1]}", 1, "{\"gate\":[{\"p\":\"]\"},\n    " RULE "],\"b\":[1]}"},
                {"{\"x\": {\"gate\": [7]},\n \"gate\": [ 1 , [2, {}] ]}", 1,
                 "{\"x\": {\"gate\": [7]},\n \"gate\": [ 1 , " RULE ",\n    [2, {}] ]}"},
                {"{\"gate\": [1, 2]}", 9, "{\"gate\": [1, 2,\n    " RULE "]}"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        struct guarded config = guarded_string(rows[i].config);
        const bool done = config_text_insert_rule(&out, config.data, rows[i].index, RULE);
        check(rows[i].config, done, true, &out, rows[i].wanted);
        guarded_free(&config);
    }
}

static void rules_are_replaced_and_taken_out(void **state) {
    (void)state;
    static const struct {
        const char *config;
        size_t index;
        const char *entry, *wanted; /* NULL: there is no such rule */
    } rows[] = {{"{\"gate\": [1, {\"a\": [2]}, 3]}", 1, RULE, "{\"gate\": [1, " RULE ", 3]}"},
                {"{\"gate\": [1, 2, 3]}", 0, NULL, "{\"gate\": [ 2, 3]}"},
                {"{\"gate\": [1, 2, 3]}", 1, NULL, "{\"gate\": [1, 3]}"},
                {"{\"gate\": [\n 1,\n 2\n]}", 1, NULL, "{\"gate\": [\n 1\n]}"},
                {"{\"a\": 0, \"gate\": [1]}", 0, NULL, "{\"a\": 0}"},
                {"{\"a\": 0, \"gate\": [1], \"b\": 3}", 0, NULL, "{\"a\": 0, \"b\": 3}"},
                {"{\"gate\": [1], \"b\": 3}", 0, NULL, "{ \"b\": 3}"},
                {"{\"gate\": [1]}", 0, NULL, "{}"},
                {"{\"gate\": [1]}", 1, NULL, NULL},
                {"{\"gate\": {}}", 0, RULE, NULL},
                {"{\"a\": 1}", 0, RULE, NULL},
                {"{}", 0, NULL, NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        struct guarded config = guarded_string(rows[i].config);
        const bool done = config_text_replace_rule(&out, config.data, rows[i].index, rows[i].entry);
        check(rows[i].config, done, rows[i].wanted != NULL, &out, rows[i].wanted != NULL ? rows[i].wanted : "");
        guarded_free(&config);
    }
}

static void what_is_no_list_stays(void **state) {
    (void)state;
    struct buffer out = BUFFER_EMPTY;
    assert_false(config_text_insert_rule(&out, "{\"gate\": 1}", 0, RULE));
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rules_are_inserted),
                                       cmocka_unit_test(rules_are_replaced_and_taken_out),
                                       cmocka_unit_test(what_is_no_list_stays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
