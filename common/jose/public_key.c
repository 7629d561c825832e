/* SPDX-License-Identifier: MIT */
#include "jose/public_key.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/text.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

enum {
    EXPONENT_BYTES_MAX = 4,
    MODULUS_BYTES_MAX = RSA_BITS_MAX / 8 + 1, /* some libraries put a zero in front */
    COORDINATE_BYTES_MAX = 48,
    POINT_UNCOMPRESSED = 4 /* the byte in front of both coordinates (SEC 1, section 2.3.3) */
};

/* What a call to OpenSSL that failed means. */
static enum public_key_result failure(const char *meaning, const char **fault) {
    *fault = meaning;
    return ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE ? PUBLIC_KEY_NO_MEMORY : PUBLIC_KEY_REFUSED;
}

static enum public_key_result refuse(const char *meaning, const char **fault) {
    *fault = meaning;
    return PUBLIC_KEY_REFUSED;
}

/* The bytes of a member in base64url; 0 if it is none, or has more than `size`. */
static size_t member_bytes(const cJSON *jwk, const char *name, unsigned char *bytes, size_t size) {
    const char *text = json_string(jwk, name);
    size_t len = 0;
    return text != NULL && base64url_decode(text, strlen(text), bytes, size, &len) ? len : 0;
}

static enum public_key_result make(const char *type, OSSL_PARAM *parameters, EVP_PKEY **made, const char **fault) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    enum public_key_result result = PUBLIC_KEY_GOOD;
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, made, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        result = failure("OpenSSL takes no such key", fault);
    EVP_PKEY_CTX_free(context);
    return result;
}

/* Why the numbers make no RSA key that is strong, and quick enough to verify with; NULL if they do. */
static const char *rsa_fault(const BIGNUM *modulus, const BIGNUM *exponent) {
    const int bits = BN_num_bits(modulus);
    if (bits < RSA_BITS_LEAST)
        return "the RSA key has fewer than " TEXT_OF(RSA_BITS_LEAST) " bits";
    if (bits > RSA_BITS_MAX)
        return "the RSA key has more than " TEXT_OF(RSA_BITS_MAX) " bits";
    if (!BN_is_odd(modulus) || !BN_is_odd(exponent) || BN_is_one(exponent))
        return "the RSA key has a modulus or an exponent that is even, or an exponent of 1";
    return NULL;
}

static enum public_key_result make_rsa(const BIGNUM *modulus, const BIGNUM *exponent, EVP_PKEY **made,
                                       const char **fault) {
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    if (builder != NULL && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
        parameters = OSSL_PARAM_BLD_to_param(builder);
    const enum public_key_result result =
        parameters != NULL ? make("RSA", parameters, made, fault) : PUBLIC_KEY_NO_MEMORY;
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    return result;
}

static enum public_key_result read_rsa(const cJSON *jwk, EVP_PKEY **made, const char **fault) {
    unsigned char modulus_bytes[MODULUS_BYTES_MAX], exponent_bytes[EXPONENT_BYTES_MAX];
    const size_t modulus_len = member_bytes(jwk, "n", modulus_bytes, sizeof modulus_bytes);
    const size_t exponent_len = member_bytes(jwk, "e", exponent_bytes, sizeof exponent_bytes);
    if (modulus_len == 0 || exponent_len == 0)
        return refuse("the RSA key has no modulus of at most " TEXT_OF(RSA_BITS_MAX) " bits and exponent of at most 32 "
                                                                                     "in base64url",
                      fault);
    BIGNUM *modulus = BN_bin2bn(modulus_bytes, (int)modulus_len, NULL);
    BIGNUM *exponent = BN_bin2bn(exponent_bytes, (int)exponent_len, NULL);
    enum public_key_result result = PUBLIC_KEY_NO_MEMORY;
    if (modulus != NULL && exponent != NULL) {
        const char *weakness = rsa_fault(modulus, exponent);
        result = weakness != NULL ? refuse(weakness, fault) : make_rsa(modulus, exponent, made, fault);
    }
    BN_free(modulus);
    BN_free(exponent);
    return result;
}

static enum public_key_result read_ec(const cJSON *jwk, const struct jws_algorithm *algorithm, EVP_PKEY **made,
                                      const char **fault) {
    unsigned char point[1 + 2 * COORDINATE_BYTES_MAX] = {POINT_UNCOMPRESSED};
    const size_t len = algorithm->number_len;
    char curve[sizeof "P-256"];
    if (member_bytes(jwk, "x", point + 1, len) != len || member_bytes(jwk, "y", point + 1 + len, len) != len)
        return refuse("the key's coordinates are not as long as its curve has them", fault);
    text_copy(curve, sizeof curve, algorithm->curve);
    /* OpenSSL takes no point beside the curve. */
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
                               OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * len),
                               OSSL_PARAM_construct_end()};
    return make("EC", parameters, made, fault);
}

