/* provider.c: names, choosing one, the preset and what the config lays over it, every key of a wrong type, what is
 * missing, the profile map, parameters that are ours, scopes, the default callback URL, and broken preset files.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "sample.h"

#define PRESET                                                                                                         \
    "{\"title\":\"P\",\"authorize_url\":\"https://p.example/a\",\"token_url\":\"https://p.example/"                    \
    "t\",\"profile_url\":\"https://p.example/me\",\"scope\":[\"a\",\"b\"],"                                            \
    "\"profile\":{\"id\":\"/id\",\"counts\":{\"media\":[\"/m\",\"/n\"]}}}"

static struct folder folder;

static int make_folder(void **state) {
    (void)state;
    folder_make(&folder);
    folder_subfolder(&folder, "providers");
    folder_write(&folder, "providers/p.json", PRESET, 0644);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    folder_remove(&folder);
    return 0;
}

struct loaded {
    struct config config;
    struct provider *provider;
    struct problems problems;
    struct error error;
};

/* Loads provider `name` with `own` as its part of the config. */
static enum error_code load(const char *name, const char *own, struct loaded *loaded) {
    struct buffer text = BUFFER_EMPTY;
    *loaded =
        (struct loaded){.config = {.home = folder.path, .state = folder.path, .base_url = "https://www.example.com"}};
    buffer_append_format(&text, "{\"%s\":%s}", name, own);
    assert_int_equal(json_parse_settings(buffer_text(&text), text.len, &loaded->config.document, NULL), JSON_PARSED);
    loaded->config.providers = loaded->config.document;
    buffer_free(&text);
    const enum error_code code =
        provider_load(&loaded->config, name, &loaded->provider, &loaded->problems, &loaded->error);
    assert_int_equal(loaded->provider != NULL, code == ERROR_NONE);
    return code;
}

static void unload(struct loaded *loaded) {
    provider_free(loaded->provider);
    problems_clear(&loaded->problems);
    json_free(loaded->config.document);
}

