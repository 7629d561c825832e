/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include "http_client.h"

#include <stddef.h>

enum error_code kept_http_client(struct kept *kept, const struct config *config, struct http_client **client,
                                 struct error *error) {
    if (kept->client == NULL)
        kept->client = http_client_new(config->ca_folder, error);
    kept->free_client = http_client_free;
    *client = kept->client;
    return kept->client != NULL ? ERROR_NONE : error->code;
}
