/* SPDX-License-Identifier: MIT */
#include "http/http_client_parts.h"

#include "base/bounds.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static size_t receive(char *data, size_t size, size_t count, void *context) {
    struct buffer *body = context;
    buffer_append(body, data, size * count);
    return body->failed ? 0 : size * count;
}

/* Takes the content coding out of the headers: libcurl names none when it does not know it. And the time. */
static size_t receive_header(char *data, size_t size, size_t count, void *context) {
    static const char name[] = "content-encoding:";
    static const char token[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    struct http_client *client = context;
    const size_t len = size * count, start = sizeof name - 1;
    char line[sizeof name + sizeof client->coding + 8];
    http_date_take(&client->date, data, len);
    if (len > start && strncasecmp(data, name, start) == 0) {
        snprintf(line, sizeof line, "%.*s", (int)len, data);
        const char *value = line + start + strspn(line + start, " \t");
        snprintf(client->coding, sizeof client->coding, "%.*s", (int)strspn(value, token), value);
    }
    return len;
}

void http_client_set_text(struct http_client *client, CURLoption option, const char *text) {
    if (curl_easy_setopt(client->curl, option, text) == CURLE_OUT_OF_MEMORY)
        client->out_of_memory = true;
}

/* Reading the system's bundle of some 145 certificates costs 20 ms; a hashed folder gives just the one needed. */
static void trust(struct http_client *client, const char *ca_file) {
    curl_easy_setopt(client->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(client->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (client->ca_folder != NULL)
        http_client_set_text(client, CURLOPT_CAPATH, client->ca_folder);
    if (client->ca_folder != NULL || ca_file != NULL)
        http_client_set_text(client, CURLOPT_CAINFO, ca_file);
}

void http_client_configure(struct http_client *client, const char *url, const char *ca_file) {
    CURL *curl = client->curl;
    curl_easy_reset(curl);
    client->message[0] = '\0';
    client->out_of_memory = false;
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->message);
    http_client_set_text(client, CURLOPT_URL, url);
    http_client_set_text(client, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    http_client_set_text(client, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    /* A name server that is silent does not keep a call that is over: its thread ends by itself. */
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, PROVIDER_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, PROVIDER_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    http_client_set_text(client, CURLOPT_USERAGENT, "cgi-login/" CGI_LOGIN_VERSION);
    /* Without the header any coding would be acceptable (RFC 9110, section 12.5.3). What comes in one all the same,
     * libcurl decodes if it can. */
    http_client_set_text(client, CURLOPT_ACCEPT_ENCODING, "identity");
    trust(client, ca_file);
}

static void set_client(struct http_client *client, const struct http_request *call) {
    if (call->user == NULL)
        return;
    curl_easy_setopt(client->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    http_client_set_text(client, CURLOPT_USERNAME, call->user);
    http_client_set_text(client, CURLOPT_PASSWORD, call->password);
}

static void add_header(struct http_client *client, const char *line) {
    struct curl_slist *longer = curl_slist_append(client->headers, line);
    if (longer == NULL)
        client->out_of_memory = true;
    else
        client->headers = longer;
}

void http_client_set_headers(struct http_client *client, const struct http_request *call) {
    struct buffer bearer = BUFFER_EMPTY;
    add_header(client, call->accept != NULL ? call->accept : "Accept: application/json");
    if (call->form_type != NULL)
        add_header(client, call->form_type);
    for (const char *const *line = call->headers; line != NULL && *line != NULL; line++)
        add_header(client, *line);
    if (call->bearer != NULL) {
        buffer_append_format(&bearer, "Authorization: Bearer %s", call->bearer);
        add_header(client, buffer_text(&bearer));
        client->out_of_memory = client->out_of_memory || bearer.failed;
        buffer_free(&bearer);
    }
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    client->body = (struct buffer){.limit = call->response_max != 0 ? call->response_max : PROVIDER_ANSWER_MAX};
}

long http_client_milliseconds(const struct http_client *client, const struct http_request *call) {
    if (!client->limited)
        return call->timeout_ms != 0 ? call->timeout_ms : PROVIDER_TIMEOUT_MS;
    const int64_t left = deadline_left(client->deadline);
    return call->timeout_ms != 0 && call->timeout_ms < left ? call->timeout_ms : (long)left;
}

void http_client_prepare(struct http_client *client, const struct http_request *call) {
    const long milliseconds = http_client_milliseconds(client, call);
    http_client_configure(client, call->url, call->ca_file);
    set_client(client, call);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, milliseconds > 0 ? milliseconds : 1L); /* 0 would be none */
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &client->body);
    client->coding[0] = '\0';
    client->date = (struct http_date){.date = 0};
    curl_easy_setopt(client->curl, CURLOPT_HEADERFUNCTION, receive_header);
    curl_easy_setopt(client->curl, CURLOPT_HEADERDATA, client);
    if (call->form != NULL)
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, call->form);
    else if (call->head)
        curl_easy_setopt(client->curl, CURLOPT_NOBODY, 1L);
}
