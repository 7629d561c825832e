/* token_endpoint.c, and account.c's reading of a profile, against a provider on this machine: what is sent (form or
 * Basic, PKCE, encoding, token in header or query), both shapes of an answer, ids exact, expiry, scopes, tokens that
 * are none, errors in the provider's words without secrets.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "local_server.h"
#include "sample.h"

#include "config/profile_field.h"
#include "jose/jws.h"
#include "oauth/account.h"
#include "oauth/token_endpoint.h"
#include "oauth/token_revocation.h"

#define FORM "HTTP/1.1 200 OK\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
#define PLAIN "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
#define UNTYPED "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

/* Of this test alone. */
#define PRIVATE_KEY                                                                                                    \
    "-----BEGIN PRIVATE KEY-----\n"                                                                                    \
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfXN+im19Fe8gaPpJ\n"                                               \
    "zCCE0crUfpND6OCZaFGHc4lsNL+hRANCAAR879eZVdGe58+YUnGRrn+Q7udKcrZ8\n"                                               \
    "BZJZHbweV+bi+KiJpyP9FAxwZaposPpTp1XXy9G7C7YTq2+8b+MeWXoq\n"                                                       \
    "-----END PRIVATE KEY-----\n"

static char callback[] = "https://www.example.com/cb?a", no_scope[] = "";

static struct provider sample_provider(const char *url) {
    return (struct provider){.name = "instagram",
                             .token_url = url,
                             .profile_url = url,
                             .client_id = "id:1",
                             .client_id_param = "client_id",
                             .token_auth = TOKEN_AUTH_FORM,
                             .client_secret = secret_copy("S&CRET", 6),
                             .callback_url = callback,
                             .scope = no_scope};
}

/* Makes the request and sends it. */
static enum error_code exchange_code(struct http_client *client, const struct provider *provider,
                                     const struct code_grant *grant, struct token *token, struct error *error) {
    struct token_request request;
    enum error_code code = token_request_for_code(provider, grant, &request, error);
    if (code == ERROR_NONE)
        code = token_exchange(client, &request, token, error);
    token_request_clear(&request);
    return code;
}

/* Exchanges the code "C/DE" at a provider that gives this answer. */
static enum error_code exchange(struct provider *provider, const char *answer, struct local_server *server,
                                struct token *token, struct error *error) {
    cJSON *roots = sample_json("[\"/data/0\",\"/data\",\"\"]");
    cJSON *granted = sample_json("[\"/permissions\",\"/scope\"]"), *user_id = sample_json("\"/user_id\"");
    local_server_start(server, answer);
    struct http_client *client;
    assert_int_equal(http_client_new(NULL, &client, error), ERROR_NONE);
    provider->token_url = server->url;
    provider->response_root = roots;
    provider->granted_scope = granted;
    provider->token_user_id = user_id;
    const enum error_code code =
        exchange_code(client, provider, &(const struct code_grant){"C/DE", "VERIFIER", "STATE", NULL}, token, error);
    local_server_finish(server);
    http_client_free(client);
    json_free(roots);
    json_free(granted);
    json_free(user_id);
    provider->response_root = provider->granted_scope = provider->token_user_id = NULL;
    return code;
}

