/* SPDX-License-Identifier: MIT */
#include "admin/web_root.h"

#include <stddef.h>
#include <string.h>

bool web_root_is_likely(const char *path) {
    static const char *const names[] = {"/public_html/", "/htdocs/", "/www/html/", "/httpdocs/"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(path, names[i]) != NULL)
            return true;
    return false;
}
