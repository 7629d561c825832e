/* SPDX-License-Identifier: MIT */
#include "base/date.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

/* The number that `count` digits make. */
static int read_digits(const char *text, int count) {
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static bool has_form(const char *text) {
    static const char form[] = "0000-00-00";
    if (text == NULL || strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++)
        if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

bool date_read(const char *text, int64_t *seconds) {
    if (!has_form(text))
        return false;
    struct tm day = {.tm_year = read_digits(text, 4) - 1900,
                     .tm_mon = read_digits(text + 5, 2) - 1,
                     .tm_mday = read_digits(text + 8, 2)};
    const struct tm written = day;
    *seconds = timegm(&day);
    /* timegm makes 2 March of 30 February. */
    return day.tm_year == written.tm_year && day.tm_mon == written.tm_mon && day.tm_mday == written.tm_mday;
}

bool date_is_valid(const char *text) {
    int64_t seconds;
    return date_read(text, &seconds);
}

bool date_write_time(int64_t seconds, char text[DATE_TIME_SIZE]) {
    const time_t time = (time_t)seconds;
    struct tm utc;
    text[0] = '\0';
    return gmtime_r(&time, &utc) != NULL && strftime(text, DATE_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc) != 0;
}
