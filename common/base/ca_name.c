/* SPDX-License-Identifier: MIT */
#include "base/ca_name.h"

#include <stddef.h>
#include <string.h>

enum { HASH_DIGITS = 8, NUMBER_DIGITS = 3 };

bool ca_name_is_valid(const char *name) {
    if (strspn(name, "0123456789abcdef") != HASH_DIGITS || name[HASH_DIGITS] != '.')
        return false;
    const char *number = name + HASH_DIGITS + 1;
    const size_t digits = strspn(number, "0123456789");
    return digits != 0 && digits <= NUMBER_DIGITS && number[digits] == '\0';
}
