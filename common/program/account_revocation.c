/* SPDX-License-Identifier: MIT */
#include "program/account_revocation.h"

#include "base/json.h"
#include "config/provider.h"
#include "oauth/token_revocation.h"
#include "openid/issuer.h"
#include "store/token_record.h"
#include "store/user.h"

#include <stdio.h>

/* What the accounts of a document have in common. */
struct revocation {
    struct process_cache *cache;
    const struct config *config;
    const cJSON *document;
    struct http_client *client;
    int64_t now;
};

static enum error_code revoke_token(const struct revocation *revocation, const struct provider *provider,
                                    const struct token_record *record, struct error *error) {
    const struct token *token = &record->token;
    const bool refresh = token->refresh_token != NULL && token_revocation_takes_refresh_token(provider);
    const struct secret *secret = refresh ? token->refresh_token : token->access_token;
    return token_revoke(revocation->client, provider, secret_text(secret),
                        refresh ? TOKEN_HINT_REFRESH : TOKEN_HINT_ACCESS, error);
}

/* Gets the provider, with what is kept of its issuer, which may name where a token is given back. */
static enum error_code find_provider(const struct revocation *revocation, const char *name,
                                     const struct provider **provider, struct error *error) {
    struct problems problems = {.count = 0};
    enum issuer_state state;
    enum error_code code =
        process_cache_provider(revocation->cache, revocation->config, name, provider, &problems, error);
    if (code == ERROR_NONE)
        code = process_cache_issuer(revocation->cache, revocation->config, revocation->now, &state, error);
    problems_clear(&problems);
    return code;
}

static enum error_code revoke(const struct revocation *revocation, const char *name, struct error *error) {
    const struct provider *provider;
    struct token_record record;
    if (json_member(revocation->config->providers, name) == NULL)
        return ERROR_NONE;
    enum error_code code = find_provider(revocation, name, &provider, error);
    if (code != ERROR_NONE || provider->revocation_url == NULL)
        return code;
    code = token_record_read(revocation->config, name, revocation->document, &record, error);
    if (code != ERROR_NONE)
        return code == ERROR_NOT_FOUND ? ERROR_NONE : code;
    if (!record.invalid)
        code = revoke_token(revocation, provider, &record, error);
    token_record_clear(&record);
    return code;
}

void account_revocation_run(struct process_cache *cache, const struct config *config, const cJSON *document,
                            int64_t now, account_revocation_note note, void *context) {
    struct revocation revocation = {.cache = cache, .config = config, .document = document, .now = now};
    struct error error;
    char line[LOG_LINE_MAX];
    if (process_cache_http_client(cache, config, &revocation.client, &error) != ERROR_NONE) {
        note(context, error.cause);
        return;
    }
    http_client_limit(revocation.client, deadline_in((int64_t)REVOCATION_SECONDS * MILLISECONDS_PER_SECOND));
    for (const cJSON *member = document->child; member != NULL; member = member->next) {
        if (!user_is_account(member) || revoke(&revocation, member->string, &error) == ERROR_NONE)
            continue;
        snprintf(line, sizeof line, "the token that %s had given was forgotten here, and not revoked there: %s",
                 member->string, error.cause);
        note(context, line);
    }
}
