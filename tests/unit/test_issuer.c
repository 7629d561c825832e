/* issuer.c and issuer_file.c: what is kept of an issuer is believed only from a file that nobody else could write, that
 * is whole and of this issuer; how old it may be; what completes a provider, and what the settings say wins; metadata
 * that are refused.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "sample.h"

#include "openid/issuer.h"
#include "openid/issuer_file.h"

#define ISSUER "https://i.example"
#define ENDPOINTS                                                                                                      \
    "\"authorization_endpoint\":\"https://i.example/a\",\"token_endpoint\":\"https://i.example/t\","                   \
    "\"jwks_uri\":\"https://i.example/k\""
#define METADATA "{\"issuer\":\"" ISSUER "\"," ENDPOINTS ",\"userinfo_endpoint\":\"https://i.example/u\"}"
#define KEPT "{\"issuer\":\"" ISSUER "\",\"fetched\":1764000000,\"tried\":1764000000,\"document\":" METADATA "}"

static struct folder folder;

static int make_folder(void **state) {
    (void)state;
    folder_make(&folder);
    folder_subfolder(&folder, "issuers");
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    folder_remove(&folder);
    return 0;
}

/* A provider "p" with these settings beside its issuer. */
static struct provider *make_provider(const char *own, struct config *config) {
    struct buffer text = BUFFER_EMPTY;
    struct problems problems = {.count = 0};
    struct error error;
    struct provider *provider;
    *config = (struct config){.home = folder.path, .state = folder.path, .base_url = "https://www.example.com"};
    buffer_append_format(&text, "{\"p\":{\"client_id\":\"1\",\"client_secret\":\"s\",\"issuer\":\"" ISSUER "\"%s}}",
                         own);
    config->document = sample_json(buffer_text(&text));
    config->providers = config->document;
    assert_row(provider_load(config, "p", &provider, &problems, &error) == ERROR_NONE, error.cause);
    buffer_free(&text);
    return provider;
}

static void free_provider(struct provider *provider, struct config *config) {
    provider_free(provider);
    json_free(config->document);
}

static enum issuer_state load(const struct config *config, struct provider *provider, int64_t now) {
    struct error error;
    enum issuer_state state;
    assert_int_equal(issuer_load(config, provider, now, &state, &error), ERROR_NONE);
    return state;
}

static void a_kept_file_is_believed(void **state) {
    (void)state;
    static const struct {
        const char *what, *text;
        mode_t mode;
        int64_t later;
        enum issuer_state state;
    } rows[] = {
        {"just fetched", KEPT, 0600, 0, ISSUER_KNOWN},
        {"readable", KEPT, 0644, METADATA_OLD_SECONDS, ISSUER_KNOWN},
        {"a day old", KEPT, 0600, METADATA_OLD_SECONDS + 1, ISSUER_OLD},
        {"as old as can be", KEPT, 0600, METADATA_END_SECONDS, ISSUER_OLD},
        {"too old", KEPT, 0600, METADATA_END_SECONDS + 1, ISSUER_UNKNOWN},
        {"from tomorrow", KEPT, 0600, -SECONDS_PER_DAY, ISSUER_OLD},
        {"of the group", KEPT, 0660, 0, ISSUER_UNKNOWN},
        {"of everybody", KEPT, 0602, 0, ISSUER_UNKNOWN},
        {"empty", "", 0600, 0, ISSUER_UNKNOWN},
        {"cut", "{\"issuer\":\"" ISSUER "\",\"fetched\":1764000000", 0600, 0, ISSUER_UNKNOWN},
        {"a list", "[]", 0600, 0, ISSUER_UNKNOWN},
        {"another issuer's", "{\"issuer\":\"https://j.example\",\"fetched\":1,\"tried\":1,\"document\":" METADATA "}",
         0600, 0, ISSUER_UNKNOWN},
        {"of no time", "{\"issuer\":\"" ISSUER "\",\"tried\":1,\"document\":" METADATA "}", 0600, 0, ISSUER_UNKNOWN},
        {"without a document", "{\"issuer\":\"" ISSUER "\",\"fetched\":1764000000,\"tried\":1}", 0600, 0,
         ISSUER_UNKNOWN},
        {"without an endpoint",
         "{\"issuer\":\"" ISSUER "\",\"fetched\":1764000000,\"tried\":1,\"document\":{\"issuer\":\"" ISSUER "\"}}",
         0600, 0, ISSUER_UNKNOWN}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config config;
        struct provider *provider = make_provider("", &config);
        folder_write(&folder, "issuers/p.json", rows[i].text, rows[i].mode);
        assert_row(load(&config, provider, SAMPLE_NOW + rows[i].later) == rows[i].state, rows[i].what);
        free_provider(provider, &config);
    }
    assert_int_equal(unlink(folder_path(&folder, "issuers/p.json")), 0);
    struct config config;
    struct provider *provider = make_provider("", &config);
    assert_int_equal(load(&config, provider, SAMPLE_NOW), ISSUER_UNKNOWN);
    assert_null(provider->authorize_url);
    assert_int_equal(mkdir(folder_path(&folder, "issuers/p.json"), 0700), 0);
    assert_int_equal(load(&config, provider, SAMPLE_NOW), ISSUER_UNKNOWN);
    assert_int_equal(rmdir(folder_path(&folder, "issuers/p.json")), 0);
    free_provider(provider, &config);
}

