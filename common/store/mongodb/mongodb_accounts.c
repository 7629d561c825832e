/* Linking, unlinking, removing and merging accounts.
 * SPDX-License-Identifier: MIT */
#include "store/mongodb/mongodb.h"

static enum error_code refuse(struct store *base, struct error *error) {
    return mongodb_complain(mongodb_own(base), "this version cannot do that with several accounts", error);
}

enum error_code mongodb_account_unlink(struct store *base, const char *session_id, const char *provider,
                                       struct error *error) {
    (void)session_id, (void)provider;
    return refuse(base, error);
}

enum error_code mongodb_account_remove(struct store *base, const char *provider, const char *id, bool *removed,
                                       struct error *error) {
    return mongodb_user_delete(base, provider, id, removed, error);
}

enum error_code mongodb_sessions_end_by_sid(struct store *base, const char *provider, const char *sid,
                                            struct error *error) {
    struct store_mongodb *store = mongodb_own(base);
    bson_t *filter = BCON_NEW(FIELD_PROVIDER, BCON_UTF8(provider), FIELD_SID, BCON_UTF8(sid));
    bson_error_t problem;
    const bool done = mongodb_end_sessions(store, filter, &problem);
    bson_destroy(filter);
    return done ? ERROR_NONE : mongodb_fail(store, &problem, error);
}

enum error_code mongodb_users_merge(struct store *base, const struct account_key *into, const struct account_key *from,
                                    struct error *error) {
    (void)into, (void)from;
    return refuse(base, error);
}

enum error_code mongodb_sessions_of(struct store *base, const char *session_id, int64_t now,
                                    store_session_visitor visit, void *context, struct error *error) {
    (void)session_id, (void)now, (void)visit, (void)context;
    return refuse(base, error);
}
