/* SPDX-License-Identifier: MIT */
#include "openid/id_token.h"

#include "base/json.h"
#include "base/text.h"
#include "jose/jws_algorithm.h"
#include "jose/jws_hmac.h"
#include "jose/key_set.h"
#include "openid/signed_claims.h"

#include <sodium.h>
#include <string.h>

static enum error_code wrong(struct error *error, const char *what) {
    return error_set(error, ERROR_PROVIDER, "the ID token %s", what);
}

static bool equal_secret(const char *a, const char *b) {
    return a != NULL && strlen(a) == strlen(b) && sodium_memcmp(a, b, strlen(b)) == 0;
}

/* Several audiences, or one that is not alone, need a word about who has asked (section 3.1.3.7, steps 4 and 5). */
static bool is_for_us(const cJSON *claims, const char *client_id) {
    const cJSON *party = json_member(claims, "azp"), *audience = json_member(claims, "aud");
    const bool several = cJSON_IsArray(audience) && cJSON_GetArraySize(audience) > 1;
    return party != NULL ? text_equal(cJSON_GetStringValue(party), client_id) : !several;
}

/* The access token came with it (section 3.1.3.6). */
static bool goes_with(const cJSON *hash, const char *access_token, const char *algorithm) {
    char right[JWS_HALF_HASH_SIZE];
    return jws_algorithm_half_hash(algorithm, access_token, right) && equal_secret(cJSON_GetStringValue(hash), right);
}

static enum error_code check_claims(const struct jws *jws, const struct id_token_expectation *expected,
                                    struct error *error) {
    const struct signed_claims claims = {"ID token", jws->payload, expected->issuer, expected->client_id,
                                         expected->now};
    const cJSON *hash = json_member(jws->payload, "at_hash");
    if (!signed_claims_is_of_type(jws->header, NULL) || json_member(jws->payload, "events") != NULL)
        return wrong(error, "is a token of another kind (`typ`, `events`)");
    enum error_code code = signed_claims_check_parties(&claims, error);
    if (code == ERROR_NONE && !is_for_us(jws->payload, expected->client_id))
        code = wrong(error, "was asked for by another client (`azp`) than the `client_id`");
    if (code == ERROR_NONE)
        code = signed_claims_check_subject(&claims, error);
    if (code == ERROR_NONE)
        code = signed_claims_check_times(&claims, error);
    if (code == ERROR_NONE && expected->nonce != NULL &&
        !equal_secret(json_string(jws->payload, "nonce"), expected->nonce))
        code = wrong(error, "belongs to another login (`nonce`)");
    if (code == ERROR_NONE && hash != NULL && expected->access_token != NULL &&
        !goes_with(hash, expected->access_token, json_string(jws->header, "alg")))
        code = wrong(error, "belongs to another access token (`at_hash`)");
    return code;
}

static enum error_code verify(const struct jws *jws, const cJSON *key_set, const struct id_token_expectation *expected,
                              bool *unknown_key, struct error *error) {
    if (expected->by_secret)
        return jws_hmac_verify(jws, expected->secret, error);
    const enum key_set_result result = key_set_verify(key_set, jws, expected->algorithms, error);
    *unknown_key = result == KEY_SET_UNKNOWN_KEY;
    return result == KEY_SET_NO_MEMORY ? ERROR_INTERNAL : result == KEY_SET_VERIFIED ? ERROR_NONE : ERROR_PROVIDER;
}

enum error_code id_token_read(const char *text, const cJSON *key_set, const struct id_token_expectation *expected,
                              cJSON **claims, bool *unknown_key, struct error *error) {
    struct jws jws;
    *claims = NULL;
    *unknown_key = false;
    enum error_code code = jws_parse(text, &jws, error);
    if (code == ERROR_NONE)
        code = verify(&jws, key_set, expected, unknown_key, error);
    if (code == ERROR_NONE)
        code = check_claims(&jws, expected, error);
    if (code == ERROR_NONE) {
        *claims = jws.payload;
        jws.payload = NULL;
    }
    jws_clear(&jws);
    return code;
}
