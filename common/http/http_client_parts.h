/* What a client is made of, for its three files: http_client.c keeps clients, http_client_options.c tells libcurl of a
 * call, http_client_call.c makes it. Nobody else includes this.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTTP_CLIENT_PARTS_H
#define CGI_LOGIN_HTTP_CLIENT_PARTS_H

#include "http/http_client.h"
#include "http/http_date.h"
#include "http/http_transfer.h"

struct http_client {
    struct http_transfer *transfer;
    CURL *curl;         /* the transfer's */
    char *ca_folder;    /* certificates by their hashes, or NULL for libcurl's own default */
    bool out_of_memory; /* memory ran out for an option of the current call */
    char message[CURL_ERROR_SIZE];
    struct curl_slist *headers;        /* of the current call */
    struct buffer body;                /* of its response */
    char coding[16];                   /* the content coding of its response, or "" */
    struct http_date date;             /* likewise, what the server told */
    const struct http_request *opened; /* what a thread is connected for, or NULL */
    const struct http_request *sent;   /* what it sends, or NULL as long as that is not known */
    bool completed;                    /* the thread has begun to send it */
    bool limited;                      /* there is a deadline */
    struct deadline deadline;
    struct http_client *beside; /* the next one, or NULL */
};

/* Frees what belongs to the current call. */
void http_client_forget_call(struct http_client *client);

/* Sets an option that libcurl keeps a copy of. */
void http_client_set_text(struct http_client *client, CURLoption option, const char *text);

/* Sets what every call shares, and nothing of an earlier one stays. */
void http_client_configure(struct http_client *client, const char *url, const char *ca_file);

/* Sets what is known of a call before it is sent. */
void http_client_prepare(struct http_client *client, const struct http_request *call);

/* Sets what an opened call may learn only now: headers, and how much may come back. */
void http_client_set_headers(struct http_client *client, const struct http_request *call);

/* How long the call may take. 0: there is no time left. */
long http_client_milliseconds(const struct http_client *client, const struct http_request *call);

/* Runs what has been set, in this thread. Where an option is missing it is not run: it would be another request. */
CURLcode http_client_perform(const struct http_client *client);

/* Returns the host alone for messages, since the rest of the URL can hold a token. */
const char *http_client_host(const char *text, char *host, size_t size);

/* Puts libcurl's words on a failed call into the error. Once a status has come, it is the rest of the response that
 * fails. */
enum error_code http_client_report(const struct http_client *client, CURLcode code, const char *url, long status,
                                   struct error *error);

#endif
