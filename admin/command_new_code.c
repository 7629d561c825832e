/* `cgi-login new-code`: a code for `setup_code` or `refresh_key` in the config.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

enum { CODE_BYTES = 20 };

_Static_assert(2 * CODE_BYTES >= OWNER_CODE_MIN, "what this prints is long enough");

enum command_status command_new_code(const struct command_line *line) {
    unsigned char random[CODE_BYTES];
    char text[2 * CODE_BYTES + 1];
    (void)line;
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(text, sizeof text, random, sizeof random);
    puts(text);
    sodium_memzero(random, sizeof random);
    sodium_memzero(text, sizeof text);
    return COMMAND_DONE;
}