static void sends_the_form(void **state) {
    (void)state;
    static const struct {
        bool basic, pkce;
        const char *body, *header;
    } rows[] = {{false, false,
                 "grant_type=authorization_code&code=C%2FDE&redirect_uri=https%3A%2F%2Fwww.example.com%2Fcb%3Fa&client_"
                 "id=id%3A1&client_secret=S%26CRET",
                 NULL},
                {false, true,
                 "grant_type=authorization_code&code=C%2FDE&redirect_uri=https%3A%2F%2Fwww.example.com%2Fcb%3Fa&code_"
                 "verifier=VERIFIER&client_id=id%3A1&client_secret=S%26CRET",
                 NULL},
                {true, false,
                 "grant_type=authorization_code&code=C%2FDE&redirect_uri=https%3A%2F%2Fwww.example.com%2Fcb%3Fa",
                 "Authorization: Basic aWQlM0ExOlMlMjZDUkVU\r\n"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct token token;
        struct error error;
        struct provider provider = sample_provider(NULL);
        provider.token_auth = rows[i].basic ? TOKEN_AUTH_BASIC : TOKEN_AUTH_FORM;
        provider.pkce = rows[i].pkce;
        assert_row(exchange(&provider, OK "{\"access_token\":\"t\"}", &server, &token, &error) == ERROR_NONE,
                   error.cause);
        assert_int_equal(strncmp(server.request, "POST /x HTTP/1.1\r\n", 18), 0);
        assert_string_equal(strstr(server.request, "\r\n\r\n") + 4, rows[i].body);
        assert_int_equal(contains(server.request, "Authorization:"), rows[i].header != NULL);
        assert_true(rows[i].header == NULL || contains(server.request, rows[i].header));
        assert_true(contains(server.request, "Content-Type: application/x-www-form-urlencoded\r\n") &&
                    contains(server.request, "Accept: application/json\r\n"));
        token_clear(&token);
        secret_free(provider.client_secret);
    }
}

/* The payload of the client's signed text. */
static cJSON *payload_of(const char *token) {
    struct jws jws;
    struct error error;
    assert_int_equal(jws_parse(token, &jws, &error), ERROR_NONE);
    assert_string_equal(json_string(jws.header, "alg"), "ES256");
    assert_string_equal(json_string(jws.header, "kid"), "KEY");
    cJSON *payload = jws.payload;
    jws.payload = NULL;
    jws_clear(&jws);
    return payload;
}

/* A private key proves the client: in a parameter of its own, or as Apple has it, in the place of the secret. */
static void signs_in_place_of_a_secret(void **state) {
    (void)state;
    static const struct {
        int auth;
        const char *issuer, *secret_audience, *audience, *before, *iss, *aud;
    } rows[] = {{TOKEN_AUTH_KEY, NULL, NULL, NULL,
                 "&client_id=id%3A1&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-"
                 "bearer&client_assertion=",
                 "id:1", "https://p.example/t"},
                {TOKEN_AUTH_KEY, NULL, NULL, "https://p.example", "&client_assertion=", "id:1", "https://p.example"},
                {TOKEN_AUTH_FORM, "TEAM", "https://apple.example", NULL, "&client_id=id%3A1&client_secret=", "TEAM",
                 "https://apple.example"}};
    struct folder folder;
    char last_id[64] = "";
    folder_make(&folder);
    const char *file = folder_write(&folder, "key.pem", PRIVATE_KEY, 0600);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct token_request request;
        struct error error;
        int64_t issued = 0, expires = 0;
        struct provider provider = sample_provider("https://p.example/t");
        secret_free(provider.client_secret);
        provider.client_secret = NULL;
        provider.token_auth = rows[i].auth;
        provider.client_key_file = file;
        provider.client_key_id = "KEY";
        provider.client_key_issuer = rows[i].issuer;
        provider.client_secret_audience = rows[i].secret_audience;
        provider.assertion_audience = rows[i].audience;
        assert_int_equal(
            token_request_for_code(&provider, &(const struct code_grant){"C", "V", "S", NULL}, &request, &error),
            ERROR_NONE);
        const char *at = strstr(request.http.form, rows[i].before);
        assert_row(at != NULL, request.http.form);
        cJSON *claims = payload_of(at + strlen(rows[i].before));
        assert_string_equal(json_string(claims, "iss"), rows[i].iss);
        assert_string_equal(json_string(claims, "aud"), rows[i].aud);
        assert_string_equal(json_string(claims, "sub"), "id:1");
        assert_true(json_integer(json_member(claims, "iat"), &issued) &&
                    json_integer(json_member(claims, "exp"), &expires));
        assert_int_equal(expires - issued, CLIENT_ASSERTION_SECONDS);
        assert_string_not_equal(json_string(claims, "jti"), last_id);
        snprintf(last_id, sizeof last_id, "%s", json_string(claims, "jti"));
        /* A log hides it. */
        assert_string_equal(request.secrets[0], at + strlen(rows[i].before));
        json_free(claims);
        token_request_clear(&request);
    }
    folder_remove(&folder);
}

static void a_key_that_does_not_sign_is_told_by_its_setting(void **state) {
    (void)state;
    struct folder folder;
    struct token_request request;
    struct error error;
    struct provider provider = sample_provider("https://p.example/t");
    folder_make(&folder);
    provider.token_auth = TOKEN_AUTH_KEY;
    for (int missing = 0; missing < 2; missing++) {
        provider.client_key_file = missing ? folder_path(&folder, "none") : folder_write(&folder, "a", "x", 0600);
        assert_int_equal(
            token_request_for_code(&provider, &(const struct code_grant){"C", "V", "S", NULL}, &request, &error),
            ERROR_CONFIG);
        assert_true(contains(error.cause, "providers.instagram.client_key.file: ") &&
                    contains(error.cause, missing ? "cannot be read" : "holds no private key"));
        token_request_clear(&request);
    }
    secret_free(provider.client_secret);
    folder_remove(&folder);
}

