/* language/: which languages a browser asks for, what a file of words must look like, which language a sentence comes
 * in, and sentences in templates.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "sample.h"

#include "http/template.h"
#include "language/accept_language.h"
#include "language/language_file.h"
#include "language/words.h"

static void reads_what_browsers_ask_for(void **state) {
    (void)state;
    static const struct {
        const char *header, *expected;
    } rows[] = {{"", ""},
                {"de", "de"},
                {"de-AT", "de-at de"},
                {"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr-ch fr en de"},
                {"de;q=0.5,fr", "fr de"},
                {"a;q=0.1,b;q=0.2,c;q=0.2", "b c a"},
                {"zh-Hant-CN-x-private1-private2",
                 "zh-hant-cn-x-private1-private2 zh-hant-cn-x-private1 zh-hant-cn zh-hant zh"},
                {"*", "en"},
                {"*, de", "en de"},
                {"de;q=0", ""},
                {"de-at, de;q=0, fr;q=0.1", "de-at fr"},
                {"de;q=0.000, fr;q=1.000", "fr"},
                {"de ; q=0.3 ,\tfr ;Q=0.4", "fr de"},
                {"de;q=2, fr;q=1.5, it;q=-1, es;q=abc, nl;q=, pl;q=0.5", "pl"},
                {"de;q=0.1234, fr;q=0.5x, it;level=1, pl", "pl"},
                {"../../etc/passwd, de/../x, d\xC3\xA9, -de, de-, de--at, 1de, toolongtag, pl", "pl"},
                {",,, ,pl,,", "pl"},
                {"pl;", "pl"},
                {"a,b,c,d,e,f,g,h,i,j", "a b c d e f g h"},
                {"de,de,DE,de-DE,de", "de de-de"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct accepted_languages accepted;
        struct buffer names = BUFFER_EMPTY;
        struct guarded header = guarded_string(rows[i].header);
        accept_language_read(header.data, "en", &accepted);
        for (size_t at = 0; at < accepted.count; at++)
            buffer_append_format(&names, "%s%s", at != 0 ? " " : "", accepted.names[at]);
        assert_row(same(buffer_text(&names), rows[i].expected), rows[i].header);
        guarded_free(&header);
        buffer_free(&names);
    }
}

static void takes_no_end_of_languages(void **state) {
    (void)state;
    struct accepted_languages accepted;
    char header[ACCEPT_LANGUAGE_MAX + 2] = "de";
    accept_language_read(NULL, "en", &accepted);
    assert_int_equal(accepted.count, 0);
    memset(header + 2, ',', sizeof header - 3);
    header[sizeof header - 1] = '\0';
    accept_language_read(header, "en", &accepted);
    assert_int_equal(accepted.count, 0);
    header[sizeof header - 2] = '\0';
    accept_language_read(header, "en", &accepted);
    assert_int_equal(accepted.count, 1);
}

/* Finds the sentence of "k" in a file. */
static enum language_result find(const struct folder *folder, const char *text, struct buffer *out,
                                 struct error *fault) {
    struct language_file *file;
    fault->cause[0] = '\0';
    const char *path = folder_write(folder, "xx.json", text, 0600);
    const enum language_result result = language_file_open(path, &file, fault);
    assert_true((result == LANGUAGE_FOUND) == (file != NULL) &&
                (result == LANGUAGE_FAULTY) == (fault->cause[0] != '\0'));
    const enum language_result found = file != NULL ? language_file_append(file, "k", out) : result;
    language_file_free(file);
    return found;
}

static void reads_files(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum language_result result;
        const char *expected; /* the sentence, or the end of the fault */
    } rows[] = {{"{\"k\": \"v\"}", LANGUAGE_FOUND, "v"},
                {"\xEF\xBB\xBF {\n\t\"a\":\"b\" ,\r\n\"k\":\"v w\"}\n", LANGUAGE_FOUND, "v w"},
                {"{\"k\": \"a \\\"b\\\" \\\\ \\/ \\u00e9\\u4e2d\\ud83d\\ude00 <b>\"}", LANGUAGE_FOUND,
                 "a \"b\" \\ / \xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80 <b>"},
                {"{\"kk\": \"v\", \"K\": \"v\"}", LANGUAGE_ABSENT, ""},
                {"{}", LANGUAGE_ABSENT, ""},
                {"{\"k\": \"\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"a\tb\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"a\\nb\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"a\\u0000\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"a\\u009b\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"a\xC2\x9B\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"a\x7F\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"\\ud800\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"\\udc00\\ud800\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"\\u12\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"\\x\"}", LANGUAGE_FAULTY, ""},
                {"{\"k\": \"\xE9\"}", LANGUAGE_FAULTY, ""},
                {"", LANGUAGE_FAULTY, "line 1: expected one JSON object, { … }"},
                {"[\"k\"]", LANGUAGE_FAULTY, "line 1: expected one JSON object, { … }"},
                {"{\n\"k\": 1}", LANGUAGE_FAULTY, "line 2: expected a sentence in quotes behind the key"},
                {"{\n\"k\": {\"a\": \"b\"}}", LANGUAGE_FAULTY, "line 2: expected a sentence in quotes behind the key"},
                {"{\"k\": \"v\",\n}", LANGUAGE_FAULTY, "line 2: expected a key in quotes (is there a comma too many?)"},
                {"{\"k\": \"v\"\n\"l\": \"w\"}", LANGUAGE_FAULTY, "line 2: expected a comma or the closing brace"},
                {"{\"k\": \"v\n\"}", LANGUAGE_FAULTY, "line 1: the quote at the end of a text is missing"},
                {"{\"k\": \"v\\", LANGUAGE_FAULTY, "line 1: the quote at the end of a text is missing"},
                {"{\"k\" \"v\"}", LANGUAGE_FAULTY, "line 1: expected a colon behind the key"},
                {"{\"\": \"v\"}", LANGUAGE_FAULTY, "line 1: a key has from 1 to 63 characters"},
                {"{\"k\": \"v\"} x", LANGUAGE_FAULTY, "line 1: expected nothing behind the closing brace"}};
    struct folder folder;
    folder_make(&folder);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        struct error fault;
        const enum language_result result = find(&folder, rows[i].text, &out, &fault);
        assert_row(result == rows[i].result, rows[i].text);
        const char *told = fault.cause[0] != '\0' ? strstr(fault.cause, "line ") : buffer_text(&out);
        assert_row(same(told, rows[i].expected), rows[i].text);
        buffer_free(&out);
    }
    folder_remove(&folder);
}

