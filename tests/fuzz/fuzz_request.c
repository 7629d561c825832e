/* request.c, session.c and pending_login.c: an environment built from the input, whose variables stand one after the
 * other with a NUL between them. Nothing in it is ever a session or a pending login.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/json.h"
#include "config/config.h"
#include "oauth/pending_login.h"
#include "session/session.h"

#include <sodium.h>

enum { VARIABLES_MAX = 32 };

static const struct config *site(void) {
    static struct config config = {.success = "/profile", .failure = "/login", .home_path = "/"};
    if (config.keys.count == 0) {
        must(sodium_init() >= 0);
        must(keyring_add(&config.keys, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=") == KEY_ADDED);
    }
    return &config;
}

static void use(const struct request *request) {
    struct session session;
    struct pending_login login;
    struct response response = {.status = 200};
    struct error error;
    const char *state;
    must(session_read(site(), request, &session, &error) == ERROR_NOT_SIGNED_IN);
    must(pending_login_find(site(), request, "instagram",
                            query_find(&request->query, "state", &state) == QUERY_FOUND ? state : "", &login,
                            &error) == ERROR_EXPIRED_LOGIN);
    session_remove(request, &response);
    pending_login_begin(site(), request, &(struct login_aim){"instagram", "", ""}, &login, &response, &error);
    for (const char *at = buffer_text(&response.headers); *at != '\0'; at++)
        must((unsigned char)*at >= 0x20 || *at == '\r' || *at == '\n');
    pending_login_clear(&login);
    session_clear(&session);
    response_free(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *environment[VARIABLES_MAX + 1] = {NULL};
    size_t count = 0;
    struct request request;
    struct error error = {""};
    for (size_t at = 0; at < size && count < VARIABLES_MAX; at += strlen(environment[count++]) + 1)
        environment[count] = fuzz_string(data + at, size - at);
    request_begin(&request, environment);
    const enum error_code code = request_read(&request, &error);
    must((code == ERROR_NONE) == (error.cause[0] == '\0'));
    must(request.provider != NULL && request.cookies != NULL && request.script_name != NULL);
    must(strlen(request.provider) < sizeof request.provider_text && strchr(request.provider, '/') == NULL);
    must(strlen(request.cookies) <= COOKIE_HEADER_MAX);
    struct buffer summary = BUFFER_EMPTY;
    request_append_summary(&summary, &request);
    must(strpbrk(buffer_text(&summary), "?=&%;\r\n\"<") == NULL && summary.len < LOG_PATH_MAX + 32);
    buffer_free(&summary);
    use(&request);
    request_free(&request);
    for (size_t i = 0; i < count; i++)
        free(environment[i]);
    return 0;
}
