/* Days of the calendar, as files and people write them: YYYY-MM-DD (ISO 8601).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DATE_H
#define CGI_LOGIN_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads such a day; *seconds is when it begins, in UTC. False for NULL, and for a day that is in no calendar. */
bool date_read(const char *text, int64_t *seconds);

/* True if date_read takes the text. */
bool date_is_valid(const char *text);

#endif
