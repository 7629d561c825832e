/* SPDX-License-Identifier: MIT */
#include "oauth/pending_login.h"

#include "base/json.h"
#include "base/view.h"
#include "base/redirect.h"
#include "base/text.h"
#include "oauth/nonce.h"
#include "seal/seal.h"

#include <stdio.h>
#include <string.h>

#define COOKIE_PREFIX "__Host-cgi_login_pending_"

enum {
    COOKIE_STATE_CHARACTERS = 8,
    COOKIE_NAME_SIZE = sizeof COOKIE_PREFIX + COOKIE_STATE_CHARACTERS,
    CHALLENGE_SIZE = sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
};

static void cookie_name(const char *state, char name[COOKIE_NAME_SIZE]) {
    snprintf(name, COOKIE_NAME_SIZE, COOKIE_PREFIX "%.*s", COOKIE_STATE_CHARACTERS, state);
}

/* Draws a text that can travel. */
static void random_text(char text[STATE_SIZE]) {
    unsigned char bytes[STATE_BYTES];
    do {
        randombytes_buf(bytes, sizeof bytes);
        sodium_bin2base64(text, STATE_SIZE, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    } while (!text_can_travel(text));
    sodium_memzero(bytes, sizeof bytes);
}

/* BASE64URL(SHA256(verifier)): RFC 7636, section 4.2. */
static void make_challenge(const char *verifier, char challenge[CHALLENGE_SIZE]) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    sodium_bin2base64(challenge, CHALLENGE_SIZE, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* Draws a verifier whose challenge and nonce can travel, too. */
static void random_verifier(char verifier[STATE_SIZE]) {
    char challenge[CHALLENGE_SIZE], nonce[NONCE_SIZE];
    do {
        random_text(verifier);
        make_challenge(verifier, challenge);
        nonce_derive(verifier, nonce);
    } while (!text_can_travel(challenge) || !text_can_travel(nonce));
}

/* Copies the name of the pending cookie that `pair` holds. False if `pair` holds any other cookie: a sibling domain can
 * set some. */
static bool read_cookie_name(const char *pair, char name[COOKIE_NAME_SIZE]) {
    static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const size_t prefix = strlen(COOKIE_PREFIX);
    if (strncmp(pair, COOKIE_PREFIX, prefix) != 0 || strspn(pair + prefix, characters) != COOKIE_STATE_CHARACTERS ||
        pair[COOKIE_NAME_SIZE - 1] != '=')
        return false;
    memcpy(name, pair, COOKIE_NAME_SIZE - 1);
    name[COOKIE_NAME_SIZE - 1] = '\0';
    return true;
}

/* Finds the next pending cookie from `*cookies` on, and moves behind it. *size is what it takes in the header. */
static bool next_cookie(const char **cookies, char name[COOKIE_NAME_SIZE], size_t *size) {
    while (**cookies != '\0') {
        const char *pair = *cookies + strspn(*cookies, " \t;");
        *cookies = pair + strcspn(pair, ";");
        *size = (size_t)(*cookies - pair) + strlen("; ");
        if (read_cookie_name(pair, name))
            return true;
    }
    return false;
}

/* A login that is given up leaves its cookie for ten minutes. A page that starts many, or some with a long return_to,
 * must not fill the Cookie header. `coming`: the size of the one that is added. */
static void remove_surplus(const struct request *request, size_t coming, struct response *response) {
    char name[COOKIE_NAME_SIZE];
    size_t count = 0, size, total = coming;
    for (const char *cookies = request->cookies; next_cookie(&cookies, name, &size); count++)
        total += size;
    for (const char *cookies = request->cookies;
         (count >= PENDING_LOGINS_MAX || total > PENDING_COOKIES_MAX) && next_cookie(&cookies, name, &size); count--) {
        total -= size;
        response_cookie(response, name, "", 0);
    }
}

static bool seal_login(const struct config *config, const struct request *request, const char *provider,
                       const struct pending_login *login, struct buffer *out) {
    struct view value = view_new();
    view_text(&value, "state", login->state);
    view_text(&value, "verifier", login->verifier);
    view_text(&value, "return_to", login->return_to);
    if (*login->link_to != '\0')
        view_text(&value, "link_to", login->link_to);
    char *text = view_print(&value);
    const bool sealed =
        text != NULL && seal_close(&config->keys, KEY_FOR_PENDING_LOGIN, provider, request->now + PENDING_LOGIN_SECONDS,
                                   text, strlen(text), out) == SEAL_DONE;
    json_free_text(text);
    view_free(&value);
    return sealed;
}

enum error_code pending_login_begin(const struct config *config, const struct request *request,
                                    const struct login_aim *aim, struct pending_login *login, struct response *response,
                                    struct error *error) {
    char name[COOKIE_NAME_SIZE];
    struct buffer sealed = BUFFER_EMPTY;
    enum error_code code = ERROR_NONE;
    random_text(login->state);
    random_verifier(login->verifier);
    snprintf(login->return_to, sizeof login->return_to, "%s", aim->return_to);
    snprintf(login->link_to, sizeof login->link_to, "%s", aim->link_to);
    if (seal_login(config, request, aim->provider, login, &sealed)) {
        remove_surplus(request, COOKIE_NAME_SIZE + sealed.len, response);
        cookie_name(login->state, name);
        response_cookie(response, name, buffer_text(&sealed), PENDING_LOGIN_SECONDS);
    } else {
        code = error_out_of_memory(error);
    }
    buffer_free(&sealed);
    return code;
}

static enum error_code refuse(struct error *error) {
    return error_set(error, ERROR_EXPIRED_LOGIN, "the browser has no pending login for the state");
}

/* A login that links nothing has no such member. One that cannot be read must not pass for a sign-in. */
static bool read_link(const cJSON *value, struct pending_login *login) {
    *login->link_to = '\0';
    return json_member(value, "link_to") == NULL ||
           text_copy(login->link_to, sizeof login->link_to, json_string(value, "link_to"));
}

static enum error_code read_login(const struct secret *plain, const char *state, struct pending_login *login,
                                  struct error *error) {
    cJSON *value;
    if (json_parse(secret_text(plain), plain->len, &value, NULL) == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    const bool read = text_copy(login->state, sizeof login->state, json_string(value, "state")) &&
                      text_copy(login->verifier, sizeof login->verifier, json_string(value, "verifier")) &&
                      text_copy(login->return_to, sizeof login->return_to, json_string(value, "return_to")) &&
                      read_link(value, login);
    json_free(value);
    const bool same =
        read && strlen(state) == strlen(login->state) && sodium_memcmp(state, login->state, strlen(login->state)) == 0;
    return same ? ERROR_NONE : refuse(error);
}

enum error_code pending_login_find(const struct config *config, const struct request *request, const char *provider,
                                   const char *state, struct pending_login *login, struct error *error) {
    char name[COOKIE_NAME_SIZE];
    size_t len = 0;
    *login = (struct pending_login){.state = ""};
    if (strlen(state) != STATE_SIZE - 1)
        return refuse(error);
    cookie_name(state, name);
    const char *sealed = request_cookie(request, name, &len);
    if (sealed == NULL)
        return refuse(error);
    struct secret *plain;
    enum error_code code = ERROR_NONE;
    switch (seal_open(&config->keys, KEY_FOR_PENDING_LOGIN, provider, request->now, sealed, len, &plain)) {
    case SEAL_DONE: code = read_login(plain, state, login, error); break;
    case SEAL_REFUSED: code = refuse(error); break;
    case SEAL_NO_MEMORY: code = error_out_of_memory(error); break;
    }
    secret_free(plain);
    return code;
}

void pending_login_end(const struct pending_login *login, struct response *response) {
    char name[COOKIE_NAME_SIZE];
    cookie_name(login->state, name);
    response_cookie(response, name, "", 0);
}

void pending_login_clear(struct pending_login *login) {
    sodium_memzero(login, sizeof *login);
}

static void append_challenge(struct buffer *url, const char *verifier) {
    char challenge[CHALLENGE_SIZE];
    make_challenge(verifier, challenge);
    query_append_to_url(url, "code_challenge", challenge);
    query_append_to_url(url, "code_challenge_method", "S256");
}

static void append_nonce(struct buffer *url, const char *verifier) {
    char nonce[NONCE_SIZE];
    nonce_derive(verifier, nonce);
    query_append_to_url(url, "nonce", nonce);
}

/* Appends the parameters that are not among `others`: none may stand in a URL twice (RFC 6749, section 3.1). */
static void append_params(struct buffer *url, const cJSON *params, const cJSON *others) {
    for (const cJSON *item = params != NULL ? params->child : NULL; item != NULL; item = item->next)
        if (json_member(others, item->string) == NULL)
            query_append_to_url(url, item->string, item->valuestring);
}

void pending_login_authorize_url(const struct provider *provider, const struct pending_login *login, bool reauth,
                                 struct buffer *url) {
    buffer_append_text(url, provider->authorize_url);
    query_append_to_url(url, provider->client_id_param, provider->client_id);
    query_append_to_url(url, "redirect_uri", provider->callback_url);
    query_append_to_url(url, "response_type", "code");
    if (*provider->scope != '\0')
        query_append_to_url(url, "scope", provider->scope);
    query_append_to_url(url, "state", login->state);
    if (provider->pkce)
        append_challenge(url, login->verifier);
    if (provider->openid && provider->id_token_nonce)
        append_nonce(url, login->verifier);
    append_params(url, provider->authorize_params, reauth ? provider->reauth_params : NULL);
    append_params(url, reauth ? provider->reauth_params : NULL, NULL);
}
