/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// clang-format off
#define PROVIDER_ERROR                          \
    {502, "provider_error", "provider_error",  \
     "if it is about the redirect URI: `cgi-login check` prints the one to register"}

static const struct error_description descriptions[ERROR_CODES] = {
    [ERROR_NONE] = {200, "none", NULL, NULL},
    [ERROR_ACCESS_DENIED] = {403, "access_denied", "access_denied", NULL},
    [ERROR_EXPIRED_LOGIN] = {400, "expired_login", "expired_login",
                             "no pending login for this state: an old or reloaded link, another browser, or cookies "
                             "that are blocked"},
    [ERROR_PROVIDER] = PROVIDER_ERROR,
    [ERROR_TOKEN_DEAD] = PROVIDER_ERROR,
    [ERROR_TOO_MANY_CALLS] = PROVIDER_ERROR,
    [ERROR_FIELD_REFUSED] = PROVIDER_ERROR,
    [ERROR_PROVIDER_FAULT] = PROVIDER_ERROR,
    [ERROR_PROVIDER_UNREACHABLE] = {502, "provider_unreachable", "provider_unreachable",
                                    "try `cgi-login check --online`"},
    [ERROR_STORE_UNAVAILABLE] = {503, "store_unavailable", "store_unavailable", "try `cgi-login check`"},
    [ERROR_NOT_ALLOWED] = {403, "not_allowed", "not_allowed", NULL},
    [ERROR_LOGIN_INTERRUPTED] =
        {503, "interrupted_login", "interrupted_login",
         "the process that carried out this login was killed by the host, or by a limit of it; or the store failed it, "
         "which an earlier line says"},
    [ERROR_ACCOUNT_TAKEN] = {409, "account_taken", "account_taken",
                             "if both are the same person: `cgi-login users merge`"},
    [ERROR_LINK_REFUSED] = {403, "link_refused", "link_refused", NULL},
    [ERROR_BAD_REQUEST] = {400, "bad_request", "bad_request", NULL},
    [ERROR_NOT_SIGNED_IN] = {401, "not_signed_in", "expired_login", NULL},
    [ERROR_NOT_FOUND] = {404, "not_found", "bad_request", NULL},
    [ERROR_LAST_ACCOUNT] = {409, "last_account", "bad_request", NULL},
    [ERROR_METHOD_NOT_ALLOWED] = {405, "method_not_allowed", "bad_request", NULL},
    [ERROR_LENGTH_REQUIRED] = {411, "length_required", "bad_request", NULL},
    [ERROR_BODY_TOO_LARGE] = {413, "body_too_large", "bad_request", NULL},
    [ERROR_QUERY_TOO_LONG] = {414, "query_too_long", "bad_request", NULL},
    [ERROR_COOKIES_TOO_LARGE] = {431, "cookies_too_large", "bad_request", NULL},
    [ERROR_CONFIG] = {500, "configuration_error", "bad_request", "run `cgi-login check`"},
    [ERROR_INTERNAL] = {500, "internal_error", "bad_request", NULL},
};
// clang-format on

enum error_code error_set(struct error *error, enum error_code code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->cause, sizeof error->cause, format, arguments);
    va_end(arguments);
    return code;
}

enum error_code error_out_of_memory(struct error *error) {
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

const struct error_description *error_describe(enum error_code code) {
    return &descriptions[(unsigned)code < ERROR_CODES ? code : ERROR_INTERNAL];
}

enum error_code error_from_word(const char *word) {
    for (enum error_code code = ERROR_NONE; code < ERROR_CODES; code++)
        if (strcmp(descriptions[code].word, word) == 0)
            return code;
    return ERROR_INTERNAL;
}

enum error_code error_from_query(const char *query) {
    /* Only the words of the interface, which are those up to bad_request, may come back in ?error=. */
    for (enum error_code code = ERROR_ACCESS_DENIED; query != NULL && code <= ERROR_BAD_REQUEST; code++)
        if (strcmp(descriptions[code].query, query) == 0)
            return code;
    return ERROR_NONE;
}
