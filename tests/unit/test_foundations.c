/* Tables for the pure parts of the library: JSON ids, query strings, local paths, URLs, seals, Accept, templates.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "json.h"
#include "query.h"
#include "redirect.h"
#include "request.h"
#include "seal.h"
#include "template.h"
#include "url.h"

static void json_keeps_ids_exact(void **state) {
    (void)state;
    static const struct { const char *text, *id; } rows[] = {
        {"{\"id\":17841405793187218123}", "17841405793187218123"}, {"{\"id\":17841405793187219}", "17841405793187219"},
        {"{\"id\":1574083}", "1574083"}, {"{\"id\":\"abc\"}", "abc"}, {"{\"id\":1.5}", NULL}, {"{\"id\":\"\"}", NULL},
        {"{\"id\":null}", NULL}, {"{\"id\":\"a\\u0000b\"}", "a\xEF\xBF\xBD" "b"}, {"{\"id\":\"\\ud83d\"}", "\xEF\xBF\xBD"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[64];
        cJSON *value = json_parse(rows[i].text, strlen(rows[i].text), NULL);
        assert_non_null(value);
        assert_int_equal(json_identifier(json_member(value, "id"), id, sizeof id), rows[i].id != NULL);
        if (rows[i].id != NULL)
            assert_string_equal(id, rows[i].id);
        json_free(value);
    }
}

static void json_refuses(void **state) {
    (void)state;
    static const char *const rows[] = {"", "{", "{} x", "[1,]", "nul"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_null(json_parse(rows[i], strlen(rows[i]), NULL));
    assert_null(json_parse("{}\0", 3, NULL));
}

static void query_reads(void **state) {
    (void)state;
    static const struct { const char *text; enum error_code code; const char *value; } rows[] = {
        {"a=1&b=2", ERROR_NONE, "1"}, {"a=x%20y+z", ERROR_NONE, "x y z"}, {"b=1", ERROR_NONE, NULL},
        {"a=%zz", ERROR_BAD_REQUEST, NULL}, {"a=%4", ERROR_BAD_REQUEST, NULL}, {"a=%00", ERROR_BAD_REQUEST, NULL},
        {"a=%0a", ERROR_BAD_REQUEST, NULL}, {"a=1&a=2", ERROR_BAD_REQUEST, NULL}, {"a=%ff", ERROR_BAD_REQUEST, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct query query;
        struct error error;
        assert_int_equal(query_parse(&query, rows[i].text, &error), rows[i].code);
        if (rows[i].value != NULL)
            assert_string_equal(query_get(&query, "a"), rows[i].value);
        else if (rows[i].code == ERROR_NONE)
            assert_null(query_get(&query, "a"));
        query_free(&query);
    }
}

static void local_paths(void **state) {
    (void)state;
    static const char *const good[] = {"/", "/profile", "/a/b?c=d/e", "/%C3%A9"};
    static const char *const bad[] = {"", "profile", "//evil.example", "/\\evil", "https://evil.example", "/a#b", "/../a",
                                      "/a/..", "/%0d%0a", "/%5cevil", "/a b", "/%", "/%2"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(redirect_is_local_path(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(redirect_is_local_path(bad[i]));
    assert_false(redirect_is_local_path(NULL));
}

static void urls(void **state) {
    (void)state;
    assert_true(url_is_secure("https://www.example.com/x"));
    assert_true(url_is_secure("http://localhost:8080"));
    assert_false(url_is_secure("http://www.example.com"));
    assert_false(url_is_secure("https://user@example.com/"));
    assert_false(url_is_secure("javascript:alert(1)"));
    assert_true(url_same_origin("https://EXAMPLE.com", "https://example.com:443/a"));
    assert_false(url_same_origin("https://example.com", "https://example.com.evil.example"));
}

static void seals(void **state) {
    (void)state;
    char text[KEY_TEXT_SIZE];
    struct keyring ring = {.count = 0};
    struct buffer sealed = BUFFER_EMPTY;
    keyring_generate(text);
    assert_true(keyring_add(&ring, text));
    assert_true(seal_close(&ring, KEY_FOR_SESSION, "c", 100, "hello", 5, &sealed));
    assert_int_equal(sealed.len, seal_sealed_length(5));
    struct secret *plain = seal_open(&ring, KEY_FOR_SESSION, "c", 99, sealed.data, sealed.len);
    assert_non_null(plain);
    assert_string_equal(secret_text(plain), "hello");
    secret_free(plain);
    assert_null(seal_open(&ring, KEY_FOR_SESSION, "c", 100, sealed.data, sealed.len));
    assert_null(seal_open(&ring, KEY_FOR_TOKEN, "c", 99, sealed.data, sealed.len));
    assert_null(seal_open(&ring, KEY_FOR_SESSION, "d", 99, sealed.data, sealed.len));
    sealed.data[sealed.len / 2] = (char)(sealed.data[sealed.len / 2] == 'A' ? 'B' : 'A');
    assert_null(seal_open(&ring, KEY_FOR_SESSION, "c", 99, sealed.data, sealed.len));
    buffer_free(&sealed);
    keyring_clear(&ring);
}

static void accepts(void **state) {
    (void)state;
    assert_true(request_prefers_json("application/json"));
    assert_true(request_prefers_json("application/json, text/plain, */*"));
    assert_false(request_prefers_json(NULL));
    assert_false(request_prefers_json("*/*"));
    assert_false(request_prefers_json("text/html,application/xhtml+xml,*/*;q=0.8"));
    assert_false(request_prefers_json("text/html, application/json;q=0.5"));
}

static void templates_escape(void **state) {
    (void)state;
    const char *problem = NULL;
    struct buffer out = BUFFER_EMPTY;
    cJSON *view = cJSON_Parse("{\"a\":\"<b>\\\"'&\",\"l\":[\"x\",\"y\"],\"e\":[],\"o\":{\"k\":1}}");
    assert_true(template_render("{{a}}{{#l}}[{{.}}]{{/l}}{{^e}}none{{/e}}{{#o}}{{k}}{{/o}}{{! c }}", view, &out, &problem));
    assert_string_equal(buffer_text(&out), "&lt;b&gt;&quot;&#39;&amp;[x][y]none1");
    assert_false(template_render("{{#a}}", view, &out, &problem));
    assert_false(template_render("{{/a}}", view, &out, &problem));
    buffer_free(&out);
    cJSON_Delete(view);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_keeps_ids_exact), cmocka_unit_test(json_refuses), cmocka_unit_test(query_reads),
        cmocka_unit_test(local_paths), cmocka_unit_test(urls), cmocka_unit_test(seals), cmocka_unit_test(accepts),
        cmocka_unit_test(templates_escape)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
