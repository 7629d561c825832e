/* user.c: times both ways, the document of a new user, the patch of one that exists, and a profile without what must
 * not leave the server.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "store/user.h"

static void dates(void **state) {
    (void)state;
    static const struct {
        int64_t milliseconds;
        const char *text;
    } rows[] = {{0, "1970-01-01T00:00:00.000Z"},
                {1, "1970-01-01T00:00:00.001Z"},
                {1764000000123, "2025-11-24T16:00:00.123Z"},
                {951827696789, "2000-02-29T12:34:56.789Z"},
                {2147483648000, "2038-01-19T03:14:08.000Z"},
                {253402300799999, "9999-12-31T23:59:59.999Z"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *date = user_date_exact(rows[i].milliseconds);
        assert_row(same(json_string(date, "$date"), rows[i].text), rows[i].text);
        assert_row(user_date_milliseconds(date) == rows[i].milliseconds, rows[i].text);
        assert_row(user_date_seconds(date) == rows[i].milliseconds / 1000, rows[i].text);
        json_free(date);
    }
    cJSON *date = user_date(1764000000);
    assert_string_equal(json_string(date, "$date"), "2025-11-24T16:00:00.000Z");
    json_free(date);
}

static void reads_only_dates(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t milliseconds;
    } rows[] = {{"{\"$date\":\"2025-11-24T16:00:00Z\"}", 1764000000000},
                {"{}", -1},
                {"null", -1},
                {"5", -1},
                {"\"2025-11-24T16:00:00Z\"", -1},
                {"{\"$date\":5}", -1},
                {"{\"$date\":\"\"}", -1},
                {"{\"$date\":\"2025-11-24\"}", -1},
                {"{\"$date\":\"yesterday\"}", -1},
                {"{\"$date\":null}", -1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *date = sample_json(rows[i].text);
        assert_row(user_date_milliseconds(date) == rows[i].milliseconds, rows[i].text);
        json_free(date);
    }
    assert_int_equal(user_date_milliseconds(NULL), -1);
    assert_int_equal(user_date_seconds(NULL), -1);
}

/* user.h promises -1 for anything that user_date did not make. */
static void refuses_what_only_looks_like_a_date(void **state) {
    (void)state;
    static const char *const rows[] = {
        "{\"$date\":\"2025-13-45T99:99:99.000Z\"}", "{\"$date\":\"2025-11-24T16:00:00.000+02:00\"}",
        "{\"$date\":\"2025-11-24T16:00:00.000Zxx\"}", "{\"$date\":\"-1-11-24T16:00:00.000Z\"}"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *date = sample_json(rows[i]);
        const int64_t milliseconds = user_date_milliseconds(date);
        json_free(date);
        assert_row(milliseconds == -1, rows[i]);
    }
}

static void documents(void **state) {
    (void)state;
    cJSON *profile = sample_json("{\"id\":\"17\",\"bio\":\"x\",\"website\":null,\"counts\":{\"media\":null}}");
    struct credentials credentials = {.members = sample_json("{\"accessToken\":\"t\",\"refreshToken\":null}")};
    cJSON *document = user_document("instagram", "17", profile, &credentials, 1764000000);
    cJSON *patch = user_patch("instagram", profile, &credentials, 1764000000);
    json_free(profile);
    credentials_clear(&credentials);
    char *printed = json_print(document), *printed_patch = json_print(patch);
    assert_string_equal(printed, "{\"_id\":\"instagram:17\",\"instagram\":{\"id\":\"17\",\"bio\":\"x\","
                                 "\"accessToken\":\"t\"},\"createdAt\":{\"$date\":\"2025-11-24T16:00:00.000Z\"},"
                                 "\"lastLoginAt\":{\"$date\":\"2025-11-24T16:00:00.000Z\"}}");
    assert_string_equal(printed_patch,
                        "{\"instagram\":{\"id\":\"17\",\"bio\":\"x\",\"website\":null,\"counts\":{\"media\":null},"
                        "\"accessToken\":\"t\",\"refreshToken\":null},"
                        "\"lastLoginAt\":{\"$date\":\"2025-11-24T16:00:00.000Z\"}}");
    json_free_text(printed);
    json_free_text(printed_patch);
    json_free(document);
    json_free(patch);
}

