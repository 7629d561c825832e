/* signed_request.c: signatures that Python's hmac made, over payloads with odd spacing, escapes and other scripts;
 * every flipped bit, every truncation, padding, a signature of the decoded payload or with another secret; algorithm,
 * issued_at to the second, user_id; the hash tells one request from another.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "meta/signed_request.h"

static const char SECRET[] = "5d41402abc4b2a76b9719d911017c592";

struct vector {
    const char *name, *text, *user_id;
};

static const struct vector vectors[] = {
    {"plain",
     "2ZeJ_I5ejd8O4jvv4FilhVzoaUn7rqN0-He0RUHj-J8."
     "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc2NDAwMDAwMCwidXNlcl9pZCI6IjIxODQ3MSJ9",
     "218471"},
    {"an integer past 2^53",
     "THkCNm3ixiuo5dk_UnQtRHBxsOqme0ri3f_3PejCcIg."
     "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc2NDAwMDAwMCwidXNlcl9pZCI6MTc4NDE0MDU3OTMxODcyMTgxMjN9",
     "17841405793187218123"},
    {"line breaks and tabs between the members",
     "f9sSacN4LSQ9A3la11_q0fJpMGORx8qLDxyFKilgpfU."
     "IHsKCSJ1c2VyX2lkIiA6ICIyMTg0NzEiICwNCiAiaXNzdWVkX2F0IjogIDE3NjQwMDAwMDAsImFsZ29yaXRobSIgOiJITUFDLVNIQTI1NiIKfSAK",
     "218471"},
    {"escaped slashes, and a digit as \\u0031",
     "yCFbSqCVIk243JeI6ABPCHMkosA1ucP-rTgvOCo-3l4."
     "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc2NDAwMDAwMCwicHJvZmlsZSI6Imh0dHBzOlwvXC9leGFtcGxlLmNvbVwvX"
     "HUwMG"
     "U5IiwidXNlcl9pZCI6IjJcdTAwMzE4NDcxIn0",
     "218471"},
    {"Arabic and an emoji",
     "yIy7WdryFm4U-G1KJKcmfJ7xbFJ-rVQNS4bLcXdVdkQ."
     "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc2NDAwMDAwMCwibmFtZSI6ItmE2YrZhNmJIPCfpZYiLCJ1c2VyX2lkIjoiM"
     "jE4ND"
     "cxIn0",
     "218471"}};

static enum error_code read_with(const char *secret_text_, const char *text, int64_t now,
                                 struct signed_request *request) {
    struct secret *secret = secret_copy(secret_text_, strlen(secret_text_));
    struct error error = {""};
    struct guarded guarded = guarded_string(text);
    const enum error_code code = signed_request_read(guarded.data, secret, now, "deletion", request, &error);
    assert_int_equal(code == ERROR_NONE, error.cause[0] == '\0');
    guarded_free(&guarded);
    secret_free(secret);
    return code;
}

static enum error_code read_text(const char *text, struct signed_request *request) {
    return read_with(SECRET, text, SAMPLE_NOW, request);
}

static void encode(const void *bytes, size_t len, char *out, size_t size) {
    sodium_bin2base64(out, size, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* Signs `len` bytes of `text`, which is already encoded, into SIG.PAYLOAD. */
static void sign_text(const char *text, char *out, size_t size) {
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    char signature[64];
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)SECRET, strlen(SECRET));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, mac);
    encode(mac, sizeof mac, signature, sizeof signature);
    snprintf(out, size, "%s.%s", signature, text);
}

static void sign_payload(const char *payload, char *out, size_t size) {
    char text[2048];
    encode(payload, strlen(payload), text, sizeof text);
    sign_text(text, out, size);
}

static void takes_what_others_have_signed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct signed_request request;
        assert_row(read_text(vectors[i].text, &request) == ERROR_NONE, vectors[i].name);
        assert_string_equal(request.user_id, vectors[i].user_id);
        assert_int_equal(strspn(request.hash, "0123456789abcdef"), SIGNED_REQUEST_HASH_SIZE - 1);
    }
}

