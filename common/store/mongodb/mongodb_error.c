/* What libmongoc says, in words for the operator.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

#include "base/buffer.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

bool mongodb_is_server_code(const bson_error_t *problem, uint32_t code) {
    return problem->domain == MONGOC_ERROR_SERVER && problem->code == code;
}

/* Where no server was taken: libmongoc does not say why. */
static const char *greeting_remedy(const mongoc_uri_t *uri, const char *message) {
    const bool closed = strstr(message, "connection closed") != NULL || strstr(message, "closed connection") != NULL;
    if (strstr(message, "connection error") != NULL && mongoc_uri_has_option(uri, MONGOC_URI_TLSCAFILE))
        return "; check that tlsCAFile in `store` can be read and holds a CA's certificate";
    if (mongoc_uri_get_tls(uri) && (closed || strstr(message, "socket timeout") != NULL))
        return "; does the server speak TLS, as `store` says?";
    if (mongoc_uri_get_replica_set(uri) != NULL && strchr(message, '[') == NULL)
        return "; no server that answered is of this replicaSet: correct it in `store`";
    return closed ? "; does the server want TLS (tls=true in `store`)?" : "";
}

static const char *remedy(const struct store_mongodb *store, const bson_error_t *problem) {
    const char *hint = "";
    const bool client = problem->domain == MONGOC_ERROR_CLIENT;
    if (mongodb_is_server_code(problem, MONGODB_AUTHENTICATION_FAILED) ||
        (client && problem->code == MONGOC_ERROR_CLIENT_AUTHENTICATE))
        return "; check the user, the password and authSource in `store`";
    if (strstr(problem->message, "SASLPrep") != NULL) /* libmongoc without ICU, as static programs have it */
        return "; these programs take such a password only with authMechanism=SCRAM-SHA-1, or one of ASCII characters";
    if (mongodb_is_server_code(problem, MONGODB_UNAUTHORIZED))
        return "; give the database user the role readWrite on this database";
    if (store->client != NULL && problem->domain == MONGOC_ERROR_SERVER_SELECTION)
        hint = greeting_remedy(mongoc_client_get_uri(store->client), problem->message);
    if (*hint != '\0')
        return hint;
    if (strstr(problem->message, "TLS") != NULL)
        return "; check the certificate's name and its CA (tlsCAFile in `store`)";
    if (strstr(problem->message, "resolve") != NULL || strstr(problem->message, "DNS") != NULL ||
        strstr(problem->message, "SRV") != NULL)
        return "; check the host's name in `store`";
    return "";
}

/* libmongoc's words, without the password. Not those on a document of the wrong shape: there servers quote the
 * document, and with it the access token. */
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
        message[strcspn(message, "{")] = '\0'; /* what it quotes of a command or a document is not for the log */
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
