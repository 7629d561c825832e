/* Users and sessions in MongoDB, or any server that speaks its protocol: store_mongodb_load.h tells how a program
 * gets at it, since libmongoc costs a process some milliseconds only to be there.
 *
 * A user is found by "NAME.id", whatever its _id is; a new one gets the _id "NAME:id", so that two first logins at once
 * meet at a duplicate key and never make two users. Only our own fields are written.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/store_mongodb.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "config/provider_name.h"
#include "store/mongodb/bson_json.h"
#include "store/user.h"

#include <mongoc/mongoc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct store_mongodb {
    struct store base;
    mongoc_client_t *client;
    mongoc_database_t *database;
    mongoc_collection_t *users;
    mongoc_collection_t *sessions;
    mongoc_collection_t *requests;
    char *place;          /* hosts and database, for messages */
    const char *password; /* in the client's URI, to be kept out of messages; or NULL */
};

enum {
    DOCUMENT_MAX = 1 << 20,
    FIELD_MAX = PROVIDER_NAME_MAX + 40 /* a path such as "instagram.token.expiresAt" */
};

/* The server's codes that mean something of their own here. */
enum {
    CODE_UNAUTHORIZED = 13,
    CODE_TYPE_MISMATCH = 14,
    CODE_AUTHENTICATION_FAILED = 18,
    CODE_PATH_NOT_VIABLE = 28,
    CODE_INDEX_OPTIONS_CONFLICT = 85,
    CODE_INDEX_KEY_SPECS_CONFLICT = 86,
    CODE_DUPLICATE_KEY = 11000
};

const char store_mongodb_version[] = CGI_LOGIN_VERSION;

static struct store_mongodb *own(struct store *store) {
    return (struct store_mongodb *)store;
}

/* Errors. */

