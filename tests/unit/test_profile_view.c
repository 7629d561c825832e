/* profile_view.c: which name is shown, and none that nobody can see; its initial, counts as people read them, links
 * only to http and https, pictures only from https, the bio's last line breaks, and nothing where the profile has
 * nothing.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/json_pointer.h"
#include "session/profile_view.h"

/* The words of the product itself, which every test shares. */
static struct words *english;

static int open_english(void **state) {
    (void)state;
    struct error error;
    return words_open("html/languages", NULL, NULL, &english, &error) == ERROR_NONE ? 0 : -1;
}

static int close_english(void **state) {
    (void)state;
    words_free(english);
    return 0;
}

static const struct provider_outline no_outline = {.name = "x", .title = "x"};

/* A name of nothing that can be seen is none, and neither is a username or an id. */
static void names_can_be_seen(void **state) {
    (void)state;
    static const char *const blanks[] = {"",
                                         "   ",
                                         "\xE2\x80\x8B",
                                         "\xE3\x85\xA4",
                                         "\xE2\x80\x8D",
                                         "\xE2\xA0\x80",
                                         "\xE2\x80\x8F",
                                         "\xC2\xA0\xE2\x80\xAE\xEF\xBB\xBF",
                                         "\xF3\xA0\x81\x81\xEF\xB8\x8F"};
    for (size_t i = 0; i < COUNT(blanks); i++) {
        cJSON *profile = sample_json("{\"id\":\"17\"}");
        cJSON_AddStringToObject(profile, "full_name", blanks[i]);
        assert_row(same(profile_display_name(profile), "17"), blanks[i]);
        cJSON_AddStringToObject(profile, "username", "anna");
        assert_row(same(profile_display_name(profile), "anna"), blanks[i]);
        cJSON_ReplaceItemInObjectCaseSensitive(profile, "username", cJSON_CreateString(blanks[i]));
        cJSON_ReplaceItemInObjectCaseSensitive(profile, "id", cJSON_CreateString(blanks[i]));
        assert_row(same(profile_display_name(profile), "?"), blanks[i]);
        struct view view = view_new();
        profile_view(&view, profile, &no_outline, english);
        assert_row(json_string(view_json(&view), "username") == NULL, blanks[i]);
        assert_row(same(json_string(view_json(&view), "initial"), "?"), blanks[i]);
        view_free(&view);
        json_free(profile);
    }
}

