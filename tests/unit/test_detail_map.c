/* detail_map.c: which address of a list counts, and whether it is verified; which groups of a list count; null or
 * nothing of what is not there, and nothing of what stands beside a list.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "oauth/detail_map.h"

static void takes_the_address(void **state) {
    (void)state;
    static const struct {
        const char *request, *root, *profile; /* root NULL: there was no response */
    } rows[] = {{"{\"where\":{\"/primary\":true},\"email\":\"/email\",\"verified\":\"/verified\"}",
                 "[{\"email\":\"a@b.example\",\"verified\":true},{\"email\":\"c@d.example\",\"primary\":1,\"verified\":"
                 "\"true\"}]",
                 "{\"email\":\"c@d.example\",\"email_verified\":true}"},
                {"{\"where\":{\"/primary\":true,\"/kind\":\"work\"},\"email\":\"/email\"}",
                 "[{\"email\":\"a@b.example\",\"primary\":true,\"kind\":\"home\"},{\"email\":\"c@d.example\","
                 "\"primary\":true,\"kind\":"
                 "\"work\"}]",
                 "{\"email\":\"c@d.example\",\"email_verified\":null}"},
                {"{\"list\":\"/values\",\"email\":\"/email\",\"verified\":{\"all\":[\"/a\",\"/b\"]}}",
                 "{\"values\":[{\"email\":\"a@b.example\",\"a\":true,\"b\":false}]}",
                 "{\"email\":\"a@b.example\",\"email_verified\":false}"},
                {"{\"email\":\"/email\",\"verified\":true}", "{\"email\":\"a@b.example\"}",
                 "{\"email\":\"a@b.example\",\"email_verified\":true}"},
                /* Only what counts is looked at: not what stands beside an object in the place of the list. */
                {"{\"list\":\"/one\",\"where\":{\"/primary\":true},\"email\":\"/email\"}",
                 "{\"one\":{\"email\":\"a@b.example\"},\"two\":{\"email\":\"c@d.example\",\"primary\":true}}",
                 "{\"email\":null,\"email_verified\":null}"},
                /* Without an address nothing is known of it. */
                {"{\"email\":\"/email\",\"verified\":true}", "[{\"email\":\"none\"}]",
                 "{\"email\":null,\"email_verified\":null}"},
                {"{\"email\":\"/email\",\"verified\":true}", "[]", "{\"email\":null,\"email_verified\":null}"},
                {"{\"email\":\"/email\",\"verified\":true}", "5", "{\"email\":null,\"email_verified\":null}"},
                {"{\"list\":\"/none\",\"email\":\"/email\"}", "[]", "{\"email\":null,\"email_verified\":null}"},
                {"{\"email\":\"/email\",\"verified\":true}", NULL, "{\"email\":null,\"email_verified\":null}"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *written = sample_json(rows[i].request), *root = rows[i].root != NULL ? sample_json(rows[i].root) : NULL;
        cJSON *profile = sample_json("{\"email\":\"old@b.example\",\"email_verified\":true}");
        const struct detail_request request = detail_request_read(written, email_request_settings);
        assert_true(detail_map_email(&request, root, profile));
        char *printed = json_print(profile);
        assert_row(same(printed, rows[i].profile), printed);
        json_free_text(printed);
        json_free(profile);
        json_free(root);
        json_free(written);
    }
}

static void takes_groups(void **state) {
    (void)state;
    static const struct {
        const char *request, *root, *groups;
    } rows[] = {
        {"{\"list\":\"/roles\",\"group\":\"role-{}\"}", "{\"roles\":[\"1\",2]}", "[\"crew\",\"role-1\",\"role-2\"]"},
        {"{}", "[\"a\",\"crew\"]", "[\"crew\",\"a\"]"},
        {"{\"where\":{\"/state\":\"active\"},\"group\":\"/tier\"}",
         "[{\"tier\":\"a\"},{\"tier\":\"b\",\"state\":\"active\"},{\"tier\":\"c\",\"state\":\"ended\"},{\"tier\":\"d\","
         "\"state\":"
         "\"active\"}]",
         "[\"crew\",\"b\",\"d\"]"},
        {"{\"list\":\"/member\",\"where\":{\"/state\":\"active\"},\"group\":\"member\"}",
         "{\"member\":{\"state\":\"ended\"},\"x\":{\"state\":\"active\"}}", "[\"crew\"]"},
        {"{\"list\":\"/member\",\"where\":{\"/state\":\"active\"},\"group\":\"in-{/org}\"}",
         "{\"member\":{\"state\":\"active\",\"org\":\"x\"},\"y\":{\"state\":\"active\",\"org\":\"y\"}}",
         "[\"crew\",\"in-x\"]"},
        {"{\"list\":\"/none\"}", "[\"a\"]", "[\"crew\"]"},
        {"{}", NULL, "[\"crew\"]"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *written = sample_json(rows[i].request), *root = rows[i].root != NULL ? sample_json(rows[i].root) : NULL;
        cJSON *profile = sample_json("{\"groups\":[\"crew\"]}");
        const struct detail_request request = detail_request_read(written, groups_request_settings);
        bool cut = false;
        assert_true(detail_map_groups(&request, root, profile, &cut));
        char *printed = json_print(json_member(profile, "groups"));
        assert_row(same(printed, rows[i].groups), printed);
        assert_false(cut);
        json_free_text(printed);
        json_free(profile);
        json_free(root);
        json_free(written);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(takes_the_address), cmocka_unit_test(takes_groups)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