static void bounds_files(void **state) {
    (void)state;
    struct folder folder;
    struct buffer text = BUFFER_EMPTY, out = BUFFER_EMPTY;
    struct error fault;
    folder_make(&folder);
    buffer_append_text(&text, "{");
    for (int i = 0; i < LANGUAGE_WORDS_MAX; i++)
        buffer_append_format(&text, "\"k%d\":\"v\",", i);
    buffer_append_text(&text, "\"k\":\"v\"}");
    assert_int_equal(find(&folder, buffer_text(&text), &out, &fault), LANGUAGE_FAULTY);
    assert_true(contains(fault.cause, "more than 1000 sentences"));
    buffer_cut(&text, 0);
    buffer_append_format(&text, "{\"k\":\"%0*d\"}", LANGUAGE_SENTENCE_MAX + 1, 0);
    assert_int_equal(find(&folder, buffer_text(&text), &out, &fault), LANGUAGE_FAULTY);
    buffer_cut(&text, 0);
    buffer_append_format(&text, "{\"k\":\"%0*d\"}", LANGUAGE_FILE_MAX, 0);
    assert_int_equal(find(&folder, buffer_text(&text), &out, &fault), LANGUAGE_FAULTY);
    assert_true(contains(fault.cause, "cannot be read"));
    buffer_free(&text);
    buffer_free(&out);
    folder_remove(&folder);
}

/* A folder with three languages, of which one is damaged. */
static void write_languages(struct folder *folder) {
    folder_make(folder);
    folder_write(folder, "en.json", "{\"a\":\"English a\",\"b\":\"English {x}\",\"language.tag\":\"en\"}", 0600);
    folder_write(folder, "en.json.new", "{\"a\":\"newer a\",\"c\":\"newer c\"}", 0600);
    folder_write(folder, "ar.json",
                 "{\"a\":\"\xD8\xA3 {x}\",\"language.tag\":\"ar-EG\",\"language.direction\":\"rtl\",\"d\":\"\"}", 0600);
    folder_write(folder, "de.json", "{\"a\":\"Deutsch <a> {x} {t}\"}", 0600);
    folder_write(folder, "it.json", "{", 0600);
}

static void finds_words(void **state) {
    (void)state;
    static const struct {
        const char *fixed, *accepted, *key, *expected, *tag, *direction;
        const char *fault; /* or NULL */
    } rows[] = {{NULL, NULL, "a", "English a", "en", "ltr", NULL},
                {NULL, "de-CH", "a", "Deutsch <a> {x} {t}", "de", "ltr", NULL},
                {NULL, "de", "b", "English {x}", "de", "ltr", NULL},
                {NULL, "de", "c", "newer c", "de", "ltr", NULL},
                {NULL, "en", "c", "newer c", "en", "ltr", NULL},
                {NULL, "de", "none", NULL, "de", "ltr", NULL},
                {NULL, "xx, ar;q=0.5", "a", "\xD8\xA3 {x}", "ar-EG", "rtl", NULL},
                {NULL, "ar", "d", NULL, "ar-EG", "rtl", "ar.json: \"d\" is empty"},
                {NULL, "it, de;q=0.5", "a", "Deutsch <a> {x} {t}", "de", "ltr", "it.json, line 1: expected a key"},
                {NULL, "it", "a", "English a", "en", "ltr", "it.json, line 1: expected a key"},
                {"de", "ar", "a", "Deutsch <a> {x} {t}", "de", "ltr", NULL},
                {"fr", "ar", "a", "English a", "en", "ltr", "language: there is no "}};
    struct folder folder;
    write_languages(&folder);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct words *words;
        struct error error;
        struct buffer out = BUFFER_EMPTY;
        assert_int_equal(words_open(folder.path, rows[i].fixed, rows[i].accepted, &words, &error), ERROR_NONE);
        assert_row(words_append(words, rows[i].key, &out) == (rows[i].expected != NULL), rows[i].key);
        assert_row(rows[i].expected == NULL || same(buffer_text(&out), rows[i].expected), buffer_text(&out));
        assert_string_equal(words_tag(words), rows[i].tag);
        assert_string_equal(words_direction(words), rows[i].direction);
        assert_row(rows[i].fault == NULL ? *words_fault(words) == '\0' : contains(words_fault(words), rows[i].fault),
                   words_fault(words));
        words_free(words);
        buffer_free(&out);
    }
    folder_remove(&folder);
}

