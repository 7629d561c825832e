/* What can go wrong, and what each failure is called: for HTTP, for JSON and ?error=, for the visitor, for the log.
 *
 * A function that can fail returns an enum error_code and, when it is not ERROR_NONE, has put the cause (one sentence
 * for the operator, without secrets) into the struct error it was given.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ERROR_H
#define CGI_LOGIN_ERROR_H

#include "base/bounds.h"

#include <stddef.h>

enum error_code {
    ERROR_NONE = 0,
    /* The outcomes of a login that ?error= names. */
    ERROR_ACCESS_DENIED,
    ERROR_EXPIRED_LOGIN,
    ERROR_PROVIDER,
    ERROR_PROVIDER_UNREACHABLE,
    ERROR_STORE_UNAVAILABLE,
    ERROR_NOT_ALLOWED,
    ERROR_LOGIN_INTERRUPTED,
    ERROR_ACCOUNT_TAKEN, /* of linking: another user has the account */
    ERROR_LINK_REFUSED,  /* of linking: the session that asked for it is not this browser's, or has ended */
    ERROR_BAD_REQUEST,
    /* More kinds of a provider's response, which only our own programs tell apart from ERROR_PROVIDER. */
    ERROR_TOKEN_DEAD,
    ERROR_TOO_MANY_CALLS,
    ERROR_FIELD_REFUSED,
    ERROR_PROVIDER_FAULT, /* of its server: a status of 500 and more */
    /* The other failures, which are told by an HTTP status alone. */
    ERROR_NOT_SIGNED_IN,
    ERROR_NOT_FOUND,
    ERROR_LAST_ACCOUNT, /* of unlinking: nobody could log in as this user any more */
    ERROR_METHOD_NOT_ALLOWED,
    ERROR_LENGTH_REQUIRED,
    ERROR_BODY_TOO_LARGE,
    ERROR_QUERY_TOO_LONG,
    ERROR_COOKIES_TOO_LARGE,
    ERROR_CONFIG,
    ERROR_INTERNAL,
    ERROR_CODES /* how many there are */
};

struct error {
    char cause[ERROR_CAUSE_MAX];
};

struct error_description {
    int status;        /* the HTTP status code */
    const char *word;  /* in JSON's "code"; what visitors are told are the words error.WORD.title and .message */
    const char *query; /* in ?error=: one of the words of the interface */
    const char *hint;  /* what the operator should look at, or NULL */
};

/* Records the cause of a failure (printf's format, cut at ERROR_CAUSE_MAX). Returns `code`, so that a caller can
 * write `return error_set(error, ...)`. The cause must not hold a secret. */
enum error_code error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The failure that every allocation shares. */
enum error_code error_out_of_memory(struct error *error);

/* What `code` is called everywhere; never NULL, also for a code out of range. */
const struct error_description *error_describe(enum error_code code);

/* The code that is called `word`: the first of several, ERROR_INTERNAL for an unknown word. */
enum error_code error_from_word(const char *word);

/* The code whose ?error= word is `query`, or ERROR_NONE for an unknown word or NULL. */
enum error_code error_from_query(const char *query);

#endif
