/* logout_token.c: tokens that npm's jose has signed (tests/tokens), right ones and ones of which one claim is wrong; an
 * ID token is none; by what a token is known when it comes again.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/file.h"
#include "openid/logout_token.h"

static cJSON *tokens;
static const cJSON *defaults;

static enum error_code read_token(const char *text, struct logout_token *token, struct error *error) {
    const struct logout_token_expectation expected = {json_string(defaults, "issuer"),
                                                      json_string(defaults, "client_id"), SAMPLE_NOW};
    bool unknown_key;
    enum error_code code = logout_token_read(text, &expected, token, error);
    if (code == ERROR_NONE)
        code = logout_token_verify(token, json_member(tokens, "keys"), NULL, &unknown_key, error);
    return code;
}

static void takes_what_is_right_and_nothing_else(void **state) {
    (void)state;
    size_t right = 0, wrong = 0;
    const cJSON *row;
    cJSON_ArrayForEach(row, json_member(tokens, "logouts")) {
        const char *name = json_string(row, "name"), *cause = json_string(row, "cause");
        struct guarded guarded = guarded_string(json_string(row, "token"));
        struct logout_token token;
        struct error error = {""};
        const enum error_code code = read_token(guarded.data, &token, &error);
        if (code != (cause == NULL ? ERROR_NONE : ERROR_BAD_REQUEST) ||
            (cause != NULL && !contains(error.cause, cause)))
            fail_msg("row \"%s\": code %d, \"%s\" instead of \"%s\"", name, (int)code, error.cause, cause);
        if (cause == NULL) {
            assert_row(same(token.sub, json_string(row, "sub")) && same(token.sid, json_string(row, "sid")), name);
            assert_int_equal(token.expires, SAMPLE_NOW + 120 + SIGNED_TOKEN_SKEW_SECONDS);
        }
        assert_row(!contains(error.cause, "248289761001") && !contains(error.cause, "08a5019c"), error.cause);
        cause == NULL ? right++ : wrong++;
        logout_token_clear(&token);
        guarded_free(&guarded);
    }
    assert_true(right >= 9 && wrong >= 50);
}

static const char *token_of(const char *name) {
    const cJSON *row;
    cJSON_ArrayForEach(
        row, json_member(tokens, "logouts")) if (same(json_string(row, "name"), name)) return json_string(row, "token");
    fail_msg("there is no logout token \"%s\"", name);
    return NULL;
}

/* Its id and its issuer alone count: the same token in another spelling is the same. */
static void is_known_by_its_id(void **state) {
    (void)state;
    struct logout_token one, other;
    struct error error;
    assert_int_equal(read_token(token_of("sub and sid"), &one, &error), ERROR_NONE);
    assert_int_equal(read_token(token_of("sub alone"), &other, &error), ERROR_NONE);
    assert_string_equal(one.hash, other.hash);
    assert_int_equal(strspn(one.hash, "0123456789abcdef"), LOGOUT_TOKEN_HASH_SIZE - 1);
    logout_token_clear(&one);
    logout_token_clear(&other);
}

static void nothing_is_no_token(void **state) {
    (void)state;
    struct logout_token token;
    struct error error;
    assert_int_equal(read_token(NULL, &token, &error), ERROR_BAD_REQUEST);
    logout_token_clear(&token);
    assert_int_equal(read_token("", &token, &error), ERROR_BAD_REQUEST);
    logout_token_clear(&token);
}

static int read_tokens(void **state) {
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    if (file_read("tests/tokens/tokens.json", JSON_TEXT_MAX, &text, NULL))
        tokens = sample_json(buffer_text(&text));
    buffer_free(&text);
    defaults = json_member(tokens, "expected");
    return defaults != NULL ? 0 : -1;
}

static int free_tokens(void **state) {
    (void)state;
    json_free(tokens);
    return 0;
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(takes_what_is_right_and_nothing_else),
                                       cmocka_unit_test(is_known_by_its_id), cmocka_unit_test(nothing_is_no_token)};
    return cmocka_run_group_tests(tests, read_tokens, free_tokens);
}
