/* visitor.c: what the site's own scripts are told of a person, whatever the provider says of them: no control
 * character, no line, nothing that is cut but a name, no address that is not verified, and no two people or groups that
 * look alike.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/text.h"
#include "program/visitor.h"

static const char *tell(cJSON *profile, enum visitor_value value) {
    static char told[2 * VISITOR_VALUE_MAX];
    struct buffer out = BUFFER_EMPTY;
    const struct session session = {.provider = "mock", .profile = profile};
    visitor_append(&out, &session, value);
    assert_false(out.failed);
    assert_true(text_is_printable(buffer_text(&out)) && out.len <= VISITOR_VALUE_MAX);
    snprintf(told, sizeof told, "%s", buffer_text(&out));
    buffer_free(&out);
    return told;
}

static void tells(void **state) {
    (void)state;
    static const struct {
        const char *profile;
        enum visitor_value value;
        const char *told;
    } rows[] = {
        {"{\"id\":\"17841405793187218123\"}", VISITOR_USER, "mock:17841405793187218123"},
        {"{\"id\":\"17841405793187218123\"}", VISITOR_ID, "17841405793187218123"},
        {"{\"id\":\"a|b:c@d e\"}", VISITOR_USER, "mock:a|b:c@d e"},
        {"{}", VISITOR_PROVIDER, "mock"},
        /* Another text would be another person. */
        {"{}", VISITOR_USER, ""},
        {"{\"id\":7}", VISITOR_USER, ""},
        {"{\"id\":\"\"}", VISITOR_USER, ""},
        {"{\"id\":\" 1\"}", VISITOR_ID, ""},
        {"{\"id\":\"1 \"}", VISITOR_USER, ""},
        {"{\"id\":\"1\\u0085\"}", VISITOR_USER, ""},
        {"{\"id\":\"1\\r\\nSet-Cookie: a=b\"}", VISITOR_USER, ""},
        {"{\"id\":\"1\\u202e2\"}", VISITOR_ID, ""},
        {"{\"username\":\"anna.b\"}", VISITOR_USERNAME, "anna.b"},
        {"{\"username\":\"anna\\n\"}", VISITOR_USERNAME, ""},
        {"{\"username\":\"anna \"}", VISITOR_USERNAME, ""},
        {"{\"username\":\"an…\"}", VISITOR_USERNAME, ""},
        {"{\"username\":\"…\"}", VISITOR_USERNAME, ""},
        {"{\"username\":\"an…na\"}", VISITOR_USERNAME, "an…na"},
        {"{}", VISITOR_USERNAME, ""},
        {"{\"full_name\":\"Zoë 🥖 Çelik\"}", VISITOR_NAME, "Zoë 🥖 Çelik"},
        {"{\"full_name\":\"long…\"}", VISITOR_NAME, "long…"},
        {"{\"full_name\":\" A\\r\\nLocation: /\\t \\u0085\\u2028B\\u0000\"}", VISITOR_NAME, "A Location: / B�"},
        {"{\"full_name\":\"\\n \\n\"}", VISITOR_NAME, ""},
        {"{\"full_name\":[\"a\"]}", VISITOR_NAME, ""},
        {"{\"email\":\"a@b.example\",\"email_verified\":true}", VISITOR_EMAIL, "a@b.example"},
        {"{\"email\":\"a@b.example\",\"email_verified\":false}", VISITOR_EMAIL, ""},
        {"{\"email\":\"a@b.example\",\"email_verified\":\"true\"}", VISITOR_EMAIL, ""},
        {"{\"email\":\"a@b.example\"}", VISITOR_EMAIL, ""},
        {"{\"email_verified\":true}", VISITOR_EMAIL, ""},
        {"{\"email\":\"a@b.example\\nX: y\",\"email_verified\":true}", VISITOR_EMAIL, ""},
        {"{\"email\":\"a@b.example, c@d.example\",\"email_verified\":true}", VISITOR_EMAIL, ""},
        {"{\"groups\":[\"staff\",\"Küche\"]}", VISITOR_GROUPS, "staff,Küche"},
        {"{\"groups\":[\"a,b\",\"50%\",\"%2C\",\"\",\"c d\"]}", VISITOR_GROUPS, "a%2Cb,50%25,%252C,c d"},
        {"{\"groups\":[\" a\",\"a \",\" \",\"a\\n\",\"\\u0085\"]}", VISITOR_GROUPS, "%20a,a%20,%20,a%0A,%C2%85"},
        {"{\"groups\":[]}", VISITOR_GROUPS, ""},
        {"{\"groups\":\"staff\"}", VISITOR_GROUPS, ""},
        {"{\"groups\":[\"a\",5,\"b\"]}", VISITOR_GROUPS, "a"},
        {"{}", VISITOR_GROUPS, ""},
        {"{}", VISITOR_VALUES, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *profile = sample_json(rows[i].profile);
        assert_string_equal(tell(profile, rows[i].value), rows[i].told);
        json_free(profile);
    }
}

