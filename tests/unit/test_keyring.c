/* keyring.c: which texts are keys, the limit of the ring, ids and subkeys (a fixed one, so that nothing sealed becomes
 * unreadable), ids that can travel, new keys; and secret.c, which holds them: copies and text.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "seal/keyring.h"

static const char KEY[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="; /* bytes 0 to 31 */

static void accepts_and_refuses(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {{KEY, true},
                {"////////////////////////////////////////AAA=", true},
                {"", false},
                {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", false},
                {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", false},
                {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", false},
                {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", false},
                {" AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", false},
                {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", false},
                {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=x", false},
                {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-=", false},
                {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false},
                {"//////////////////////////////////////////8=", false},
                {"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", false},
                {"BASE64 of 32 random bytes, from: cgi-login new-key", false},
                {"YOUR_KEY", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct keyring ring = {.count = 0};
        struct guarded text = guarded_string(rows[i].text);
        assert_row(keyring_add(&ring, text.data) == (rows[i].valid ? KEY_ADDED : KEY_REFUSED), rows[i].text);
        assert_row(ring.count == rows[i].valid, rows[i].text);
        keyring_clear(&ring);
        guarded_free(&text);
    }
}

/* libsodium's decoder takes every byte from 0x80 on for "/": a key with stray bytes is no Base64. */
static void refuses_stray_bytes(void **state) {
    (void)state;
    struct keyring ring = {.count = 0};
    const enum key_result added = keyring_add(&ring, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd\xC3\xA9");
    const enum key_result also = keyring_add(&ring, "\xC3\xA9"
                                                    "ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    keyring_clear(&ring);
    assert_int_equal(added, KEY_REFUSED);
    assert_int_equal(also, KEY_REFUSED);
}

static void holds_so_many(void **state) {
    (void)state;
    char text[KEY_TEXT_SIZE];
    struct keyring ring = {.count = 0};
    for (size_t i = 0; i <= KEYS_MAX; i++) {
        keyring_generate(text);
        assert_int_equal(keyring_add(&ring, text), i < KEYS_MAX ? KEY_ADDED : KEY_REFUSED);
    }
    assert_int_equal(ring.count, KEYS_MAX);
    keyring_clear(&ring);
    assert_int_equal(ring.count, 0);
    keyring_clear(&ring);
}

static void generates_different_keys(void **state) {
    (void)state;
    char first[KEY_TEXT_SIZE], second[KEY_TEXT_SIZE];
    struct keyring ring = {.count = 0};
    keyring_generate(first);
    keyring_generate(second);
    assert_string_not_equal(first, second);
    assert_int_equal(strlen(first), 44);
    assert_int_equal(keyring_add(&ring, first), KEY_ADDED);
    assert_int_equal(keyring_add(&ring, second), KEY_ADDED);
    assert_memory_not_equal(ring.keys[0].id, ring.keys[1].id, KEY_ID_BYTES);
    keyring_clear(&ring);
}

static void subkeys_differ(void **state) {
    (void)state;
    struct keyring ring = {.count = 0};
    struct secret *subkeys[KEY_FOR_SESSION_ID + 1];
    assert_int_equal(keyring_add(&ring, KEY), KEY_ADDED);
    for (int purpose = KEY_FOR_ID; purpose <= KEY_FOR_SESSION_ID; purpose++) {
        subkeys[purpose] = keyring_subkey(&ring.keys[0], (enum key_purpose)purpose);
        assert_non_null(subkeys[purpose]);
        assert_memory_not_equal(subkeys[purpose]->bytes, ring.keys[0].master->bytes, KEY_BYTES);
        for (int other = KEY_FOR_ID; other < purpose; other++)
            assert_memory_not_equal(subkeys[purpose]->bytes, subkeys[other]->bytes, KEY_BYTES);
    }
    for (int purpose = KEY_FOR_ID; purpose <= KEY_FOR_SESSION_ID; purpose++)
        secret_free(subkeys[purpose]);
    keyring_clear(&ring);
}

/* What is sealed with a key must stay readable: purpose 1, context "cgilogin" of bytes 0 to 31, by libsodium itself. */
static void derivation_is_fixed(void **state) {
    (void)state;
    unsigned char master[KEY_BYTES], expected[KEY_BYTES];
    struct keyring ring = {.count = 0};
    for (size_t i = 0; i < sizeof master; i++)
        master[i] = (unsigned char)i;
    assert_int_equal(keyring_add(&ring, KEY), KEY_ADDED);
    crypto_kdf_derive_from_key(expected, sizeof expected, 1, "cgilogin", master);
    struct secret *subkey = keyring_subkey(&ring.keys[0], KEY_FOR_SESSION);
    assert_memory_equal(subkey->bytes, expected, sizeof expected);
    secret_free(subkey);
    keyring_clear(&ring);
}

/* One key in 1,400 had an id that put "--" into all it sealed. It gets another, and what named the first is still its.
 * */
static void ids_can_travel(void **state) {
    (void)state;
    char key[KEY_TEXT_SIZE];
    size_t replaced = 0;
    for (size_t i = 0; i < 20000; i++) {
        struct keyring ring = {.count = 0};
        char start[16];
        unsigned char header[1 + KEY_ID_BYTES] = {1};
        keyring_generate(key);
        assert_int_equal(keyring_add(&ring, key), KEY_ADDED);
        memcpy(header + 1, ring.keys[0].id, KEY_ID_BYTES);
        sodium_bin2base64(start, sizeof start, header, sizeof header, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        assert_row(strstr(start, "--") == NULL, key);
        assert_true(keyring_key_has_id(&ring.keys[0], ring.keys[0].id));
        assert_true(keyring_key_has_id(&ring.keys[0], ring.keys[0].older_id));
        assert_false(keyring_key_has_id(&ring.keys[0], ring.keys[0].master->bytes));
        replaced += memcmp(ring.keys[0].id, ring.keys[0].older_id, KEY_ID_BYTES) != 0;
        keyring_clear(&ring);
    }
    assert_in_range(replaced, 1, 100);
}

static void secrets(void **state) {
    (void)state;
    struct secret *token = secret_copy("token", 5), *empty = secret_new(0), *nothing = secret_copy(NULL, 0);
    assert_int_equal(token->len, 5);
    assert_string_equal(secret_text(token), "token");
    assert_string_equal(secret_text(NULL), "");
    assert_string_equal(secret_text(empty), "");
    assert_null(secret_new(SIZE_MAX - 8));
    struct secret *const all[] = {token, empty, nothing, NULL};
    for (size_t i = 0; i < COUNT(all); i++)
        secret_free(all[i]);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_and_refuses), cmocka_unit_test(refuses_stray_bytes),
        cmocka_unit_test(holds_so_many),       cmocka_unit_test(generates_different_keys),
        cmocka_unit_test(subkeys_differ),      cmocka_unit_test(derivation_is_fixed),
        cmocka_unit_test(ids_can_travel),      cmocka_unit_test(secrets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