/* libmongoc's own errors have numbers of their own, which mean other things. */
static bool is_server_code(const bson_error_t *problem, uint32_t code) {
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
    if (is_server_code(problem, CODE_AUTHENTICATION_FAILED) ||
        (client && problem->code == MONGOC_ERROR_CLIENT_AUTHENTICATE))
        return "; check the user, the password and authSource in `store`";
    if (strstr(problem->message, "SASLPrep") != NULL) /* libmongoc without ICU, as static programs have it */
        return "; these programs take such a password only with authMechanism=SCRAM-SHA-1, or one of ASCII characters";
    if (is_server_code(problem, CODE_UNAUTHORIZED))
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
static enum error_code fail(const struct store_mongodb *store, const bson_error_t *problem, struct error *error) {
    struct buffer words = BUFFER_EMPTY;
    if (is_server_code(problem, CODE_PATH_NOT_VIABLE) || is_server_code(problem, CODE_TYPE_MISMATCH))
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

static enum error_code complain(const struct store_mongodb *store, const char *problem, struct error *error) {
    return error_set(error, ERROR_STORE_UNAVAILABLE, "MongoDB %s: %s", store->place, problem);
}

/* A write that a majority did not confirm in time may be undone: it does not count as done. */
static bool is_confirmed(const bson_t *reply, bson_error_t *problem) {
    bson_iter_t iterator, message;
    if (!bson_iter_init_find(&iterator, reply, "writeConcernError"))
        return true;
    const bool told = BSON_ITER_HOLDS_DOCUMENT(&iterator) && bson_iter_recurse(&iterator, &message) &&
                      bson_iter_find(&message, "errmsg") && BSON_ITER_HOLDS_UTF8(&message);
    bson_set_error(problem, MONGOC_ERROR_WRITE_CONCERN, MONGOC_ERROR_WRITE_CONCERN_ERROR, "%s",
                   told ? bson_iter_utf8(&message, NULL) : "the write was not confirmed");
    return false;
}

/* Indexes. */

enum index_kind { INDEX_PLAIN, INDEX_UNIQUE, INDEX_EXPIRY };

static void append_index(bson_t *command, const char *key, enum index_kind kind) {
    bson_t indexes, index, keys;
    char name[FIELD_MAX + 2];
    snprintf(name, sizeof name, "%s_1", key);
    BSON_APPEND_ARRAY_BEGIN(command, "indexes", &indexes);
    BSON_APPEND_DOCUMENT_BEGIN(&indexes, "0", &index);
    BSON_APPEND_DOCUMENT_BEGIN(&index, "key", &keys);
    BSON_APPEND_INT32(&keys, key, 1);
    bson_append_document_end(&index, &keys);
    BSON_APPEND_UTF8(&index, "name", name);
    if (kind == INDEX_EXPIRY)
        BSON_APPEND_INT32(&index, "expireAfterSeconds", 0);
    if (kind == INDEX_UNIQUE) {
        BSON_APPEND_BOOL(&index, "unique", true);
        BSON_APPEND_BOOL(&index, "sparse", true); /* users of other providers have no such field */
    }
    bson_append_document_end(&indexes, &index);
    bson_append_array_end(command, &indexes);
}

static bool create_index(struct store_mongodb *store, const char *collection, const char *key, enum index_kind kind,
                         bson_error_t *problem) {
    bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "createIndexes", collection);
    append_index(&command, key, kind);
    bool created = mongoc_database_write_command_with_opts(store->database, &command, NULL, NULL, problem);
    bson_destroy(&command);
    /* The owner's own index on the same field serves as well. */
    if (!created && (problem->code == CODE_INDEX_OPTIONS_CONFLICT || problem->code == CODE_INDEX_KEY_SPECS_CONFLICT))
        created = true;
    return created;
}

/* The index as wanted, or a plain one where the server does not know the option (FerretDB and expireAfterSeconds) or
 * the collection does not fit it (users that stand twice already). */
static bool ensure_index(struct store_mongodb *store, const char *collection, const char *key, enum index_kind kind,
                         bson_error_t *problem) {
    return create_index(store, collection, key, kind, problem) ||
           (problem->domain == MONGOC_ERROR_SERVER && problem->code != CODE_UNAUTHORIZED &&
            create_index(store, collection, key, INDEX_PLAIN, problem));
}

static bool ensure_user_indexes(struct store_mongodb *store, const char *provider, bson_error_t *problem) {
    char id[FIELD_MAX], user_id[FIELD_MAX];
    snprintf(id, sizeof id, "%s.id", provider);
    snprintf(user_id, sizeof user_id, "%s.user_id", provider);
    return ensure_index(store, "users", id, INDEX_UNIQUE, problem) &&
           ensure_index(store, "users", user_id, INDEX_PLAIN, problem);
}

static bool ensure_session_indexes(struct store_mongodb *store, bson_error_t *problem) {
    return ensure_index(store, "sessions", "expires", INDEX_EXPIRY, problem) &&
           ensure_index(store, "sessions", "user", INDEX_PLAIN, problem) &&
           ensure_index(store, "requests", "expires", INDEX_EXPIRY, problem);
}

static enum error_code setup(struct store *base, const char *const *providers, struct error *error) {
    struct store_mongodb *store = own(base);
    bson_error_t problem;
    bool done = ensure_session_indexes(store, &problem);
    for (; done && *providers != NULL; providers++)
        done = ensure_user_indexes(store, *providers, &problem);
    return done ? ERROR_NONE : fail(store, &problem, error);
}

static enum error_code has_session_index(struct store_mongodb *store, bool *found, struct error *error) {
    bson_error_t problem;
    const bson_t *index;
    bson_iter_t iterator;
    *found = false;
    mongoc_cursor_t *cursor = mongoc_collection_find_indexes_with_opts(store->sessions, NULL);
    while (mongoc_cursor_next(cursor, &index))
        if (bson_iter_init_find(&iterator, index, "name") && BSON_ITER_HOLDS_UTF8(&iterator) &&
            strcmp(bson_iter_utf8(&iterator, NULL), "expires_1") == 0)
            *found = true;
    const bool failed = mongoc_cursor_error(cursor, &problem);
    mongoc_cursor_destroy(cursor);
    return failed ? fail(store, &problem, error) : ERROR_NONE;
}

/* A write that is taken back: a session that has expired already. */
static enum error_code probe(struct store *base, bool *exists, struct error *error) {
    struct store_mongodb *store = own(base);
    unsigned char random[16];
    char id[2 * sizeof random + 1];
    bson_error_t problem;
    bson_t document = BSON_INITIALIZER, selector = BSON_INITIALIZER;
    bson_t *update = BCON_NEW("$set", "{", "probe", BCON_BOOL(true), "}");
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(id, sizeof id, random, sizeof random);
    BSON_APPEND_UTF8(&document, "_id", id);
    BSON_APPEND_DATE_TIME(&document, "expires", 0);
    BSON_APPEND_UTF8(&selector, "_id", id);
    enum error_code code = has_session_index(store, exists, error);
    /* Nobody has that _id: this asks only whether it may. */
    if (code == ERROR_NONE && !mongoc_collection_update_one(store->users, &selector, update, NULL, NULL, &problem))
        code = fail(store, &problem, error);
    if (code == ERROR_NONE && !(mongoc_collection_insert_one(store->sessions, &document, NULL, NULL, &problem) &&
                                mongoc_collection_delete_one(store->sessions, &selector, NULL, NULL, &problem)))
        code = fail(store, &problem, error);
    bson_destroy(update);
    bson_destroy(&document);
    bson_destroy(&selector);
    return code;
}

/* Signing in. */

/* Appends what is set and what is taken away of an account, field by field below `path`, so that fields which are not
 * ours or which the provider left out stay. */
static bool append_changes(bson_t *set, bson_t *unset, const char *path, const cJSON *object) {
    bool whole = true;
    for (const cJSON *member = object->child; whole && member != NULL; member = member->next) {
        struct buffer key = BUFFER_EMPTY;
        buffer_append_format(&key, "%s.%s", path, member->string);
        if (key.failed)
            whole = false;
        else if (cJSON_IsNull(member))
            whole = BSON_APPEND_UTF8(unset, buffer_text(&key), "");
        else if (cJSON_IsObject(member) && user_date_milliseconds(member) < 0)
            whole = append_changes(set, unset, buffer_text(&key), member);
        else if (strcmp(member->string, "id") != 0)
            whole = bson_json_append(set, buffer_text(&key), member);
        buffer_free(&key);
    }
    return whole;
}

static bool append_user_key(bson_t *document, const char *key, const char *provider, const char *id) {
    char text[PROVIDER_NAME_MAX + PROVIDER_ID_MAX + 2];
    const int len = snprintf(text, sizeof text, "%s:%s", provider, id);
    return len > 0 && (size_t)len < sizeof text && bson_append_utf8(document, key, -1, text, len);
}

static const char *field_path(char path[FIELD_MAX], const char *provider, const char *field) {
    snprintf(path, FIELD_MAX, "%s.%s", provider, field);
    return path;
}

static bool append_id_query(bson_t *query, const char *provider, const char *id) {
    char path[FIELD_MAX];
    return BSON_APPEND_UTF8(query, field_path(path, provider, "id"), id);
}

static bool build_update(const struct sign_in *sign_in, bson_t *update) {
    bson_t set = BSON_INITIALIZER, unset = BSON_INITIALIZER, new_user = BSON_INITIALIZER;
    const cJSON *credentials = sign_in->credentials->members;
    const bool built = append_changes(&set, &unset, sign_in->provider, sign_in->profile) &&
                       (credentials == NULL || append_changes(&set, &unset, sign_in->provider, credentials)) &&
                       BSON_APPEND_DATE_TIME(&set, "lastLoginAt", sign_in->now) &&
                       append_user_key(&new_user, "_id", sign_in->provider, sign_in->id) &&
                       BSON_APPEND_DATE_TIME(&new_user, "createdAt", sign_in->now) &&
                       BSON_APPEND_DOCUMENT(update, "$set", &set) &&
                       (bson_empty(&unset) || BSON_APPEND_DOCUMENT(update, "$unset", &unset)) &&
                       BSON_APPEND_DOCUMENT(update, "$setOnInsert", &new_user);
    bson_destroy(&set);
    bson_destroy(&unset);
    bson_destroy(&new_user);
    return built;
}

/* One findAndModify. On a duplicate key another first login of the same person was quicker: the second try finds it. */
static bool find_and_modify(struct store_mongodb *store, const bson_t *query, const bson_t *update, bson_t *reply,
                            bson_error_t *problem) {
    bool done = false;
    mongoc_find_and_modify_opts_t *options = mongoc_find_and_modify_opts_new();
    mongoc_find_and_modify_opts_set_update(options, update);
    mongoc_find_and_modify_opts_set_flags(options, MONGOC_FIND_AND_MODIFY_UPSERT | MONGOC_FIND_AND_MODIFY_RETURN_NEW);
    for (int attempt = 0; attempt < 2 && !done; attempt++) {
        if (attempt != 0)
            bson_destroy(reply);
        done = mongoc_collection_find_and_modify_with_opts(store->users, query, options, reply, problem);
        if (!done && problem->code != CODE_DUPLICATE_KEY)
            break;
    }
    mongoc_find_and_modify_opts_destroy(options);
    return done && is_confirmed(reply, problem);
}

static enum error_code upsert_user(struct store_mongodb *store, const struct sign_in *sign_in, bson_t *reply,
                                   struct error *error) {
    bson_t query = BSON_INITIALIZER, update = BSON_INITIALIZER;
    bson_error_t problem;
    enum error_code code = ERROR_NONE;
    bson_init(reply);
    if (!append_id_query(&query, sign_in->provider, sign_in->id) || !build_update(sign_in, &update)) {
        code = error_out_of_memory(error);
    } else {
        bson_destroy(reply);
        if (!find_and_modify(store, &query, &update, reply, &problem))
            code = problem.code == CODE_DUPLICATE_KEY
                       ? error_set(error, ERROR_STORE_UNAVAILABLE,
                                   "MongoDB %s: there is a document with the _id \"%s:%.64s\" whose %s.id is another; "
                                   "correct or remove it",
                                   store->place, sign_in->provider, sign_in->id, sign_in->provider)
                       : fail(store, &problem, error);
    }
    bson_destroy(&query);
    bson_destroy(&update);
    return code;
}

/* The _id of the user that findAndModify returned, and whether it made it. */
static bool read_upserted(const bson_t *reply, bson_iter_t *id, bool *is_new) {
    bson_iter_t value, last;
    *is_new = bson_iter_init_find(&last, reply, "lastErrorObject") && BSON_ITER_HOLDS_DOCUMENT(&last) &&
              bson_iter_recurse(&last, &value) && bson_iter_find(&value, "updatedExisting") &&
              !bson_iter_as_bool(&value);
    return bson_iter_init_find(&value, reply, "value") && BSON_ITER_HOLDS_DOCUMENT(&value) &&
           bson_iter_recurse(&value, id) && bson_iter_find(id, "_id");
}

static void build_session(const struct store_session *session, const bson_iter_t *user, bson_t *document) {
    BSON_APPEND_UTF8(document, "_id", session->id);
    bson_append_iter(document, "user", -1, user);
    BSON_APPEND_UTF8(document, "provider", session->provider);
    BSON_APPEND_DATE_TIME(document, "createdAt", session->created);
    BSON_APPEND_DATE_TIME(document, "expires", session->expires);
}

static enum error_code insert_session(struct store_mongodb *store, const struct sign_in *sign_in,
                                      const bson_iter_t *user, struct error *error) {
    bson_t document = BSON_INITIALIZER;
    bson_error_t problem;
    enum error_code code = ERROR_NONE;
    const struct store_session session = {.id = sign_in->session_id,
                                          .provider = sign_in->provider,
                                          .created = sign_in->now,
                                          .expires = sign_in->session_expires};
    build_session(&session, user, &document);
    if (!mongoc_collection_insert_one(store->sessions, &document, NULL, NULL, &problem))
        code = problem.code == CODE_DUPLICATE_KEY ? error_set(error, ERROR_EXPIRED_LOGIN, "this login was already used")
                                                  : fail(store, &problem, error);
    bson_destroy(&document);
    return code;
}

/* Deletes a bounded number of expired sessions: for servers without a TTL index; where there is one it finds none. */
static enum error_code remove_expired(struct store_mongodb *store, int64_t now, size_t limit, struct error *error) {
    bson_t *filter = BCON_NEW("expires", "{", "$lte", BCON_DATE_TIME(now), "}");
    bson_t *options = BCON_NEW("projection", "{", "_id", BCON_INT32(1), "}", "limit", BCON_INT64((int64_t)limit));
    bson_t ids, list = BSON_INITIALIZER, selector = BSON_INITIALIZER;
    bson_error_t problem;
    const bson_t *document;
    bson_iter_t id;
    uint32_t count = 0;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(store->sessions, filter, options, NULL);
    while (mongoc_cursor_next(cursor, &document)) {
        char text[16];
        const char *index;
        bson_uint32_to_string(count++, &index, text, sizeof text);
        if (bson_iter_init_find(&id, document, "_id"))
            bson_append_iter(&list, index, -1, &id);
    }
    bool done = !mongoc_cursor_error(cursor, &problem);
    if (done && count != 0) {
        BSON_APPEND_DOCUMENT_BEGIN(&selector, "_id", &ids);
        BSON_APPEND_ARRAY(&ids, "$in", &list);
        bson_append_document_end(&selector, &ids);
        done = mongoc_collection_delete_many(store->sessions, &selector, NULL, NULL, &problem);
    }
    mongoc_cursor_destroy(cursor);
    bson_destroy(filter);
    bson_destroy(options);
    bson_destroy(&list);
    bson_destroy(&selector);
    return done ? ERROR_NONE : fail(store, &problem, error);
}

static enum error_code sign_in_user(struct store *base, const struct sign_in *sign_in, struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t reply;
    bson_iter_t user;
    bson_error_t unused;
    struct error ignored;
    bool is_new;
    enum error_code code = upsert_user(store, sign_in, &reply, error);
    if (code == ERROR_NONE && !read_upserted(&reply, &user, &is_new))
        code = complain(store, "findAndModify answered without the document", error);
    if (code == ERROR_NONE)
        code = insert_session(store, sign_in, &user, error);
    if (code == ERROR_NONE) {
        /* From here on the person is signed in: house-keeping that fails is no reason to say otherwise. What keeps
         * failing shows in `cgi-login check` and `setup`. */
        if (is_new && ensure_user_indexes(store, sign_in->provider, &unused))
            ensure_session_indexes(store, &unused);
        remove_expired(store, sign_in->now, EXPIRED_SESSIONS_PER_SIGN_IN, &ignored);
    }
    bson_destroy(&reply);
    return code;
}

/* Reading. */

static enum error_code read_document(struct store_mongodb *store, const bson_t *document, cJSON **result,
                                     struct error *error) {
    if (document->len > DOCUMENT_MAX)
        return complain(store, "a user's document is larger than 1 MiB", error);
    *result = bson_json_document(document);
    return *result != NULL ? ERROR_NONE
                           : complain(store, "a user's document has malformed UTF-8 or is nested too deeply", error);
}

/* The first document that matches, copied; *found (bson_destroy) is NULL if there is none. `fields`: a projection, or
 * NULL. */
static enum error_code find_one(struct store_mongodb *store, mongoc_collection_t *collection, const bson_t *filter,
                                const bson_t *fields, bson_t **found, struct error *error) {
    bson_t options = BSON_INITIALIZER;
    bson_error_t problem;
    const bson_t *document;
    enum error_code code = ERROR_NONE;
    *found = NULL;
    BSON_APPEND_INT64(&options, "limit", 1);
    if (fields != NULL)
        BSON_APPEND_DOCUMENT(&options, "projection", fields);
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, filter, &options, NULL);
    if (mongoc_cursor_next(cursor, &document))
        *found = bson_copy(document);
    else if (mongoc_cursor_error(cursor, &problem))
        code = fail(store, &problem, error);
    mongoc_cursor_destroy(cursor);
    bson_destroy(&options);
    return code;
}

