/* SPDX-License-Identifier: MIT */
#include "store/store_backend.h"

#include "base/text.h"

#include <stddef.h>
#include <stdio.h>

void store_close(struct store *store) {
    if (store != NULL)
        store->backend->close(store);
}

bool store_is_current(const struct store *store) {
    return store->backend->is_current(store);
}

void store_limit(struct store *store, struct deadline deadline) {
    store->backend->limit(store, deadline);
}

enum error_code store_setup(struct store *store, const char *const *providers, struct error *error) {
    return store->backend->setup(store, providers, error);
}

enum error_code store_probe(struct store *store, enum store_state *state, struct error *error) {
    return store->backend->probe(store, state, error);
}

enum error_code store_login_claim(struct store *store, const struct login_claim *claim, bool *claimed,
                                  struct error *error) {
    return store->backend->login_claim(store, claim, claimed, error);
}

enum error_code store_login_find(struct store *store, const char *session_id, struct login *login,
                                 struct error *error) {
    return store->backend->login_find(store, session_id, login, error);
}

enum error_code store_login_fail(struct store *store, const char *session_id, enum error_code failure,
                                 struct error *error) {
    return store->backend->login_fail(store, session_id, failure, error);
}

void store_tidy(struct store *store, int64_t now) {
    store->backend->tidy(store, now);
}

enum error_code store_sign_in(struct store *store, const struct sign_in *sign_in, struct error *error) {
    char agent[SESSION_AGENT_MAX + 1];
    struct sign_in cut = *sign_in;
    const char *whole = sign_in->agent != NULL ? sign_in->agent : "";
    snprintf(agent, sizeof agent, "%.*s", (int)text_cut(whole, SESSION_AGENT_MAX), whole);
    cut.agent = agent;
    return store->backend->sign_in(store, &cut, error);
}

enum error_code store_session_user(struct store *store, const char *session_id, int64_t now, struct session_user *user,
                                   struct error *error) {
    return store->backend->session_user(store, session_id, now, user, error);
}

enum error_code store_account_unlink(struct store *store, const char *session_id, const char *provider,
                                     struct error *error) {
    return store->backend->account_unlink(store, session_id, provider, error);
}

enum error_code store_session_end(struct store *store, const char *session_id, struct error *error) {
    return store->backend->session_end(store, session_id, error);
}

enum error_code store_user_find(struct store *store, const struct user_query *query, cJSON **user,
                                struct error *error) {
    return store->backend->user_find(store, query, user, error);
}

enum error_code store_users_each(struct store *store, store_user_visitor visit, void *context, struct error *error) {
    return store->backend->users_each(store, visit, context, error);
}

enum error_code store_users_part(struct store *store, const struct user_part *part, store_user_visitor visit,
                                 void *context, struct error *error) {
    return store->backend->users_part(store, part, visit, context, error);
}

enum error_code store_user_delete(struct store *store, const char *provider, const char *id, bool *deleted,
                                  struct error *error) {
    return store->backend->user_delete(store, provider, id, deleted, error);
}

enum error_code store_account_remove(struct store *store, const char *provider, const char *id, bool *removed,
                                     struct error *error) {
    return store->backend->account_remove(store, provider, id, removed, error);
}

enum error_code store_account_sessions_end(struct store *store, const char *provider, const char *id,
                                           struct error *error) {
    return store->backend->account_sessions_end(store, provider, id, error);
}

enum error_code store_sessions_end_by_sid(struct store *store, const char *provider, const char *sid,
                                          struct error *error) {
    return store->backend->sessions_end_by_sid(store, provider, sid, error);
}

enum error_code store_users_merge(struct store *store, const struct account_key *into, const struct account_key *from,
                                  struct error *error) {
    return store->backend->users_merge(store, into, from, error);
}

enum error_code store_sessions_end(struct store *store, const char *provider, const char *id, struct error *error) {
    return store->backend->sessions_end(store, provider, id, error);
}

enum error_code store_sessions_expire(struct store *store, int64_t now, size_t limit, struct error *error) {
    return store->backend->sessions_expire(store, now, limit, error);
}

enum error_code store_account_change(struct store *store, const struct account_change *change, bool *changed,
                                     struct error *error) {
    return store->backend->account_change(store, change, changed, error);
}

enum error_code store_tokens_each(struct store *store, const struct token_query *query, store_user_visitor visit,
                                  void *context, struct error *error) {
    return store->backend->tokens_each(store, query, visit, context, error);
}

enum error_code store_request(struct store *store, const struct store_request *request, bool *seen,
                              struct error *error) {
    return store->backend->request(store, request, seen, error);
}

enum error_code store_users_put(struct store *store, const struct store_user *users, size_t count,
                                struct error *error) {
    return store->backend->users_put(store, users, count, error);
}

enum error_code store_users_add(struct store *store, const struct store_user *users, size_t count,
                                enum store_added *added, struct error *error) {
    return store->backend->users_add(store, users, count, added, error);
}

enum error_code store_sessions_each(struct store *store, int64_t now, store_session_visitor visit, void *context,
                                    struct error *error) {
    return store->backend->sessions_each(store, now, visit, context, error);
}

enum error_code store_sessions_of(struct store *store, const char *session_id, int64_t now, store_session_visitor visit,
                                  void *context, struct error *error) {
    return store->backend->sessions_of(store, session_id, now, visit, context, error);
}

enum error_code store_sessions_of_user(struct store *store, const struct account_key *account, int64_t now,
                                       store_session_visitor visit, void *context, struct error *error) {
    return store->backend->sessions_of_user(store, account, now, visit, context, error);
}

enum error_code store_session_put(struct store *store, const struct store_session *session, bool *written,
                                  struct error *error) {
    return store->backend->session_put(store, session, written, error);
}
