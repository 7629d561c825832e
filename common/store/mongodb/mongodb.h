/* Users and sessions in MongoDB, or any server that speaks its protocol: mongodb_loader.h tells how a program
 * gets at it, since libmongoc costs a process some milliseconds only to be there. What the files of this backend share;
 * store_mongodb.c opens it and gathers its operations.
 *
 * A user is found by "NAME.id", whatever its _id is; a new one gets the _id "NAME:id", so that two first logins at once
 * meet at a duplicate key and never make two users. Only our own fields are written.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_MONGODB_H
#define CGI_LOGIN_MONGODB_H

#include "store/document_fields.h"
#include "store/mongodb/store_mongodb.h"

#include <mongoc/mongoc.h>

/* How the last greeting of a server went. */
struct mongodb_contact {
    bool answered;
    bool failed;
    bool name_unknown; /* it failed for this reason */
};

struct store_mongodb {
    struct store base;
    mongoc_client_t *client;
    mongoc_database_t *database;
    mongoc_collection_t *users;
    mongoc_collection_t *sessions;
    mongoc_collection_t *requests;
    char *place;          /* hosts and database, for messages */
    const char *password; /* the password in the client's URI, to be kept out of messages, or NULL */
    struct mongodb_contact contact;
};

/* The backend's operations, as store.h has them: mongodb_sign_in and so on. */
#define DECLARE(operation) __typeof__(store_##operation) mongodb_##operation;
STORE_OPERATIONS(DECLARE)
#undef DECLARE

static inline struct store_mongodb *mongodb_own(struct store *store) {
    return (struct store_mongodb *)store;
}

/* A time as BSON has it. */
static inline int64_t mongodb_time(int64_t seconds) {
    return seconds * MILLISECONDS_PER_SECOND;
}

/* Errors (mongodb_error.c). */

/* Codes of the server that have a meaning of their own here. */
enum {
    MONGODB_BAD_VALUE = 2,
    MONGODB_UNAUTHORIZED = 13,
    MONGODB_TYPE_MISMATCH = 14,
    MONGODB_AUTHENTICATION_FAILED = 18,
    MONGODB_PATH_NOT_VIABLE = 28,
    MONGODB_INVALID_ID = 53,
    MONGODB_INDEX_OPTIONS_CONFLICT = 85,
    MONGODB_INDEX_KEY_SPECS_CONFLICT = 86,
    MONGODB_DUPLICATE_KEY = 11000
};

/* True for an error that the server sent. The numbers of libmongoc's own errors mean other things. */
bool mongodb_is_server_code(const bson_error_t *problem, uint32_t code);

/* Puts libmongoc's words into `error`, without the password, and what the operator can do. */
enum error_code mongodb_fail(const struct store_mongodb *store, const bson_error_t *problem, struct error *error);

/* Does the same for a problem of our own. */
enum error_code mongodb_complain(const struct store_mongodb *store, const char *problem, struct error *error);

/* What is known of a store whose server cannot be used. */
struct mongodb_facts {
    bool tls;            /* the URI asks for TLS */
    bool ca_file_is_bad; /* the URI's tlsCAFile cannot be read or holds no certificate */
    bool replica_set;    /* the URI names one */
    bool srv;            /* mongodb+srv:// */
    bool odd_password;   /* a password with characters beyond ASCII */
    struct mongodb_contact contact;
};

/* Returns what the operator can do: words to append, or "" (mongodb_remedy.c). */
const char *mongodb_remedy(const struct mongodb_facts *facts, const bson_error_t *problem);

/* Callbacks for libmongoc's greetings; their context is a struct mongodb_contact. */
void mongodb_note_answer(const mongoc_apm_server_heartbeat_succeeded_t *event);
void mongodb_note_failure(const mongoc_apm_server_heartbeat_failed_t *event);

/* A write that a majority did not confirm in time may be undone: it does not count as done. */
bool mongodb_is_confirmed(const bson_t *reply, bson_error_t *problem);

