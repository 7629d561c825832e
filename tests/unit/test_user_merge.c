/* user_merge.c: what two users become, and who cannot become one.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "store/user_merge.h"

#define DAY(day) "{\"$date\":\"2026-11-" day "T00:00:00.000Z\"}"

static enum error_code merge(const char *into_text, const char *from_text, char **merged, struct error *error) {
    cJSON *into = sample_json(into_text), *from = sample_json(from_text), *result;
    const enum error_code code = user_merge(into, from, &result, error);
    *merged = result != NULL ? json_print(result) : NULL;
    char *into_after = json_print(into), *from_after = json_print(from);
    assert_string_equal(into_after, into_text);
    assert_string_equal(from_after, from_text);
    json_free_text(into_after);
    json_free_text(from_after);
    json_free(result);
    json_free(from);
    json_free(into);
    return code;
}

static void merges(void **state) {
    (void)state;
    // clang-format off
    static const struct {
        const char *into, *from, *merged;
    } rows[] = {
        /* Accounts, the earlier and the later time; times that gave way are kept. */
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"createdAt\":" DAY("02") ",\"lastLoginAt\":" DAY("03") "}",
         "{\"_id\":\"g:9\",\"g\":{\"id\":\"9\",\"accessToken\":\"t\"},\"createdAt\":" DAY("01") ",\"lastLoginAt\":" DAY(
             "04") "}",
         "{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"g\":{\"id\":\"9\",\"accessToken\":\"t\"},\"createdAt\":" DAY(
             "01") ",\"lastLoginAt\":" DAY("04") ",\"mergedFrom\":[{\"_id\":\"g:9\"}]}"},
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"createdAt\":" DAY("01") ",\"lastLoginAt\":" DAY("04") "}",
         "{\"_id\":\"g:9\",\"g\":{\"id\":\"9\"},\"createdAt\":" DAY("02") ",\"lastLoginAt\":" DAY("03") "}",
         "{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"createdAt\":" DAY(
             "01") ",\"lastLoginAt\":" DAY("04") ",\"g\":{\"id\":\"9\"},\"mergedFrom\":[{\"_id\":\"g:9\","
                                                 "\"createdAt\":" DAY("02") ",\"lastLoginAt\":" DAY("03") "}]}"},
        /* The same times, and a time that only one has. */
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"createdAt\":" DAY("01") "}",
         "{\"_id\":\"g:9\",\"g\":{\"id\":\"9\"},\"createdAt\":" DAY("01") ",\"lastLoginAt\":" DAY("03") "}",
         "{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"createdAt\":" DAY("01") ",\"g\":{\"id\":\"9\"},\"lastLoginAt\":" DAY(
             "03") ",\"mergedFrom\":[{\"_id\":\"g:9\"}]}"},
        /* Another program's fields: what is missing, the same or different, and an _id of another kind. */
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"same\":[1,{\"a\":2}],\"role\":\"admin\"}",
         "{\"_id\":{\"$oid\":\"54e6f1b2c3d4e5f60718293a\"},\"g\":{\"id\":\"9\"},\"same\":[1,{\"a\":2}],"
         "\"role\":\"guest\",\"new\":{\"x\":null}}",
         "{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"same\":[1,{\"a\":2}],\"role\":\"admin\",\"g\":{\"id\":\"9\"},"
         "\"new\":{\"x\":null},\"mergedFrom\":[{\"_id\":{\"$oid\":\"54e6f1b2c3d4e5f60718293a\"},"
         "\"role\":\"guest\"}]}"},
        /* Users who have been merged before. */
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"mergedFrom\":[{\"_id\":\"a:1\"}]}",
         "{\"_id\":\"g:9\",\"g\":{\"id\":\"9\"},\"mergedFrom\":[{\"_id\":\"b:1\",\"x\":1}]}",
         "{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"mergedFrom\":[{\"_id\":\"a:1\"},{\"_id\":\"b:1\",\"x\":1},"
         "{\"_id\":\"g:9\"}],\"g\":{\"id\":\"9\"}}"},
        /* The same account twice: who signed in last knows better, and nothing goes. */
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\",\"bio\":\"old\",\"x\":1},\"lastLoginAt\":" DAY("01") "}",
         "{\"_id\":\"b\",\"i\":{\"id\":\"1\",\"bio\":\"new\",\"y\":2},\"lastLoginAt\":" DAY("02") "}",
         "{\"_id\":\"i:1\",\"i\":{\"x\":1,\"id\":\"1\",\"bio\":\"new\",\"y\":2},\"lastLoginAt\":" DAY(
             "02") ",\"mergedFrom\":[{\"_id\":\"b\"}]}"},
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\",\"bio\":\"new\"},\"lastLoginAt\":" DAY("02") "}",
         "{\"_id\":\"b\",\"i\":{\"id\":\"1\",\"bio\":\"old\",\"y\":2},\"lastLoginAt\":" DAY("02") "}",
         "{\"_id\":\"i:1\",\"i\":{\"id\":\"1\",\"bio\":\"new\",\"y\":2},\"lastLoginAt\":" DAY(
             "02") ",\"mergedFrom\":[{\"_id\":\"b\"}]}"},
        /* What lies in an account's place and is none. */
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"g\":null,\"h\":\"text\"}",
         "{\"_id\":\"b\",\"g\":{\"id\":\"9\"},\"h\":{\"id\":\"8\"}}",
         "{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"},\"g\":{\"id\":\"9\"},\"h\":{\"id\":\"8\"},"
         "\"mergedFrom\":[{\"_id\":\"b\",\"h\":\"text\"}]}"}};
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {.cause = ""};
        char *merged;
        assert_row(merge(rows[i].into, rows[i].from, &merged, &error) == ERROR_NONE, error.cause);
        assert_row(same(merged, rows[i].merged), merged);
        json_free_text(merged);
    }
}

static void refuses(void **state) {
    (void)state;
    static const struct {
        const char *into, *from;
        enum error_code code;
        const char *cause;
    } rows[] = {
        {"{\"_id\":\"i:1\",\"i\":{\"id\":\"1\"}}", "{\"_id\":\"i:2\",\"g\":{\"id\":\"9\"},\"i\":{\"id\":\"2\"}}",
         ERROR_ACCOUNT_TAKEN, "i:1 and i:2"},
        {"{\"_id\":\"i:1\",\"mergedFrom\":\"text\"}", "{\"_id\":\"i:2\"}", ERROR_STORE_UNAVAILABLE, "mergedFrom"},
        {"{\"_id\":\"i:1\"}", "{\"_id\":\"i:2\",\"mergedFrom\":{}}", ERROR_STORE_UNAVAILABLE, "mergedFrom"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {.cause = ""};
        char *merged;
        assert_row(merge(rows[i].into, rows[i].from, &merged, &error) == rows[i].code, rows[i].cause);
        assert_row(contains(error.cause, rows[i].cause), error.cause);
        assert_null(merged);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(merges), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