static enum error_code find_user(struct store_mongodb *store, const bson_t *filter, const bson_t *fields, cJSON **user,
                                 struct error *error) {
    bson_t *found;
    enum error_code code = find_one(store, store->users, filter, fields, &found, error);
    if (found != NULL)
        code = read_document(store, found, user, error);
    bson_destroy(found);
    return code;
}

/* The user of a live session's document, with the provider's account alone: a page needs no more. */
static enum error_code session_owner(struct store_mongodb *store, const bson_t *session, cJSON **user,
                                     struct error *error) {
    bson_iter_t owner, provider;
    bson_t filter = BSON_INITIALIZER, fields = BSON_INITIALIZER;
    enum error_code code;
    if (!bson_iter_init_find(&owner, session, "user") || !bson_iter_init_find(&provider, session, "provider") ||
        !BSON_ITER_HOLDS_UTF8(&provider)) {
        code = complain(store, "a session's document has no user or provider", error);
        goto done;
    }
    const char *name = bson_iter_utf8(&provider, NULL);
    bson_append_iter(&filter, "_id", -1, &owner);
    BSON_APPEND_INT32(&fields, name, 1);
    code = find_user(store, &filter, &fields, user, error);
    if (code == ERROR_NONE && *user != NULL && !cJSON_IsObject(json_member(*user, name))) {
        json_free(*user);
        *user = NULL;
        code = complain(store, "the user's document has no object under the provider's name", error);
    }
done:
    bson_destroy(&filter);
    bson_destroy(&fields);
    return code;
}

