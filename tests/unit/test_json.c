/* json.c: what is JSON and what is not; ids exact to the last digit; \u0000, lone surrogates, malformed UTF-8 and raw
 * NUL bytes made safe or refused; depth; nothing after the value; duplicate keys; identifiers and integers; printing;
 * no byte read behind the input.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/buffer.h"
#include "base/json.h"

#define FFFD "\xEF\xBF\xBD"

/* Parses a copy that ends at a forbidden page. */
static cJSON *parse_guarded(const char *text, size_t len, const char **problem) {
    struct guarded input = guarded_copy(text, len);
    cJSON *value;
    const enum json_result result = json_parse(input.data, len, &value, problem);
    assert_int_equal(result, value != NULL ? JSON_PARSED : JSON_MALFORMED);
    guarded_free(&input);
    return value;
}

static void accepts_json(void **state) {
    (void)state;
    static const char *const rows[] = {"{}",           "[]",
                                       "null",         "true",
                                       "false",        "0",
                                       "-1",           "1.5e3",
                                       "\"\"",         " {\"a\" : [1, 2] } ",
                                       "\t\r\n[]\n",   "\"\\u00e9\\n\\\"\\\\\\/\"",
                                       "[[[[[[]]]]]]", "123456789012345678901234567890"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = parse_guarded(rows[i], strlen(rows[i]), NULL);
        assert_row(value != NULL, rows[i]);
        json_free(value);
    }
}

static void refuses_other_text(void **state) {
    (void)state;
    static const char *const rows[] = {
        "",        " ",   "{",   "}",     "[",        "[1,]",     "{\"a\":1,}", "{\"a\"}",      "{a:1}",
        "{'a':1}", "nul", "tru", "{} {}", "{}x",      "[1] 2",    "\"abc",      "\"\\x\"",      "\"\\u12\"",
        "\"\\",    "-",   "+1",  "NaN",   "// c\n{}", "{\"a\":}", "[1 2]",      "\xEF\xBB\xBF", "\"\\u00zz\""};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *problem = NULL;
        cJSON *value = parse_guarded(rows[i], strlen(rows[i]), &problem);
        assert_row(value == NULL, rows[i]);
        assert_row(problem != NULL && *problem != '\0', rows[i]);
    }
}

/* RFC 8259, section 3 and 6: a key is a string, and a number has no leading zeros, however many digits it has. */
static void refuses_what_only_looks_like_json(void **state) {
    (void)state;
    static const char *const rows[] = {"{12345678901234567:1}", "00000000000000001"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = parse_guarded(rows[i], strlen(rows[i]), NULL);
        const bool refused = value == NULL;
        json_free(value);
        assert_row(refused, rows[i]);
    }
}

/* A NUL inside a string must not cut it: two different texts would become one. */
static void never_cuts_at_nul(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t len;
    } rows[] = {{"{}\0", 3},        {"\0", 1}, {"[1\0]", 4}, {"\"ab\0cd\"", 7}, {"{\"id\":\"ab\0cd\"}", 14},
                {"{\"a\0b\":1}", 9}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = parse_guarded(rows[i].text, rows[i].len, NULL);
        char *printed = value != NULL ? json_print(value) : NULL;
        const bool cut = printed != NULL && !contains(printed, FFFD);
        json_free_text(printed);
        json_free(value);
        assert_row(!cut, rows[i].text);
    }
}

