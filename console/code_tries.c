/* SPDX-License-Identifier: MIT */
#include "console/code_tries.h"

#include "base/bounds.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MARK_BYTES = 16, MARK_SIZE = 2 * MARK_BYTES + 1, DOUBLINGS_MAX = 20 };

/* The two files. */
static const char TRIES[] = "tries", USE[] = "use";

/* What a file says, in a line of always the same length. The mark is a hash of the code that the numbers are about,
 * which is too long to be guessed from it. */
struct tries {
    char mark[MARK_SIZE];
    int64_t wrong; /* in a row */
    int64_t until; /* no code is looked at before */
    int64_t used;
};

static void make_mark(const char *expected, char mark[MARK_SIZE]) {
    unsigned char hash[MARK_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)expected, strlen(expected), NULL, 0);
    sodium_bin2hex(mark, MARK_SIZE, hash, sizeof hash);
}

/* One of them. */
struct place {
    const struct code *code;
    const char *kind;
};

static enum error_code refuse(const struct place *place, const char *what, struct error *error) {
    return error_set(
        error, ERROR_INTERNAL,
        "%s/%s-%s: %s: what becomes of the code cannot be kept, so it is not taken; mend that, or remove the "
        "file",
        place->code->folder, place->kind, place->code->name, what);
}

/* Opens the file. *descriptor is -1 where there is none and none is to be made. */
static enum error_code open_file(const struct place *place, int flags, int *descriptor, struct error *error) {
    char path[PATH_MAX];
    struct stat status;
    *descriptor = -1;
    if (snprintf(path, sizeof path, "%s/%s-%s", place->code->folder, place->kind, place->code->name) >=
        (int)sizeof path)
        return refuse(place, "the path is too long", error);
    *descriptor = open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, S_IRUSR | S_IWUSR);
    if (*descriptor < 0)
        return errno == ENOENT && (flags & O_CREAT) == 0 ? ERROR_NONE : refuse(place, strerror(errno), error);
    if (fstat(*descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid())
        return ERROR_NONE;
    close(*descriptor);
    *descriptor = -1;
    return refuse(place, "it is no file of the programs'", error);
}

/* What the file says of another code is nothing of this one. */
static enum error_code read_tries(const struct place *place, int descriptor, struct tries *tries, struct error *error) {
    char text[160], mark[MARK_SIZE];
    const ssize_t len = descriptor >= 0 ? pread(descriptor, text, sizeof text - 1, 0) : 0;
    make_mark(place->code->expected, mark);
    *tries = (struct tries){.wrong = 0};
    if (len < 0)
        return refuse(place, strerror(errno), error);
    text[len] = '\0';
    if (len != 0 && sscanf(text, "%32[0-9a-f] %9" SCNd64 " %18" SCNd64 " %18" SCNd64 "\n", tries->mark, &tries->wrong,
                           &tries->until, &tries->used) != 4)
        return refuse(place, "it is damaged", error);
    if (sodium_memcmp(tries->mark, mark, sizeof mark) != 0)
        *tries = (struct tries){.wrong = 0};
    memcpy(tries->mark, mark, sizeof mark);
    return ERROR_NONE;
}

static enum error_code write_tries(const struct place *place, int descriptor, const struct tries *tries,
                                   struct error *error) {
    char text[160];
    const int len = snprintf(text, sizeof text, "%s %9" PRId64 " %18" PRId64 " %18" PRId64 "\n", tries->mark,
                             tries->wrong, tries->until, tries->used);
    return pwrite(descriptor, text, (size_t)len, 0) == len && ftruncate(descriptor, len) == 0
               ? ERROR_NONE
               : refuse(place, strerror(errno), error);
}

/* Opens the file, and locks it against all others until it is closed. *descriptor is -1 if somebody else has the lock:
 * nobody waits for it, since a wrong code keeps it for a while. */
