/* SPDX-License-Identifier: MIT
 * BSON to JSON and back. Branches: each BSON type to its JSON; numbers at the edges of int32, int64 and double; dates
 * before 1970 and after 9999; malformed UTF-8 in keys and texts; nesting at the limit and beyond; every document comes
 * back byte for byte; JSON that does not fit BSON. */
#include "store/mongodb/bson_json.h"

#include "base/json.h"
#include "sample.h"
#include "support.h"

#include <stdlib.h>

/* Canonical Extended JSON on the left, what our documents hold on the right: each turns into the other. */
static const struct {
    const char *extended;
    const char *ours;
} values[] = {
    {"\"\"", "\"\""},
    {"\"17841405793187218123\"", "\"17841405793187218123\""},
    {"\"\\u00e9\\ud83e\\udd56 \\u0001\\\"\"", "\"\\u00e9\\ud83e\\udd56 \\u0001\\\"\""},
    {"{\"$numberInt\": \"0\"}", "0"},
    {"{\"$numberInt\": \"2147483647\"}", "2147483647"},
    {"{\"$numberInt\": \"-2147483647\"}", "-2147483647"},
    {"{\"$numberLong\": \"2147483648\"}", "2147483648"},
    {"{\"$numberLong\": \"-2147483649\"}", "-2147483649"},
    {"{\"$numberLong\": \"999999999999999\"}", "999999999999999"},
    {"{\"$numberLong\": \"1000000000000000\"}", "{\"$numberLong\": \"1000000000000000\"}"},
    {"{\"$numberLong\": \"9007199254740993\"}", "{\"$numberLong\": \"9007199254740993\"}"},
    {"{\"$numberLong\": \"-9007199254740993\"}", "{\"$numberLong\": \"-9007199254740993\"}"},
    {"{\"$numberLong\": \"9223372036854775807\"}", "{\"$numberLong\": \"9223372036854775807\"}"},
    {"{\"$numberLong\": \"-9223372036854775808\"}", "{\"$numberLong\": \"-9223372036854775808\"}"},
    {"{\"$numberDouble\": \"2.5\"}", "2.5"},
    {"{\"$numberDouble\": \"1234567890123456.0\"}", "{\"$numberDouble\": \"1234567890123456.0\"}"},
    {"{\"$numberDouble\": \"Infinity\"}", "{\"$numberDouble\": \"Infinity\"}"},
    {"{\"$numberDouble\": \"NaN\"}", "{\"$numberDouble\": \"NaN\"}"},
    {"true", "true"},
    {"false", "false"},
    {"null", "null"},
    {"[]", "[]"},
    {"{}", "{}"},
    {"[\"a\", {\"$numberInt\": \"1\"}, {\"deep\": [null]}]", "[\"a\", 1, {\"deep\": [null]}]"},
    {"{\"$date\": {\"$numberLong\": \"0\"}}", "{\"$date\": \"1970-01-01T00:00:00.000Z\"}"},
    {"{\"$date\": {\"$numberLong\": \"1767323045678\"}}", "{\"$date\": \"2026-01-02T03:04:05.678Z\"}"},
    {"{\"$date\": {\"$numberLong\": \"253402300799999\"}}", "{\"$date\": \"9999-12-31T23:59:59.999Z\"}"},
    {"{\"$date\": {\"$numberLong\": \"-1\"}}", "{\"$date\": {\"$numberLong\": \"-1\"}}"},
    {"{\"$date\": {\"$numberLong\": \"253402300800000\"}}", "{\"$date\": {\"$numberLong\": \"253402300800000\"}}"},
    {"{\"$oid\": \"54e6f1b2c3d4e5f60718293a\"}", "{\"$oid\": \"54e6f1b2c3d4e5f60718293a\"}"},
    {"{\"$binary\": {\"base64\": \"AAEC/w==\", \"subType\": \"04\"}}",
     "{\"$binary\": {\"base64\": \"AAEC/w==\", \"subType\": \"04\"}}"},
    {"{\"$numberDecimal\": \"12.50\"}", "{\"$numberDecimal\": \"12.50\"}"},
    {"{\"$regularExpression\": {\"pattern\": \"a\", \"options\": \"i\"}}",
     "{\"$regularExpression\": {\"pattern\": \"a\", \"options\": \"i\"}}"},
    {"{\"$timestamp\": {\"t\": 4294967295, \"i\": 1}}", "{\"$timestamp\": {\"t\": 4294967295, \"i\": 1}}"},
    {"{\"$minKey\": 1}", "{\"$minKey\": 1}"},
    {"{\"$maxKey\": 1}", "{\"$maxKey\": 1}"},
    {"{\"$code\": \"f()\"}", "{\"$code\": \"f()\"}"},
    {"{\"$undefined\": true}", "{\"$undefined\": true}"},
};

