/* SPDX-License-Identifier: MIT */
#include "jose/key_set.h"

#include "base/json.h"
#include "base/text.h"
#include "jose/jws_algorithm.h"
#include "jose/public_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>

static bool is_listed(const cJSON *list, const char *name) {
    const cJSON *item;
    cJSON_ArrayForEach(item, list) if (cJSON_IsString(item) && text_equal(item->valuestring, name)) return true;
    return false;
}

/* Why the key is not for this algorithm, or NULL (RFC 7517, section 4). */
static const char *unfit(const cJSON *key, const struct jws_algorithm *algorithm) {
    const cJSON *use = json_member(key, "use"), *operations = json_member(key, "key_ops");
    const cJSON *own = json_member(key, "alg");
    if (!text_equal(json_string(key, "kty"), algorithm->key_type))
        return "the key is of another type than the signature's algorithm";
    if (algorithm->curve != NULL && !text_equal(json_string(key, "crv"), algorithm->curve))
        return "the key is on another curve than the signature's algorithm";
    if (use != NULL && !text_equal(cJSON_GetStringValue(use), "sig"))
        return "the key is not for signatures (`use`)";
    if (operations != NULL && !is_listed(operations, "verify"))
        return "the key is not for verifying (`key_ops`)";
    if (own != NULL && !text_equal(cJSON_GetStringValue(own), algorithm->name))
        return "the key is for another algorithm (`alg`)";
    return NULL;
}

static enum key_set_result refuse(struct error *error, const char *cause) {
    error_set(error, ERROR_PROVIDER, "the signature of the signed token is refused: %s", cause);
    return KEY_SET_REFUSED;
}

static enum key_set_result no_memory(struct error *error) {
    error_out_of_memory(error);
    return KEY_SET_NO_MEMORY;
}

static enum key_set_result verify_with(const cJSON *key, const struct jws_algorithm *algorithm, const struct jws *jws,
                                       struct error *error) {
    EVP_PKEY *public_key = NULL;
    const char *fault = NULL;
    enum public_key_result result = public_key_read(key, algorithm, &public_key, &fault);
    if (result == PUBLIC_KEY_GOOD)
        result = public_key_verify(public_key, algorithm, jws, &fault);
    EVP_PKEY_free(public_key);
    ERR_clear_error();
    if (result == PUBLIC_KEY_NO_MEMORY)
        return no_memory(error);
    return result == PUBLIC_KEY_GOOD ? KEY_SET_VERIFIED : refuse(error, fault);
}

static enum key_set_result unknown(struct error *error) {
    error_set(error, ERROR_PROVIDER, "the signed token was made with none of the keys that the provider publishes");
    return KEY_SET_UNKNOWN_KEY;
}

/* Tries the keys that may have made the signature: those of its `kid`, or where it names none, all. */
static enum key_set_result try_keys(const cJSON *keys, const struct jws_algorithm *algorithm, const struct jws *jws,
                                    struct error *error) {
    const char *kid = json_string(jws->header, "kid");
    enum key_set_result result = unknown(error);
    int tried = 0;
    const cJSON *key;
    cJSON_ArrayForEach(key, keys) {
        if (kid != NULL && !text_equal(json_string(key, "kid"), kid))
            continue;
        const char *reason = unfit(key, algorithm);
        if (reason == NULL && ++tried > KEY_SET_TRIES_MAX)
            break;
        if (reason == NULL)
            result = verify_with(key, algorithm, jws, error);
        else if (kid != NULL)
            result = refuse(error, reason);
        if (result == KEY_SET_VERIFIED || result == KEY_SET_NO_MEMORY)
            return result;
    }
    /* Where no `kid` says which key it was, it may be a new one. */
    return result == KEY_SET_REFUSED && kid == NULL ? unknown(error) : result;
}

enum key_set_result key_set_verify(const cJSON *set, const struct jws *jws, const cJSON *algorithms,
                                   struct error *error) {
    const struct jws_algorithm *algorithm = jws_algorithm_find(json_string(jws->header, "alg"));
    const cJSON *keys = json_member(set, "keys");
    if (algorithm == NULL)
        return refuse(error, "its algorithm is none of " JWS_ALGORITHM_NAMES);
    if (algorithms != NULL && !is_listed(algorithms, algorithm->name))
        return refuse(error, "its algorithm is none that this provider is set up for (`algorithms`)");
    if (!cJSON_IsArray(keys) || cJSON_GetArraySize(keys) > KEY_SET_KEYS_MAX || json_has_duplicate_key(set, NULL))
        return refuse(error, "the provider's key set has no list of keys, more than " TEXT_OF(
                                 KEY_SET_KEYS_MAX) " of "
                                                   "them, or a member twice");
    return try_keys(keys, algorithm, jws, error);
}
