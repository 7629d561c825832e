/* token_record.c: what is stored of a token, sealed or plain, with its times and scopes, comes back for its own user
 * only; documents without one.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "store/token_record.h"
#include "store/user.h"

/* A user's document with a token that was got at SAMPLE_NOW. */
static cJSON *with_token(const struct config *config, int64_t expires_in, const char *refresh, const char *scopes) {
    struct token token = {.access_token = secret_copy("TOKEN", 5), .expires_in = expires_in};
    struct credentials credentials;
    struct error error;
    cJSON *profile = sample_json("{\"id\":\"7\"}");
    token.refresh_token = refresh != NULL ? secret_copy(refresh, strlen(refresh)) : NULL;
    token.scopes = scopes != NULL ? sample_json(scopes) : NULL;
    assert_int_equal(token_record_make(config, "instagram", "7", &token, SAMPLE_NOW, &credentials, &error), ERROR_NONE);
    cJSON *document = user_patch("instagram", profile, &credentials, 0);
    assert_non_null(document);
    token_clear(&token);
    credentials_clear(&credentials);
    json_free(profile);
    return document;
}

static void comes_back(void **state) {
    (void)state;
    struct config config;
    struct error error;
    struct token_record record;
    sample_config(&config);
    for (int sealed = 0; sealed <= 1; sealed++) {
        config.seal_tokens = sealed;
        cJSON *document = with_token(&config, 3600, "REFRESH", NULL);
        char *printed = json_print(document);
        assert_int_equal(contains(printed, "TOKEN"), !sealed);
        assert_int_equal(contains(printed, "REFRESH"), !sealed);
        assert_int_equal(token_record_read(&config, "instagram", document, &record, &error), ERROR_NONE);
        assert_string_equal(secret_text(record.token.access_token), "TOKEN");
        assert_string_equal(secret_text(record.token.refresh_token), "REFRESH");
        assert_int_equal(record.obtained, SAMPLE_NOW);
        assert_int_equal(record.expires, SAMPLE_NOW + 3600);
        assert_false(record.invalid);
        token_record_clear(&record);
        json_free_text(printed);
        json_free(document);
    }
    sample_config_clear(&config);
}

/* A plain token of another program can be longer than ours may be. */
static void a_token_too_long_to_be_sealed(void **state) {
    (void)state;
    static char text[30001];
    struct config config;
    struct error error;
    struct token_record record;
    cJSON *patch;
    sample_config(&config);
    memset(text, 'x', sizeof text - 1);
    cJSON *document = sample_json("{\"instagram\":{\"id\":\"7\"}}");
    assert_true(json_add(json_member(document, "instagram"), "accessToken", cJSON_CreateString(text)));
    assert_int_equal(token_record_read(&config, "instagram", document, &record, &error), ERROR_NONE);
    assert_int_equal(token_record_reseal_patch(&config, "instagram", document, &record, &patch, &error),
                     ERROR_INTERNAL);
    assert_null(patch);
    assert_true(contains(error.cause, "the accessToken cannot be sealed: it has more than 16384 characters"));
    token_record_clear(&record);
    json_free(document);
    sample_config_clear(&config);
}

static void another_user_or_key_reads_nothing(void **state) {
    (void)state;
    struct config config, other;
    struct error error;
    struct token_record record;
    sample_config(&config);
    sample_config(&other);
    cJSON *document = with_token(&config, 0, NULL, NULL);
    assert_int_equal(token_record_read(&other, "instagram", document, &record, &error), ERROR_CONFIG);
    assert_int_equal(token_record_read(&config, "github", document, &record, &error), ERROR_NOT_FOUND);
    cJSON_ReplaceItemInObjectCaseSensitive(json_member(document, "instagram"), "id", cJSON_CreateString("8"));
    assert_int_equal(token_record_read(&config, "instagram", document, &record, &error), ERROR_CONFIG);
    json_free(document);
    sample_config_clear(&config);
    sample_config_clear(&other);
}