static bson_t *from_extended(const char *text) {
    bson_error_t error;
    bson_t *document = bson_new_from_json((const uint8_t *)text, -1, &error);
    if (document == NULL)
        fail_msg("%s: %s", text, error.message);
    return document;
}

static void each_type_comes_back(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        char extended[256], ours[256];
        snprintf(extended, sizeof extended, "{\"value\": %s}", values[i].extended);
        snprintf(ours, sizeof ours, "{\"value\": %s}", values[i].ours);
        bson_t *document = from_extended(extended);
        cJSON *expected = sample_json(ours);
        cJSON *read = NULL;
        assert_row(bson_json_document(document, &read) == JSON_PARSED, extended);
        bson_t back = BSON_INITIALIZER;
        /* What is printed is read as the same, or a store of JSON would keep something else. */
        char *text = json_print(read);
        cJSON *again = sample_json(text);
        if (!cJSON_Compare(read, again, true))
            fail_msg("%s: printed and parsed it is another", extended);
        json_free(again);
        cJSON_free(text);
        if (read == NULL || !cJSON_Compare(expected, read, true))
            fail_msg("%s: not read as %s", extended, ours);
        if (!bson_json_append_members(&back, read) || !bson_equal(document, &back))
            fail_msg("%s: did not come back", extended);
        bson_destroy(document);
        bson_destroy(&back);
        json_free(expected);
        json_free(read);
    }
}

static void keys_may_be_empty_or_hold_anything(void **state) {
    (void)state;
    bson_t *document = from_extended("{\"\": 1, \"a.b\": 2, \"a$\": 3, \"\\u043f\": {\"\": 4}}");
    bson_t back = BSON_INITIALIZER;
    cJSON *read = NULL;
    assert_int_equal(bson_json_document(document, &read), JSON_PARSED);
    assert_non_null(read);
    assert_true(bson_json_append_members(&back, read));
    assert_true(bson_equal(document, &back));
    json_free(read);
    bson_destroy(document);
    bson_destroy(&back);
}

static bson_t *nested(unsigned depth) {
    bson_t *document = BCON_NEW("leaf", BCON_INT32(1));
    for (unsigned i = 0; i < depth; i++) {
        bson_t *outer = bson_new();
        BSON_APPEND_DOCUMENT(outer, "v", document);
        bson_destroy(document);
        document = outer;
    }
    return document;
}

static void nesting_has_a_limit(void **state) {
    (void)state;
    bson_t *document = nested(BSON_JSON_DEPTH_MAX - 1); /* the document itself is the first level */
    cJSON *read = NULL;
    assert_int_equal(bson_json_document(document, &read), JSON_PARSED);
    assert_non_null(read);
    json_free(read);
    bson_destroy(document);
    document = nested(BSON_JSON_DEPTH_MAX);
    assert_int_equal(bson_json_document(document, &read), JSON_MALFORMED);
    assert_null(read);
    bson_destroy(document);
}

