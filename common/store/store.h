/* The store of users and sessions, whatever keeps them: one interface, one folder for each backend (sqlite/, mongodb/).
 *
 * A document is a cJSON object in MongoDB's relaxed Extended JSON (user.h builds it), so that a time is a
 * {"$date": "..."} and every backend, export and migration speaks of the same thing. One user has any number of
 * accounts, each under its provider's name in the document and so at most one of a provider; an account belongs to one
 * user, and a session to a user. All times here are seconds since 1970; a backend turns them into what it keeps. Every
 * failure is ERROR_STORE_UNAVAILABLE with a cause that names the
 * store and never a password, or ERROR_INTERNAL when memory runs out; nothing is half-written then.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_STORE_H
#define CGI_LOGIN_STORE_H

#include "base/bounds.h"
#include "base/deadline.h"
#include "base/error.h"
#include "store/credentials.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct store;

/* One login: the user and the session. Everything is owned by the caller. */
struct sign_in {
    const char *provider;
    const char *id;       /* the user's id at the provider */
    const cJSON *profile; /* goes under the provider's key: null takes a field away, one that is missing here stays */
    const struct credentials *credentials; /* go there, too */
    const char *session_id;                /* unguessable, used once */
    int64_t now;
    int64_t session_expires;
    const char
        *link_to;      /* a live session whose user is to get this account; NULL: the account's own user or a new one */
    const char *agent; /* what the list of sessions says of the browser, cut to SESSION_AGENT_MAX bytes; NULL: "" */
    const char *sid;   /* the session's id at the provider (OpenID Connect), or NULL */
};

/* NULL is fine. */
void store_close(struct store *store);

/* False if a store that was kept open is no longer the one at its place: its file was replaced. */
bool store_is_current(const struct store *store);

/* Makes each further operation give up waiting for other processes at the deadline; a moment is always granted. SQLite
 * can be told so, while MongoDB's limits are those with which it was opened. */
void store_limit(struct store *store, struct deadline deadline);

/* Makes the store (file, tables, indexes for these providers, NULL at the end) where something of it is missing;
 * harmless when all is there. */
enum error_code store_setup(struct store *store, const char *const *providers, struct error *error);

/* Whether a store has been set up. */
enum store_state {
    STORE_IS_ABSENT,
    STORE_IS_OLDER, /* by an earlier version; the next operation brings it up to date */
    STORE_IS_READY
};

/* Proves that the store can be written to, and that others cannot read it; changes nothing. On a failure *state is
 * STORE_IS_ABSENT. */
enum error_code store_probe(struct store *store, enum store_state *state, struct error *error);

/* Finds the user by provider and id or makes it, merges profile and credentials into it, and adds the session, in one
 * atomic step where the backend has such (else the user first); sets the store up where that is needed. A session id
 * that is taken is refused with ERROR_EXPIRED_LOGIN: that login was already used.
 *
 * With `link_to` the account goes to the user of that session, and the new session is one of the same user;
 * ERROR_NOT_SIGNED_IN if that session has ended, ERROR_ACCOUNT_TAKEN if another user has the account or that user has
 * another account of the provider (the cause says which). */
enum error_code store_sign_in(struct store *store, const struct sign_in *sign_in, struct error *error);

/* A login, from the moment at which its callback comes. The session that it is to make names it: the id is derived from
 * the login's state, so that what is stored lets nobody repeat a login. */
enum login_state {
    LOGIN_UNKNOWN,   /* nobody has claimed it */
    LOGIN_RUNNING,   /* it is claimed, and nothing has come of it yet */
    LOGIN_SIGNED_IN, /* its session lives */
    LOGIN_FAILED,
    LOGIN_ENDED /* it made a session, which has been ended */
};

struct login {
    enum login_state state;
    int64_t claimed;         /* when it was, but for LOGIN_UNKNOWN and LOGIN_SIGNED_IN */
    int64_t signed_in;       /* when the session was made and when it expires, for LOGIN_SIGNED_IN */
    int64_t expires;         /* likewise */
    enum error_code failure; /* for LOGIN_FAILED */
};

struct login_claim {
    const char *session_id;
    int64_t now;
    int64_t remember_until; /* no pending login of this state may be left then */
};

/* Claims a login. Of all who ask for the same one, at once or one after the other, exactly one is told *claimed: only
 * that one may spend its code. Sets the store up where that is needed, and removes a bounded number of old claims. */
