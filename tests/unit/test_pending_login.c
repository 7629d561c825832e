/* pending_login.c: a login begun is found by its state, provider and browser for ten minutes and by nothing else, with
 * what it is for;
 * several at once; of too many the first are removed; they never fill the Cookie header; the authorize URL and PKCE's
 * challenge.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "oauth/pending_login.h"
#include "session/session.h"

#define PREFIX "__Host-cgi_login_pending_"

/* Begins a login, and adds its cookie to those of the browser. */
static struct pending_login begin(const struct config *config, const char *provider, const char *return_to,
                                  struct buffer *cookies) {
    struct pending_login login;
    struct response response = {.status = 302};
    struct error error;
    const struct request request = sample_request("");
    assert_int_equal(
        pending_login_begin(config, &request, &(struct login_aim){provider, return_to, ""}, &login, &response, &error),
        ERROR_NONE);
    assert_true(response_is_whole(&response));
    sample_take_cookies(&response, cookies);
    response_free(&response);
    return login;
}

static bool finds(const struct config *config, const char *cookies, int64_t now, const char *provider,
                  const char *state) {
    struct pending_login login;
    struct request request = sample_request(cookies);
    request.now = now;
    struct error error;
    const enum error_code code = pending_login_find(config, &request, provider, state, &login, &error);
    const bool found = code == ERROR_NONE;
    assert_true(found || code == ERROR_EXPIRED_LOGIN);
    pending_login_clear(&login);
    return found;
}

/* A login that links an account says to which session; any other says nothing of it, and its cookie is as short as
 * before. */
static void says_what_it_links(void **state) {
    (void)state;
    static const char session[] = "0123456789012345678901234567890123456789abc";
    struct config config;
    size_t sizes[2];
    sample_config(&config);
    for (size_t i = 0; i < 2; i++) {
        const struct login_aim aim = {"instagram", "/profile", i == 0 ? "" : session};
        struct buffer cookies = BUFFER_EMPTY;
        struct response response = {.status = 302};
        struct pending_login login, found;
        struct error error;
        const struct request before = sample_request("");
        assert_int_equal(pending_login_begin(&config, &before, &aim, &login, &response, &error), ERROR_NONE);
        sample_take_cookies(&response, &cookies);
        const struct request request = sample_request(buffer_text(&cookies));
        assert_int_equal(pending_login_find(&config, &request, "instagram", login.state, &found, &error), ERROR_NONE);
        assert_string_equal(found.link_to, aim.link_to);
        sizes[i] = cookies.len;
        buffer_free(&cookies);
        response_free(&response);
    }
    assert_true(sizes[0] + strlen(session) < sizes[1]);
    sample_config_clear(&config);
}

static void comes_back(void **state) {
    (void)state;
    static const char *const rows[] = {"", "/profile?a=b", "/\xC3\xA9\"\\"};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer cookies = BUFFER_EMPTY;
        struct pending_login login = begin(&config, "instagram", rows[i], &cookies), found;
        const struct request request = sample_request(buffer_text(&cookies));
        struct error error;
        assert_int_equal(pending_login_find(&config, &request, "instagram", login.state, &found, &error), ERROR_NONE);
        assert_string_equal(found.state, login.state);
        assert_string_equal(found.verifier, login.verifier);
        assert_string_equal(found.return_to, rows[i]);
        assert_int_equal(strlen(login.verifier), 43); /* RFC 7636, section 4.1: 43 to 128 */
        assert_string_not_equal(login.state, login.verifier);
        assert_false(contains(buffer_text(&cookies), login.verifier));
        pending_login_clear(&login);
        pending_login_clear(&found);
        buffer_free(&cookies);
    }
    sample_config_clear(&config);
}