static void refuses_every_flipped_bit(void **state) {
    (void)state;
    char text[256];
    struct signed_request request;
    snprintf(text, sizeof text, "%s", vectors[0].text);
    for (size_t at = 0; text[at] != '\0'; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            text[at] ^= (char)(1u << bit);
            assert_int_equal(read_text(text, &request), ERROR_BAD_REQUEST);
            text[at] ^= (char)(1u << bit);
        }
    }
    assert_int_equal(read_text(text, &request), ERROR_NONE);
}

static void refuses_every_truncation(void **state) {
    (void)state;
    char text[256];
    struct signed_request request;
    const size_t len = strlen(vectors[0].text);
    for (size_t kept = 0; kept < len; kept++) {
        snprintf(text, sizeof text, "%.*s", (int)kept, vectors[0].text);
        assert_int_equal(read_text(text, &request), ERROR_BAD_REQUEST);
        assert_int_equal(read_text(vectors[0].text + len - kept, &request), ERROR_BAD_REQUEST);
    }
}

static void refuses_other_forms(void **state) {
    (void)state;
    const char *good = vectors[0].text, *payload = strchr(good, '.') + 1;
    const int signature_len = (int)(payload - good - 1);
    char rows[14][512];
    size_t count = 0;
    snprintf(rows[count++], sizeof *rows, "%.*s=.%s", signature_len, good, payload);
    snprintf(rows[count++], sizeof *rows, "%s=", good);
    snprintf(rows[count++], sizeof *rows, "%s.", good);
    snprintf(rows[count++], sizeof *rows, ".%s", good);
    snprintf(rows[count++], sizeof *rows, "%s.%s", good, payload);
    snprintf(rows[count++], sizeof *rows, "%.*s..%s", signature_len, good, payload);
    snprintf(rows[count++], sizeof *rows, "%.*sAAAA.%s", signature_len, good, payload);
    snprintf(rows[count++], sizeof *rows, " %s", good);
    snprintf(rows[count++], sizeof *rows, "%s\n", good);
    snprintf(rows[count++], sizeof *rows, ".%s", payload);
    snprintf(rows[count++], sizeof *rows, "%.*s.", signature_len, good);
    snprintf(rows[count++], sizeof *rows, "A.%s", payload);
    snprintf(rows[count++], sizeof *rows, "%s", payload);
    /* The same bytes in another spelling: two bits of the last character count for nothing. */
    snprintf(rows[count++], sizeof *rows, "%.*s9.%s", signature_len - 1, good, payload);
    for (size_t i = 0; i < count; i++) {
        struct signed_request request;
        assert_row(read_text(rows[i], &request) == ERROR_BAD_REQUEST, rows[i]);
    }
}

/* A padded payload that is signed so is still not what Meta sends. */
static void refuses_a_padded_payload_that_is_signed(void **state) {
    (void)state;
    char text[512], padded[256];
    struct signed_request request;
    const char *payload = strchr(vectors[2].text, '.') + 1;
    snprintf(padded, sizeof padded, "%s=", payload);
    sign_text(padded, text, sizeof text);
    assert_int_equal(read_text(text, &request), ERROR_BAD_REQUEST);
    snprintf(padded, sizeof padded, "%s", payload);
    sign_text(padded, text, sizeof text);
    assert_int_equal(read_text(text, &request), ERROR_NONE);
}

static void refuses_another_secret(void **state) {
    (void)state;
    static const char *const rows[] = {"", "5d41402abc4b2a76b9719d911017c593", "5d41402abc4b2a76b9719d911017c59",
                                       "5D41402ABC4B2A76B9719D911017C592"};
    struct signed_request request;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(read_with(rows[i], vectors[0].text, SAMPLE_NOW, &request) == ERROR_BAD_REQUEST, rows[i]);
}

/* The HMAC of the JSON text, as a naive reading of the documentation would have it. */
static void refuses_a_signature_of_the_decoded_payload(void **state) {
    (void)state;
    static const char payload[] = "{\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1764000000,\"user_id\":\"1\"}";
    char text[512], encoded[256], *dot;
    struct signed_request request;
    sign_text(payload, text, sizeof text);
    dot = strchr(text, '.');
    encode(payload, strlen(payload), encoded, sizeof encoded);
    snprintf(dot + 1, sizeof text - (size_t)(dot + 1 - text), "%s", encoded);
    assert_int_equal(read_text(text, &request), ERROR_BAD_REQUEST);
}

