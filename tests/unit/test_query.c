/* query.c: pairs, decoding, what is refused (encoding, controls, UTF-8, doubles, too many, too long), no byte behind
 * the input, and writing: encoding, URLs and forms.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/query.h"

static void reads_values(void **state) {
    (void)state;
    static const struct {
        const char *text, *value; /* of "a" */
        size_t count;
    } rows[] = {{NULL, NULL, 0},
                {"", NULL, 0},
                {"a=1&b=2", "1", 2},
                {"b=2&a=1", "1", 2},
                {"a=x%20y+z", "x y z", 1},
                {"a=%2B%2b", "++", 1},
                {"a", "", 1},
                {"a=", "", 1},
                {"a=b=c", "b=c", 1},
                {"%61=1", "1", 1},
                {"A=1", NULL, 1},
                {"&&a=1&&", "1", 1},
                {"=x&a=1", "1", 1},
                {"a=%C3%A9", "\xC3\xA9", 1},
                {"a=\xC3\xA9", "\xC3\xA9", 1},
                {"a=1#_", "1#_", 1},
                {"a=%26b=2", "&b=2", 1},
                {"aa=1", NULL, 1},
                {"a=1;b=2", "1;b=2", 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct query query;
        struct error error;
        struct guarded input = guarded_string(rows[i].text != NULL ? rows[i].text : "");
        assert_row(query_parse(&query, rows[i].text != NULL ? input.data : NULL, &error) == ERROR_NONE, rows[i].text);
        assert_row(query.count == rows[i].count, rows[i].text);
        assert_row(same(query_get(&query, "a"), rows[i].value), rows[i].text);
        query_free(&query);
        guarded_free(&input);
    }
}

static void refuses(void **state) {
    (void)state;
    static const char *const rows[] = {"a=%",       "a=%4",    "a=%zz",      "a=%g1",    "a=%1g",     "%=1",
                                       "a=%00",     "%00=a",   "a=%0a",      "a=%0D%0A", "a=%7f",     "a=\x01",
                                       "a=\x1B[2J", "a=\x7F",  "a=%ff",      "a=%C3",    "a=%C0%AF",  "a=%ED%A0%80",
                                       "a=\xFF",    "a=1&a=1", "a=1&b=2&a=", "a&a",      "a=1&%61=2", "a=%u0041"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct query query;
        struct error error = {""};
        struct guarded input = guarded_string(rows[i]);
        assert_row(query_parse(&query, input.data, &error) == ERROR_BAD_REQUEST, rows[i]);
        assert_row(error.cause[0] != '\0', rows[i]);
        query_free(&query);
        guarded_free(&input);
    }
}

static void limits_length(void **state) {
    (void)state;
    static char text[QUERY_STRING_MAX + 2];
    struct query query;
    struct error error;
    text[0] = 'a';
    text[1] = '=';
    memset(text + 2, 'x', QUERY_STRING_MAX - 2);
    assert_int_equal(query_parse(&query, text, &error), ERROR_NONE);
    assert_int_equal(strlen(query_get(&query, "a")), QUERY_STRING_MAX - 2);
    query_free(&query);
    text[QUERY_STRING_MAX] = 'x';
    assert_int_equal(query_parse(&query, text, &error), ERROR_QUERY_TOO_LONG);
    query_free(&query);
}

static void limits_pairs(void **state) {
    (void)state;
    for (size_t count = QUERY_PAIRS_MAX; count <= QUERY_PAIRS_MAX + 1; count++) {
        struct buffer text = BUFFER_EMPTY;
        struct query query;
        struct error error;
        for (size_t i = 0; i < count; i++)
            buffer_append_format(&text, "p%zu=%zu&", i, i);
        assert_int_equal(query_parse(&query, buffer_text(&text), &error),
                         count == QUERY_PAIRS_MAX ? ERROR_NONE : ERROR_BAD_REQUEST);
        query_free(&query);
        buffer_free(&text);
    }
}

static void causes_quote_nothing(void **state) {
    (void)state;
    struct query query;
    struct error error;
    query_parse(&query, "code=SECRET%ff", &error);
    assert_false(contains(error.cause, "SECRET"));
    query_free(&query);
    query_free(&query);
}

static void encodes(void **state) {
    (void)state;
    static const struct {
        const char *text, *encoded;
    } rows[] = {{"", ""},
                {"AZaz09-._~", "AZaz09-._~"},
                {" +&=?#/%", "%20%2B%26%3D%3F%23%2F%25"},
                {"\xC3\xA9", "%C3%A9"},
                {"\r\n", "%0D%0A"},
                {"'\"<>*!()", "%27%22%3C%3E%2A%21%28%29"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        query_append_encoded(&out, rows[i].text);
        assert_row(strcmp(buffer_text(&out), rows[i].encoded) == 0, rows[i].text);
        buffer_free(&out);
    }
}

static void writes_urls_and_forms(void **state) {
    (void)state;
    static const struct {
        const char *start, *url, *form;
    } rows[] = {{"https://a.example/x", "https://a.example/x?a%20b=c%26d&e=", NULL},
                {"https://a.example/x?y=1", "https://a.example/x?y=1&a%20b=c%26d&e=", NULL},
                {"", NULL, "a%20b=c%26d&e="},
                {"g=h", NULL, "g=h&a%20b=c%26d&e="}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        buffer_append_text(&out, rows[i].start);
        void (*const append)(struct buffer *, const char *, const char *) =
            rows[i].url != NULL ? query_append_to_url : query_append_to_form;
        append(&out, "a b", "c&d");
        append(&out, "e", "");
        assert_string_equal(buffer_text(&out), rows[i].url != NULL ? rows[i].url : rows[i].form);
        buffer_free(&out);
    }
}

static void reads_what_it_writes(void **state) {
    (void)state;
    char text[256];
    struct buffer form = BUFFER_EMPTY;
    struct query query;
    struct error error;
    size_t len = 0;
    for (int byte = 0x20; byte < 0x7F; byte++)
        text[len++] = (char)byte;
    text[len] = '\0';
    query_append_to_form(&form, text, text);
    assert_int_equal(query_parse(&query, buffer_text(&form), &error), ERROR_NONE);
    assert_string_equal(query_get(&query, text), text);
    query_free(&query);
    buffer_free(&form);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_values),          cmocka_unit_test(refuses),
                                       cmocka_unit_test(limits_length),         cmocka_unit_test(limits_pairs),
                                       cmocka_unit_test(causes_quote_nothing),  cmocka_unit_test(encodes),
                                       cmocka_unit_test(writes_urls_and_forms), cmocka_unit_test(reads_what_it_writes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
