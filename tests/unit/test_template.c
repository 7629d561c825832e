/* template.c: values always escaped, names with dots, sections, lists, inverted sections, comments, no unescaped form;
 * what is malformed, too deep or too large.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "http/template.h"

static const char VIEW[] =
    "{\"a\":\"<b>\\\"'&\",\"n\":7,\"big\":17841405793187218123,\"l\":[\"x\",\"<\"],\"e\":[],\"o\":{\"k\":\"v\",\"p\":{"
    "\"q\":\"deep\"}},"
    "\"t\":true,\"f\":false,\"z\":null,\"s\":\"\",\"zero\":0,\"k\":\"outer\",\"users\":[{\"k\":\"1\"},{\"m\":\"2\"}]}";

static void renders(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {{"", ""},
                {"plain <b>", "plain <b>"},
                {"{{a}}", "&lt;b&gt;&quot;&#39;&amp;"},
                {"{{ a }}", "&lt;b&gt;&quot;&#39;&amp;"},
                {"{{n}}", "7"},
                {"{{big}}", "17841405793187218123"},
                {"{{o.k}} {{o.p.q}}", "v deep"},
                {"{{missing}}{{o.missing}}{{o.k.x}}{{z}}{{l}}{{o}}{{t}}", ""},
                {"{{#l}}[{{.}}]{{/l}}", "[x][&lt;]"},
                {"{{#e}}x{{/e}}{{^e}}none{{/e}}", "none"},
                {"{{#o}}{{k}}{{/o}}", "v"},
                {"{{#users}}{{k}}{{m}};{{/users}}", "1;outer2;"},
                {"{{#t}}yes{{/t}}{{^t}}no{{/t}}", "yes"},
                {"{{#f}}yes{{/f}}{{^f}}no{{/f}}", "no"},
                {"{{#z}}yes{{/z}}{{^z}}no{{/z}}", "no"},
                {"{{#s}}yes{{/s}}{{^s}}no{{/s}}", "no"},
                {"{{#zero}}yes{{/zero}}", "yes"},
                {"{{#missing}}{{#x}}{{a}}{{/x}}{{/missing}}.", "."},
                {"{{^missing}}{{a}}{{/missing}}", "&lt;b&gt;&quot;&#39;&amp;"},
                {"a{{! any < thing }}b", "ab"},
                {"a{{!}}b", "ab"},
                {"}} { }", "}} { }"},
                {"{ {a} }", "{ {a} }"},
                {"{{#l}}{{#t}}{{.}}{{/t}}{{/l}}", ""},
                {"{{#o.p}}{{q}}{{/o.p}}", "deep"},
                {"{{..}}", ""}};
    cJSON *view = sample_json(VIEW);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *problem = NULL;
        struct buffer out = BUFFER_EMPTY;
        struct guarded text = guarded_string(rows[i].text);
        assert_row(template_render(text.data, view, &out, &problem) == TEMPLATE_RENDERED, rows[i].text);
        assert_row(strcmp(buffer_text(&out), rows[i].expected) == 0, rows[i].text);
        guarded_free(&text);
        buffer_free(&out);
    }
    json_free(view);
}

static void refuses(void **state) {
    (void)state;
    static const char *const rows[] = {"{{",
                                       "{{a",
                                       "{{a}",
                                       "{{}}",
                                       "{{ }}",
                                       "{{#a}}",
                                       "{{^a}}",
                                       "{{/a}}",
                                       "{{#a}}{{/b}}",
                                       "{{#a}}{{#b}}{{/a}}{{/b}}",
                                       "{{{a}}}",
                                       "{{&a}}",
                                       "{{>a}}",
                                       "{{=<% %>=}}",
                                       "{{a b}}",
                                       "{{a-b}}",
                                       "{{#}}",
                                       "{{/}}",
                                       "{{!",
                                       "{{! a",
                                       "{{a\n}}",
                                       "{{\xC3\xA9}}",
                                       "{{#missing}}{{x",
                                       "{{#missing}}{{/other}}{{/missing}}",
                                       "{{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}}"};
    cJSON *view = sample_json(VIEW);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *problem = NULL;
        struct buffer out = BUFFER_EMPTY;
        struct guarded text = guarded_string(rows[i]);
        assert_row(template_render(text.data, view, &out, &problem) == TEMPLATE_UNUSABLE, rows[i]);
        assert_row(problem != NULL && *problem != '\0', rows[i]);
        guarded_free(&text);
        buffer_free(&out);
    }
    json_free(view);
}

/* Renders `depth` sections of `name`, one in another. */
static bool renders_nested(const char *name, size_t depth) {
    const char *problem = NULL;
    struct buffer text = BUFFER_EMPTY, out = BUFFER_EMPTY;
    cJSON *view = sample_json(VIEW);
    for (size_t i = 0; i < depth; i++)
        buffer_append_format(&text, "{{#%s}}", name);
    for (size_t i = 0; i < depth; i++)
        buffer_append_format(&text, "{{/%s}}", name);
    assert_false(text.failed);
    const bool done = template_render(buffer_text(&text), view, &out, &problem) == TEMPLATE_RENDERED;
    buffer_free(&text);
    buffer_free(&out);
    json_free(view);
    return done;
}

static void limits_depth(void **state) {
    (void)state;
    assert_true(renders_nested("t", 15));
    assert_false(renders_nested("t", 16));
    assert_false(renders_nested("t", 5000));
}

/* What is skipped is read too: a template file of TEMPLATE_FILE_MAX bytes must not use up the stack. */
static void limits_depth_of_what_is_skipped(void **state) {
    (void)state;
    assert_true(renders_nested("f", 15));
    assert_false(renders_nested("f", 16));
    assert_false(renders_nested("f", TEMPLATE_FILE_MAX / 12));
}

static void limits_size(void **state) {
    (void)state;
    const char *problem = NULL;
    struct buffer out = {.limit = 10};
    assert_int_equal(template_render("0123456789x", NULL, &out, &problem), TEMPLATE_UNUSABLE);
    assert_string_equal(problem, "the page is too large");
    buffer_free(&out);
}

static void escapes_every_byte(void **state) {
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        const char text[] = {(char)byte, '\0'};
        struct buffer out = BUFFER_EMPTY;
        template_append_escaped(&out, text);
        const bool special = strchr("&<>\"'", byte) != NULL;
        assert_int_equal(strcmp(buffer_text(&out), text) != 0, special);
        assert_int_equal(out.data[0] == '&' && out.data[out.len - 1] == ';', special);
        buffer_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renders),      cmocka_unit_test(refuses),
        cmocka_unit_test(limits_depth), cmocka_unit_test(limits_depth_of_what_is_skipped),
        cmocka_unit_test(limits_size),  cmocka_unit_test(escapes_every_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
