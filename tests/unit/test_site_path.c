/* site_path.c: which paths are read, and as what; what has let people past a gate elsewhere is refused or becomes the
 * path that it means; what was read and encoded anew is read as the same; which names are private, by the same list as
 * htaccess.example.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/bounds.h"
#include "base/site_path.h"

#include <regex.h>

#define HTACCESS "htaccess.example"

static enum site_path_fault read_encoded(const char *encoded, size_t len, char path[SITE_PATH_MAX + 1]) {
    struct guarded input = guarded_copy(encoded, len);
    const enum site_path_fault fault = site_path_read(input.data, len, path);
    guarded_free(&input);
    return fault;
}

static enum site_path_fault read_decoded(const char *decoded, size_t len, char path[SITE_PATH_MAX + 1]) {
    struct guarded input = guarded_copy(decoded, len);
    const enum site_path_fault fault = site_path_read_decoded(input.data, len, path);
    guarded_free(&input);
    return fault;
}

/* Both readers find in what was read, as it is and encoded anew, the same path. */
static void assert_stays(const char *path) {
    char again[SITE_PATH_MAX + 1];
    struct buffer encoded = BUFFER_EMPTY;
    site_path_append_encoded(&encoded, path);
    assert_row(read_encoded(buffer_text(&encoded), encoded.len, again) == SITE_PATH_IS_RIGHT && same(again, path),
               path);
    assert_row(read_decoded(path, strlen(path), again) == SITE_PATH_IS_RIGHT && same(again, path), path);
    buffer_free(&encoded);
}

