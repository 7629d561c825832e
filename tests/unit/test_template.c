/* template.c: values always escaped, names with dots, sections, lists, inverted sections, comments, no unescaped form;
 * templates in templates; what is malformed, too deep or too large, and where.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
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
        struct buffer out = BUFFER_EMPTY;
        struct error error;
        struct guarded text = guarded_string(rows[i].text);
        assert_row(template_render(text.data, view, NULL, &out, &error) == ERROR_NONE, rows[i].text);
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
                                       "{{> a}}",
                                       "{{#missing}}{{> a}}{{/missing}}",
                                       "{{> ../a}}",
                                       "{{> /etc/passwd}}",
                                       "{{> .}}",
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
        struct buffer out = BUFFER_EMPTY;
        struct error error;
        struct guarded text = guarded_string(rows[i]);
        assert_row(template_render(text.data, view, NULL, &out, &error) == ERROR_CONFIG, rows[i]);
        assert_row(contains(error.cause, "line 1: "), rows[i]);
        guarded_free(&text);
        buffer_free(&out);
    }
    json_free(view);
}

/* Renders `depth` sections of `name`, one in another. */
static bool renders_nested(const char *name, size_t depth) {
    struct buffer text = BUFFER_EMPTY, out = BUFFER_EMPTY;
    struct error error;
    cJSON *view = sample_json(VIEW);
    for (size_t i = 0; i < depth; i++)
        buffer_append_format(&text, "{{#%s}}", name);
    for (size_t i = 0; i < depth; i++)
        buffer_append_format(&text, "{{/%s}}", name);
    assert_false(text.failed);
    const bool done = template_render(buffer_text(&text), view, NULL, &out, &error) == ERROR_NONE;
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
    struct buffer out = {.limit = 10};
    struct error error;
    assert_int_equal(template_render("0123456789x", NULL, NULL, &out, &error), ERROR_CONFIG);
    assert_string_equal(error.cause, "the page is too large");
    buffer_free(&out);
}

static void takes_others_of_its_folder(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
    } files[] = {{"head", "<head>{{k}}</head>\n"},
                 {"page", "<html>\n  {{> head}}\n<body>{{a}}</body>\n"},
                 {"inline", "[{{> word}}|{{>word}}]"},
                 {"word", "{{k}}"},
                 {"list", "{{#users}}{{> word}};{{/users}}"},
                 {"skipped", "{{#f}}{{> word}}{{/f}}."},
                 {"deep", "{{> deep1}}"},
                 {"deep1", "1{{> deep2}}"},
                 {"deep2", "2{{> deep3}}"},
                 {"deep3", "3{{> word}}"}};
    static const struct {
        const char *name, *expected;
    } rows[] = {{"page", "<html>\n<head>outer</head>\n<body>&lt;b&gt;&quot;&#39;&amp;</body>\n"},
                {"inline", "[outer|outer]"},
                {"list", "1;outer;"},
                {"skipped", "."},
                {"deep", "123outer"}};
    struct folder folder;
    cJSON *view = sample_json(VIEW);
    folder_make(&folder);
    const struct template_set set = {.folder = folder.path};
    for (size_t i = 0; i < COUNT(files); i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.html", files[i].name);
        folder_write(&folder, name, files[i].text, 0600);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        struct error error;
        assert_row(template_render_file(&set, rows[i].name, view, &out, &error) == ERROR_NONE, rows[i].name);
        assert_row(same(buffer_text(&out), rows[i].expected), rows[i].name);
        buffer_free(&out);
    }
    json_free(view);
    folder_remove(&folder);
}

/* Puts the folder in for each @. */
static void expect_problem(char *out, size_t size, const char *problem, const char *folder) {
    struct buffer text = BUFFER_EMPTY;
    for (const char *at = problem; *at != '\0'; at++) {
        if (*at == '@')
            buffer_append_text(&text, folder);
        else
            buffer_append_char(&text, *at);
    }
    snprintf(out, size, "%s", buffer_text(&text));
    buffer_free(&text);
}

static void write_utf16(const char *path) {
    static const char text[] = "\xff\xfe<\0p\0>\0";
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(write(descriptor, text, sizeof text - 1), sizeof text - 1);
    close(descriptor);
}

/* What is wrong names the file and its line; of a missing one, both files. */
static void tells_what_is_wrong_where(void **state) {
    (void)state;
    static const struct {
        const char *text, *problem; /* @: the folder */
    } rows[] = {{"a\nb {{> none}}\n", "@/page.html, line 2: {{> none}}: @/none.html cannot be read: "},
                {"{{#f}}\n{{> none}}\n{{/f}}", "@/page.html, line 2: {{> none}}: @/none.html cannot be read: "},
                {"{{> folder}}", "@/page.html, line 1: {{> folder}}: @/folder.html cannot be read: it is a folder"},
                {"{{> fifo}}", "@/page.html, line 1: {{> fifo}}: @/fifo.html cannot be read: it is no regular file"},
                {"{{> utf16}}", "@/page.html, line 1: {{> utf16}}: @/utf16.html holds a NUL byte; save it as UTF-8"},
                {"{{> broken}}", "@/broken.html, line 3: the tag is malformed"},
                {"{{> page}}", "@/page.html, line 1: {{> page}}: templates are nested too deeply"},
                {"{{#f}}{{> page}}{{/f}}", "@/page.html, line 1: {{> page}}: templates are nested too deeply"},
                {"\n{{> a.b}}", "@/page.html, line 2: {{> a.b}} names no other template"},
                {"\n\n{{#t}}\n", "@/page.html, line 4: the section t is not closed"},
                {"{{#t}}\n{{/f}}", "@/page.html, line 2: {{/f}} closes no section that is open there"},
                {"\n{{a b}}", "@/page.html, line 2: the tag is malformed"}};
    struct folder folder;
    cJSON *view = sample_json(VIEW);
    folder_make(&folder);
    const struct template_set set = {.folder = folder.path};
    folder_subfolder(&folder, "folder.html");
    folder_write(&folder, "broken.html", "\n\n{{", 0600);
    assert_int_equal(mkfifo(folder_path(&folder, "fifo.html"), 0600), 0);
    write_utf16(folder_path(&folder, "utf16.html"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        char expected[2 * PATH_MAX];
        struct buffer out = BUFFER_EMPTY;
        struct error error;
        folder_write(&folder, "page.html", rows[i].text, 0600);
        expect_problem(expected, sizeof expected, rows[i].problem, folder.path);
        assert_row(template_render_file(&set, "page", view, &out, &error) == ERROR_CONFIG, rows[i].text);
        assert_row(strncmp(error.cause, expected, strlen(expected)) == 0, error.cause);
        buffer_free(&out);
    }
    struct buffer out = BUFFER_EMPTY;
    struct error error;
    assert_int_equal(template_render_file(&set, "utf16", view, &out, &error), ERROR_CONFIG);
    assert_true(contains(error.cause, "/utf16.html holds a NUL byte; save it as UTF-8"));
    buffer_free(&out);
    json_free(view);
    folder_remove(&folder);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(renders),
                                       cmocka_unit_test(refuses),
                                       cmocka_unit_test(limits_depth),
                                       cmocka_unit_test(limits_depth_of_what_is_skipped),
                                       cmocka_unit_test(limits_size),
                                       cmocka_unit_test(takes_others_of_its_folder),
                                       cmocka_unit_test(tells_what_is_wrong_where),
                                       cmocka_unit_test(escapes_every_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
