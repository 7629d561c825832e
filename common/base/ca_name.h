/* The name of a file in a folder of CA certificates: how OpenSSL finds the one it needs without reading the others.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CA_NAME_H
#define CGI_LOGIN_CA_NAME_H

#include <stdbool.h>

/* True for "0a1b2c3d.0": the hash of the certificate's subject, and a number of 1 to 3 digits, since two certificates
 * can have the same subject. */
bool ca_name_is_valid(const char *name);

#endif
