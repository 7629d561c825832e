/* SPDX-License-Identifier: MIT */
#include "jose/jws_sign.h"

#include "base/json.h"
#include "base/text.h"
#include "jose/jws_algorithm.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A program that answers requests has nobody to ask for a passphrase. */
// NOLINTNEXTLINE(readability-non-const-parameter): OpenSSL says what it is
static int no_passphrase(char *text, int size, int writing, void *unused) {
    (void)text, (void)size, (void)writing, (void)unused;
    return -1;
}

static enum error_code read_key(const struct buffer *pem, EVP_PKEY **key, struct error *error) {
    BIO *memory = BIO_new_mem_buf(buffer_text(pem), (int)pem->len);
    *key = memory != NULL ? PEM_read_bio_PrivateKey(memory, NULL, no_passphrase, NULL) : NULL;
    BIO_free(memory);
    ERR_clear_error();
    if (memory == NULL)
        return error_out_of_memory(error);
    if (*key == NULL)
        return error_set(error, ERROR_CONFIG, "holds no private key as PEM text without a passphrase");
    return ERROR_NONE;
}

/* The algorithm for the key; NULL if there is none. */
static const struct jws_algorithm *choose_algorithm(const EVP_PKEY *key) {
    static const char *const curves[][2] = {{"prime256v1", "ES256"}, {"secp384r1", "ES384"}};
    char curve[32];
    size_t len;
    if (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_BITS_LEAST)
        return jws_algorithm_find("RS256");
    if (EVP_PKEY_is_a(key, "ED25519"))
        return jws_algorithm_find("EdDSA");
    if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, curve, sizeof curve, &len) == 1)
        for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
            if (strcmp(curve, curves[i][0]) == 0)
                return jws_algorithm_find(curves[i][1]);
    return NULL;
}

/* Appends bytes in base64url. */
static void append_encoded(struct buffer *out, const void *bytes, size_t len) {
    const size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = malloc(size);
    if (text == NULL) {
        out->failed = true;
        return;
    }
    buffer_append_text(out, sodium_bin2base64(text, size, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
    sodium_memzero(text, size);
    free(text);
}

static void append_json(struct buffer *out, const cJSON *value) {
    char *text = json_print(value);
    if (text != NULL)
        append_encoded(out, text, strlen(text));
    else
        out->failed = true;
    json_free_text(text);
}

static bool append_header(struct buffer *out, const struct jws_algorithm *algorithm, const char *key_id) {
    cJSON *header = cJSON_CreateObject();
    const bool made = header != NULL && json_add(header, "alg", cJSON_CreateString(algorithm->name)) &&
                      (key_id == NULL || json_add(header, "kid", cJSON_CreateString(key_id))) &&
                      json_add(header, "typ", cJSON_CreateString("JWT"));
    if (made)
        append_json(out, header);
    json_free(header);
    return made;
}

/* An ECDSA signature as JWS has it: two numbers of one length (RFC 7518, section 3.4). OpenSSL writes DER. */
static bool append_numbers(struct buffer *out, const unsigned char *der, size_t der_len, size_t number_len) {
    unsigned char numbers[EVP_MAX_MD_SIZE * 2];
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)der_len);
    const bool whole =
        signature != NULL && 2 * number_len <= sizeof numbers &&
        BN_bn2binpad(ECDSA_SIG_get0_r(signature), numbers, (int)number_len) == (int)number_len &&
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), numbers + number_len, (int)number_len) == (int)number_len;
    if (whole)
        append_encoded(out, numbers, 2 * number_len);
    ECDSA_SIG_free(signature);
    return whole;
}

/* Signs what stands in `token`, and appends the signature. */
static bool append_signature(struct buffer *token, EVP_PKEY *key, const struct jws_algorithm *algorithm) {
    const bool is_ecdsa = algorithm->curve != NULL && algorithm->digest != NULL;
    const unsigned char *text = (const unsigned char *)buffer_text(token);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = (size_t)EVP_PKEY_get_size(key);
    unsigned char *signature = malloc(len);
    bool made = signature != NULL && context != NULL &&
                EVP_DigestSignInit_ex(context, NULL, algorithm->digest, NULL, NULL, key, NULL) == 1 &&
                EVP_DigestSign(context, signature, &len, text, token->len) == 1;
    if (made) {
        buffer_append_char(token, '.');
        if (is_ecdsa)
            made = append_numbers(token, signature, len, algorithm->number_len);
        else
            append_encoded(token, signature, len);
    }
    free(signature);
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return made;
}

/* Appends the whole token. False when memory runs out: the key has been read, and it fits the algorithm. */
static bool append_token(struct buffer *token, EVP_PKEY *key, const struct jws_algorithm *algorithm, const char *key_id,
                         const cJSON *payload) {
    const bool made = append_header(token, algorithm, key_id);
    buffer_append_char(token, '.');
    append_json(token, payload);
    return made && !token->failed && append_signature(token, key, algorithm) && !token->failed;
}

enum error_code jws_sign(const struct buffer *pem, const char *key_id, const cJSON *payload, struct buffer *token,
                         struct error *error) {
    EVP_PKEY *key;
    enum error_code code = read_key(pem, &key, error);
    const struct jws_algorithm *algorithm = code == ERROR_NONE ? choose_algorithm(key) : NULL;
    if (code == ERROR_NONE && algorithm == NULL)
        code = error_set(error, ERROR_CONFIG,
                         "holds a key that signs in no way known here: expected one on P-256 or P-384, Ed25519, or RSA "
                         "of at least %d bits",
                         RSA_BITS_LEAST);
    else if (code == ERROR_NONE && !append_token(token, key, algorithm, key_id, payload))
        code = error_out_of_memory(error);
    EVP_PKEY_free(key);
    return code;
}