static void reads(void **state) {
    (void)state;
    static const struct {
        const char *encoded, *path, *anew; /* NULL: as it came */
    } rows[] = {{"/", "/", NULL},
                {"/members", "/members", NULL},
                {"/members/", "/members/", NULL},
                {"/a%20b/c", "/a b/c", NULL},
                {"/%C3%A9t%c3%a9", "/\xC3\xA9t\xC3\xA9", "/%C3%A9t%C3%A9"},
                {"/\xC3\xA9", "/\xC3\xA9", "/%C3%A9"},
                {"/%E6%97%A5%E6%9C%AC", "/\xE6\x97\xA5\xE6\x9C\xAC", NULL},
                {"/%F0%9F%A5%96.txt", "/\xF0\x9F\xA5\x96.txt", NULL},
                {"/a+b&c=d@e:f,g'h~i!j$k(l)*", "/a+b&c=d@e:f,g'h~i!j$k(l)*", NULL},
                {"/%2B%26%3D%40%3A%2C%27%7E", "/+&=@:,'~", "/+&=@:,'~"},
                {"/100%25.txt", "/100%.txt", NULL},
                {"/100%25", "/100%", NULL},
                {"/5%25-7%25", "/5%-7%", NULL},
                {"/%25uber", "/%uber", NULL},
                {"/a[b]{c}|\"<>^`", "/a[b]{c}|\"<>^`", "/a%5Bb%5D%7Bc%7D%7C%22%3C%3E%5E%60"},
                {"/%6d%65mbers", "/members", "/members"},
                {"/.hidden", "/.hidden", NULL},
                {"/..a/...b/.c", "/..a/...b/.c", NULL},
                {"/a.b/c", "/a.b/c", NULL},
                {"/ a", "/ a", "/%20a"},
                {"/%E2%80%AA", "/\xE2\x80\xAA", NULL},
                /* Written in another way, and meant as the same. */
                {"//", "/", "/"},
                {"//members", "/members", "/members"},
                {"/members//x", "/members/x", "/members/x"},
                {"/members///", "/members/", "/members/"},
                {"/./members", "/members", "/members"},
                {"/members/.", "/members/", "/members/"},
                {"/members/./x", "/members/x", "/members/x"},
                {"/members/..", "/", "/"},
                {"/members/../x", "/x", "/x"},
                {"/a/b/../../x", "/x", "/x"},
                {"/a/b/..", "/a/", "/a/"},
                {"/a/%2e%2e/members", "/members", "/members"},
                {"/a/.%2e/members", "/members", "/members"},
                {"/a/%2E./members/", "/members/", "/members/"},
                {"/%2e/members", "/members", "/members"},
                {"/members/%2e", "/members/", "/members/"},
                {"/a/../b//c", "/b/c", "/b/c"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *encoded = rows[i].encoded, *anew = rows[i].anew != NULL ? rows[i].anew : encoded;
        struct buffer written = BUFFER_EMPTY;
        char path[SITE_PATH_MAX + 1];
        assert_row(read_encoded(encoded, strlen(encoded), path) == SITE_PATH_IS_RIGHT, encoded);
        assert_row(same(path, rows[i].path), encoded);
        site_path_append_encoded(&written, path);
        assert_row(same(buffer_text(&written), anew), buffer_text(&written));
        assert_stays(path);
        buffer_free(&written);
    }
}

static const struct refused {
    const char *encoded;
    enum site_path_fault fault;
} refused[] = {{"", SITE_PATH_RELATIVE},
               {"*", SITE_PATH_RELATIVE},
               {"members", SITE_PATH_RELATIVE},
               {"./members", SITE_PATH_RELATIVE},
               {"http://host/members", SITE_PATH_RELATIVE},
               {"%2Fmembers", SITE_PATH_RELATIVE},
               {"\\members", SITE_PATH_RELATIVE},
               {" /members", SITE_PATH_RELATIVE},
               {"/..", SITE_PATH_RELATIVE},
               {"/../members", SITE_PATH_RELATIVE},
               {"/a/../../members", SITE_PATH_RELATIVE},
               {"/%2e%2e/members", SITE_PATH_RELATIVE},
               /* For RFC 3986 that is /members/x, and for whoever drops empty segments first, /x. */
               {"/members//../x", SITE_PATH_RELATIVE},
               {"//../x", SITE_PATH_RELATIVE},
               {"/members//a/../../x", SITE_PATH_RELATIVE},
               {"/members//.%2e/x", SITE_PATH_RELATIVE},
               {"/%", SITE_PATH_ENCODING},
               {"/%4", SITE_PATH_ENCODING},
               {"/%4g", SITE_PATH_ENCODING},
               {"/100%.txt", SITE_PATH_ENCODING},
               {"/%u002e", SITE_PATH_ENCODING},
               {"/%25u002e", SITE_PATH_ENCODING},
               {"/%252e%252e/x", SITE_PATH_ENCODING},
               {"/a%252fb", SITE_PATH_ENCODING},
               {"/a%252Fb", SITE_PATH_ENCODING},
               {"/a%255cb", SITE_PATH_ENCODING},
               {"/a%2500", SITE_PATH_ENCODING},
               {"/a%25%32%66b", SITE_PATH_ENCODING},
               {"/a%%32%66b", SITE_PATH_ENCODING},
               {"/members%2541", SITE_PATH_ENCODING},
               {"/a%00", SITE_PATH_CONTROL},
               {"/a%00.png", SITE_PATH_CONTROL},
               {"/a%0d%0ab", SITE_PATH_CONTROL},
               {"/a%09", SITE_PATH_CONTROL},
               {"/a\tb", SITE_PATH_CONTROL},
               {"/a\nb", SITE_PATH_CONTROL},
               {"/a%7F", SITE_PATH_CONTROL},
               {"/a%C2%80b", SITE_PATH_CONTROL},
               {"/a%c2%9f", SITE_PATH_CONTROL},
               {"/members;x=1", SITE_PATH_SEPARATOR},
               {"/members;/x", SITE_PATH_SEPARATOR},
               {"/public/..;/members", SITE_PATH_SEPARATOR},
               {"/members%3bx", SITE_PATH_SEPARATOR},
               {"/members%3B/x", SITE_PATH_SEPARATOR},
               {"/members\\x", SITE_PATH_SEPARATOR},
               {"/members%5cx", SITE_PATH_SEPARATOR},
               {"/members%5Cx", SITE_PATH_SEPARATOR},
               {"/a/..\\members", SITE_PATH_SEPARATOR},
               {"/members%2fx", SITE_PATH_SEPARATOR},
               {"/members%2Fx", SITE_PATH_SEPARATOR},
               {"/%2fmembers", SITE_PATH_SEPARATOR},
               {"/a/..%2fmembers", SITE_PATH_SEPARATOR},
               {"/members%23", SITE_PATH_SEPARATOR},
               {"/members%23.png", SITE_PATH_SEPARATOR},
               {"/members#x", SITE_PATH_SEPARATOR},
               {"/members%3f", SITE_PATH_SEPARATOR},
               {"/members%3Fx.png", SITE_PATH_SEPARATOR},
               {"/members?x", SITE_PATH_SEPARATOR},
               {"/%c0%af", SITE_PATH_NO_UTF8},
               {"/%e0%80%af", SITE_PATH_NO_UTF8},
               {"/%f0%80%80%af", SITE_PATH_NO_UTF8},
               {"/%c0%ae%c0%ae/members", SITE_PATH_NO_UTF8},
               {"/%c1%9cx", SITE_PATH_NO_UTF8},
               {"/%c1%ad%65mbers", SITE_PATH_NO_UTF8},
               {"/%ed%a0%80", SITE_PATH_NO_UTF8},
               {"/%ed%a0%bd%ed%b8%80", SITE_PATH_NO_UTF8},
               {"/%f4%90%80%80", SITE_PATH_NO_UTF8},
               {"/%e9", SITE_PATH_NO_UTF8},
               {"/\xE9", SITE_PATH_NO_UTF8},
               {"/%c3/%a9", SITE_PATH_NO_UTF8},
               {"/members%c3", SITE_PATH_NO_UTF8},
               {"/members.", SITE_PATH_TRAILING_DOT},
               {"/members%2e", SITE_PATH_TRAILING_DOT},
               {"/members./x", SITE_PATH_TRAILING_DOT},
               {"/members%20", SITE_PATH_TRAILING_DOT},
               {"/members%20/x", SITE_PATH_TRAILING_DOT},
               {"/members ", SITE_PATH_TRAILING_DOT},
               {"/...", SITE_PATH_TRAILING_DOT},
               {"/a/.%2e%20/members", SITE_PATH_TRAILING_DOT},
               {"/a/.%20/x", SITE_PATH_TRAILING_DOT},
               {"/a/..../x", SITE_PATH_TRAILING_DOT},
               {"/%20", SITE_PATH_TRAILING_DOT}};

static void refuses(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        const struct refused *row = &refused[i];
        char path[SITE_PATH_MAX + 1] = "x";
        assert_row(read_encoded(row->encoded, strlen(row->encoded), path) == row->fault, row->encoded);
        assert_row(*path == '\0', row->encoded);
        /* In the middle of a path, too. */
        char inner[128];
        snprintf(inner, sizeof inner, "/x%s/y", row->encoded);
        assert_row(row->fault == SITE_PATH_RELATIVE || read_encoded(inner, strlen(inner), path) == row->fault, inner);
    }
}

