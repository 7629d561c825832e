/* SPDX-License-Identifier: MIT */
#include "jose/jws.h"

#include "base/base64.h"
#include "base/json.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct part {
    const char *text;
    size_t len;
};

/* Reads an object of JSON in base64url. `what` names it in the cause. */
static enum error_code read_object(struct part part, const char *what, cJSON **object, struct error *error) {
    unsigned char *bytes = malloc(part.len + 1);
    size_t bytes_len = 0;
    enum json_result result = bytes != NULL ? JSON_MALFORMED : JSON_NO_MEMORY;
    if (bytes != NULL && base64url_decode(part.text, part.len, bytes, part.len + 1, &bytes_len))
        result = json_parse((const char *)bytes, bytes_len, object, NULL);
    if (bytes != NULL)
        sodium_memzero(bytes, part.len + 1);
    free(bytes);
    if (result == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    if (result == JSON_MALFORMED || !cJSON_IsObject(*object))
        return error_set(error, ERROR_PROVIDER, "the %s of the signed token is no JSON object in base64url", what);
    if (json_has_duplicate_key(*object, NULL))
        return error_set(error, ERROR_PROVIDER, "the %s of the signed token has a member twice", what);
    return ERROR_NONE;
}

static enum error_code check_header(const cJSON *header, struct error *error) {
    if (json_string(header, "alg") == NULL)
        return error_set(error, ERROR_PROVIDER, "the signed token names no algorithm");
    /* None of the extensions that it may ask for is understood (RFC 7515, section 4.1.11). */
    if (json_member(header, "crit") != NULL)
        return error_set(error, ERROR_PROVIDER, "the signed token asks for an extension, by `crit`");
    /* Whoever signs could bring the key along. An address of keys (jku, x5u) is harmless: nobody goes there. */
    if (json_member(header, "jwk") != NULL || json_member(header, "x5c") != NULL)
        return error_set(error, ERROR_PROVIDER, "the signed token brings a key of its own");
    if (json_member(header, "kid") != NULL && json_string(header, "kid") == NULL)
        return error_set(error, ERROR_PROVIDER, "the `kid` of the signed token is no text");
    return ERROR_NONE;
}

static enum error_code read_signature(struct part part, struct jws *jws, struct error *error) {
    jws->signature = malloc(part.len + 1);
    if (jws->signature == NULL)
        return error_out_of_memory(error);
    if (!base64url_decode(part.text, part.len, jws->signature, part.len, &jws->signature_len))
        return error_set(error, ERROR_PROVIDER, "the signature of the signed token is no base64url");
    return ERROR_NONE;
}

enum error_code jws_parse(const char *text, struct jws *jws, struct error *error) {
    *jws = (struct jws){.header = NULL};
    const size_t len = text != NULL ? strnlen(text, SIGNED_TOKEN_MAX + 1) : 0;
    if (len > SIGNED_TOKEN_MAX)
        return error_set(error, ERROR_PROVIDER, "the signed token has more than %d characters", SIGNED_TOKEN_MAX);
    const char *first = len != 0 ? strchr(text, '.') : NULL;
    const char *second = first != NULL ? strchr(first + 1, '.') : NULL;
    if (second == NULL || strchr(second + 1, '.') != NULL)
        return error_set(
            error, ERROR_PROVIDER,
            "the signed token is not HEADER.PAYLOAD.SIGNATURE; an encrypted one, of five parts, is not taken");
    const struct part header = {text, (size_t)(first - text)};
    const struct part payload = {first + 1, (size_t)(second - first - 1)};
    const struct part signature = {second + 1, len - (size_t)(second + 1 - text)};
    enum error_code code = read_object(header, "header", &jws->header, error);
    if (code == ERROR_NONE)
        code = check_header(jws->header, error);
    if (code == ERROR_NONE)
        code = read_object(payload, "payload", &jws->payload, error);
    if (code == ERROR_NONE)
        code = read_signature(signature, jws, error);
    jws->signed_text = text;
    jws->signed_len = (size_t)(second - text);
    if (code != ERROR_NONE)
        jws_clear(jws);
    return code;
}

void jws_clear(struct jws *jws) {
    json_free(jws->header);
    json_free(jws->payload);
    free(jws->signature);
    *jws = (struct jws){.header = NULL};
}