enum error_code store_login_claim(struct store *store, const struct login_claim *claim, bool *claimed,
                                  struct error *error);

/* Says what has become of a login so far. */
enum error_code store_login_find(struct store *store, const char *session_id, struct login *login, struct error *error);

/* Keeps how a claimed login failed, for those who come with it again. */
enum error_code store_login_fail(struct store *store, const char *session_id, enum error_code failure,
                                 struct error *error);

/* The house-keeping of a sign-in, for the time in which the provider is waited for anyway: removes a bounded number of
 * expired sessions, but where that is a part of store_sign_in. What fails is left to the next one. */
void store_tidy(struct store *store, int64_t now);

/* The user of a session, and which of the user's accounts it shows. */
struct session_user {
    cJSON *document; /* json_free; NULL when there is no such session */
    char provider[PROVIDER_NAME_MAX + 1];
};

/* Finds the user whose session this is. The document is NULL when the session has ended or expired by `now`, or its
 * user is gone. */
enum error_code store_session_user(struct store *store, const char *session_id, int64_t now, struct session_user *user,
                                   struct error *error);

/* Takes the account of this provider from the user of a session. Sessions that showed it show another account of the
 * user from then on. ERROR_NOT_SIGNED_IN if there is no such session, ERROR_NOT_FOUND if the user has no such account,
 * and ERROR_LAST_ACCOUNT if it is the only one. */
enum error_code store_account_unlink(struct store *store, const char *session_id, const char *provider,
                                     struct error *error);

/* Ends one session; one that is not there is no failure. Whatever ends a session makes its login LOGIN_ENDED. */
enum error_code store_session_end(struct store *store, const char *session_id, struct error *error);

struct user_query {
    const char *provider;
    const char *id;
    bool or_user_id; /* also by the other id by which a provider may name the user (`user_id`) */
};

/* *user becomes the document (json_free), or NULL if there is no such user. */
enum error_code store_user_find(struct store *store, const struct user_query *query, cJSON **user, struct error *error);

/* Called once for each user, in the order in which they were made, as far as the store keeps it. `provider` and `id`
 * are one of the user's accounts, as user_account has it, and NULL for a document of another program that holds none.
 * `document` is NULL where what is stored cannot be read (no JSON object, nested too deeply, larger than 1 MiB), so
 * that one such user hides no other. The document is lent for the call. A code other than ERROR_NONE stops the walk and
 * is returned (the visitor fills `error`). */
typedef enum error_code (*store_user_visitor)(void *context, const char *provider, const char *id,
                                              const cJSON *document, struct error *error);
enum error_code store_users_each(struct store *store, store_user_visitor visit, void *context, struct error *error);

/* The same for a part of them: those behind the first `skip`, and no more than `limit`. Their order is the backend's
 * own, and stays while nobody comes or goes. */
struct user_part {
    size_t skip;
    size_t limit;
};
enum error_code store_users_part(struct store *store, const struct user_part *part, store_user_visitor visit,
                                 void *context, struct error *error);

/* Removes the user who has this account, with all accounts and sessions, in one step. *deleted says whether there was
 * one. */
enum error_code store_user_delete(struct store *store, const char *provider, const char *id, bool *deleted,
                                  struct error *error);

/* Removes one account, or the user where it was the only one, and ends all sessions of the user. *removed says whether
 * there was such an account. */
enum error_code store_account_remove(struct store *store, const char *provider, const char *id, bool *removed,
                                     struct error *error);

/* Ends all sessions of a user. */
enum error_code store_sessions_end(struct store *store, const char *provider, const char *id, struct error *error);

/* Ends those sessions of a user that show this account. */
enum error_code store_account_sessions_end(struct store *store, const char *provider, const char *id,
                                           struct error *error);

/* Ends the sessions that were made with this id at the provider. */
enum error_code store_sessions_end_by_sid(struct store *store, const char *provider, const char *sid,
                                          struct error *error);

/* Which account, and so which user. */
struct account_key {
    const char *provider;
    const char *id;
};

/* Makes two users one: the accounts, sessions and other fields of `from` go to `into`, and `from` is gone (user_merge.h
 * has what becomes of the documents). Both may be the same user already. ERROR_NOT_FOUND if one of them is not there,
 * and ERROR_ACCOUNT_TAKEN, with a cause that names both accounts, where both have one of the same provider. */
