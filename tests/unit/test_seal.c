/* seal.c: what is sealed opens again and reads as a string; lengths; no "--" in what travels; rotation; another
 * purpose, context or key; expiry to the second; every byte flipped in every bit; letters that are not its alphabet's;
 * every truncation; things added; limits.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "seal/seal.h"

enum { EXPIRES = 1000 };

struct sealed {
    struct keyring ring;
    struct buffer text;
};

static int seal_one(void **state) {
    static struct sealed sealed;
    sealed = (struct sealed){.text = BUFFER_EMPTY};
    sample_add_key(&sealed.ring);
    assert_int_equal(seal_close(&sealed.ring, KEY_FOR_SESSION, "c", EXPIRES, "hello", 5, &sealed.text), SEAL_DONE);
    *state = &sealed;
    return 0;
}

static int free_one(void **state) {
    struct sealed *sealed = *state;
    keyring_clear(&sealed->ring);
    buffer_free(&sealed->text);
    return 0;
}

/* Opens `len` bytes, put against a forbidden page. */
static bool opens(const struct keyring *ring, enum key_purpose purpose, const char *context, int64_t now,
                  const char *text, size_t len) {
    struct guarded input = guarded_copy(text, len);
    struct secret *plain;
    const enum seal_result result = seal_open(ring, purpose, context, now, input.data, len, &plain);
    const bool opened = result == SEAL_DONE;
    assert_int_not_equal(result, SEAL_NO_MEMORY);
    assert_int_equal(opened, plain != NULL);
    if (opened)
        assert_string_equal(secret_text(plain), "hello");
    secret_free(plain);
    guarded_free(&input);
    return opened;
}

