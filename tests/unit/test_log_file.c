/* log_file.c: a file that is made, appended to, renamed when it is full and never over an older one by mistake; eight
 * processes at once, each line whole; a link, a FIFO, a device, a folder, another program's file, a full disk and a
 * folder that cannot be written to, none of which is waited for or changed; looking, which changes nothing.
 * SPDX-License-Identifier: MIT */
#include "folder.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/log_file.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define TIME "2026-01-31T12:00:00Z "

static bool append(const char *path, const char *line) {
    return log_file_append(path, line, strlen(line));
}

static off_t size_of(const char *path) {
    return file_look(path).st_size;
}

static char *read_file(const char *path) {
    struct buffer text = {.limit = 4 * LOG_FILE_MAX};
    assert_true(file_read(path, 4 * LOG_FILE_MAX, &text, NULL));
    char *taken = buffer_take(&text);
    assert_non_null(taken);
    return taken;
}

/* A log of `size` bytes. */
static const char *write_log(const struct folder *folder, const char *name, off_t size) {
    const char *path = folder_write(folder, name, TIME "full\n", 0600);
    assert_int_equal(truncate(path, size), 0);
    return path;
}

static void is_made_and_appended_to(void **state) {
    (void)state;
    struct folder folder;
    folder_make(&folder);
    const char *path = folder_path(&folder, "error.log");
    const mode_t mask = umask(0);
    assert_null(log_file_problem(path));
    assert_int_equal(size_of(path), -1); /* looking makes nothing */
    assert_true(append(path, TIME "one\n"));
    assert_true(append(path, TIME "two\n"));
    umask(mask);
    assert_null(log_file_problem(path));
    char *text = read_file(path);
    assert_string_equal(text, TIME "one\n" TIME "two\n");
    assert_int_equal(file_look(path).st_mode & 07777, 0600);
    free(text);
    folder_remove(&folder);
}

static void full_is_renamed(void **state) {
    (void)state;
    struct folder folder;
    folder_make(&folder);
    folder_write(&folder, "error.log.1", TIME "older\n", 0600);
    const char *path = write_log(&folder, "error.log", LOG_FILE_MAX - (off_t)strlen(TIME "a\n"));
    const char *old = folder_path(&folder, "error.log.1");
    assert_true(append(path, TIME "a\n"));
    assert_int_equal(size_of(path), LOG_FILE_MAX);
    assert_true(append(path, TIME "b\n"));
    assert_int_equal(size_of(old), LOG_FILE_MAX);
    char *text = read_file(path);
    assert_string_equal(text, TIME "b\n");
    free(text);
    folder_remove(&folder);
}

/* A folder in the way of error.log.1: the log ends, it does not grow for ever. */
static void what_cannot_be_renamed_ends(void **state) {
    (void)state;
    struct folder folder;
    folder_make(&folder);
    const char *path = write_log(&folder, "error.log", LOG_FILE_MAX);
    folder_subfolder(&folder, "error.log.1");
    assert_true(append(path, TIME "b\n"));
    assert_true(size_of(path) > LOG_FILE_MAX);
    assert_int_equal(truncate(path, LOG_FILE_HARD_MAX), 0);
    assert_false(append(path, TIME "c\n"));
    assert_int_equal(size_of(path), LOG_FILE_HARD_MAX);
    folder_remove(&folder);
}

enum { WRITERS = 8, LINES = 400 };

static void write_lines(const char *path, int writer) {
    char line[128];
    for (int i = 0; i < LINES; i++) {
        snprintf(line, sizeof line, TIME "writer %d line %03d %060d\n", writer, i, 0);
        if (!append(path, line))
            _exit(1);
    }
    _exit(0);
}

static void let_writers_run(const char *path) {
    pid_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        assert_true(writers[i] >= 0);
        if (writers[i] == 0)
            write_lines(path, i);
    }
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
        assert_int_equal(status, 0);
    }
}

/* How many lines are whole: of the one length, with their time in front. Fails for any other but the first, which
 * stands for what was there. */
static int count_lines(char *text, size_t padding) {
    int count = 0;
    for (char *line = text + padding, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        assert_non_null(end);
        *end = '\0';
        assert_row(strlen(line) == strlen(TIME) + strlen("writer 0 line 000 ") + 60, line);
        assert_row(strncmp(line, TIME "writer ", strlen(TIME "writer ")) == 0, line);
        count++;
    }
    return count;
}