/* What PATH_INFO can hold after the web server has decoded it. */
static void reads_decoded(void **state) {
    (void)state;
    static const struct {
        const char *decoded, *path;
        enum site_path_fault fault;
    } rows[] = {{"/a b/c", "/a b/c", SITE_PATH_IS_RIGHT},
                {"/100%.txt", "/100%.txt", SITE_PATH_IS_RIGHT},
                {"/100%", "/100%", SITE_PATH_IS_RIGHT},
                {"/a//b/./c/../d", "", SITE_PATH_RELATIVE},
                {"/a/b/./c/../d", "/a/b/d", SITE_PATH_IS_RIGHT},
                {"", "", SITE_PATH_RELATIVE},
                {"a", "", SITE_PATH_RELATIVE},
                {"/a%2fb", "", SITE_PATH_ENCODING},
                {"/a%41", "", SITE_PATH_ENCODING},
                {"/a?b", "", SITE_PATH_SEPARATOR},
                {"/a#b", "", SITE_PATH_SEPARATOR},
                {"/a;b", "", SITE_PATH_SEPARATOR},
                {"/a\\b", "", SITE_PATH_SEPARATOR},
                {"/a\xC0\xAF", "", SITE_PATH_NO_UTF8},
                {"/a.", "", SITE_PATH_TRAILING_DOT}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[SITE_PATH_MAX + 1];
        assert_row(read_decoded(rows[i].decoded, strlen(rows[i].decoded), path) == rows[i].fault, rows[i].decoded);
        assert_row(same(path, rows[i].path), rows[i].decoded);
    }
    char path[SITE_PATH_MAX + 1];
    assert_int_equal(read_decoded("/a\0b", 4, path), SITE_PATH_CONTROL);
    assert_int_equal(read_encoded("/a\0b", 4, path), SITE_PATH_CONTROL);
}

