/* jws_sign.c: a token by each kind of key that npm's jose and node's crypto make (tests/tokens) is right by the public
 * key; what is no such key is refused, and nothing of it is told.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/file.h"
#include "jose/jws_sign.h"
#include "jose/key_set.h"

static cJSON *tokens;

static enum error_code sign(const cJSON *row, const char *key_id, struct buffer *token, struct error *error) {
    struct buffer pem = BUFFER_EMPTY;
    cJSON *payload = sample_json("{\"iss\":\"team\",\"aud\":\"https://a.example\",\"exp\":1764000300}");
    buffer_append_text(&pem, json_string(row, "pem"));
    const enum error_code code = jws_sign(&pem, key_id, payload, token, error);
    json_free(payload);
    buffer_free(&pem);
    return code;
}

/* Each kind of key makes the token of its algorithm. */
static void check_token(const char *text, const cJSON *row) {
    const char *name = json_string(row, "name");
    struct jws jws;
    struct error error = {""};
    cJSON *set = sample_json("{\"keys\":[]}");
    cJSON *key = cJSON_Duplicate(json_member(row, "jwk"), true);
    assert_true(json_add(key, "kid", cJSON_CreateString("K1")));
    assert_true(json_append(json_member(set, "keys"), key));
    assert_row(jws_parse(text, &jws, &error) == ERROR_NONE, name);
    assert_row(key_set_verify(set, &jws, NULL, &error) == KEY_SET_VERIFIED, error.cause);
    assert_string_equal(json_string(jws.header, "alg"), json_string(row, "algorithm"));
    assert_string_equal(json_string(jws.header, "kid"), "K1");
    assert_string_equal(json_string(jws.payload, "iss"), "team");
    jws_clear(&jws);
    json_free(set);
}

static void signs_with_each_kind_of_key(void **state) {
    (void)state;
    const cJSON *row;
    cJSON_ArrayForEach(row, json_member(tokens, "signing_keys")) {
        struct buffer token = BUFFER_EMPTY;
        struct error error = {""};
        const bool good = json_string(row, "algorithm") != NULL;
        const enum error_code code = sign(row, "K1", &token, &error);
        assert_row(code == (good ? ERROR_NONE : ERROR_CONFIG), json_string(row, "name"));
        assert_row(good || (contains(error.cause, "holds ") && !contains(error.cause, "hunter2")), error.cause);
        if (good)
            check_token(buffer_text(&token), row);
        buffer_free(&token);
    }
}

static void needs_no_key_id(void **state) {
    (void)state;
    struct buffer token = BUFFER_EMPTY;
    struct error error;
    struct jws jws;
    assert_int_equal(sign(cJSON_GetArrayItem(json_member(tokens, "signing_keys"), 0), NULL, &token, &error),
                     ERROR_NONE);
    assert_int_equal(jws_parse(buffer_text(&token), &jws, &error), ERROR_NONE);
    assert_null(json_member(jws.header, "kid"));
    jws_clear(&jws);
    buffer_free(&token);
}

static int read_tokens(void **state) {
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    if (file_read("tests/tokens/tokens.json", JSON_TEXT_MAX, &text, NULL))
        tokens = sample_json(buffer_text(&text));
    buffer_free(&text);
    return json_member(tokens, "signing_keys") != NULL ? 0 : -1;
}

static int free_tokens(void **state) {
    (void)state;
    json_free(tokens);
    return 0;
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(signs_with_each_kind_of_key),
                                       cmocka_unit_test(needs_no_key_id)};
    return cmocka_run_group_tests(tests, read_tokens, free_tokens);
}