/* The file becomes full in the midst of it: the lines are in both files, and none is lost. */
static void lines_of_many_are_whole(void **state) {
    (void)state;
    const off_t start = LOG_FILE_MAX - 100000;
    struct folder folder;
    folder_make(&folder);
    const char *path = write_log(&folder, "error.log", start);
    const char *old = folder_path(&folder, "error.log.1");
    let_writers_run(path);
    /* Who is about to rename the file may not get the processor for a while; the others write on meanwhile. */
    assert_true(size_of(old) <= LOG_FILE_HARD_MAX);
    char *both = read_file(old);
    char *fresh = read_file(path);
    assert_int_equal(count_lines(both, (size_t)start) + count_lines(fresh, 0), WRITERS * LINES);
    free(both);
    free(fresh);
    folder_remove(&folder);
}

static void what_is_no_log_stays_as_it_is(void **state) {
    (void)state;
    static const char *const rows[] = {"{\"keys\": []}", "SQLite format 3", "2026-01-31 12:00:00 x\n", "2x"};
    struct folder folder;
    folder_make(&folder);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *path = folder_write(&folder, "file", rows[i], 0600);
        assert_row(!append(path, TIME "a\n"), rows[i]);
        assert_row(log_file_problem(path) != NULL, rows[i]);
        assert_row(size_of(path) == (off_t)strlen(rows[i]), rows[i]);
    }
    folder_remove(&folder);
}

static void what_is_no_file_is_refused(void **state) {
    (void)state;
    struct folder folder;
    folder_make(&folder);
    folder_subfolder(&folder, "folder");
    const char *link = folder_path(&folder, "link"), *fifo = folder_path(&folder, "fifo");
    const char *full = folder_path(&folder, "full");
    assert_int_equal(symlink("target", link), 0);
    assert_int_equal(symlink("/dev/full", full), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    const char *const rows[] = {link, fifo, full, "/dev/full", "/dev/null", folder_path(&folder, "folder")};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_row(!append(rows[i], TIME "a\n"), rows[i]);
        assert_row(log_file_problem(rows[i]) != NULL, rows[i]);
    }
    /* A FIFO that somebody reads opens, and gets nothing. */
    char byte;
    const int reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(reader >= 0);
    assert_false(append(fifo, TIME "a\n"));
    assert_int_equal(read(reader, &byte, 1), 0);
    close(reader);
    assert_int_equal(size_of(folder_path(&folder, "target")), -1);
    folder_remove(&folder);
}

static void no_folder(void **state) {
    (void)state;
    struct folder folder;
    folder_make(&folder);
    const char *path = folder_path(&folder, "none/error.log");
    assert_false(append(path, TIME "a\n"));
    assert_string_equal(log_file_problem(path), strerror(ENOENT));
    folder_subfolder(&folder, "locked");
    const char *locked = folder_path(&folder, "locked/error.log");
    assert_int_equal(chmod(folder_path(&folder, "locked"), 0500), 0);
    if (geteuid() != 0) { /* root may do all */
        assert_false(append(locked, TIME "a\n"));
        assert_string_equal(log_file_problem(locked), strerror(EACCES));
    }
    folder_remove(&folder);
}

/* As program.c does, the signal of a file that may not grow is passed over. */
static void a_full_disk_is_no_failure(void **state) {
    (void)state;
    struct folder folder;
    struct rlimit before, small;
    folder_make(&folder);
    const char *path = folder_path(&folder, "error.log");
    assert_true(append(path, TIME "a\n"));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = (rlim_t)size_of(path);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const bool written = append(path, TIME "b\n");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_false(written);
    assert_true(append(path, TIME "c\n"));
    char *text = read_file(path);
    assert_string_equal(text, TIME "a\n" TIME "c\n");
    free(text);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_made_and_appended_to),
                                       cmocka_unit_test(full_is_renamed),
                                       cmocka_unit_test(what_cannot_be_renamed_ends),
                                       cmocka_unit_test(lines_of_many_are_whole),
                                       cmocka_unit_test(what_is_no_log_stays_as_it_is),
                                       cmocka_unit_test(what_is_no_file_is_refused),
                                       cmocka_unit_test(no_folder),
                                       cmocka_unit_test(a_full_disk_is_no_failure)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
