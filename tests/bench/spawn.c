/* spawn REPORT PROGRAM [ARGUMENT...]: runs a program and writes to REPORT when it started and ended (nanoseconds of
 * CLOCK_MONOTONIC), its processor time (microseconds), and its page faults: those that needed no disk, and those that
 * did.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t microseconds(struct timeval time) {
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static int report(const char *path, int64_t started, int64_t ended, const struct rusage *usage) {
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return 0;
    fprintf(file, "%" PRId64 " %" PRId64 " %" PRId64 " %ld %ld\n", started, ended,
            microseconds(usage->ru_utime) + microseconds(usage->ru_stime), usage->ru_minflt, usage->ru_majflt);
    return fclose(file) == 0;
}

int main(int count, char **arguments) {
    struct rusage usage;
    pid_t child;
    int status = -1;
    if (count < 3) {
        fputs("usage: spawn REPORT PROGRAM [ARGUMENT...]\n", stderr);
        return 2;
    }
    const int64_t started = now();
    /* Not by fork: what is written to after it would count as the child's page faults. */
    if (posix_spawn(&child, arguments[2], NULL, NULL, arguments + 2, environ) != 0 ||
        wait4(child, &status, 0, &usage) != child)
        return EXIT_FAILURE;
    const int64_t ended = now();
    return report(arguments[1], started, ended, &usage) && status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