static void shows(void **state) {
    (void)state;
    static const struct {
        const char *profile, *pointer, *expected; /* NULL: not there */
    } rows[] = {
        {"{\"id\":\"1\",\"username\":\"anna\",\"full_name\":\"Anna B\"}", "/display_name", "Anna B"},
        {"{\"id\":\"1\",\"username\":\"anna\",\"full_name\":\"\"}", "/display_name", "anna"},
        {"{\"id\":\"1\",\"username\":\"\"}", "/display_name", "1"},
        {"{}", "/display_name", "?"},
        {"{\"full_name\":5}", "/display_name", "?"},
        {"{\"username\":\"anna\"}", "/initial", "A"},
        {"{\"full_name\":\"\xC3\xA9va\"}", "/initial", "\xC3\xA9"},
        {"{\"full_name\":\"\xF0\x9F\x98\x80\"}", "/initial", "\xF0\x9F\x98\x80"},
        {"{\"id\":\"7\"}", "/initial", "7"},
        {"{\"full_name\":\"\xE2\x80\x8F \xD7\x90\"}", "/initial", "\xD7\x90"},
        {"{\"username\":\"anna\"}", "/username", "anna"},
        {"{\"username\":\"\"}", "/username", NULL},
        {"{}", "/provider_title", "Instagram"},
        {"{\"account_type\":\"BUSINESS\"}", "/account_label", "Business account"},
        {"{\"account_type\":\"business\"}", "/account_label", NULL},
        {"{\"account_type\":\"PERSONAL\"}", "/account_label", "Personal account"},
        {"{\"account_type\":\"NEW\"}", "/account_label", NULL},
        {"{\"account_type\":\"x\"}", "/account_label", NULL},
        {"{\"account_type\":\"OTHER\"}", "/account_label", NULL},
        {"{}", "/account_label", NULL},
        {"{\"bio\":\"a\\nb \\r\\n\\t\\n\"}", "/bio", "a\nb"},
        {"{\"bio\":\" \\n\"}", "/bio", NULL},
        {"{\"bio\":\"\"}", "/bio", NULL},
        {"{}", "/bio", NULL},
        {"{\"website\":\"https://a.example/x\"}", "/website/url", "https://a.example/x"},
        {"{\"website\":\"https://a.example/x\"}", "/website/text", "a.example/x"},
        {"{\"website\":\"javascript:alert(1)\"}", "/website/url", NULL},
        {"{\"website\":\"javascript:alert(1)\"}", "/website/text", "javascript:alert(1)"},
        {"{\"website\":\"https://user@a.example/\"}", "/website/url", NULL},
        {"{\"website\":\"data:text/html,x\"}", "/website/url", NULL},
        {"{\"website\":\"//a.example\"}", "/website/url", NULL},
        {"{\"website\":\"\"}", "/website", NULL},
        {"{\"profile_picture\":\"https://a.example/p.jpg?x=1\"}", "/picture", "https://a.example/p.jpg?x=1"},
        {"{\"profile_picture\":\"http://a.example/p.jpg\"}", "/picture", NULL},
        {"{\"profile_picture\":\"javascript:x\"}", "/picture", NULL},
        {"{\"profile_picture\":\"https://a.example/ x\"}", "/picture", "https://a.example/%20x"},
        {"{\"profile_picture\":\"https://a.example/;script-src *\"}", "/picture", "https://a.example/;script-src%20*"},
        {"{\"profile_picture\":\"https://a.example/\xC3\xBC#x\"}", "/picture", "https://a.example/%C3%BC#x"},
        {"{\"profile_picture\":\"https://user@a.example/\"}", "/picture", NULL},
        {"{\"profile_picture\":\"http://localhost:8080/p.svg\"}", "/picture", "http://localhost:8080/p.svg"},
        {"{\"website\":\"https://a.example/#menu\"}", "/website/url", "https://a.example/#menu"},
        {"{\"website\":\"https://a.example/#menu\"}", "/website/text", "a.example"},
        {"{\"website\":\"https://a.example/menu/?utm_source=ig&x=1#a\"}", "/website/text", "a.example/menu"},
        {"{\"website\":\"https://a.example?utm_source=ig\"}", "/website/text", "a.example"},
        {"{\"website\":\"https://a.example/0123456789/0123456789/0123456789/012345678\"}", "/website/text",
         "a.example/0123456789/0123456789/0123456789/01234\xE2\x80\xA6"},
        {"{\"website\":\" https://m\xC3\xBCller.example/ \"}", "/website/url", "https://m\xC3\xBCller.example/"},
        {"{\"website\":\" https://m\xC3\xBCller.example/ \"}", "/website/text", "m\xC3\xBCller.example"},
        {"{\"website\":\"https://a.example/\xC3\xBC\"}", "/website/url", "https://a.example/%C3%BC"},
        {"{\"website\":\"https://a.example/\xC3\xBC\"}", "/website/text", "a.example/\xC3\xBC"},
        {"{\"website\":\" \xE2\x80\x8B\"}", "/website", NULL},
        {"{\"email\":\"a@b.example\"}", "/email/text", "a@b.example"},
        {"{\"email\":\"\",\"email_verified\":true}", "/email/text", NULL},
        {"{\"groups\":[\"crew\",\"<b>\"]}", "/groups/1/text", "<b>"},
        {"{\"groups\":\"crew\"}", "/groups/0/text", NULL}};
    cJSON *types = sample_json("{\"BUSINESS\":\"Business account\",\"PERSONAL\":\"account_type.personal\","
                               "\"NEW\":\"account_type.none\",\"x\":5}");
    const struct provider_outline outline = {.name = "instagram", .title = "Instagram", .account_types = types};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *profile = sample_json(rows[i].profile);
        struct view made = view_new();
        profile_view(&made, profile, &outline, english);
        cJSON *view = view_take(&made);
        const char *text = cJSON_GetStringValue(json_pointer_get(view, rows[i].pointer));
        assert_row(same(text, rows[i].expected), rows[i].profile);
        json_free(view);
        json_free(profile);
    }
    json_free(types);
}

static void counts(void **state) {
    (void)state;
    static const struct {
        const char *count, *text, *label;
    } rows[] = {{"0", "0", "posts"},
                {"1", "1", "post"},
                {"2", "2", "posts"},
                {"999", "999", "posts"},
                {"1000", "1,000", "posts"},
                {"12345", "12,345", "posts"},
                {"123456", "123,456", "posts"},
                {"1234567", "1,234,567", "posts"},
                {"9223372036854775807", "9,223,372,036,854,775,807", "posts"},
                {"-1", NULL, NULL},
                {"1.5", NULL, NULL},
                {"\"x\"", NULL, NULL},
                {"null", NULL, NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"counts\":{\"media\":%s}}", rows[i].count);
        cJSON *profile = sample_json(text);
        struct view made = view_new();
        profile_view(&made, profile, &no_outline, english);
        cJSON *view = view_take(&made);
        assert_row(same(cJSON_GetStringValue(json_pointer_get(view, "/counts/0/text")), rows[i].text), rows[i].count);
        assert_row(same(cJSON_GetStringValue(json_pointer_get(view, "/counts/0/label")), rows[i].label), rows[i].count);
        json_free(view);
        json_free(profile);
    }
}

