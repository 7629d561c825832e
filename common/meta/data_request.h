/* What a person asks of us through the provider, by removing the app or wanting their data deleted: the signed request,
 * checked; the user whom it is about; and whether the same request was carried out before.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DATA_REQUEST_H
#define CGI_LOGIN_DATA_REQUEST_H

#include "config/provider.h"
#include "meta/signed_request.h"
#include "program/context.h"
#include "store/store.h"

struct data_request {
    const struct provider *provider; /* the context's */
    struct store *store;             /* the process's */
    struct signed_request signed_request;
    bool had_user;  /* the request was carried out before, and there was a user then */
    cJSON *user;    /* the user's document; NULL if there is none, or the request was carried out before */
    const char *id; /* the id we know the user by; NULL without a user */
};

/* Reads the signed request in the form of a program that wants CONTEXT_PROVIDER and CONTEXT_FORM, and finds the user.
 * `purpose`: what is asked for, such as "deletion". See signed_request_read for what can be wrong. Freed with
 * data_request_close whatever comes back. */
enum error_code data_request_open(struct context *context, const char *purpose, struct data_request *data,
                                  struct error *error);

/* Remembers that it was carried out: once more would take a person's new login away. */
enum error_code data_request_done(struct data_request *data, int64_t now, struct error *error);

void data_request_close(struct data_request *data);

#endif
