/* SPDX-License-Identifier: MIT */
#include "session/last_provider.h"

#include "base/bounds.h"

#include <string.h>

#define LAST_PROVIDER_COOKIE "__Host-cgi_login_last"
#define FAILED_PROVIDER_COOKIE "__Host-cgi_login_failed"

static bool cookie_is(const struct request *request, const char *cookie, const char *name) {
    size_t len = 0;
    const char *value = request_cookie(request, cookie, &len);
    return value != NULL && len == strlen(name) && memcmp(value, name, len) == 0;
}

void last_provider_remember(const char *name, struct response *response) {
    response_cookie(response, LAST_PROVIDER_COOKIE, name, LAST_PROVIDER_SECONDS);
}

bool last_provider_is(const struct request *request, const char *name) {
    return cookie_is(request, LAST_PROVIDER_COOKIE, name);
}

void last_provider_forget(const struct request *request, struct response *response) {
    size_t len;
    if (request_cookie(request, LAST_PROVIDER_COOKIE, &len) != NULL)
        response_cookie(response, LAST_PROVIDER_COOKIE, "", 0);
}

void failed_provider_remember(const char *name, struct response *response) {
    response_cookie(response, FAILED_PROVIDER_COOKIE, name, FAILED_PROVIDER_SECONDS);
}

bool failed_provider_is(const struct request *request, const char *name) {
    return cookie_is(request, FAILED_PROVIDER_COOKIE, name);
}
