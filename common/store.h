/* The store of users and sessions, whatever keeps them: one interface, one file for each backend (store_sqlite.c).
 *
 * A document is a cJSON object in MongoDB's relaxed Extended JSON (user.h builds it), so that a time is a
 * {"$date": "..."} and every backend, export and migration speaks of the same thing. All times here are milliseconds
 * since 1970. Every failure is ERROR_STORE_UNAVAILABLE with a cause that names the store and never a password,
 * or ERROR_INTERNAL when memory runs out; nothing is half-written then.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_H
#define CGI_LOGIN_STORE_H

#include "error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct store;

/* One login, written in one atomic step: the user and the session. Everything is owned by the caller. */
struct sign_in {
    const char *provider;
    const char *id;          /* the user's id at the provider */
    const cJSON *account;    /* what goes under the provider's key: fields that are missing here keep their old value */
    const char *session_id;  /* unguessable, used once */
    int64_t now;
    int64_t session_expires;
};

/* Opens the store. Touches no table; a file that does not exist yet is no failure. On ERROR_NONE *store belongs to the
 * caller (store_close); otherwise it is NULL. */
enum error_code store_open(const char *uri, struct store **store, struct error *error);

/* NULL is fine. */
void store_close(struct store *store);

/* Makes the store (file, tables, indexes) where something of it is missing; harmless when all is there. */
enum error_code store_setup(struct store *store, struct error *error);

/* Proves that the store can be written to, without leaving anything in it or making it. *exists says whether it has
 * been set up. */
enum error_code store_probe(struct store *store, bool *exists, struct error *error);

/* Finds the user by provider and id or makes it, merges `account` into it, and adds the session; sets the store up
 * first where that is needed; and removes a bounded number of expired sessions. A session id that is taken is
 * refused with ERROR_EXPIRED_LOGIN: that login was already used. */
enum error_code store_sign_in(struct store *store, const struct sign_in *sign_in, struct error *error);

/* *user becomes the document of the user whose session this is (json_free), or NULL when the session has ended or
 * expired by `now`, or its user is gone. */
enum error_code store_session_user(struct store *store, const char *session_id, int64_t now, cJSON **user,
                                   struct error *error);

/* Ends one session; one that is not there is no failure. */
enum error_code store_session_end(struct store *store, const char *session_id, struct error *error);

/* *user becomes the document (json_free), or NULL if there is no such user. */
enum error_code store_user_find(struct store *store, const char *provider, const char *id, cJSON **user,
                                struct error *error);

/* Called for each user, oldest first; the document is lent for the call. A code other than ERROR_NONE stops the walk
 * and is returned (the visitor fills `error`). */
typedef enum error_code (*store_user_visitor)(void *context, const char *provider, const char *id,
                                              const cJSON *document, struct error *error);
enum error_code store_users_each(struct store *store, store_user_visitor visit, void *context, struct error *error);

/* Removes a user and all of its sessions in one step. *deleted says whether there was one. */
enum error_code store_user_delete(struct store *store, const char *provider, const char *id, bool *deleted,
                                  struct error *error);

#endif
