/* Why a file cannot be read, in words that say who is asking, whose it is, and where on the way it ends.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_FILE_FAULT_H
#define CGI_LOGIN_FILE_FAULT_H

#include "base/bounds.h"

/* Says what `cause` (an errno) means, and what to do, where no file is at fault but the host is: a quota, a full disk,
 * too many open files. NULL for any other cause. */
const char *file_fault_of_host(int cause);

/* The same, or the system's own words. */
const char *file_fault_words(int cause);

/* Writes what `cause` (an errno) means for `path`, as "Permission denied: …", and what to do about it. Returns
 * `text`. */
const char *file_fault(const char *path, int cause, char text[FILE_FAULT_MAX]);

#endif
