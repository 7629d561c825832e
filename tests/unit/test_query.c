/* query.c: pairs and decoding; a parameter that is not there, stands twice or is malformed, beside others that are;
 * what a log shows of it; however many pairs, too long; no byte behind the input; and writing: encoding, URLs and
 * forms.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/query.h"

/* Reads `text` to its last byte and no further. */
static struct query parsed(const char *text) {
    struct query query;
    struct error error;
    struct guarded input = guarded_string(text != NULL ? text : "");
    assert_row(query_parse(&query, text != NULL ? input.data : NULL, &error) == ERROR_NONE, text);
    guarded_free(&input);
    return query;
}

static void reads_values(void **state) {
    (void)state;
    static const struct {
        const char *text, *value; /* of "a"; NULL: it is not there */
    } rows[] = {{NULL, NULL},
                {"", NULL},
                {"&&&", NULL},
                {"a=1&b=2", "1"},
                {"b=2&a=1", "1"},
                {"a=x%20y+z", "x y z"},
                {"a=%2B%2b", "++"},
                {"a", ""},
                {"a=", ""},
                {"a=b=c", "b=c"},
                {"%61=1", "1"},
                {"A=1", NULL},
                {"&&a=1&&", "1"},
                {"=x&a=1", "1"},
                {"=&=&a=1", "1"},
                {"a=%C3%A9", "\xC3\xA9"},
                {"a=\xC3\xA9", "\xC3\xA9"},
                {"a=1#_", "1#_"},
                {"a=%26b=2", "&b=2"},
                {"a=%25zz", "%zz"},
                {"aa=1", NULL},
                {"a[]=1", NULL},
                {"a%00=1", NULL},
                {"a%=1", NULL},
                {"a=1;b=2", "1;b=2"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *value = "left over";
        struct query query = parsed(rows[i].text);
        struct error error;
        assert_row(query_find(&query, "a", &value) == (rows[i].value != NULL ? QUERY_FOUND : QUERY_ABSENT),
                   rows[i].text);
        assert_row(same(value, rows[i].value), rows[i].text);
        assert_row(query_read(&query, "a", &value, &error) == ERROR_NONE, rows[i].text);
        assert_row(same(value, rows[i].value), rows[i].text);
        query_free(&query);
    }
}

/* What nobody reads is not judged, and hides nothing. */
static void ignores_what_is_not_read(void **state) {
    (void)state;
    static const char *const others[] = {
        "b=%",         "b=%zz", "b=%00", "b=caf%E9", "b=\xFF", "b=%0D%0A", "b=1&b=2",
        "b[]=1&b[]=2", "%=1",   "%00=1", "b=100%",   "&&=&",   "\x01",     "b=AADSTS%0D%0ATrace",
        "b=%u0041"};
    for (size_t i = 0; i < COUNT(others); i++) {
        for (size_t before = 0; before < 2; before++) {
            const char *value;
            char text[64];
            snprintf(text, sizeof text, before == 0 ? "a=1&%s" : "%s&a=1", others[i]);
            struct query query = parsed(text);
            assert_row(query_find(&query, "a", &value) == QUERY_FOUND && same(value, "1"), text);
            query_free(&query);
        }
    }
}

static void tells_what_cannot_be_used(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum query_found found;    /* of "a" */
        const char *shown, *cause; /* in a log; of the error */
    } rows[] = {{"a=%", QUERY_MALFORMED, "%", "the parameter a has malformed percent-encoding or characters"},
                {"a=%4", QUERY_MALFORMED, "%4", "malformed"},
                {"a=%zz", QUERY_MALFORMED, "%zz", "malformed"},
                {"a=%g1", QUERY_MALFORMED, "%g1", "malformed"},
                {"a=%1g", QUERY_MALFORMED, "%1g", "malformed"},
                {"a=%4&b", QUERY_MALFORMED, "%4", "malformed"},
                {"a=%00", QUERY_MALFORMED, "%00", "malformed"},
                {"a=b%00c", QUERY_MALFORMED, "b%00c", "malformed"},
                {"a=x%0D%0Ay", QUERY_MALFORMED, "x\\x0d\\x0ay", "malformed"},
                {"a=%7f", QUERY_MALFORMED, "\\x7f", "malformed"},
                {"a=\x01", QUERY_MALFORMED, "\\x01", "malformed"},
                {"a=\x1B[2J", QUERY_MALFORMED, "\\x1b[2J", "malformed"},
                {"a=Andr%E9", QUERY_MALFORMED, "Andr\\xe9", "malformed"},
                {"a=%C0%AF", QUERY_MALFORMED, "\\xc0\\xaf", "malformed"},
                {"a=%ED%A0%80", QUERY_MALFORMED, "\\xed\\xa0\\x80", "malformed"},
                {"a=100%", QUERY_MALFORMED, "100%", "malformed"},
                {"a=%u0041", QUERY_MALFORMED, "%u0041", "malformed"},
                {"a=1&a=1", QUERY_TWICE, "1", "the parameter a stands twice"},
                {"a=1&b=2&a=", QUERY_TWICE, "1", "stands twice"},
                {"a&a", QUERY_TWICE, "", "stands twice"},
                {"a=1&%61=2", QUERY_TWICE, "1", "stands twice"},
                {"a=1&a=%zz", QUERY_TWICE, "1", "stands twice"},
                {"a=1&a=2&a=3", QUERY_TWICE, "1", "stands twice"},
                {"a=%E2%80%AEb", QUERY_FOUND, "\\xe2\\x80\\xaeb", ""},
                {"b=1", QUERY_ABSENT, "", ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *value = "left over";
        struct query query = parsed(rows[i].text);
        struct error error = {""};
        struct buffer shown = BUFFER_EMPTY;
        const bool usable = rows[i].cause[0] == '\0';
        assert_row(query_find(&query, "a", &value) == rows[i].found, rows[i].text);
        assert_row((value != NULL) == (rows[i].found == QUERY_FOUND), rows[i].text);
        assert_row((query_read(&query, "a", &value, &error) == ERROR_NONE) == usable, rows[i].text);
        assert_row(contains(error.cause, rows[i].cause), rows[i].text);
        query_append_printable(&query, "a", 64, &shown);
        assert_row(same(buffer_text(&shown), rows[i].shown), rows[i].text);
        buffer_free(&shown);
        query_free(&query);
    }
}

static void limits_length(void **state) {
    (void)state;
    static char text[QUERY_STRING_MAX + 2];
    const char *value;
    struct query query;
    struct error error;
    text[0] = 'a';
    text[1] = '=';
    memset(text + 2, 'x', QUERY_STRING_MAX - 2);
    assert_int_equal(query_parse(&query, text, &error), ERROR_NONE);
    assert_int_equal(query_find(&query, "a", &value), QUERY_FOUND);
    assert_int_equal(strlen(value), QUERY_STRING_MAX - 2);
    query_free(&query);
    text[QUERY_STRING_MAX] = 'x';
    assert_int_equal(query_parse(&query, text, &error), ERROR_QUERY_TOO_LONG);
    query_free(&query);
}

/* As many pairs as fit, of the shortest: none is hidden by them. */
static void takes_any_number_of_pairs(void **state) {
    (void)state;
    static const char *const shortest[] = {"b&", "=&", "b=&", "&"};
    for (size_t i = 0; i < COUNT(shortest); i++) {
        struct buffer text = BUFFER_EMPTY;
        const char *value;
        while (text.len + strlen(shortest[i]) + 1 <= QUERY_STRING_MAX)
            buffer_append_text(&text, shortest[i]);
        buffer_append_text(&text, "a");
        struct query query = parsed(buffer_text(&text));
        assert_row(query_find(&query, "a", &value) == QUERY_FOUND, shortest[i]);
        query_free(&query);
        buffer_free(&text);
    }
}

static void causes_quote_nothing(void **state) {
    (void)state;
    const char *value;
    struct query query = parsed("code=SECRET%ff");
    struct error error;
    assert_int_equal(query_read(&query, "code", &value, &error), ERROR_BAD_REQUEST);
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
                {"https://a.example/x#y?z", "https://a.example/x?a%20b=c%26d&e=#y?z", NULL},
                {"https://a.example/x?w#", "https://a.example/x?w&a%20b=c%26d&e=#", NULL},
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
    const char *value;
    size_t len = 0;
    for (int byte = 0x20; byte < 0x7F; byte++)
        text[len++] = (char)byte;
    text[len] = '\0';
    query_append_to_form(&form, text, text);
    struct query query = parsed(buffer_text(&form));
    assert_int_equal(query_find(&query, text, &value), QUERY_FOUND);
    assert_string_equal(value, text);
    query_free(&query);
    buffer_free(&form);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_values),
                                       cmocka_unit_test(ignores_what_is_not_read),
                                       cmocka_unit_test(tells_what_cannot_be_used),
                                       cmocka_unit_test(limits_length),
                                       cmocka_unit_test(takes_any_number_of_pairs),
                                       cmocka_unit_test(causes_quote_nothing),
                                       cmocka_unit_test(encodes),
                                       cmocka_unit_test(writes_urls_and_forms),
                                       cmocka_unit_test(reads_what_it_writes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