static void round_trip_of_every_length(void **state) {
    (void)state;
    static char plain[4000];
    struct keyring ring = {.count = 0};
    sample_add_key(&ring);
    randombytes_buf(plain, sizeof plain);
    for (size_t len = 0; len < sizeof plain; len = len < 70 ? len + 1 : len * 2 + 1) {
        struct buffer text = BUFFER_EMPTY;
        assert_int_equal(seal_close(&ring, KEY_FOR_TOKEN, "", SEAL_NEVER_EXPIRES, plain, len, &text), SEAL_DONE);
        assert_int_equal(text.len, seal_sealed_length(len));
        assert_int_equal(strspn(text.data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                         text.len);
        struct secret *opened;
        assert_int_equal(seal_open(&ring, KEY_FOR_TOKEN, "", INT64_MAX - 1, text.data, text.len, &opened), SEAL_DONE);
        assert_int_equal(opened->len, len);
        assert_memory_equal(opened->bytes, plain, len);
        assert_int_equal(opened->bytes[len], 0);
        secret_free(opened);
        buffer_free(&text);
    }
    keyring_clear(&ring);
}

/* "--" is what firewalls read as a comment of SQL. A sealed token travels nowhere. */
static void holds_no_comment(void **state) {
    (void)state;
    static char plain[2900];
    size_t tokens = 0;
    for (size_t i = 0; i < 2000; i++) {
        struct keyring ring = {.count = 0};
        struct buffer text = BUFFER_EMPTY, token = BUFFER_EMPTY;
        sample_add_key(&ring);
        assert_int_equal(seal_close(&ring, KEY_FOR_SESSION, "", EXPIRES, plain, sizeof plain, &text), SEAL_DONE);
        assert_int_equal(seal_close(&ring, KEY_FOR_TOKEN, "", EXPIRES, plain, sizeof plain, &token), SEAL_DONE);
        assert_null(strstr(buffer_text(&text), "--"));
        tokens += strstr(buffer_text(&token), "--") != NULL;
        buffer_free(&text);
        buffer_free(&token);
        keyring_clear(&ring);
    }
    assert_in_range(tokens, 500, 2000);
}

/* What an earlier version sealed with "--" in it, its key's id included, is opened. */
static void opens_a_comment(void **state) {
    (void)state;
    char key[KEY_TEXT_SIZE];
    struct keyring ring = {.count = 0};
    struct buffer text = BUFFER_EMPTY;
    do {
        keyring_clear(&ring);
        keyring_generate(key);
        assert_int_equal(keyring_add(&ring, key), KEY_ADDED);
    } while (memcmp(ring.keys[0].id, ring.keys[0].older_id, KEY_ID_BYTES) == 0);
    memcpy(ring.keys[0].id, ring.keys[0].older_id, KEY_ID_BYTES);
    assert_int_equal(seal_close(&ring, KEY_FOR_TOKEN, "", EXPIRES, "hello", 5, &text), SEAL_DONE);
    assert_non_null(strstr(buffer_text(&text), "--"));
    keyring_clear(&ring);
    assert_int_equal(keyring_add(&ring, key), KEY_ADDED);
    assert_true(opens(&ring, KEY_FOR_TOKEN, "", 0, text.data, text.len));
    buffer_free(&text);
    keyring_clear(&ring);
}

static void two_sealings_differ(void **state) {
    struct sealed *sealed = *state;
    struct buffer again = BUFFER_EMPTY;
    assert_int_equal(seal_close(&sealed->ring, KEY_FOR_SESSION, "c", EXPIRES, "hello", 5, &again), SEAL_DONE);
    assert_string_not_equal(buffer_text(&again), buffer_text(&sealed->text));
    buffer_free(&again);
}

static void binds_purpose_and_context(void **state) {
    const struct sealed *sealed = *state;
    static const struct {
        enum key_purpose purpose;
        const char *context;
        bool opens;
    } rows[] = {{KEY_FOR_SESSION, "c", true},        {KEY_FOR_SESSION, "", false}, {KEY_FOR_SESSION, "C", false},
                {KEY_FOR_SESSION, "cc", false},      {KEY_FOR_ID, "c", false},     {KEY_FOR_PENDING_LOGIN, "c", false},
                {KEY_FOR_DELETION_CODE, "c", false}, {KEY_FOR_TOKEN, "c", false},  {KEY_FOR_SESSION_ID, "c", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(opens(&sealed->ring, rows[i].purpose, rows[i].context, 0, sealed->text.data, sealed->text.len) ==
                       rows[i].opens,
                   rows[i].context);
}

static void expires_to_the_second(void **state) {
    const struct sealed *sealed = *state;
    static const struct {
        int64_t now;
        bool opens;
    } rows[] = {{0, true}, {EXPIRES - 1, true}, {EXPIRES, false}, {EXPIRES + 1, false}, {INT64_MAX, false}, {-1, true}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(opens(&sealed->ring, KEY_FOR_SESSION, "c", rows[i].now, sealed->text.data, sealed->text.len),
                         rows[i].opens);
}

static void rotates_keys(void **state) {
    struct sealed *sealed = *state;
    struct keyring rotated = {.count = 0}, other = {.count = 0}, empty = {.count = 0};
    struct buffer newer = BUFFER_EMPTY;
    sample_add_key(&rotated);
    sample_add_key(&other);
    rotated.keys[rotated.count++] = (struct key){.master = secret_copy(sealed->ring.keys[0].master->bytes, KEY_BYTES)};
    memcpy(rotated.keys[1].id, sealed->ring.keys[0].id, KEY_ID_BYTES);
    assert_true(opens(&rotated, KEY_FOR_SESSION, "c", 0, sealed->text.data, sealed->text.len));
    assert_false(opens(&other, KEY_FOR_SESSION, "c", 0, sealed->text.data, sealed->text.len));
    assert_false(opens(&empty, KEY_FOR_SESSION, "c", 0, sealed->text.data, sealed->text.len));
    assert_int_equal(seal_close(&rotated, KEY_FOR_SESSION, "c", EXPIRES, "hello", 5, &newer), SEAL_DONE);
    assert_true(opens(&rotated, KEY_FOR_SESSION, "c", 0, newer.data, newer.len));
    assert_false(opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, newer.data, newer.len));
    assert_int_equal(seal_close(&empty, KEY_FOR_SESSION, "c", EXPIRES, "hello", 5, &newer), SEAL_REFUSED);
    buffer_free(&newer);
    keyring_clear(&rotated);
    keyring_clear(&other);
}

static void no_flipped_bit_opens(void **state) {
    const struct sealed *sealed = *state;
    for (size_t at = 0; at < sealed->text.len; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            sealed->text.data[at] ^= (char)(1u << bit);
            assert_false(opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, sealed->text.data, sealed->text.len));
            sealed->text.data[at] ^= (char)(1u << bit);
        }
    }
    assert_true(opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, sealed->text.data, sealed->text.len));
}

