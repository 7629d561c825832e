/* mongodb_remedy.c: what the operator is told depends on libmongoc's domains and codes and on the URI, and on none of
 * libmongoc's words, which every version changes: each row holds with the words of 1.23, of 1.30 and with none.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "store/mongodb/mongodb.h"

static const struct {
    const char *part; /* of the remedy; NULL: there is none */
    uint32_t domain, code;
    struct mongodb_facts facts;
} rows[] = {
#define SELECTION MONGOC_ERROR_SERVER_SELECTION, MONGOC_ERROR_SERVER_SELECTION_FAILURE
    {"does the server speak TLS", SELECTION, {.tls = true, .contact = {.failed = true}}},
    {"check the certificate's name and its CA", SELECTION, {.tls = true, .contact = {.failed = true}}},
    {"does the server want TLS", SELECTION, {.contact = {.failed = true}}},
    {"that tlsCAFile", SELECTION, {.tls = true, .ca_file_is_bad = true, .contact = {.failed = true}}},
    {"check the host's name", SELECTION, {.contact = {.failed = true, .name_unknown = true}}},
    {"check the host's name", SELECTION, {.tls = true, .contact = {.failed = true, .name_unknown = true}}},
    {"check the host's name", SELECTION, {.tls = true, .srv = true}},
    {"does the server speak TLS", SELECTION, {.tls = true, .srv = true, .contact = {.failed = true}}},
    {"check the host's name", MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_NAME_RESOLUTION, {.srv = true}},
    {"of this replicaSet", SELECTION, {.replica_set = true, .contact = {.answered = true}}},
    {"does the server want TLS", SELECTION, {.replica_set = true, .contact = {.failed = true}}},
    {NULL, SELECTION, {.contact = {.answered = true}}},
    {"check the user, the password", MONGOC_ERROR_CLIENT, MONGOC_ERROR_CLIENT_AUTHENTICATE, {.tls = true}},
    {"check the user, the password", MONGOC_ERROR_SERVER, 18, {.odd_password = true}},
    {"check the user, the password", MONGOC_ERROR_SCRAM, MONGOC_ERROR_SCRAM_PROTOCOL_ERROR, {.tls = true}},
    {"authMechanism=SCRAM-SHA-1", MONGOC_ERROR_SCRAM, MONGOC_ERROR_SCRAM_PROTOCOL_ERROR, {.odd_password = true}},
    {"role readWrite", MONGOC_ERROR_SERVER, 13, {.tls = true}},
    {NULL, MONGOC_ERROR_COMMAND, 13, {.tls = true}},
    {NULL, MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_SOCKET, {.tls = true}},
    {NULL, MONGOC_ERROR_SERVER, 50, {.tls = true}},
#undef SELECTION
};

static const char *const words[] = {
    "",
    "No suitable servers found (`serverSelectionTryOnce` set): [connection closed calling hello on '127.0.0.1:1']",
    "No suitable servers found: [TLS handshake failed: Connection timed out calling hello on '127.0.0.1:1']",
    "No suitable servers found: [TLS handshake failed: certificate verify failed (20) calling hello on 'h:1']",
    "No suitable servers found: [Failed to resolve 'h.invalid']",
    "Failed to look up SRV record: the DNS server SASLPrep",
};

static void words_do_not_matter(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t j = 0; j < COUNT(words); j++) {
            bson_error_t problem;
            bson_set_error(&problem, rows[i].domain, rows[i].code, "%s", words[j]);
            const char *remedy = mongodb_remedy(&rows[i].facts, &problem);
            assert_row(rows[i].part != NULL ? contains(remedy, rows[i].part) : *remedy == '\0', remedy);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_do_not_matter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
