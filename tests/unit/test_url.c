/* url.c: the grammar (scheme, host, port, path), what is refused, links of what people write, loopback and secure, and
 * the same origin.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/url.h"

static void parses(void **state) {
    (void)state;
    static const struct {
        const char *text, *host, *path;
        size_t origin_len;
        bool https;
    } rows[] = {{"https://www.example.com", "www.example.com", "", 23, true},
                {"https://www.example.com/", "www.example.com", "/", 23, true},
                {"http://localhost:8080/a?b", "localhost", "/a?b", 21, false},
                {"HTTPS://A.Example/x", "A.Example", "/x", 17, true},
                {"https://a?b=c", "a", "?b=c", 9, true},
                {"http://[::1]:80/x", "[::1]", "/x", 15, false},
                {"https://1.2.3.4:1", "1.2.3.4", "", 17, true},
                {"https://xn--e1afmkfd.example/%C3%A9", "xn--e1afmkfd.example", "/%C3%A9", 28, true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct url url;
        struct guarded input = guarded_string(rows[i].text);
        assert_row(url_parse(input.data, &url), rows[i].text);
        assert_row(url.https == rows[i].https, rows[i].text);
        assert_row(url.host_len == strlen(rows[i].host) && memcmp(url.host, rows[i].host, url.host_len) == 0,
                   rows[i].text);
        assert_row(url.origin_len == rows[i].origin_len, rows[i].text);
        assert_row(strcmp(url.path, rows[i].path) == 0, rows[i].text);
        guarded_free(&input);
    }
}

static void refuses(void **state) {
    (void)state;
    static const char *const rows[] = {"",
                                       "http",
                                       "http:",
                                       "http:/",
                                       "http://",
                                       "https://",
                                       "https:///x",
                                       "https:/a",
                                       "https:a",
                                       "//a",
                                       "/a",
                                       "a",
                                       "ftp://a",
                                       "javascript:alert(1)",
                                       "javascript://a/%0aalert(1)",
                                       "data:text/html,x",
                                       "https://user@a/",
                                       "https://user:pw@a/",
                                       "https://a@b",
                                       "https://a#f",
                                       "https://a/#f",
                                       "https://a/x y",
                                       " https://a",
                                       "https://a ",
                                       "https://a\n",
                                       "https://a/\r\nX: y",
                                       "https://a/\xC3\xA9",
                                       "https://\xC3\xA9",
                                       "https://a/\"",
                                       "https://a/<",
                                       "https://a\\b",
                                       "https://a/\\b",
                                       "https://a:",
                                       "https://a:/",
                                       "https://a:x",
                                       "https://a:123456",
                                       "https://a:-1",
                                       "https://a:80:80",
                                       "https://[",
                                       "https://[]",
                                       "https://[::1",
                                       "https://[::1]x",
                                       "https://[g]",
                                       "https://a/{x}",
                                       "https://a/`",
                                       "https://a/|",
                                       "https://a/^",
                                       "https://a/x\x7F",
                                       "https://%61/",
                                       "https://a,b/"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct url url;
        struct guarded input = guarded_string(rows[i]);
        assert_row(!url_parse(input.data, &url), rows[i]);
        guarded_free(&input);
    }
    struct url url;
    assert_false(url_parse(NULL, &url));
}

static void refuses_ports_that_cannot_be(void **state) {
    (void)state;
    static const char *const rows[] = {"https://a:65536", "https://a:99999/"};
    struct url url;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(!url_parse(rows[i], &url), rows[i]);
}

/* What a person wrote, as a link: nothing in it ends the attribute, the header or the host that it stands in. */
static void makes_links(void **state) {
    (void)state;
    static const struct {
        const char *text, *link; /* NULL: none */
    } rows[] = {{"https://example.com/#menu", "https://example.com/#menu"},
                {"https://example.com/a#b#c", "https://example.com/a#b%23c"},
                {"https://example.com#x", "https://example.com#x"},
                {"https://m\xC3\xBCller.example/", "https://m\xC3\xBCller.example/"},
                {"https://\xE6\x97\xA5\xE6\x9C\xAC.example:8443", "https://\xE6\x97\xA5\xE6\x9C\xAC.example:8443"},
                {"https://example.com/\xC3\xBC"
                 "ber",
                 "https://example.com/%C3%BCber"},
                {"http://example.com/a b?x=|[1]{2}^`<\">\\'",
                 "http://example.com/a%20b?x=%7C%5B1%5D%7B2%7D%5E%60%3C%22%3E%5C'"},
                {"https://example.com/%C3%A9%zz%4", "https://example.com/%C3%A9%25zz%254"},
                {"https://example.com/\r\nX: y", "https://example.com/%0D%0AX:%20y"},
                {" \thttps://example.com/ \n", "https://example.com/"},
                {"https://example.com ", "https://example.com"},
                {"https://a.example/;script-src *", "https://a.example/;script-src%20*"},
                {"https://a.example/\xFF", "https://a.example/%FF"},
                {"HTTPS://A.Example/x", "HTTPS://A.Example/x"},
                {"http://[::1]:80/x", "http://[::1]:80/x"},
                {"", NULL},
                {"https://", NULL},
                {"https:///x", NULL},
                {"https:a", NULL},
                {"//a.example", NULL},
                {"a.example", NULL},
                {"javascript:alert(1)", NULL},
                {"javascript://a/%0aalert(1)", NULL},
                {"data:text/html,x", NULL},
                {"https://user@a.example/", NULL},
                {"https://user:pw@a.example/", NULL},
                {"https://a.example:x/", NULL},
                {"https://a.example:123456/", NULL},
                {"https://a.example;script-src *", NULL},
                {"https://a b/", NULL},
                {"https://a\\b", NULL},
                {"https://%61/", NULL},
                {"https://a\"b/", NULL},
                {"https://a\xE2\x80\x8B"
                 "b.example/",
                 NULL},
                {"https://a\xE2\x80\xAE"
                 "b.example/",
                 NULL},
                {"https://a\xFF.example/", NULL},
                {"https://[::1", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct url url;
        struct buffer link = BUFFER_EMPTY;
        struct guarded input = guarded_string(rows[i].text);
        assert_row(url_append_link(&link, input.data, &url) == (rows[i].link != NULL), rows[i].text);
        assert_row(strcmp(buffer_text(&link), rows[i].link != NULL ? rows[i].link : "") == 0, buffer_text(&link));
        assert_row(url_parse_origin(input.data, &url) == (rows[i].link != NULL), rows[i].text);
        guarded_free(&input);
        buffer_free(&link);
    }
    struct url url;
    assert_false(url_parse_origin(NULL, &url));
    assert_false(url_append_link(NULL, NULL, &url));
}

static void secure(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool secure;
    } rows[] = {{"https://www.example.com/x", true},
                {"http://localhost:8080", true},
                {"http://LOCALHOST/", true},
                {"http://127.0.0.1", true},
                {"http://[::1]/x", true},
                {"http://www.example.com", false},
                {"http://localhost.evil.example", false},
                {"http://127.0.0.1.evil.example", false},
                {"http://127.0.0.2", false},
                {"http://[::2]", false},
                {"http://localhos", false},
                {"http://localhostt", false},
                {"http://0.0.0.0", false},
                {"http://localhost@evil.example", false},
                {"ftp://localhost", false},
                {"", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(url_is_secure(rows[i].text) == rows[i].secure, rows[i].text);
    assert_false(url_is_secure(NULL));
}

static void origins(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {{"https://a.example", "https://a.example/x?y", true},
                {"https://EXAMPLE.com", "https://example.com:443/a", true},
                {"http://a.example", "http://a.example:80", true},
                {"http://a.example", "https://a.example", false},
                {"https://a.example:444", "https://a.example", false},
                {"https://a.example", "https://a.example.evil.example", false},
                {"https://a.example", "https://evila.example", false},
                {"https://a.example", "https://a.exampl", false},
                {"http://a.example:443", "https://a.example:443", false},
                {"https://a.example", "null", false},
                {"", "", false},
                {"https://[::1]:5", "https://[::1]:5/", true},
                {"https://a:0443", "https://a", true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_row(url_same_origin(rows[i].a, rows[i].b) == rows[i].same, rows[i].b);
        assert_row(url_same_origin(rows[i].b, rows[i].a) == rows[i].same, rows[i].b);
    }
    assert_false(url_same_origin(NULL, "https://a"));
    assert_false(url_same_origin("https://a", NULL));
    assert_false(url_same_origin(NULL, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses),      cmocka_unit_test(refuses), cmocka_unit_test(refuses_ports_that_cannot_be),
        cmocka_unit_test(makes_links), cmocka_unit_test(secure),  cmocka_unit_test(origins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
