/* json_template.c: what is no template and what to do about it; a text without what is missing, and without the blanks
 * that are then too many; a URL and an id with all of their values, encoded, whatever these hold; how long one may get.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/json_template.h"

static void faults(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum json_template_use use;
        const char *fault; /* a part of it; NULL: none */
    } rows[] = {{"{/a}", JSON_TEMPLATE_TEXT, NULL},
                {"{}", JSON_TEMPLATE_TEXT, NULL},
                {"{/a} {/b/0/c}", JSON_TEMPLATE_TEXT, NULL},
                {"{/a}{/b}", JSON_TEMPLATE_TEXT, NULL},
                {"{/a}{/b}", JSON_TEMPLATE_ID, "run into each other"},
                {"{/a}-{/b}", JSON_TEMPLATE_ID, "run into each other"},
                {"{/a}.~_%{/b}", JSON_TEMPLATE_ID, "run into each other"},
                {"{/a}:{/b}", JSON_TEMPLATE_ID, NULL},
                {"x{/a}x:{/b}", JSON_TEMPLATE_ID, NULL},
                {"{/a}:{/b}{/c}", JSON_TEMPLATE_ID, "run into each other"},
                {"a", JSON_TEMPLATE_TEXT, "no JSON Pointer"},
                {"", JSON_TEMPLATE_TEXT, "no JSON Pointer"},
                {"{a}", JSON_TEMPLATE_TEXT, "begin it with a /"},
                {"{ /a}", JSON_TEMPLATE_TEXT, "begin it with a /"},
                {"{/a", JSON_TEMPLATE_TEXT, "not closed"},
                {"{", JSON_TEMPLATE_TEXT, "not closed"},
                {"{/a{/b}}", JSON_TEMPLATE_TEXT, "not closed"},
                {"/a}", JSON_TEMPLATE_TEXT, "none has opened"},
                {"{/a}}", JSON_TEMPLATE_TEXT, "none has opened"},
                {"https://a.example/{/a}.png", JSON_TEMPLATE_TEXT, NULL},
                {"https://a.example/?x={/a}&y={/b}", JSON_TEMPLATE_TEXT, NULL},
                {"http://localhost/{/a}", JSON_TEMPLATE_TEXT, NULL},
                {"http://a.example/{/a}", JSON_TEMPLATE_TEXT, "no https URL"},
                {"https://a.example/ {/a}", JSON_TEMPLATE_TEXT, "no https URL"},
                {"https://a.example/#{/a}", JSON_TEMPLATE_TEXT, "no https URL"},
                {"https://{/a}/x", JSON_TEMPLATE_TEXT, "host is not written out"},
                {"https://a.example{/a}", JSON_TEMPLATE_TEXT, "host is not written out"},
                {"https://{/a}.example/x", JSON_TEMPLATE_TEXT, "host is not written out"},
                {"HTTPS://a.example:{/a}/x", JSON_TEMPLATE_TEXT, "no https URL"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded text = guarded_string(rows[i].text);
        const char *fault = json_template_fault(text.data, rows[i].use);
        assert_row((fault == NULL) == (rows[i].fault == NULL), rows[i].text);
        assert_row(fault == NULL || contains(fault, rows[i].fault), fault);
        guarded_free(&text);
    }
    char longest[JSON_TEMPLATE_MAX + 1] = "{/a}";
    repeat(longest + 4, "x", JSON_TEMPLATE_MAX - 5);
    assert_null(json_template_fault(longest, JSON_TEMPLATE_TEXT));
    repeat(longest + 4, "x", JSON_TEMPLATE_MAX - 4);
    assert_non_null(json_template_fault(longest, JSON_TEMPLATE_TEXT));
}

static const char VALUES[] =
    "{\"first\":\"Ann\xC3\xA9\",\"last\":\"Bee\",\"blank\":\" \\u200B\",\"empty\":\"\",\"null\":null,\"n\":12,"
    "\"big\":17841405793187218123,\"half\":1.5,\"yes\":true,\"list\":[\"x\"],\"lines\":\" a\\r\\n\\t\\u0001b \","
    "\"brace\":\"{/last}\",\"percent\":\"%2F%00\",\"slash\":\"a/b?c#d&e=f\",\"dots\":\"..\",\"dot\":\".\","
    "\"three\":\"...\",\"scheme\":\"javascript\",\"script\":\"alert(1)\",\"markup\":\"<b>\\\"\",\"a/b\":\"s\","
    "\"colon\":\"a:b\"}";

