/* deletion_code.c: what a code says comes back, whichever key of the ring made it; letters and digits only; two codes
 * for the same differ; every changed, missing or added character, another provider, another key.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "meta/deletion_code.h"

static const struct deletion sample = {.time = SAMPLE_NOW, .had_data = true};

static void make(const struct keyring *ring, const struct deletion *deletion, struct buffer *code) {
    buffer_free(code);
    assert_true(deletion_code_make(ring, "instagram", deletion, code));
}

static bool reads(const struct keyring *ring, const char *provider, const char *code, struct deletion *deletion) {
    struct guarded guarded = guarded_string(code);
    struct error error;
    const enum error_code result = deletion_code_read(ring, provider, guarded.data, deletion, &error);
    const bool read = result == ERROR_NONE;
    assert_true(read || result == ERROR_NOT_FOUND);
    guarded_free(&guarded);
    return read;
}

static void comes_back(void **state) {
    (void)state;
    static const struct deletion rows[] = {
        {SAMPLE_NOW, true, false}, {SAMPLE_NOW, false, false},      {0, true, true},
        {INT32_MAX, false, false}, {(int64_t)1 << 40, true, false}, {SAMPLE_NOW, true, true}};
    struct keyring ring = {.count = 0};
    struct buffer code = BUFFER_EMPTY;
    sample_add_key(&ring);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct deletion read = {.time = -1};
        make(&ring, &rows[i], &code);
        assert_int_equal(strspn(code.data, "0123456789abcdef"), code.len);
        assert_true(reads(&ring, "instagram", code.data, &read));
        assert_int_equal(read.time, rows[i].time);
        assert_int_equal(read.had_data, rows[i].had_data);
        assert_int_equal(read.kept, rows[i].kept);
    }
    buffer_free(&code);
    keyring_clear(&ring);
}

static void two_codes_differ(void **state) {
    (void)state;
    struct keyring ring = {.count = 0};
    struct buffer code = BUFFER_EMPTY, other = BUFFER_EMPTY;
    sample_add_key(&ring);
    make(&ring, &sample, &code);
    make(&ring, &sample, &other);
    assert_string_not_equal(code.data, other.data);
    buffer_free(&code);
    buffer_free(&other);
    keyring_clear(&ring);
}

static void no_other_character_reads(void **state) {
    (void)state;
    struct keyring ring = {.count = 0};
    struct buffer code = BUFFER_EMPTY;
    struct deletion read;
    sample_add_key(&ring);
    make(&ring, &sample, &code);
    for (size_t at = 0; at < code.len; at++) {
        const char kept = code.data[at];
        for (const char *other = "0123456789abcdefg:-. "; *other != '\0'; other++) {
            code.data[at] = *other;
            assert_int_equal(reads(&ring, "instagram", code.data, &read), *other == kept);
        }
        code.data[at] = kept;
    }
    buffer_free(&code);
    keyring_clear(&ring);
}

static void nothing_longer_or_shorter_reads(void **state) {
    (void)state;
    static const char *const rows[] = {"", "0", "00", " ", "x", "%", "=="};
    static char longer[1024], huge[20000];
    struct keyring ring = {.count = 0};
    struct buffer code = BUFFER_EMPTY;
    struct deletion read;
    sample_add_key(&ring);
    make(&ring, &sample, &code);
    for (size_t i = 1; i < COUNT(rows); i++) {
        snprintf(longer, sizeof longer, "%s%s", code.data, rows[i]);
        assert_row(!reads(&ring, "instagram", longer, &read), rows[i]);
        snprintf(longer, sizeof longer, "%s%s", rows[i], code.data);
        assert_row(!reads(&ring, "instagram", longer, &read), rows[i]);
    }
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(!reads(&ring, "instagram", rows[i], &read), rows[i]);
    assert_false(reads(&ring, "instagram", repeat(huge, "ab", 9999), &read));
    struct error error;
    assert_int_equal(deletion_code_read(&ring, "instagram", NULL, &read, &error), ERROR_NOT_FOUND);
    for (size_t len = code.len; len-- > 0;) {
        code.data[len] = '\0';
        assert_false(reads(&ring, "instagram", code.data, &read));
    }
    buffer_free(&code);
    keyring_clear(&ring);
}

static void belongs_to_provider_and_keys(void **state) {
    (void)state;
    struct keyring ring = {.count = 0}, rotated = {.count = 0}, other = {.count = 0};
    struct buffer code = BUFFER_EMPTY;
    struct deletion read;
    char key[KEY_TEXT_SIZE];
    keyring_generate(key);
    assert_int_equal(keyring_add(&ring, key), KEY_ADDED);
    sample_add_key(&rotated);
    assert_int_equal(keyring_add(&rotated, key), KEY_ADDED);
    sample_add_key(&other);
    make(&ring, &sample, &code);
    assert_true(reads(&ring, "instagram", code.data, &read));
    assert_true(reads(&rotated, "instagram", code.data, &read));
    assert_false(reads(&other, "instagram", code.data, &read));
    assert_false(reads(&ring, "github", code.data, &read));
    assert_false(reads(&ring, "", code.data, &read));
    buffer_free(&code);
    keyring_clear(&ring);
    keyring_clear(&rotated);
    keyring_clear(&other);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back), cmocka_unit_test(two_codes_differ), cmocka_unit_test(no_other_character_reads),
        cmocka_unit_test(nothing_longer_or_shorter_reads), cmocka_unit_test(belongs_to_provider_and_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
