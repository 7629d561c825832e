/* This machine's clock, compared with those of providers' hosts: for `cgi-login check --online`.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CLOCK_COMPARISON_H
#define CGI_LOGIN_CLOCK_COMPARISON_H

#include "base/buffer.h"
#include "http/http_client.h"

#include <stdbool.h>
#include <stdint.h>

struct clock_comparison {
    char host[256]; /* scheme, name and port of the last host that told the time; "": none has */
    int64_t ahead;  /* by how many seconds ours is ahead of that host's; less than 0: it is behind */
};

/* Asks the URL's host for the time, unless another one has agreed with our clock: a host's clock can be wrong, too. */
void clock_compare(struct clock_comparison *comparison, struct http_client *client, const char *url,
                   const char *ca_file);

/* True if a host has told the time. */
bool clock_is_compared(const struct clock_comparison *comparison);

/* True if our clock is within a minute of the host's. */
bool clock_agrees(const struct clock_comparison *comparison);

/* Appends how far our clock is off, such as "6 minutes behind that of https://graph.instagram.com". */
void clock_append_difference(const struct clock_comparison *comparison, struct buffer *out);

#endif
