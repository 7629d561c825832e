/* SPDX-License-Identifier: MIT */
#include "http/http_client_parts.h"

#include "base/ca_name.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static const char SYSTEM_CA_FOLDER[] = "/etc/ssl/certs";

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

void http_client_forget_call(struct http_client *client) {
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
        http_client_forget_call(client);
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

enum error_code http_client_probe(struct http_client *client, const char *url, const char *ca_file,
                                  struct error *error) {
    http_client_configure(client, url, ca_file);
    curl_easy_setopt(client->curl, CURLOPT_CONNECT_ONLY, 1L);
    const CURLcode code = http_client_perform(client);
    return code == CURLE_OK ? ERROR_NONE : http_client_report(client, code, url, 0, error);
}

struct time_headers {
    int64_t date; /* -1: none */
    int64_t age;
};

/* Reads an HTTP date (RFC 9110, section 5.6.7); -1 if it is none. Not by curl_getdate: a libcurl that was built without
 * the parsing of dates, as that of the static programs is, reads each as 1970. */
static int64_t read_date(const char *text) {
    struct tm utc = {0};
    const char *end = strptime(text + strspn(text, " \t"), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return end != NULL ? (int64_t)timegm(&utc) : -1;
}

/* Reads a line of the header section, which has no NUL at its end. */
static size_t receive_header(char *data, size_t size, size_t count, void *context) {
    struct time_headers *headers = context;
    char line[128];
    const size_t len = size * count;
    snprintf(line, sizeof line, "%.*s", (int)(len < sizeof line ? len : 0), data);
    if (strncasecmp(line, "Date:", 5) == 0)
        headers->date = read_date(line + 5);
    else if (strncasecmp(line, "Age:", 4) == 0)
        headers->age = strtol(line + 4, NULL, 10);
    return len;
}

bool http_client_date(struct http_client *client, const char *url, const char *ca_file, int64_t *date) {
    struct time_headers headers = {.date = -1};
    char root[512];
    char host[256];
    snprintf(root, sizeof root, "%s/", http_client_host(url, host, sizeof host));
    http_client_configure(client, root, ca_file);
    curl_easy_setopt(client->curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(client->curl, CURLOPT_HEADERFUNCTION, receive_header);
    curl_easy_setopt(client->curl, CURLOPT_HEADERDATA, &headers);
    const bool told = http_client_perform(client) == CURLE_OK && headers.date >= 0 && headers.age >= 0;
    *date = headers.date + headers.age;
    return told;
}

void http_response_free(struct http_response *response) {
    buffer_free(&response->body);
}
