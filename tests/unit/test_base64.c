/* base64.c: RFC 4648's own examples in both alphabets; padding, white space, the other alphabet's characters, bits that
 * do not belong to a byte, bytes from 0x80 on; output of exactly the size and one less.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/base64.h"

enum { SIZE = 16 };

typedef bool (*decoder)(const char *text, size_t len, unsigned char *bytes, size_t size, size_t *bytes_len);

/* Decodes text that ends at a forbidden page into room that ends at one; compares with `expected`, NULL for
 * a refusal. */
static bool decodes_to(decoder decode, const char *text, size_t size, const char *expected) {
    static const char empty[SIZE];
    struct guarded input = guarded_copy(text, strlen(text)), output = guarded_copy(empty, size);
    size_t len = 0;
    const bool decoded = decode(input.data, strlen(text), (unsigned char *)output.data, size, &len);
    const bool right =
        expected == NULL ? !decoded : decoded && len == strlen(expected) && memcmp(output.data, expected, len) == 0;
    guarded_free(&input);
    guarded_free(&output);
    return right;
}

static void examples_of_the_standard(void **state) {
    (void)state;
    static const struct {
        const char *padded, *unpadded, *plain;
    } rows[] = {{"", "", ""},
                {"Zg==", "Zg", "f"},
                {"Zm8=", "Zm8", "fo"},
                {"Zm9v", "Zm9v", "foo"},
                {"Zm9vYg==", "Zm9vYg", "foob"},
                {"Zm9vYmE=", "Zm9vYmE", "fooba"},
                {"Zm9vYmFy", "Zm9vYmFy", "foobar"},
                {"+/+/", "-_-_", "\xFB\xFF\xBF"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_row(decodes_to(base64_decode, rows[i].padded, SIZE, rows[i].plain), rows[i].padded);
        assert_row(decodes_to(base64url_decode, rows[i].unpadded, SIZE, rows[i].plain), rows[i].unpadded);
        if (strcmp(rows[i].padded, rows[i].unpadded) != 0) {
            assert_row(decodes_to(base64url_decode, rows[i].padded, SIZE, NULL), rows[i].padded);
            assert_row(decodes_to(base64_decode, rows[i].unpadded, SIZE, NULL), rows[i].unpadded);
        }
    }
}

static void refuses_anything_else(void **state) {
    (void)state;
    static const char *const rows[] = {
        "Z",      "=",     "==",    "Zg=",    "Zg===",    "Zm9v=",   "Zm9v====",  "Zm9vY",    "Zm 9v",
        "Zm9v\n", " Zm9v", "Zm9v ", "Zm\t9v", "Zm9v\r\n", "Zm9v.",   "Zm9v,Zm9v", "Zm*v",     "Zm%39v",
        "Zh",     "Zh==",  "Zm9",   "Zm9=",   "Zm9v\x80", "Zm9\xFF", "\xFFm9v",   "\xC3\xA9", "Zg==Zg=="};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_row(decodes_to(base64_decode, rows[i], SIZE, NULL), rows[i]);
        assert_row(decodes_to(base64url_decode, rows[i], SIZE, NULL), rows[i]);
    }
}

/* Of all bytes, 64 are characters of each alphabet. */
static void takes_exactly_its_alphabet(void **state) {
    (void)state;
    static const char common[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (int byte = 0; byte < 256; byte++) {
        const char text[] = {'A', (char)byte, 'A', 'A'};
        unsigned char bytes[3];
        size_t len;
        const bool shared = byte != 0 && strchr(common, byte) != NULL;
        assert_int_equal(base64_decode(text, 4, bytes, 3, &len), shared || byte == '+' || byte == '/');
        assert_int_equal(base64url_decode(text, 4, bytes, 3, &len), shared || byte == '-' || byte == '_');
    }
}

static void keeps_to_the_size(void **state) {
    (void)state;
    for (size_t size = 0; size < 6; size++) {
        assert_true(decodes_to(base64_decode, "Zm9vYmFy", size, NULL));
        assert_true(decodes_to(base64url_decode, "Zm9vYmFy", size, NULL));
    }
    assert_true(decodes_to(base64_decode, "Zm9vYmFy", 6, "foobar"));
    assert_true(decodes_to(base64url_decode, "Zm9vYmFy", 6, "foobar"));
    assert_true(decodes_to(base64url_decode, "", 0, ""));
}

static void a_nul_is_no_end(void **state) {
    (void)state;
    unsigned char bytes[SIZE];
    size_t len;
    assert_false(base64_decode("Zm9v\0Zm9v", 9, bytes, sizeof bytes, &len));
    assert_false(base64url_decode("Zm9v\0", 5, bytes, sizeof bytes, &len));
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples_of_the_standard),
                                       cmocka_unit_test(refuses_anything_else),
                                       cmocka_unit_test(takes_exactly_its_alphabet),
                                       cmocka_unit_test(keeps_to_the_size), cmocka_unit_test(a_nul_is_no_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
