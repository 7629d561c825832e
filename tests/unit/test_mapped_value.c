/* profile_value.c and mapped_value.c: which values a field of each kind may have, and what a response has for them; the
 * first that is there, truth however it is written, groups from lists of texts and of objects, each once.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "oauth/mapped_value.h"

static void checks(void **state) {
    (void)state;
    static const struct {
        const char *map, *problem; /* the first line, from its start; NULL: none */
    } rows[] = {
        {"{\"id\":\"/id\"}", NULL},
        {"{\"id\":[\"/a\",\"{/b}:{/c}\"],\"full_name\":\"{/first} {/last}\",\"email\":\"/e\"}", NULL},
        {"{\"id\":\"{/b}{/c}\"}", "p.id: \"{/b}{/c}\": two values of an id run into each other"},
        {"{\"id\":[\"/a\",\"{b}\"]}", "p.id: \"{b}\": in braces stands what is no JSON Pointer"},
        {"{\"id\":\"/id\",\"full_name\":\"name\"}", "p.full_name: expected a JSON Pointer, such as"},
        {"{\"id\":\"/id\",\"x\":true}", "p.x: expected a JSON Pointer"},
        {"{\"id\":\"/id\",\"x\":[]}", "p.x: expected a JSON Pointer"},
        {"{\"id\":\"/id\",\"x\":[[\"/a\"]]}", "p.x: expected a JSON Pointer"},
        {"{\"id\":\"/id\",\"profile_picture\":\"https://{/host}/x\"}",
         "p.profile_picture: \"https://{/host}/x\": the URL's host is not written out"},
        {"{\"id\":\"/id\",\"email_verified\":true}", NULL},
        {"{\"id\":\"/id\",\"email_verified\":false}", NULL},
        {"{\"id\":\"/id\",\"email_verified\":[\"/a\",\"/b\"]}", NULL},
        {"{\"id\":\"/id\",\"email_verified\":{\"all\":[\"/a\",\"/b\"]}}", NULL},
        {"{\"id\":\"/id\",\"email_verified\":{\"all\":\"/a\"}}", "p.email_verified: expected true, false, a JSON"},
        {"{\"id\":\"/id\",\"email_verified\":{\"all\":[]}}", "p.email_verified: expected"},
        {"{\"id\":\"/id\",\"email_verified\":{\"all\":[\"/a\"],\"x\":1}}", "p.email_verified: expected"},
        {"{\"id\":\"/id\",\"email_verified\":\"{/a}\"}", "p.email_verified: expected"},
        {"{\"id\":\"/id\",\"email_verified\":\"yes\"}", "p.email_verified: expected"},
        {"{\"id\":\"/id\",\"email_verified\":1}", "p.email_verified: expected"},
        {"{\"id\":\"/id\",\"groups\":\"/groups\"}", NULL},
        {"{\"id\":\"/id\",\"groups\":[\"/groups\",\"/realm_access/roles\"]}", NULL},
        {"{\"id\":\"/id\",\"groups\":{\"list\":\"/teams\",\"value\":\"/name\"}}", NULL},
        {"{\"id\":\"/id\",\"groups\":[{\"list\":\"\",\"value\":\"role-{/id}\"}]}", NULL},
        {"{\"id\":\"/id\",\"groups\":{\"list\":\"/teams\"}}", "p.groups: expected a JSON Pointer, such as \"/groups\""},
        {"{\"id\":\"/id\",\"groups\":{\"list\":\"teams\",\"value\":\"/name\"}}", "p.groups: expected"},
        {"{\"id\":\"/id\",\"groups\":{\"list\":\"/a\",\"value\":\"{/name\"}}",
         "p.groups.value: \"{/name\": a brace is not closed"},
        {"{\"id\":\"/id\",\"groups\":{\"list\":\"/a\",\"value\":[\"/name\"]}}", "p.groups.value: expected"},
        {"{\"id\":\"/id\",\"groups\":{\"list\":\"/a\",\"value\":\"/b\",\"c\":1}}", "p.groups: expected"},
        {"{\"id\":\"/id\",\"groups\":[]}", "p.groups: expected"},
        {"{\"id\":\"/id\",\"groups\":\"{/a}\"}", "p.groups: expected"},
        {"{\"id\":\"/id\",\"counts\":{\"media\":\"{/a}\"}}", "p.counts.media: expected a JSON Pointer"},
        /* What would move a terminal is told as what it is. */
        {"{\"id\":\"\\u001b{/b\"}", "p.id: \"\\x1b{/b\": a brace"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct problems problems = {.count = 0};
        cJSON *map = sample_json(rows[i].map);
        profile_map_check("p", map, &problems);
        const char *line = problems.count != 0 ? problems.lines[0] : NULL;
        assert_row((line == NULL) == (rows[i].problem == NULL), rows[i].map);
        assert_row(line == NULL || strncmp(line, rows[i].problem, strlen(rows[i].problem)) == 0, line);
        problems_clear(&problems);
        json_free(map);
    }
}

