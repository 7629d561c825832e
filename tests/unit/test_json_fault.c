/* json_fault.c and json_excerpt.c: where a text stops being JSON and what the hand has to do there, for each slip of a
 * hand that was seen; that no value gets into the message; and that nothing beyond the text is read.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/json.h"
#include "base/json_fault.h"

static void fault_of(const char *bytes, size_t len, struct buffer *fault) {
    struct buffer text = BUFFER_EMPTY;
    buffer_append(&text, bytes, len);
    if (!json_fault_append(fault, &text))
        buffer_append_text(fault, "none");
    assert_false(text.failed || fault->failed);
    buffer_free(&text);
}

static void each_slip_has_its_place_and_remedy(void **state) {
    (void)state;
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"", "it is empty"},
        {" \r\n\t", "it is empty"},
        {"\xFF\xFE{", "it is UTF-16, which some editors call Unicode; save it as UTF-8"},
        {"{\\rtf1\\ansi", "it is a document of a word processor; save it as plain text"},
        {"<!doctype html>", "it is a web page, not JSON"},
        {"{\n\"a\": 1,\n}", "line 2, column 7: a comma too many; remove it; see \"a\": …>>>,"},
        {"{\"a\": 1,, \"b\": 2}", "line 1, column 9: a comma too many; remove it; see {\"a\": …,>>>, \"b\": …}"},
        {"[1, ]", "line 1, column 3: a comma too many; remove it; see […>>>, ]"},
        {"{,}", "line 1, column 2: a comma too many; remove it; see {>>>,}"},
        {"{\r\n  \"a\": \"x\"\r\n  \"b\": 2}", "line 2, column 11: a comma is missing here; see \"a\": \"…\">>>"},
        {"{\"a\": {} \"b\": 2}", "line 1, column 9: a comma is missing here; see {\"a\": {}>>> \"b\": …}"},
        {"[true false]", "line 1, column 6: a comma is missing here; see […>>> …]"},
        {"{\"a\" \"b\"}", "line 1, column 5: a colon is missing here; see {\"…\">>> \"…\"}"},
        {"{\"a\":: 1}",
         "line 1, column 6: a colon too many, or a key without its quotes before it; see {\"a\":>>>: …}"},
        {"{\"a\" = 1}", "line 1, column 6: a = where a : is expected; see {\"…\" >>>= …}"},
        {"{\"a\": 1; \"b\": 2}", "line 1, column 8: a ; where a , is expected; see {\"a\": …>>>; \"b\": …}"},
        {"{\"a\": “x”}", "line 1, column 7: a typographic quote; write \" in its place; see {\"a\": >>>“…”}"},
        {"{„a“: 1}", "line 1, column 2: a typographic quote; write \" in its place; see {>>>„…“: …}"},
        {"{«a»: 1}", "line 1, column 2: a typographic quote; write \" in its place; see {>>>«…»: …}"},
        {"{'a': 1}", "line 1, column 2: a single quote; write \" in its place; see {>>>'…': …}"},
        {"{ // mine\n}", "line 1, column 3: a comment, which JSON does not have; remove it; see { >>>… …"},
        {"{ # mine\n}", "line 1, column 3: a comment, which JSON does not have; remove it; see { >>># …"},
        {"{a: 1}", "line 1, column 2: a word without quotes; write \" before and behind it (true, false and null need "
                   "none, in small letters); see {>>>…: …}"},
        {"{\"a\": True}",
         "line 1, column 7: a word without quotes; write \" before and behind it (true, false and null "
         "need none, in small letters); see {\"a\": >>>…}"},
        {"{\"a\": 1x}", "line 1, column 7: a word without quotes; write \" before and behind it (true, false and null "
                        "need none, in small letters); see {\"a\": >>>…}"},
        {"{1: 2}", "line 1, column 2: a word without quotes; write \" before and behind it (true, false and null need "
                   "none, in small letters); see {>>>…: …}"},
        {"{{}}", "line 1, column 2: a key is expected here, a word between two \"; see {>>>{}}"},
        {"{\"a\": 12\", \"b\": 2}",
         "line 1, column 9: a quote too many, or the one before the word is missing; see {\"a\": …>>>\", \"b\": …}"},
        {"{\"a\": \"12,\n\"b\": 2}",
         "line 1, column 7: the text that begins here has no closing quote in its line; see {\"a\": >>>\"…,"},
        {"{\"a", "line 1, column 2: the text that begins here has no closing quote in its line; see {>>>\"…"},
        {"{\"a\": \"C:\\data\"}",
         "line 1, column 10: a single \\ in a text; write \\\\ in its place; see {\"a\": \"…:>>>\\…\"}"},
        {"{\"a\": \"\\u12x4\"}",
         "line 1, column 8: a single \\ in a text; write \\\\ in its place; see {\"a\": \">>>\\…\"}"},
        {"{\"a\": \"\\", "line 1, column 8: a single \\ in a text; write \\\\ in its place; see {\"a\": \">>>\\"},
        {"{\"a\": }", "line 1, column 7: a value is missing before it; see {\"a\": >>>}"},
        {"{\"a\": , \"b\": 1}", "line 1, column 7: a value is missing before it; see {\"a\": >>>, \"b\": …}"},
        {"{\"a\"}", "line 1, column 5: a value is missing before it; see {\"…\">>>}"},
        {"{\"a\": [1}", "line 1, column 9: a } where a ] is expected; see {\"a\": […>>>}"},
        {"[{\"a\": 1]", "line 1, column 9: a ] where a } is expected; see [{\"a\": …>>>]"},
        {"{\"a\": 1\n", "line 2, column 1: a } is missing: what a { before it opens is not closed; see >>>"},
        {"[1", "line 1, column 3: a ] is missing: what a [ before it opens is not closed; see […>>>"},
        {"{}}", "line 1, column 3: a bracket too many; remove it; see {}>>>}"},
        {"{}\n{}", "line 2, column 1: something follows the last bracket, or that one was closed too early; remove one "
                   "of them; see >>>{}"},
        {"\"a\": 1}", "line 1, column 1: a { is missing before it; see >>>\"a\": …}"},
        {"{\"a\": 1}\x01", "line 1, column 9: a character that has no place here; see {\"a\": …}>>>…"},
        {"{}", "none"},
        {"\xEF\xBB\xBF{\"a\": [1.5e3, -2, true, null, {\"b\": \"\\u00e9\\\"\"}, []]}\n", "none"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer fault = BUFFER_EMPTY;
        fault_of(rows[i].text, strlen(rows[i].text), &fault);
        assert_string_equal(buffer_text(&fault), rows[i].fault);
        buffer_free(&fault);
    }
}

static void a_nul_byte_is_told_from_utf_16(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t len;
        const char *fault;
    } rows[] = {{"{\0\"\0", 4, "it is UTF-16, which some editors call Unicode; save it as UTF-8"},
                {"\0{\0\"", 4, "it is UTF-16, which some editors call Unicode; save it as UTF-8"},
                {"\0", 1, "it holds a NUL byte; save it as plain text in UTF-8"},
                {"{\"a\0b\"}", 7, "it holds a NUL byte; save it as plain text in UTF-8"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer fault = BUFFER_EMPTY;
        fault_of(rows[i].text, rows[i].len, &fault);
        assert_string_equal(buffer_text(&fault), rows[i].fault);
        buffer_free(&fault);
    }
}

/* Breaks a config at each of its bytes, in several ways: whatever the fault is called, no value is quoted. */
static void no_value_is_quoted(void **state) {
    (void)state;
    static const char config[] = "{\n  \"keys\": [\"Qk9PVEhJU0lTQVNFQ1JFVA\"],\n  \"providers\": {\"a\": {\n"
                                 "    \"client_secret\": \"hunter2secret\"}}\n}\n";
    static const char *const put[] = {"", "\"", ",", "}", "]", ":", "'", "\\", "\n", "“", "x"};
    static const char *const secrets[] = {"Qk9P", "VEhJ", "hunter", "cret\"", "secre\""};
    size_t faults = 0;
    for (size_t at = 0; at < sizeof config - 1; at++) {
        for (size_t i = 0; i < COUNT(put); i++) {
            struct buffer text = BUFFER_EMPTY, fault = BUFFER_EMPTY;
            buffer_append(&text, config, at);
            buffer_append_text(&text, put[i]);
            buffer_append_text(&text, config + at + 1);
            faults += json_fault_append(&fault, &text) ? 1 : 0;
            for (size_t j = 0; fault.len != 0 && j < COUNT(secrets); j++)
                if (strstr(buffer_text(&fault), secrets[j]) != NULL && strstr(secrets[j], "cre") == NULL)
                    fail_msg("%s is quoted: %s", secrets[j], buffer_text(&fault));
            buffer_free(&text);
            buffer_free(&fault);
        }
    }
    assert_true(faults > 500);
}

/* What the parser refuses has a fault. The parser is laxer: it takes a line break in a text. */
static void what_is_refused_has_a_fault(void **state) {
    (void)state;
    static const char config[] = "{\"a\": [1, {\"b\": \"c\\\"\"}], \"d\": false}";
    for (size_t at = 0; at < sizeof config - 1; at++) {
        for (int byte = 0x20; byte < 0x7F; byte++) {
            char text[sizeof config];
            struct buffer fault = BUFFER_EMPTY;
            cJSON *value = NULL;
            memcpy(text, config, sizeof text);
            text[at] = (char)byte;
            const bool refused = json_parse_settings(text, sizeof text - 1, &value, NULL) == JSON_MALFORMED;
            fault_of(text, sizeof text - 1, &fault);
            if (refused && strcmp(buffer_text(&fault), "none") == 0)
                fail_msg("no fault is found in %s", text);
            json_free(value);
            buffer_free(&fault);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_slip_has_its_place_and_remedy), cmocka_unit_test(a_nul_byte_is_told_from_utf_16),
        cmocka_unit_test(no_value_is_quoted), cmocka_unit_test(what_is_refused_has_a_fault)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
