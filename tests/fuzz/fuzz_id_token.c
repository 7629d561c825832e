/* jws.c, key_set.c, public_key.c, id_token.c, logout_token.c and signed_claims.c: a token, a line break, the provider's
 * key set. What is taken says what was expected of it; what is refused has a cause that can be printed. The claims are
 * judged also where the signature is not right.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/json.h"
#include "base/text.h"
#include "jose/jws.h"
#include "openid/id_token.h"
#include "openid/logout_token.h"
#include "openid/signed_claims.h"

enum { NOW = 1764000000 };

static const char issuer[] = "https://issuer.example/realm", client_id[] = "client-1";

static void judge_claims(const char *token) {
    struct jws jws;
    struct error error = {""};
    if (jws_parse(token, &jws, &error) != ERROR_NONE)
        return;
    must(jws.signed_len + 1 <= strlen(token) && jws.signature_len <= strlen(token));
    const struct signed_claims claims = {"ID token", jws.payload, "https://issuer.example/{tenantid}", client_id, NOW};
    signed_claims_check_parties(&claims, &error);
    signed_claims_check_times(&claims, &error);
    signed_claims_check_subject(&claims, &error);
    must(text_is_printable(error.cause));
    jws_clear(&jws);
}

/* A logout token is none that names nobody. */
static void judge_logout(const char *text) {
    const struct logout_token_expectation expected = {issuer, client_id, NOW};
    struct logout_token token;
    struct error error = {""};
    const enum error_code code = logout_token_read(text, &expected, &token, &error);
    must(code == ERROR_NONE || code == ERROR_BAD_REQUEST);
    must(code != ERROR_NONE || token.sub != NULL || token.sid != NULL);
    must(code == ERROR_NONE || (*error.cause != '\0' && text_is_printable(error.cause)));
    logout_token_clear(&token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct id_token_expectation expected = {
        .issuer = issuer, .client_id = client_id, .access_token = "SlAV32hkKG.access-token", .now = NOW};
    char *token = fuzz_string(data, size), *set_text = strchr(token, '\n');
    cJSON *set = NULL, *claims;
    bool unknown_key;
    struct error error = {""};
    if (set_text != NULL) {
        *set_text++ = '\0';
        json_parse(set_text, strlen(set_text), &set, NULL);
    }
    judge_claims(token);
    judge_logout(token);
    const enum error_code code = id_token_read(token, set, &expected, &claims, &unknown_key, &error);
    must(code == ERROR_NONE || code == ERROR_PROVIDER);
    must((code == ERROR_NONE) == (claims != NULL));
    must(code == ERROR_NONE || (*error.cause != '\0' && text_is_printable(error.cause)));
    must(code != ERROR_NONE || (!unknown_key && text_equal(json_string(claims, "iss"), issuer)));
    json_free(claims);
    json_free(set);
    free(token);
    return 0;
}
