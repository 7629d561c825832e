/* SPDX-License-Identifier: MIT */
#include "admin/token_refresh.h"

#include "base/json.h"
#include "store/document_fields.h"

#include <string.h>
#include <time.h>

/* What is done about a token. */
enum way { WAY_NONE, WAY_REFRESH, WAY_EXCHANGE };

/* One attempt: the token, its user, and the time. */
struct attempt {
    const struct refresher *refresher;
    struct token_record record;
    const char *id;
    int64_t now; /* seconds */
};

/* True for a token that ends soon. One of unknown life may: it counts as due by its age. Of a token without any time,
 * which another program stored, nothing is known, and it is left alone. */
static bool is_due(const struct attempt *attempt) {
    const struct token_record *record = &attempt->record;
    if (record->expires != 0)
        return record->expires <= attempt->now + attempt->refresher->within;
    return record->obtained != 0 && record->obtained + TOKEN_UNKNOWN_LIFE_AGE <= attempt->now;
}

/* A token whose time has passed is treated as any other that is due: the time may be an assumed one, and whether a
 * token is dead only the provider can say. */
static enum way choose_way(const struct attempt *attempt) {
    const struct provider *provider = attempt->refresher->provider;
    const struct token_record *record = &attempt->record;
    if (record->invalid || !is_due(attempt))
        return WAY_NONE;
    const bool too_young = record->obtained + provider->refresh_min_age > attempt->now;
    const bool standard = strcmp(provider->refresh_grant, "refresh_token") == 0;
    if (standard && record->token.refresh_token != NULL)
        return too_young ? WAY_NONE : WAY_REFRESH;
    /* One that ends before it is old enough is a short-lived one, whose exchange failed at the login. */
    if (too_young && provider->long_lived_url != NULL && record->expires != 0 &&
        record->expires - record->obtained <= provider->refresh_min_age)
        return WAY_EXCHANGE;
    return standard || too_young ? WAY_NONE : WAY_REFRESH;
}

/* Applies a patch if the stored token is still the one that was read, and frees the patch. */
static enum error_code change(const struct attempt *attempt, cJSON *patch, bool unless_leased, bool *changed,
                              struct error *error) {
    const struct account_change account_change = {.provider = attempt->refresher->provider->name,
                                                  .id = attempt->id,
                                                  .token = attempt->record.stored,
                                                  .unless_leased = unless_leased,
                                                  .now = attempt->now,
                                                  .patch = patch};
    *changed = false;
    const enum error_code code = patch != NULL
                                     ? store_account_change(attempt->refresher->store, &account_change, changed, error)
                                     : error_out_of_memory(error);
    json_free(patch);
    return code;
}

static enum token_refresh_outcome mark_invalid(const struct attempt *attempt, struct error *error) {
    bool changed;
    if (change(attempt, token_record_invalid_patch(attempt->now), false, &changed, error) != ERROR_NONE)
        return REFRESH_FAILED;
    return changed ? REFRESH_INVALID : REFRESH_OVERTAKEN;
}

static void give_lease_back(const struct attempt *attempt) {
    struct error ignored; /* the lease ends by itself soon */
    bool changed;
    change(attempt, token_record_lease_patch(0), false, &changed, &ignored);
}

static enum token_refresh_outcome write_token(const struct attempt *attempt, struct secret **fresh,
                                              struct error *error) {
    const struct refresher *refresher = attempt->refresher;
    const struct token *token = &attempt->record.token;
    struct credentials fresh_credentials = {.members = NULL};
    bool changed;
    if (token_record_make(refresher->config, refresher->provider->name, attempt->id, token, (int64_t)time(NULL),
                          &fresh_credentials, error) != ERROR_NONE)
        return REFRESH_FAILED;
    if (change(attempt, fresh_credentials.members, false, &changed, error) != ERROR_NONE)
        return REFRESH_FAILED;
    error_set(error, ERROR_NONE, "%s", token->remark != NULL ? token->remark : "");
    if (changed && fresh != NULL)
        *fresh = secret_copy(token->access_token->bytes, token->access_token->len);
    return changed ? REFRESH_DONE : REFRESH_OVERTAKEN;
}

static enum token_refresh_outcome call_provider(struct attempt *attempt, enum way way, struct secret **fresh,
                                                struct error *error) {
    const struct refresher *refresher = attempt->refresher;
    struct token *token = &attempt->record.token;
    const enum error_code code = way == WAY_EXCHANGE
                                     ? token_exchange_long_lived(refresher->client, refresher->provider, token, error)
                                     : token_refresh(refresher->client, refresher->provider, token, error);
    if (code == ERROR_NONE)
        return write_token(attempt, fresh, error);
    if (code == ERROR_TOKEN_DEAD)
        return mark_invalid(attempt, error);
    give_lease_back(attempt);
    return code == ERROR_TOO_MANY_CALLS ? REFRESH_TOO_MANY : REFRESH_FAILED;
}

static enum token_refresh_outcome refresh_token(struct attempt *attempt, struct secret **fresh, struct error *error) {
    const enum way way = choose_way(attempt);
    bool leased;
    if (way == WAY_NONE)
        return REFRESH_NOT_DUE;
    if (change(attempt, token_record_lease_patch(attempt->now + TOKEN_LEASE_SECONDS), true, &leased, error) !=
        ERROR_NONE)
        return REFRESH_FAILED;
    return leased ? call_provider(attempt, way, fresh, error) : REFRESH_OVERTAKEN;
}

enum token_refresh_outcome token_refresh_attempt(const struct refresher *refresher, const cJSON *document,
                                                 struct secret **fresh, struct error *error) {
    const char *provider = refresher->provider->name;
    struct attempt attempt = {.refresher = refresher,
                              .id = json_string(json_member(document, provider), FIELD_ID),
                              .now = (int64_t)time(NULL)};
    if (token_record_read(refresher->config, provider, document, &attempt.record, error) != ERROR_NONE)
        return REFRESH_FAILED;
    const enum token_refresh_outcome result = refresh_token(&attempt, fresh, error);
    token_record_clear(&attempt.record);
    return result;
}