static void what_is_written_wins(void **state) {
    (void)state;
    static const struct {
        const char *own, *authorize, *token, *keys, *profile;
        bool wanted;
    } rows[] = {{"", "https://i.example/a", "https://i.example/t", "https://i.example/k", "https://i.example/u", true},
                {",\"token_url\":\"https://o.example/t\",\"jwks_url\":\"https://o.example/k\"", "https://i.example/a",
                 "https://o.example/t", "https://o.example/k", "https://i.example/u", true},
                {",\"authorize_url\":\"https://o.example/a\",\"token_url\":\"https://o.example/t\",\"profile_url\":"
                 "\"https://o.example/u\",\"jwks_url\":\"https://o.example/k\"",
                 "https://o.example/a", "https://o.example/t", "https://o.example/k", "https://o.example/u", false},
                {",\"authorize_url\":\"https://o.example/a\",\"token_url\":\"https://o.example/t\",\"profile_url\":"
                 "\"https://o.example/u\",\"scope\":\"read\"",
                 "https://o.example/a", "https://o.example/t", NULL, "https://o.example/u", false}};
    folder_write(&folder, "issuers/p.json", KEPT, 0600);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config config;
        struct provider *provider = make_provider(rows[i].own, &config);
        assert_row(issuer_is_wanted(provider) == rows[i].wanted, rows[i].own);
        assert_row(load(&config, provider, SAMPLE_NOW) == ISSUER_KNOWN, rows[i].own);
        assert_row(same(provider->authorize_url, rows[i].authorize), rows[i].own);
        assert_row(same(provider->token_url, rows[i].token), rows[i].own);
        assert_row(same(provider->jwks_url, rows[i].keys), rows[i].own);
        assert_row(same(provider->profile_url, rows[i].profile), rows[i].own);
        assert_row(same(provider->refresh_url, rows[i].token), rows[i].own);
        assert_row((provider->token_auth == TOKEN_AUTH_BASIC) == rows[i].wanted, rows[i].own);
        free_provider(provider, &config);
    }
}

static void how_the_secret_is_sent(void **state) {
    (void)state;
    static const struct {
        const char *methods, *own;
        bool basic;
    } rows[] = {
        {"", "", true},
        {",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]", "", false},
        {",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"client_secret_basic\"]", "", true},
        {",\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\",5]", "", true},
        {",\"token_endpoint_auth_methods_supported\":\"client_secret_post\"", "", true},
        {"", ",\"token_auth\":\"form\"", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char metadata[512];
        struct config config;
        struct provider *provider = make_provider(rows[i].own, &config);
        snprintf(metadata, sizeof metadata, "{\"issuer\":\"" ISSUER "\"," ENDPOINTS "%s}", rows[i].methods);
        issuer_complete(provider, sample_json(metadata), SAMPLE_NOW);
        assert_row((provider->token_auth == TOKEN_AUTH_BASIC) == rows[i].basic, rows[i].methods);
        free_provider(provider, &config);
    }
}

static void metadata_that_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *metadata, *own, *told;
    } rows[] = {
        {METADATA, "", NULL},
        {"{" ENDPOINTS "}", "", "is of another issuer, nobody"},
        {"{\"issuer\":\"https://i.example/\"," ENDPOINTS "}", "", "is of another issuer, https://i.example/;"},
        {"{\"issuer\":\"https://I.example\"," ENDPOINTS "}", "", "is of another issuer"},
        {"{\"issuer\":\"https://evil.example\"," ENDPOINTS "}", "", "is of another issuer, https://evil.example"},
        {"{\"issuer\":5," ENDPOINTS "}", "", "is of another issuer"},
        {"{\"issuer\":\"https://i.example/{tenantid}\"," ENDPOINTS "}",
         ",\"id_token\":{\"issuer\":\"https://i.example/{tenantid}\"}", NULL},
        {"{\"issuer\":\"https://i.example/\\u001b[1m\"," ENDPOINTS "}", "", "https://i.example/\\x1b[1m"},
        {"{\"issuer\":\"" ISSUER "\"}", "", "lack authorization_endpoint"},
        {"{\"issuer\":\"" ISSUER "\"," ENDPOINTS ",\"userinfo_endpoint\":\"http://localhost/u\"}", "",
         "in the issuer's metadata userinfo_endpoint is no https URL"},
        {"{\"issuer\":\"" ISSUER "\"," ENDPOINTS ",\"userinfo_endpoint\":\"http://i.example/u\"}", "",
         "userinfo_endpoint is no https URL"},
        {"{\"issuer\":\"" ISSUER "\"," ENDPOINTS ",\"end_session_endpoint\":[]}", "",
         "end_session_endpoint is no https URL"},
        {"{\"issuer\":\"" ISSUER "\"," ENDPOINTS ",\"end_session_endpoint\":null}", "", NULL},
        {"{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https://i.example/a\",\"token_endpoint\":"
         "\"javascript:1\",\"jwks_uri\":\"https://i.example/k\"}",
         "", "token_endpoint is no https URL"},
        {"{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https://i.example/a\",\"token_endpoint\":"
         "\"https://i.example/t\"}",
         "", "lack jwks_uri"},
        {"{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https://i.example/a\",\"token_endpoint\":"
         "\"https://i.example/t\"}",
         ",\"scope\":\"read\"", "lack userinfo_endpoint"},
        {"{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"https://i.example/a\",\"token_endpoint\":"
         "\"https://i.example/t\",\"userinfo_endpoint\":\"https://i.example/u\"}",
         ",\"scope\":\"read\"", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config config;
        struct error error = {.cause = ""};
        struct provider *provider = make_provider(rows[i].own, &config);
        cJSON *metadata = sample_json(rows[i].metadata);
        const enum error_code code = issuer_check(provider, metadata, &error);
        assert_row(code == (rows[i].told == NULL ? ERROR_NONE : ERROR_PROVIDER), rows[i].metadata);
        assert_row(rows[i].told == NULL || contains(error.cause, rows[i].told), error.cause);
        json_free(metadata);
        free_provider(provider, &config);
    }
}

