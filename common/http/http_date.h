/* The time that a server tells with a response: its Date, and the Age of that where a cache in between has kept it
 * (RFC 9110, section 6.6.1; RFC 9111, section 5.1).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTTP_DATE_H
#define CGI_LOGIN_HTTP_DATE_H

#include <stddef.h>
#include <stdint.h>

struct http_date {
    int64_t date; /* seconds since 1970; 0: none, or none that can be read */
    int64_t age;
};

/* Reads a line of the header section, `len` bytes at `data` without a NUL at its end, if it is one of the two. */
void http_date_take(struct http_date *told, const char *data, size_t len);

/* The time that was told; 0: none was. */
int64_t http_date_time(const struct http_date *told);

#endif
