/* A point in time by which something must be done, on the clock that no one sets.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DEADLINE_H
#define CGI_LOGIN_DEADLINE_H

#include <stdint.h>
#include <time.h>

struct deadline {
    int64_t at; /* milliseconds of CLOCK_MONOTONIC */
};

/* A deadline that many milliseconds from now. */
struct deadline deadline_in(int64_t milliseconds);

/* How many milliseconds are left: 0 when it has passed. */
int64_t deadline_left(struct deadline deadline);

/* Milliseconds, a deadline's `at` or a span, as the system calls take them. */
struct timespec deadline_timespec(int64_t milliseconds);

#endif
