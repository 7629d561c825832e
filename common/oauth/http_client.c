/* SPDX-License-Identifier: MIT */
#include "oauth/http_client.h"

#include "base/bounds.h"
#include "base/ca_name.h"
#include "base/text.h"
#include "base/url.h"
#include "oauth/http_transfer.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char SYSTEM_CA_FOLDER[] = "/etc/ssl/certs";

struct http_client {
    struct http_transfer *transfer;
    CURL *curl;         /* the transfer's */
    char *ca_folder;    /* certificates by their hashes, or NULL for libcurl's own default */
    bool out_of_memory; /* memory ran out for an option of the current call */
    char message[CURL_ERROR_SIZE];
    struct curl_slist *headers;        /* of the current call */
    struct buffer body;                /* of its response */
    char coding[16];                   /* the content coding of its response, or "" */
    const struct http_request *opened; /* what a thread is connected for, or NULL */
    const struct http_request *sent;   /* what it sends, or NULL as long as that is not known */
    bool completed;                    /* the thread has begun to send it */
    bool limited;                      /* there is a deadline */
    struct deadline deadline;
    struct http_client *beside; /* the next one, or NULL */
};

static size_t receive(char *data, size_t size, size_t count, void *context) {
    struct buffer *body = context;
    buffer_append(body, data, size * count);
    return body->failed ? 0 : size * count;
}

