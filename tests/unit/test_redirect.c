/* redirect.c: which paths of this site are accepted, and that everything else is refused: other sites in every spelling
 * we know of, backslashes, controls, fragments, dot segments (encoded ones too), broken percent-encoding, long paths.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/bounds.h"
#include "base/redirect.h"

static bool is_local(const char *path) {
    struct guarded input = guarded_string(path);
    const bool local = redirect_is_local_path(input.data);
    guarded_free(&input);
    return local;
}

static void accepts_paths(void **state) {
    (void)state;
    static const char *const rows[] = {"/",
                                       "/profile",
                                       "/a/b/c",
                                       "/a//b",
                                       "/a/",
                                       "/?",
                                       "/?a=b&c=d/e?f",
                                       "/a?next=//evil.example",
                                       "/a?x=../..",
                                       "/%C3%A9",
                                       "/a%20b",
                                       "/a%2Fb",
                                       "/a:b@c",
                                       "/a;b,c!$&'()*+=~-._",
                                       "/...",
                                       "/.well-known/x",
                                       "/a/.b/..c/d.",
                                       "/?x=%25",
                                       "/a?b=%2e%2e",
                                       "/.a?.."};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(is_local(rows[i]), rows[i]);
}

static const char *const elsewhere[] = {"",
                                        "profile",
                                        "?a=b",
                                        "#a",
                                        ".",
                                        "..",
                                        "./a",
                                        "../a",
                                        "//",
                                        "//evil.example",
                                        "///evil.example",
                                        "////",
                                        "/\\evil.example",
                                        "\\/evil.example",
                                        "\\\\evil.example",
                                        "/a\\b",
                                        "https://evil.example",
                                        "https:evil.example",
                                        "https:/evil.example",
                                        "http://www.example.com/",
                                        "javascript:alert(1)",
                                        "data:text/html,x",
                                        "//evil.example@www.example.com",
                                        "evil.example/",
                                        " /a",
                                        "/a ",
                                        "/ a",
                                        "\t/a",
                                        "/\t/evil.example",
                                        "/\n/evil.example",
                                        "/\r\nLocation: x",
                                        "/a\x7F",
                                        "/a\x01",
                                        "/a#b",
                                        "/a\"b",
                                        "/a<b>",
                                        "/a`b",
                                        "/a{b}",
                                        "/a|b",
                                        "/a^b",
                                        "/a[b]",
                                        "/\xC3\xA9",
                                        "/\xFF",
                                        "/.",
                                        "/..",
                                        "/../a",
                                        "/./a",
                                        "/a/..",
                                        "/a/.",
                                        "/a/../b",
                                        "/a/./b",
                                        "/..?x",
                                        "/.?x",
                                        "/a/..?x",
                                        "/%",
                                        "/%2",
                                        "/%2g",
                                        "/%g2",
                                        "/%%",
                                        "/a?%",
                                        "/a?%2",
                                        "/%00",
                                        "/%0a",
                                        "/%0D%0A",
                                        "/%1f",
                                        "/%7f",
                                        "/%7F",
                                        "/%5c",
                                        "/%5Cevil.example",
                                        "/a?b=%5c",
                                        "/a?b=%0a",
                                        "/a?b#c",
                                        "/a?b\\c"};

static void refuses_everything_else(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(elsewhere); i++)
        assert_row(!is_local(elsewhere[i]), elsewhere[i]);
    assert_false(redirect_is_local_path(NULL));
}

/* The URL standard of the browsers (section 4.4) takes "%2e" for "." in a dot segment. */
static void refuses_encoded_dot_segments(void **state) {
    (void)state;
    static const char *const rows[] = {"/%2e%2e/a", "/a/%2E", "/.%2e/a", "/%2e./a", "/%2e", "/a/%2e%2E?x"};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(!is_local(rows[i]), rows[i]);
}

static void limits_length(void **state) {
    (void)state;
    char path[RETURN_TO_MAX + 2] = "/";
    memset(path + 1, 'a', RETURN_TO_MAX - 1);
    assert_true(is_local(path));
    path[RETURN_TO_MAX] = 'a';
    assert_false(is_local(path));
}

/* Every byte in every place of "/X", "/aX" and "/a?X": only the grammar's are accepted. */
static void every_byte(void **state) {
    (void)state;
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?";
    static const char *const starts[] = {"/", "/a", "/a?"};
    for (size_t i = 0; i < COUNT(starts); i++) {
        for (int byte = 1; byte < 256; byte++) {
            char path[8];
            snprintf(path, sizeof path, "%s%c", starts[i], byte);
            const bool expected = strchr(allowed, byte) != NULL && strcmp(path, "//") != 0 && strcmp(path, "/.") != 0;
            assert_row(is_local(path) == expected, path);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(accepts_paths), cmocka_unit_test(refuses_everything_else),
                                       cmocka_unit_test(refuses_encoded_dot_segments), cmocka_unit_test(limits_length),
                                       cmocka_unit_test(every_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
