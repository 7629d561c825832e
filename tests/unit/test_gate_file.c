/* gate_file.c: the file that a web server is about to serve, as a path of the site: below the web root, by either name
 * of it, below an Apache alias; what no path can be made of.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "program/gate_file.h"

#include <limits.h>
#include <unistd.h>

/* Reads it with these variables; NULL leaves one out. */
static enum error_code read_file(const char *file, const char *root, const char *prefix, const char *context,
                                 char path[SITE_PATH_MAX + 1]) {
    const char *const names[] = {"SCRIPT_FILENAME", "DOCUMENT_ROOT", "CONTEXT_PREFIX", "CONTEXT_DOCUMENT_ROOT"};
    const char *const values[] = {file, root, prefix, context};
    char text[COUNT(names)][SITE_PATH_MAX + 64];
    char *environment[COUNT(names) + 1];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(names); i++) {
        if (values[i] == NULL)
            continue;
        snprintf(text[count], sizeof text[count], "%s=%s", names[i], values[i]);
        environment[count] = text[count];
        count++;
    }
    environment[count] = NULL;
    struct request request;
    struct error error;
    request_begin(&request, environment);
    return gate_file_read(&request, path, &error);
}

static void paths(void **state) {
    (void)state;
    static const struct {
        const char *file, *root, *prefix, *context, *path;
    } rows[] = {{"/web/members/a.txt", "/web", NULL, NULL, "/members/a.txt"},
                {"/web/members/a.txt", "/web/", "", "/web", "/members/a.txt"},
                {"/web/members/", "/web", NULL, NULL, "/members/"},
                {"/web", "/web", NULL, NULL, "/"},
                {"/web/", "/web//", NULL, NULL, "/"},
                {"/home/ann/www/a", "/web", "/~ann", "/home/ann/www", "/~ann/a"},
                {"/srv/files/a b.txt", "/web", "/files/", "/srv/files/", "/files/a b.txt"},
                {"/srv/own/a", "/web", "", "/srv/own", "/a"},
                {"/web/hidden/a", "/web", "/alias", "/web/hidden", "/hidden/a"},
                {"/web/m\xC3\xBC/a", "/web", NULL, NULL, "/m\xC3\xBC/a"},
                {"proxy:http://127.0.0.1:3000/a", "/web", NULL, NULL, ""},
                {"redirect:/a", "/web", NULL, NULL, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[SITE_PATH_MAX + 1];
        assert_row(read_file(rows[i].file, rows[i].root, rows[i].prefix, rows[i].context, path) == ERROR_NONE,
                   rows[i].file);
        assert_string_equal(path, rows[i].path);
    }
}

static void refused(void **state) {
    (void)state;
    static const struct {
        const char *file, *root, *prefix, *context;
        enum error_code code;
    } rows[] = {{NULL, "/web", NULL, NULL, ERROR_CONFIG},
                {"", "/web", NULL, NULL, ERROR_CONFIG},
                {"/website/a", "/web", NULL, NULL, ERROR_CONFIG},
                {"/web/a", NULL, NULL, NULL, ERROR_CONFIG},
                {"/web/a", "", NULL, NULL, ERROR_CONFIG},
                {"/web/a", "/", "", "", ERROR_CONFIG},

                {"/srv/files/a", "/web", "/files", NULL, ERROR_CONFIG},
                {"/web/a;b", "/web", NULL, NULL, ERROR_BAD_REQUEST},
                {"/web/a\\b", "/web", NULL, NULL, ERROR_BAD_REQUEST},
                {"/web/a./b", "/web", NULL, NULL, ERROR_BAD_REQUEST},
                {"/web/\xC0\xAF", "/web", NULL, NULL, ERROR_BAD_REQUEST}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[SITE_PATH_MAX + 1];
        assert_row(read_file(rows[i].file, rows[i].root, rows[i].prefix, rows[i].context, path) == rows[i].code,
                   rows[i].file);
        assert_string_equal(path, "");
    }
}

static void the_longest(void **state) {
    (void)state;
    char file[SITE_PATH_MAX + 8] = "/web/", path[SITE_PATH_MAX + 1];
    memset(file + 5, 'x', SITE_PATH_MAX - 1);
    assert_int_equal(read_file(file, "/web", NULL, NULL, path), ERROR_NONE);
    assert_int_equal(strlen(path), SITE_PATH_MAX);
    strcat(file, "x");
    assert_int_equal(read_file(file, "/web", NULL, NULL, path), ERROR_BAD_REQUEST);
}

/* Apache names a file by what DocumentRoot says, another server by what that leads to. */
static void a_linked_root_has_two_names(void **state) {
    (void)state;
    char folder[] = "/tmp/cgi-login-test.XXXXXX", link[64], file[64], path[SITE_PATH_MAX + 1];
    assert_non_null(mkdtemp(folder));
    snprintf(link, sizeof link, "%s/link", folder);
    snprintf(file, sizeof file, "%s/a.txt", folder);
    assert_int_equal(symlink(folder, link), 0);
    assert_int_equal(read_file(file, link, NULL, NULL, path), ERROR_NONE);
    assert_string_equal(path, "/a.txt");
    unlink(link);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths), cmocka_unit_test(refused),
                                       cmocka_unit_test(the_longest), cmocka_unit_test(a_linked_root_has_two_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