/* Takes the content coding out of the headers: libcurl names none when it does not know it. */
static size_t receive_coding(char *data, size_t size, size_t count, void *context) {
    static const char name[] = "content-encoding:";
    static const char token[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    struct http_client *client = context;
    const size_t len = size * count, start = sizeof name - 1;
    char line[sizeof name + sizeof client->coding + 8];
    if (len > start && strncasecmp(data, name, start) == 0) {
        snprintf(line, sizeof line, "%.*s", (int)len, data);
        const char *value = line + start + strspn(line + start, " \t");
        snprintf(client->coding, sizeof client->coding, "%.*s", (int)strspn(value, token), value);
    }
    return len;
}

static bool is_hashed_folder(const char *path) {
    DIR *folder = opendir(path);
    bool found = false;
    if (folder == NULL)
        return false;
    for (const struct dirent *entry = readdir(folder); entry != NULL && !found; entry = readdir(folder))
        found = ca_name_is_valid(entry->d_name);
    closedir(folder);
    return found;
}

/* Makes a client that trusts the CAs of that folder; NULL: libcurl's own default. NULL when memory runs out. */
static struct http_client *make_client(const char *ca_folder) {
    struct http_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return NULL;
    client->transfer = http_transfer_new();
    client->ca_folder = ca_folder != NULL ? strdup(ca_folder) : NULL;
    if (client->transfer == NULL || (ca_folder != NULL && client->ca_folder == NULL)) {
        http_transfer_free(client->transfer);
        free(client->ca_folder);
        free(client);
        return NULL;
    }
    client->curl = http_transfer_handle(client->transfer);
    return client;
}

enum error_code http_client_new(const char *ca_folder, struct http_client **client, struct error *error) {
    *client = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(error, ERROR_INTERNAL, "libcurl cannot start");
    /* A folder that the owner names is used as it is: if it is wrong, no certificate is trusted. */
    const char *trusted = ca_folder;
    if (trusted == NULL && is_hashed_folder(SYSTEM_CA_FOLDER))
        trusted = SYSTEM_CA_FOLDER;
    *client = make_client(trusted);
    if (*client != NULL)
        return ERROR_NONE;
    curl_global_cleanup();
    return error_set(error, ERROR_INTERNAL, "libcurl cannot start");
}

struct http_client *http_client_beside(struct http_client *client) {
    if (client->beside == NULL)
        client->beside = make_client(client->ca_folder);
    if (client->beside != NULL) {
        client->beside->limited = client->limited;
        client->beside->deadline = client->deadline;
    }
    return client->beside;
}

static void free_call(struct http_client *client) {
    curl_slist_free_all(client->headers);
    client->headers = NULL;
    buffer_free(&client->body);
}

void http_client_free(struct http_client *client) {
    if (client == NULL)
        return;
    while (client != NULL) {
        struct http_client *next = client->beside;
        http_transfer_free(client->transfer);
        free_call(client);
        free(client->ca_folder);
        free(client);
        client = next;
    }
    curl_global_cleanup();
}

void http_client_limit(struct http_client *client, struct deadline deadline) {
    for (; client != NULL; client = client->beside) {
        client->limited = true;
        client->deadline = deadline;
    }
}

/* Sets an option that libcurl keeps a copy of. */
static void set_text(struct http_client *client, CURLoption option, const char *text) {
    if (curl_easy_setopt(client->curl, option, text) == CURLE_OUT_OF_MEMORY)
        client->out_of_memory = true;
}

/* Reading the system's bundle of some 145 certificates costs 20 ms; a hashed folder gives just the one needed. */
static void trust(struct http_client *client, const char *ca_file) {
    curl_easy_setopt(client->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(client->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (client->ca_folder != NULL)
        set_text(client, CURLOPT_CAPATH, client->ca_folder);
    if (client->ca_folder != NULL || ca_file != NULL)
        set_text(client, CURLOPT_CAINFO, ca_file);
}

static void configure(struct http_client *client, const char *url, const char *ca_file) {
    CURL *curl = client->curl;
    curl_easy_reset(curl);
    client->message[0] = '\0';
    client->out_of_memory = false;
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->message);
    set_text(client, CURLOPT_URL, url);
    set_text(client, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    set_text(client, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    /* A name server that is silent does not keep a call that is over: its thread ends by itself. */
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, PROVIDER_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, PROVIDER_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    set_text(client, CURLOPT_USERAGENT, "cgi-login/" CGI_LOGIN_VERSION);
    /* Without the header any coding would be acceptable (RFC 9110, section 12.5.3). What comes in one all the same,
     * libcurl decodes if it can. */
    set_text(client, CURLOPT_ACCEPT_ENCODING, "identity");
    trust(client, ca_file);
}

static void set_client(struct http_client *client, const struct http_request *call) {
    if (call->user == NULL)
        return;
    curl_easy_setopt(client->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    set_text(client, CURLOPT_USERNAME, call->user);
    set_text(client, CURLOPT_PASSWORD, call->password);
}

static void add_header(struct http_client *client, const char *line) {
    struct curl_slist *longer = curl_slist_append(client->headers, line);
    if (longer == NULL)
        client->out_of_memory = true;
    else
        client->headers = longer;
}

/* Sets what an opened call may learn only now: headers, and how much may come back. */
static void set_headers(struct http_client *client, const struct http_request *call) {
    struct buffer bearer = BUFFER_EMPTY;
    add_header(client, call->accept != NULL ? call->accept : "Accept: application/json");
    if (call->bearer != NULL) {
        buffer_append_format(&bearer, "Authorization: Bearer %s", call->bearer);
        add_header(client, buffer_text(&bearer));
        client->out_of_memory = client->out_of_memory || bearer.failed;
        buffer_free(&bearer);
    }
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    client->body = (struct buffer){.limit = call->response_max != 0 ? call->response_max : PROVIDER_ANSWER_MAX};
}

static long milliseconds_for(const struct http_client *client, const struct http_request *call) {
    const long most = call->timeout_ms != 0 ? call->timeout_ms : PROVIDER_TIMEOUT_MS;
    const int64_t left = client->limited ? deadline_left(client->deadline) : most;
    return left < most ? (long)left : most;
}

/* Sets what is known of a call before it is sent. */
static void prepare(struct http_client *client, const struct http_request *call) {
    const long milliseconds = milliseconds_for(client, call);
    configure(client, call->url, call->ca_file);
    set_client(client, call);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, milliseconds > 0 ? milliseconds : 1L); /* 0 would be none */
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &client->body);
    client->coding[0] = '\0';
    curl_easy_setopt(client->curl, CURLOPT_HEADERFUNCTION, receive_coding);
    curl_easy_setopt(client->curl, CURLOPT_HEADERDATA, client);
    if (call->form != NULL)
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, call->form);
}

/* The call is not made when an option is missing: it would be another request. */
static CURLcode perform(const struct http_client *client) {
    return client->out_of_memory ? CURLE_OUT_OF_MEMORY : http_transfer_run(client->transfer);
}

/* Returns the host alone for messages, since the rest of the URL can hold a token. */
static const char *host_of(const char *text, char *host, size_t size) {
    struct url url;
    if (url_parse(text, &url))
        snprintf(host, size, "%.*s", (int)url.origin_len, text);
    else
        snprintf(host, size, "(a malformed URL)");
    return host;
}

/* Puts libcurl's words on a failed call into the error. Once a status has come, it is the rest of the response that
 * fails. */
static enum error_code report(const struct http_client *client, CURLcode code, const char *url, long status,
                              struct error *error) {
    char host[256];
    const bool garbled =
        code == CURLE_PARTIAL_FILE || code == CURLE_WEIRD_SERVER_REPLY || (status != 0 && code == CURLE_RECV_ERROR);
    const char *message = client->message[0] != '\0' ? client->message : curl_easy_strerror(code);
    if (code == CURLE_OUT_OF_MEMORY)
        return error_out_of_memory(error);
    host_of(url, host, sizeof host);
    if (status == 0)
        return error_set(error, garbled ? ERROR_PROVIDER : ERROR_PROVIDER_UNREACHABLE, "%s: %s", host, message);
    return error_set(error, garbled ? ERROR_PROVIDER : ERROR_PROVIDER_UNREACHABLE, "%s: %s, after the status %ld", host,
                     message, status);
}

static enum error_code report_rest(const struct http_client *client, CURLcode code, const struct http_request *call,
                                   const struct http_response *response, struct error *error) {
    char host[256];
    if (response->body.too_large)
        return error_set(error, ERROR_PROVIDER, "%s: the response is larger than %zu bytes",
                         host_of(call->url, host, sizeof host), response->body.limit);
    if (response->body.failed)
        return error_out_of_memory(error);
    if (response->coding[0] != '\0')
        return error_set(error, ERROR_PROVIDER,
                         "%s: the response is %s-encoded, which was not asked for, and cannot be "
                         "decoded here: %s",
                         host_of(call->url, host, sizeof host), response->coding, client->message);
    return report(client, code, call->url, response->status, error);
}

/* Judges the response once the call is over. A status that is no success decides alone: its body only explains it, so
 * it counts even if the end of the body is missing. A success whose end is missing is none (RFC 9112, section 9.8).
 * Over TLS that is a connection closed without close_notify, before the Content-Length was reached or where none was
 * named: OpenSSL 3 reports that, and libcurl passes it on from 8.9. */
static enum error_code take_response(struct http_client *client, CURLcode code, const struct http_request *call,
                                     struct http_response *response, struct error *error) {
    const char *type = NULL;
    response->body = client->body;
    client->body = BUFFER_EMPTY;
    free_call(client);
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &response->status);
    if (curl_easy_getinfo(client->curl, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != NULL)
        snprintf(response->content_type, sizeof response->content_type, "%s", type);
    if (code == CURLE_BAD_CONTENT_ENCODING)
        snprintf(response->coding, sizeof response->coding, "%s", client->coding[0] != '\0' ? client->coding : "oddly");
    response->cut = code != CURLE_OK;
    return !response->cut || response->status >= 300 ? ERROR_NONE : report_rest(client, code, call, response, error);
}

/* Makes the call from its beginning to its end, in this thread. */
static CURLcode call_plainly(struct http_client *client, const struct http_request *call) {
    free_call(client);
    prepare(client, call);
    set_headers(client, call);
    return perform(client);
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
    if (client->completed) /* it had to connect again */
        return true;
    client->completed = true;
    append_target(&target, client->sent->url);
    set_text(client, CURLOPT_REQUEST_TARGET, buffer_text(&target));
    set_headers(client, client->sent);
    client->out_of_memory = client->out_of_memory || target.failed;
    buffer_free(&target);
    return !client->out_of_memory;
}

void http_client_open(struct http_client *client, const struct http_request *call) {
    http_client_abandon(client);
    if (milliseconds_for(client, call) <= 0)
        return;
    prepare(client, call);
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

void http_client_send(struct http_client *client, const struct http_request *call) {
    if (client->opened == NULL || client->sent != NULL || !goes_there(client->opened, call))
        return;
    client->sent = call;
    http_transfer_send(client->transfer);
}

void http_client_abandon(struct http_client *client) {
    if (client->opened == NULL)
        return;
    http_transfer_abandon(client->transfer);
    client->opened = NULL;
    free_call(client);
}

bool http_client_connects(struct http_client *client, struct deadline by) {
    return client->opened == NULL || http_transfer_reaches(client->transfer, HTTP_CONNECTED, by);
}

bool http_client_ends(struct http_client *client, struct deadline by) {
    return client->opened == NULL || http_transfer_reaches(client->transfer, HTTP_OVER, by);
}

/* Finishes what was opened. A thread more can be one too many for a host that counts them, since libcurl's resolver
 * wants one too; what then could not be connected is called plainly. */
static CURLcode finish(struct http_client *client, const struct http_request *call) {
    http_client_send(client, call);
    if (client->sent != call) {
        http_client_abandon(client);
        return call_plainly(client, call);
    }
    const CURLcode code = http_transfer_end(client->transfer);
    client->opened = NULL;
    return !client->completed && (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_OUT_OF_MEMORY)
               ? call_plainly(client, call)
               : code;
}

enum error_code http_client_call(struct http_client *client, const struct http_request *call,
                                 struct http_response *response, struct error *error) {
    char host[256];
    *response = (struct http_response){.status = 0};
    if (milliseconds_for(client, call) <= 0) {
        http_client_abandon(client);
        return error_set(error, ERROR_PROVIDER_UNREACHABLE, "%s: there is no time left for the call",
                         host_of(call->url, host, sizeof host));
    }
    const CURLcode code = client->opened != NULL ? finish(client, call) : call_plainly(client, call);
    return take_response(client, code, call, response, error);
}

enum error_code http_client_probe(struct http_client *client, const char *url, const char *ca_file,
                                  struct error *error) {
    configure(client, url, ca_file);
    curl_easy_setopt(client->curl, CURLOPT_CONNECT_ONLY, 1L);
    const CURLcode code = perform(client);
    return code == CURLE_OK ? ERROR_NONE : report(client, code, url, 0, error);
}

struct time_headers {
    int64_t date; /* -1: none */
    int64_t age;
};

/* Reads a line of the header section, which has no NUL at its end. */
static size_t receive_header(char *data, size_t size, size_t count, void *context) {
    struct time_headers *headers = context;
    char line[128];
    const size_t len = size * count;
    snprintf(line, sizeof line, "%.*s", (int)(len < sizeof line ? len : 0), data);
    if (strncasecmp(line, "Date:", 5) == 0)
        headers->date = (int64_t)curl_getdate(line + 5, NULL);
    else if (strncasecmp(line, "Age:", 4) == 0)
        headers->age = strtol(line + 4, NULL, 10);
    return len;
}

bool http_client_date(struct http_client *client, const char *url, const char *ca_file, int64_t *date) {
    struct time_headers headers = {.date = -1};
    char root[512];
    char host[256];
    snprintf(root, sizeof root, "%s/", host_of(url, host, sizeof host));
    configure(client, root, ca_file);
    curl_easy_setopt(client->curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(client->curl, CURLOPT_HEADERFUNCTION, receive_header);
    curl_easy_setopt(client->curl, CURLOPT_HEADERDATA, &headers);
    const bool told = perform(client) == CURLE_OK && headers.date >= 0 && headers.age >= 0;
    *date = headers.date + headers.age;
    return told;
}

void http_response_free(struct http_response *response) {
    buffer_free(&response->body);
}