static void names(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool valid;
    } rows[] = {{"instagram", true},
                {"a", true},
                {"a-b_c9", true},
                {"abcdefghijklmnopqrstuvwxyz012345", true},
                {"abcdefghijklmnopqrstuvwxyz0123456", false},
                {"", false},
                {"9a", false},
                {"-a", false},
                {"_id", false},
                {"A", false},
                {"aB", false},
                {"a.b", false},
                {"a/b", false},
                {"../a", false},
                {"a b", false},
                {"a$", false},
                {"\xC3\xA9", false},
                {"a\n", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(provider_name_is_valid(rows[i].name) == rows[i].valid, rows[i].name);
}

static void chooses(void **state) {
    (void)state;
    cJSON *providers = sample_json("{\"a\":{},\"b\":{}}");
    struct config config = {.providers = providers, .default_provider = "b"};
    assert_string_equal(provider_choose(&config, "a"), "a");
    assert_string_equal(provider_choose(&config, ""), "b");
    assert_string_equal(provider_choose(&config, NULL), "b");
    assert_null(provider_choose(&config, "c"));
    assert_null(provider_choose(&config, "A"));
    config.default_provider = NULL;
    assert_null(provider_choose(&config, ""));
    json_free(providers);
}

static void preset_and_overrides(void **state) {
    (void)state;
    struct loaded loaded;
    assert_int_equal(load("p", "{\"client_id\":\"1\",\"client_secret\":\"s\"}", &loaded), ERROR_NONE);
    assert_string_equal(loaded.provider->title, "P");
    assert_string_equal(loaded.provider->scope, "a b");
    assert_string_equal(loaded.provider->callback_url, "https://www.example.com/auth/p/callback");
    assert_string_equal(secret_text(loaded.provider->client_secret), "s");
    assert_int_equal(loaded.provider->profile_auth, PROFILE_AUTH_BEARER);
    assert_true(loaded.provider->pkce);
    assert_false(loaded.provider->token_json);
    assert_int_equal(loaded.provider->token_auth, TOKEN_AUTH_FORM);
    assert_string_equal(loaded.provider->client_id_param, "client_id");
    assert_null(loaded.provider->allow.rules);
    unload(&loaded);
    assert_int_equal(load("mine",
                          "{\"preset\":\"p\",\"client_id\":\"1\",\"client_secret\":\"s\",\"title\":\"Mine\",\"scope\":"
                          "\"x\",\"scope_separator\":\",\",\"pkce\":\"S256\",\"token_auth\":\"basic\","
                          "\"profile_auth\":\"query\",\"callback_url\":\"https://w.example/"
                          "cb\",\"allow\":[\"anna\"],\"ca_file\":\"/ca.pem\",\"token_url\":\"http://127.0.0.1:1/t\","
                          "\"authorize_params\":{\"prompt\":\"x\"}}",
                          &loaded),
                     ERROR_NONE);
    assert_string_equal(loaded.provider->name, "mine");
    assert_string_equal(loaded.provider->title, "Mine");
    assert_string_equal(loaded.provider->scope, "x");
    assert_string_equal(loaded.provider->authorize_url, "https://p.example/a");
    assert_string_equal(loaded.provider->token_url, "http://127.0.0.1:1/t");
    assert_string_equal(loaded.provider->callback_url, "https://w.example/cb");
    assert_string_equal(loaded.provider->ca_file, "/ca.pem");
    assert_true(loaded.provider->pkce && loaded.provider->token_auth == TOKEN_AUTH_BASIC &&
                loaded.provider->profile_auth == PROFILE_AUTH_QUERY);
    assert_int_equal(cJSON_GetArraySize(loaded.provider->allow.rules), 1);
    unload(&loaded);
}

static void takes_parameters_that_are_not_ours(void **state) {
    (void)state;
    static const char *const rows[] = {
        "\"authorize_params\":{\"response_mode\":\"query\",\"prompt\":\"x\"}",
        "\"authorize_params\":{\"response_mode\":\"form_post\"},\"callback_user\":\"user\"",
        "\"authorize_params\":{\"response_mode\":\"form_post\"},\"reauth_params\":{\"response_mode\":\"form_post\"}",
        "\"authorize_params\":{\"prompt\":\"x\"},\"reauth_params\":{\"prompt\":\"login\"}",
        "\"authorize_url\":\"https://p.example/a?tenant=x&response_mode=query\"",
        "\"profile_params\":{\"access_token\":\"x\"}"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[256];
        struct loaded loaded;
        snprintf(own, sizeof own, "{\"client_id\":\"1\",\"client_secret\":\"s\",%s}", rows[i]);
        assert_row(load("p", own, &loaded) == ERROR_NONE, loaded.error.cause);
        unload(&loaded);
    }
}

/* An issuer alone is enough. What is written wins; an ID token is there only where `openid` is asked for. */
static void an_issuer(void **state) {
    (void)state;
    static const struct {
        const char *own, *title, *scope, *id;
        bool openid;
    } rows[] = {
        {"", "i", "openid profile email", "/sub", true},
        {",\"title\":\"I\",\"scope\":[\"a\",\"openid\"],\"profile\":{\"id\":\"/oid\"}", "I", "a openid", "/oid", true},
        {",\"scope\":\"a,openid,b\"", "i", "a,openid,b", "/sub", true},
        {",\"scope\":\"xopenid openid2 openids\"", "i", "xopenid openid2 openids", "/sub", false},
        {",\"scope\":\"read:user\"", "i", "read:user", "/sub", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[256];
        struct loaded loaded;
        snprintf(own, sizeof own, "{\"client_id\":\"1\",\"client_secret\":\"s\",\"issuer\":\"https://i.example\"%s}",
                 rows[i].own);
        assert_row(load("i", own, &loaded) == ERROR_NONE, loaded.error.cause);
        assert_row(same(loaded.provider->title, rows[i].title), own);
        assert_row(same(loaded.provider->scope, rows[i].scope), own);
        assert_row(same(json_string(loaded.provider->profile, "id"), rows[i].id), own);
        assert_row(loaded.provider->openid == rows[i].openid, own);
        assert_row(same(json_string(loaded.provider->reauth_params, "prompt"), "login"), own);
        assert_row(loaded.provider->id_token_nonce && loaded.provider->logout_at_provider, own);
        assert_string_equal(loaded.provider->id_token_issuer, "https://i.example");
        assert_null(loaded.provider->authorize_url);
        unload(&loaded);
    }
}

static void scopes(void **state) {
    (void)state;
    static const struct {
        const char *own, *scope;
    } rows[] = {{"\"scope\":\"a b\"", "a b"},
                {"\"scope\":[\"a\"]", "a"},
                {"\"scope\":[\"a\",\"b\"],\"scope_separator\":\",\"", "a,b"},
                {"\"scope\":[\"a\",\"b\"]", "a b"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[512];
        struct loaded loaded;
        snprintf(own, sizeof own, "{\"client_id\":\"1\",\"client_secret\":\"s\",%s}", rows[i].own);
        assert_row(load("p", own, &loaded) == ERROR_NONE, own);
        assert_row(strcmp(loaded.provider->scope, rows[i].scope) == 0, own);
        unload(&loaded);
    }
}

/* Every key with values that it must not have. */
static void wrong_values(void **state) {
    (void)state;
    static const char *const
        url[] = {"5", "\"\"", "\"x\"", "\"http://p.example\"", "\"javascript:x\"", "[]", NULL},
        *const text[] = {"5", "\"\"", "[]", "true", "null", NULL}, *const map[] = {"5",         "\"x\"",        "[]",
                                                                                   "{\"a\":5}", "{\"a\":\"\"}", NULL},
        *const pointers[] = {"\"/a\"", "[]", "[5]", "[\"a\"]", "{}", NULL}, *const pointer[] = {"5",    "\"a\"",   "[]",
                                                                                                "[5]",  "[\"a\"]", "{}",
                                                                                                "null", NULL},
        *const lifetime[] = {"0", "-1", "1.5", "2147483648", "\"3600\"", "null", NULL},
        *const list[] = {"\"a\"", "[]", "[5]", "[\"\"]", NULL};
    static const char *const token_auth[] = {"\"Basic\"", "\"x\"", "5", "\"\"", "true", NULL};
    static const char
        *const pkce[] = {"true", "\"s256\"", "\"plain\"", "\"\"", NULL},
               *const auth[] = {"\"Basic\"", "\"x\"", "5", NULL}, *const file[] = {"\"ca.pem\"", "\"\"", "5", NULL},
               *const object[] = {"5", "\"x\"", "[]", "true", NULL}, *const scope[] = {"5",      "[]", "[5]", "\"\"",
                                                                                       "[\"\"]", "{}", NULL};
    static const struct {
        const char *key;
        const char *const *values;
    } rows[] = {{"title", text},
                {"authorize_url", url},
                {"authorize_params", map},
                {"scope", scope},
                {"scope_separator", text},
                {"pkce", pkce},
                {"token_url", url},
                {"token_auth", token_auth},
                {"token_format", auth},
                {"token_params", map},
                {"callback_params", list},
                {"client_id_param", text},
                {"callback_user", text},
                {"revocation_url", url},
                {"revocation_token_param", text},
                {"revocation_params", map},
                {"long_lived", object},
                {"refresh", object},
                {"profile_url", url},
                {"profile_params", map},
                {"profile_auth", auth},
                {"response_root", pointers},
                {"profile", object},
                {"client_id", text},
                {"client_secret", text},
                {"callback_url", url},
                {"allow", list},
                {"ca_file", file},
                {"preset", text},
                {"token_lifetime", lifetime},
                {"granted_scope", pointer},
                {"token_user_id", pointer},
                {"error_codes", object},
                {"field_list", object},
                {"account_types", map},
                {"colour", text}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (const char *const *value = rows[i].values; *value != NULL; value++) {
            char own[256], start[64];
            struct loaded loaded;
            snprintf(own, sizeof own, "{%s%s\"%s\":%s}",
                     strcmp(rows[i].key, "client_id") != 0 ? "\"client_id\":\"1\"," : "",
                     strcmp(rows[i].key, "client_secret") != 0 ? "\"client_secret\":\"s\"," : "", rows[i].key, *value);
            const int len = snprintf(start, sizeof start, "providers.p.%s", rows[i].key);
            assert_row(load("p", own, &loaded) == ERROR_CONFIG, own);
            assert_row(strncmp(loaded.error.cause, start, (size_t)len) == 0, loaded.error.cause);
            assert_row(contains(loaded.error.cause, "expected ") ||
                           contains(loaded.error.cause, "no such key; remove it"),
                       loaded.error.cause);
            unload(&loaded);
        }
    }
}

static void inner_objects(void **state) {
    (void)state;
    static const struct {
        const char *own, *start;
    } rows[] = {
        {"\"long_lived\":{\"url\":\"https://p.example\"}", "providers.p.long_lived.grant_type: is missing"},
        {"\"long_lived\":{\"url\":\"x\",\"grant_type\":\"g\"}", "providers.p.long_lived.url: expected"},
        {"\"refresh\":{\"url\":\"https://p.example\",\"grant_type\":\"g\",\"min_age_seconds\":-1}",
         "providers.p.refresh.min_age_seconds: expected"},
        {"\"refresh\":{\"url\":\"https://p.example\",\"grant_type\":\"g\",\"x\":1}",
         "providers.p.refresh.x: there is no such key"},
        {"\"profile\":{}", "providers.p.profile.id: is missing"},
        {"\"profile\":{\"id\":\"id\"}", "providers.p.profile.id: expected"},
        {"\"profile\":{\"id\":5}", "providers.p.profile.id: expected"},
        {"\"profile\":{\"id\":[]}", "providers.p.profile.id: expected"},
        {"\"profile\":{\"id\":\"/id\",\"x\":{\"y\":\"/z\"}}", "providers.p.profile.x: expected"},
        {"\"profile\":{\"id\":\"/id\",\"accessToken\":\"/t\"}", "providers.p.profile: \"accessToken\""},
        {"\"profile\":{\"id\":\"/id\",\"a.b\":\"/t\"}", "providers.p.profile: \"a.b\""},
        {"\"profile\":{\"id\":\"/id\",\"$set\":\"/t\"}", "providers.p.profile: \"$set\""},
        {"\"profile\":{\"id\":\"/id\",\"counts\":{\"token\":\"/t\"}}", "providers.p.profile.counts: \"token\""},
        {"\"profile\":{\"id\":\"/id\",\"counts\":{\"stars\":5}}", "providers.p.profile.counts.stars: expected"},
        {"\"profile\":{\"id\":\"/id\",\"counts\":\"/counts\"}", "providers.p.profile.counts: expected"},
        {"\"profile\":{\"id\":\"/id\",\"counts\":{}}", "providers.p.profile.counts: expected"},
        {"\"account_types\":{\"A\":\"B\"}", "providers.p.account_types: has no effect"},
        {"\"field_list\":{\"param\":\"fields\",\"least\":\"id\"}", "providers.p.field_list.refused_codes: is missing"},
        {"\"field_list\":{\"param\":\"fields\",\"least\":\"id\",\"refused_codes\":[1],\"named_after\":\"x\"}",
         "providers.p.field_list.named_after: expected"},
        {"\"profile_params\":{\"field\":\"id\"},\"field_list\":{\"param\":\"fields\",\"least\":\"id\","
         "\"refused_codes\":[1]}",
         "providers.p.field_list.param: profile_params has no \"fields\""},
        {"\"error_codes\":{\"dead\":[1]}", "providers.p.error_codes.dead: there is no such key"},
        {"\"error_codes\":{\"token_dead\":190}", "providers.p.error_codes.token_dead: expected"},
        {"\"error_codes\":{\"token_dead\":[]}", "providers.p.error_codes.token_dead: expected"},
        {"\"error_codes\":{\"token_dead\":[1.5]}", "providers.p.error_codes.token_dead: expected"},
        {"\"error_codes\":{\"too_many_calls\":[true]}", "providers.p.error_codes.too_many_calls: expected"},
        {"\"error_codes\":{\"too_many_calls\":[\"\"]}", "providers.p.error_codes.too_many_calls: expected"},
        {"\"refresh\":{\"token_lifetime\":0}", "providers.p.refresh.token_lifetime: expected"},
        {"\"long_lived\":{\"url\":\"https://p.example\",\"grant_type\":\"g\",\"token_lifetime\":\"1\"}",
         "providers.p.long_lived.token_lifetime: expected"},
        {"\"authorize_params\":{\"state\":\"x\"}", "providers.p.authorize_params.state: is set by the program"},
        {"\"reauth_params\":{\"client_id\":\"x\"}", "providers.p.reauth_params.client_id: is set by the program"},
        {"\"authorize_params\":{\"response_type\":\"token\"}",
         "providers.p.authorize_params.response_type: is set by the program, to \"code\": the implicit flow is "
         "refused"},
        {"\"authorize_params\":{\"response_mode\":\"web_message\"}",
         "providers.p.authorize_params.response_mode: the callback reads only what comes in the query"},
        {"\"reauth_params\":{\"response_mode\":\"form_post\"}",
         "providers.p.reauth_params.response_mode: the callback reads only what comes in the query"},
        {"\"callback_user\":\"user\"", "providers.p.callback_user: has no effect without \"response_mode\""},
        {"\"callback_user\":\"code\",\"authorize_params\":{\"response_mode\":\"form_post\"}",
         "providers.p.callback_user: \"code\" is another parameter"},
        {"\"reauth_params\":{\"response_mode\":\"fragment\"}",
         "providers.p.reauth_params.response_mode: the callback reads only what comes in the query"},
        {"\"authorize_url\":\"https://p.example/a?x=1&state=y\"",
         "providers.p.authorize_url: state: is set by the program"},
        {"\"authorize_url\":\"https://p.example/a?response%5Fmode=form_post\"",
         "providers.p.authorize_url: response_mode: the callback reads only what comes in the query"},
        {"\"authorize_url\":\"https://p.example/a?x=1\",\"authorize_params\":{\"x\":\"2\"}",
         "providers.p.authorize_params.x: stands in authorize_url, too; remove it there"},
        {"\"profile_auth\":\"query\",\"profile_params\":{\"access_token\":\"x\"}",
         "providers.p.profile_params.access_token: is set by the program"},
        {"\"client_id_param\":\"state\"", "providers.p.client_id_param: the program sends something else as \"state\""},
        {"\"client_id_param\":\"code\"", "providers.p.client_id_param: the program sends something else as \"code\""},
        {"\"client_id_param\":\"key\",\"authorize_params\":{\"key\":\"x\"}",
         "providers.p.authorize_params.key: is set by the program"},
        {"\"client_id_param\":\"key\",\"authorize_url\":\"https://p.example/a?key=1\"",
         "providers.p.authorize_url: key: is set by the program"},
        {"\"client_id_param\":\"key\",\"token_params\":{\"key\":\"x\"}",
         "providers.p.token_params.key: is set by the program"},
        {"\"token_params\":{\"grant_type\":\"x\"}", "providers.p.token_params.grant_type: is set by the program"},
        {"\"token_params\":{\"client_id\":\"x\"}", "providers.p.token_params.client_id: is set by the program"},
        {"\"token_params\":{\"x\":\"a $stat\"}",
         "providers.p.token_params.x: there is no \"$stat\"; expected $client_id or $state"},
        {"\"callback_params\":[\"code\"]", "providers.p.callback_params: \"code\" is sent by the program"},
        {"\"callback_params\":[\"a\",\"a\"]", "providers.p.callback_params: \"a\" stands there twice"},
        {"\"callback_params\":[\"a\"],\"token_params\":{\"a\":\"x\"}",
         "providers.p.callback_params: \"a\" stands in token_params, too"},
        {"\"callback_params\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]",
         "providers.p.callback_params: expected at most 8 names"},
        {"\"revocation_params\":{\"a\":\"b\"}", "providers.p.revocation_params: has no effect without revocation_url"},
        {"\"revocation_token_param\":\"a\"", "providers.p.revocation_token_param: has no effect without"},
        {"\"revocation_url\":\"https://p.example\",\"revocation_token_param\":\"client_id\"",
         "providers.p.revocation_token_param: the program sends something else as \"client_id\""},
        {"\"revocation_url\":\"https://p.example\",\"revocation_params\":{\"token\":\"x\"}",
         "providers.p.revocation_params.token: is set by the program"},
        {"\"revocation_url\":\"https://p.example\",\"revocation_params\":{\"client_secret\":\"x\"}",
         "providers.p.revocation_params.client_secret: is set by the program"},
        {"\"revocation_url\":\"https://p.example\",\"revocation_params\":{\"a\":\"$state\"}",
         "providers.p.revocation_params.a: there is no \"$state\"; expected $client_id"},
        {"\"token_auth\":\"none\"", "providers.p.client_secret: is not sent, since token_auth is \"none\""},
        {"\"profile_auth\":\"cookie\"", "providers.p.profile_auth: expected \"bearer\", \"query\" or \"none\""},
        {"\"profile_auth\":\"none\"", "providers.p.profile_auth: with \"none\" the token goes nowhere; write"},
        {"\"profile_method\":\"PUT\"", "providers.p.profile_method: expected \"POST\" or \"GET\""},
        {"\"profile_form\":{\"a\":\"b\"}", "providers.p.profile_form: has no effect without \"profile_method\""},
        {"\"profile_method\":\"POST\",\"profile_form\":{\"a\":\"$secret\"}",
         "providers.p.profile_form.a: there is no \"$secret\"; expected $client_id or $access_token"},
        {"\"profile_headers\":{\"a b\":\"c\"}", "providers.p.profile_headers: \"a b\" cannot be the name of a header"},
        {"\"profile_headers\":{\"content-length\":\"9\"}",
         "providers.p.profile_headers.content-length: is set by the program"},
        {"\"profile_headers\":{\"X\":\"a\\r\\nY: b\"}", "providers.p.profile_headers.X: holds what no header can"},
        {"\"profile_headers\":{\"1\":\"\",\"2\":\"b\"}", "providers.p.profile_headers: expected an object of texts"},
        {"\"profile_headers\":{\"1\":\"a\",\"2\":\"a\",\"3\":\"a\",\"4\":\"a\",\"5\":\"a\",\"6\":\"a\",\"7\":"
         "\"a\",\"8\":\"a\",\"9\":\"a\"}",
         "providers.p.profile_headers: expected at most 8 entries"},
        {"\"profile_from\":\"cookie\"",
         "providers.p.profile_from: expected \"profile_url\", \"token\" or \"id_token\""},
        {"\"profile_from\":\"id_token\"", "providers.p.profile_from: an ID token is only believed of an issuer"},
        {"\"profile_from\":\"token\",\"profile_url\":\"https://p.example/me\"",
         "providers.p.profile_url: has no effect, since profile_from is \"token\""},
        {"\"email_request\":{\"url\":\"https://p.example/e\"}", "providers.p.email_request.email: is missing"},
        {"\"email_request\":{\"email\":\"/e\",\"url\":\"http://p.example/e\"}",
         "providers.p.email_request.url: expected"},
        {"\"email_request\":{\"email\":\"e\"}", "providers.p.email_request.email: expected a JSON Pointer"},
        {"\"email_request\":{\"email\":\"/e\",\"verified\":\"yes\"}",
         "providers.p.email_request.verified: expected true"},
        {"\"email_request\":{\"email\":\"/e\",\"where\":{\"primary\":true}}",
         "providers.p.email_request.where: expected an object of JSON Pointers"},
        {"\"email_request\":{\"email\":\"/e\",\"where\":{\"/primary\":[]}}",
         "providers.p.email_request.where: expected an object of JSON Pointers"},
        {"\"email_request\":{\"email\":\"/e\",\"headers\":{\"A\":\"b\"}}",
         "providers.p.email_request.headers: has no effect without a url"},
        {"\"email_request\":{\"email\":\"/e\",\"mail\":1}", "providers.p.email_request.mail: there is no such key"},
        {"\"email_request\":{\"email\":\"/e\"},\"profile\":{\"id\":\"/id\",\"email\":\"/e\"}",
         "providers.p.profile.email: has no effect, since email_request gives it"},
        {"\"groups_requests\":{\"url\":\"https://p.example/g\"}",
         "providers.p.groups_requests: expected a list of objects"},
        {"\"groups_requests\":[]", "providers.p.groups_requests: expected a list of objects"},
        {"\"groups_requests\":[{\"url\":\"https://p.example/g\"},{\"list\":\"/a\"}]",
         "providers.p.groups_requests[1].url: is missing"},
        {"\"groups_requests\":[{\"url\":\"https://p.example/$user/$id\"}]",
         "providers.p.groups_requests[0].url: there is no \"$user\"; expected $id"},
        {"\"groups_requests\":[{\"url\":\"https://p.example/g\",\"group\":\"{a}\"}]",
         "providers.p.groups_requests[0].group: \"{a}\": in braces stands what is no JSON Pointer"},
        {"\"groups_requests\":[{\"url\":\"https://p.example/g\",\"headers\":{\"Host\":\"x\"}}]",
         "providers.p.groups_requests[0].headers.Host: is set by the program"},
        {"\"response_ok\":{\"pointer\":\"/ok\"}", "providers.p.response_ok.equals: is missing"},
        {"\"response_ok\":{\"pointer\":\"ok\",\"equals\":true}", "providers.p.response_ok.pointer: expected"},
        {"\"response_ok\":{\"pointer\":\"/ok\",\"equals\":[]}",
         "providers.p.response_ok.equals: expected a text, a number, true or false"},
        {"\"allow\":[\"q:1\"]", "providers.p.allow[0]: \"q:1\" is of another provider"},
        {"\"authorize_params\":{\"redirect_uri\":\"x\"}",
         "providers.p.authorize_params.redirect_uri: is set by the program"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[512];
        struct loaded loaded;
        snprintf(own, sizeof own, "{\"client_id\":\"1\",\"client_secret\":\"s\",%s}", rows[i].own);
        assert_row(load("p", own, &loaded) == ERROR_CONFIG, own);
        assert_row(strncmp(loaded.error.cause, rows[i].start, strlen(rows[i].start)) == 0, loaded.error.cause);
        unload(&loaded);
    }
}

/* The server of a provider that runs on many: in all texts of its file, and nowhere else. */
static void instances(void **state) {
    (void)state;
    static const struct {
        const char *own, *authorize_url, *start;
    } rows[] = {
        {"\"instance\":\"https://m.example\"", "https://m.example/a", NULL},
        {"\"instance\":\"https://m.example/\"", "https://m.example/a", NULL},
        {"\"instance\":\"http://localhost:80/x//\"", "http://localhost:80/x/a", NULL},
        {"\"instance\":\"https://m.example\",\"authorize_url\":\"https://o.example\"", "https://o.example", NULL},
        {"\"title\":\"x\"", NULL, "providers.m.instance: is missing; expected the address of the server"},
        {"\"instance\":\"m.example\"", NULL, "providers.m.instance: expected the https address of a server"},
        {"\"instance\":\"http://m.example\"", NULL, "providers.m.instance: expected"},
        {"\"instance\":5", NULL, "providers.m.instance: expected"},
        {"\"instance\":\"https://m.example?x\"", NULL, "providers.m.instance: expected the server's address without"},
        {"\"preset\":\"p\",\"instance\":\"https://m.example\"", NULL,
         "providers.m.instance: has no effect, since the provider's file"},
        {"\"preset\":\"d\"", "https://d.example/a", NULL},
        {"\"preset\":\"d\",\"instance\":\"https://e.example\"", "https://e.example/a", NULL}};
    folder_write(&folder, "providers/m.json",
                 "{\"title\":\"M\",\"authorize_url\":\"$instance/a\",\"token_url\":\"$instance/t\",\"profile_url\":"
                 "\"$instance/me\",\"profile\":{\"id\":\"/id\"},\"refresh\":{\"url\":\"$instance/r\"}}",
                 0644);
    folder_write(&folder, "providers/d.json",
                 "{\"title\":\"M\",\"instance\":\"https://d.example/\",\"authorize_url\":\"$instance/a\",\"token_url\":"
                 "\"$instance/t\",\"profile_url\":\"$instance/me\",\"profile\":{\"id\":\"/id\"}}",
                 0644);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[512];
        struct loaded loaded;
        snprintf(own, sizeof own, "{\"client_id\":\"1\",\"client_secret\":\"s\",%s}", rows[i].own);
        assert_row((load("m", own, &loaded) == ERROR_NONE) == (rows[i].start == NULL), loaded.error.cause);
        if (rows[i].start != NULL)
            assert_row(strncmp(loaded.error.cause, rows[i].start, strlen(rows[i].start)) == 0 &&
                           loaded.problems.count == 1,
                       loaded.error.cause);
        else
            assert_string_equal(loaded.provider->authorize_url, rows[i].authorize_url);
        if (i == 2)
            assert_string_equal(loaded.provider->refresh_url, "http://localhost:80/x/r");
        unload(&loaded);
    }
}

/* A client without a secret, and what it cannot have. */
static void public_clients(void **state) {
    (void)state;
    static const struct {
        const char *own, *start;
    } rows[] = {{"\"token_auth\":\"none\"", NULL},
                {"\"token_auth\":\"basic\"", "providers.p.client_secret: is missing; expected the app's secret"},
                {"\"pkce\":\"S256\"", "providers.p.client_secret: is missing; expected the app's secret"},
                {"\"token_auth\":\"none\",\"pkce\":\"none\"", "providers.p.pkce: a client without a secret needs PKCE"},
                {"\"token_auth\":\"none\",\"long_lived\":{\"url\":\"https://p.example\",\"grant_type\":\"g\"}",
                 "providers.p.long_lived: is asked for with client_secret"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[256];
        struct loaded loaded;
        snprintf(own, sizeof own, "{\"client_id\":\"1\",%s}", rows[i].own);
        assert_row((load("p", own, &loaded) == ERROR_NONE) == (rows[i].start == NULL), own);
        if (rows[i].start != NULL)
            assert_row(strncmp(loaded.error.cause, rows[i].start, strlen(rows[i].start)) == 0, loaded.error.cause);
        else
            assert_true(loaded.provider->client_secret == NULL && loaded.provider->token_auth == TOKEN_AUTH_NONE);
        unload(&loaded);
    }
}

/* Appends the text with the path in place of KEY. */
static void fill(struct buffer *out, const char *text, const char *path) {
    const char *place = strstr(text, "KEY");
    buffer_append(out, text, place != NULL ? (size_t)(place - text) : strlen(text));
    buffer_append_format(out, "%s%s", place != NULL ? path : "", place != NULL ? place + strlen("KEY") : "");
}

/* A private key in the place of a secret. KEY stands for its file. */
static void clients_with_a_key(void **state) {
    (void)state;
    static const char key[] = "\"client_key\":{\"file\":\"KEY\"}",
                      jwt[] = "\"client_secret_jwt\":{\"audience\":\"https://a.example\"}",
                      auth[] = "\"token_auth\":\"private_key_jwt\"";
    static const struct {
        const char *parts[3], *start;
        int mode;
    } rows[] = {
        {{key, auth}, NULL, 0600},
        {{key, jwt}, NULL, 0600},
        {{key, jwt, "\"token_auth\":\"basic\""}, NULL, 0400},
        {{key, auth, "\"assertion_audience\":\"https://p.example\""}, NULL, 0600},
        {{key, auth}, "providers.p.client_key.file: KEY can be read by other users", 0644},
        {{key, auth}, "providers.p.client_key.file: KEY can be written by other users", 0620},
        {{key, auth}, "providers.p.client_key.file: KEY can be read by other users of its group", 0640},
        {{"\"client_key\":{\"file\":\"/nowhere/key.pem\"}", auth},
         "providers.p.client_key.file: /nowhere/key.pem cannot be looked at: No such file",
         0600},
        {{"\"client_key\":{\"file\":\"key.pem\"}", auth}, "providers.p.client_key.file: expected the absolute", 0600},
        {{auth}, "providers.p.client_key: is missing; expected an object with file", 0600},
        {{jwt}, "providers.p.client_key: is missing; expected an object with file", 0600},
        {{"\"client_key\":{\"id\":\"K\"}", auth}, "providers.p.client_key.file: is missing", 0600},
        {{key}, "providers.p.client_secret: is missing", 0600},
        {{key, "\"client_secret\":\"s\""}, "providers.p.client_key: signs nothing; remove it", 0600},
        {{key, auth, "\"client_secret\":\"s\""}, "providers.p.client_secret: is not sent, since client_key", 0600},
        {{key, jwt, auth}, "providers.p.client_secret_jwt: is not sent with token_auth \"private_key_jwt\"", 0600},
        {{key, jwt, "\"token_auth\":\"none\""},
         "providers.p.client_secret_jwt: is not sent with token_auth \"none\"",
         0600},
        {{key, jwt, "\"assertion_audience\":\"https://p.example\""}, "providers.p.assertion_audience: is of use", 0600},
        {{key, auth, "\"long_lived\":{\"url\":\"https://p.example\",\"grant_type\":\"g\"}"},
         "providers.p.long_lived: is asked for with client_secret",
         0600}};
    struct folder keys;
    folder_make(&keys);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer own = BUFFER_EMPTY, filled = BUFFER_EMPTY, start = BUFFER_EMPTY;
        struct loaded loaded;
        const char *path = folder_write(&keys, "key.pem", "x", (mode_t)rows[i].mode);
        buffer_append_text(&own, "{\"client_id\":\"1\"");
        for (size_t part = 0; part < COUNT(rows[i].parts) && rows[i].parts[part] != NULL; part++)
            buffer_append_format(&own, ",%s", rows[i].parts[part]);
        fill(&filled, buffer_text(&own), path);
        buffer_append_char(&filled, '}');
        fill(&start, rows[i].start != NULL ? rows[i].start : "", path);
        assert_row((load("p", buffer_text(&filled), &loaded) == ERROR_NONE) == (rows[i].start == NULL),
                   loaded.error.cause);
        if (rows[i].start != NULL)
            assert_row(strncmp(loaded.error.cause, buffer_text(&start), start.len) == 0, loaded.error.cause);
        else
            assert_string_equal(loaded.provider->client_key_file, path);
        unload(&loaded);
        buffer_free(&own);
        buffer_free(&filled);
        buffer_free(&start);
    }
    folder_remove(&keys);
}

/* A text that was written as a number is told as that, whatever its length. */
static void numbers_in_place_of_texts(void **state) {
    (void)state;
    static const struct {
        const char *own, *end;
    } rows[] = {{"\"client_id\":102938475610293", "such as \"1029384756102938\"; put the number in quotes"},
                {"\"client_id\":1029384756102938", "such as \"1029384756102938\"; put the number in quotes"},
                {"\"client_id\":\"1\",\"client_secret\":12345678901234567890", "; put the number in quotes"},
                {"\"client_id\":\"1\",\"scope\":5", "; put the number in quotes"},
                {"\"client_id\":\"1\",\"scope\":[\"a\",5]", "; [1] is a number: put it in quotes"},
                {"\"client_id\":\"1\",\"allow\":[17841405793187218123]", "; [0] is a number: put it in quotes"},
                {"\"client_id\":\"1\",\"allow\":[\"a\",\"\"]", "; [1] is empty: remove it"},
                {"\"client_id\":\"1\",\"allow\":[null]", "; [0] is no text"},
                {"\"client_id\":\"1\",\"profile_params\":{\"limit\":25}", "; limit is a number: put it in quotes"},
                {"\"client_id\":true", "such as \"1029384756102938\""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[256];
        struct loaded loaded;
        snprintf(own, sizeof own, "{%s}", rows[i].own);
        assert_row(load("p", own, &loaded) == ERROR_CONFIG, own);
        const size_t len = strlen(loaded.error.cause), end_len = strlen(rows[i].end);
        assert_row(len > end_len && strcmp(loaded.error.cause + len - end_len, rows[i].end) == 0, loaded.error.cause);
        unload(&loaded);
    }
}

/* The names that a field and a count can have: what is stored under them must be no token, and be seen. */
static void field_names(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool valid;
    } rows[] = {{"email", true},
                {"email_verified", true},
                {"jobTitle2", true},
                {"x-y", true},
                {"a123456789012345678901234567890123456789", true},
                {"a1234567890123456789012345678901234567890", false},
                {"accessToken", false},
                {"refreshToken", false},
                {"token", false},
                {"access_token", false},
                {"refresh_token", false},
                {"tokenSecret", false},
                {"reconnect", false},
                {"", false},
                {"1a", false},
                {"_id", false},
                {"a b", false},
                {"a.b", false},
                {"$a", false},
                {"a/b", false},
                {"\xC3\xA9", false}};
    static const struct {
        const char *start, *end;
    } maps[] = {{"", "\":\"/x\"}}"}, {"counts\":{\"", "\":[\"/x\",\"/y\"]}}}"}};
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        struct loaded loaded;
        struct buffer own = BUFFER_EMPTY;
        const size_t row = i / 2;
        buffer_append_format(&own, "{\"client_id\":\"1\",\"client_secret\":\"s\",\"profile\":{\"id\":\"/id\",\"%s%s%s",
                             maps[i % 2].start, rows[row].name, maps[i % 2].end);
        assert_row((load("p", buffer_text(&own), &loaded) == ERROR_NONE) == rows[row].valid, buffer_text(&own));
        assert_row(rows[row].valid || contains(loaded.error.cause, "cannot be the name of a field"),
                   loaded.error.cause);
        buffer_free(&own);
        unload(&loaded);
    }
}

/* No more than a session can hold. */
static void field_numbers(void **state) {
    (void)state;
    static const struct {
        const char *start, *end;
        int most;
        const char *cause;
    } rows[] = {
        {"\"profile\":{\"id\":\"/id\"", "}", PROFILE_FIELDS_MAX - 1, "providers.p.profile: expected at most 32"},
        {"\"profile\":{\"id\":\"/id\",\"counts\":{\"z\":\"/z\"", "}}", PROFILE_COUNTS_MAX - 1,
         "providers.p.profile.counts: expected at most 16"}};
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        struct loaded loaded;
        struct buffer own = BUFFER_EMPTY;
        const bool fits = i % 2 == 0;
        buffer_append_format(&own, "{\"client_id\":\"1\",\"client_secret\":\"s\",%s", rows[i / 2].start);
        for (int field = 0; field < rows[i / 2].most + !fits; field++)
            buffer_append_format(&own, ",\"f%d\":\"/f\"", field);
        buffer_append_format(&own, "%s}", rows[i / 2].end);
        assert_row((load("p", buffer_text(&own), &loaded) == ERROR_NONE) == fits, loaded.error.cause);
        assert_row(fits || contains(loaded.error.cause, rows[i / 2].cause), loaded.error.cause);
        buffer_free(&own);
        unload(&loaded);
    }
}

static void missing_values(void **state) {
    (void)state;
    static const char *const keys[] = {"authorize_url", "token_url", "profile_url",
                                       "profile",       "client_id", "client_secret"};
    struct loaded loaded;
    /* A provider that the config describes itself. */
    assert_int_equal(load("unknown", "{\"title\":\"Unknown\"}", &loaded), ERROR_CONFIG);
    assert_int_equal(loaded.problems.count, COUNT(keys));
    for (size_t i = 0; i < COUNT(keys); i++) {
        char start[64];
        size_t found = 0;
        snprintf(start, sizeof start, "providers.unknown.%s: is missing; expected ", keys[i]);
        for (size_t line = 0; line < loaded.problems.count; line++)
            found += strncmp(loaded.problems.lines[line], start, strlen(start)) == 0;
        assert_row(found == 1, start);
    }
    unload(&loaded);
}

/* Somebody forgot to upload the file: they are not to write its keys themselves, whatever of it they have changed. */
static void a_missing_file(void **state) {
    (void)state;
    static const char *const own[] = {"", ",\"scope\":[\"more\"]", ",\"authorize_params\":{\"a\":\"b\"}",
                                      ",\"allow\":[\"me\"]"};
    for (size_t i = 0; i < COUNT(own); i++) {
        struct loaded loaded;
        char text[256];
        snprintf(text, sizeof text, "{\"client_id\":\"1\",\"client_secret\":\"s\"%s}", own[i]);
        assert_int_equal(load("unknown", text, &loaded), ERROR_CONFIG);
        assert_row(loaded.problems.count == 1, own[i]);
        assert_true(contains(loaded.error.cause, "there is no ") && contains(loaded.error.cause, folder.path) &&
                    contains(loaded.error.cause, "/providers/unknown.json; upload it") &&
                    contains(loaded.error.cause, "providers.unknown.preset"));
        unload(&loaded);
    }
}

/* What was written in the file is told by the file's name, what was written in the config by its key. */
static void the_place_of_a_fault(void **state) {
    (void)state;
    static const struct {
        const char *file, *own, *told;
    } rows[] = {
        {"{\"profil_url\":\"https://p.example/me\"}", "",
         "/providers/q.json: profil_url: there is no such key; correct it to profile_url"},
        {"{\"title\":5}", "", "/providers/q.json: title: expected "},
        {"{\"title\":5}", ",\"title\":\"Q\"", "/providers/q.json: title: expected "},
        {"{\"long_lived\":{\"url\":\"https://p.example\"}}", "",
         "/providers/q.json: long_lived.grant_type: is missing"},
        {"{\"issuer\":\"https://p.example?x\"}", "",
         "/providers/q.json: issuer: expected an https URL without a query"},
        {"{\"client_secret\":\"s\"}", "", "/providers/q.json: client_secret: belongs in `providers` of config.json"},
        {"{\"preset\":\"p\"}", "", "/providers/q.json: preset: belongs in `providers` of config.json"},
        {"{\"profile\":{\"id\":5}}", ",\"preset\":\"q\"", "/providers/q.json: profile.id: expected"},
        {"{\"profile\":{}}", "", "/providers/q.json: profile.id: is missing"},
        {"{\"field_list\":{\"param\":\"fields\",\"least\":\"id\",\"refused_codes\":[1]}}", "",
         "/providers/q.json: field_list.param: profile_params has no \"fields\""},
        {"{\"authorize_params\":{\"state\":\"x\"}}", "",
         "/providers/q.json: authorize_params.state: is set by the program"},
        {"{}", ",\"profil_url\":\"x\"", "providers.q.profil_url: there is no such key; correct it to profile_url"},
        {"{}", ",\"issuer\":\"http://p.example\"", "providers.q.issuer: expected an https URL"},
        {"{}", ",\"jwks_url\":\"https://p.example\"", "providers.q.jwks_url: has no effect without an issuer"},
        {"{}", ",\"id_token\":{\"nonce\":false}", "providers.q.id_token: has no effect without an issuer"},
        {"{\"issuer\":\"https://p.example\",\"id_token\":{\"algorithms\":[\"RS256\",\"none\"]}}", "",
         "/providers/q.json: id_token.algorithms: \"none\" is none of RS256"},
        {"{}", ",\"issuer\":\"https://p.example\",\"id_token\":{\"nonce\":\"no\"}",
         "providers.q.id_token.nonce: expected true or false"},
        {"{}", ",\"issuer\":\"https://p.example\",\"authorize_params\":{\"nonce\":\"n\"}",
         "providers.q.authorize_params.nonce: is set by the program"},
        {"{}", ",\"allow\":{\"emails\":[\"b.example\"]}", "providers.q.allow.emails[0]: "},
        {"{}", ",\"profile\":{}", "providers.q.profile.id: is missing"},
        {"{}", ",\"authorize_params\":{\"state\":\"x\"}", "providers.q.authorize_params.state: is set by the program"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[256];
        bool told = false;
        struct loaded loaded;
        folder_write(&folder, "providers/q.json", rows[i].file, 0644);
        snprintf(own, sizeof own, "{\"client_id\":\"1\",\"client_secret\":\"s\"%s}", rows[i].own);
        assert_row(load("q", own, &loaded) == ERROR_CONFIG, rows[i].told);
        for (size_t line = 0; line < loaded.problems.count; line++)
            told = told || contains(loaded.problems.lines[line], rows[i].told);
        assert_row(told, rows[i].told);
        unload(&loaded);
    }
}

static void credentials_with_a_slip(void **state) {
    (void)state;
    static const struct {
        const char *own, *told;
    } rows[] = {
        {"{\"client_id\":\"YOUR_INSTAGRAM_APP_ID\",\"client_secret\":\"s\"}", "providers.p.client_id: is still"},
        {"{\"client_id\":\"1\",\"client_secret\":\"YOUR_INSTAGRAM_APP_SECRET\"}",
         "providers.p.client_secret: is still"},
        {"{\"client_id\":\" 1\",\"client_secret\":\"s\"}", "providers.p.client_id: begins or ends with a blank"},
        {"{\"client_id\":\"1\",\"client_secret\":\"s \"}", "providers.p.client_secret: begins or ends with a blank"},
        {"{\"client_id\":\"1\",\"client_secret\":\"s\\n\"}", "providers.p.client_secret: begins or ends with a blank"},
        {"{\"client_id\":\"1\",\"client_secret\":\"s\\u200b\"}",
         "providers.p.client_secret: begins or ends with a blank"},
        {"{\"client_id\":\"1\",\"client_secret\":\"s\\nt\"}", "providers.p.client_secret: has a line break"},
        {"{\"client_id\":\"\\\"1\\\"\",\"client_secret\":\"s\"}", "providers.p.client_id: has quotes of its own"},
        {"{\"client_id\":\"“1”\",\"client_secret\":\"s\"}", "providers.p.client_id: has quotes of its own"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        assert_row(load("p", rows[i].own, &loaded) == ERROR_CONFIG, rows[i].own);
        assert_row(strncmp(loaded.error.cause, rows[i].told, strlen(rows[i].told)) == 0, loaded.error.cause);
        unload(&loaded);
    }
}

static void broken_presets(void **state) {
    (void)state;
    static const struct {
        const char *text, *part;
    } rows[] = {{"", "it is empty"},
                {"{", "line 1, column 2: a } is missing"},
                {"[]", "one JSON object"},
                {"{\"title\":\"a\",\"title\":\"b\"}", "no key stands twice"},
                {"{\"colour\":1}", "colour"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        folder_write(&folder, "providers/broken.json", rows[i].text, 0644);
        assert_row(load("broken", "{\"client_id\":\"1\",\"client_secret\":\"s\"}", &loaded) == ERROR_CONFIG,
                   rows[i].text);
        assert_row(contains(loaded.error.cause, "broken") && contains(loaded.error.cause, rows[i].part),
                   loaded.error.cause);
        unload(&loaded);
    }
}

static void preset_names_stay_in_their_folder(void **state) {
    (void)state;
    static const char *const rows[] = {"../config", "/etc/passwd", "p.json", "..", "P", "a/b"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char own[128];
        struct loaded loaded;
        snprintf(own, sizeof own, "{\"preset\":\"%s\",\"client_id\":\"1\",\"client_secret\":\"s\"}", rows[i]);
        assert_row(load("x", own, &loaded) == ERROR_CONFIG, own);
        assert_row(contains(loaded.error.cause, "providers.x.preset: expected"), loaded.error.cause);
        unload(&loaded);
    }
    struct loaded loaded;
    assert_int_equal(load("x", "{\"preset\":\"missing\",\"client_id\":\"1\",\"client_secret\":\"s\"}", &loaded),
                     ERROR_CONFIG);
    assert_true(contains(loaded.error.cause, "/providers/missing.json; upload it"));
    unload(&loaded);
}

static void messages_hold_no_secret(void **state) {
    (void)state;
    struct loaded loaded;
    assert_int_equal(load("p",
                          "{\"client_id\":\"1\",\"client_secret\":\"YOUR_SECRET1\",\"token_url\":\"https://"
                          "u:SECRET2@x\",\"title\":5}",
                          &loaded),
                     ERROR_CONFIG);
    for (size_t i = 0; i < loaded.problems.count; i++)
        assert_row(!contains(loaded.problems.lines[i], "SECRET1") && !contains(loaded.problems.lines[i], "SECRET2"),
                   loaded.problems.lines[i]);
    unload(&loaded);
    provider_free(NULL);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(names),
                                       cmocka_unit_test(chooses),
                                       cmocka_unit_test(preset_and_overrides),
                                       cmocka_unit_test(takes_parameters_that_are_not_ours),
                                       cmocka_unit_test(an_issuer),
                                       cmocka_unit_test(scopes),
                                       cmocka_unit_test(wrong_values),
                                       cmocka_unit_test(instances),
                                       cmocka_unit_test(public_clients),
                                       cmocka_unit_test(clients_with_a_key),
                                       cmocka_unit_test(numbers_in_place_of_texts),
                                       cmocka_unit_test(inner_objects),
                                       cmocka_unit_test(field_names),
                                       cmocka_unit_test(field_numbers),
                                       cmocka_unit_test(missing_values),
                                       cmocka_unit_test(a_missing_file),
                                       cmocka_unit_test(the_place_of_a_fault),
                                       cmocka_unit_test(credentials_with_a_slip),
                                       cmocka_unit_test(broken_presets),
                                       cmocka_unit_test(preset_names_stay_in_their_folder),
                                       cmocka_unit_test(messages_hold_no_secret)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
