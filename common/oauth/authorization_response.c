/* SPDX-License-Identifier: MIT */
#include "oauth/authorization_response.h"

#include <string.h>

bool authorization_response_is_refusal(const struct query *query) {
    return query_get(query, "error") != NULL;
}

enum error_code authorization_response_refusal(const struct query *query, struct error *error) {
    const char *reason = query_get(query, "error");
    const char *words = query_get(query, "error_description");
    const bool denied = strcmp(reason, "access_denied") == 0;
    return error_set(error, denied ? ERROR_ACCESS_DENIED : ERROR_PROVIDER,
                     "the provider sent the browser back with "
                     "\"%.60s\": %.200s",
                     reason, words != NULL ? words : "(no description)");
}

/* Copies the code up to a "#". Meta's products append "#_" or "#_=_" to the URL: a fragment, which browsers keep to
 * themselves, but people and proxies paste it into the query. RFC 6749 allows a "#" in a code; no provider has one. */
enum error_code authorization_response_code(const struct query *query, char code[AUTHORIZATION_CODE_MAX + 1],
                                            struct error *error) {
    const char *text = query_get(query, "code");
    const size_t len = text != NULL ? strcspn(text, "#") : 0;
    if (len == 0 || len > AUTHORIZATION_CODE_MAX)
        return error_set(error, ERROR_BAD_REQUEST, "the callback has no code, or one of more than %d bytes",
                         AUTHORIZATION_CODE_MAX);
    memcpy(code, text, len);
    code[len] = '\0';
    return ERROR_NONE;
}
