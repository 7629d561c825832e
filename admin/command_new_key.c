/* `cgi-login new-key`: a key for `keys` in the config.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

enum command_status command_new_key(const struct command_line *line) {
    (void)line;
    char text[KEY_TEXT_SIZE];
    keyring_generate(text);
    puts(text);
    sodium_memzero(text, sizeof text);
    return COMMAND_DONE;
}
