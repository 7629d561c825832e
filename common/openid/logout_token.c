/* SPDX-License-Identifier: MIT */
#include "openid/logout_token.h"

#include "base/json.h"
#include "jose/key_set.h"
#include "openid/signed_claims.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

static const char EVENT[] = "http://schemas.openid.net/event/backchannel-logout";

static enum error_code wrong(struct error *error, const char *what) {
    return error_set(error, ERROR_PROVIDER, "the logout token %s", what);
}

/* What makes it a logout token and nothing else: an ID token that came into the wrong hands has a `nonce` and no such
 * event. */
static enum error_code check_kind(const struct jws *jws, struct error *error) {
    const cJSON *event = json_member(json_member(jws->payload, "events"), EVENT);
    if (!signed_claims_is_of_type(jws->header, "logout+jwt"))
        return wrong(error, "is a token of another kind (`typ`)");
    if (!cJSON_IsObject(event))
        return wrong(error, "does not say that it asks for a logout (`events`)");
    if (json_member(jws->payload, "nonce") != NULL)
        return wrong(error, "has a `nonce`, as an ID token has");
    return ERROR_NONE;
}

/* Reads a claim that may be absent. */
static enum error_code read_optional(const cJSON *claims, const char *name, size_t max, const char **text,
                                     struct error *error) {
    *text = signed_claims_text(claims, name, max);
    if (*text == NULL && json_member(claims, name) != NULL)
        return error_set(error, ERROR_PROVIDER, "`%s` of the logout token is no text of 1 to %zu characters", name,
                         max);
    return ERROR_NONE;
}

static enum error_code read_person(struct logout_token *token, struct error *error) {
    const cJSON *claims = token->jws.payload;
    enum error_code code = read_optional(claims, "sub", SUBJECT_MAX, &token->sub, error);
    if (code == ERROR_NONE)
        code = read_optional(claims, "sid", SESSION_SID_MAX, &token->sid, error);
    if (code == ERROR_NONE && token->sub == NULL && token->sid == NULL)
        code = wrong(error, "names nobody (`sub`) and no session (`sid`)");
    return code;
}

/* Puts together by what it is known again. One issuer gives no id twice. */
static enum error_code read_id(struct logout_token *token, const char *issuer, struct error *error) {
    static const char purpose[] = "backchannel logout";
    const char *id = signed_claims_text(token->jws.payload, "jti", LOGOUT_TOKEN_ID_MAX);
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    if (id == NULL)
        return wrong(error, "has no id of its own (`jti`)");
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)purpose, sizeof purpose);
    crypto_hash_sha256_update(&state, (const unsigned char *)issuer, strlen(issuer) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)id, strlen(id));
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(token->hash, sizeof token->hash, digest, sizeof digest);
    return ERROR_NONE;
}

/* When it ends, as a whole number that is not before. What is too far away to be counted never ends. */
static int64_t read_end(const cJSON *claims) {
    const double expires = ceil(cJSON_GetNumberValue(json_member(claims, "exp"))) + SIGNED_TOKEN_SKEW_SECONDS;
    return expires < (double)JSON_EXACT_MAX ? (int64_t)expires : JSON_EXACT_MAX;
}

static enum error_code check(struct logout_token *token, const struct logout_token_expectation *expected,
                             struct error *error) {
    const struct signed_claims claims = {"logout token", token->jws.payload, expected->issuer, expected->client_id,
                                         expected->now};
    enum error_code code = check_kind(&token->jws, error);
    if (code == ERROR_NONE)
        code = signed_claims_check_parties(&claims, error);
    if (code == ERROR_NONE)
        code = signed_claims_check_times(&claims, error);
    if (code == ERROR_NONE)
        code = read_person(token, error);
    if (code == ERROR_NONE)
        code = read_id(token, json_string(token->jws.payload, "iss"), error);
    if (code == ERROR_NONE)
        token->expires = read_end(token->jws.payload);
    return code;
}

/* It is who asks that is wrong, not the provider. */
static enum error_code of_request(enum error_code code) {
    return code == ERROR_PROVIDER ? ERROR_BAD_REQUEST : code;
}

enum error_code logout_token_read(const char *text, const struct logout_token_expectation *expected,
                                  struct logout_token *token, struct error *error) {
    *token = (struct logout_token){.sub = NULL};
    enum error_code code = jws_parse(text, &token->jws, error);
    if (code == ERROR_NONE)
        code = check(token, expected, error);
    return of_request(code);
}

enum error_code logout_token_verify(const struct logout_token *token, const cJSON *key_set, const cJSON *algorithms,
                                    bool *unknown_key, struct error *error) {
    const enum key_set_result result = key_set_verify(key_set, &token->jws, algorithms, error);
    *unknown_key = result == KEY_SET_UNKNOWN_KEY;
    return result == KEY_SET_VERIFIED ? ERROR_NONE : result == KEY_SET_NO_MEMORY ? ERROR_INTERNAL : ERROR_BAD_REQUEST;
}

void logout_token_clear(struct logout_token *token) {
    jws_clear(&token->jws);
    *token = (struct logout_token){.sub = NULL};
}