/* libsodium's decoder takes every byte from 0x80 on for "_": two texts would open as one. */
static void takes_only_its_own_alphabet(void **state) {
    struct sealed *sealed = *state;
    char *underscore = NULL;
    while ((underscore = strchr(sealed->text.data, '_')) == NULL) {
        buffer_free(&sealed->text);
        assert_int_equal(seal_close(&sealed->ring, KEY_FOR_SESSION, "c", EXPIRES, "hello", 5, &sealed->text),
                         SEAL_DONE);
    }
    assert_true(opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, sealed->text.data, sealed->text.len));
    *underscore = '\xFF';
    assert_false(opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, sealed->text.data, sealed->text.len));
}

static void no_truncation_opens(void **state) {
    const struct sealed *sealed = *state;
    for (size_t len = 0; len < sealed->text.len; len++) {
        assert_false(opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, sealed->text.data, len));
        assert_false(
            opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, sealed->text.data + len + 1, sealed->text.len - len - 1));
    }
}

static void nothing_added_opens(void **state) {
    const struct sealed *sealed = *state;
    static const char *const rows[] = {"A", "=", "==", " ", "\n", "AAAA", ".", "%20"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[512];
        const int len = snprintf(text, sizeof text, "%s%s", sealed->text.data, rows[i]);
        assert_row(!opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, text, (size_t)len), rows[i]);
        snprintf(text, sizeof text, "%s%s", rows[i], sealed->text.data);
        assert_row(!opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, text, (size_t)len), rows[i]);
    }
}

static void refuses_what_is_too_large(void **state) {
    struct sealed *sealed = *state;
    static char large[30000], context[258];
    struct buffer out = BUFFER_EMPTY;
    memset(large, 'A', sizeof large - 1);
    memset(context, 'c', 257);
    assert_int_equal(seal_close(&sealed->ring, KEY_FOR_SESSION, "", EXPIRES, large, sizeof large, &out), SEAL_REFUSED);
    assert_int_equal(seal_close(&sealed->ring, KEY_FOR_SESSION, context, EXPIRES, "hello", 5, &out), SEAL_REFUSED);
    assert_false(opens(&sealed->ring, KEY_FOR_SESSION, "c", 0, large, sizeof large - 1));
    assert_false(opens(&sealed->ring, KEY_FOR_SESSION, context, 0, sealed->text.data, sealed->text.len));
    context[256] = '\0';
    assert_int_equal(seal_close(&sealed->ring, KEY_FOR_SESSION, context, EXPIRES, "hello", 5, &out), SEAL_DONE);
    assert_true(opens(&sealed->ring, KEY_FOR_SESSION, context, 0, out.data, out.len));
    buffer_free(&out);
}

/* What can be sealed can be opened again, up to the longest text. */
static void the_longest_opens_again(void **state) {
    struct sealed *sealed = *state;
    static char large[20000];
    struct buffer out = BUFFER_EMPTY;
    struct secret *plain = NULL;
    size_t len = sizeof large;
    while (seal_close(&sealed->ring, KEY_FOR_TOKEN, "", EXPIRES, large, len, &out) == SEAL_REFUSED)
        len--;
    assert_true(len > ACCESS_TOKEN_MAX);
    assert_int_equal(seal_open(&sealed->ring, KEY_FOR_TOKEN, "", 0, out.data, out.len, &plain), SEAL_DONE);
    assert_int_equal(plain->len, len);
    secret_free(plain);
    buffer_free(&out);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
#define WITH_ONE(test) cmocka_unit_test_setup_teardown(test, seal_one, free_one)
    const struct CMUnitTest tests[] = {cmocka_unit_test(round_trip_of_every_length),
                                       cmocka_unit_test(holds_no_comment),
                                       cmocka_unit_test(opens_a_comment),
                                       WITH_ONE(two_sealings_differ),
                                       WITH_ONE(binds_purpose_and_context),
                                       WITH_ONE(expires_to_the_second),
                                       WITH_ONE(rotates_keys),
                                       WITH_ONE(no_flipped_bit_opens),
                                       WITH_ONE(takes_only_its_own_alphabet),
                                       WITH_ONE(no_truncation_opens),
                                       WITH_ONE(nothing_added_opens),
                                       WITH_ONE(refuses_what_is_too_large),
                                       WITH_ONE(the_longest_opens_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
