/* SPDX-License-Identifier: MIT */
#include "oauth/identity.h"

#include "base/json.h"
#include "base/text.h"
#include "openid/id_token.h"
#include "openid/issuer_fetch.h"

#include <stddef.h>

enum error_code identity_open(struct identity *identity, const struct config *config, const struct provider *provider,
                              int64_t now, struct error *error) {
    *identity = (struct identity){.config = config, .now = now};
    if (!provider->openid)
        return ERROR_NONE;
    identity->provider = provider;
    return provider->id_token_by_secret ? ERROR_NONE : key_cache_open(&identity->keys, config, provider, now, error);
}

void identity_expect(struct identity *identity, const char *verifier, enum issuer_state state) {
    nonce_derive(verifier, identity->nonce);
    identity->is_old = state == ISSUER_OLD;
}

struct http_client *identity_ask(struct identity *identity, struct http_client *client) {
    struct http_client *last = client, *beside;
    if (identity->provider == NULL)
        return last;
    if (!identity->provider->id_token_by_secret && key_cache_is_old(&identity->keys) &&
        (beside = http_client_beside(last)) != NULL)
        key_cache_ask(&identity->keys, last = beside);
    if (identity->is_old && (beside = http_client_beside(last)) != NULL)
        issuer_fetch_begin(identity->provider, last = beside, &identity->metadata);
    return last;
}

/* Judges the token by the keys, and where none of them has made it, by newer ones. */
static enum error_code judge(struct identity *identity, struct http_client *client, struct token *token,
                             const struct id_token_expectation *expected, struct error *error) {
    const char *text = secret_text(token->id_token);
    const cJSON *keys;
    bool unknown = false, fetched = false;
    struct error failure;
    if (expected->by_secret)
        return id_token_read(text, NULL, expected, &token->claims, &unknown, error);
    enum error_code code = key_cache_take(&identity->keys, client, &keys, error);
    if (code == ERROR_NONE)
        code = id_token_read(text, keys, expected, &token->claims, &unknown, error);
    if (code != ERROR_PROVIDER || !unknown)
        return code;
    if (key_cache_fetch_again(&identity->keys, client, &keys, &fetched, &failure) != ERROR_NONE)
        return error_out_of_memory(error);
    return fetched ? id_token_read(text, keys, expected, &token->claims, &unknown, error) : code;
}

enum error_code identity_verify(struct identity *identity, struct http_client *client, struct token *token,
                                struct error *error) {
    const struct provider *provider = identity->provider;
    if (provider == NULL)
        return ERROR_NONE;
    if (token->id_token == NULL)
        return error_set(error, ERROR_PROVIDER,
                         "the token endpoint gave no ID token of at most " TEXT_OF(
                             SIGNED_TOKEN_MAX) " characters, though `scope` asks for one (openid); without `issuer` "
                                               "the profile alone counts");
    const struct id_token_expectation expected = {.issuer = provider->id_token_issuer,
                                                  .client_id = provider->client_id,
                                                  .nonce = provider->id_token_nonce ? identity->nonce : NULL,
                                                  .access_token = secret_text(token->access_token),
                                                  .algorithms = provider->id_token_algorithms,
                                                  .by_secret = provider->id_token_by_secret,
                                                  .secret = provider->client_secret,
                                                  .now = identity->now};
    return judge(identity, client, token, &expected, error);
}

void identity_refresh(struct identity *identity, struct error *remark) {
    cJSON *metadata;
    struct error error;
    remark->cause[0] = '\0';
    if (identity->metadata.client == NULL || !published_is_there(&identity->metadata))
        return;
    if (issuer_fetch_end(identity->config, identity->provider, &identity->metadata, identity->now, &metadata, remark,
                         &error) != ERROR_NONE)
        *remark = error;
    json_free(metadata);
}

void identity_close(struct identity *identity) {
    key_cache_close(&identity->keys);
    published_close(&identity->metadata);
    *identity = (struct identity){.provider = NULL};
}
