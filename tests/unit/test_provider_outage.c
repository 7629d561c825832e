/* provider_outage.c: three failures in a row begin an outage, one login at a time tries, a response ends it; a file
 * that is not there, not ours to use, or makes no sense keeps nobody off.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "support.h"

#include "base/bounds.h"
#include "oauth/provider_outage.h"

#include <inttypes.h>
#include <sys/file.h>
#include <sys/wait.h>

static const int64_t NOW = 1764000000;

static struct folder folder;
static struct outage_place place;

static int open_folder(void **state) {
    (void)state;
    folder_make(&folder);
    place = (struct outage_place){folder.path, "instagram"};
    return 0;
}

static int close_folder(void **state) {
    (void)state;
    folder_remove(&folder);
    return 0;
}

static bool is_there(void) {
    return access(folder_path(&folder, "outage-instagram"), F_OK) == 0;
}

/* Makes the outage begin at `now`. */
static void fail_often(int64_t now) {
    for (int i = 1; i <= OUTAGE_FAILURES; i++)
        assert_int_equal(provider_outage_note_failure(&place, now), i == OUTAGE_FAILURES);
}

static void begins_after_failures_in_a_row(void **state) {
    (void)state;
    assert_int_equal(provider_outage_left(&place, NOW), 0);
    assert_false(is_there());
    for (int i = 1; i < OUTAGE_FAILURES; i++) {
        assert_false(provider_outage_note_failure(&place, NOW + i));
        assert_int_equal(provider_outage_left(&place, NOW + i), 0);
    }
    assert_true(provider_outage_note_failure(&place, NOW + OUTAGE_FAILURES));
    assert_int_equal(provider_outage_left(&place, NOW + OUTAGE_FAILURES), OUTAGE_SECONDS);
    assert_int_equal(provider_outage_left(&place, NOW + OUTAGE_FAILURES + OUTAGE_SECONDS - 1), 1);
    /* The operator is told once. */
    assert_false(provider_outage_note_failure(&place, NOW + OUTAGE_FAILURES + 1));
    /* Another provider has nothing to do with it. */
    const struct outage_place other = {folder.path, "github"};
    assert_int_equal(provider_outage_left(&other, NOW + OUTAGE_FAILURES), 0);
}

static void failures_now_and_then_are_no_outage(void **state) {
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_false(provider_outage_note_failure(&place, NOW + i * (OUTAGE_WINDOW_SECONDS + 1)));
        assert_int_equal(provider_outage_left(&place, NOW + i * (OUTAGE_WINDOW_SECONDS + 1)), 0);
    }
}

static void one_at_a_time_tries(void **state) {
    (void)state;
    int64_t now = NOW;
    fail_often(now);
    for (int round = 0; round < 5; round++) {
        now += OUTAGE_SECONDS;
        assert_int_equal(provider_outage_left(&place, now), 0);
        for (int i = 0; i < 5; i++)
            assert_int_equal(provider_outage_left(&place, now), OUTAGE_SECONDS);
        /* It never grows, however long it lasts; and who was to try may have lost its process. */
        if (round % 2 == 0)
            assert_false(provider_outage_note_failure(&place, now));
    }
    assert_int_equal(provider_outage_left(&place, now + 86400), 0);
}

static void response_ends_it(void **state) {
    (void)state;
    provider_outage_note_response(&place);
    fail_often(NOW);
    provider_outage_note_response(&place);
    assert_false(is_there());
    assert_int_equal(provider_outage_left(&place, NOW), 0);
    assert_false(provider_outage_note_failure(&place, NOW));
    assert_false(provider_outage_note_failure(&place, NOW));
    provider_outage_note_response(&place);
    assert_false(provider_outage_note_failure(&place, NOW));
}

static void file_without_sense_keeps_nobody_off(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "\n",
                                        "x",
                                        "3",
                                        "3 1764000000",
                                        "3 1764000000 x",
                                        "-3 1764000000 1764000010",
                                        "3 1764000000 1764001000", /* the clock was set back */
                                        "3 1764000000 999999999999999999999",
                                        "99999999999999999999 1 2",
                                        "3 -1 -1"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        folder_write(&folder, "outage-instagram", texts[i], 0600);
        assert_row(provider_outage_left(&place, NOW) == 0, texts[i]);
    }
    folder_write(&folder, "outage-instagram", "3 1764000000 1764000010", 0600);
    assert_int_equal(provider_outage_left(&place, NOW), 10);
}

