/* SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/buffer.h"

#include <stdlib.h>

const char store_mongodb_version[] = CGI_LOGIN_VERSION;

void mongodb_close(struct store *base) {
    struct store_mongodb *store = mongodb_own(base);
    mongoc_collection_destroy(store->users);
    mongoc_collection_destroy(store->sessions);
    mongoc_collection_destroy(store->requests);
    mongoc_database_destroy(store->database);
    mongoc_client_destroy(store->client);
    buffer_free_text(store->place);
    free(store);
}

/* The writes of another process change nothing about the connection. */
bool mongodb_is_current(const struct store *base) {
    (void)base;
    return true;
}

void mongodb_limit(struct store *base, struct deadline deadline) {
    (void)base, (void)deadline;
}

static const struct store_backend backend = {
#define ENTRY(operation) .operation = mongodb_##operation,
    STORE_OPERATIONS(ENTRY)
#undef ENTRY
};

/* libmongoc's own log lines can hold what ours must not. */
static void drop_log(mongoc_log_level_t level, const char *domain, const char *message, void *context) {
    (void)level, (void)domain, (void)message, (void)context;
}

/* Sets waiting times that fit a web page, and a write concern of majority, unless the URI says otherwise. */
static void set_defaults(mongoc_uri_t *uri) {
    static const struct {
        const char *option;
        int32_t milliseconds;
    } timeouts[] = {{MONGOC_URI_SERVERSELECTIONTIMEOUTMS, STORE_SELECTION_TIMEOUT_MS},
                    {MONGOC_URI_CONNECTTIMEOUTMS, STORE_SELECTION_TIMEOUT_MS},
                    {MONGOC_URI_SOCKETTIMEOUTMS, STORE_SOCKET_TIMEOUT_MS}};
    for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++)
        if (!mongoc_uri_has_option(uri, timeouts[i].option))
            mongoc_uri_set_option_as_int32(uri, timeouts[i].option, timeouts[i].milliseconds);
    if (mongoc_write_concern_is_default(mongoc_uri_get_write_concern(uri))) {
        mongoc_write_concern_t *majority = mongoc_write_concern_new();
        mongoc_write_concern_set_wmajority(majority, STORE_SOCKET_TIMEOUT_MS);
        mongoc_uri_set_write_concern(uri, majority);
        mongoc_write_concern_destroy(majority);
    }
}

/* "host:27017,other:27017/database" */
static char *describe_place(const mongoc_uri_t *uri) {
    struct buffer place = BUFFER_EMPTY;
    const char *name = mongoc_uri_get_srv_hostname(uri);
    buffer_append_text(&place, name != NULL ? name : "");
    for (const mongoc_host_list_t *host = name == NULL ? mongoc_uri_get_hosts(uri) : NULL; host != NULL;
         host = host->next)
        buffer_append_format(&place, "%s%s", place.len != 0 ? "," : "", host->host_and_port);
    buffer_append_format(&place, "/%s", mongoc_uri_get_database(uri));
    char *text = buffer_take(&place);
    buffer_free(&place);
    return text;
}

/* Makes the CA folder the only source of trust: a variable for OpenSSL would leave the system's /etc/ssl/cert.pem
 * trusted, too. Setting options switches TLS on, and drops the options of the URI that are not repeated here. */
static void trust(struct store_mongodb *store, const char *ca_folder) {
    const mongoc_uri_t *uri = mongoc_client_get_uri(store->client);
    if (ca_folder == NULL || !mongoc_uri_get_tls(uri) || mongoc_uri_has_option(uri, MONGOC_URI_TLSCAFILE))
        return;
    const mongoc_ssl_opt_t options = {
        .pem_file = mongoc_uri_get_option_as_utf8(uri, MONGOC_URI_TLSCERTIFICATEKEYFILE, NULL),
        .pem_pwd = mongoc_uri_get_option_as_utf8(uri, MONGOC_URI_TLSCERTIFICATEKEYFILEPASSWORD, NULL),
        .ca_dir = ca_folder};
    mongoc_client_set_ssl_opts(store->client, &options);
}

/* Makes libmongoc tell how its greetings go, since an error says only that no server was taken. */
static void watch_contact(struct store_mongodb *store) {
    mongoc_apm_callbacks_t *callbacks = mongoc_apm_callbacks_new();
    mongoc_apm_set_server_heartbeat_succeeded_cb(callbacks, mongodb_note_answer);
    mongoc_apm_set_server_heartbeat_failed_cb(callbacks, mongodb_note_failure);
    mongoc_client_set_apm_callbacks(store->client, callbacks, &store->contact);
    mongoc_apm_callbacks_destroy(callbacks);
}

static enum error_code open_client(struct store_mongodb *store, const mongoc_uri_t *uri, const char *ca_folder,
                                   struct error *error) {
    bson_error_t problem;
    store->base.backend = &backend;
    store->place = describe_place(uri);
    store->password = mongoc_uri_get_password(uri);
    if (store->place == NULL)
        return error_out_of_memory(error);
    store->client = mongoc_client_new_from_uri_with_error(uri, &problem);
    if (store->client == NULL)
        return mongodb_fail(store, &problem, error);
    store->password = mongoc_uri_get_password(mongoc_client_get_uri(store->client));
    mongoc_client_set_error_api(store->client, MONGOC_ERROR_API_VERSION_2);
    watch_contact(store);
    trust(store, ca_folder);
    mongoc_client_set_appname(store->client, "cgi-login");
    const char *database = mongoc_uri_get_database(uri);
    store->database = mongoc_client_get_database(store->client, database);
    store->users = mongoc_client_get_collection(store->client, database, COLLECTION_USERS);
    store->sessions = mongoc_client_get_collection(store->client, database, COLLECTION_SESSIONS);
    store->requests = mongoc_client_get_collection(store->client, database, COLLECTION_REQUESTS);
    return ERROR_NONE;
}

enum error_code store_mongodb_open(const char *uri, const char *ca_folder, struct store **store, struct error *error) {
    bson_error_t problem;
    *store = NULL;
    mongoc_log_set_handler(drop_log, NULL); /* first, since mongoc_init logs too */
    mongoc_init();
    mongoc_uri_t *parsed = mongoc_uri_new_with_error(uri, &problem);
    /* libmongoc's own words on a malformed URI can quote it. */
    if (parsed == NULL)
        return error_set(error, ERROR_CONFIG,
                         "store: libmongoc does not understand this MongoDB URI; encode special "
                         "characters of the password (%%40 for @), and check the options' names and values");
    set_defaults(parsed);
    struct store_mongodb *opened = calloc(1, sizeof *opened);
    struct store *base = (struct store *)opened; /* gcc -fanalyzer takes a pointer to its member for a leak */
    enum error_code code = opened != NULL ? open_client(opened, parsed, ca_folder, error) : error_out_of_memory(error);
    mongoc_uri_destroy(parsed);
    if (code == ERROR_NONE)
        *store = base;
    else if (opened != NULL)
        mongodb_close(base);
    return code;
}
