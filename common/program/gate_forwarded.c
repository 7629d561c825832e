/* SPDX-License-Identifier: MIT */
#include "program/gate_forwarded.h"

#include <string.h>

static const char uri_variable[] = "CGI_LOGIN_GATE_URI", path_variable[] = "CGI_LOGIN_GATE_PATH",
                  original_header[] = "HTTP_X_ORIGINAL_URI", forwarded_header[] = "HTTP_X_FORWARDED_URI",
                  method_header[] = "HTTP_X_FORWARDED_METHOD";

bool gate_forwarded_is_asked(const struct request *request) {
    return request_variable(request, uri_variable) != NULL;
}

bool gate_forwarded_wants_status(const struct request *request) {
    return request_variable(request, uri_variable) != NULL || request_variable(request, original_header) != NULL;
}

/* Finds path and query as the client sent them. */
static enum error_code find_uri(const struct request *request, const char **uri, struct error *error) {
    const char *original = request_variable(request, original_header);
    const char *forwarded = request_variable(request, forwarded_header);
    *uri = request_variable(request, uri_variable);
    if (*uri != NULL)
        return ERROR_NONE;
    *uri = original != NULL ? original : forwarded;
    if (*uri == NULL)
        return error_set(error, ERROR_CONFIG, "the web server does not say what it asks about: %s is missing",
                         uri_variable);
    return original == NULL || forwarded == NULL || strcmp(original, forwarded) == 0
               ? ERROR_NONE
               : error_set(error, ERROR_BAD_REQUEST, "X-Original-URI and X-Forwarded-Uri name two addresses");
}

/* Finds the path that the server is about to serve. A header of that name is another variable, so this one is its
 * own. */
static enum error_code find_path(const struct request *request, const char **path, struct error *error) {
    *path = request_variable(request, path_variable);
    return *path == NULL || **path != '\0'
               ? ERROR_NONE
               : error_set(error, ERROR_CONFIG,
                           "%s is empty: the location of nginx lacks the line that sets it (include "
                           "cgi-login-guarded.conf)",
                           path_variable);
}

/* The method is that of the guarded request, while the one that asks is a GET. */
static enum method find_method(const struct request *request) {
    const char *name = request_variable(request, method_header);
    return name == NULL || request_variable(request, uri_variable) != NULL ? request->method : request_method(name);
}

enum error_code gate_forwarded_find(const struct request *request, struct gate_forwarded *forwarded,
                                    struct error *error) {
    forwarded->method = find_method(request);
    const enum error_code code = find_uri(request, &forwarded->uri, error);
    return code == ERROR_NONE ? find_path(request, &forwarded->path, error) : code;
}