static void wants_english(void **state) {
    (void)state;
    struct folder folder;
    struct words *words;
    struct error error;
    folder_make(&folder);
    assert_int_equal(words_open(folder.path, NULL, "de", &words, &error), ERROR_CONFIG);
    assert_null(words);
    assert_true(contains(error.cause, "/en.json: upload the folder languages/"));
    folder_write(&folder, "en.json", "{\n", 0600);
    assert_int_equal(words_open(folder.path, NULL, NULL, &words, &error), ERROR_CONFIG);
    assert_true(contains(error.cause, "/en.json, line 2: expected a key"));
    folder_remove(&folder);
}

static void puts_sentences_into_templates(void **state) {
    (void)state;
    static const char view_text[] =
        "{\"x\":\"<i>\",\"t\":{\"datetime\":\"2026-01-02\",\"text\":\"2 & 3\"},\"f\":false}";
    static const struct {
        const char *accepted, *text, *expected; /* NULL: it fails */
    } rows[] = {
        {"en", "[{{\"a\"}}]", "[English a]"},
        {"en", "{{ \"b\" }}", "English <bdi lang=\"\" translate=\"no\">&lt;i&gt;</bdi>"},
        {"en", "{{plain \"b\"}}", "English &lt;i&gt;"},
        {"de", "{{\"a\"}}",
         "Deutsch &lt;a&gt; <bdi lang=\"\" translate=\"no\">&lt;i&gt;</bdi> <time datetime=\"2026-01-02\">2 &amp; "
         "3</time>"},
        {"de", "{{plain  \"a\" }}", "Deutsch &lt;a&gt; &lt;i&gt; 2 &amp; 3"},
        {"ar", "{{plain \"a\"}}", "\xD8\xA3 \xE2\x81\xA8&lt;i&gt;\xE2\x81\xA9"},
        {"en", "{{#f}}{{\"none\"}}{{/f}}{{plain}}.", "."},
        {"en", "{{\"none\"}}", NULL},
        {"en", "{{\"a}}", NULL},
        {"en", "{{\"\"}}", NULL},
        {"en", "{{\"a b\"}}", NULL},
        {"en", "{{plain \"a\" b}}", NULL},
    };
    struct folder folder;
    cJSON *view = sample_json(view_text);
    write_languages(&folder);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct words *words;
        struct error error;
        struct buffer out = BUFFER_EMPTY;
        struct guarded text = guarded_string(rows[i].text);
        assert_int_equal(words_open(folder.path, NULL, rows[i].accepted, &words, &error), ERROR_NONE);
        const enum error_code code = template_render(text.data, view, words, &out, &error);
        assert_row(code == (rows[i].expected != NULL ? ERROR_NONE : ERROR_CONFIG), rows[i].text);
        assert_row(rows[i].expected == NULL || same(buffer_text(&out), rows[i].expected), buffer_text(&out));
        guarded_free(&text);
        words_free(words);
        buffer_free(&out);
    }
    json_free(view);
    folder_remove(&folder);
}

static void a_strict_set_wants_words_of_what_is_skipped(void **state) {
    (void)state;
    struct folder folder;
    struct words *words;
    struct error error;
    struct buffer out = BUFFER_EMPTY;
    write_languages(&folder);
    folder_write(&folder, "page.html", "{{#f}}\n{{\"none\"}}\n{{/f}}", 0600);
    assert_int_equal(words_open(folder.path, NULL, NULL, &words, &error), ERROR_NONE);
    struct template_set set = {.folder = folder.path, .words = words};
    assert_int_equal(template_render_file(&set, "page", NULL, &out, &error), ERROR_NONE);
    set.strict = true;
    assert_int_equal(template_render_file(&set, "page", NULL, &out, &error), ERROR_CONFIG);
    assert_true(contains(error.cause, "/page.html, line 2: languages/en.json has no words \"none\""));
    words_free(words);
    buffer_free(&out);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_browsers_ask_for),
                                       cmocka_unit_test(takes_no_end_of_languages),
                                       cmocka_unit_test(reads_files),
                                       cmocka_unit_test(bounds_files),
                                       cmocka_unit_test(finds_words),
                                       cmocka_unit_test(wants_english),
                                       cmocka_unit_test(puts_sentences_into_templates),
                                       cmocka_unit_test(a_strict_set_wants_words_of_what_is_skipped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
