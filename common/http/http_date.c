/* SPDX-License-Identifier: MIT */
#include "http/http_date.h"

#include "base/bounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { LINE_SIZE = 128, AGE_MAX = 366 * SECONDS_PER_DAY };

/* Reads an HTTP date (RFC 9110, section 5.6.7); 0 if it is none. Not by curl_getdate: a libcurl that was built without
 * the parsing of dates, as that of the static programs is, reads each as 1970. */
static int64_t read_date(const char *text) {
    struct tm utc = {0};
    const char *end = strptime(text + strspn(text, " \t"), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    const int64_t date = end != NULL ? (int64_t)timegm(&utc) : 0;
    return date > 0 ? date : 0;
}

/* An age that no cache has is that of a response whose Date says nothing. */
static int64_t read_age(const char *text) {
    const long age = strtol(text, NULL, 10);
    return age >= 0 && age <= AGE_MAX ? age : -1;
}

void http_date_take(struct http_date *told, const char *data, size_t len) {
    char line[LINE_SIZE];
    if (len < 5 || len >= sizeof line || (strncasecmp(data, "Date:", 5) != 0 && strncasecmp(data, "Age:", 4) != 0))
        return;
    snprintf(line, sizeof line, "%.*s", (int)len, data);
    if (strncasecmp(line, "Date:", 5) == 0)
        told->date = read_date(line + 5);
    else
        told->age = read_age(line + 4);
}

int64_t http_date_time(const struct http_date *told) {
    return told->date != 0 && told->age >= 0 ? told->date + told->age : 0;
}
