/* SPDX-License-Identifier: MIT */
#include "admin/check/clock_comparison.h"

#include "base/bounds.h"
#include "base/url.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { AGREES_SECONDS = 60 };

void clock_compare(struct clock_comparison *comparison, struct http_client *client, const char *url,
                   const char *ca_file) {
    struct url parsed;
    int64_t date;
    if ((clock_is_compared(comparison) && clock_agrees(comparison)) || !url_parse(url, &parsed) ||
        !http_client_date(client, url, ca_file, &date))
        return;
    comparison->ahead = (int64_t)time(NULL) - date;
    snprintf(comparison->host, sizeof comparison->host, "%.*s", (int)parsed.origin_len, url);
}

bool clock_is_compared(const struct clock_comparison *comparison) {
    return comparison->host[0] != '\0';
}

bool clock_agrees(const struct clock_comparison *comparison) {
    return comparison->ahead >= -AGREES_SECONDS && comparison->ahead <= AGREES_SECONDS;
}

/* In the largest unit of which there are two. */
static void append_span(struct buffer *out, int64_t seconds) {
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{SECONDS_PER_DAY, "days"}, {SECONDS_PER_HOUR, "hours"}, {SECONDS_PER_MINUTE, "minutes"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (seconds >= 2 * units[i].seconds) {
            buffer_append_format(out, "%" PRId64 " %s", seconds / units[i].seconds, units[i].name);
            return;
        }
    }
    buffer_append_format(out, "%" PRId64 " seconds", seconds);
}

void clock_append_difference(const struct clock_comparison *comparison, struct buffer *out) {
    const int64_t ahead = comparison->ahead;
    append_span(out, ahead < 0 ? -ahead : ahead);
    buffer_append_format(out, " %s that of %s", ahead < 0 ? "behind" : "ahead of", comparison->host);
}
