/* spawn REPORT PROGRAM: runs a program and writes to REPORT when it started and ended (nanoseconds of CLOCK_MONOTONIC),
 * its processor time (microseconds) and its peak memory (KiB). Small itself: the peak of a child begins with the size
 * of the process that forked it.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
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
    fprintf(file, "%" PRId64 " %" PRId64 " %" PRId64 " %ld\n", started, ended,
            microseconds(usage->ru_utime) + microseconds(usage->ru_stime), usage->ru_maxrss);
    return fclose(file) == 0;
}

int main(int count, char **arguments) {
    struct rusage usage;
    int status = -1;
    if (count != 3) {
        fputs("usage: spawn REPORT PROGRAM\n", stderr);
        return 2;
    }
    const int64_t started = now();
    const pid_t child = fork();
    if (child == 0) {
        const char *preload = getenv("BENCH_PRELOAD"); /* for the program alone, not for this one */
        if (preload != NULL)
            setenv("LD_PRELOAD", preload, 1);
        execv(arguments[2], arguments + 2);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        return EXIT_FAILURE;
    const int64_t ended = now();
    return report(arguments[1], started, ended, &usage) && status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