static void nothing_is_no_request(void **state) {
    (void)state;
    struct secret *secret = secret_copy(SECRET, strlen(SECRET));
    struct signed_request request;
    struct error error;
    assert_int_equal(signed_request_read(NULL, secret, SAMPLE_NOW, "deletion", &request, &error), ERROR_BAD_REQUEST);
    /* An empty secret would be everybody's. */
    assert_int_equal(signed_request_read(vectors[0].text, NULL, SAMPLE_NOW, "deletion", &request, &error),
                     ERROR_BAD_REQUEST);
    assert_true(contains(error.cause, "there is none"));
    assert_int_equal(signed_request_read("", secret, SAMPLE_NOW, "deletion", &request, &error), ERROR_BAD_REQUEST);
    assert_int_equal(signed_request_read(".", secret, SAMPLE_NOW, "deletion", &request, &error), ERROR_BAD_REQUEST);
    secret_free(secret);
}

#define ALGORITHM "\"algorithm\":\"HMAC-SHA256\""
#define ISSUED "\"issued_at\":1764000000"

static void reads_the_payload(void **state) {
    (void)state;
    static const struct {
        const char *payload, *user_id; /* NULL: refused */
    } rows[] = {{"{" ALGORITHM "," ISSUED ",\"user_id\":\"218471\"}", "218471"},
                {"{" ALGORITHM "," ISSUED ",\"user_id\":17841405793187218123}", "17841405793187218123"},
                {"{" ALGORITHM "," ISSUED ",\"user_id\":\"17841405793187218123\"}", "17841405793187218123"},
                {"{" ALGORITHM "," ISSUED ",\"user_id\":9007199254740993}", "9007199254740993"},
                {"{" ALGORITHM ",\"issued_at\":\"1764000000\",\"user_id\":\"1\"}", "1"}, /* a text of digits will do */
                {"{" ALGORITHM "," ISSUED "}", NULL},
                {"{" ALGORITHM "," ISSUED ",\"user_id\":\"\"}", NULL},
                {"{" ALGORITHM "," ISSUED ",\"user_id\":null}", NULL},
                {"{" ALGORITHM "," ISSUED ",\"user_id\":1.5}", NULL},
                {"{" ALGORITHM "," ISSUED ",\"user_id\":[\"1\"]}", NULL},
                {"{" ALGORITHM "," ISSUED ",\"USER_ID\":\"1\"}", NULL},
                {"{" ISSUED ",\"user_id\":\"1\"}", NULL},
                {"{\"algorithm\":\"\"," ISSUED ",\"user_id\":\"1\"}", NULL},
                {"{\"algorithm\":\"none\"," ISSUED ",\"user_id\":\"1\"}", NULL},
                {"{\"algorithm\":\"HMAC-SHA1\"," ISSUED ",\"user_id\":\"1\"}", NULL},
                {"{\"algorithm\":[\"HMAC-SHA256\"]," ISSUED ",\"user_id\":\"1\"}", NULL},
                {"{" ALGORITHM ",\"user_id\":\"1\"}", NULL},
                {"{" ALGORITHM ",\"issued_at\":\"\",\"user_id\":\"1\"}", NULL},
                {"{" ALGORITHM ",\"issued_at\":\"now\",\"user_id\":\"1\"}", NULL},
                {"{" ALGORITHM ",\"issued_at\":null,\"user_id\":\"1\"}", NULL},
                {"{" ALGORITHM ",\"issued_at\":0,\"user_id\":\"1\"}", NULL},
                {"{" ALGORITHM ",\"issued_at\":-1764000000,\"user_id\":\"1\"}", NULL},
                {"{" ALGORITHM ",\"issued_at\":99999999999999999999,\"user_id\":\"1\"}", NULL},
                {"[]", NULL},
                {"\"218471\"", NULL},
                {"null", NULL},
                {"{", NULL},
                {"", NULL},
                {"{" ALGORITHM "," ISSUED ",\"user_id\":\"1\"} x", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[2048];
        struct signed_request request = {.user_id = ""};
        sign_payload(rows[i].payload, text, sizeof text);
        assert_row((read_text(text, &request) == ERROR_NONE) == (rows[i].user_id != NULL), rows[i].payload);
        assert_row(rows[i].user_id == NULL || same(request.user_id, rows[i].user_id), rows[i].payload);
    }
}

static void is_valid_for_an_hour(void **state) {
    (void)state;
    static const struct {
        int64_t now;
        bool valid;
    } rows[] = {{SAMPLE_NOW, true},
                {SAMPLE_NOW + SIGNED_REQUEST_SECONDS, true},
                {SAMPLE_NOW + SIGNED_REQUEST_SECONDS + 1, false},
                {SAMPLE_NOW - 300, true}, /* clocks differ a little */
                {SAMPLE_NOW - 301, false},
                {SAMPLE_NOW - SECONDS_PER_DAY, false},
                {SAMPLE_NOW + 365 * SECONDS_PER_DAY, false}};
    struct signed_request request;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(read_with(SECRET, vectors[0].text, rows[i].now, &request) == ERROR_NONE, rows[i].valid);
}

static void an_id_as_long_as_may_be(void **state) {
    (void)state;
    char id[PROVIDER_ID_MAX + 2], payload[512], text[1024];
    struct signed_request request;
    for (size_t len = PROVIDER_ID_MAX; len <= PROVIDER_ID_MAX + 1; len++) {
        snprintf(payload, sizeof payload, "{" ALGORITHM "," ISSUED ",\"user_id\":\"%s\"}", repeat(id, "7", len));
        sign_payload(payload, text, sizeof text);
        assert_int_equal(read_text(text, &request) == ERROR_NONE, len <= PROVIDER_ID_MAX);
    }
}

static void the_hash_tells_requests_apart(void **state) {
    (void)state;
    struct signed_request first, again, other;
    assert_int_equal(read_text(vectors[0].text, &first), ERROR_NONE);
    assert_int_equal(read_with(SECRET, vectors[0].text, SAMPLE_NOW + 60, &again), ERROR_NONE);
    assert_int_equal(read_text(vectors[2].text, &other), ERROR_NONE);
    assert_string_equal(first.hash, again.hash);
    assert_string_not_equal(first.hash, other.hash);
    /* The same text asks for something else at another address. */
    struct secret *secret = secret_copy(SECRET, strlen(SECRET));
    struct error error;
    assert_int_equal(signed_request_read(vectors[0].text, secret, SAMPLE_NOW, "deauthorize", &other, &error),
                     ERROR_NONE);
    assert_string_not_equal(first.hash, other.hash);
    secret_free(secret);
}

/* The log gets the cause: nothing of what came may be in it. */
static void the_cause_quotes_nothing(void **state) {
    (void)state;
    struct secret *secret = secret_copy(SECRET, strlen(SECRET));
    struct signed_request request;
    struct error error;
    char text[1024];
    sign_payload("{" ALGORITHM "," ISSUED ",\"user_id\":{\"canary\":1}}", text, sizeof text);
    assert_int_equal(signed_request_read(text, secret, SAMPLE_NOW, "deletion", &request, &error), ERROR_BAD_REQUEST);
    assert_false(contains(error.cause, "canary"));
    assert_int_equal(signed_request_read("canary.canary", secret, SAMPLE_NOW, "deletion", &request, &error),
                     ERROR_BAD_REQUEST);
    assert_false(contains(error.cause, "canary"));
    assert_false(contains(error.cause, SECRET));
    secret_free(secret);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(takes_what_others_have_signed),
                                       cmocka_unit_test(refuses_every_flipped_bit),
                                       cmocka_unit_test(refuses_every_truncation),
                                       cmocka_unit_test(refuses_other_forms),
                                       cmocka_unit_test(refuses_a_padded_payload_that_is_signed),
                                       cmocka_unit_test(refuses_another_secret),
                                       cmocka_unit_test(refuses_a_signature_of_the_decoded_payload),
                                       cmocka_unit_test(nothing_is_no_request),
                                       cmocka_unit_test(reads_the_payload),
                                       cmocka_unit_test(is_valid_for_an_hour),
                                       cmocka_unit_test(an_id_as_long_as_may_be),
                                       cmocka_unit_test(the_hash_tells_requests_apart),
                                       cmocka_unit_test(the_cause_quotes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
