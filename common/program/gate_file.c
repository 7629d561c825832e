/* SPDX-License-Identifier: MIT */
#include "program/gate_file.h"

#include "base/site_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The length of a folder's name without slashes at its end. */
static size_t folder_len(const char *folder) {
    size_t len = folder != NULL ? strlen(folder) : 0;
    while (len != 0 && folder[len - 1] == '/')
        len--;
    return len;
}

/* Returns what follows the folder in the name of a file in it, with the slash; NULL if it does not lie there. */
static const char *below(const char *file, const char *folder) {
    const size_t len = folder_len(folder);
    const char *rest = file + len;
    return len != 0 && strncmp(file, folder, len) == 0 && (*rest == '/' || *rest == '\0') ? rest : NULL;
}

/* Finds the path before and behind: a file of an Alias has the alias before it. */
static const char *find(const struct request *request, const char *file, const char **before) {
    const char *root = request->document_root, *prefix = request_variable(request, "CONTEXT_PREFIX");
    char real[PATH_MAX];
    const char *rest = below(file, root);
    *before = "";
    if (rest == NULL && prefix != NULL) {
        rest = below(file, request_variable(request, "CONTEXT_DOCUMENT_ROOT"));
        *before = rest != NULL ? prefix : "";
    }
    /* A web root that is a symbolic link may be named by either name. */
    return rest == NULL && root != NULL && realpath(root, real) != NULL ? below(file, real) : rest;
}

enum error_code gate_file_read(const struct request *request, char path[SITE_PATH_MAX + 1], struct error *error) {
    const char *file = request_variable(request, "SCRIPT_FILENAME"), *before, *rest;
    char name[SITE_PATH_MAX + 2];
    *path = '\0';
    if (file == NULL || *file == '\0')
        return error_set(error, ERROR_CONFIG,
                         "the web server does not name the file that it is about to serve (SCRIPT_FILENAME); with "
                         "lighttpd, \"docroot\" of the authorizer makes it");
    if (*file != '/')
        return ERROR_NONE;
    rest = find(request, file, &before);
    if (rest == NULL)
        return error_set(error, ERROR_CONFIG,
                         "the file that the web server is about to serve lies neither in DOCUMENT_ROOT nor in "
                         "CONTEXT_DOCUMENT_ROOT");
    const int len = snprintf(name, sizeof name, "%s%s", before, *rest != '\0' ? rest : "/");
    const enum site_path_fault fault =
        len > SITE_PATH_MAX ? SITE_PATH_TOO_LONG : site_path_read_decoded(name, (size_t)len, path);
    return fault == SITE_PATH_IS_RIGHT
               ? ERROR_NONE
               : error_set(error, ERROR_BAD_REQUEST, "the name of the file %s", site_path_describe(fault));
}

/* Where an alias is, or another root than DOCUMENT_ROOT (mod_vhost_alias), its folder has the path's file. */
size_t gate_file_name(const struct request *request, const char *path, size_t len, char file[PATH_MAX]) {
    const char *prefix = request_variable(request, "CONTEXT_PREFIX"),
               *root = request_variable(request, "CONTEXT_DOCUMENT_ROOT");
    size_t skipped = folder_len(prefix);
    if (prefix == NULL || root == NULL || *root == '\0' || (skipped != 0 && !site_path_lies_in(path, prefix, false))) {
        root = request->document_root;
        skipped = 0;
    }
    if (root == NULL || *root == '\0' || len <= skipped)
        return 0;
    const int size =
        snprintf(file, PATH_MAX, "%.*s%.*s", (int)folder_len(root), root, (int)(len - skipped), path + skipped);
    return size > 0 ? (size_t)size : PATH_MAX;
}
