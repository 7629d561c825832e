/* Days of the calendar and points in time, as files and people write them (ISO 8601): YYYY-MM-DD, and
 * YYYY-MM-DDThh:mm:ssZ.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DATE_H
#define CGI_LOGIN_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads such a day; *seconds is when it begins, in UTC. False for NULL, and for a day that is in no calendar. */
bool date_read(const char *text, int64_t *seconds);

/* True if date_read takes the text. */
bool date_is_valid(const char *text);

enum { DATE_TIME_SIZE = 32 };

/* Writes a point in time (seconds since 1970), in UTC. False, with "" written, for one of a year that cannot be. */
bool date_write_time(int64_t seconds, char text[DATE_TIME_SIZE]);

#endif