static void makes(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum json_template_use use;
        const char *made; /* NULL: nothing */
    } rows[] = {{"{/first} {/last}", JSON_TEMPLATE_TEXT, "Ann\xC3\xA9 Bee"},
                {"{/first} {/none} {/last}", JSON_TEMPLATE_TEXT, "Ann\xC3\xA9 Bee"},
                {"{/none} {/last}", JSON_TEMPLATE_TEXT, "Bee"},
                {"{/first} {/none}", JSON_TEMPLATE_TEXT, "Ann\xC3\xA9"},
                {"{/first} {/blank} {/empty} {/null} {/last}", JSON_TEMPLATE_TEXT, "Ann\xC3\xA9 Bee"},
                {"{/none} {/null}", JSON_TEMPLATE_TEXT, NULL},
                {"Mx {/none}", JSON_TEMPLATE_TEXT, NULL},
                {"Mx {/last}", JSON_TEMPLATE_TEXT, "Mx Bee"},
                {"{/n}{/big}", JSON_TEMPLATE_TEXT, "1217841405793187218123"},
                {"{/half}", JSON_TEMPLATE_TEXT, NULL},
                {"{/yes}", JSON_TEMPLATE_TEXT, NULL},
                {"{/list}", JSON_TEMPLATE_TEXT, NULL},
                {"{/list/0}", JSON_TEMPLATE_TEXT, "x"},
                {"{}", JSON_TEMPLATE_TEXT, NULL},
                {"{/a~1b}", JSON_TEMPLATE_TEXT, "s"},
                {"{/lines}", JSON_TEMPLATE_TEXT, "a b"},
                {"x{/lines}x", JSON_TEMPLATE_TEXT, "x a b x"},
                /* What a value holds is no template. */
                {"{/brace}", JSON_TEMPLATE_TEXT, "{/last}"},
                {"{/scheme}:{/script}", JSON_TEMPLATE_TEXT, "javascript:alert(1)"},
                {"https://a.example/{/n}/{/last}.png", JSON_TEMPLATE_TEXT, "https://a.example/12/Bee.png"},
                {"https://a.example/{/n}/{/none}.png", JSON_TEMPLATE_TEXT, NULL},
                {"https://a.example/{/n}/{/empty}.png", JSON_TEMPLATE_TEXT, NULL},
                {"https://a.example/{/slash}", JSON_TEMPLATE_TEXT, "https://a.example/a%2Fb%3Fc%23d%26e%3Df"},
                {"https://a.example/{/percent}", JSON_TEMPLATE_TEXT, "https://a.example/%252F%2500"},
                {"https://a.example/{/brace}", JSON_TEMPLATE_TEXT, "https://a.example/%7B%2Flast%7D"},
                {"https://a.example/{/lines}", JSON_TEMPLATE_TEXT, "https://a.example/%20a%0D%0A%09%01b%20"},
                {"https://a.example/{/markup}", JSON_TEMPLATE_TEXT, "https://a.example/%3Cb%3E%22"},
                {"https://a.example/{/first}", JSON_TEMPLATE_TEXT, "https://a.example/Ann%C3%A9"},
                {"https://a.example/x/{/dots}/y", JSON_TEMPLATE_TEXT, NULL},
                {"https://a.example/x/{/dot}/y", JSON_TEMPLATE_TEXT, NULL},
                {"https://a.example/x/{/three}/y", JSON_TEMPLATE_TEXT, "https://a.example/x/.../y"},
                {"{/n}:{/last}", JSON_TEMPLATE_ID, "12:Bee"},
                {"{/n}:{/none}", JSON_TEMPLATE_ID, NULL},
                {"{/colon}:{/n}", JSON_TEMPLATE_ID, "a%3Ab:12"},
                /* Of what is no template, nothing is read too far. */
                {"{/first", JSON_TEMPLATE_TEXT, NULL},
                {"{", JSON_TEMPLATE_ID, "{"},
                {"", JSON_TEMPLATE_TEXT, NULL}};
    cJSON *root = sample_json(VALUES);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded text = guarded_string(rows[i].text);
        struct buffer out = BUFFER_EMPTY;
        buffer_append_text(&out, "before ");
        const bool made = json_template_append(&out, text.data, root, rows[i].use);
        assert_row(made == (rows[i].made != NULL), rows[i].text);
        assert_row(same(buffer_text(&out) + 7, made ? rows[i].made : ""), rows[i].text);
        buffer_free(&out);
        guarded_free(&text);
    }
    json_free(root);
}

static void a_long_value_fails_as_too_large(void **state) {
    (void)state;
    static char text[3 * PROFILE_FIELD_MAX];
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "a", repeat(text, "\xC3\xA9", PROFILE_FIELD_MAX));
    struct buffer out = {.limit = PROFILE_FIELD_MAX};
    json_template_append(&out, "https://a.example/{/a}", root, JSON_TEMPLATE_TEXT);
    assert_true(out.failed && out.too_large);
    buffer_free(&out);
    json_free(root);
}

static void goes_through_pointers(void **state) {
    (void)state;
    const char *at = "x {/a}{} {/b~1c}{";
    char pointer[JSON_TEMPLATE_MAX];
    assert_true(json_template_next_pointer(&at, pointer));
    assert_string_equal(pointer, "/a");
    assert_true(json_template_next_pointer(&at, pointer));
    assert_string_equal(pointer, "");
    assert_true(json_template_next_pointer(&at, pointer));
    assert_string_equal(pointer, "/b~1c");
    assert_false(json_template_next_pointer(&at, pointer));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults), cmocka_unit_test(makes),
                                       cmocka_unit_test(a_long_value_fails_as_too_large),
                                       cmocka_unit_test(goes_through_pointers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
