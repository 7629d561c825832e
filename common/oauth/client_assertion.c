/* SPDX-License-Identifier: MIT */
#include "oauth/client_assertion.h"

#include "base/file.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "jose/jws_sign.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

/* Reads the file; who else can was checked when the provider was loaded. */
static enum error_code read_key(const struct provider *provider, struct buffer *pem, struct error *error) {
    const char *path = provider->client_key_file;
    char fault[FILE_FAULT_MAX];
    if (!file_read(path, CLIENT_KEY_FILE_MAX, pem, NULL))
        return error_set(error, ERROR_CONFIG, "providers.%s.client_key.file: %s cannot be read: %s", provider->name,
                         path, file_fault(path, errno, fault));
    return ERROR_NONE;
}

static bool add_id(cJSON *claims) {
    unsigned char bytes[16];
    char text[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return json_add(claims, "jti", cJSON_CreateString(text));
}

/* The claims (RFC 7523, section 3); NULL when memory runs out. */
static cJSON *make_claims(const struct provider *provider, int64_t now) {
    const char *issuer = provider->client_key_issuer != NULL ? provider->client_key_issuer : provider->client_id;
    const char *audience = provider->client_secret_audience != NULL ? provider->client_secret_audience
                           : provider->assertion_audience != NULL   ? provider->assertion_audience
                                                                    : provider->token_url;
    cJSON *claims = cJSON_CreateObject();
    if (claims != NULL && json_add(claims, "iss", cJSON_CreateString(issuer)) &&
        json_add(claims, "sub", cJSON_CreateString(provider->client_id)) &&
        json_add(claims, "aud", cJSON_CreateString(audience)) &&
        json_add(claims, "iat", cJSON_CreateNumber((double)now)) &&
        json_add(claims, "exp", cJSON_CreateNumber((double)(now + CLIENT_ASSERTION_SECONDS))) && add_id(claims))
        return claims;
    json_free(claims);
    return NULL;
}

static enum error_code sign(const struct provider *provider, const struct buffer *pem, const cJSON *claims,
                            struct secret **assertion, struct error *error) {
    struct buffer token = BUFFER_EMPTY;
    struct error why;
    enum error_code code = jws_sign(pem, provider->client_key_id, claims, &token, &why);
    if (code == ERROR_CONFIG)
        error_set(error, code, "providers.%s.client_key.file: %s %s", provider->name, provider->client_key_file,
                  why.cause);
    else if (code != ERROR_NONE)
        *error = why;
    else if ((*assertion = secret_copy(buffer_text(&token), token.len)) == NULL)
        code = error_out_of_memory(error);
    buffer_free(&token);
    return code;
}

enum error_code client_assertion_make(const struct provider *provider, int64_t now, struct secret **assertion,
                                      struct error *error) {
    struct buffer pem = BUFFER_EMPTY;
    *assertion = NULL;
    enum error_code code = read_key(provider, &pem, error);
    cJSON *claims = code == ERROR_NONE ? make_claims(provider, now) : NULL;
    if (code == ERROR_NONE)
        code = claims != NULL ? sign(provider, &pem, claims, assertion, error) : error_out_of_memory(error);
    json_free(claims);
    buffer_free(&pem);
    return code;
}
