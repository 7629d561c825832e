/* SPDX-License-Identifier: MIT */
#include "http/http_client_parts.h"

#include "base/url.h"

#include <stdio.h>

CURLcode http_client_perform(const struct http_client *client) {
    return client->out_of_memory ? CURLE_OUT_OF_MEMORY : http_transfer_run(client->transfer);
}

const char *http_client_host(const char *text, char *host, size_t size) {
    struct url url;
    if (url_parse(text, &url))
        snprintf(host, size, "%.*s", (int)url.origin_len, text);
    else
        snprintf(host, size, "(a malformed URL)");
    return host;
}

enum error_code http_client_report(const struct http_client *client, CURLcode code, const char *url, long status,
                                   struct error *error) {
    char host[256];
    const bool garbled =
        code == CURLE_PARTIAL_FILE || code == CURLE_WEIRD_SERVER_REPLY || (status != 0 && code == CURLE_RECV_ERROR);
    const char *message = client->message[0] != '\0' ? client->message : curl_easy_strerror(code);
    if (code == CURLE_OUT_OF_MEMORY)
        return error_out_of_memory(error);
    http_client_host(url, host, sizeof host);
    if (status == 0)
        return error_set(error, garbled ? ERROR_PROVIDER : ERROR_PROVIDER_UNREACHABLE, "%s: %s", host, message);
    return error_set(error, garbled ? ERROR_PROVIDER : ERROR_PROVIDER_UNREACHABLE, "%s: %s, after the status %ld", host,
                     message, status);
}

static enum error_code report_rest(const struct http_client *client, CURLcode code, const struct http_request *call,
                                   const struct http_response *response, struct error *error) {
    char host[256];
    const char *message = code == CURLE_BAD_CONTENT_ENCODING ? client->message : "";
    if (response->body.too_large)
        return error_set(error, ERROR_PROVIDER, "%s: the response is larger than %zu bytes",
                         http_client_host(call->url, host, sizeof host), response->body.limit);
    if (response->body.failed)
        return error_out_of_memory(error);
    if (response->coding[0] != '\0')
        return error_set(error, ERROR_PROVIDER,
                         "%s: the response is %s-encoded, which was not asked for, and cannot be decoded here%s%s",
                         http_client_host(call->url, host, sizeof host), response->coding, *message != '\0' ? ": " : "",
                         message);
    return http_client_report(client, code, call->url, response->status, error);
}

/* Tells whether the content coding is at fault. Of bytes behind the end of a compressed body libcurl says that they
 * could not be written, which is true only where no memory was left for them, or no more are taken. */
static bool cannot_be_decoded(const struct http_client *client, CURLcode code, const struct buffer *body) {
    return code == CURLE_BAD_CONTENT_ENCODING ||
           (code == CURLE_WRITE_ERROR && client->coding[0] != '\0' && !body->failed);
}

static enum http_fault fault_of(CURLcode code) {
    switch (code) {
    case CURLE_OK: return HTTP_FAULT_NONE;
    case CURLE_COULDNT_RESOLVE_HOST: return HTTP_FAULT_NAME;
    case CURLE_COULDNT_CONNECT: return HTTP_FAULT_REFUSED;
    case CURLE_OPERATION_TIMEDOUT: return HTTP_FAULT_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION: return HTTP_FAULT_CERTIFICATE;
    case CURLE_SSL_CONNECT_ERROR: return HTTP_FAULT_TLS;
    default: return HTTP_FAULT_OTHER;
    }
}

/* Takes what stands in the response's headers. */
static void take_headers(struct http_client *client, struct http_response *response) {
    const char *type = NULL, *location = NULL;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &response->status);
    if (curl_easy_getinfo(client->curl, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != NULL)
        snprintf(response->content_type, sizeof response->content_type, "%s", type);
    if (curl_easy_getinfo(client->curl, CURLINFO_REDIRECT_URL, &location) == CURLE_OK && location != NULL)
        buffer_append_text(&response->location, location);
    response->date = http_date_time(&client->date);
}

/* Judges the response once the call is over. A status that is no success decides alone: its body only explains it, so
 * it counts even if the end of the body is missing. A success whose end is missing is none (RFC 9112, section 9.8).
 * Over TLS that is a connection closed without close_notify, before the Content-Length was reached or where none was
 * named: OpenSSL 3 reports that, and libcurl passes it on from 8.9. */
static enum error_code take_response(struct http_client *client, CURLcode code, const struct http_request *call,
                                     struct http_response *response, struct error *error) {
    response->body = client->body;
    client->body = BUFFER_EMPTY;
    http_client_forget_call(client);
    take_headers(client, response);
    response->fault = response->status == 0 ? fault_of(code) : HTTP_FAULT_NONE;
    if (cannot_be_decoded(client, code, &response->body))
        snprintf(response->coding, sizeof response->coding, "%s", client->coding[0] != '\0' ? client->coding : "oddly");
    response->cut = code != CURLE_OK;
    return !response->cut || response->status >= 300 ? ERROR_NONE : report_rest(client, code, call, response, error);
}

/* Refuses what libcurl would do with a kept connection that breaks: send the request again. The server may have read a
 * form, whose code must not come twice (RFC 6749, section 4.1.2; RFC 9110, section 9.2.2). */
static bool may_send(struct http_client *client, const struct http_request *call) {
    const bool again = client->completed;
    client->completed = true;
    return !again || call->form == NULL;
}

// NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type of such a function
static int send_plainly(void *context, char *remote, char *local, int remote_port, int local_port) {
    struct http_client *client = context;
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    return may_send(client, client->sent) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* Says why the request was not sent again. */
static CURLcode conclude(struct http_client *client, CURLcode code) {
    if (code != CURLE_ABORTED_BY_CALLBACK)
        return code;
    snprintf(client->message, sizeof client->message, "the connection was closed before the response");
    return CURLE_GOT_NOTHING;
}

/* Makes the call from its beginning to its end, in this thread. */
static CURLcode call_plainly(struct http_client *client, const struct http_request *call) {
    http_client_forget_call(client);
    http_client_prepare(client, call);
    http_client_set_headers(client, call);
    client->sent = call;
    client->completed = false;
    curl_easy_setopt(client->curl, CURLOPT_PREREQFUNCTION, send_plainly);
    curl_easy_setopt(client->curl, CURLOPT_PREREQDATA, client);
    return conclude(client, http_client_perform(client));
}

/* What follows the origin, as it is sent: never empty, and beginning with a slash (RFC 9112, section 3.2.1). */
static void append_target(struct buffer *target, const char *text) {
    struct url url;
    if (url_parse(text, &url))
        buffer_append_format(target, "%s%s", *url.path == '/' ? "" : "/", url.path);
}

/* Called in the call's thread, once the request is known. */
static bool complete(void *context) {
    struct http_client *client = context;
    struct buffer target = BUFFER_EMPTY;
    if (client->completed)
        return may_send(client, client->sent);
    client->completed = true;
    append_target(&target, client->sent->url);
    http_client_set_text(client, CURLOPT_REQUEST_TARGET, buffer_text(&target));
    http_client_set_headers(client, client->sent);
    client->out_of_memory = client->out_of_memory || target.failed;
    buffer_free(&target);
    return !client->out_of_memory;
}

void http_client_open(struct http_client *client, const struct http_request *call) {
    http_client_abandon(client);
    if (http_client_milliseconds(client, call) <= 0)
        return;
    http_client_prepare(client, call);
    client->sent = NULL;
    client->completed = false;
    if (!client->out_of_memory && http_transfer_begin(client->transfer, complete, client))
        client->opened = call;
}

/* True if the request can go where that one was opened for: it differs in what `complete` sets, and in nothing else. */
static bool goes_there(const struct http_request *opened, const struct http_request *call) {
    return url_same_origin(opened->url, call->url) && opened->form == call->form && opened->user == call->user &&
           opened->password == call->password && opened->ca_file == call->ca_file;
}

bool http_client_connects(struct http_client *client, struct deadline by) {
    return client->opened == NULL || http_transfer_reaches(client->transfer, HTTP_CONNECTED, by);
}

bool http_client_ends(struct http_client *client, struct deadline by) {
    return client->opened == NULL || http_transfer_reaches(client->transfer, HTTP_OVER, by);
}

/* A server may have closed a connection that was silent for so long. A form that is lost on it would not be sent again,
 * so that it gets a connection of its own. */
static bool is_stale(struct http_client *client, const struct http_request *call) {
    enum { SILENT_MS = 1000 };
    return call->form != NULL && http_client_connects(client, deadline_in(-SILENT_MS));
}

void http_client_send(struct http_client *client, const struct http_request *call) {
    if (client->opened == NULL || client->sent != NULL || !goes_there(client->opened, call))
        return;
    if (is_stale(client, call)) {
        http_client_abandon(client);
        return;
    }
    client->sent = call;
    http_transfer_send(client->transfer);
}

void http_client_abandon(struct http_client *client) {
    if (client->opened == NULL)
        return;
    http_transfer_abandon(client->transfer);
    client->opened = NULL;
    http_client_forget_call(client);
}

/* True if the call failed because it was opened ahead, and can be made plainly. A thread more can be one too many for a
 * host that counts them, since libcurl's resolver wants one too. A server may close a connection that was silent for
 * too long; libcurl sends anew only where it kept the connection from an earlier call. A form is not sent twice. */
static bool failed_for_being_ahead(const struct http_client *client, CURLcode code) {
    long status = 0;
    if (!client->completed)
        return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_OUT_OF_MEMORY;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    return status == 0 && client->sent->form == NULL &&
           (code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR);
}

/* Finishes what was opened. */
static CURLcode finish(struct http_client *client, const struct http_request *call) {
    http_client_send(client, call);
    if (client->sent != call) {
        http_client_abandon(client);
        return call_plainly(client, call);
    }
    const CURLcode code = http_transfer_end(client->transfer);
    client->opened = NULL;
    if (client->out_of_memory) /* libcurl only says that the call was given up */
        return CURLE_OUT_OF_MEMORY;
    return failed_for_being_ahead(client, code) ? call_plainly(client, call) : conclude(client, code);
}

enum error_code http_client_call(struct http_client *client, const struct http_request *call,
                                 struct http_response *response, struct error *error) {
    char host[256];
    *response = (struct http_response){.status = 0};
    if (http_client_milliseconds(client, call) <= 0) {
        http_client_abandon(client);
        return error_set(error, ERROR_PROVIDER_UNREACHABLE, "%s: there is no time left for the call",
                         http_client_host(call->url, host, sizeof host));
    }
    const CURLcode code = client->opened != NULL ? finish(client, call) : call_plainly(client, call);
    return take_response(client, code, call, response, error);
}
