/* token_seal.c: a token at rest opens for its own user and kind and no other; plain ones of other programs are taken as
 * they are; rotation; altered and cut ones; it never expires.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "store/token_seal.h"

static const struct token_owner own = {"instagram", "17841", "accessToken"};
static const char TOKEN[] = "IGAA-token.with~signs";

static char *seal_one(struct keyring *ring) {
    struct secret *token = secret_copy(TOKEN, strlen(TOKEN));
    sample_add_key(ring);
    char *stored;
    assert_int_equal(token_seal_close(ring, own, token, &stored), SEAL_DONE);
    assert_int_equal(strncmp(stored, "sealed:", 7), 0);
    assert_false(contains(stored, TOKEN));
    secret_free(token);
    return stored;
}

static bool opens(const struct keyring *ring, struct token_owner owner, const char *stored) {
    struct guarded input = guarded_string(stored);
    struct secret *token;
    const bool opened =
        token_seal_open(ring, owner, input.data, &token) == SEAL_DONE && strcmp(secret_text(token), TOKEN) == 0;
    secret_free(token);
    guarded_free(&input);
    return opened;
}

static void opens_for_its_user_only(void **state) {
    (void)state;
    static const struct {
        struct token_owner owner;
        bool opens;
    } rows[] = {{{"instagram", "17841", "accessToken"}, true},   {{"instagram", "17842", "accessToken"}, false},
                {{"instagram", "", "accessToken"}, false},       {{"github", "17841", "accessToken"}, false},
                {{"instagram", "17841", "refreshToken"}, false}, {{"instagram:17841", "", "accessToken"}, false},
                {{"instagra", "m:17841", "accessToken"}, false}};
    struct keyring ring = {.count = 0}, other = {.count = 0};
    char *stored = seal_one(&ring);
    sample_add_key(&other);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(opens(&ring, rows[i].owner, stored) == rows[i].opens, rows[i].owner.id);
    assert_false(opens(&other, own, stored));
    buffer_free_text(stored);
    keyring_clear(&ring);
    keyring_clear(&other);
}

static void altered_ones_stay_shut(void **state) {
    (void)state;
    struct keyring ring = {.count = 0};
    char *stored = seal_one(&ring);
    for (size_t at = 7; stored[at] != '\0'; at++) {
        stored[at] ^= 1;
        assert_false(opens(&ring, own, stored));
        stored[at] ^= 1;
    }
    assert_true(opens(&ring, own, stored));
    for (size_t len = strlen(stored); len > 7; len--) {
        stored[len - 1] = '\0';
        assert_false(opens(&ring, own, stored));
    }
    buffer_free_text(stored);
    keyring_clear(&ring);
}

static void takes_plain_ones(void **state) {
    (void)state;
    static const char *const rows[] = {"", "IGQVJ-plain", "Sealed:x", "sealed", "x sealed:"};
    struct keyring ring = {.count = 0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct secret *token;
        assert_row(token_seal_open(&ring, own, rows[i], &token) == SEAL_DONE &&
                       strcmp(secret_text(token), rows[i]) == 0,
                   rows[i]);
        secret_free(token);
    }
    static const char *const refused[] = {"sealed:", "sealed:x"};
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct secret *token;
        assert_row(token_seal_open(&ring, own, refused[i], &token) == SEAL_REFUSED && token == NULL, refused[i]);
    }
}

static void current_is_what_the_first_key_sealed(void **state) {
    (void)state;
    struct keyring ring = {.count = 0}, newer = {.count = 0};
    char *stored = seal_one(&ring);
    sample_add_key(&newer);
    assert_true(token_seal_is_current(&ring, stored));
    assert_false(token_seal_is_current(&newer, stored));
    static const char *const rows[] = {"", "plain", "sealed:", "sealed:x", "sealed:AQECAwQF"};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(!token_seal_is_current(&ring, rows[i]), rows[i]);
    buffer_free_text(stored);
    keyring_clear(&ring);
    assert_false(token_seal_is_current(&ring, "sealed:AQECAwQF"));
    keyring_clear(&newer);
}

static void needs_a_key(void **state) {
    (void)state;
    struct keyring ring = {.count = 0};
    struct secret *token = secret_copy("a", 1);
    char *stored;
    assert_int_equal(token_seal_close(&ring, own, token, &stored), SEAL_REFUSED);
    assert_null(stored);
    secret_free(token);
}

/* Every token that is taken can be stored; of a longer one it is said that it is too long. */
static void long_tokens(void **state) {
    (void)state;
    static const struct {
        size_t len;
        enum seal_result result;
    } rows[] = {{4097, SEAL_DONE}, {12288, SEAL_DONE}, {ACCESS_TOKEN_MAX, SEAL_DONE}, {30000, SEAL_REFUSED}};
    struct keyring ring = {.count = 0};
    sample_add_key(&ring);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct secret *token = secret_new(rows[i].len), *opened = NULL;
        char *stored;
        memset(token->bytes, 'x', token->len);
        assert_int_equal(token_seal_close(&ring, own, token, &stored), rows[i].result);
        assert_int_equal(stored != NULL, rows[i].result == SEAL_DONE);
        if (stored != NULL) {
            assert_int_equal(token_seal_open(&ring, own, stored, &opened), SEAL_DONE);
            assert_string_equal(secret_text(opened), secret_text(token));
        }
        secret_free(opened);
        secret_free(token);
        buffer_free_text(stored);
    }
    keyring_clear(&ring);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(opens_for_its_user_only),
                                       cmocka_unit_test(altered_ones_stay_shut),
                                       cmocka_unit_test(takes_plain_ones),
                                       cmocka_unit_test(current_is_what_the_first_key_sealed),
                                       cmocka_unit_test(needs_a_key),
                                       cmocka_unit_test(long_tokens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