static enum error_code session_user(struct store *base, const char *session_id, int64_t now, cJSON **user,
                                    struct error *error) {
    struct store_mongodb *store = own(base);
    /* The server removes what has expired only once a minute. */
    bson_t *filter = BCON_NEW("_id", BCON_UTF8(session_id), "expires", "{", "$gt", BCON_DATE_TIME(now), "}");
    bson_t *session;
    *user = NULL;
    enum error_code code = find_one(store, store->sessions, filter, NULL, &session, error);
    if (session != NULL)
        code = session_owner(store, session, user, error);
    bson_destroy(session);
    bson_destroy(filter);
    return code;
}

static enum error_code session_end(struct store *base, const char *session_id, struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t selector = BSON_INITIALIZER;
    bson_error_t problem;
    BSON_APPEND_UTF8(&selector, "_id", session_id);
    const bool done = mongoc_collection_delete_one(store->sessions, &selector, NULL, NULL, &problem);
    bson_destroy(&selector);
    return done ? ERROR_NONE : fail(store, &problem, error);
}

static enum error_code user_find(struct store *base, const char *provider, const char *id, cJSON **user,
                                 struct error *error) {
    bson_t query = BSON_INITIALIZER;
    *user = NULL;
    append_id_query(&query, provider, id);
    const enum error_code code = find_user(own(base), &query, NULL, user, error);
    bson_destroy(&query);
    return code;
}

