/* file.c: the folder of a file, and why a file cannot be read.
 * SPDX-License-Identifier: MIT */
#include "folder_fixture.h"
#include "support.h"

#include "base/file.h"

#include <errno.h>

static void parents(void **state) {
    (void)state;
    static const struct {
        const char *path, *folder; /* NULL: none */
    } rows[] = {{"/a/b", "/a"}, {"/a", "/"}, {"/", "/"}, {"a/b", "a"}, {"/a/b/", "/a/b"}, {"a", NULL}, {"", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char parent[PATH_MAX];
        assert_row(file_parent(rows[i].path, parent) == (rows[i].folder != NULL), rows[i].path);
        assert_row(rows[i].folder == NULL || same(parent, rows[i].folder), rows[i].path);
    }
    static char large[PATH_MAX + 2];
    char parent[PATH_MAX];
    memset(large, 'x', PATH_MAX);
    large[PATH_MAX - 1] = '/';
    assert_true(file_parent(large, parent));
    assert_int_equal(strlen(parent), PATH_MAX - 1);
    large[PATH_MAX - 1] = 'x';
    large[PATH_MAX] = '/';
    assert_false(file_parent(large, parent));
}

static void says_why_not(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int cause; /* 0: it is read */
    } rows[] = {{"right", 0}, {"large", EFBIG}, {"folder", EINVAL}, {"nowhere", ENOENT}};
    folder_write(&folder, "right", "12345678", 0600);
    folder_write(&folder, "large", "123456789", 0600);
    folder_subfolder(&folder, "folder");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer text = BUFFER_EMPTY;
        errno = 0;
        assert_row(file_read(folder_path(&folder, rows[i].name), 8, &text, NULL) == (rows[i].cause == 0), rows[i].name);
        assert_row(rows[i].cause == 0 ? same(buffer_text(&text), "12345678") : errno == rows[i].cause, rows[i].name);
        buffer_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(parents), cmocka_unit_test(says_why_not)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
