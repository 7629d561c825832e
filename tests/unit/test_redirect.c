/* redirect.c: which paths of this site are accepted as they are and which encoded, that everything else is refused, and
 * why. What it is tried with is in tests/payloads/open_redirect.txt, which the end-to-end test and the fuzz target read
 * too.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/bounds.h"
#include "base/query.h"
#include "base/redirect.h"

#define PAYLOADS "tests/payloads/open_redirect.txt"

enum { PAYLOAD_MAX = 1024 };

static enum redirect_fault check(const char *path) {
    struct guarded input = guarded_string(path);
    const enum redirect_fault fault = redirect_check(input.data);
    guarded_free(&input);
    return fault;
}

static enum redirect_fault encode(const char *text, char path[RETURN_TO_MAX + 1]) {
    struct guarded input = guarded_string(text);
    const enum redirect_fault fault = redirect_encode(input.data, path);
    guarded_free(&input);
    /* Whatever comes out is a path of this site, and stays as it is. */
    char again[RETURN_TO_MAX + 1];
    assert_row((*path != '\0') == (fault == REDIRECT_IS_LOCAL), text);
    assert_row(*path == '\0' || check(path) == REDIRECT_IS_LOCAL, text);
    assert_row(*path == '\0' || (redirect_encode(path, again) == REDIRECT_IS_LOCAL && same(again, path)), text);
    return fault;
}

/* The verdict of the file on a payload: "-" refused, "+" taken, "~" taken encoded. */
static char verdict(const char *payload) {
    char path[RETURN_TO_MAX + 1];
    if (encode(payload, path) != REDIRECT_IS_LOCAL)
        return '-';
    return same(path, payload) ? '+' : '~';
}

/* As start and login have it: whole in a query, where a parameter that is no text is none. */
static char verdict_in_query(const char *payload, size_t len) {
    char text[sizeof "return_to=" + 3 * PAYLOAD_MAX] = "return_to=";
    struct query query;
    struct error error;
    const char *value;
    for (size_t at = 0; at < len; at++)
        snprintf(text + strlen(text), 4, "%%%02X", (unsigned char)payload[at]);
    assert_int_equal(query_parse(&query, text, &error), ERROR_NONE);
    const char found = query_find(&query, "return_to", &value) == QUERY_FOUND ? verdict(value) : '-';
    query_free(&query);
    return found;
}

/* Undoes the escapes of a line of the file, where it stands; returns the length. */
static size_t decode(char *line) {
    char *to = line;
    for (const char *from = line; *from != '\0'; from++) {
        unsigned byte = (unsigned char)*from;
        if (*from == '\\' && from[1] == 'x') {
            assert_int_equal(sscanf(from + 2, "%2x", &byte), 1);
            from += 3;
        } else if (*from == '\\') {
            byte = (unsigned char)*++from;
        }
        *to++ = (char)byte;
    }
    *to = '\0';
    return (size_t)(to - line);
}

static void payloads(void **state) {
    (void)state;
    char line[PAYLOAD_MAX], row[PAYLOAD_MAX];
    size_t taken = 0, encoded = 0, refused = 0;
    FILE *file = fopen(PAYLOADS, "r");
    assert_non_null(file); /* unit tests run in the project's folder */
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        snprintf(row, sizeof row, "%s", line);
        if (line[0] == '#' || line[0] == '\0')
            continue;
        const size_t len = decode(line + 2);
        assert_row(verdict_in_query(line + 2, len) == line[0], row);
        /* What holds a NUL is another text here. */
        if (strlen(line + 2) == len)
            assert_row(verdict(line + 2) == line[0], row);
        *(line[0] == '+' ? &taken : line[0] == '~' ? &encoded : &refused) += 1;
    }
    fclose(file);
    assert_true(taken > 40 && encoded > 60 && refused > 550);
}