static void the_issuer_of_a_response(void **state) {
    (void)state;
    static const struct {
        const char *own, *issuer;
        bool matches;
    } rows[] = {
        {"", ISSUER, true},
        {"", ISSUER "/", false},
        {"", "", false},
        {",\"id_token\":{\"issuer\":\"https://m.example/{tenantid}/v2.0\"}", "https://m.example/a-1/v2.0", true},
        {",\"id_token\":{\"issuer\":\"https://m.example/{tenantid}/v2.0\"}", "https://m.example//v2.0", false},
        {",\"id_token\":{\"issuer\":\"https://m.example/{tenantid}/v2.0\"}", "https://m.example/a/b/v2.0", false},
        {",\"id_token\":{\"issuer\":\"https://m.example/{tenantid}/v2.0\"}", "https://m.example/a/v2.0/x", false},
        {",\"id_token\":{\"issuer\":\"https://m.example/{tenantid}/v2.0\"}", "https://n.example/a/v2.0", false},
        {",\"id_token\":{\"issuer\":\"https://m.example/{tenantid}/v2.0\"}", "https://m", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config config;
        struct provider *provider = make_provider(rows[i].own, &config);
        assert_row(issuer_matches(provider, rows[i].issuer) == rows[i].matches, rows[i].issuer);
        free_provider(provider, &config);
    }
}

static void what_was_written_is_read(void **state) {
    (void)state;
    const struct issuer_file file = {folder.path, "w", ISSUER, ISSUER_FILE_KEYS};
    struct issuer_document kept = {.document = sample_json("{\"keys\":[]}"), .fetched = 5, .tried = 7};
    struct issuer_document read;
    struct error error;
    struct stat status;
    assert_int_equal(issuer_file_write(&file, &kept, &error), ERROR_NONE);
    assert_int_equal(stat(folder_path(&folder, "issuers/w.keys.json"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(issuer_file_read(&file, &read, &error), ERROR_NONE);
    assert_true(read.fetched == 5 && read.tried == 7 && json_equal(read.document, kept.document));
    json_free(read.document);
    json_free(kept.document);
    /* The folder is made where there is none, and what cannot be written is told with its path. */
    const struct issuer_file nowhere = {folder_path(&folder, "none"), "w", ISSUER, ISSUER_FILE_METADATA};
    kept.document = sample_json("{}");
    assert_int_equal(issuer_file_write(&nowhere, &kept, &error), ERROR_INTERNAL);
    assert_true(contains(error.cause, "none/issuers/w.json cannot be written by user "));
    json_free(kept.document);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kept_file_is_believed),  cmocka_unit_test(what_is_written_wins),
        cmocka_unit_test(how_the_secret_is_sent),   cmocka_unit_test(metadata_that_are_refused),
        cmocka_unit_test(the_issuer_of_a_response), cmocka_unit_test(what_was_written_is_read)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