/* Splits an _id "PROVIDER:ID", which is put into `key`. */
static bool read_key(const bson_t *document, char *key, const char **provider, const char **id) {
    bson_iter_t iterator;
    if (!bson_iter_init_find(&iterator, document, "_id") || !BSON_ITER_HOLDS_UTF8(&iterator))
        return false;
    const char *text = bson_iter_utf8(&iterator, NULL);
    const char *colon = strchr(text, ':');
    if (colon == NULL || strlen(text) > PROVIDER_NAME_MAX + PROVIDER_ID_MAX + 1)
        return false;
    memcpy(key, text, strlen(text) + 1);
    key[colon - text] = '\0';
    *provider = key;
    *id = key + (colon - text) + 1;
    return provider_name_is_valid(key);
}

static enum error_code visit_user(struct store_mongodb *store, const bson_t *document, store_user_visitor visit,
                                  void *context, struct error *error) {
    const char *provider, *id;
    struct error unreadable;
    cJSON *user = NULL;
    /* Whose it is can still be told by its _id, if that is one of ours. */
    char key[PROVIDER_NAME_MAX + PROVIDER_ID_MAX + 2];
    if (read_document(store, document, &user, &unreadable) != ERROR_NONE) {
        const bool ours = read_key(document, key, &provider, &id);
        return visit(context, ours ? provider : NULL, ours ? id : NULL, NULL, error);
    }
    const bool found = user_account(user, &provider, &id);
    const enum error_code code = visit(context, found ? provider : NULL, found ? id : NULL, user, error);
    json_free(user);
    return code;
}

static enum error_code users_each(struct store *base, store_user_visitor visit, void *context, struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t filter = BSON_INITIALIZER;
    bson_error_t problem;
    const bson_t *document;
    enum error_code code = ERROR_NONE;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(store->users, &filter, NULL, NULL);
    while (code == ERROR_NONE && mongoc_cursor_next(cursor, &document))
        code = visit_user(store, document, visit, context, error);
    if (code == ERROR_NONE && mongoc_cursor_error(cursor, &problem))
        code = fail(store, &problem, error);
    mongoc_cursor_destroy(cursor);
    bson_destroy(&filter);
    return code;
}

static enum error_code user_find_either(struct store *base, const char *provider, const char *id, cJSON **user,
                                        struct error *error) {
    bson_t query = BSON_INITIALIZER;
    char path[FIELD_MAX];
    enum error_code code = user_find(base, provider, id, user, error);
    if (code == ERROR_NONE && *user == NULL) {
        BSON_APPEND_UTF8(&query, field_path(path, provider, "user_id"), id);
        code = find_user(own(base), &query, NULL, user, error);
    }
    bson_destroy(&query);
    return code;
}

/* The user goes first: a session that is left behind when this stops half-way belongs to nobody, and signs
 * nobody in. */
static enum error_code delete_found(struct store_mongodb *store, const bson_t *user, struct error *error) {
    bson_t by_id = BSON_INITIALIZER, by_user = BSON_INITIALIZER;
    bson_error_t problem;
    bson_iter_t id;
    bool done = bson_iter_init_find(&id, user, "_id");
    if (done) {
        bson_append_iter(&by_id, "_id", -1, &id);
        bson_append_iter(&by_user, "user", -1, &id);
        done = mongoc_collection_delete_one(store->users, &by_id, NULL, NULL, &problem) &&
               mongoc_collection_delete_many(store->sessions, &by_user, NULL, NULL, &problem);
    } else {
        bson_set_error(&problem, MONGOC_ERROR_BSON, 0, "the user's document has no _id");
    }
    bson_destroy(&by_id);
    bson_destroy(&by_user);
    return done ? ERROR_NONE : fail(store, &problem, error);
}