/* Indexes (mongodb_setup.c). */

bool mongodb_ensure_user_indexes(struct store_mongodb *store, const char *provider, bson_error_t *problem);
bool mongodb_ensure_session_indexes(struct store_mongodb *store, bson_error_t *problem);
bool mongodb_ensure_sid_index(struct store_mongodb *store, bson_error_t *problem);

/* Parts of queries and updates, and what is found (mongodb_document.c). */

enum { MONGODB_FIELD_MAX = PROVIDER_NAME_MAX + 40 /* a path such as "instagram.token.expiresAt" */ };

/* Writes the path of an account's field to `path` and returns it. */
const char *mongodb_field_path(char path[MONGODB_FIELD_MAX], const char *provider, const char *field);

/* Appends what is set and what is taken away of an account, field by field below `path`, so that fields which are not
 * ours or which the provider left out stay. */
bool mongodb_append_changes(bson_t *set, bson_t *unset, const char *path, const cJSON *object);

bool mongodb_append_id_query(bson_t *query, const char *provider, const char *id);

enum error_code mongodb_read_document(struct store_mongodb *store, const bson_t *document, cJSON **result,
                                      struct error *error);

/* The first document that matches, copied; *found (bson_destroy) is NULL if there is none. `fields`: a projection, or
 * NULL. */
enum error_code mongodb_find_one(struct store_mongodb *store, mongoc_collection_t *collection, const bson_t *filter,
                                 const bson_t *fields, bson_t **found, struct error *error);

/* Finds the first user likewise; *user must be NULL before. */
enum error_code mongodb_find_user(struct store_mongodb *store, const bson_t *filter, const bson_t *fields, cJSON **user,
                                  struct error *error);

/* Finds the user who has the account, by its id alone: *found (bson_destroy) holds the _id, on which `user` then
 * stands, and is NULL if there is none. */
enum error_code mongodb_find_user_id(struct store_mongodb *store, const struct user_query *account, bson_t **found,
                                     bson_iter_t *user, struct error *error);

/* Changes the first document that matches. *matched says how many did: none, or one. */
bool mongodb_update_one(mongoc_collection_t *collection, const bson_t *query, const bson_t *update, uint64_t *matched,
                        bson_error_t *problem);

/* Users (mongodb_sign_in.c, mongodb_accounts.c, mongodb_users.c). `user` is an iterator at the user's _id. */

/* Appends what a sign-in sets and takes away of a user, but for the account's id. */
bool mongodb_append_sign_in(bson_t *set, bson_t *unset, const struct sign_in *sign_in);

/* Carries out a sign-in that links the account to the user of a session. */
enum error_code mongodb_link(struct store_mongodb *store, const struct sign_in *sign_in, struct error *error);

enum error_code mongodb_delete_user(struct store_mongodb *store, const bson_iter_t *user, struct error *error);

/* Sessions (mongodb_sessions.c). */

/* *session becomes the document (bson_destroy) of a session that has not expired by `now`, or NULL. */
enum error_code mongodb_find_session(struct store_mongodb *store, const char *session_id, int64_t now, bson_t **session,
                                     struct error *error);

/* Inserts the session of a sign-in. `user` is an iterator at the user's _id. */
enum error_code mongodb_insert_session(struct store_mongodb *store, const struct sign_in *sign_in,
                                       const bson_iter_t *user, struct error *error);

/* Deletes a bounded number of expired documents: for servers without a TTL index; where there is one it finds none. */
enum error_code mongodb_remove_expired(struct store_mongodb *store, mongoc_collection_t *collection, int64_t now,
                                       size_t limit, struct error *error);

/* Deletes the sessions that match, and marks their logins. */
bool mongodb_end_sessions(struct store_mongodb *store, const bson_t *filter, bson_error_t *problem);

/* Logins (mongodb_logins.c). */

/* Keeps what came of the logins that match. */
bool mongodb_set_outcome(struct store_mongodb *store, const bson_t *logins, const char *outcome, bson_error_t *problem);

#endif
