/* One transfer of libcurl: run at once, or begun in a thread of its own, where it connects and then waits until it may
 * send. libcurl has no other way to open a connection ahead: one that was opened with CURLOPT_CONNECT_ONLY is never
 * used for a request. The thread runs nothing but libcurl; the functions below are called by one thread, the caller's.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_HTTP_TRANSFER_H
#define CGI_LOGIN_HTTP_TRANSFER_H

#include "base/deadline.h"

#include <curl/curl.h>
#include <stdbool.h>

struct http_transfer;

enum http_stage { HTTP_CONNECTING, HTTP_CONNECTED, HTTP_OVER };

/* Sets the options that were not known when the transfer was begun; called in its thread, before the request is made.
 * False: the request is not sent. libcurl reads at that point CURLOPT_REQUEST_TARGET and CURLOPT_HTTPHEADER, but no
 * longer the method, the size of a body, or CURLOPT_HTTPAUTH. */
typedef bool (*http_completion)(void *context);

/* Keeps its connections from one run to the next. NULL when memory runs out; http_transfer_free. */
struct http_transfer *http_transfer_new(void);

/* Gives up what is begun. NULL is fine. */
void http_transfer_free(struct http_transfer *transfer);

/* The handle to set options of, while nothing is begun. It belongs to the transfer. */
CURL *http_transfer_handle(const struct http_transfer *transfer);

/* Runs it to its end, in this thread. */
CURLcode http_transfer_run(struct http_transfer *transfer);

/* Begins it in a thread of its own. False if there is none to be had; then nothing is begun. */
bool http_transfer_begin(struct http_transfer *transfer, http_completion complete, void *context);

/* Lets it send. What `complete` reads must be there now. */
void http_transfer_send(struct http_transfer *transfer);

/* True if it has reached the stage by then; waits until then at most. */
bool http_transfer_reaches(struct http_transfer *transfer, enum http_stage stage, struct deadline by);

/* Waits for its end, and for the thread's. */
CURLcode http_transfer_end(struct http_transfer *transfer);

/* Ends it at once, wherever it is. Its connection is closed. */
void http_transfer_abandon(struct http_transfer *transfer);

#endif