static void file_that_cannot_be_used_keeps_nobody_off(void **state) {
    (void)state;
    folder_subfolder(&folder, "outage-instagram");
    assert_false(provider_outage_note_failure(&place, NOW));
    assert_int_equal(provider_outage_left(&place, NOW), 0);
    provider_outage_note_response(&place);
    const struct outage_place nowhere = {"/nowhere", "instagram"};
    assert_false(provider_outage_note_failure(&nowhere, NOW));
    assert_int_equal(provider_outage_left(&nowhere, NOW), 0);
}

static void symbolic_link_is_not_followed(void **state) {
    (void)state;
    char target[PATH_MAX];
    snprintf(target, sizeof target, "%s/other", folder.path);
    assert_int_equal(symlink(target, folder_path(&folder, "outage-instagram")), 0);
    assert_false(provider_outage_note_failure(&place, NOW));
    assert_int_equal(access(target, F_OK), -1);
}

/* A process that was stopped while it held the lock keeps nobody off for long. */
static void lock_is_not_waited_for(void **state) {
    (void)state;
    fail_often(NOW);
    const int descriptor = open(folder_path(&folder, "outage-instagram"), O_RDONLY | O_CLOEXEC);
    assert_int_equal(flock(descriptor, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(provider_outage_left(&place, NOW + OUTAGE_SECONDS), OUTAGE_SECONDS);
    assert_int_equal(provider_outage_left(&place, NOW + 2 * OUTAGE_SECONDS), 0);
    assert_false(provider_outage_note_failure(&place, NOW));
    close(descriptor);
}

/* Returns how many seconds another process is told when it asks while this one, which has the lock, becomes the one
 * that tries. */
static int64_t ask_beside(int64_t now) {
    char text[64], byte;
    int begun[2], status;
    assert_int_equal(pipe(begun), 0);
    const int descriptor = open(folder_path(&folder, "outage-instagram"), O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(descriptor, LOCK_EX | LOCK_NB), 0);
    const pid_t child = fork();
    if (child == 0) {
        close(descriptor); /* the lock is the parent's */
        assert_int_equal(write(begun[1], "x", 1), 1);
        _exit((int)provider_outage_left(&place, now));
    }
    assert_int_equal(read(begun[0], &byte, 1), 1);
    const int len =
        snprintf(text, sizeof text, "%9d %18" PRId64 " %18" PRId64 "\n", OUTAGE_FAILURES, NOW, now + OUTAGE_SECONDS);
    assert_int_equal(pwrite(descriptor, text, (size_t)len, 0), len);
    close(descriptor);
    assert_int_equal(waitpid(child, &status, 0), child);
    close(begun[0]);
    close(begun[1]);
    return WEXITSTATUS(status);
}

/* After a time in which nobody came, many may come at once. */
static void one_of_many_at_once_tries(void **state) {
    (void)state;
    fail_often(NOW);
    for (int i = 0; i < 20; i++)
        assert_int_equal(ask_beside(NOW + SECONDS_PER_DAY + i * 3 * OUTAGE_SECONDS), OUTAGE_SECONDS);
}

/* Nobody reads under the lock, while others write. */
static void file_is_whole_at_any_time(void **state) {
    (void)state;
    enum { TIMES = 3000 };
    int status;
    fail_often(NOW);
    const pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < TIMES; i++)
            provider_outage_note_failure(&place, NOW);
        _exit(0);
    }
    for (int i = 0; i < TIMES; i++)
        assert_int_equal(provider_outage_left(&place, NOW), OUTAGE_SECONDS);
    assert_int_equal(waitpid(child, &status, 0), child);
}

int main(void) {
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)
    const struct CMUnitTest tests[] = {IN_A_FOLDER(begins_after_failures_in_a_row),
                                       IN_A_FOLDER(failures_now_and_then_are_no_outage),
                                       IN_A_FOLDER(one_at_a_time_tries),
                                       IN_A_FOLDER(response_ends_it),
                                       IN_A_FOLDER(file_without_sense_keeps_nobody_off),
                                       IN_A_FOLDER(file_that_cannot_be_used_keeps_nobody_off),
                                       IN_A_FOLDER(symbolic_link_is_not_followed),
                                       IN_A_FOLDER(lock_is_not_waited_for),
                                       IN_A_FOLDER(one_of_many_at_once_tries),
                                       IN_A_FOLDER(file_is_whole_at_any_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