static void finds_the_first(void **state) {
    (void)state;
    static const struct {
        const char *value, *found; /* printed; NULL: nothing */
    } rows[] = {{"\"/a\"", "1"},
                {"\"/null\"", NULL},
                {"[\"/null\",\"/none\",\"/a\"]", "1"},
                {"[\"{/none}\",\"{/a}-{/b}\",\"/b\"]", "\"1-x\""},
                {"\"{/a} {/none}\"", "\"1\""},
                {"\"\"", "{\"a\":1,\"b\":\"x\",\"null\":null}"},
                {"7", NULL},
                {"[]", NULL}};
    cJSON *root = sample_json("{\"a\":1,\"b\":\"x\",\"null\":null}");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mapped_value found;
        cJSON *value = sample_json(rows[i].value);
        assert_true(mapped_value_find(value, root, JSON_TEMPLATE_TEXT, &found));
        char *printed = found.value != NULL ? json_print(found.value) : NULL;
        assert_row(same(printed, rows[i].found), rows[i].value);
        assert_row(mapped_value_is_there(value, root) == (rows[i].found != NULL), rows[i].value);
        json_free_text(printed);
        mapped_value_clear(&found);
        json_free(value);
    }
    json_free(root);
}

static void tells_truth(void **state) {
    (void)state;
    static const struct {
        const char *value;
        enum mapped_truth truth;
    } rows[] = {{"true", TRUTH_YES},
                {"false", TRUTH_NO},
                {"\"/yes/0\"", TRUTH_YES},
                {"\"/yes/1\"", TRUTH_YES},
                {"\"/yes/2\"", TRUTH_YES},
                {"\"/yes/3\"", TRUTH_YES},
                {"\"/no/0\"", TRUTH_NO},
                {"\"/no/1\"", TRUTH_NO},
                {"\"/no/2\"", TRUTH_NO},
                {"\"/no/3\"", TRUTH_NO},
                {"\"/odd/0\"", TRUTH_UNKNOWN},
                {"\"/odd/1\"", TRUTH_UNKNOWN},
                {"\"/odd/2\"", TRUTH_UNKNOWN},
                {"\"/odd/3\"", TRUTH_UNKNOWN},
                {"\"/odd/4\"", TRUTH_UNKNOWN},
                {"\"/odd/5\"", TRUTH_UNKNOWN},
                {"\"/none\"", TRUTH_UNKNOWN},
                {"[\"/none\",\"/yes/0\"]", TRUTH_YES},
                {"[\"/no/0\",\"/yes/0\"]", TRUTH_NO},
                {"{\"all\":[\"/yes/0\",\"/yes/1\"]}", TRUTH_YES},
                {"{\"all\":[\"/yes/0\",\"/no/1\"]}", TRUTH_NO},
                {"{\"all\":[\"/yes/0\",\"/none\"]}", TRUTH_UNKNOWN},
                {"{\"all\":[\"/none\",\"/no/0\"]}", TRUTH_NO}};
    cJSON *root = sample_json("{\"yes\":[true,\"true\",1,\"1\"],\"no\":[false,\"false\",0,\"0\"],"
                              "\"odd\":[\"True\",2,\"\",null,[true],{\"a\":true}]}");
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = sample_json(rows[i].value);
        assert_row(mapped_truth(value, root) == rows[i].truth, rows[i].value);
        json_free(value);
    }
    json_free(root);
}

