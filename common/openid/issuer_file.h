/* A file in which something that an issuer publishes is kept, in the config's `state`: issuers/NAME.json its metadata,
 * issuers/NAME.keys.json its keys. One file holds one document, of one issuer.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ISSUER_FILE_H
#define CGI_LOGIN_ISSUER_FILE_H

#include "base/error.h"

#include <cjson/cJSON.h>
#include <stdint.h>

struct issuer_file {
    const char *folder;   /* the config's `state` */
    const char *provider; /* the name under which the config has it */
    const char *issuer;
    const char *suffix; /* behind the name: ISSUER_FILE_METADATA or ISSUER_FILE_KEYS */
};

#define ISSUER_FILE_METADATA ""
#define ISSUER_FILE_KEYS ".keys"

/* What is kept. */
struct issuer_document {
    cJSON *document; /* an object (json_free), or NULL */
    int64_t fetched; /* when that was, in seconds since 1970 */
    int64_t tried;   /* when it was looked for last, with whatever result */
};

/* Reads the file. Where there is none, or none to believe, what is kept is empty, and that is no failure. Only a
 * regular file that belongs to this user or to root, that nobody else can write, and that is of this issuer is
 * believed: who can change it can log in as anybody. */
enum error_code issuer_file_read(const struct issuer_file *file, struct issuer_document *kept, struct error *error);

/* Writes the file, and its folder where there is none. On failure the cause, which is for the operator, is in
 * `error`. */
enum error_code issuer_file_write(const struct issuer_file *file, const struct issuer_document *kept,
                                  struct error *error);

#endif
