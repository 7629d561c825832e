/* A person's request that comes through Meta, after removing the app or asking for their data to be deleted: the signed
 * request, checked; the user whom it is about; and whether it was carried out before.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DATA_REQUEST_H
#define CGI_LOGIN_DATA_REQUEST_H

#include "config/provider.h"
#include "meta/signed_request.h"
#include "program/context.h"
#include "store/store.h"

struct data_request {
    const struct provider *provider; /* owned by the context */
    struct store *store;             /* owned by the process */
    struct signed_request signed_request;
    bool had_user;  /* the request was carried out before, and there was a user then */
    bool has_other; /* the user has another provider's account, too; or had then */
    cJSON *user;    /* the user's document; NULL if there is none, or the request was carried out before */
    const char *id; /* the id we know the user by; NULL without a user */
};

/* Reads the signed request in the form of a program that wants CONTEXT_PROVIDER and CONTEXT_FORM, and finds the user.
 * `purpose`: what is asked for, such as "deletion". See signed_request_read for what can be wrong. Freed with
 * data_request_close whatever comes back. */
enum error_code data_request_open(struct context *context, const char *purpose, struct data_request *data,
                                  struct error *error);

/* Remembers that the request was carried out: carried out once more it would take away a person's new login. */
enum error_code data_request_done(struct data_request *data, int64_t now, struct error *error);

void data_request_close(struct data_request *data);

#endif