static void what_cannot_be_json_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *key;
        const char *text;
        int len;
    } bad[] = {
        {"key", "\xff", 1},         /* no UTF-8 */
        {"key", "\xc3", 1},         /* cut off */
        {"key", "\xed\xa0\x80", 3}, /* half of a surrogate pair */
        {"key", "a\0b", 3},         /* cJSON's texts end at a NUL */
        {"\xff", "text", 4},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        bson_t *document = bson_new(), *outer = bson_new();
        cJSON *read;
        bson_append_utf8(document, bad[i].key, -1, bad[i].text, bad[i].len);
        BSON_APPEND_DOCUMENT(outer, "inner", document);
        assert_int_equal(bson_json_document(outer, &read), JSON_MALFORMED);
        assert_null(read);
        bson_destroy(document);
        bson_destroy(outer);
    }
}

static void a_malformed_key_of_the_document_itself_is_refused(void **state) {
    (void)state;
    bson_t *document = bson_new();
    cJSON *read;
    bson_append_int32(document, "\xff", -1, 1);
    assert_int_equal(bson_json_document(document, &read), JSON_MALFORMED);
    assert_null(read);
    bson_destroy(document);
}

static size_t allocations_left;

static void *scarce(size_t size) {
    return allocations_left != 0 && allocations_left-- != 0 ? malloc(size) : NULL;
}

/* With every number of allocations that succeed: the whole document, or no memory, never "malformed". */
static void no_memory_is_told(void **state) {
    (void)state;
    bson_t *document =
        from_extended("{\"a\": [1, {\"$numberLong\": \"9223372036854775807\"}, \"text\"], \"b\": {\"c\": "
                      "true}, \"d\": {\"$date\": {\"$numberLong\": \"-1\"}}}");
    enum json_result result = JSON_NO_MEMORY;
    for (size_t allowed = 0; result != JSON_PARSED; allowed++) {
        cJSON *read;
        allocations_left = allowed;
        cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = scarce, .free_fn = free});
        result = bson_json_document(document, &read);
        cJSON_InitHooks(NULL);
        assert_true(result != JSON_MALFORMED && (read != NULL) == (result == JSON_PARSED));
        json_free(read);
    }
    bson_destroy(document);
}

static void what_does_not_fit_bson_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"{\"v\": {\"$oid\": \"short\"}}", "{\"v\": {\"$numberLong\": \"x\"}}",
                                      "{\"v\": [{\"$binary\": 7}]}", "{\"v\": {\"w\": {\"$date\": \"yesterday\"}}}"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        cJSON *object = sample_json(bad[i]);
        bson_t document = BSON_INITIALIZER;
        assert_non_null(object);
        if (bson_json_append_members(&document, object))
            fail_msg("%s was taken", bad[i]);
        bson_destroy(&document);
        json_free(object);
    }
}

/* A document whose bytes were cut or changed anywhere is refused or read, and nothing beyond it is touched. */
static void damaged_documents_do_no_harm(void **state) {
    (void)state;
    bson_t *document =
        from_extended("{\"a\": [1, {\"$numberLong\": \"9223372036854775807\"}, \"text\"], \"b\": {\"c\": "
                      "{\"$oid\": \"54e6f1b2c3d4e5f60718293a\"}}, \"d\": {\"$date\": {\"$numberLong\": \"0\"}}}");
    const uint8_t *bytes = bson_get_data(document);
    for (uint32_t at = 4; at < document->len; at++)
        for (unsigned change = 1; change < 256; change += 42) {
            uint8_t *copy = malloc(document->len);
            bson_t damaged;
            assert_non_null(copy);
            memcpy(copy, bytes, document->len);
            copy[at] = (uint8_t)(copy[at] + change);
            if (bson_init_static(&damaged, copy, document->len)) {
                cJSON *read;
                bson_json_document(&damaged, &read);
                json_free(read);
            }
            free(copy);
        }
    bson_destroy(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_comes_back),
        cmocka_unit_test(keys_may_be_empty_or_hold_anything),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(what_cannot_be_json_is_refused),
        cmocka_unit_test(a_malformed_key_of_the_document_itself_is_refused),
        cmocka_unit_test(no_memory_is_told),
        cmocka_unit_test(what_does_not_fit_bson_is_refused),
        cmocka_unit_test(damaged_documents_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
