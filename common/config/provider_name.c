/* SPDX-License-Identifier: MIT */
#include "config/provider_name.h"

#include "base/bounds.h"

#include <stddef.h>
#include <string.h>

bool provider_name_is_taken(const char *name) {
    return strcmp(name, "console") == 0;
}

bool provider_name_is_valid(const char *name) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    const size_t len = strlen(name);
    return len != 0 && len <= PROVIDER_NAME_MAX && strspn(name, letters) != 0 && name[strspn(name, characters)] == '\0';
}
