/* SPDX-License-Identifier: MIT */
#include "program/gate_target.h"

#include "base/site_path.h"
#include "base/text.h"
#include "program/gate_file.h"
#include "program/gate_forwarded.h"

#include <string.h>

static bool is_variable(const struct request *request, const char *name, const char *value) {
    return text_equal(request_variable(request, name), value);
}

static enum gate_way find_way(const struct request *request) {
    const char *path_info = request_variable(request, "PATH_INFO");
    if (is_variable(request, "FCGI_ROLE", "AUTHORIZER"))
        return GATE_AUTHORIZER;
    if (path_info != NULL && *path_info != '\0')
        return GATE_LOCAL_REDIRECT;
    return is_variable(request, "REDIRECT_STATUS", "401") ? GATE_ERROR_PAGE : GATE_AUTH_REQUEST;
}

static enum error_code check(enum site_path_fault fault, const char *path, struct error *error) {
    if (fault != SITE_PATH_IS_RIGHT)
        return error_set(error, ERROR_BAD_REQUEST, "the path %s", site_path_describe(fault));
    return site_path_is_private(path) ? error_set(error, ERROR_NOT_FOUND, "a path that is never served") : ERROR_NONE;
}

/* Takes the query as it is. Apache lets no control character in, and a Location with one would be two headers. */
static enum error_code take_query(const char *query, struct gate_target *target, struct error *error) {
    target->query = query;
    for (const char *at = query; at != NULL && *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return error_set(error, ERROR_BAD_REQUEST, "the query has a control character");
    return ERROR_NONE;
}

static size_t path_len(const char *uri) {
    return strcspn(uri, "?");
}

/* The path that Apache has decoded is the one that it is told to serve. What the browser sent must be right, too: a
 * rule of mod_rewrite may have lost what was encoded there. */
static enum error_code read_path_info(const struct request *request, struct gate_target *target, struct error *error) {
    const char *path = request_variable(request, "PATH_INFO");
    char sent[SITE_PATH_MAX + 1];
    enum error_code code = check(site_path_read_decoded(path, strlen(path), target->path), target->path, error);
    if (code == ERROR_NONE && *request->uri != '\0')
        code = check(site_path_read(request->uri, path_len(request->uri), sent), "", error);
    /* CGI says "" where there is none. */
    const char *query = request_variable(request, "QUERY_STRING");
    return code == ERROR_NONE ? take_query(query != NULL && *query != '\0' ? query : NULL, target, error) : code;
}

static enum error_code read_uri(const char *uri, struct gate_target *target, struct error *error) {
    const size_t len = path_len(uri);
    const enum error_code code = check(site_path_read(uri, len, target->path), target->path, error);
    return code == ERROR_NONE ? take_query(uri[len] == '?' ? uri + len + 1 : NULL, target, error) : code;
}

static enum error_code read_request_uri(const struct request *request, struct gate_target *target,
                                        struct error *error) {
    const char *uri = request_variable(request, "REQUEST_URI");
    return uri != NULL ? read_uri(uri, target, error)
                       : error_set(error, ERROR_CONFIG,
                                   "the web server does not say what it asks about: REQUEST_URI is missing");
}

/* Checks file_path, and leaves it out where it is the path that was asked for. */
static enum error_code check_served(enum site_path_fault fault, struct gate_target *target, struct error *error) {
    const enum error_code code = check(fault, target->file_path, error);
    if (code == ERROR_NONE && strcmp(target->file_path, target->path) == 0)
        *target->file_path = '\0';
    return code;
}

/* Reads the decoded path of what is about to be served, if the server says it. */
static enum error_code read_served(const char *path, struct gate_target *target, struct error *error) {
    if (path == NULL || *path == '\0')
        return ERROR_NONE;
    return check_served(site_path_read_decoded(path, strlen(path), target->file_path), target, error);
}

/* The address is judged, and the file: a RewriteRule or DirectoryIndex may have led from the one to the other. */
static enum error_code read_authorizer(const struct request *request, struct gate_target *target, struct error *error) {
    enum error_code code = read_request_uri(request, target, error);
    if (code == ERROR_NONE)
        code = gate_file_read(request, target->file_path, error);
    return code == ERROR_NONE ? check_served(SITE_PATH_IS_RIGHT, target, error) : code;
}

/* What was refused is REDIRECT_URL, which a RewriteRule may have made of the address. ErrorDocument's own request is a
 * GET, whatever that was. */
static enum error_code read_error_page(const struct request *request, struct gate_target *target, struct error *error) {
    const char *method = request_variable(request, "REDIRECT_REQUEST_METHOD");
    target->method = method != NULL ? request_method(method) : request->method;
    const enum error_code code = read_request_uri(request, target, error);
    return code == ERROR_NONE ? read_served(request_variable(request, "REDIRECT_URL"), target, error) : code;
}

static enum error_code read_forwarded(const struct request *request, struct gate_target *target, struct error *error) {
    struct gate_forwarded forwarded;
    enum error_code code = gate_forwarded_find(request, &forwarded, error);
    if (code != ERROR_NONE)
        return code;
    target->method = forwarded.method;
    code = read_uri(forwarded.uri, target, error);
    return code == ERROR_NONE ? read_served(forwarded.path, target, error) : code;
}

static enum error_code read_by_way(const struct request *request, struct gate_target *target, struct error *error) {
    switch (target->way) {
    case GATE_LOCAL_REDIRECT: return read_path_info(request, target, error);
    case GATE_AUTHORIZER: return read_authorizer(request, target, error);
    case GATE_ERROR_PAGE:
        if (!gate_forwarded_is_asked(request))
            return read_error_page(request, target, error);
        break;
    case GATE_AUTH_REQUEST: break;
    }
    return read_forwarded(request, target, error);
}

enum error_code gate_target_read(const struct request *request, struct gate_target *target, struct error *error) {
    *target = (struct gate_target){.way = find_way(request), .method = request->method};
    return read_by_way(request, target, error);
}
