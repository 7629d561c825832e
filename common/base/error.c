/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// clang-format off
#define PROVIDER_ERROR                                                                                               \
    {502, "provider_error", "provider_error", "The provider could not log you in",                                  \
     "The service you log in with answered with an error. Please try again; if it happens again, tell the owner of " \
     "this site.",                                                                                                   \
     "if it is about the redirect URI: `cgi-login check` prints the one to register"}

static const struct error_description descriptions[ERROR_CODES] = {
    [ERROR_NONE] = {200, "none", NULL, "Done", "Nothing went wrong.", NULL},
    [ERROR_ACCESS_DENIED] =
        {403, "access_denied", "access_denied", "You did not log in",
         "You chose not to share your account, so nothing was saved. You can try again at any time.", NULL},
    [ERROR_EXPIRED_LOGIN] = {400, "expired_login", "expired_login", "This login has expired",
                             "The login took longer than ten minutes, was already used, or was started in another "
                             "browser. Please start again here.",
                             "no pending login for this state: an old or reloaded link, another browser, or cookies "
                             "that are blocked"},
    [ERROR_PROVIDER] = PROVIDER_ERROR,
    [ERROR_TOKEN_DEAD] = PROVIDER_ERROR,
    [ERROR_TOO_MANY_CALLS] = PROVIDER_ERROR,
    [ERROR_FIELD_REFUSED] = PROVIDER_ERROR,
    [ERROR_PROVIDER_FAULT] = PROVIDER_ERROR,
    [ERROR_PROVIDER_UNREACHABLE] = {502, "provider_unreachable", "provider_unreachable", "The provider does not answer",
                                    "The service you log in with could not be reached in time. Please try again in a "
                                    "few minutes.",
                                    "try `cgi-login check --online`"},
    [ERROR_STORE_UNAVAILABLE] =
        {503, "store_unavailable", "store_unavailable", "Logging in is not possible just now",
         "This site cannot reach its own records at the moment, so nothing was saved. Please try "
         "again in a few minutes.",
         "try `cgi-login check`"},
    [ERROR_NOT_ALLOWED] = {403, "not_allowed", "not_allowed", "This account is not on the list",
                           "This site lets only certain accounts in, and the one you used is not among them. Log in "
                           "with another account, or ask the owner of this site.",
                           NULL},
    [ERROR_LOGIN_INTERRUPTED] =
        {503, "interrupted_login", "interrupted_login", "The login was interrupted",
         "The login was interrupted on our side before it was done. Please log in again.",
         "the process that carried out this login was killed by the host, or by a limit of it; or the store failed it, "
         "which an earlier line says"},
    [ERROR_ACCOUNT_TAKEN] =
        {409, "account_taken", "account_taken", "This account cannot be linked",
         "It already logs in somebody else on this site, or another account of the same service is linked here. If it "
         "is all you: log out and log in with it, or ask the owner of this site to join the two. Nothing was changed.",
         "if both are the same person: `cgi-login users merge`"},
    [ERROR_LINK_REFUSED] =
        {403, "link_refused", "link_refused", "Nothing was linked",
         "Meanwhile this browser was logged out, or logged in as somebody else. Log in as who you want to be here, and "
         "link the account again.",
         NULL},
    [ERROR_BAD_REQUEST] = {400, "bad_request", "bad_request", "This link does not work",
                           "The request was incomplete or damaged. Please go back and start again.", NULL},
    [ERROR_NOT_SIGNED_IN] = {401, "not_signed_in", "expired_login", "You are not logged in",
                             "Please log in to see this page.", NULL},
    [ERROR_NOT_FOUND] = {404, "not_found", "bad_request", "There is no such page",
                         "The address is not one of this site’s. Please go back and choose a way to log in.", NULL},
    [ERROR_LAST_ACCOUNT] = {409, "last_account", "bad_request", "This is your only account here",
                            "Without it you could not log in any more. Link another account first, or delete your data "
                            "here.",
                            NULL},
    [ERROR_METHOD_NOT_ALLOWED] = {405, "method_not_allowed", "bad_request", "This page cannot be used that way",
                                  "The request used a method that this page does not take. Please follow a link or a "
                                  "button instead.",
                                  NULL},
    [ERROR_BODY_TOO_LARGE] = {413, "body_too_large", "bad_request", "Too much was sent",
                              "The request was larger than this page takes. Please go back and start again.", NULL},
    [ERROR_QUERY_TOO_LONG] = {414, "query_too_long", "bad_request", "The link is too long",
                              "The address is longer than this page takes. Please go back and start again.", NULL},
    [ERROR_COOKIES_TOO_LARGE] = {431, "cookies_too_large", "bad_request", "Too many cookies",
                                 "Your browser sent more cookies than this page takes. Please clear the cookies of "
                                 "this site and start again.",
                                 NULL},
    [ERROR_CONFIG] = {500, "configuration_error", "bad_request", "This site is not set up yet",
                      "Logging in does not work because of a mistake in this site’s settings. Please tell its owner; "
                      "error.log beside the config says more.",
                      "run `cgi-login check`"},
    [ERROR_INTERNAL] = {500, "internal_error", "bad_request", "Something went wrong here",
                        "This site could not finish the request. Please try again; if it happens again, tell its "
                        "owner.",
                        NULL},
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