/* NULL is want of memory alone. */
static void takes_an_id_of_any_length(void **state) {
    (void)state;
    char id[1000];
    const struct credentials none = {.members = NULL};
    cJSON *profile = cJSON_CreateObject();
    cJSON *document = user_document("instagram", repeat(id, "1", 999), profile, &none, 0);
    assert_int_equal(strlen(json_string(document, "_id")), strlen("instagram:") + 999);
    json_free(document);
    json_free(profile);
}

static void profiles_hold_no_token(void **state) {
    (void)state;
    struct error error;
    static const struct {
        const char *document, *profile;
    } rows[] = {{"{\"instagram\":{\"id\":\"1\",\"accessToken\":\"S\",\"refreshToken\":\"S\",\"token\":{\"expiresAt\":1}"
                 ",\"bio\":\"b\",\"counts\":{\"media\":1}}}",
                 "{\"id\":\"1\",\"bio\":\"b\",\"counts\":{\"media\":1}}"},
                {"{\"instagram\":{\"id\":\"1\",\"token\":{\"invalidSince\":{}},\"reconnect\":5}}",
                 "{\"reconnect\":true,\"id\":\"1\"}"},
                {"{\"instagram\":{\"reconnect\":true}}", "{}"},
                {"{\"instagram\":{}}", "{}"},
                {"{\"github\":{\"id\":\"1\"}}", NULL},
                {"{\"instagram\":5}", NULL},
                {"{\"instagram\":[]}", NULL},
                {"{}", NULL},
                {"[]", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *document = sample_json(rows[i].document);
        cJSON *profile;
        assert_row(user_profile(document, "instagram", &profile, &error) == ERROR_NONE, rows[i].document);
        char *printed = profile != NULL ? json_print(profile) : NULL;
        assert_row(same(printed, rows[i].profile), rows[i].document);
        json_free_text(printed);
        json_free(profile);
        json_free(document);
    }
    cJSON *nobody;
    assert_int_equal(user_profile(NULL, "instagram", &nobody, &error), ERROR_NONE);
    assert_null(nobody);
}

static size_t allocations_left;

static void *scarce(size_t size) {
    return allocations_left != 0 && allocations_left-- != 0 ? malloc(size) : NULL;
}

/* With every number of allocations that succeed: all of the profile, or a failure that says so, never "nobody". */
static void profile_without_memory(void **state) {
    (void)state;
    cJSON *document = sample_json("{\"instagram\":{\"id\":\"1\",\"counts\":{\"media\":1},\"accessToken\":\"S\","
                                  "\"token\":{\"invalidSince\":{}}}}");
    struct error error;
    enum error_code code = ERROR_INTERNAL;
    for (size_t allowed = 0; code != ERROR_NONE; allowed++) {
        cJSON *profile;
        allocations_left = allowed;
        cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = scarce, .free_fn = free});
        code = user_profile(document, "instagram", &profile, &error);
        cJSON_InitHooks(NULL);
        assert_int_equal(code, profile != NULL ? ERROR_NONE : ERROR_INTERNAL);
        assert_int_equal(cJSON_GetArraySize(profile), profile != NULL ? 3 : 0);
        json_free(profile);
    }
    json_free(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates),
                                       cmocka_unit_test(reads_only_dates),
                                       cmocka_unit_test(refuses_what_only_looks_like_a_date),
                                       cmocka_unit_test(documents),
                                       cmocka_unit_test(takes_an_id_of_any_length),
                                       cmocka_unit_test(profiles_hold_no_token),
                                       cmocka_unit_test(profile_without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
