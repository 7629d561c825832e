/* What a `gate add` leaves that was killed: the rule and the folder of its probe. The next one removes them.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_LEFTOVERS_H
#define CGI_LOGIN_GATE_LEFTOVERS_H

#include "base/buffer.h"

#include <stdbool.h>

/* True for the address of a probe's folder. */
bool gate_leftovers_is_path(const char *path);

/* Takes the rules of probes out of the text of a config. False if memory runs out. */
bool gate_leftovers_drop_rules(struct buffer *config);

/* Removes the folders of probes from the web root. */
void gate_leftovers_remove_folders(const char *web_root);

#endif
