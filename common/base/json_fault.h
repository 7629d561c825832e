/* Where a text that its author takes for JSON stops being JSON, and what to do about it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JSON_FAULT_H
#define CGI_LOGIN_JSON_FAULT_H

#include "base/buffer.h"

#include <stdbool.h>

/* Appends the first fault of `text` and its remedy, for the log and the terminal: `line 9, column 43: a comma too
 * many; remove it; see "client_secret": … >>>,`. Of the line it shows the keys and the punctuation alone, since a
 * value may be a secret; ">>>" stands before the fault. False, with nothing appended, if it finds none. `text` ends
 * with a NUL behind its last byte, as a buffer's does. */
bool json_fault_append(struct buffer *out, const struct buffer *text);

#endif