/* A cookie is sealed, and what is in it was JSON of ours. All the same nothing but UTF-8 comes out. */
static void tells_no_broken_text(void **state) {
    (void)state;
    static const struct {
        const char *text, *name, *groups;
    } rows[] = {{"a\xFF", "a", "a%FF"},
                {"\xC0\x8A"
                 "b",
                 "b", "%C0%8Ab"},
                {"a\xE2\x82", "a", "a%E2%82"},
                {"a\xED\xA0\x80z", "a z", "a%ED%A0%80z"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *profile = sample_json("{\"groups\":[]}");
        static const char *const fields[] = {"id", "username", "full_name"};
        for (size_t j = 0; j < COUNT(fields); j++)
            cJSON_AddStringToObject(profile, fields[j], rows[i].text);
        cJSON_AddItemToArray(json_member(profile, "groups"), cJSON_CreateString(rows[i].text));
        assert_string_equal(tell(profile, VISITOR_USER), "");
        assert_string_equal(tell(profile, VISITOR_USERNAME), "");
        assert_string_equal(tell(profile, VISITOR_NAME), rows[i].name);
        assert_string_equal(tell(profile, VISITOR_GROUPS), rows[i].groups);
        json_free(profile);
    }
}

static void stays_within_bounds(void **state) {
    (void)state;
    char text[3 * VISITOR_VALUE_MAX];
    cJSON *profile = cJSON_CreateObject(), *groups = cJSON_AddArrayToObject(profile, "groups");
    cJSON_AddStringToObject(profile, "id", repeat(text, "i", PROVIDER_ID_MAX + 1));
    cJSON_AddStringToObject(profile, "username", repeat(text, "u", VISITOR_VALUE_MAX + 1));
    cJSON_AddStringToObject(profile, "full_name", repeat(text, "é", VISITOR_VALUE_MAX));
    for (int i = 0; i < GROUPS_MAX; i++)
        cJSON_AddItemToArray(groups, cJSON_CreateString(repeat(text, ",", 10)));
    assert_string_equal(tell(profile, VISITOR_USER), "");
    assert_string_equal(tell(profile, VISITOR_USERNAME), "");
    assert_int_equal(strlen(tell(profile, VISITOR_NAME)), VISITOR_VALUE_MAX);
    /* Thirty bytes each, and a comma between two. */
    assert_int_equal(strlen(tell(profile, VISITOR_GROUPS)), 33 * 31 - 1);
    for (size_t len = VISITOR_VALUE_MAX; len <= VISITOR_VALUE_MAX + 1; len++) {
        cJSON_ReplaceItemInArray(groups, 0, cJSON_CreateString(repeat(text, "g", len)));
        assert_int_equal(strlen(tell(profile, VISITOR_GROUPS)), len == VISITOR_VALUE_MAX ? len : 0);
    }
    cJSON_ReplaceItemInObject(profile, "id", cJSON_CreateString(repeat(text, "i", PROVIDER_ID_MAX)));
    assert_int_equal(strlen(tell(profile, VISITOR_USER)), PROVIDER_ID_MAX + strlen("mock:"));
    json_free(profile);
}

static void has_a_variable_for_each(void **state) {
    (void)state;
    for (enum visitor_value value = 0; value < VISITOR_VALUES; value++)
        assert_true(value == VISITOR_USER ? same(visitor_variable(value), "REMOTE_USER")
                                          : text_starts_with(visitor_variable(value), "CGI_LOGIN_"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(tells), cmocka_unit_test(tells_no_broken_text),
                                       cmocka_unit_test(stays_within_bounds),
                                       cmocka_unit_test(has_a_variable_for_each)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
