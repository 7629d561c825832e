/* What libmongoc says, in words for the operator.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { CA_FILE_MAX = 4 << 20 };

bool mongodb_is_server_code(const bson_error_t *problem, uint32_t code) {
    return problem->domain == MONGOC_ERROR_SERVER && problem->code == code;
}

/* True for a file that OpenSSL can take CAs from. */
static bool holds_certificate(const char *path) {
    struct buffer text = BUFFER_EMPTY;
    const bool found =
        file_read(path, CA_FILE_MAX, &text, NULL) && strstr(buffer_text(&text), "CERTIFICATE-----") != NULL;
    buffer_free(&text);
    return found;
}

static bool is_ascii(const char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text > 0x7E)
            return false;
    return true;
}

static const char *remedy(const struct store_mongodb *store, const bson_error_t *problem) {
    struct mongodb_facts facts = {.contact = store->contact};
    if (store->client == NULL)
        return mongodb_remedy(&facts, problem);
    const mongoc_uri_t *uri = mongoc_client_get_uri(store->client);
    const char *ca_file = mongoc_uri_get_option_as_utf8(uri, MONGOC_URI_TLSCAFILE, NULL);
    facts.tls = mongoc_uri_get_tls(uri);
    facts.ca_file_is_bad = ca_file != NULL && !holds_certificate(ca_file);
    facts.replica_set = mongoc_uri_get_replica_set(uri) != NULL;
    facts.srv = mongoc_uri_get_srv_hostname(uri) != NULL;
    facts.odd_password = store->password != NULL && !is_ascii(store->password);
    return mongodb_remedy(&facts, problem);
}

/* Puts libmongoc's words into the error, without the password. Its words on a document of the wrong shape are left out:
 * there servers quote the document, and with it the access token. */
enum error_code mongodb_fail(const struct store_mongodb *store, const bson_error_t *problem, struct error *error) {
    struct buffer words = BUFFER_EMPTY;
    if (mongodb_is_server_code(problem, MONGODB_PATH_NOT_VIABLE) ||
        mongodb_is_server_code(problem, MONGODB_TYPE_MISMATCH))
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "MongoDB %s: the user's document has another shape than ours "
                         "under the provider's name (code %u); correct or remove it",
                         store->place, problem->code);
    const char *const secrets[] = {store->password, NULL};
    char message[sizeof problem->message];
    snprintf(message, sizeof message, "%s", problem->message);
    if (problem->domain == MONGOC_ERROR_SERVER)
        message[strcspn(message, "{")] = '\0'; /* what it quotes of a document is not for the log */
    text_append_hiding(&words, message, secrets);
    error_set(error, ERROR_STORE_UNAVAILABLE, "MongoDB %s: %s%s", store->place, buffer_text(&words),
              remedy(store, problem));
    buffer_free(&words);
    return ERROR_STORE_UNAVAILABLE;
}

enum error_code mongodb_complain(const struct store_mongodb *store, const char *problem, struct error *error) {
    return error_set(error, ERROR_STORE_UNAVAILABLE, "MongoDB %s: %s", store->place, problem);
}

bool mongodb_is_confirmed(const bson_t *reply, bson_error_t *problem) {
    bson_iter_t iterator, message;
    if (!bson_iter_init_find(&iterator, reply, "writeConcernError"))
        return true;
    const bool told = BSON_ITER_HOLDS_DOCUMENT(&iterator) && bson_iter_recurse(&iterator, &message) &&
                      bson_iter_find(&message, "errmsg") && BSON_ITER_HOLDS_UTF8(&message);
    bson_set_error(problem, MONGOC_ERROR_WRITE_CONCERN, MONGOC_ERROR_WRITE_CONCERN_ERROR, "%s",
                   told ? bson_iter_utf8(&message, NULL) : "the write was not confirmed");
    return false;
}
