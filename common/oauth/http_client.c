/* SPDX-License-Identifier: MIT */
#include "oauth/http_client.h"

#include "base/bounds.h"
#include "base/ca_name.h"
#include "base/text.h"
#include "base/url.h"

#include <curl/curl.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char SYSTEM_CA_FOLDER[] = "/etc/ssl/certs";

struct http_client {
    CURL *curl;
    char *ca_folder;    /* certificates by their hashes, or NULL for libcurl's own default */
    bool out_of_memory; /* memory ran out for an option of the current call */
    char message[CURL_ERROR_SIZE];
};

static size_t receive(char *data, size_t size, size_t count, void *context) {
    struct buffer *body = context;
    buffer_append(body, data, size * count);
    return body->failed ? 0 : size * count;
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

enum error_code http_client_new(const char *ca_folder, struct http_client **client, struct error *error) {
    struct http_client *made = calloc(1, sizeof *made);
    *client = NULL;
    if (made != NULL && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        made->curl = curl_easy_init();
    if (made == NULL || made->curl == NULL) {
        free(made);
        return error_set(error, ERROR_INTERNAL, "libcurl cannot start");
    }
    /* A folder that the owner names is used as it is: if it is wrong, no certificate is trusted. */
    const char *trusted = ca_folder;
    if (trusted == NULL && is_hashed_folder(SYSTEM_CA_FOLDER))
        trusted = SYSTEM_CA_FOLDER;
    if (trusted != NULL && (made->ca_folder = strdup(trusted)) == NULL) {
        http_client_free(made); /* a client without its folder would trust others */
        return error_out_of_memory(error);
    }
    *client = made;
    return ERROR_NONE;
}

void http_client_free(struct http_client *client) {
    if (client == NULL)
        return;
    curl_easy_cleanup(client->curl);
    curl_global_cleanup();
    free(client->ca_folder);
    free(client);
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
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, PROVIDER_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, PROVIDER_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    set_text(client, CURLOPT_USERAGENT, "cgi-login/" CGI_LOGIN_VERSION);
    trust(client, ca_file);
}

static void set_authorization(struct http_client *client, const struct http_request *call) {
    if (call->bearer != NULL) {
        curl_easy_setopt(client->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        set_text(client, CURLOPT_XOAUTH2_BEARER, call->bearer);
    } else if (call->user != NULL) {
        curl_easy_setopt(client->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        set_text(client, CURLOPT_USERNAME, call->user);
        set_text(client, CURLOPT_PASSWORD, call->password);
    }
}

/* The call is not made when an option is missing: it would be another request. */
static CURLcode perform(const struct http_client *client) {
    return client->out_of_memory ? CURLE_OUT_OF_MEMORY : curl_easy_perform(client->curl);
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
    return report(client, code, call->url, response->status, error);
}

/* Judges the response once the call is over. A status that is no success decides alone: its body only explains it, so
 * it counts even if the end of the body is missing. A success whose end is missing is none (RFC 9112, section 9.8).
 * Over TLS that is a connection closed without close_notify, before the Content-Length was reached or where none was
 * named: OpenSSL 3 reports that, and libcurl passes it on from 8.9. */
static enum error_code take_response(const struct http_client *client, CURLcode code, const struct http_request *call,
                                     struct http_response *response, struct error *error) {
    const char *type = NULL;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &response->status);
    if (curl_easy_getinfo(client->curl, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != NULL)
        snprintf(response->content_type, sizeof response->content_type, "%s", type);
    response->cut = code != CURLE_OK;
    return !response->cut || response->status >= 300 ? ERROR_NONE : report_rest(client, code, call, response, error);
}

enum error_code http_client_call(struct http_client *client, const struct http_request *call,
                                 struct http_response *response, struct error *error) {
    CURL *curl = client->curl;
    *response =
        (struct http_response){.body = {.limit = call->response_max != 0 ? call->response_max : PROVIDER_ANSWER_MAX}};
    configure(client, call->url, call->ca_file);
    set_authorization(client, call);
    if (call->timeout_ms != 0)
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, call->timeout_ms);
    struct curl_slist *headers =
        curl_slist_append(NULL, call->accept != NULL ? call->accept : "Accept: application/json");
    if (headers == NULL)
        return error_out_of_memory(error);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response->body);
    if (call->form != NULL)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->form);
    const CURLcode code = perform(client);
    curl_slist_free_all(headers);
    return take_response(client, code, call, response, error);
}

enum error_code http_client_probe(struct http_client *client, const char *url, const char *ca_file,
                                  struct error *error) {
    configure(client, url, ca_file);
    curl_easy_setopt(client->curl, CURLOPT_CONNECT_ONLY, 1L);
    const CURLcode code = perform(client);
    return code == CURLE_OK ? ERROR_NONE : report(client, code, url, 0, error);
}

void http_response_free(struct http_response *response) {
    buffer_free(&response->body);
}
