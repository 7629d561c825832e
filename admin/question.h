/* Questions to the owner, at the terminal or as lines of standard input.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_QUESTION_H
#define CGI_LOGIN_QUESTION_H

#include <stdbool.h>

enum { ANSWER_MAX = 4096 };

/* Reads a line into `answer`, without its end and the blanks around it, which a paste brings. False at the end of the
 * input, and for a line that is too long. */
bool question_read_line(char answer[ANSWER_MAX]);

/* Asks one question; with `hidden` a terminal does not show the answer. False, having complained, if there is none. */
bool question_ask(const char *question, const char *example, bool hidden, char answer[ANSWER_MAX]);

#endif
