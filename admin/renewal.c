/* SPDX-License-Identifier: MIT */
#include "admin/renewal.h"

#include "base/json.h"
#include "store/document_fields.h"

#include <string.h>
#include <time.h>

/* How a token gets a new life. */
enum way { WAY_NONE, WAY_RENEW, WAY_LENGTHEN, WAY_LOST };

/* One attempt: what it is about, and when. */
struct attempt {
    const struct renewal *renewal;
    struct token_record record;
    const char *id;
    int64_t now; /* seconds */
};

static enum way choose_way(const struct attempt *attempt) {
    const struct provider *provider = attempt->renewal->provider;
    const struct token_record *record = &attempt->record;
    const bool standard = strcmp(provider->refresh_grant, "refresh_token") == 0;
    if (record->invalid || record->expires == 0 || record->expires > attempt->now + attempt->renewal->within)
        return WAY_NONE;
    if (standard && record->token.refresh_token != NULL)
        return WAY_RENEW;
    if (record->expires <= attempt->now)
        return WAY_LOST;
    /* One that ends before it is old enough is a short-lived one, whose swap failed at the login. */
    if (record->expires - record->obtained <= provider->refresh_min_age && provider->long_lived_url != NULL)
        return WAY_LENGTHEN;
    if (standard || record->obtained + provider->refresh_min_age > attempt->now)
        return WAY_NONE;
    return WAY_RENEW;
}

/* Applies a patch while the token is the one that was read; frees the patch. */
static enum error_code change(const struct attempt *attempt, cJSON *patch, bool unless_leased, bool *changed,
                              struct error *error) {
    const struct account_change account_change = {.provider = attempt->renewal->provider->name,
                                                  .id = attempt->id,
                                                  .token = attempt->record.stored,
                                                  .unless_leased = unless_leased,
                                                  .now = attempt->now,
                                                  .patch = patch};
    *changed = false;
    const enum error_code code = patch != NULL
                                     ? store_account_change(attempt->renewal->store, &account_change, changed, error)
                                     : error_out_of_memory(error);
    json_free(patch);
    return code;
}

static enum renewal_result mark_invalid(const struct attempt *attempt, struct error *error) {
    bool changed;
    if (change(attempt, token_record_invalid_patch(attempt->now), false, &changed, error) != ERROR_NONE)
        return RENEWAL_FAILED;
    return changed ? RENEWAL_INVALID : RENEWAL_OVERTAKEN;
}

static void give_lease_back(const struct attempt *attempt) {
    struct error ignored; /* it ends by itself soon */
    bool changed;
    change(attempt, token_record_lease_patch(0), false, &changed, &ignored);
}

static enum renewal_result write_token(const struct attempt *attempt, struct secret **fresh, struct error *error) {
    const struct renewal *renewal = attempt->renewal;
    const struct token *token = &attempt->record.token;
    struct credentials renewed = {.members = NULL};
    bool changed;
    if (token_record_make(renewal->config, renewal->provider->name, attempt->id, token, (int64_t)time(NULL), &renewed,
                          error) != ERROR_NONE)
        return RENEWAL_FAILED;
    if (change(attempt, renewed.members, false, &changed, error) != ERROR_NONE)
        return RENEWAL_FAILED;
    if (changed && fresh != NULL)
        *fresh = secret_copy(token->access_token->bytes, token->access_token->len);
    return changed ? RENEWAL_DONE : RENEWAL_OVERTAKEN;
}

static enum renewal_result call_provider(struct attempt *attempt, enum way way, struct secret **fresh,
                                         struct error *error) {
    const struct renewal *renewal = attempt->renewal;
    struct token *token = &attempt->record.token;
    const enum error_code code = way == WAY_LENGTHEN
                                     ? token_exchange_long_lived(renewal->client, renewal->provider, token, error)
                                     : token_refresh(renewal->client, renewal->provider, token, error);
    if (code == ERROR_NONE)
        return write_token(attempt, fresh, error);
    if (code == ERROR_TOKEN_DEAD)
        return mark_invalid(attempt, error);
    give_lease_back(attempt);
    return code == ERROR_TOO_MANY_CALLS ? RENEWAL_TOO_MANY : RENEWAL_FAILED;
}

static enum renewal_result renew(struct attempt *attempt, struct secret **fresh, struct error *error) {
    const enum way way = choose_way(attempt);
    bool leased;
    if (way == WAY_NONE)
        return RENEWAL_NOT_DUE;
    if (way == WAY_LOST)
        return mark_invalid(attempt, error);
    if (change(attempt, token_record_lease_patch(attempt->now + TOKEN_LEASE_SECONDS), true, &leased, error) !=
        ERROR_NONE)
        return RENEWAL_FAILED;
    return leased ? call_provider(attempt, way, fresh, error) : RENEWAL_OVERTAKEN;
}

enum renewal_result renewal_attempt(const struct renewal *renewal, const cJSON *document, struct secret **fresh,
                                    struct error *error) {
    const char *provider = renewal->provider->name;
    struct attempt attempt = {
        .renewal = renewal, .id = json_string(json_member(document, provider), FIELD_ID), .now = (int64_t)time(NULL)};
    if (token_record_read(renewal->config, provider, document, &attempt.record, error) != ERROR_NONE)
        return RENEWAL_FAILED;
    const enum renewal_result result = renew(&attempt, fresh, error);
    token_record_clear(&attempt.record);
    return result;
}