static void limits_length(void **state) {
    (void)state;
    char text[3 * SITE_PATH_MAX + 8] = "/", path[SITE_PATH_MAX + 1];
    repeat(text + 1, "a", SITE_PATH_MAX - 1);
    assert_int_equal(read_encoded(text, SITE_PATH_MAX, path), SITE_PATH_IS_RIGHT);
    assert_int_equal(strlen(path), SITE_PATH_MAX);
    assert_stays(path);
    text[SITE_PATH_MAX] = 'a';
    assert_int_equal(read_encoded(text, SITE_PATH_MAX + 1, path), SITE_PATH_TOO_LONG);
    assert_int_equal(read_decoded(text, SITE_PATH_MAX + 1, path), SITE_PATH_TOO_LONG);
    repeat(text + 1, "%C3%A9", (SITE_PATH_MAX - 1) / 2);
    assert_int_equal(read_encoded(text, strlen(text), path), SITE_PATH_IS_RIGHT);
    assert_stays(path);
    repeat(text + 1, "%61", SITE_PATH_MAX);
    assert_int_equal(read_encoded(text, strlen(text), path), SITE_PATH_TOO_LONG);
}

/* Every byte, bare and encoded, in the middle of a segment and at its end: what is taken is read as itself. */
static void every_byte(void **state) {
    (void)state;
    static const char separators[] = "/\\;?#%";
    for (int byte = 0; byte < 256; byte++) {
        for (int form = 0; form < 4; form++) {
            char text[16], path[SITE_PATH_MAX + 1], expected[8];
            const bool encoded = form % 2 != 0;
            const char *tail = form < 2 ? "b" : "";
            const int len = snprintf(text, sizeof text, encoded ? "/a%%%02X%s" : "/a%c%s", byte, tail);
            snprintf(expected, sizeof expected, "/a%c%s", byte, tail);
            const bool taken = byte >= 0x20 && byte < 0x7F &&
                               (strchr(separators, byte) == NULL || (encoded ? byte == '%' : byte == '/')) &&
                               (form < 2 || (byte != '.' && byte != ' '));
            assert_row((read_encoded(text, (size_t)len, path) == SITE_PATH_IS_RIGHT) == taken, text);
            assert_row(!taken || same(path, expected), text);
            assert_row(taken || *path == '\0', text);
        }
    }
}