static enum error_code user_delete(struct store *base, const char *provider, const char *id, bool *deleted,
                                   struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t query = BSON_INITIALIZER, fields = BSON_INITIALIZER;
    bson_t *user;
    append_id_query(&query, provider, id);
    BSON_APPEND_INT32(&fields, "_id", 1);
    enum error_code code = find_one(store, store->users, &query, &fields, &user, error);
    if (user != NULL)
        code = delete_found(store, user, error);
    *deleted = user != NULL && code == ERROR_NONE;
    bson_destroy(user);
    bson_destroy(&query);
    bson_destroy(&fields);
    return code;
}

static enum error_code sessions_end(struct store *base, const char *provider, const char *id, struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t query = BSON_INITIALIZER, fields = BSON_INITIALIZER, selector = BSON_INITIALIZER;
    bson_error_t problem;
    bson_iter_t owner;
    bson_t *user;
    append_id_query(&query, provider, id);
    BSON_APPEND_INT32(&fields, "_id", 1);
    enum error_code code = find_one(store, store->users, &query, &fields, &user, error);
    if (user != NULL && bson_iter_init_find(&owner, user, "_id")) {
        bson_append_iter(&selector, "user", -1, &owner);
        if (!mongoc_collection_delete_many(store->sessions, &selector, NULL, NULL, &problem))
            code = fail(store, &problem, error);
    }
    bson_destroy(user);
    bson_destroy(&query);
    bson_destroy(&fields);
    bson_destroy(&selector);
    return code;
}

static enum error_code sessions_expire(struct store *base, int64_t now, size_t limit, struct error *error) {
    return remove_expired(own(base), now, limit, error);
}

/* Tokens. */

/* Whom a change applies to: the user, while the token is the expected one and nobody has claimed it. */
static void build_condition(const struct account_change *change, bson_t *query) {
    char token[FIELD_MAX], lease[FIELD_MAX];
    append_id_query(query, change->provider, change->id);
    if (change->token != NULL)
        BSON_APPEND_UTF8(query, field_path(token, change->provider, "accessToken"), change->token);
    if (change->unclaimed) {
        field_path(lease, change->provider, "token.renewingUntil");
        BCON_APPEND(query, "$or", "[", "{", lease, "{", "$exists", BCON_BOOL(false), "}", "}", "{", lease, "{", "$lte",
                    BCON_DATE_TIME(change->now), "}", "}", "]");
    }
}

static bool build_change(const struct account_change *change, bson_t *update) {
    bson_t set = BSON_INITIALIZER, unset = BSON_INITIALIZER;
    const bool built = append_changes(&set, &unset, change->provider, change->patch) &&
                       (bson_empty(&set) || BSON_APPEND_DOCUMENT(update, "$set", &set)) &&
                       (bson_empty(&unset) || BSON_APPEND_DOCUMENT(update, "$unset", &unset));
    bson_destroy(&set);
    bson_destroy(&unset);
    return built;
}

static enum error_code account_change(struct store *base, const struct account_change *change, bool *changed,
                                      struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t query = BSON_INITIALIZER, update = BSON_INITIALIZER, reply;
    bson_error_t problem;
    bson_iter_t matched;
    enum error_code code = ERROR_NONE;
    *changed = false;
    build_condition(change, &query);
    if (!build_change(change, &update)) {
        code = error_out_of_memory(error);
    } else {
        if (!mongoc_collection_update_one(store->users, &query, &update, NULL, &reply, &problem))
            code = fail(store, &problem, error);
        *changed = code == ERROR_NONE && bson_iter_init_find(&matched, &reply, "matchedCount") &&
                   bson_iter_as_int64(&matched) != 0;
        bson_destroy(&reply);
    }
    bson_destroy(&query);
    bson_destroy(&update);
    return code;
}

static void build_due(const struct token_query *query, bson_t *filter, bson_t *options) {
    char id[FIELD_MAX], token[FIELD_MAX], expiry[FIELD_MAX], invalid[FIELD_MAX];
    field_path(id, query->provider, "id");
    field_path(token, query->provider, "accessToken");
    field_path(expiry, query->provider, "token.expiresAt");
    field_path(invalid, query->provider, "token.invalidSince");
    struct buffer pattern = BUFFER_EMPTY;
    BCON_APPEND(filter, id, "{", "$gt", BCON_UTF8(query->after), "}");
    if (query->except_prefix != NULL) {
        buffer_append_format(&pattern, "^%s", query->except_prefix); /* of letters, digits, ":", "-" and "_" */
        BCON_APPEND(filter, token, "{", "$exists", BCON_BOOL(true), "$not", "{", "$regex",
                    BCON_UTF8(buffer_text(&pattern)), "}", "}");
    } else {
        BCON_APPEND(filter, token, "{", "$exists", BCON_BOOL(true), "}");
    }
    buffer_free(&pattern);
    if (query->expires_before != STORE_ANY_EXPIRY)
        BCON_APPEND(filter, expiry, "{", "$lt", BCON_DATE_TIME(query->expires_before), "}", invalid, "{", "$exists",
                    BCON_BOOL(false), "}");
    BCON_APPEND(options, "sort", "{", id, BCON_INT32(1), "}", "limit", BCON_INT64((int64_t)query->limit));
}

struct token_visit {
    const char *provider;
    store_user_visitor visit;
    void *context;
};