/* What a provider's file can change of the request. The query is what the browser brought to the callback. */
static void sends_what_the_file_says(void **state) {
    (void)state;
    static const struct {
        int auth;
        bool json;
        const char *id_param, *params, *callback_params, *query, *body;
    } rows[] = {{TOKEN_AUTH_FORM, false, "client_key", NULL, NULL, NULL, "client_key=id%3A1&client_secret=S%26CRET"},
                {TOKEN_AUTH_NONE, false, "client_id", NULL, NULL, NULL, "client_id=id%3A1"},
                {TOKEN_AUTH_BASIC, false, "client_id", "{\"state\":\"$state\",\"app\":\"x-$client_id\"}", NULL, NULL,
                 "state=STATE&app=x-id%3A1"},
                {TOKEN_AUTH_NONE, false, "client_id", NULL, "[\"device_id\",\"ext\"]", "code=1&device_id=a%26b&other=1",
                 "device_id=a%26b&client_id=id%3A1"},
                {TOKEN_AUTH_BASIC, true, "client_id", "{\"a\":\"\\\"$state\"}", "[\"d\"]", "d=%C3%A9", NULL}};
    static const char start[] =
        "grant_type=authorization_code&code=C%2FDE&redirect_uri=https%3A%2F%2Fwww.example.com%2F"
        "cb%3Fa&";
    static const char json[] =
        "{\"grant_type\":\"authorization_code\",\"code\":\"C/DE\","
        "\"redirect_uri\":\"https://www.example.com/cb?a\",\"a\":\"\\\"STATE\",\"d\":\"\xC3\xA9\"}";
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct token_request request;
        struct error error;
        struct query query;
        char body[256];
        struct provider provider = sample_provider("https://p.example/t");
        cJSON *params = rows[i].params != NULL ? sample_json(rows[i].params) : NULL;
        cJSON *callback_params = rows[i].callback_params != NULL ? sample_json(rows[i].callback_params) : NULL;
        assert_int_equal(query_parse(&query, rows[i].query, &error), ERROR_NONE);
        provider.token_auth = rows[i].auth;
        provider.token_json = rows[i].json;
        provider.client_id_param = rows[i].id_param;
        provider.token_params = params;
        provider.callback_params = callback_params;
        assert_int_equal(token_request_for_code(&provider, &(const struct code_grant){"C/DE", "V", "STATE", &query},
                                                &request, &error),
                         ERROR_NONE);
        snprintf(body, sizeof body, "%s%s", start, rows[i].body != NULL ? rows[i].body : "");
        assert_string_equal(request.http.form, rows[i].json ? json : body);
        assert_true(same(request.http.form_type, rows[i].json ? "Content-Type: application/json" : NULL));
        token_request_clear(&request);
        query_free(&query);
        json_free(params);
        json_free(callback_params);
        secret_free(provider.client_secret);
    }
}

/* What is handed on is bounded, and stands in the callback once. */
static void refuses_what_cannot_be_handed_on(void **state) {
    (void)state;
    char large[CALLBACK_PARAM_MAX + 16] = "d=";
    repeat(large + 2, "x", CALLBACK_PARAM_MAX + 1);
    const char *const rows[] = {"d=1&d=2", "d=%00", "d=%zz", large};
    cJSON *names = sample_json("[\"d\"]");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct token_request request;
        struct error error;
        struct query query;
        struct provider provider = sample_provider("https://p.example/t");
        provider.callback_params = names;
        assert_int_equal(query_parse(&query, rows[i], &error), ERROR_NONE);
        assert_row(token_request_for_code(&provider, &(const struct code_grant){"C", "V", "S", &query}, &request,
                                          &error) == ERROR_BAD_REQUEST,
                   rows[i]);
        token_request_clear(&request);
        query_free(&query);
        secret_free(provider.client_secret);
    }
    json_free(names);
}

/* A refresh has no login, and so no state. */
static void refreshes_without_a_state(void **state) {
    (void)state;
    struct token_request request;
    struct error error;
    struct provider provider = sample_provider("https://p.example/t");
    struct token token = {.refresh_token = secret_copy("RT", 2)};
    cJSON *params = sample_json("{\"state\":\"$state\",\"audience\":\"x\"}");
    provider.token_params = params;
    provider.refresh_url = provider.token_url;
    provider.refresh_grant = "refresh_token";
    assert_int_equal(token_request_for_refresh(&provider, &token, &request, &error), ERROR_NONE);
    assert_string_equal(request.http.form, "grant_type=refresh_token&refresh_token=RT&audience=x&client_id=id%3A1&"
                                           "client_secret=S%26CRET");
    token_request_clear(&request);
    token_clear(&token);
    json_free(params);
    secret_free(provider.client_secret);
}

