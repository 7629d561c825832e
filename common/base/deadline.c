/* SPDX-License-Identifier: MIT */
#include "base/deadline.h"

#include "base/bounds.h"

enum { NANOSECONDS_PER_MILLISECOND = 1000000 };

static int64_t monotonic_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MILLISECONDS_PER_SECOND + now.tv_nsec / NANOSECONDS_PER_MILLISECOND;
}

struct deadline deadline_in(int64_t milliseconds) {
    return (struct deadline){monotonic_now() + milliseconds};
}

int64_t deadline_left(struct deadline deadline) {
    const int64_t left = deadline.at - monotonic_now();
    return left > 0 ? left : 0;
}

struct timespec deadline_timespec(int64_t milliseconds) {
    return (struct timespec){.tv_sec = (time_t)(milliseconds / MILLISECONDS_PER_SECOND),
                             .tv_nsec = (long)(milliseconds % MILLISECONDS_PER_SECOND) * NANOSECONDS_PER_MILLISECOND};
}
