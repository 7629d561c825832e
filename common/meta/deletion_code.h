/* The confirmation code of a data deletion. It is sealed, and holds what the status page tells, so that nothing about
 * the deleted person has to be kept. It is hexadecimal, since Meta wants letters and digits.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DELETION_CODE_H
#define CGI_LOGIN_DELETION_CODE_H

#include "base/buffer.h"
#include "base/error.h"
#include "seal/keyring.h"

#include <stdbool.h>
#include <stdint.h>

struct deletion {
    int64_t time;  /* seconds since 1970 */
    bool had_data; /* whether there was anything to delete */
    bool kept;     /* the person stays a user, with another provider's account */
};

/* Appends the code. False when memory runs out. */
bool deletion_code_make(const struct keyring *ring, const char *provider, const struct deletion *deletion,
                        struct buffer *code);

/* Reads a code. ERROR_NOT_FOUND if it is none of ours for this provider; NULL is none. */
enum error_code deletion_code_read(const struct keyring *ring, const char *provider, const char *code,
                                   struct deletion *deletion, struct error *error);

#endif