static void keeps_identifiers_exact(void **state) {
    (void)state;
    static const struct {
        const char *text, *id;
    } rows[] = {{"17841405793187218123", "17841405793187218123"},
                {"17841405793187219", "17841405793187219"},
                {"-17841405793187219", "-17841405793187219"},
                {"9007199254740993", "9007199254740993"},
                {"999999999999999", "999999999999999"},
                {"1574083", "1574083"},
                {"0", "0"},
                {"-5", "-5"},
                {"\"abc\"", "abc"},
                {"\"017841\"", "017841"},
                {"1.5", NULL},
                {"1e30", NULL},
                {"1.7841405793187218e16", NULL},
                {"17841405793187218e0", NULL},
                {"1e400", NULL},
                {"17841405793187219.0", NULL},
                {"\"\"", NULL},
                {"null", NULL},
                {"true", NULL},
                {"[1]", NULL},
                {"{}", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char id[64];
        cJSON *value = parse_guarded(rows[i].text, strlen(rows[i].text), NULL);
        assert_row(value != NULL, rows[i].text);
        assert_row(json_identifier(value, id, sizeof id) == (rows[i].id != NULL), rows[i].text);
        assert_row(rows[i].id == NULL || strcmp(id, rows[i].id) == 0, rows[i].text);
        json_free(value);
    }
}

static void identifier_fits_or_is_refused(void **state) {
    (void)state;
    char id[8];
    cJSON *text = cJSON_CreateString("1234567");
    cJSON *number = cJSON_CreateNumber(1234567);
    assert_true(json_identifier(text, id, 8));
    assert_false(json_identifier(text, id, 7));
    assert_true(json_identifier(number, id, 8));
    assert_false(json_identifier(number, id, 7));
    assert_false(json_identifier(NULL, id, sizeof id));
    json_free(text);
    json_free(number);
}

static void makes_strings_safe(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {{"\"a\\u0000b\"", "a" FFFD "b"},
                {"\"\\ud83d\"", FFFD},
                {"\"\\ude00\"", FFFD},
                {"\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80"},
                {"\"\\ud83dx\"", FFFD "x"},
                {"\"\\ud83d\\ud83d\\ude00\"", FFFD "\xF0\x9F\x98\x80"},
                {"\"\\ud83d\\u0041\"", FFFD "A"},
                {"\"\\\\u0000\"", "\\u0000"},
                {"\"\xFF\"", FFFD},
                {"\"\xC3\"", FFFD},
                {"\"\xC0\xAF\"", FFFD FFFD},
                {"\"\xED\xA0\x80\"", FFFD FFFD FFFD},
                {"\"\xF0\x9F\x98\"", FFFD FFFD FFFD},
                {"\"\xC3\xA9\"", "\xC3\xA9"},
                {"\"12345678901234567\"", "12345678901234567"},
                {"\"{[\"", "{["}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = parse_guarded(rows[i].text, strlen(rows[i].text), NULL);
        assert_row(cJSON_IsString(value), rows[i].text);
        assert_row(strcmp(value->valuestring, rows[i].expected) == 0, rows[i].text);
        json_free(value);
    }
}

static void limits_depth(void **state) {
    (void)state;
    static const struct {
        size_t depth;
        bool accepted;
    } rows[] = {{64, true}, {65, false}, {5000, false}, {200000, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer text = BUFFER_EMPTY;
        const char *problem = NULL;
        for (size_t depth = 0; depth < rows[i].depth; depth++)
            buffer_append_char(&text, '[');
        for (size_t depth = 0; depth < rows[i].depth; depth++)
            buffer_append_char(&text, ']');
        cJSON *value = parse_guarded(buffer_text(&text), text.len, &problem);
        assert_int_equal(value != NULL, rows[i].accepted);
        json_free(value);
        buffer_free(&text);
    }
}

static void reads_every_prefix_safely(void **state) {
    (void)state;
    static const char text[] =
        "{\"a\":[1,-2.5e1,true,null],\"\\ud83d\\ude00\xC3\xA9\":\"\\u0000\",\"n\":17841405793187218123}";
    for (size_t len = 0; len < sizeof text - 1; len++)
        assert_null(parse_guarded(text, len, NULL));
    cJSON *value = parse_guarded(text, sizeof text - 1, NULL);
    assert_non_null(value);
    json_free(value);
}

static void finds_duplicate_keys(void **state) {
    (void)state;
    static const struct {
        const char *text, *key;
    } rows[] = {{"{\"a\":1,\"b\":2}", NULL},
                {"{\"a\":1,\"a\":1}", "a"},
                {"{\"a\":1,\"A\":1}", NULL},
                {"[{\"x\":1},{\"x\":2}]", NULL},
                {"{\"p\":{\"q\":1,\"r\":2,\"q\":3}}", "q"},
                {"[[{\"z\":0,\"z\":0}]]", "z"},
                {"{\"a\":1,\"\\u0061\":2}", "a"},
                {"1", NULL},
                {"[1,1]", NULL},
                {"{\"\":1,\"\":2}", ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *key = NULL;
        cJSON *value = parse_guarded(rows[i].text, strlen(rows[i].text), NULL);
        assert_row(json_has_duplicate_key(value, &key) == (rows[i].key != NULL), rows[i].text);
        assert_row(same(key, rows[i].key), rows[i].text);
        assert_row(json_has_duplicate_key(value, NULL) == (rows[i].key != NULL), rows[i].text);
        json_free(value);
    }
    assert_false(json_has_duplicate_key(NULL, NULL));
}

/* In a file that a person writes, an id without quotes stays a number however long it is, and is told as one. */
static void settings_keep_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool number;
    } rows[] = {{"[102938475610293]", true},
                {"[1029384756102938]", true},
                {"[-17841405793187218123]", true},
                {"[\"1029384756102938\"]", false},
                {"[\"17841405793187218123\"]", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value;
        assert_int_equal(json_parse_settings(rows[i].text, strlen(rows[i].text), &value, NULL), JSON_PARSED);
        assert_row(cJSON_IsNumber(value->child) == rows[i].number, rows[i].text);
        json_free(value);
    }
}

static void reads_integers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool valid;
        int64_t number;
    } rows[] = {{"0", true, 0},
                {"-7", true, -7},
                {"\"42\"", true, 42},
                {"\"-42\"", true, -42},
                {"9223372036854775807", true, INT64_MAX},
                {"-9223372036854775808", true, INT64_MIN},
                {"9223372036854775808", false, 0},
                {"1.5", false, 0},
                {"1e3", true, 1000},
                {"1e18", false, 0},
                {"1e400", false, 0},
                {"\"\"", false, 0},
                {"\"-\"", false, 0},
                {"\" 1\"", false, 0},
                {"\"1 \"", false, 0},
                {"\"+1\"", false, 0},
                {"\"0x10\"", false, 0},
                {"true", false, 0},
                {"null", false, 0},
                {"[]", false, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t number = 0;
        cJSON *value = parse_guarded(rows[i].text, strlen(rows[i].text), NULL);
        assert_row(json_integer(value, &number) == rows[i].valid, rows[i].text);
        assert_row(number == rows[i].number, rows[i].text);
        json_free(value);
    }
}

static void members_count_case(void **state) {
    (void)state;
    cJSON *value = cJSON_Parse("{\"Name\":\"a\",\"n\":1}");
    assert_string_equal(json_string(value, "Name"), "a");
    assert_null(json_string(value, "name"));
    assert_null(json_string(value, "n"));
    assert_non_null(json_member(value, "n"));
    assert_null(json_member(value, "missing"));
    assert_null(json_member(NULL, "n"));
    assert_null(json_string(NULL, "n"));
    json_free(value);
    json_free(NULL);
}

static void prints_compact(void **state) {
    (void)state;
    cJSON *value = parse_guarded("{ \"a\" : [ 1, \"x\\ny\" ] }", 23, NULL);
    assert_non_null(value);
    char *text = json_print(value);
    assert_string_equal(text, "{\"a\":[1,\"x\\ny\"]}");
    json_free_text(text);
    json_free(value);
}

static void seconds_are_read_where_they_are_certain(void **state) {
    (void)state;
    static const struct {
        const char *json;
        int64_t seconds;
    } rows[] = {{"3600", 3600},
                {"\"3600\"", 3600},
                {"5183944.5", 5183944},
                {"\"5183944.0\"", 5183944},
                {"5.184e6", 5184000},
                {"1", 1},
                {"0.999", 0},
                {"0", 0},
                {"\"0\"", 0},
                {"-1", 0},
                {"\"-1\"", 0},
                {"null", 0},
                {"true", 0},
                {"[3600]", 0},
                {"{}", 0},
                {"\"\"", 0},
                {"\"soon\"", 0},
                {"\"3600 s\"", 0},
                {"\" 3600\"", 0},
                {"\"0x10\"", 0},
                {"\"1e3\"", 0},
                {"\"60.\"", 0},
                {"\".5\"", 0},
                {"\"1.5.5\"", 0},
                {"10000000", 10000000},
                {"10000000.9", 10000000},
                {"10000001", 0},
                {"9999999999", 0},
                {"\"9999999999\"", 0},
                {"1e300", 0},
                {"\"99999999999999999999999999\"", 0},
                {"99999999999999999999999999", 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = parse_guarded(rows[i].json, strlen(rows[i].json), NULL);
        assert_row(json_seconds(value, 10000000) == rows[i].seconds, rows[i].json);
        json_free(value);
    }
    assert_int_equal(json_seconds(NULL, 10), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(accepts_json),
                                       cmocka_unit_test(refuses_other_text),
                                       cmocka_unit_test(refuses_what_only_looks_like_json),
                                       cmocka_unit_test(never_cuts_at_nul),
                                       cmocka_unit_test(keeps_identifiers_exact),
                                       cmocka_unit_test(identifier_fits_or_is_refused),
                                       cmocka_unit_test(makes_strings_safe),
                                       cmocka_unit_test(limits_depth),
                                       cmocka_unit_test(reads_every_prefix_safely),
                                       cmocka_unit_test(finds_duplicate_keys),
                                       cmocka_unit_test(reads_integers),
                                       cmocka_unit_test(seconds_are_read_where_they_are_certain),
                                       cmocka_unit_test(settings_keep_numbers),
                                       cmocka_unit_test(members_count_case),
                                       cmocka_unit_test(prints_compact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
