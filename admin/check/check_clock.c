/* SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

void check_clock(const struct check *check) {
    struct buffer difference = BUFFER_EMPTY;
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
