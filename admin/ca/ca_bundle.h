/* A bundle of CA certificates in PEM, such as Mozilla's: text from outside, read strictly, and compared.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CA_BUNDLE_H
#define CGI_LOGIN_CA_BUNDLE_H

#include "base/error.h"

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

struct ca_bundle {
    X509 *certificates[CA_CERTIFICATES_MAX]; /* each once, in the order of the text */
    size_t count;
    size_t expired; /* left out */
    size_t no_ca;   /* left out: servers' certificates and the like */
};

/* Reads `len` bytes into an empty bundle. ERROR_CONFIG, with what to look at, for text without a certificate, with a
 * block that is none or is damaged or cut off, or with more than CA_CERTIFICATES_MAX. The bundle is to be cleared
 * (ca_bundle_clear) whatever comes back. */
enum error_code ca_bundle_read(struct ca_bundle *bundle, const char *text, size_t len, struct error *error);

/* Which certificate of the bundle the text begins with; bundle->count if none. */
size_t ca_bundle_find(const struct ca_bundle *bundle, const char *text, size_t len);

void ca_bundle_clear(struct ca_bundle *bundle);

#endif
