/* SPDX-License-Identifier: MIT */
#include "config/routes.h"

#include <string.h>

static const struct {
    const char *program;
    const char *before; /* the provider's name, where the route has one */
    const char *after;  /* NULL: it has none */
} routes[ROUTES] = {[ROUTE_START] = {"start", ROUTE_PATH_START, ""},
                    [ROUTE_CALLBACK] = {"callback", ROUTE_PATH_START, "/callback"},
                    [ROUTE_LOGIN] = {"login", ROUTE_PATH_LOGIN, NULL},
                    [ROUTE_PROFILE] = {"profile", ROUTE_PATH_PROFILE, NULL},
                    [ROUTE_LOGOUT] = {"logout", ROUTE_PATH_LOGOUT, NULL},
                    [ROUTE_DEAUTHORIZE] = {"deauthorize", ROUTE_PATH_START, "/deauthorize"},
                    [ROUTE_DELETION] = {"deletion", ROUTE_PATH_START, "/deletion"},
                    [ROUTE_CONSOLE] = {"console", ROUTE_PATH_CONSOLE, ""},
                    [ROUTE_BACKCHANNEL] = {"backchannel", ROUTE_PATH_START, "/backchannel_logout"}};

const char *route_program(enum route route) {
    return routes[route].program;
}

static void append_provider(struct buffer *out, const char *provider) {
    if (provider != NULL)
        buffer_append_format(out, "/%s", provider);
}

void route_append(struct buffer *out, enum route route, const char *provider) {
    buffer_append_text(out, routes[route].before);
    if (routes[route].after == NULL)
        return;
    append_provider(out, provider);
    buffer_append_text(out, routes[route].after);
}

/* What follows the program's name in SCRIPT_NAME: ".cgi" where the host wants it. */
static const char *script_suffix(const char *script) {
    const char *slash = strrchr(script, '/');
    const char *dot = slash != NULL ? strchr(slash, '.') : NULL;
    return dot != NULL ? dot : "";
}

void route_append_link(struct buffer *out, const struct request *request, enum route route, const char *provider) {
    if (!request->plain_path) {
        route_append(out, route, provider);
        return;
    }
    const char *script = request->script_name, *slash = strrchr(script, '/');
    buffer_append(out, script, slash != NULL ? (size_t)(slash - script) : 0);
    buffer_append_format(out, "/%s%s", routes[route].program, script_suffix(script));
    append_provider(out, provider);
}

/* "…/PROGRAM.suffix/PROVIDER". */
static bool is_plain_path(const char *path, const char *program, const char *provider) {
    const size_t program_len = strlen(program);
    const char *last = strrchr(path, '/');
    if (last == NULL || strcmp(last + 1, provider) != 0)
        return false;
    const char *segment = memrchr(path, '/', (size_t)(last - path));
    if (segment == NULL || strncmp(segment + 1, program, program_len) != 0)
        return false;
    const char *suffix = segment + 1 + program_len;
    return suffix == last || *suffix == '.';
}

bool route_is_reached(enum route route, const char *provider, const char *path) {
    struct buffer own = BUFFER_EMPTY, asked = BUFFER_EMPTY;
    const size_t len = strlen(path);
    route_append(&own, route, provider);
    buffer_append(&asked, path, len > 1 && path[len - 1] == '/' ? len - 1 : len);
    const bool reached = strcmp(buffer_text(&asked), buffer_text(&own)) == 0 ||
                         is_plain_path(buffer_text(&asked), routes[route].program, provider);
    buffer_free(&own);
    buffer_free(&asked);
    return reached;
}
