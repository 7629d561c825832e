/* SPDX-License-Identifier: MIT */
#include "program/gate_forwarded.h"

#include "base/site_path.h"
#include "base/text.h"

#include <string.h>

static const char uri_variable[] = "CGI_LOGIN_GATE_URI", path_variable[] = "CGI_LOGIN_GATE_PATH",
                  original_header[] = "HTTP_X_ORIGINAL_URI", forwarded_header[] = "HTTP_X_FORWARDED_URI",
                  method_header[] = "HTTP_X_FORWARDED_METHOD";

bool gate_forwarded_is_asked(const struct request *request) {
    return request_variable(request, uri_variable) != NULL || request_variable(request, original_header) != NULL ||
           request_variable(request, forwarded_header) != NULL;
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

static enum error_code check_path(enum site_path_fault fault, const char *path, struct error *error) {
    if (fault != SITE_PATH_IS_RIGHT)
        return error_set(error, ERROR_BAD_REQUEST, "the path %s", site_path_describe(fault));
    return site_path_is_private(path) ? error_set(error, ERROR_NOT_FOUND, "a path that is never served") : ERROR_NONE;
}

static enum error_code read_uri(const char *uri, struct gate_target *target, struct error *error) {
    const size_t len = strcspn(uri, "?");
    target->query = uri[len] == '?' ? uri + len + 1 : NULL;
    for (const char *at = uri; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return error_set(error, ERROR_BAD_REQUEST, "the address has a control character");
    return check_path(site_path_read(uri, len, target->path), target->path, error);
}

/* Reads the path that the server is about to serve, where that is another. */
static enum error_code read_served(const char *path, struct gate_target *target, struct error *error) {
    if (path == NULL)
        return ERROR_NONE;
    if (*path == '\0')
        return error_set(
            error, ERROR_CONFIG,
            "%s is empty: the location of nginx lacks the line that sets it (include cgi-login-guarded.conf)",
            path_variable);
    const enum site_path_fault fault = site_path_read_decoded(path, strlen(path), target->file_path);
    const enum error_code code = check_path(fault, target->file_path, error);
    if (code == ERROR_NONE && strcmp(target->file_path, target->path) == 0)
        *target->file_path = '\0';
    return code;
}

/* The method is that of the guarded request, while the one that asks is a GET. */
static enum method find_method(const struct request *request) {
    const char *name = request_variable(request, method_header);
    if (name == NULL || request_variable(request, uri_variable) != NULL)
        return request->method;
    if (strcmp(name, "GET") == 0)
        return METHOD_GET;
    return strcmp(name, "HEAD") == 0 ? METHOD_HEAD : METHOD_OTHER;
}

enum error_code gate_forwarded_read(const struct request *request, struct gate_target *target, struct error *error) {
    const char *uri;
    target->method = find_method(request);
    enum error_code code = find_uri(request, &uri, error);
    if (code == ERROR_NONE)
        code = read_uri(uri, target, error);
    /* A header of that name is another variable, so this one is the server's. */
    if (code == ERROR_NONE)
        code = read_served(request_variable(request, path_variable), target, error);
    return code;
}
