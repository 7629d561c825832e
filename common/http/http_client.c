/* SPDX-License-Identifier: MIT */
#include "http/http_client_parts.h"

#include "base/ca_name.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

bool http_client_date(struct http_client *client, const char *url, const char *ca_file, int64_t *date) {
    char host[256], root[sizeof host + 1];
    struct http_response response;
    struct error error;
    snprintf(root, sizeof root, "%s/", http_client_host(url, host, sizeof host));
    const struct http_request call = {.url = root, .head = true, .ca_file = ca_file};
    const bool told = http_client_call(client, &call, &response, &error) == ERROR_NONE && response.date != 0;
    *date = response.date;
    http_response_free(&response);
    return told;
}

void http_response_free(struct http_response *response) {
    buffer_free(&response->body);
    buffer_free(&response->location);
}