static void encodes(void **state) {
    (void)state;
    static const struct {
        const char *text, *path;
    } rows[] = {{"/list/?f[c]=red", "/list/?f%5Bc%5D=red"},
                {"/search?q=x|y", "/search?q=x%7Cy"},
                {"/?q={\"a\":1}", "/?q=%7B%22a%22:1%7D"},
                {"/a b/<c>`^", "/a%20b/%3Cc%3E%60%5E"},
                {"/\xC3\xBC"
                 "ber-uns/",
                 "/%C3%BCber-uns/"},
                {"/\xE6\x97\xA5/?x=\xF0\x9F\xA5\x96", "/%E6%97%A5/?x=%F0%9F%A5%96"},
                {"/?x=100%", "/?x=100%25"},
                {"/?x=100%&y=%zz%4", "/?x=100%25&y=%25zz%254"},
                {"/%%35", "/%25%35"},
                {"/%C3%BC[%20]", "/%C3%BC%5B%20%5D"},
                {"/page#part", "/page#part"},
                {"/#/route?x=1", "/#/route?x=1"},
                {"/a?b#c d#e", "/a?b#c%20d%23e"},
                {"/#..", "/#.."},
                {"/a#b/../c", "/a#b/../c"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[RETURN_TO_MAX + 1];
        assert_row(encode(rows[i].text, path) == REDIRECT_IS_LOCAL, rows[i].text);
        assert_row(same(path, rows[i].path), path);
    }
}

static void tells_the_fault(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum redirect_fault fault;
        const char *words;
    } rows[] = {{"/a", REDIRECT_IS_LOCAL, "is a path of this site"},
                {"", REDIRECT_NO_PATH, "one slash"},
                {"a", REDIRECT_NO_PATH, "one slash"},
                {"//evil.example", REDIRECT_NO_PATH, "one slash"},
                {"https://evil.example", REDIRECT_NO_PATH, "one slash"},
                {"/\\evil.example", REDIRECT_BACKSLASH, "backslash"},
                {"/a#%5c", REDIRECT_BACKSLASH, "backslash"},
                {"/a\tb", REDIRECT_CONTROL, "control"},
                {"/a#%0d%0a", REDIRECT_CONTROL, "control"},
                {"/a?%7F", REDIRECT_CONTROL, "control"},
                {"/a/../b", REDIRECT_DOT_SEGMENT, "\"..\""},
                {"/%2e#", REDIRECT_DOT_SEGMENT, "\"..\""},
                {"/..#a", REDIRECT_DOT_SEGMENT, "\"..\""},
                {"/\xFF", REDIRECT_CHARACTER, "UTF-8"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[RETURN_TO_MAX + 1];
        const enum redirect_fault fault = encode(rows[i].text, path);
        assert_row(fault == rows[i].fault, rows[i].text);
        assert_row(contains(redirect_describe(fault), rows[i].words), rows[i].text);
    }
}

static void limits_length(void **state) {
    (void)state;
    char text[RETURN_TO_MAX + 2] = "/", path[RETURN_TO_MAX + 1];
    memset(text + 1, 'a', RETURN_TO_MAX - 1);
    assert_int_equal(encode(text, path), REDIRECT_IS_LOCAL);
    assert_int_equal(check(text), REDIRECT_IS_LOCAL);
    text[RETURN_TO_MAX] = 'a';
    assert_int_equal(encode(text, path), REDIRECT_TOO_LONG);
    assert_int_equal(check(text), REDIRECT_TOO_LONG);
    /* The encoded text counts. */
    snprintf(text + RETURN_TO_MAX - 3, 2, "|");
    assert_int_equal(encode(text, path), REDIRECT_IS_LOCAL);
    snprintf(text + RETURN_TO_MAX - 3, 3, "a|");
    assert_int_equal(encode(text, path), REDIRECT_TOO_LONG);
}

/* Every byte in every place of "/X", "/aX", "/a?X" and "/a#X": the grammar's are taken as they are, the rest of ASCII
 * is encoded or refused. */
static void every_byte(void **state) {
    (void)state;
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?";
    static const char *const starts[] = {"/", "/a", "/a?", "/a#"};
    for (size_t i = 0; i < COUNT(starts); i++) {
        for (int byte = 1; byte < 256; byte++) {
            char text[8], path[RETURN_TO_MAX + 1];
            snprintf(text, sizeof text, "%s%c", starts[i], byte);
            const bool local = strcmp(text, "//") != 0 && strcmp(text, "/.") != 0 &&
                               (strchr(allowed, byte) != NULL || (byte == '#' && strchr(text, '#')[1] == '\0'));
            const bool refused = !local && (byte < 0x20 || byte >= 0x7F || byte == '\\' || byte == '/' || byte == '.');
            assert_row((check(text) == REDIRECT_IS_LOCAL) == local, text);
            assert_row((encode(text, path) == REDIRECT_IS_LOCAL) == !refused, text);
            assert_row(!local || same(path, text), text);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(payloads), cmocka_unit_test(encodes),
                                       cmocka_unit_test(tells_the_fault), cmocka_unit_test(limits_length),
                                       cmocka_unit_test(every_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
