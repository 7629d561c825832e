/* Opening the store that the config names: which backend it is, and how a program gets at one that is not linked in.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_OPEN_H
#define CGI_LOGIN_STORE_OPEN_H

#include "store/store.h"

/* Opens the store that `uri` names. `home` is the product's home folder: a backend that is a plugin lies in its lib/.
 * `ca_folder`: which CAs to trust, or NULL for the system's. Touches no table; a file that does not exist yet is no
 * failure. On ERROR_NONE *store belongs to the caller (store_close); otherwise it is NULL. */
enum error_code store_open(const char *uri, const char *home, const char *ca_folder, struct store **store,
                           struct error *error);

/* True if it is a store whose server may have to show a certificate that `ca_folder` vouches for. */
bool store_uses_ca_folder(const char *uri);

#endif
