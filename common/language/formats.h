/* Numbers, dates and plurals as a language writes them. How it does is in its file: the keys that begin with "format.".
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_FORMATS_H
#define CGI_LOGIN_FORMATS_H

#include "language/words.h"

#include <stddef.h>
#include <stdint.h>

/* Appends a whole number with the language's digits, in groups of three: "1,234,567", "1234" in Spanish. */
void format_number(struct words *words, int64_t number, struct buffer *out);

/* Appends a point in time (seconds since 1970) as day and time of day in UTC. A time of no year that can be written
 * appends nothing. */
void format_time(struct words *words, int64_t seconds, struct buffer *out);

/* Appends the form of a word that goes with a number, of the key KEY.one, KEY.few or however the language's rule calls
 * it, or else KEY.other. False if there is none. */
bool format_counted(struct words *words, const char *key, int64_t number, struct buffer *out);

/* The forms that a rule (`format.plural`) has, NULL behind the last; NULL for a rule that is not known. */
const char *const *format_plural_forms(const char *rule);

/* Appends the names of the rules, as a list in words. */
void format_append_plural_rules(struct buffer *out);

#endif