static void lies_in(void **state) {
    (void)state;
    static const struct {
        const char *path, *folder;
        bool exact, ignoring_case;
    } rows[] = {{"/a", "/a", true, true},
                {"/a/", "/a", true, true},
                {"/a/b", "/a", true, true},
                {"/a", "/a/", true, true},
                {"/a/b", "/a/", true, true},
                {"/ab", "/a", false, false},
                {"/ab", "/a/", false, false},
                {"/", "/a", false, false},
                {"/a", "/", true, true},
                {"/", "/", true, true},
                {"/A", "/a", false, true},
                {"/a/b", "/A/", false, true},
                {"/A/B", "/a/b/c", false, false},
                {"/a/b", "/a/b/", true, true},
                {"/a/bc", "/a/b", false, false},
                {"/", "/members", false, false},
                {"/\xC3\x89", "/\xC3\xA9", false, false},
                {"", "/", false, false},
                {"/a", "", false, false},
                {"a", "a", false, false},
                {"/a.b", "/a", false, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_row(site_path_lies_in(rows[i].path, rows[i].folder, false) == rows[i].exact, rows[i].path);
        assert_row(site_path_lies_in(rows[i].path, rows[i].folder, true) == rows[i].ignoring_case, rows[i].path);
    }
}

static const struct name {
    const char *name;
    bool is_private;
} names[] = {{".htaccess", true},
             {".htpasswd", true},
             {".env", true},
             {".git", true},
             {".", true},
             {"config.json", true},
             {"config-old.json", true},
             {"config.json.txt", true},
             {"configuration.json", true},
             {"config", false},
             {"config.php", false},
             {"myconfig.json", false},
             {"Config.json", false},
             {"error.log", true},
             {"error.log.1", true},
             {"error_log", false},
             {"session-keys.json", true},
             {"session-keys.json.new", true},
             {"session_keys.json", false},
             {"my-session-keys.json", false},
             {"my-error.log", false},
             {"console.log", true},
             {"console.log.1", true},
             {"console.js", false},
             {"refresh-report.json", true},
             {"my-refresh-report.json", false},
             {"users.db", true},
             {"users.sqlite", true},
             {"users.sqlite3", true},
             {"users.sqlite4", false},
             {"users.db-journal", true},
             {"users.db-wal", true},
             {"users.db-shm", true},
             {"users.dbx", false},
             {"db", false},
             {"usersdb", false},
             {"a.key", true},
             {"a.keys", false},
             {"a.pem", true},
             {"index.php.bak", true},
             {"a.old", true},
             {"a.orig", true},
             {"a.swp", true},
             {"index.php~", true},
             {"~", true},
             {"~you", false},
             {"a~b", false},
             {"index.html", false},
             {"a.pem.txt", false},
             {"a b.db", true},
             {"\xC3\xA9.key", true},
             {"key", false},
             {"a", false}};

/* Appends the path with the name in it, as the last one and with more behind it. */
static void assert_private(const char *name, bool expected) {
    static const struct {
        const char *before, *behind;
    } forms[] = {{"/", ""}, {"/members/", ""}, {"/members/", "/"}, {"/members/", "/info"}, {"/.well-known/", ""}};
    for (size_t i = 0; i < COUNT(forms); i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s%s", forms[i].before, name, forms[i].behind);
        assert_row(site_path_is_private(path) == expected, path);
    }
}

/* Takes the pattern of FilesMatch out of the file: libc's extended expressions read it as Apache's do. */
static void compile_files_match(regex_t *regex) {
    char line[512], pattern[512] = "";
    FILE *file = fopen(HTACCESS, "r");
    assert_non_null(file); /* unit tests run in the project's folder */
    while (*pattern == '\0' && fgets(line, sizeof line, file) != NULL)
        (void)sscanf(line, "<FilesMatch \"%511[^\"]\">", pattern);
    fclose(file);
    /* A kind of name that is added there needs a row here, and its place in site_path_is_private. */
    size_t alternatives = 1;
    for (const char *at = pattern; (at = strchr(at, '|')) != NULL; at++)
        alternatives++;
    assert_int_equal(alternatives, 18);
    assert_int_equal(regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
}

static void private_names(void **state) {
    (void)state;
    regex_t regex;
    compile_files_match(&regex);
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_row((regexec(&regex, names[i].name, 0, NULL, 0) == 0) == names[i].is_private, names[i].name);
        assert_private(names[i].name, names[i].is_private);
    }
    regfree(&regex);
    assert_false(site_path_is_private("/"));
    assert_false(site_path_is_private("/.well-known"));
    assert_false(site_path_is_private("/.well-known/acme-challenge/x"));
    assert_true(site_path_is_private("/.well-knownx"));
    assert_true(site_path_is_private("/.Well-Known/x"));
    assert_true(site_path_is_private("/members/.well-known/x"));
}

static void describes(void **state) {
    (void)state;
    static const char *const words[] = {"is a path", "slash", "twice",          "control",
                                        "backslash", "UTF-8", "dot or a blank", "2048 bytes"};
    assert_int_equal(COUNT(words), SITE_PATH_TOO_LONG + 1);
    for (size_t i = 0; i < COUNT(words); i++)
        assert_row(contains(site_path_describe((enum site_path_fault)i), words[i]), words[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads),         cmocka_unit_test(refuses),
                                       cmocka_unit_test(reads_decoded), cmocka_unit_test(limits_length),
                                       cmocka_unit_test(every_byte),    cmocka_unit_test(lies_in),
                                       cmocka_unit_test(private_names), cmocka_unit_test(describes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