enum error_code store_users_merge(struct store *store, const struct account_key *into, const struct account_key *from,
                                  struct error *error);

/* Removes at most `limit` sessions that have expired by `now`. A sign-in does that too, for a few. */
enum error_code store_sessions_expire(struct store *store, int64_t now, size_t limit, struct error *error);

/* A change of one account: of what lies under the provider's name. */
struct account_change {
    const char *provider;
    const char *id;
    const char *token;  /* applies only while this is what is stored as accessToken; NULL: whatever is */
    bool unless_leased; /* applies only where no run has the lease on the token at `now` */
    int64_t now;
    const cJSON *patch; /* a merge patch (RFC 7396) */
};

/* Makes the change in one atomic step. *changed says whether it applied. */
enum error_code store_account_change(struct store *store, const struct account_change *change, bool *changed,
                                     struct error *error);

#define STORE_ANY_EXPIRY INT64_MAX

/* Which tokens are near their end, or may be. */
struct token_query {
    const char *provider;
    const char *after;         /* ids that sort behind this one: "" to start with */
    int64_t expires_before;    /* and whose expiresAt is known and before this; STORE_ANY_EXPIRY: all tokens */
    int64_t obtained_before;   /* or is not known, and whose obtainedAt is known and before this */
    const char *except_prefix; /* and whose accessToken does not start with this; NULL: whatever it is */
    size_t limit;              /* how many at most; a backend may give fewer at a time */
};

/* Called for at most `limit` users with such a token, which is not marked invalid, in the order of their ids at that
 * provider. Nothing is locked between two calls of this function, so that the caller may take its time with each
 * batch. */
enum error_code store_tokens_each(struct store *store, const struct token_query *query, store_user_visitor visit,
                                  void *context, struct error *error);

/* A request of a provider that was or is to be carried out. */
struct store_request {
    const char *hash;
    int64_t now;
    int64_t remember_until; /* 0: the call only asks */
};

/* Asks whether the request was remembered, so that it is not carried out twice, and remembers it until the time that is
 * given. *seen says whether it was. */
enum error_code store_request(struct store *store, const struct store_request *request, bool *seen,
                              struct error *error);

/* Moving between stores. */

struct store_user {
    const char *provider; /* one of the user's accounts */
    const char *id;
    const cJSON *document; /* whole, with its _id */
};

struct store_session {
    const char *id;
    const char *provider;
    const char *owner; /* the user's id at the provider */
    int64_t created;
    int64_t expires;
    const char *agent; /* NULL is "" where it is written */
    const char *sid;   /* or NULL */
};

/* Writes whole documents over those of the same users, and all accounts that they hold. A document whose accounts
 * belong to several users of this store is refused. SQLite writes all of them or none. */
enum error_code store_users_put(struct store *store, const struct store_user *users, size_t count, struct error *error);

enum store_added {
    STORE_ADDED,
    STORE_THERE, /* a user has the _id, or one of the accounts, already */
    STORE_UNFIT  /* the store cannot hold the document */
};

/* Adds the users who are not there yet, and changes no other; added[i] says how it went with users[i]. On a failure
 * some may have been added; SQLite adds none then. */
enum error_code store_users_add(struct store *store, const struct store_user *users, size_t count,
                                enum store_added *added, struct error *error);

/* Called for each session that has not expired by `now` and whose user is there; the session is lent for the call. */
typedef enum error_code (*store_session_visitor)(void *context, const struct store_session *session,
                                                 struct error *error);
enum error_code store_sessions_each(struct store *store, int64_t now, store_session_visitor visit, void *context,
                                    struct error *error);

/* Called for each live session of the user whose live session this is, the newest first; for none if it has ended. */
enum error_code store_sessions_of(struct store *store, const char *session_id, int64_t now, store_session_visitor visit,
                                  void *context, struct error *error);

/* Called for each live session of the user who has this account, the newest first; for none if there is no such
 * user. */
enum error_code store_sessions_of_user(struct store *store, const struct account_key *account, int64_t now,
                                       store_session_visitor visit, void *context, struct error *error);

/* Writes a session over one of the same id, if its user is there; *written says whether it was. */
enum error_code store_session_put(struct store *store, const struct store_session *session, bool *written,
                                  struct error *error);

#endif
