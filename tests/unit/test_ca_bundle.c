/* admin/ca_bundle.c: what is read, left out and refused; every place at which a bundle can be cut off, and every byte
 * that can be damaged; the limits.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "admin/ca/ca_bundle.h"
#include "base/buffer.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

enum { DAY = 86400 };

static EVP_PKEY *key;
static struct buffer roots[3]; /* PEM */

/* Appends a certificate in PEM that is valid from yesterday for `days`, of a CA or not. */
static void append_certificate(struct buffer *out, const char *subject, long days, bool is_ca) {
    X509 *certificate = X509_new();
    X509_NAME *name = X509_NAME_new();
    BIO *pem = BIO_new(BIO_s_mem());
    char *text;
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)subject, -1, -1, 0);
    assert_true(X509_set_version(certificate, 2) && X509_set_subject_name(certificate, name) &&
                X509_set_issuer_name(certificate, name) && X509_set_pubkey(certificate, key));
    X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days * DAY);
    X509_EXTENSION *constraints =
        X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    assert_true(constraints != NULL && X509_add_ext(certificate, constraints, -1));
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0 && PEM_write_bio_X509(pem, certificate));
    const long len = BIO_get_mem_data(pem, &text);
    buffer_append(out, text, (size_t)len);
    X509_EXTENSION_free(constraints);
    X509_NAME_free(name);
    X509_free(certificate);
    BIO_free(pem);
}

static int make_key(void **state) {
    (void)state;
    key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    append_certificate(&roots[0], "First", 9, true);
    append_certificate(&roots[1], "Second", 9, true);
    append_certificate(&roots[2], "Third", 9, true);
    return key != NULL ? 0 : -1;
}

static int free_key(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(roots); i++)
        buffer_free(&roots[i]);
    EVP_PKEY_free(key);
    return 0;
}

/* Reads text that ends where nobody may read. */
static enum error_code read_text(struct ca_bundle *bundle, const char *text, size_t len, struct error *error) {
    struct guarded input = guarded_copy(text, len);
    *error = (struct error){""};
    const enum error_code code = ca_bundle_read(bundle, input.data, len, error);
    guarded_free(&input);
    assert_int_equal(code == ERROR_NONE, error->cause[0] == '\0');
    return code;
}

static void reads_and_leaves_out(void **state) {
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    struct ca_bundle bundle;
    struct error error;
    buffer_append_text(&text, "# A comment, and Ünïcode\n\n=====\n");
    buffer_append_text(&text, buffer_text(&roots[0]));
    append_certificate(&text, "Expired", 0, true);
    append_certificate(&text, "A server", 9, false);
    buffer_append_text(&text, buffer_text(&roots[1]));
    buffer_append_text(&text, buffer_text(&roots[0]));
    append_certificate(&text, "First", 8, true);
    buffer_append_text(&text, "the end");
    assert_int_equal(read_text(&bundle, buffer_text(&text), text.len, &error), ERROR_NONE);
    assert_int_equal(bundle.count, 3); /* the third has the first one's subject */
    assert_int_equal(bundle.expired, 1);
    assert_int_equal(bundle.no_ca, 1);
    assert_int_equal(ca_bundle_find(&bundle, buffer_text(&roots[0]), roots[0].len), 0);
    assert_int_equal(ca_bundle_find(&bundle, buffer_text(&roots[1]), roots[1].len), 1);
    assert_int_equal(ca_bundle_find(&bundle, buffer_text(&roots[2]), roots[2].len), bundle.count);
    assert_int_equal(ca_bundle_find(&bundle, "", 0), bundle.count);
    assert_int_equal(ca_bundle_find(&bundle, "nonsense\n", 9), bundle.count);
    ca_bundle_clear(&bundle);
    ca_bundle_clear(&bundle);
    buffer_free(&text);
}

static void refuses_other_text(void **state) {
    (void)state;
    static const char *const rows[] = {"",
                                       "\n",
                                       "<!doctype html>",
                                       "-----BEGIN CERTIFICATE-----",
                                       "-----BEGIN CERTIFICATE-----\n",
                                       "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
                                       "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                                       "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
                                       "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
                                       "-----BEGIN -----\n-----END -----\n",
                                       "-----END CERTIFICATE-----\n"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ca_bundle bundle;
        struct error error;
        assert_row(read_text(&bundle, rows[i], strlen(rows[i]), &error) == ERROR_CONFIG, rows[i]);
        ca_bundle_clear(&bundle);
    }
}

/* Cut off at any place in a certificate, it is refused; between two, nobody can tell. */
static void refuses_what_is_cut_off(void **state) {
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    static const char begin[] = "-----BEGIN ";
    buffer_append_text(&text, buffer_text(&roots[0]));
    buffer_append_text(&text, buffer_text(&roots[1]));
    for (size_t len = 0; len <= text.len; len++) {
        struct ca_bundle bundle;
        struct error error;
        const bool between = len >= roots[0].len - 1 && len < roots[0].len + sizeof begin - 1;
        const bool whole = between || len + 1 >= text.len;
        const enum error_code code = read_text(&bundle, buffer_text(&text), len, &error);
        if ((code == ERROR_NONE) != whole)
            fail_msg("cut off at %zu of %zu: %s", len, text.len, error.cause);
        ca_bundle_clear(&bundle);
    }
    buffer_free(&text);
}

/* Nothing breaks, and nothing damaged passes for the first certificate. */
static void survives_damage(void **state) {
    (void)state;
    static const char bytes[] = {'A', '\n', '-', '!', '\xff', '\0'};
    for (size_t at = 0; at < roots[0].len; at++) {
        for (size_t i = 0; i < COUNT(bytes); i++) {
            struct ca_bundle bundle;
            struct error error;
            struct guarded input = guarded_copy(buffer_text(&roots[0]), roots[0].len);
            input.data[at] = bytes[i];
            if (ca_bundle_read(&bundle, input.data, roots[0].len, &error) == ERROR_NONE)
                assert_true(bundle.count + bundle.expired + bundle.no_ca == 1);
            ca_bundle_clear(&bundle);
            guarded_free(&input);
        }
    }
}

static void takes_so_many(void **state) {
    (void)state;
    struct buffer text = {.limit = 4 * CA_BUNDLE_MAX};
    struct ca_bundle bundle;
    struct error error;
    char subject[16];
    for (int i = 0; i < CA_CERTIFICATES_MAX; i++) {
        snprintf(subject, sizeof subject, "%d", i);
        append_certificate(&text, subject, 9, true);
    }
    assert_int_equal(read_text(&bundle, buffer_text(&text), text.len, &error), ERROR_NONE);
    assert_int_equal(bundle.count, CA_CERTIFICATES_MAX);
    ca_bundle_clear(&bundle);
    append_certificate(&text, "one more", 9, true);
    assert_int_equal(read_text(&bundle, buffer_text(&text), text.len, &error), ERROR_CONFIG);
    assert_true(contains(error.cause, "more than 1000"));
    ca_bundle_clear(&bundle);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_and_leaves_out), cmocka_unit_test(refuses_other_text),
                                       cmocka_unit_test(refuses_what_is_cut_off), cmocka_unit_test(survives_damage),
                                       cmocka_unit_test(takes_so_many)};
    return cmocka_run_group_tests_name("ca_bundle", tests, make_key, free_key);
}
