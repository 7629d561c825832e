/* SPDX-License-Identifier: MIT */
#include "admin/ca/ca_bundle.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

static const char BEGIN[] = "-----BEGIN ";

enum block { BLOCK_CERTIFICATE, BLOCK_OTHER, BLOCK_END };

/* Reads the next block. Text between blocks is comment. PEM_read_bio_X509 would skip blocks of other kinds, and would
 * ask the terminal for the password of an encrypted one. */
static enum block read_block(BIO *text, X509 **certificate) {
    char *name = NULL, *header = NULL;
    unsigned char *data = NULL;
    long len = 0;
    *certificate = NULL;
    if (PEM_read_bio(text, &name, &header, &data, &len) == 0) {
        const bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
        ERR_clear_error();
        return end ? BLOCK_END : BLOCK_OTHER;
    }
    const unsigned char *rest = data;
    if (strcmp(name, PEM_STRING_X509) == 0 && *header == '\0')
        *certificate = d2i_X509(NULL, &rest, len);
    if (*certificate != NULL && rest != data + len) {
        X509_free(*certificate);
        *certificate = NULL;
    }
    ERR_clear_error();
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    return *certificate != NULL ? BLOCK_CERTIFICATE : BLOCK_OTHER;
}

/* Counts the blocks that begin in the text, including one that is cut off in its first line. */
static size_t count_blocks(const char *text, size_t len) {
    const char *end = text + len;
    size_t count = 0;
    for (const char *at = text; (at = memmem(at, (size_t)(end - at), BEGIN, sizeof BEGIN - 1)) != NULL; at++)
        count++;
    return count;
}

static size_t find(const struct ca_bundle *bundle, const X509 *certificate) {
    size_t i = 0;
    while (i < bundle->count && X509_cmp(bundle->certificates[i], certificate) != 0)
        i++;
    return i;
}

/* Takes the certificate over, or leaves it out. False if there is no more room. */
static bool add(struct ca_bundle *bundle, X509 *certificate) {
    if (X509_check_ca(certificate) == 0)
        bundle->no_ca++;
    else if (X509_cmp_current_time(X509_get0_notAfter(certificate)) <= 0) /* 0: no readable time */
        bundle->expired++;
    else if (find(bundle, certificate) == bundle->count) {
        if (bundle->count == CA_CERTIFICATES_MAX)
            return false;
        bundle->certificates[bundle->count++] = certificate;
        return true;
    }
    X509_free(certificate);
    return true;
}

static enum error_code read_all(struct ca_bundle *bundle, BIO *text, size_t *blocks, struct error *error) {
    X509 *certificate;
    for (*blocks = 0;; ++*blocks) {
        switch (read_block(text, &certificate)) {
        case BLOCK_END: return ERROR_NONE;
        case BLOCK_OTHER:
            return error_set(error, ERROR_CONFIG, "block %zu of it is no certificate, or is damaged or cut off",
                             *blocks + 1);
        case BLOCK_CERTIFICATE:
            if (!add(bundle, certificate)) {
                X509_free(certificate);
                return error_set(error, ERROR_CONFIG, "it holds more than %d certificates", CA_CERTIFICATES_MAX);
            }
        }
    }
}

enum error_code ca_bundle_read(struct ca_bundle *bundle, const char *text, size_t len, struct error *error) {
    size_t blocks = 0;
    *bundle = (struct ca_bundle){.count = 0};
    if (len > INT_MAX || memchr(text, '\0', len) != NULL)
        return error_set(error, ERROR_CONFIG, "it is no text; expected certificates in PEM");
    BIO *bio = BIO_new_mem_buf(text, (int)len);
    if (bio == NULL)
        return error_out_of_memory(error);
    enum error_code code = read_all(bundle, bio, &blocks, error);
    if (code == ERROR_NONE && blocks != count_blocks(text, len))
        code = error_set(error, ERROR_CONFIG, "its last certificate is cut off");
    else if (code == ERROR_NONE && blocks == 0)
        code = error_set(error, ERROR_CONFIG, "there is no certificate in it; expected certificates in PEM");
    BIO_free(bio);
    return code;
}

size_t ca_bundle_find(const struct ca_bundle *bundle, const char *text, size_t len) {
    size_t found = bundle->count;
    X509 *certificate = NULL;
    BIO *bio = len <= INT_MAX ? BIO_new_mem_buf(text, (int)len) : NULL;
    if (bio != NULL && read_block(bio, &certificate) == BLOCK_CERTIFICATE)
        found = find(bundle, certificate);
    X509_free(certificate);
    BIO_free(bio);
    return found;
}

void ca_bundle_clear(struct ca_bundle *bundle) {
    for (size_t i = 0; i < bundle->count; i++)
        X509_free(bundle->certificates[i]);
    bundle->count = 0;
}