static enum error_code open_locked(const struct place *place, int *descriptor, struct tries *tries,
                                   struct error *error) {
    enum error_code result = open_file(place, O_RDWR | O_CREAT, descriptor, error);
    if (result != ERROR_NONE)
        return result;
    if (flock(*descriptor, LOCK_EX | LOCK_NB) == 0) {
        result = read_tries(place, *descriptor, tries, error);
        if (result == ERROR_NONE)
            return result;
    } else if (errno != EWOULDBLOCK) {
        result = refuse(place, strerror(errno), error);
    }
    close(*descriptor);
    *descriptor = -1;
    return result;
}

/* How many seconds nobody may try after so many wrong codes. */
static int64_t pause_after(int64_t wrong) {
    const int64_t doublings = wrong - WRONG_CODES_FREE;
    if (doublings <= 0)
        return 0;
    const int64_t pause = INT64_C(1) << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);
    return pause < WRONG_CODE_PAUSE_MAX ? pause : WRONG_CODE_PAUSE_MAX;
}

/* A time further ahead than any that is written means that the clock was set back. */
static bool is_paused(const struct tries *tries, int64_t now) {
    return now < tries->until && tries->until - now <= WRONG_CODE_PAUSE_MAX;
}

/* Compares hashes, which are of one length whatever is given. */
static bool is_right(const char *expected, const char *given) {
    unsigned char one[crypto_generichash_BYTES], other[crypto_generichash_BYTES];
    crypto_generichash(one, sizeof one, (const unsigned char *)expected, strlen(expected), NULL, 0);
    crypto_generichash(other, sizeof other, (const unsigned char *)given, strlen(given), NULL, 0);
    const bool right = sodium_memcmp(one, other, sizeof one) == 0;
    sodium_memzero(one, sizeof one);
    sodium_memzero(other, sizeof other);
    return right;
}

static enum error_code count(const struct place *place, bool right, int descriptor, struct tries *tries,
                             struct error *error) {
    tries->wrong = right ? 0 : tries->wrong + 1;
    tries->until = right ? 0 : place->code->now + pause_after(tries->wrong);
    return write_tries(place, descriptor, tries, error);
}

enum error_code code_tries_judge(const struct code *code, const char *given, enum code_answer *answer, int64_t *wrong,
                                 struct error *error) {
    const struct timespec slow = {.tv_nsec = WRONG_CODE_MS * 1000000L};
    const struct place place = {code, TRIES};
    struct tries tries = {.wrong = 0};
    int descriptor;
    enum error_code result = open_locked(&place, &descriptor, &tries, error);
    const bool right = result == ERROR_NONE && given != NULL && is_right(code->expected, given);
    const bool counts = descriptor >= 0 && (right ? tries.wrong != 0 : !is_paused(&tries, code->now));
    *answer = right ? CODE_RIGHT : counts ? CODE_WRONG : CODE_PAUSED;
    if (counts)
        result = count(&place, right, descriptor, &tries, error);
    *wrong = tries.wrong;
    if (*answer == CODE_WRONG)
        nanosleep(&slow, NULL);
    if (descriptor >= 0)
        close(descriptor);
    return result;
}

enum error_code code_tries_last_use(const struct code *code, int64_t *used, struct error *error) {
    const struct place place = {code, USE};
    struct tries tries = {.used = 0};
    int descriptor;
    enum error_code result = open_file(&place, O_RDONLY, &descriptor, error);
    if (result == ERROR_NONE)
        result = read_tries(&place, descriptor, &tries, error);
    *used = tries.used;
    if (descriptor >= 0)
        close(descriptor);
    return result;
}

enum error_code code_tries_use(const struct code *code, int64_t pause, int64_t *wait, struct error *error) {
    const struct place place = {code, USE};
    struct tries tries;
    int descriptor;
    *wait = 1; /* for who has the lock */
    enum error_code result = open_locked(&place, &descriptor, &tries, error);
    if (descriptor < 0)
        return result;
    const int64_t left = tries.used + pause - code->now;
    *wait = left > 0 && left <= pause ? left : 0;
    if (*wait == 0 && (pause != 0 || tries.used == 0)) {
        tries.used = code->now;
        result = write_tries(&place, descriptor, &tries, error);
    }
    close(descriptor);
    return result;
}
