/* SPDX-License-Identifier: MIT */
#include "oauth/provider_outage.h"

#include "base/bounds.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What the file says, as three numbers in a line. */
struct outage {
    int64_t failures; /* in a row */
    int64_t last;     /* when the last one was */
    int64_t until;    /* nobody tries before, but the one who made it so */
};

static bool find_path(const struct outage_place *place, char path[PATH_MAX]) {
    const int len = snprintf(path, PATH_MAX, "%s/outage-%s", place->folder, place->provider);
    return len > 0 && len < PATH_MAX;
}

/* Opens the file. -1 if there is none, or something else in its place. */
static int open_outage(const struct outage_place *place, int flags) {
    char path[PATH_MAX];
    struct stat status;
    if (!find_path(place, path))
        return -1;
    const int descriptor =
        open(path, flags | O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, S_IRUSR | S_IWUSR);
    if (descriptor >= 0 && (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* A file that is empty or holds anything else tells of no failure. */
static struct outage read_outage(int descriptor) {
    char text[100];
    struct outage outage = {.failures = 0};
    const ssize_t len = pread(descriptor, text, sizeof text - 1, 0);
    text[len > 0 ? len : 0] = '\0';
    if (sscanf(text, "%9" SCNd64 " %18" SCNd64 " %18" SCNd64 "\n", &outage.failures, &outage.last, &outage.until) != 3)
        outage = (struct outage){.failures = 0};
    return outage;
}

/* Who reads does not lock: the text is always as long, so that it is never empty in between. */
static bool write_outage(int descriptor, const struct outage *outage) {
    char text[100];
    const int len = snprintf(text, sizeof text, "%9" PRId64 " %18" PRId64 " %18" PRId64 "\n", outage->failures,
                             outage->last, outage->until);
    return pwrite(descriptor, text, (size_t)len, 0) == len && ftruncate(descriptor, len) == 0;
}

static bool is_on(const struct outage *outage) {
    return outage->failures >= OUTAGE_FAILURES;
}

/* A time further ahead than any that is written means that the clock was set back. */
static int64_t seconds_left(const struct outage *outage, int64_t now) {
    const int64_t left = is_on(outage) ? outage->until - now : 0;
    return left > 0 && left <= OUTAGE_SECONDS ? left : 0;
}

/* Takes the lock, which its holder has for as long as it takes to write a line. A holder that was stopped is not waited
 * for. */
static bool take_lock(int descriptor) {
    enum { TRIES = 100, PAUSE_NANOSECONDS = 1000000 };
    const struct timespec pause = {.tv_nsec = PAUSE_NANOSECONDS};
    int tries = 0;
    while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK || ++tries == TRIES)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

/* Makes this login the one that tries, if no other has just become it. Who does not get the lock is told, unless that
 * has been so for long. */
static int64_t try_it(int descriptor, const struct outage *seen, int64_t now) {
    if (!take_lock(descriptor))
        return now < seen->until + OUTAGE_SECONDS ? OUTAGE_SECONDS : 0;
    struct outage outage = read_outage(descriptor);
    const int64_t left = seconds_left(&outage, now);
    if (left == 0 && is_on(&outage)) {
        outage.until = now + OUTAGE_SECONDS;
        write_outage(descriptor, &outage);
    }
    return left;
}

int64_t provider_outage_left(const struct outage_place *place, int64_t now) {
    const int descriptor = open_outage(place, 0);
    if (descriptor < 0)
        return 0;
    const struct outage outage = read_outage(descriptor);
    int64_t left = seconds_left(&outage, now);
    if (left == 0 && is_on(&outage))
        left = try_it(descriptor, &outage, now);
    close(descriptor);
    return left;
}

bool provider_outage_note_failure(const struct outage_place *place, int64_t now) {
    bool begins = false;
    const int descriptor = open_outage(place, O_CREAT);
    if (descriptor < 0)
        return false;
    /* A failure that another process writes at the same time counts for both. */
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        struct outage outage = read_outage(descriptor);
        const bool in_a_row = is_on(&outage) || (outage.last <= now && now - outage.last <= OUTAGE_WINDOW_SECONDS);
        outage.failures = in_a_row && outage.failures < INT32_MAX ? outage.failures + 1 : 1;
        outage.last = now;
        outage.until = now + OUTAGE_SECONDS;
        begins = write_outage(descriptor, &outage) && outage.failures == OUTAGE_FAILURES;
    }
    close(descriptor);
    return begins;
}

void provider_outage_note_response(const struct outage_place *place) {
    const struct outage none = {.failures = 0};
    char path[PATH_MAX];
    if (!find_path(place, path) || unlink(path) == 0 || errno == ENOENT)
        return;
    /* Nothing can be removed from a folder that became read-only during the outage. */
    const int descriptor = open_outage(place, 0);
    if (descriptor < 0)
        return;
    write_outage(descriptor, &none);
    close(descriptor);
}