static void equals(void **state) {
    (void)state;
    static const struct {
        const char *value, *expected;
        bool equal;
    } rows[] = {{"\"00\"", "\"00\"", true}, {"0", "\"00\"", false},      {"0", "\"0\"", true},
                {"\"ok\"", "\"ok\"", true}, {"\"OK\"", "\"ok\"", false}, {"1", "true", true},
                {"true", "1", false},       {"\"true\"", "true", true},  {"0", "false", true},
                {"null", "false", false},   {"null", "\"\"", false},     {"[]", "\"x\"", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = sample_json(rows[i].value), *expected = sample_json(rows[i].expected);
        assert_row(mapped_value_equals(value, expected) == rows[i].equal, rows[i].value);
        json_free(value);
        json_free(expected);
    }
    cJSON *expected = cJSON_CreateFalse();
    assert_false(mapped_value_equals(NULL, expected));
    json_free(expected);
}

static void takes_groups(void **state) {
    (void)state;
    static const struct {
        const char *value, *groups;
    } rows[] = {{"\"/texts\"", "[\"a\",\"b\",\"12\"]"},
                {"\"/one\"", "[\"crew\"]"},
                {"\"/none\"", "[]"},
                {"[\"/texts\",\"/one\",\"/more\"]", "[\"a\",\"b\",\"12\",\"crew\",\"c\"]"},
                {"{\"list\":\"/teams\",\"value\":\"/name\"}", "[\"red\",\"blue\"]"},
                {"{\"list\":\"/teams\",\"value\":\"{/org}/{/name}\"}", "[\"x/red\",\"/blue\",\"y/\"]"},
                {"{\"list\":\"/texts\",\"value\":\"role-{}\"}", "[\"role-a\",\"role-b\",\"role-12\",\"role-x y\"]"},
                {"[\"/one\",{\"list\":\"/teams\",\"value\":\"/name\"}]", "[\"crew\",\"red\",\"blue\"]"}};
    cJSON *root =
        sample_json("{\"texts\":[\"a\",\"b\",\"a\",\"\",\" \",null,true,[],12,\"x\\ny\",\"\\u202E\"],"
                    "\"one\":\"crew\",\"more\":[\"c\",\"b\"],"
                    "\"teams\":[{\"org\":\"x\",\"name\":\"red\"},{\"name\":\"blue\"},{\"org\":\"y\"},\"z\"]}");
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = sample_json(rows[i].value), *groups = cJSON_CreateArray();
        bool cut = false;
        assert_true(mapped_groups(value, root, groups, &cut));
        char *printed = json_print(groups);
        assert_row(same(printed, rows[i].groups), printed);
        assert_false(cut);
        json_free_text(printed);
        json_free(groups);
        json_free(value);
    }
    json_free(root);
}

static void bounds_groups(void **state) {
    (void)state;
    char text[GROUP_MAX + 2];
    cJSON *root = cJSON_CreateArray(), *value = cJSON_CreateString(""), *groups = cJSON_CreateArray();
    bool cut = false;
    cJSON_AddItemToArray(root, cJSON_CreateString(repeat(text, "x", GROUP_MAX + 1)));
    cJSON_AddItemToArray(root, cJSON_CreateString(repeat(text, "x", GROUP_MAX)));
    for (int i = 1; i < GROUPS_MAX; i++) {
        snprintf(text, sizeof text, "%d", i);
        cJSON_AddItemToArray(root, cJSON_CreateString(text));
    }
    assert_true(mapped_groups(value, root, groups, &cut));
    assert_int_equal(cJSON_GetArraySize(groups), GROUPS_MAX);
    assert_false(cut);
    cJSON_AddItemToArray(root, cJSON_CreateString("one more"));
    assert_true(mapped_groups(value, root, groups, &cut));
    assert_int_equal(cJSON_GetArraySize(groups), GROUPS_MAX);
    assert_true(cut);
    json_free(root);
    json_free(value);
    json_free(groups);
}

static void knows_addresses(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool usable;
    } rows[] = {{"a@b.example", true},
                {"a+b@b.example", true},
                {"\xC3\xA9@b.example", true},
                {"", false},
                {"a", false},
                {"@b.example", false},
                {"a@", false},
                {"a@b@c.example", false},
                {"a @b.example", false},
                {"a@b\n.example", false},
                {"<a@b.example>", false},
                {"a@b.example,c@d.example", false},
                {"a@b.example\xE2\x80\xAE", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(profile_email_is_usable(rows[i].text) == rows[i].usable, rows[i].text);
    char text[EMAIL_MAX + 2] = "a@";
    repeat(text + 2, "b", EMAIL_MAX - 2);
    assert_true(profile_email_is_usable(text));
    repeat(text + 2, "b", EMAIL_MAX - 1);
    assert_false(profile_email_is_usable(text));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(checks),         cmocka_unit_test(finds_the_first),
                                       cmocka_unit_test(tells_truth),    cmocka_unit_test(equals),
                                       cmocka_unit_test(takes_groups),   cmocka_unit_test(bounds_groups),
                                       cmocka_unit_test(knows_addresses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