/* What is sent to give a token back, and what the provider's answer to that is taken for. */
static void revokes(void **state) {
    (void)state;
    static const char failed[] = "HTTP/1.1 400 No\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
    static const struct {
        const char *answer, *body, *cause;
        int auth;
        const char *param, *params;
        enum error_code code;
        bool bare;
    } rows[] = {{OK, "token=T%2BOK&token_type_hint=access_token&client_id=id%3A1&client_secret=S%26CRET", "",
                 TOKEN_AUTH_FORM, "token", NULL, ERROR_NONE, false},
                {PLAIN "OK", "token=T%2BOK&token_type_hint=access_token", "", TOKEN_AUTH_BASIC, "token", NULL,
                 ERROR_NONE, false},
                {OK "{\"result\":\"success\"}", "access_token=T%2BOK&grant_type=delete&app=id%3A1&client_id=id%3A1", "",
                 TOKEN_AUTH_NONE, "access_token", "{\"grant_type\":\"delete\",\"app\":\"$client_id\"}", ERROR_NONE,
                 false},
                {failed, NULL, "the revocation endpoint answered 400: \"[hidden] is unknown\" (unsupported_token_type",
                 TOKEN_AUTH_FORM, "token", NULL, ERROR_PROVIDER, true},
                {OK "{\"ok\":false,\"error\":\"not_revoked S%26CRET\"}", NULL,
                 "the revocation endpoint answered 200: \"not_revoked [hidden]\"", TOKEN_AUTH_FORM, "token", NULL,
                 ERROR_PROVIDER, false},
                {"HTTP/1.1 503 No\r\nConnection: close\r\n\r\n", NULL,
                 "the revocation endpoint answered 503: no error in words", TOKEN_AUTH_FORM, "token", NULL,
                 ERROR_PROVIDER_FAULT, false},
                {"HTTP/1.1 302 No\r\nLocation: /\r\nConnection: close\r\n\r\n", NULL,
                 "the revocation endpoint answered 302", TOKEN_AUTH_FORM, "token", NULL, ERROR_PROVIDER, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct http_client *client;
        struct error error = {""};
        char answer[512];
        struct provider provider = sample_provider(NULL);
        cJSON *params = rows[i].params != NULL ? sample_json(rows[i].params) : NULL;
        snprintf(answer, sizeof answer, "%s%s", rows[i].answer,
                 rows[i].bare ? "{\"error\":\"unsupported_token_type\",\"error_description\":\"T+OK is unknown\"}"
                              : "");
        local_server_start(&server, answer);
        assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
        provider.revocation_url = server.url;
        provider.token_auth = rows[i].auth;
        provider.revocation_token_param = rows[i].param;
        provider.revocation_params = params;
        assert_row(token_revoke(client, &provider, "T+OK", TOKEN_HINT_ACCESS, &error) == rows[i].code, error.cause);
        assert_row(contains(error.cause, rows[i].cause), error.cause);
        local_server_finish(&server);
        if (rows[i].body != NULL)
            assert_string_equal(strstr(server.request, "\r\n\r\n") + 4, rows[i].body);
        assert_int_equal(token_revocation_takes_refresh_token(&provider), strcmp(rows[i].param, "token") == 0);
        http_client_free(client);
        json_free(params);
        secret_free(provider.client_secret);
    }
}

static void revokes_nowhere(void **state) {
    (void)state;
    struct error error;
    struct provider provider = sample_provider("https://p.example/t");
    assert_int_equal(token_revoke(NULL, &provider, "T", TOKEN_HINT_REFRESH, &error), ERROR_NOT_FOUND);
    secret_free(provider.client_secret);
}

static void reads_tokens(void **state) {
    (void)state;
    static const struct {
        const char *answer, *token, *user_id, *scopes;
        int64_t expires_in;
    } rows[] = {{OK "{\"data\":[{\"access_token\":\"IGAA\",\"user_id\":17841405793187218123,\"permissions\":\"a,b\"}]}",
                 "IGAA", "17841405793187218123", "[\"a\",\"b\"]", 0},
                {OK "{\"access_token\":\"IGAA\",\"user_id\":\"42\",\"permissions\":[\"a\",5,\"b\"]}", "IGAA", "42",
                 "[\"a\",\"b\"]", 0},
                {OK "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"scope\":\"a b  c\"}", "x",
                 "", "[\"a\",\"b\",\"c\"]", 3600},
                {OK "{\"access_token\":\"x\",\"expires_in\":\"60\"}", "x", "", NULL, 60},
                {OK "{\"access_token\":\"x\",\"token_type\":\"\"}", "x", "", NULL, 0},
                {OK "{\"access_token\":\"x\",\"expires_in\":-1,\"scope\":\"\"}", "x", "", "[]", 0},
                {OK "{\"access_token\":\"x\",\"expires_in\":1e300,\"scope\":5}", "x", "", NULL, 0},
                {OK "{\"access_token\":\"x\",\"expires_in\":99999999999,\"user_id\":[1]}", "x", "", NULL, 0},
                {OK "{\"access_token\":\"x\",\"expires\":5183944}", "x", "", NULL, 5183944},
                {OK "{\"access_token\":\"x\",\"expires_in\":null,\"expires\":\"60\"}", "x", "", NULL, 60},
                {OK "{\"access_token\":\"x\",\"expires_in\":90,\"expires\":\"60\"}", "x", "", NULL, 90},
                {OK "{\"access_token\":\"x\",\"expires\":1764131370}", "x", "", NULL, 0},
                /* Ids that stand for nobody. */
                {OK "{\"access_token\":\"x\",\"user_id\":0}", "x", "", NULL, 0},
                {OK "{\"access_token\":\"x\",\"user_id\":\"undefined\"}", "x", "", NULL, 0},
                /* Forms. */
                {FORM "access_token=a%2Fb&token_type=bearer&expires_in=3600&scope=a+b%20c&user_id=42", "a/b", "42",
                 "[\"a\",\"b\",\"c\"]", 3600},
                {PLAIN "access_token=x&expires=5184000\n", "x", "", NULL, 5184000},
                {UNTYPED "access_token=x", "x", "", NULL, 0},
                {FORM "access_token=x&access_token=y&junk=%FF&=&&more", "x", "", NULL, 0},
                {FORM "{\"access_token\":\"x\"}", "x", "", NULL, 0},
                /* What other servers write. */
                {"HTTP/1.1 201 Created\r\nContent-Type: text/javascript\r\nConnection: close\r\n\r\n"
                 "{\"access_token\":\"x\"}",
                 "x", "", NULL, 0},
                {OK "\xEF\xBB\xBF{\"access_token\":\"x\"}", "x", "", NULL, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct token token;
        struct error error;
        struct provider provider = sample_provider(NULL);
        assert_row(exchange(&provider, rows[i].answer, &server, &token, &error) == ERROR_NONE, rows[i].answer);
        assert_row(strcmp(secret_text(token.access_token), rows[i].token) == 0 &&
                       strcmp(token.user_id, rows[i].user_id) == 0,
                   rows[i].answer);
        assert_row(token.expires_in == rows[i].expires_in, rows[i].answer);
        char *scopes = token.scopes != NULL ? json_print(token.scopes) : NULL;
        assert_row(same(scopes, rows[i].scopes), rows[i].answer);
        json_free_text(scopes);
        token_clear(&token);
        token_clear(&token);
        secret_free(provider.client_secret);
    }
}

static void reads_scopes(void **state) {
    (void)state;
    static const struct {
        const char *member, *scopes;
    } rows[] = {{"", NULL},
                {",\"scope\":null", NULL},
                {",\"scope\":5", NULL},
                {",\"scope\":{\"a\":true}", NULL},
                {",\"scope\":\"\"", "[]"},
                {",\"scope\":[]", "[]"},
                {",\"scope\":\"a b\"", "[\"a\",\"b\"]"},
                {",\"scope\":\"a,b\"", "[\"a\",\"b\"]"},
                {",\"scope\":\" a, b \"", "[\"a\",\"b\"]"},
                {",\"scope\":[\"a\",\"b\"]", "[\"a\",\"b\"]"},
                {",\"scope\":[\"a\",null,7,\"\",\"b\"]", "[\"a\",\"b\"]"},
                {",\"scope\":\"https://a.example/x.y a:b\"", "[\"https://a.example/x.y\",\"a:b\"]"},
                {",\"permissions\":\"a,b\"", "[\"a\",\"b\"]"},
                {",\"permissions\":[\"a\"],\"scope\":\"b\"", "[\"a\"]"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct token token;
        struct error error;
        struct provider provider = sample_provider(NULL);
        char answer[256];
        snprintf(answer, sizeof answer, OK "{\"access_token\":\"x\"%s}", rows[i].member);
        assert_row(exchange(&provider, answer, &server, &token, &error) == ERROR_NONE, rows[i].member);
        char *scopes = token.scopes != NULL ? json_print(token.scopes) : NULL;
        assert_row(same(scopes, rows[i].scopes), rows[i].member);
        json_free_text(scopes);
        token_clear(&token);
        secret_free(provider.client_secret);
    }
}

/* A provider file that says nothing of it: the standard's places, and nobody named. */
static void reads_standard_tokens(void **state) {
    (void)state;
    struct local_server server;
    struct token token;
    struct error error;
    struct http_client *client;
    struct provider provider = sample_provider(NULL);
    assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
    local_server_start(&server, OK "{\"access_token\":\"x\",\"scope\":\"a\",\"permissions\":\"b\",\"user_id\":\"5\"}");
    provider.token_url = server.url;
    assert_int_equal(exchange_code(client, &provider, &(const struct code_grant){"c", "v", "s", NULL}, &token, &error),
                     ERROR_NONE);
    local_server_finish(&server);
    char *scopes = json_print(token.scopes);
    assert_string_equal(scopes, "[\"a\"]");
    assert_string_equal(token.user_id, "");
    assert_int_equal(token.expires_in, 0);
    buffer_free_text(scopes);
    token_clear(&token);
    http_client_free(client);
    secret_free(provider.client_secret);
}

/* Which of the provider file's lifetimes holds for a token whose response names none. */
static void each_grant_has_its_lifetime(void **state) {
    (void)state;
    static const struct {
        const char *grant, *answer;
        int64_t expires_in;
    } rows[] = {{"code", OK "{\"access_token\":\"x\"}", 10},
                {"code", OK "{\"access_token\":\"x\",\"expires_in\":5}", 5},
                {"code", OK "{\"access_token\":\"x\",\"expires_in\":null}", 10},
                {"long_lived", OK "{\"access_token\":\"x\"}", 20},
                {"long_lived", OK "{\"access_token\":\"x\",\"expires_in\":5}", 5},
                {"itself", OK "{\"access_token\":\"x\"}", 30},
                {"refresh_token", OK "{\"access_token\":\"x\"}", 30},
                {"refresh_token", OK "{\"access_token\":\"x\",\"expires_in\":5}", 5}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct token token = {.access_token = secret_copy("old", 3), .refresh_token = secret_copy("r", 1)};
        struct error error;
        struct http_client *client;
        struct provider provider = sample_provider(NULL);
        assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
        local_server_start(&server, rows[i].answer);
        provider.token_url = provider.long_lived_url = provider.refresh_url = server.url;
        provider.long_lived_grant = provider.refresh_grant = rows[i].grant;
        provider.token_lifetime = 10;
        provider.long_lived_lifetime = 20;
        provider.refresh_lifetime = 30;
        enum error_code code;
        if (strcmp(rows[i].grant, "code") == 0) {
            token_clear(&token);
            code = exchange_code(client, &provider, &(const struct code_grant){"c", "v", "s", NULL}, &token, &error);
        } else if (strcmp(rows[i].grant, "long_lived") == 0) {
            code = token_exchange_long_lived(client, &provider, &token, &error);
        } else {
            code = token_refresh(client, &provider, &token, &error);
        }
        local_server_finish(&server);
        assert_row(code == ERROR_NONE, error.cause);
        assert_row(token.expires_in == rows[i].expires_in, rows[i].answer);
        token_clear(&token);
        http_client_free(client);
        secret_free(provider.client_secret);
    }
}

static void refuses_what_is_no_token(void **state) {
    (void)state;
    static const struct {
        const char *answer, *part;
    } rows[] = {
        {OK "{\"access_token\":\"\"}", "no text of 1 to"},
        {OK "{\"access_token\":\"\",\"error\":\"bad_code\"}", "answered 200: \"bad_code\""},
        {OK "{\"access_token\":\"a b\",\"error\":{\"message\":\"no\"}}", "answered 200: \"no\""},
        {OK "{\"access_token\":null,\"error\":\"bad_code\"}", "answered 200: \"bad_code\""},
        {FORM "error=bad_code&error_description=The+code+is+old", "answered 200: \"The code is old\" (bad_code)"},
        {FORM "access_token=a%00b", "answered 200"},
        {FORM "access_token=%FF", "answered 200"},
        {OK "access_token=x&expires=5", "not well-formed JSON"},
        {PLAIN "<html>access_token=x</html>", "not well-formed JSON"},
        {PLAIN "access_token=x is the token", "not well-formed JSON"},
        {OK "{\"access_token\":5}", "no text of 1 to"},
        {OK "{\"access_token\":\"a b\"}", "visible characters"},
        {OK "{\"access_token\":\"a\\r\\nX: y\"}", "visible characters"},
        {OK "{\"access_token\":\"\xC3\xA9\"}", "visible characters"},
        {OK "{\"access_token\":\"x\",\"token_type\":\"mac\"}", "no bearer token"},
        {OK "{}", "answered 200"},
        {OK "", "answered 200: an empty body"},
        {OK "<html>", "answered 200"},
        {"HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n{\"error_message\":\"bad C/DE and S&CRET and "
         "VERIFIER\",\"code\":400}",
         "answered 400: \"bad [hidden] and [hidden] and [hidden]\", code 400"},
        {"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nConnection: close\r\n\r\n",
         "a redirect, which is not followed"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\n{\"access_token\":\"x\"}", "127.0.0.1"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct token token;
        struct error error = {""};
        struct provider provider = sample_provider(NULL);
        assert_row(exchange(&provider, rows[i].answer, &server, &token, &error) == ERROR_PROVIDER, rows[i].answer);
        assert_row(contains(error.cause, rows[i].part), error.cause);
        assert_row(!contains(error.cause, "S&CRET") && !contains(error.cause, "C/DE"), error.cause);
        assert_row(token.access_token == NULL && token.scopes == NULL, rows[i].answer);
        secret_free(provider.client_secret);
    }
}

/* Reads a profile with the token "TOK+EN". */
static enum error_code read_profile(const char *answer, bool bearer, struct local_server *server, cJSON **account,
                                    struct error *error) {
    cJSON *map =
        sample_json("{\"id\":\"/id\",\"user_id\":\"/user_id\",\"username\":\"/username\",\"full_name\":[\"/"
                    "name\",\"/full_name\"],\"email\":\"/email\",\"email_verified\":\"/verified\",\"level\":\"/level\","
                    "\"counts\":{\"media\":[\"/media_count\",\"/counts/media\"],\"stars\":\"/stars\"}}");
    cJSON *roots = sample_json("[\"/data/0\",\"/data\",\"\"]"), *params = sample_json("{\"fields\":\"id,name\"}");
    struct token token = {.access_token = secret_copy("TOK+EN", 6), .user_id = "42"};
    struct http_client *client;
    assert_int_equal(http_client_new(NULL, &client, error), ERROR_NONE);
    local_server_start(server, answer);
    struct provider provider = sample_provider(server->url);
    provider.profile = map;
    provider.response_root = roots;
    provider.profile_params = params;
    provider.profile_auth = bearer ? PROFILE_AUTH_BEARER : PROFILE_AUTH_QUERY;
    struct account_reading reading;
    const enum error_code code = account_read(client, &provider, &token, &reading, error);
    assert_null(reading.remark);
    *account = reading.profile;
    local_server_finish(server);
    http_client_free(client);
    token_clear(&token);
    secret_free(provider.client_secret);
    json_free(map);
    json_free(roots);
    json_free(params);
    return code;
}

/* What was asked for and is not there, or is nothing that the field can hold, is null. */
static void reads_profiles(void **state) {
    (void)state;
    static const struct {
        const char *answer, *account;
    } rows[] = {
        {OK "{\"id\":17841405793187218123,\"user_id\":\"7\",\"username\":\"anna\",\"name\":\"A\",\"media_count\":5}",
         "{\"id\":\"17841405793187218123\",\"user_id\":\"7\",\"username\":\"anna\",\"full_name\":\"A\","
         "\"counts\":{\"media\":5,\"stars\":null},"
         "\"email\":null,\"level\":null,\"email_verified\":null}"},
        {OK "{\"data\":[{\"id\":\"1\",\"full_name\":\"B\",\"counts\":{\"media\":\"6\"}}]}",
         "{\"id\":\"1\",\"full_name\":\"B\","
         "\"counts\":{\"media\":6,\"stars\":null},"
         "\"user_id\":\"42\",\"username\":null,\"email\":null,\"level\":null,\"email_verified\":null}"},
        {OK "{\"data\":{\"id\":\"1\",\"username\":null,\"name\":[1],\"media_count\":-1}}",
         "{\"id\":\"1\","
         "\"counts\":{\"media\":null,\"stars\":null},"
         "\"user_id\":\"42\",\"username\":null,\"full_name\":null,\"email\":null,\"level\":null,"
         "\"email_verified\":null}"},
        {OK "{\"id\":\"1\",\"username\":12}",
         "{\"id\":\"1\",\"username\":\"12\","
         "\"counts\":{\"media\":null,\"stars\":null},"
         "\"user_id\":\"42\",\"full_name\":null,\"email\":null,\"level\":null,\"email_verified\":null}"},
        {OK "{\"id\":\"1\",\"email\":\"a@b.example\",\"verified\":true,\"level\":4.5,\"stars\":9}",
         "{\"id\":\"1\",\"email\":\"a@b.example\",\"level\":4.5,"
         "\"counts\":{\"media\":null,\"stars\":9},"
         "\"user_id\":\"42\",\"username\":null,\"full_name\":null,\"email_verified\":true}"},
        {OK "{\"id\":\"1\",\"user_id\":\"2\",\"email\":\"\",\"verified\":false,\"level\":17841405793187218123}",
         "{\"id\":\"1\",\"user_id\":\"2\",\"level\":\"17841405793187218123\","
         "\"counts\":{\"media\":null,\"stars\":null},"
         "\"username\":null,\"full_name\":null,\"email\":null,\"email_verified\":null}"},
        {OK "{\"id\":\"1\",\"user_id\":\"2\",\"email\":null,\"verified\":[true],\"level\":1e999,\"stars\":1.5}",
         "{\"id\":\"1\",\"user_id\":\"2\","
         "\"counts\":{\"media\":null,\"stars\":null},"
         "\"username\":null,\"full_name\":null,\"email\":null,\"level\":null,\"email_verified\":null}"},
        {OK "{\"id\":\"1\",\"user_id\":true,\"username\":true,\"stars\":true}",
         "{\"id\":\"1\","
         "\"counts\":{\"media\":null,\"stars\":null},"
         "\"user_id\":\"42\",\"username\":null,\"full_name\":null,\"email\":null,\"level\":null,"
         "\"email_verified\":null}"},
        {OK "{\"id\":true}", NULL},
        {OK "{\"id\":0}", NULL},
        {OK "{\"id\":\"0\"}", NULL},
        {OK "{\"id\":\"000\"}", NULL},
        {OK "{\"id\":\"  \"}", NULL},
        {OK "{\"id\":\"\xE2\x80\x8B\"}", NULL},
        {OK "{\"id\":\"null\"}", NULL},
        {OK "{\"id\":\"Undefined\"}", NULL},
        {OK "{\"id\":\"None\"}", NULL},
        {OK "{\"id\":\"nil\"}", NULL},
        {OK "{\"id\":\"\",\"error\":\"TOK+EN\"}", NULL},
        {OK "{\"username\":\"anna\"}", NULL},
        {OK "{\"id\":1.5}", NULL},
        {OK "{\"id\":\"\"}", NULL},
        {OK "[]", NULL},
        {OK "{", NULL},
        {"HTTP/1.1 401 No\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"TOK+EN\"}}", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct error error = {""};
        cJSON *account;
        const enum error_code code = read_profile(rows[i].answer, true, &server, &account, &error);
        char *printed = account != NULL ? json_print(account) : NULL;
        assert_row(same(printed, rows[i].account), rows[i].answer);
        assert_row(code == (printed != NULL ? ERROR_NONE : ERROR_PROVIDER), rows[i].answer);
        assert_row(!contains(error.cause, "TOK+EN"), error.cause);
        json_free_text(printed);
        json_free(account);
    }
}

/* What the ID token says lies below what the profile endpoint says, if both are about the same person. */
static void joins_claims(void **state) {
    (void)state;
    static const struct {
        const char *answer, *claims, *account, *part; /* of the cause, where there is no account */
    } rows[] = {{OK "{\"sub\":\"1\",\"name\":\"A\"}",
                 "{\"sub\":\"1\",\"name\":\"B\",\"email\":\"a@b.example\",\"email_verified\":true}",
                 "{\"id\":\"1\",\"full_name\":\"A\",\"email\":\"a@b.example\",\"email_verified\":true}", NULL},
                /* What is known of one address is not of another. */
                {OK "{\"sub\":\"1\",\"email\":\"x@b.example\"}",
                 "{\"sub\":\"1\",\"name\":\"B\",\"email\":\"a@b.example\",\"email_verified\":true}",
                 "{\"id\":\"1\",\"full_name\":\"B\",\"email\":\"x@b.example\",\"email_verified\":null}", NULL},
                {OK "{\"sub\":\"1\",\"email\":null}",
                 "{\"sub\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true}",
                 "{\"id\":\"1\",\"full_name\":null,\"email\":null,\"email_verified\":null}", NULL},
                {OK "{\"sub\":\"2\"}", "{\"sub\":\"1\"}", NULL, "somebody else than the ID token"},
                {OK "{\"sub\":1}", "{\"sub\":\"1\"}", NULL, "somebody else"},
                {OK "{\"name\":\"A\"}", "{\"sub\":\"1\"}", NULL, "JSON without what was asked for"}};
    cJSON *map = sample_json("{\"id\":\"/sub\",\"full_name\":\"/name\",\"email\":\"/email\",\"email_verified\":"
                             "\"/email_verified\"}");
    struct token token = {.access_token = secret_copy("TOK+EN", 6)};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct http_client *client;
        struct error error;
        struct account_reading reading;
        cJSON *claims = sample_json(rows[i].claims);
        assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
        local_server_start(&server, rows[i].answer);
        struct provider provider = sample_provider(server.url);
        provider.profile = map;
        token.claims = claims;
        const enum error_code code = account_read(client, &provider, &token, &reading, &error);
        local_server_finish(&server);
        char *printed = reading.profile != NULL ? json_print(reading.profile) : NULL;
        assert_row(same(printed, rows[i].account), rows[i].answer);
        assert_row(rows[i].part == NULL || (code == ERROR_PROVIDER && contains(error.cause, rows[i].part)),
                   error.cause);
        json_free_text(printed);
        account_reading_clear(&reading);
        json_free(claims);
        token.claims = NULL;
        http_client_free(client);
        secret_free(provider.client_secret);
    }
    token_clear(&token);
    json_free(map);
}

/* Where the profile came with the token, or in the ID token, nobody is asked. */
static void reads_what_has_come(void **state) {
    (void)state;
    static const struct {
        int from;
        const char *url, *profile, *claims, *id;
    } rows[] = {{PROFILE_FROM_TOKEN, "http://127.0.0.1:1/", "{\"sub\":\"7\"}", NULL, "7"},
                {PROFILE_FROM_TOKEN, NULL, "{\"sub\":\"\"}", "{\"sub\":\"8\"}", NULL},
                {PROFILE_FROM_ID_TOKEN, "http://127.0.0.1:1/", NULL, "{\"sub\":\"8\"}", "8"},
                {PROFILE_FROM_ID_TOKEN, NULL, NULL, NULL, NULL},
                {PROFILE_FROM_URL, NULL, NULL, "{\"sub\":\"8\"}", "8"}};
    cJSON *map = sample_json("{\"id\":\"/sub\"}");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct provider provider = sample_provider(rows[i].url);
        struct token token = {.access_token = secret_copy("TOK+EN", 6)};
        struct account_reading reading;
        struct error error;
        cJSON *claims = rows[i].claims != NULL ? sample_json(rows[i].claims) : NULL;
        token.profile = rows[i].profile != NULL ? sample_json(rows[i].profile) : NULL;
        provider.profile = map;
        provider.profile_from = rows[i].from;
        token.claims = claims;
        const enum error_code code = account_read(NULL, &provider, &token, &reading, &error);
        assert_int_equal(code, rows[i].id != NULL ? ERROR_NONE : ERROR_PROVIDER);
        assert_true(same(json_string(reading.profile, PROFILE_ID), rows[i].id));
        account_reading_clear(&reading);
        token_clear(&token);
        secret_free(provider.client_secret);
    }
    json_free(map);
}

static void sends_the_token_where_it_belongs(void **state) {
    (void)state;
    struct local_server server;
    struct error error;
    cJSON *account;
    assert_int_equal(read_profile(OK "{\"id\":\"1\"}", true, &server, &account, &error), ERROR_NONE);
    json_free(account);
    assert_true(contains(server.request, "GET /x?fields=id%2Cname HTTP/1.1\r\n") &&
                contains(server.request, "Authorization: Bearer TOK+EN\r\n"));
    assert_int_equal(read_profile(OK "{\"id\":\"1\"}", false, &server, &account, &error), ERROR_NONE);
    json_free(account);
    assert_true(contains(server.request, "GET /x?fields=id%2Cname&access_token=TOK%2BEN HTTP/1.1\r\n"));
    assert_false(contains(server.request, "Authorization"));
}

static void nobody_answers(void **state) {
    (void)state;
    struct token token;
    struct error error;
    struct provider provider = sample_provider("http://127.0.0.1:1/x?SECRET");
    struct http_client *client;
    assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
    assert_int_equal(exchange_code(client, &provider, &(const struct code_grant){"c", "v", "s", NULL}, &token, &error),
                     ERROR_PROVIDER_UNREACHABLE);
    assert_true(contains(error.cause, "127.0.0.1") && !contains(error.cause, "SECRET"));
    http_client_free(client);
    http_client_free(NULL);
    secret_free(provider.client_secret);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(sends_the_form),
                                       cmocka_unit_test(sends_what_the_file_says),
                                       cmocka_unit_test(signs_in_place_of_a_secret),
                                       cmocka_unit_test(a_key_that_does_not_sign_is_told_by_its_setting),
                                       cmocka_unit_test(refuses_what_cannot_be_handed_on),
                                       cmocka_unit_test(refreshes_without_a_state),
                                       cmocka_unit_test(revokes),
                                       cmocka_unit_test(revokes_nowhere),
                                       cmocka_unit_test(reads_tokens),
                                       cmocka_unit_test(reads_scopes),
                                       cmocka_unit_test(reads_standard_tokens),
                                       cmocka_unit_test(each_grant_has_its_lifetime),
                                       cmocka_unit_test(refuses_what_is_no_token),
                                       cmocka_unit_test(reads_profiles),
                                       cmocka_unit_test(joins_claims),
                                       cmocka_unit_test(reads_what_has_come),
                                       cmocka_unit_test(sends_the_token_where_it_belongs),
                                       cmocka_unit_test(nobody_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