static enum error_code visit_token(struct store_mongodb *store, const bson_t *document, const struct token_visit *visit,
                                   struct error *error) {
    char path[FIELD_MAX];
    bson_iter_t root, id;
    struct error unreadable;
    cJSON *user = NULL;
    if (!bson_iter_init(&root, document) ||
        !bson_iter_find_descendant(&root, field_path(path, visit->provider, "id"), &id) || !BSON_ITER_HOLDS_UTF8(&id))
        return ERROR_NONE;                              /* a list of ids, say: nobody of ours */
    read_document(store, document, &user, &unreadable); /* the visitor gets NULL, and says whose it is */
    const enum error_code code = visit->visit(visit->context, visit->provider, bson_iter_utf8(&id, NULL), user, error);
    json_free(user);
    return code;
}

static enum error_code tokens_each(struct store *base, const struct token_query *query, store_user_visitor visit,
                                   void *context, struct error *error) {
    struct store_mongodb *store = own(base);
    const struct token_visit token_visit = {query->provider, visit, context};
    bson_t filter = BSON_INITIALIZER, options = BSON_INITIALIZER;
    bson_error_t problem;
    const bson_t *document;
    enum error_code code = ERROR_NONE;
    build_due(query, &filter, &options);
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(store->users, &filter, &options, NULL);
    while (code == ERROR_NONE && mongoc_cursor_next(cursor, &document))
        code = visit_token(store, document, &token_visit, error);
    if (code == ERROR_NONE && mongoc_cursor_error(cursor, &problem))
        code = fail(store, &problem, error);
    mongoc_cursor_destroy(cursor);
    bson_destroy(&filter);
    bson_destroy(&options);
    return code;
}

/* Requests that were carried out. */

static enum error_code request_seen(struct store *base, const char *hash, int64_t now, bool *seen,
                                    struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t *filter = BCON_NEW("_id", BCON_UTF8(hash), "expires", "{", "$gt", BCON_DATE_TIME(now), "}");
    bson_t *found;
    const enum error_code code = find_one(store, store->requests, filter, NULL, &found, error);
    *seen = found != NULL;
    bson_destroy(found);
    bson_destroy(filter);
    return code;
}

static enum error_code request_remember(struct store *base, const char *hash, int64_t now, int64_t expires,
                                        struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t *selector = BCON_NEW("_id", BCON_UTF8(hash));
    bson_t *document = BCON_NEW("_id", BCON_UTF8(hash), "expires", BCON_DATE_TIME(expires));
    bson_t *options = BCON_NEW("upsert", BCON_BOOL(true));
    bson_t *expired = BCON_NEW("expires", "{", "$lte", BCON_DATE_TIME(now), "}");
    bson_error_t problem;
    /* A duplicate key: the same request, at the same time, has been remembered by another process. */
    bool done = mongoc_collection_replace_one(store->requests, selector, document, options, NULL, &problem) ||
                is_server_code(&problem, CODE_DUPLICATE_KEY);
    done = done && mongoc_collection_delete_many(store->requests, expired, NULL, NULL, &problem);
    bson_destroy(selector);
    bson_destroy(document);
    bson_destroy(options);
    bson_destroy(expired);
    return done ? ERROR_NONE : fail(store, &problem, error);
}

/* Moving between stores. */

static bool add_replacement(mongoc_bulk_operation_t *bulk, const struct store_user *user, bson_error_t *problem) {
    bson_t selector = BSON_INITIALIZER, document = BSON_INITIALIZER;
    bson_t *options = BCON_NEW("upsert", BCON_BOOL(true));
    bson_iter_t id;
    const bool added = bson_json_append_members(&document, user->document) &&
                       bson_iter_init_find(&id, &document, "_id") && bson_append_iter(&selector, "_id", -1, &id) &&
                       mongoc_bulk_operation_replace_one_with_opts(bulk, &selector, &document, options, problem);
    bson_destroy(options);
    bson_destroy(&selector);
    bson_destroy(&document);
    return added;
}

static enum error_code users_put(struct store *base, const struct store_user *users, size_t count,
                                 struct error *error) {
    struct store_mongodb *store = own(base);
    bson_error_t problem = {.message = "a user's document cannot be written as BSON"};
    bson_t reply;
    mongoc_bulk_operation_t *bulk = mongoc_collection_create_bulk_operation_with_opts(store->users, NULL);
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = add_replacement(bulk, &users[i], &problem);
    if (done && count != 0) {
        done = mongoc_bulk_operation_execute(bulk, &reply, &problem) != 0;
        bson_destroy(&reply);
    }
    mongoc_bulk_operation_destroy(bulk);
    return done ? ERROR_NONE : fail(store, &problem, error);
}

/* Calls the visitor with one session's document; one without a user is passed over. */
static enum error_code visit_session(struct store_mongodb *store, const bson_t *document, store_session_visitor visit,
                                     void *context, struct error *error) {
    cJSON *user = NULL;
    cJSON *value = bson_json_document(document);
    struct store_session session = {.id = json_string(value, "_id"),
                                    .provider = json_string(value, "provider"),
                                    .created = user_date_milliseconds(json_member(value, "createdAt")),
                                    .expires = user_date_milliseconds(json_member(value, "expires"))};
    enum error_code code = ERROR_NONE;
    if (session.id == NULL || session.provider == NULL)
        goto done;
    code = session_owner(store, document, &user, error);
    session.account = user != NULL ? json_string(json_member(user, session.provider), "id") : NULL;
    if (code == ERROR_NONE && session.account != NULL)
        code = visit(context, &session, error);
done:
    json_free(user);
    json_free(value);
    return code;
}

