/* json_pointer.c: the examples of RFC 6901, array indexes, escapes, malformed pointers, long tokens, and the first of
 * several pointers that names something other than null.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/json_pointer.h"

static const char DOCUMENT[] =
    "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,"
    "\"k\\\"l\":6,\" \":7,\"m~n\":8,\"o\":{\"p\":{\"q\":9}},\"null\":null,\"0\":10,\"~1\":11}";

static void gets(void **state) {
    (void)state;
    static const struct {
        const char *pointer, *expected; /* printed; NULL: nothing there */
    } rows[] = {{"/foo", "[\"bar\",\"baz\"]"},
                {"/foo/0", "\"bar\""},
                {"/foo/1", "\"baz\""},
                {"/", "0"},
                {"/a~1b", "1"},
                {"/c%d", "2"},
                {"/e^f", "3"},
                {"/g|h", "4"},
                {"/i\\j", "5"},
                {"/k\"l", "6"},
                {"/ ", "7"},
                {"/m~0n", "8"},
                {"/o/p/q", "9"},
                {"/0", "10"},
                {"/~01", "11"},
                {"/null", "null"},
                {"/foo/2", NULL},
                {"/foo/-", NULL},
                {"/foo/00", NULL},
                {"/foo/01", NULL},
                {"/foo/-1", NULL},
                {"/foo/+1", NULL},
                {"/foo/1e0", NULL},
                {"/foo/", NULL},
                {"/foo/99999999999999999999", NULL},
                {"/foo/0/x", NULL},
                {"/missing", NULL},
                {"/missing/x", NULL},
                {"/FOO", NULL},
                {"foo", NULL},
                {"x", NULL},
                {"/m~n", NULL},
                {"/m~2n", NULL},
                {"/m~", NULL},
                {"//", NULL},
                {"/o/p/q/r", NULL}};
    cJSON *root = sample_json(DOCUMENT);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded pointer = guarded_string(rows[i].pointer);
        const cJSON *found = json_pointer_get(root, pointer.data);
        char *printed = found != NULL ? json_print(found) : NULL;
        assert_row(same(printed, rows[i].expected), rows[i].pointer);
        json_free_text(printed);
        guarded_free(&pointer);
    }
    assert_ptr_equal(json_pointer_get(root, ""), root);
    assert_null(json_pointer_get(NULL, ""));
    assert_null(json_pointer_get(NULL, "/a"));
    json_free(root);
}

static void long_token_names_nothing(void **state) {
    (void)state;
    char pointer[1024] = "/";
    cJSON *root = cJSON_CreateObject();
    for (size_t len = 120; len < 1000; len++) {
        repeat(pointer + 1, "x", len);
        json_pointer_get(root, pointer);
        assert_null(json_pointer_get(root, pointer));
    }
    json_free(root);
}

static void first_that_is_there(void **state) {
    (void)state;
    static const struct {
        const char *pointers, *expected;
    } rows[] = {{"\"/o/p/q\"", "9"},
                {"\"/null\"", NULL},
                {"\"/missing\"", NULL},
                {"[\"/missing\",\"/null\",\"/foo/1\",\"/foo/0\"]", "\"baz\""},
                {"[]", NULL},
                {"[1,\"/foo/0\"]", "\"bar\""},
                {"7", NULL},
                {"{}", NULL},
                {"null", NULL}};
    cJSON *root = sample_json(DOCUMENT);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *pointers = sample_json(rows[i].pointers);
        const cJSON *found = json_pointer_first(root, pointers);
        char *printed = found != NULL ? json_print(found) : NULL;
        assert_row(same(printed, rows[i].expected), rows[i].pointers);
        json_free_text(printed);
        json_free(pointers);
    }
    assert_null(json_pointer_first(root, NULL));
    json_free(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(gets), cmocka_unit_test(long_token_names_nothing),
                                       cmocka_unit_test(first_that_is_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
