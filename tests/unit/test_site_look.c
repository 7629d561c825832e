/* The colours of a page, by a site's own colour: program/site_look.c, base/colour.c.
 *   parsing    "#rrggbb" and nothing else
 *   contrast   AA for all that is read, whatever the colour, in both schemes, by WCAG's own formula
 *   the style  has nothing that HTML escapes, and the policy names it by its hash
 * SPDX-License-Identifier: MIT */
#include "program/site_look.h"

#include "support.h"

#include <string.h>

static void parsing(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool read;
    } rows[] = {{"#0f6b56", true}, {"#FFFFFF", true}, {"0f6b56", false},   {"#fff", false},    {"#0f6b567", false},
                {"#0f6b5", false}, {"", false},       {"#0f 6b56", false}, {"#+f6b56", false}, {"#0x6b56", false}};
    struct colour colour;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(colour_parse(rows[i].text, &colour) == rows[i].read, rows[i].text);
    assert_false(colour_parse(NULL, &colour));
    assert_true(colour_parse("#0f6B56", &colour));
    assert_true(colour.red == 0x0F && colour.green == 0x6B && colour.blue == 0x56);
}

/* x to the power of 1/5, by Newton's way. */
static double fifth_root(double x) {
    double root = 1;
    for (int i = 0; i < 60 && x > 0; i++)
        root -= (root * root * root * root * root - x) / (5 * root * root * root * root);
    return root;
}

/* WCAG 2.2's relative luminance. */
static double exact_light(int component) {
    const double value = component / 255.0, base = (value + 0.055) / 1.055, root = fifth_root(base);
    return value <= 0.04045 ? value / 12.92 : base * base * root * root;
}

static double exact_luminance(struct colour colour) {
    return 0.2126 * exact_light(colour.red) + 0.7152 * exact_light(colour.green) + 0.0722 * exact_light(colour.blue);
}

static double exact_contrast(struct colour a, struct colour b) {
    const double one = exact_luminance(a) + 0.05, other = exact_luminance(b) + 0.05;
    return one > other ? one / other : other / one;
}

/* The value of a variable, at its first place behind `from`. */
static struct colour variable(const char *from, const char *name) {
    char wanted[32], text[8] = "";
    struct colour colour = {0};
    snprintf(wanted, sizeof wanted, "--%s:", name);
    const char *found = strstr(from, wanted);
    assert_non_null(found);
    memcpy(text, found + strlen(wanted), 7);
    assert_true(colour_parse(text, &colour));
    return colour;
}

/* Pairs of text and ground that style.css has. */
static void assert_readable(const char *scheme, struct colour ground, struct colour surface, struct colour ink,
                            const char *what) {
    const struct colour tint = variable(scheme, "tint");
    const struct {
        struct colour text, ground;
    } pairs[] = {{variable(scheme, "accent"), ground},
                 {variable(scheme, "accent"), surface},
                 {variable(scheme, "accent"), tint},
                 {variable(scheme, "accent-strong"), surface},
                 {variable(scheme, "on-accent"), variable(scheme, "accent")},
                 {variable(scheme, "on-button"), variable(scheme, "button")},
                 {variable(scheme, "on-button"), variable(scheme, "button-strong")},
                 {ink, tint}};
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_row(exact_contrast(pairs[i].text, pairs[i].ground) >= 4.5, what);
}

static void contrast(void **state) {
    (void)state;
    enum { STEP = 51 };
    for (int code = 0; code < 6 * 6 * 6; code++) {
        const struct colour colour = {(unsigned char)(code % 6 * STEP), (unsigned char)(code / 6 % 6 * STEP),
                                      (unsigned char)(code / 36 * STEP)};
        struct buffer style = BUFFER_EMPTY;
        site_look_append_style(&style, colour);
        const char *dark = strstr(buffer_text(&style), "@media");
        assert_non_null(dark);
        assert_int_equal(strcspn(buffer_text(&style), "&<>\"'"), style.len);
        assert_memory_equal(&(struct colour[]){variable(dark, "button")}, &colour, sizeof colour);
        assert_readable(buffer_text(&style), (struct colour){0xF4, 0xF6, 0xF4}, (struct colour){0xFF, 0xFF, 0xFF},
                        (struct colour){0x15, 0x20, 0x1C}, buffer_text(&style));
        assert_readable(dark, (struct colour){0x0E, 0x14, 0x12}, (struct colour){0x17, 0x1F, 0x1C},
                        (struct colour){0xE9, 0xF0, 0xEC}, dark);
        buffer_free(&style);
    }
}

static void what_a_page_gets(void **state) {
    (void)state;
    const struct config config = {.site_name = "Bakery", .site_logo = "/logo.svg", .site_colour = "#0f6b56"};
    struct response response = {.status = 0};
    struct view view = view_new();
    site_look_add(&config, &view, &response);
    const cJSON *site = cJSON_GetObjectItemCaseSensitive(view_json(&view), "site");
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(site, "name")->valuestring, "Bakery");
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(site, "logo")->valuestring, "/logo.svg");
    assert_non_null(cJSON_GetObjectItemCaseSensitive(site, "style"));
    response_html_headers(&response, 200, NULL);
    assert_non_null(strstr(buffer_text(&response.headers), "style-src 'self' 'sha256-"));
    assert_null(strstr(buffer_text(&response.headers), "unsafe"));
    response_free(&response);
    view_free(&view);
}

static void a_site_without_a_look(void **state) {
    (void)state;
    const struct config config = {.site_name = NULL};
    struct response response = {.status = 0};
    struct view view = view_new();
    site_look_add(&config, &view, &response);
    response_html_headers(&response, 200, NULL);
    assert_null(strstr(buffer_text(&response.headers), "sha256"));
    response_free(&response);
    view_free(&view);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(parsing), cmocka_unit_test(contrast),
                                       cmocka_unit_test(what_a_page_gets), cmocka_unit_test(a_site_without_a_look)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
