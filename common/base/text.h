/* Text from outside, which is bytes until proved otherwise: UTF-8, cutting, and what may reach a log or a terminal.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TEXT_H
#define CGI_LOGIN_TEXT_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* A limit of bounds.h as text, for a message that is put together at compile time. */
#define TEXT_OF(macro) TEXT_OF_TOKEN(macro)
#define TEXT_OF_TOKEN(token) #token

/* How many bytes (1 to 4) the well-formed UTF-8 character at `text` takes; 0 if there is none (RFC 3629). */
size_t text_character(const char *text, size_t len);

/* The length in bytes of the longest prefix of `text` that is at most `max` bytes and ends with a whole character. */
size_t text_cut(const char *text, size_t max);

/* Appends `text` for a log line or a terminal: control characters, including C1 ones and the direction overrides that
 * can reorder a line, and malformed UTF-8 become \xNN; at most `max` bytes of the input are read. */
void text_append_printable(struct buffer *out, const char *text, size_t max);

/* True if text_append_printable leaves the character of `size` bytes as it is; 0: there is none. */
bool text_character_is_printable(const char *text, size_t size);

/* True if text_append_printable would change nothing. */
bool text_is_printable(const char *text);

/* The same for all of `text`, with each of `secrets` in it replaced by "[hidden]". NULL ends the list; an empty secret
 * counts for nothing. */
void text_append_hiding(struct buffer *out, const char *text, const char *const *secrets);

/* Appends JSON text for a terminal: the same characters become \uXXXX, which a JSON parser reads as before. */
void text_append_json_printable(struct buffer *out, const char *json);

/* True if web application firewalls let `text` pass wherever it travels: in a cookie, a URL, a form. Random text with
 * "--" in it is an SQL comment to some (the OWASP core rule set from paranoia level 2 on, rule 942440), which answer
 * 403. */
bool text_can_travel(const char *text);

/* True if nobody sees anything of `text`: it has nothing but white space, control characters, marks that steer the
 * writing, and letters that are drawn as nothing. NULL is blank, too. */
bool text_is_blank(const char *text);

/* The first character of `text` that is not such, or NULL. */
const char *text_first_visible(const char *text);

/* Copies a string into `size` bytes. False, with nothing copied, if it is NULL or does not fit. */
bool text_copy(char *out, size_t size, const char *text);

/* True if a quotation mark of typography begins `text` (U+2018 to U+201F, U+2039, U+203A, U+00AB, U+00BB), as word
 * processors and phones put them in the place of " and '. */
bool text_is_typographic_quote(const char *text);

/* True if `a` and `b` are the same string; NULL equals nothing. Not for secrets. */
bool text_equal(const char *a, const char *b);

/* True if `text` starts with `prefix`. */
bool text_starts_with(const char *text, const char *prefix);

#endif
