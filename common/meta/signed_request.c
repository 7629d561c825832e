/* SPDX-License-Identifier: MIT */
#include "meta/signed_request.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/text.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_signed(const char *signature, size_t len, const char *payload, const struct secret *app_secret) {
    unsigned char given[crypto_auth_hmacsha256_BYTES], right[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    size_t given_len = 0;
    crypto_auth_hmacsha256_init(&state, app_secret->bytes, app_secret->len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)payload, strlen(payload));
    crypto_auth_hmacsha256_final(&state, right);
    const bool same = app_secret->len != 0 && base64url_decode(signature, len, given, sizeof given, &given_len) &&
                      given_len == sizeof right && sodium_memcmp(given, right, sizeof right) == 0;
    sodium_memzero(&state, sizeof state);
    sodium_memzero(right, sizeof right);
    return same;
}

/* Parses the payload; *value is NULL if it is no JSON. */
static enum error_code decode(const char *payload, cJSON **value, struct error *error) {
    const size_t len = strlen(payload);
    unsigned char *text = malloc(len + 1);
    size_t text_len = 0;
    enum json_result result = text != NULL ? JSON_MALFORMED : JSON_NO_MEMORY;
    *value = NULL;
    if (text != NULL && base64url_decode(payload, len, text, len + 1, &text_len))
        result = json_parse((const char *)text, text_len, value, NULL);
    free(text);
    return result == JSON_NO_MEMORY ? error_out_of_memory(error) : ERROR_NONE;
}

static enum error_code read_payload(const cJSON *payload, int64_t now, struct signed_request *request,
                                    struct error *error) {
    int64_t issued_at;
    if (!cJSON_IsObject(payload))
        return error_set(error, ERROR_BAD_REQUEST, "the signed_request's payload is no JSON object");
    if (!text_equal(json_string(payload, "algorithm"), "HMAC-SHA256"))
        return error_set(error, ERROR_BAD_REQUEST, "the signed_request's algorithm is not HMAC-SHA256");
    if (!json_integer(json_member(payload, "issued_at"), &issued_at) ||
        issued_at > now + SIGNED_REQUEST_AHEAD_SECONDS || issued_at < now - SIGNED_REQUEST_SECONDS)
        return error_set(error, ERROR_BAD_REQUEST,
                         "the signed_request was issued more than an hour ago, or ahead of "
                         "this machine's clock");
    if (!json_identifier(json_member(payload, "user_id"), request->user_id, sizeof request->user_id))
        return error_set(error, ERROR_BAD_REQUEST, "the signed_request has no user_id");
    return ERROR_NONE;
}

static void hash(const char *purpose, const char *text, char out[SIGNED_REQUEST_HASH_SIZE]) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(out, SIGNED_REQUEST_HASH_SIZE, digest, sizeof digest);
}

enum error_code signed_request_read(const char *text, const struct secret *app_secret, int64_t now, const char *purpose,
                                    struct signed_request *request, struct error *error) {
    const char *dot = text != NULL ? strchr(text, '.') : NULL;
    if (dot == NULL || dot == text || dot[1] == '\0' || strchr(dot + 1, '.') != NULL)
        return error_set(error, ERROR_BAD_REQUEST, "there is no signed_request of the form SIG.PAYLOAD");
    if (app_secret == NULL)
        return error_set(error, ERROR_BAD_REQUEST, "a signed_request is signed with client_secret, and there is none");
    if (!is_signed(text, (size_t)(dot - text), dot + 1, app_secret))
        return error_set(error, ERROR_BAD_REQUEST, "the signed_request's signature is not that of this app's secret");
    cJSON *payload;
    enum error_code code = decode(dot + 1, &payload, error);
    if (code == ERROR_NONE)
        code = read_payload(payload, now, request, error);
    json_free(payload);
    hash(purpose, text, request->hash);
    return code;
}
