/* jws.c, jws_algorithm.c, public_key.c, key_set.c, signed_claims.c and id_token.c: tokens that npm's jose has signed
 * (tests/tokens), the right ones of each algorithm and some 300 of which one thing is wrong: form, header, claim, key;
 * and each character of a right one wrong in turn. TOKENS names another file of them than the tree's.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/file.h"
#include "base/text.h"
#include "openid/id_token.h"

#include <stdlib.h>

static cJSON *tokens;
static const cJSON *defaults, *keys;

/* A case's own value, which may be null for none, or everybody's. */
static const char *text_of(const cJSON *row, const char *name) {
    return cJSON_GetStringValue(json_member(row, name) != NULL ? json_member(row, name) : json_member(defaults, name));
}

static enum error_code read_token(const char *text, const cJSON *row, cJSON **claims, bool *unknown_key,
                                  struct error *error) {
    const char *text_secret = json_string(row, "secret");
    struct secret *secret = text_secret != NULL ? secret_copy(text_secret, strlen(text_secret)) : NULL;
    const struct id_token_expectation expected = {.issuer = text_of(row, "issuer"),
                                                  .client_id = text_of(row, "client_id"),
                                                  .nonce = text_of(row, "nonce"),
                                                  .access_token = text_of(row, "access_token"),
                                                  .algorithms = json_member(row, "algorithms"),
                                                  .by_secret = secret != NULL,
                                                  .secret = secret,
                                                  .now = SAMPLE_NOW};
    const cJSON *own = json_member(row, "keys");
    struct guarded guarded = guarded_string(text);
    const enum error_code code =
        id_token_read(guarded.data, own != NULL ? own : keys, &expected, claims, unknown_key, error);
    guarded_free(&guarded);
    secret_free(secret);
    return code;
}

/* The cause goes into the log: no part of the token is in it. */
static bool shows(const char *cause, const char *token) {
    char part[32];
    for (const char *at = token; strlen(at) > 20; at += 10) {
        snprintf(part, sizeof part, "%.12s", at);
        if (contains(cause, part))
            return true;
    }
    return contains(cause, "248289761001") || contains(cause, "SlAV32hkKG");
}

static void check(const cJSON *row) {
    const char *name = json_string(row, "name"), *token = json_string(row, "token"), *cause = json_string(row, "cause");
    struct error error = {""};
    cJSON *claims;
    bool unknown_key;
    const enum error_code code = read_token(token, row, &claims, &unknown_key, &error);
    if (code != (cause == NULL ? ERROR_NONE : ERROR_PROVIDER) || (cause != NULL && !contains(error.cause, cause)))
        fail_msg("row \"%s\": code %d, \"%s\" instead of \"%s\"", name, (int)code, error.cause, cause);
    assert_row((claims != NULL) == (cause == NULL), name);
    assert_row(unknown_key == cJSON_IsTrue(json_member(row, "unknown_key")), name);
    assert_row(!shows(error.cause, token), name);
    json_free(claims);
}

static void takes_what_is_right_and_nothing_else(void **state) {
    (void)state;
    size_t right = 0, wrong = 0;
    const cJSON *row;
    cJSON_ArrayForEach(row, json_member(tokens, "cases")) {
        check(row);
        json_string(row, "cause") == NULL ? right++ : wrong++;
    }
    assert_true(right > 20 && wrong > 250);
}

/* The most and the least significant of a character's six bits. In the last character of a part some count for nothing:
 * that is another spelling, which is refused as well. */
static void refuses_every_changed_character(void **state) {
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const cJSON *row;
    cJSON_ArrayForEach(row, json_member(tokens, "cases")) {
        char text[2048];
        cJSON *claims;
        bool unknown_key;
        struct error error;
        /* P-384 takes as long as all others together. */
        const size_t step = same(json_string(row, "name"), "ES384") ? 4 : 1;
        if (!cJSON_IsTrue(json_member(row, "every_byte")))
            continue;
        assert_true(text_copy(text, sizeof text, json_string(row, "token")));
        for (size_t at = 0; at < strlen(text); at += step) {
            const char kept = text[at], *place = strchr(alphabet, kept);
            text[at] = place == NULL ? '-' : alphabet[(size_t)(place - alphabet) ^ (at / step % 2 == 0 ? 1 : 32)];
            assert_row(read_token(text, row, &claims, &unknown_key, &error) == ERROR_PROVIDER, text);
            text[at] = kept;
        }
        assert_row(read_token(text, row, &claims, &unknown_key, &error) == ERROR_NONE, json_string(row, "name"));
        json_free(claims);
    }
}

static void refuses_every_truncation(void **state) {
    (void)state;
    const cJSON *row = cJSON_GetArrayItem(json_member(tokens, "cases"), 4);
    const char *token = json_string(row, "token");
    char text[2048];
    cJSON *claims;
    bool unknown_key;
    struct error error;
    for (size_t len = 0; len < strlen(token); len++) {
        snprintf(text, sizeof text, "%.*s", (int)len, token);
        assert_row(read_token(text, row, &claims, &unknown_key, &error) == ERROR_PROVIDER, text);
        assert_row(len == 0 || read_token(token + len, row, &claims, &unknown_key, &error) == ERROR_PROVIDER, text);
    }
}

static void nothing_is_no_token(void **state) {
    (void)state;
    const struct id_token_expectation expected = {.issuer = "https://a.example", .client_id = "c", .now = SAMPLE_NOW};
    cJSON *claims;
    bool unknown_key;
    struct error error;
    assert_int_equal(id_token_read(NULL, keys, &expected, &claims, &unknown_key, &error), ERROR_PROVIDER);
    assert_int_equal(id_token_read(".", NULL, &expected, &claims, &unknown_key, &error), ERROR_PROVIDER);
    /* Who has no secret believes nothing that a secret signs. */
    const struct id_token_expectation no_secret = {
        .issuer = "i", .client_id = "c", .now = SAMPLE_NOW, .by_secret = true};
    assert_int_equal(id_token_read("eyJhbGciOiJIUzI1NiJ9.e30.AAAA", NULL, &no_secret, &claims, &unknown_key, &error),
                     ERROR_PROVIDER);
    assert_null(claims);
}

static int read_tokens(void **state) {
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    const char *path = getenv("TOKENS");
    const bool read = file_read(path != NULL ? path : "tests/tokens/tokens.json", JSON_TEXT_MAX, &text, NULL);
    tokens = read ? sample_json(buffer_text(&text)) : NULL;
    buffer_free(&text);
    defaults = json_member(tokens, "expected");
    keys = json_member(tokens, "keys");
    return keys != NULL ? 0 : -1;
}

static int free_tokens(void **state) {
    (void)state;
    json_free(tokens);
    return 0;
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_is_right_and_nothing_else), cmocka_unit_test(refuses_every_changed_character),
        cmocka_unit_test(refuses_every_truncation), cmocka_unit_test(nothing_is_no_token)};
    return cmocka_run_group_tests(tests, read_tokens, free_tokens);
}