static void keeps_times_and_scopes(void **state) {
    (void)state;
    static const struct {
        int64_t expires_in;
        const char *scopes, *expires, *kept;
    } rows[] = {{3600, NULL, "{\"$date\":\"2025-11-24T17:00:00.000Z\"}", NULL},
                {0, "[\"a\",\"b\"]", "null", "[\"a\",\"b\"]"}};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *document = with_token(&config, rows[i].expires_in, NULL, rows[i].scopes);
        const cJSON *facts = json_member(json_member(document, "instagram"), "token");
        char *expires = json_print(json_member(facts, "expiresAt"));
        char *scopes = rows[i].kept != NULL ? json_print(json_member(facts, "scopes")) : NULL;
        assert_string_equal(expires, rows[i].expires);
        assert_true(same(scopes, rows[i].kept));
        json_free_text(expires);
        json_free_text(scopes);
        json_free(document);
    }
    sample_config_clear(&config);
}

static size_t allocations_left;

static void *scarce(size_t size) {
    return allocations_left != 0 && allocations_left-- != 0 ? malloc(size) : NULL;
}

/* What an older key sealed is sealed anew; what the first one sealed is left; no memory is neither. */
static void reseals(void **state) {
    (void)state;
    struct config config;
    struct error error;
    struct token_record record;
    cJSON *patch;
    sample_config(&config);
    cJSON *document = with_token(&config, 3600, "REFRESH", NULL);
    assert_int_equal(token_record_read(&config, "instagram", document, &record, &error), ERROR_NONE);
    assert_int_equal(token_record_reseal_patch(&config, "instagram", document, &record, &patch, &error), ERROR_NONE);
    assert_null(patch);
    cJSON_ReplaceItemInObjectCaseSensitive(json_member(document, "instagram"), "accessToken",
                                           cJSON_CreateString("PLAIN"));
    enum error_code code = ERROR_INTERNAL;
    for (size_t allowed = 0; code != ERROR_NONE; allowed++) {
        allocations_left = allowed;
        cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = scarce, .free_fn = free});
        code = token_record_reseal_patch(&config, "instagram", document, &record, &patch, &error);
        cJSON_InitHooks(NULL);
        assert_int_equal(code, patch != NULL ? ERROR_NONE : ERROR_INTERNAL);
        assert_int_equal(cJSON_GetArraySize(patch), patch != NULL ? 2 : 0);
        json_free(patch);
    }
    config.seal_tokens = false;
    assert_int_equal(token_record_reseal_patch(&config, "instagram", document, &record, &patch, &error), ERROR_NONE);
    assert_null(patch);
    token_record_clear(&record);
    json_free(document);
    sample_config_clear(&config);
}

static void documents_without_a_token(void **state) {
    (void)state;
    static const char *const rows[] = {"{}",
                                       "{\"instagram\":{}}",
                                       "{\"instagram\":{\"id\":\"7\"}}",
                                       "{\"instagram\":{\"accessToken\":\"x\"}}",
                                       "{\"instagram\":{\"id\":\"7\",\"accessToken\":null}}",
                                       "{\"instagram\":{\"id\":7,\"accessToken\":\"x\"}}",
                                       "{\"instagram\":[]}"};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct token_record record;
        struct error error;
        cJSON *document = sample_json(rows[i]);
        assert_row(token_record_read(&config, "instagram", document, &record, &error) == ERROR_NOT_FOUND, rows[i]);
        json_free(document);
    }
    sample_config_clear(&config);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back),
                                       cmocka_unit_test(another_user_or_key_reads_nothing),
                                       cmocka_unit_test(keeps_times_and_scopes),
                                       cmocka_unit_test(a_token_too_long_to_be_sealed),
                                       cmocka_unit_test(documents_without_a_token),
                                       cmocka_unit_test(reseals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
