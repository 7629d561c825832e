/* What of a config with a fault still opens the owner's page, so that those who have no shell are told what is wrong.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ENTRANCE_H
#define CGI_LOGIN_ENTRANCE_H

#include "config/config.h"

/* Reduces a config with faults to what is right of it and needed there: `keys`, `state`, `setup_code`, `owners`, and
 * what a session is judged by, `providers` and `store`. Any of the last four may be NULL then, `base_url` is "", and
 * all else is as in an empty file: no value with a fault is left. False if nobody may enter by it: the keys or `state`
 * have a fault, a key stands twice, or neither code nor owners are right. `web_root` may be NULL. */
bool entrance_keep(struct config *config, const char *web_root);

#endif
