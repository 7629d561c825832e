/* gate_file.c: the file that a web server is about to serve, as a path of the site: below the web root, by either name
 * of it, below an Apache alias; what no path can be made of.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "program/gate_file.h"

#include <limits.h>
#include <unistd.h>

enum { VARIABLES = 4 };

/* A request with the variables that its array of texts has room for. */
struct sample {
    char text[VARIABLES][SITE_PATH_MAX + 64];
    char *environment[VARIABLES + 1];
    struct request request;
};

/* Makes one with these variables; NULL leaves one out. */
static void begin(struct sample *sample, const char *file, const char *root, const char *prefix, const char *context) {
    const char *const names[VARIABLES] = {"SCRIPT_FILENAME", "DOCUMENT_ROOT", "CONTEXT_PREFIX",
                                          "CONTEXT_DOCUMENT_ROOT"};
    const char *const values[VARIABLES] = {file, root, prefix, context};
    size_t count = 0;
    for (size_t i = 0; i < VARIABLES; i++) {
        if (values[i] == NULL)
            continue;
        snprintf(sample->text[count], sizeof sample->text[count], "%s=%s", names[i], values[i]);
        sample->environment[count] = sample->text[count];
        count++;
    }
    sample->environment[count] = NULL;
    request_begin(&sample->request, sample->environment);
}

static enum error_code read_file(const char *file, const char *root, const char *prefix, const char *context,
                                 char path[SITE_PATH_MAX + 1]) {
    struct sample sample;
    struct error error;
    begin(&sample, file, root, prefix, context);
    return gate_file_read(&sample.request, path, &error);
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

/* The other way round: below the alias, or the web root. */
static void names_of_files(void **state) {
    (void)state;
    static const struct {
        const char *path, *root, *prefix, *context, *file;
    } rows[] = {{"/members/a.txt", "/web", NULL, NULL, "/web/members/a.txt"},
                {"/members/a.txt", "/web/", "", "/web/", "/web/members/a.txt"},
                {"/members/a.txt", "/", NULL, NULL, "/members/a.txt"},
                {"/members/a.txt", "/web", "/cgi-bin/", "/home/ann/cgi-bin/", "/web/members/a.txt"},
                {"/~ann/a", "/web", "/~ann", "/home/ann/www", "/home/ann/www/a"},
                {"/~anna/a", "/web", "/~ann", "/home/ann/www", "/web/~anna/a"},
                {"/files/a b.txt", "/web", "/files/", "/srv/files/", "/srv/files/a b.txt"},
                {"/files/a", "/web", "/files/", "", "/web/files/a"},
                {"/a", "/web", "", "/srv/own", "/srv/own/a"},
                {"/files", "/web", "/files/", "/srv/files/", ""},
                {"/a", "", NULL, NULL, ""},
                {"/a", NULL, NULL, NULL, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sample sample;
        char file[PATH_MAX] = "";
        begin(&sample, NULL, rows[i].root, rows[i].prefix, rows[i].context);
        assert_row(gate_file_name(&sample.request, rows[i].path, strlen(rows[i].path), file) == strlen(rows[i].file),
                   rows[i].path);
        assert_string_equal(file, rows[i].file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths), cmocka_unit_test(refused),
                                       cmocka_unit_test(the_longest), cmocka_unit_test(names_of_files),
                                       cmocka_unit_test(a_linked_root_has_two_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