/* Numbers that do not stand side by side on a telephone. */
static void long_counts(void **state) {
    (void)state;
    static const struct {
        const char *profile;
        bool is_long;
    } rows[] = {{"{\"counts\":{\"media\":99999999}}", false},
                {"{\"counts\":{\"media\":1,\"followed_by\":100000000}}", true},
                {"{\"counts\":{\"stars\":100000000}}", true},
                {"{\"counts\":{}}", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *profile = sample_json(rows[i].profile);
        struct view view = view_new();
        profile_view(&view, profile, &no_outline, english);
        assert_row(cJSON_IsTrue(json_member(view_json(&view), "counts_long")) == rows[i].is_long, rows[i].profile);
        view_free(&view);
        json_free(profile);
    }
}

static void counts_in_their_order(void **state) {
    (void)state;
    cJSON *profile = sample_json("{\"counts\":{\"follows\":3,\"followed_by\":1,\"media\":2,\"public_repos\":4000,"
                                 "\"other\":\"x\",\"stars\":1}}");
    struct view made = view_new();
    profile_view(&made, profile, &no_outline, english);
    cJSON *view = view_take(&made);
    char *printed = json_print(json_member(view, "counts"));
    assert_string_equal(printed,
                        "[{\"text\":\"2\",\"label\":\"posts\"},{\"text\":\"1\",\"label\":\"follower\"},{"
                        "\"text\":\"3\",\"label\":\"following\"},{\"text\":\"4,000\",\"label\":\"public repos\"},"
                        "{\"text\":\"1\",\"label\":\"stars\"}]");
    json_free_text(printed);
    json_free(view);
    json_free(profile);
}

/* What the page has no place of its own for: a name and a value each. */
static void further_fields(void **state) {
    (void)state;
    cJSON *profile =
        sample_json("{\"id\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true,\"groups\":[\"x\"],\"jobTitle\":"
                    "\"<b>\",\"empty\":"
                    "\"\",\"URL\":false,"
                    "\"level\":4.5,\"year\":2019,\"list\":[1],\"username\":\"anna\",\"reconnect\":true,\"counts\":{}}");
    struct view made = view_new();
    profile_view(&made, profile, &no_outline, english);
    cJSON *view = view_take(&made);
    char *printed = json_print(json_member(view, "further"));
    assert_string_equal(printed, "[{\"label\":\"Job title\",\"text\":\"<b>\"},{\"label\":\"URL\",\"text\":\"no\"},"
                                 "{\"label\":\"Level\",\"text\":\"4.5\"},{\"label\":\"Year\",\"text\":\"2019\"}]");
    json_free_text(printed);
    json_free(view);
    json_free(profile);
}

/* Only what the provider has said is told of an address: neither of the two where it said nothing. */
static void emails(void **state) {
    (void)state;
    static const struct {
        const char *profile;
        bool verified, unverified;
    } rows[] = {{"{\"email\":\"a@b.example\",\"email_verified\":true}", true, false},
                {"{\"email\":\"a@b.example\",\"email_verified\":false}", false, true},
                {"{\"email\":\"a@b.example\",\"email_verified\":\"true\"}", false, false},
                {"{\"email\":\"a@b.example\"}", false, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *profile = sample_json(rows[i].profile);
        struct view made = view_new();
        profile_view(&made, profile, &no_outline, english);
        cJSON *view = view_take(&made);
        const cJSON *email = json_member(view, "email");
        assert_row(cJSON_IsTrue(json_member(email, "verified")) == rows[i].verified, rows[i].profile);
        assert_row(cJSON_IsTrue(json_member(email, "unverified")) == rows[i].unverified, rows[i].profile);
        json_free(view);
        json_free(profile);
    }
}

static void empty_lists(void **state) {
    (void)state;
    struct view made = view_new();
    profile_view(&made, NULL, &no_outline, english);
    cJSON *view = view_take(&made);
    assert_int_equal(cJSON_GetArraySize(json_member(view, "counts")), 0);
    assert_string_equal(json_string(view, "display_name"), "?");
    struct buffer picture = BUFFER_EMPTY;
    profile_picture(&picture, NULL);
    assert_int_equal(picture.len, 0);
    json_free(view);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(shows),       cmocka_unit_test(names_can_be_seen),
                                       cmocka_unit_test(counts),      cmocka_unit_test(counts_in_their_order),
                                       cmocka_unit_test(long_counts), cmocka_unit_test(further_fields),
                                       cmocka_unit_test(emails),      cmocka_unit_test(empty_lists)};
    return cmocka_run_group_tests(tests, open_english, close_english);
}
