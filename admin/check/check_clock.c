/* SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

/* The own site is mostly this very machine, so that its clock proves nothing while it agrees. */
static void tell_site_clock(const struct check *check) {
    struct buffer difference = BUFFER_EMPTY;
    if (!clock_is_compared(&check->site_clock) || clock_agrees(&check->site_clock))
        return;
    clock_append_difference(&check->site_clock, &difference);
    check_fix(check, "this machine's clock is %s, which is the site itself: set the one that is wrong",
              buffer_text(&difference));
    buffer_free(&difference);
}

void check_clock(const struct check *check) {
    struct buffer difference = BUFFER_EMPTY;
    if (!clock_is_compared(&check->clock) || clock_agrees(&check->clock))
        tell_site_clock(check);
    if (!clock_is_compared(&check->clock))
        return;
    clock_append_difference(&check->clock, &difference);
    if (clock_agrees(&check->clock))
        check_ok(check, "this machine's clock is right: %s told the time", check->clock.host);
    else
        check_fix(check,
                  "this machine's clock is %s: set it, or ask the host to; signed requests of a provider (deauthorize, "
                  "deletion) are refused where it is more than %d minutes behind, or %d ahead",
                  buffer_text(&difference), SIGNED_REQUEST_AHEAD_SECONDS / SECONDS_PER_MINUTE,
                  SIGNED_REQUEST_SECONDS / SECONDS_PER_MINUTE);
    buffer_free(&difference);
}