/* Neither state, verifier and challenge, nor the cookie and its name hold what firewalls take for a comment of SQL. */
static void holds_no_comment(void **state) {
    (void)state;
    struct config config;
    char callback[] = "https://b.example/", none[] = "";
    const struct provider provider = {.authorize_url = "https://a.example/",
                                      .client_id = "1",
                                      .client_id_param = "client_id",
                                      .callback_url = callback,
                                      .scope = none,
                                      .pkce = true};
    sample_config(&config);
    for (size_t i = 0; i < 5000; i++) {
        struct buffer cookies = BUFFER_EMPTY, url = BUFFER_EMPTY;
        const struct pending_login login = begin(&config, "instagram", "/a/long/path/to/come/back/to", &cookies);
        pending_login_authorize_url(&provider, &login, false, &url);
        assert_row(strstr(buffer_text(&cookies), "--") == NULL, buffer_text(&cookies));
        assert_row(strstr(buffer_text(&url), "--") == NULL, buffer_text(&url));
        assert_row(strstr(login.verifier, "--") == NULL, login.verifier);
        buffer_free(&cookies);
        buffer_free(&url);
    }
    sample_config_clear(&config);
}

static void found_by_nothing_else(void **state) {
    (void)state;
    struct config config, other;
    struct buffer cookies = BUFFER_EMPTY;
    sample_config(&config);
    sample_config(&other);
    const struct pending_login login = begin(&config, "instagram", "", &cookies);
    char altered[STATE_SIZE];
    memcpy(altered, login.state, sizeof altered);
    altered[STATE_SIZE - 2] ^= 1;
    const char *const jar = buffer_text(&cookies);
    assert_true(finds(&config, jar, SAMPLE_NOW + PENDING_LOGIN_SECONDS - 1, "instagram", login.state));
    assert_false(finds(&config, jar, SAMPLE_NOW + PENDING_LOGIN_SECONDS, "instagram", login.state));
    assert_false(finds(&config, jar, SAMPLE_NOW, "github", login.state));
    assert_false(finds(&other, jar, SAMPLE_NOW, "instagram", login.state));
    assert_false(finds(&config, "", SAMPLE_NOW, "instagram", login.state));
    assert_false(finds(&config, jar, SAMPLE_NOW, "instagram", altered));
    assert_false(finds(&config, jar, SAMPLE_NOW, "instagram", ""));
    assert_false(finds(&config, jar, SAMPLE_NOW, "instagram", login.verifier));
    assert_false(finds(&config, jar, SAMPLE_NOW, "instagram", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    buffer_free(&cookies);
    sample_config_clear(&config);
    sample_config_clear(&other);
}

/* A cookie put under another login's name opens, but the state inside tells. */
static void refuses_a_cookie_under_another_name(void **state) {
    (void)state;
    struct config config;
    struct buffer cookies = BUFFER_EMPTY, swapped = BUFFER_EMPTY;
    sample_config(&config);
    const struct pending_login login = begin(&config, "instagram", "", &cookies);
    char wanted[STATE_SIZE];
    repeat(wanted, "A", STATE_SIZE - 1);
    buffer_append_format(&swapped, PREFIX "AAAAAAAA%s", strchr(buffer_text(&cookies), '='));
    assert_true(finds(&config, buffer_text(&cookies), SAMPLE_NOW, "instagram", login.state));
    assert_false(finds(&config, buffer_text(&swapped), SAMPLE_NOW, "instagram", wanted));
    buffer_free(&cookies);
    buffer_free(&swapped);
    sample_config_clear(&config);
}

static void several_at_once(void **state) {
    (void)state;
    struct config config;
    struct buffer cookies = BUFFER_EMPTY;
    struct pending_login logins[4];
    sample_config(&config);
    for (size_t i = 0; i < COUNT(logins); i++)
        logins[i] = begin(&config, "instagram", "", &cookies);
    for (size_t i = 0; i < COUNT(logins); i++)
        assert_true(finds(&config, buffer_text(&cookies), SAMPLE_NOW, "instagram", logins[i].state));
    buffer_free(&cookies);
    sample_config_clear(&config);
}

static void ends(void **state) {
    (void)state;
    struct response response = {.status = 302};
    const struct pending_login login = {.state = "0123456789"};
    pending_login_end(&login, &response);
    assert_string_equal(buffer_text(&response.headers),
                        "Set-Cookie: " PREFIX "01234567=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0\r\n");
    response_free(&response);
}

/* So many pending cookies that came, and how many of them the answer removes: the first ones. */
static void removes_the_surplus(void **state) {
    (void)state;
    struct config config;
    sample_config(&config);
    for (size_t count = 0; count < 40; count++) {
        struct buffer cookies = BUFFER_EMPTY;
        struct response response = {.status = 302};
        struct pending_login login;
        struct error error;
        for (size_t i = 0; i < count; i++)
            buffer_append_format(&cookies, "%s" PREFIX "%08zu=x", i != 0 ? "; " : "a=b; ", i);
        const struct request request = sample_request(buffer_text(&cookies));
        assert_int_equal(
            pending_login_begin(&config, &request, &(struct login_aim){"instagram", "", ""}, &login, &response, &error),
            ERROR_NONE);
        const size_t removed = count < PENDING_LOGINS_MAX ? 0 : count - PENDING_LOGINS_MAX + 1;
        assert_int_equal(occurrences(buffer_text(&response.headers), "Max-Age=0\r\n"), removed);
        if (removed != 0)
            assert_true(contains(buffer_text(&response.headers), PREFIX "00000000=;"));
        response_free(&response);
        buffer_free(&cookies);
    }
    sample_config_clear(&config);
}

static void surplus_of_odd_names(void **state) {
    (void)state;
    static const char *const names[] = {PREFIX, PREFIX "x", PREFIX "0123456789", "x" PREFIX "01234567", PREFIX PREFIX};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(names); i++) {
        struct buffer cookies = BUFFER_EMPTY;
        struct response response = {.status = 302};
        struct pending_login login;
        struct error error;
        for (size_t n = 0; n < 100; n++)
            buffer_append_format(&cookies, "%s=x; ", names[i]);
        struct guarded jar = guarded_string(buffer_text(&cookies));
        const struct request request = sample_request(jar.data);
        assert_row(pending_login_begin(&config, &request, &(struct login_aim){"instagram", "", ""}, &login, &response,
                                       &error) == ERROR_NONE,
                   names[i]);
        assert_row(response_is_whole(&response), names[i]);
        response_free(&response);
        guarded_free(&jar);
        buffer_free(&cookies);
    }
    sample_config_clear(&config);
}

/* Begins a login in a browser that has these cookies; those that the response removes, the first, go. */
static struct pending_login begin_again(const struct config *config, const char *return_to, struct buffer *cookies) {
    struct pending_login login;
    struct response response = {.status = 302};
    struct error error;
    struct buffer left = BUFFER_EMPTY;
    const struct request request = sample_request(buffer_text(cookies));
    const char *at = buffer_text(cookies);
    assert_int_equal(pending_login_begin(config, &request, &(struct login_aim){"instagram", return_to, ""}, &login,
                                         &response, &error),
                     ERROR_NONE);
    for (size_t removed = occurrences(buffer_text(&response.headers), "Max-Age=0\r\n"); removed > 0; removed--)
        at += strcspn(at, ";") + strspn(at + strcspn(at, ";"), "; ");
    buffer_append_text(&left, at);
    const char *added = buffer_text(&response.headers);
    while (contains(added, "Max-Age=0\r\n"))
        added = strstr(added, "Max-Age=0\r\n") + strlen("Max-Age=0\r\n");
    added += strlen("Set-Cookie: ");
    buffer_append_text(&left, left.len != 0 ? "; " : "");
    buffer_append(&left, added, strcspn(added, ";"));
    response_free(&response);
    buffer_free(cookies);
    *cookies = left;
    return login;
}

/* A page elsewhere can begin logins in somebody's browser: with the largest session they must still fit the header that
 * we read, or every page answers 431 until they expire. */
static void never_fill_the_cookie_header(void **state) {
    (void)state;
    static const struct {
        size_t len;  /* of return_to */
        size_t kept; /* how many of its kind are */
    } rows[] = {{1, PENDING_LOGINS_MAX}, {RETURN_TO_MAX / 2, 2}, {RETURN_TO_MAX, 1}};
    const size_t largest_session = COOKIE_MAX - strlen("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000");
    struct config config;
    struct buffer cookies = BUFFER_EMPTY;
    char return_to[RETURN_TO_MAX + 1] = "/";
    sample_config(&config);
    for (size_t i = 0; i < 3 * COUNT(rows); i++) {
        repeat(return_to + 1, "r", rows[i / 3].len - 1);
        for (size_t n = 0; n <= PENDING_LOGINS_MAX; n++) {
            struct pending_login login = begin_again(&config, return_to, &cookies);
            assert_in_range(cookies.len + strlen("; ") + largest_session, 0, COOKIE_HEADER_MAX);
            assert_true(finds(&config, buffer_text(&cookies), SAMPLE_NOW, "instagram", login.state));
        }
        assert_int_equal(occurrences(buffer_text(&cookies), PREFIX), rows[i / 3].kept);
    }
    buffer_free(&cookies);
    sample_config_clear(&config);
}

static void authorize_url(void **state) {
    (void)state;
    char callback[] = "https://www.example.com/auth/x/callback", scope[] = "a b,c", none[] = "";
    const struct pending_login login = {.state = "STATE", .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"};
    struct provider provider = {.authorize_url = "https://p.example/authorize?x=1",
                                .client_id = "id&1",
                                .client_id_param = "client_id",
                                .callback_url = callback,
                                .scope = scope,
                                .pkce = true};
    cJSON *extra = cJSON_Parse("{\"prompt\":\"consent x\"}");
    struct buffer url = BUFFER_EMPTY;
    provider.authorize_params = extra;
    pending_login_authorize_url(&provider, &login, false, &url);
    /* The challenge is the example of RFC 7636, appendix B. */
    assert_string_equal(
        buffer_text(&url),
        "https://p.example/"
        "authorize?x=1&client_id=id%261&redirect_uri=https%3A%2F%2Fwww.example.com%2Fauth%2Fx%2Fcallback"
        "&response_type=code&scope=a%20b%2Cc&state=STATE&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        "&code_challenge_method=S256&prompt=consent%20x");
    buffer_free(&url);
    provider = (struct provider){.authorize_url = "https://p.example/a",
                                 .client_id = "1",
                                 .client_id_param = "client_key",
                                 .callback_url = callback,
                                 .scope = none};
    pending_login_authorize_url(&provider, &login, false, &url);
    assert_string_equal(
        buffer_text(&url),
        "https://p.example/a?client_key=1&redirect_uri=https%3A%2F%2Fwww.example.com%2Fauth%2Fx%2Fcallback"
        "&response_type=code&state=STATE");
    buffer_free(&url);
    provider.reauth_params = extra;
    pending_login_authorize_url(&provider, &login, true, &url);
    assert_true(contains(buffer_text(&url), "&state=STATE&prompt=consent%20x"));
    buffer_free(&url);
    /* What both have stands there once: a fresh login wants its own. */
    cJSON *both = cJSON_Parse("{\"prompt\":\"select_account\",\"hd\":\"a\"}");
    provider.authorize_params = both;
    pending_login_authorize_url(&provider, &login, true, &url);
    assert_true(contains(buffer_text(&url), "&state=STATE&hd=a&prompt=consent%20x"));
    buffer_free(&url);
    pending_login_authorize_url(&provider, &login, false, &url);
    assert_true(contains(buffer_text(&url), "&state=STATE&prompt=select_account&hd=a"));
    buffer_free(&url);
    json_free(both);
    json_free(extra);
    /* The nonce is where an ID token is asked for, and the provider repeats it. */
    provider = (struct provider){.authorize_url = "https://p.example/a",
                                 .client_id = "1",
                                 .client_id_param = "client_id",
                                 .callback_url = callback,
                                 .scope = none,
                                 .openid = true,
                                 .id_token_nonce = true};
    pending_login_authorize_url(&provider, &login, false, &url);
    assert_true(contains(buffer_text(&url), "&state=STATE&nonce=t-SiSmSyTIBSWZdJz2lM0BNq7raASWSuBoQb17BOwt4"));
    buffer_free(&url);
    provider.id_token_nonce = false;
    pending_login_authorize_url(&provider, &login, false, &url);
    assert_false(contains(buffer_text(&url), "nonce"));
    buffer_free(&url);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back),
                                       cmocka_unit_test(says_what_it_links),
                                       cmocka_unit_test(holds_no_comment),
                                       cmocka_unit_test(found_by_nothing_else),
                                       cmocka_unit_test(refuses_a_cookie_under_another_name),
                                       cmocka_unit_test(several_at_once),
                                       cmocka_unit_test(ends),
                                       cmocka_unit_test(removes_the_surplus),
                                       cmocka_unit_test(surplus_of_odd_names),
                                       cmocka_unit_test(never_fill_the_cookie_header),
                                       cmocka_unit_test(authorize_url)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