static enum public_key_result read_ed25519(const cJSON *jwk, size_t len, EVP_PKEY **made, const char **fault) {
    unsigned char bytes[COORDINATE_BYTES_MAX];
    if (member_bytes(jwk, "x", bytes, len) != len)
        return refuse("the key is not as long as Ed25519 has it", fault);
    *made = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, bytes, len);
    return *made != NULL ? PUBLIC_KEY_GOOD : failure("OpenSSL takes no such key", fault);
}

enum public_key_result public_key_read(const cJSON *jwk, const struct jws_algorithm *algorithm, EVP_PKEY **made,
                                       const char **fault) {
    *made = NULL;
    if (json_member(jwk, "d") != NULL)
        return refuse("the provider publishes the private key, so that everybody can sign with it", fault);
    if (algorithm->curve == NULL)
        return read_rsa(jwk, made, fault);
    return algorithm->digest != NULL ? read_ec(jwk, algorithm, made, fault)
                                     : read_ed25519(jwk, algorithm->number_len, made, fault);
}

/* Writes the two numbers of an ECDSA signature as OpenSSL wants them. *der (OPENSSL_free) is NULL on failure. */
static int der_of_numbers(const unsigned char *numbers, size_t number_len, unsigned char **der) {
    ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(numbers, (int)number_len, NULL);
    BIGNUM *s = BN_bin2bn(numbers + number_len, (int)number_len, NULL);
    int len = 0;
    *der = NULL;
    if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s) == 1) {
        r = s = NULL;
        len = i2d_ECDSA_SIG(signature, der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);
    return len > 0 ? len : 0;
}

static bool verify_init(EVP_MD_CTX *context, EVP_PKEY *key, const struct jws_algorithm *algorithm) {
    EVP_PKEY_CTX *parameters = NULL; /* the context's */
    if (EVP_DigestVerifyInit_ex(context, &parameters, algorithm->digest, NULL, NULL, key, NULL) != 1)
        return false;
    /* The salt is as long as the hash: no other length (RFC 7518, section 3.5). */
    return !algorithm->pss || (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
                               EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1);
}

static enum public_key_result verify_bytes(EVP_PKEY *key, const struct jws_algorithm *algorithm, const struct jws *jws,
                                           const unsigned char *signature, size_t len) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const char *unused;
    enum public_key_result result = PUBLIC_KEY_GOOD;
    if (context == NULL || !verify_init(context, key, algorithm) ||
        EVP_DigestVerify(context, signature, len, (const unsigned char *)jws->signed_text, jws->signed_len) != 1)
        result = failure("", &unused);
    EVP_MD_CTX_free(context);
    return result;
}

enum public_key_result public_key_verify(EVP_PKEY *key, const struct jws_algorithm *algorithm, const struct jws *jws,
                                         const char **fault) {
    const bool is_ecdsa = algorithm->curve != NULL && algorithm->digest != NULL;
    *fault = "it is not right";
    if (!is_ecdsa)
        return verify_bytes(key, algorithm, jws, jws->signature, jws->signature_len);
    if (jws->signature_len != 2 * algorithm->number_len)
        return refuse("it is not as long as its curve has it", fault);
    unsigned char *der;
    const int len = der_of_numbers(jws->signature, algorithm->number_len, &der);
    const enum public_key_result result =
        der != NULL ? verify_bytes(key, algorithm, jws, der, (size_t)len) : PUBLIC_KEY_NO_MEMORY;
    OPENSSL_free(der);
    return result;
}