static enum error_code sessions_each(struct store *base, int64_t now, store_session_visitor visit, void *context,
                                     struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t *filter = BCON_NEW("expires", "{", "$gt", BCON_DATE_TIME(now), "}");
    bson_error_t problem;
    const bson_t *document;
    enum error_code code = ERROR_NONE;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(store->sessions, filter, NULL, NULL);
    while (code == ERROR_NONE && mongoc_cursor_next(cursor, &document))
        code = visit_session(store, document, visit, context, error);
    if (code == ERROR_NONE && mongoc_cursor_error(cursor, &problem))
        code = fail(store, &problem, error);
    mongoc_cursor_destroy(cursor);
    bson_destroy(filter);
    return code;
}

static enum error_code session_put(struct store *base, const struct store_session *session, bool *written,
                                   struct error *error) {
    struct store_mongodb *store = own(base);
    bson_t query = BSON_INITIALIZER, fields = BSON_INITIALIZER, selector = BSON_INITIALIZER,
           document = BSON_INITIALIZER;
    bson_t *options = BCON_NEW("upsert", BCON_BOOL(true));
    bson_error_t problem;
    bson_iter_t id;
    bson_t *user;
    append_id_query(&query, session->provider, session->account);
    BSON_APPEND_INT32(&fields, "_id", 1);
    enum error_code code = find_one(store, store->users, &query, &fields, &user, error);
    *written = user != NULL && code == ERROR_NONE;
    if (user != NULL && bson_iter_init_find(&id, user, "_id")) {
        build_session(session, &id, &document);
        BSON_APPEND_UTF8(&selector, "_id", session->id);
        if (!mongoc_collection_replace_one(store->sessions, &selector, &document, options, NULL, &problem))
            code = fail(store, &problem, error);
    }
    bson_destroy(user);
    bson_destroy(options);
    bson_destroy(&query);
    bson_destroy(&fields);
    bson_destroy(&selector);
    bson_destroy(&document);
    return code;
}

/* Opening. */

static void close_store(struct store *base) {
    struct store_mongodb *store = own(base);
    mongoc_collection_destroy(store->users);
    mongoc_collection_destroy(store->sessions);
    mongoc_collection_destroy(store->requests);
    mongoc_database_destroy(store->database);
    mongoc_client_destroy(store->client);
    buffer_free_text(store->place);
    free(store);
}

static const struct store_backend backend = {.close = close_store,
                                             .setup = setup,
                                             .probe = probe,
                                             .sign_in = sign_in_user,
                                             .session_user = session_user,
                                             .session_end = session_end,
                                             .user_find = user_find,
                                             .users_each = users_each,
                                             .user_delete = user_delete,
                                             .sessions_end = sessions_end,
                                             .sessions_expire = sessions_expire,
                                             .user_find_either = user_find_either,
                                             .account_change = account_change,
                                             .tokens_each = tokens_each,
                                             .request_seen = request_seen,
                                             .request_remember = request_remember,
                                             .users_put = users_put,
                                             .sessions_each = sessions_each,
                                             .session_put = session_put};

/* libmongoc's own log lines can hold what ours must not. */
static void drop_log(mongoc_log_level_t level, const char *domain, const char *message, void *context) {
    (void)level, (void)domain, (void)message, (void)context;
}

/* Waiting fit for a web page, and writes that a majority holds, unless the URI says otherwise. */
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

static enum error_code open_client(struct store_mongodb *store, const mongoc_uri_t *uri, struct error *error) {
    bson_error_t problem;
    store->base.backend = &backend;
    store->place = describe_place(uri);
    store->password = mongoc_uri_get_password(uri);
    if (store->place == NULL)
        return error_out_of_memory(error);
    store->client = mongoc_client_new_from_uri_with_error(uri, &problem);
    if (store->client == NULL)
        return fail(store, &problem, error);
    store->password = mongoc_uri_get_password(mongoc_client_get_uri(store->client));
    mongoc_client_set_error_api(store->client, MONGOC_ERROR_API_VERSION_2);
    mongoc_client_set_appname(store->client, "cgi-login");
    const char *database = mongoc_uri_get_database(uri);
    store->database = mongoc_client_get_database(store->client, database);
    store->users = mongoc_client_get_collection(store->client, database, "users");
    store->sessions = mongoc_client_get_collection(store->client, database, "sessions");
    store->requests = mongoc_client_get_collection(store->client, database, "requests");
    return ERROR_NONE;
}

enum error_code store_mongodb_open(const char *text, struct store **store, struct error *error) {
    bson_error_t problem;
    *store = NULL;
    /* A name server that is silent must not keep the page waiting: res_nsearch and getaddrinfo heed this. */
    setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);
    mongoc_log_set_handler(drop_log, NULL); /* first, since mongoc_init logs too */
    mongoc_init();
    mongoc_uri_t *uri = mongoc_uri_new_with_error(text, &problem);
    /* libmongoc's own words on a malformed URI can quote it. */
    if (uri == NULL)
        return error_set(error, ERROR_CONFIG,
                         "store: libmongoc does not understand this MongoDB URI; encode special "
                         "characters of the password (%%40 for @), and check the options' names and values");
    set_defaults(uri);
    struct store_mongodb *opened = calloc(1, sizeof *opened);
    enum error_code code = opened != NULL ? open_client(opened, uri, error) : error_out_of_memory(error);
    mongoc_uri_destroy(uri);
    if (code == ERROR_NONE)
        *store = &opened->base;
    else if (opened != NULL)
        close_store(&opened->base);
    return code;
}
