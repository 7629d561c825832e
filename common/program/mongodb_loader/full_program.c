/* SPDX-License-Identifier: MIT */
#include "program/mongodb_loader/mongodb_loader.h"

#include "base/bounds.h"
#include "base/file.h"
#include "config/config.h"
#include "http/gateway.h"
#include "program/program_name.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The variable is set for a full program, so that a lean program which lies in its place does not start itself for
 * ever. No header can set it, since headers become HTTP_*. */
static const char FULL_PROGRAM_VARIABLE[] = "CGI_LOGIN_FULL_PROGRAM";

/* Replaces this process by the full program. Returns only if that fails. */
static enum error_code take_over(const char *home, struct error *error) {
    char path[PATH_MAX], config[PATH_MAX];
    const int path_len = snprintf(path, sizeof path, "%s/lib/%s", home, program_name());
    const int config_len = snprintf(config, sizeof config, "%s/config.json", home);
    const char *named = getenv(CONFIG_VARIABLE);
    const bool is_named = named != NULL && *named != '\0';
    if (getenv(FULL_PROGRAM_VARIABLE) != NULL)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "%s has no MongoDB in it: upload the one from the archive's lib/", path);
    /* Where no variable names the config, it was found from this program's folder. The full program lies in another, so
     * it is told. */
    if (path_len >= (int)sizeof path || config_len >= (int)sizeof config ||
        setenv(FULL_PROGRAM_VARIABLE, "1", 1) != 0 || setenv(CONFIG_VARIABLE, config, !is_named) != 0)
        return error_out_of_memory(error);
    execve(path, (char *[]){path, NULL}, environ);
    const int cause = errno;
    unsetenv(FULL_PROGRAM_VARIABLE);
    return error_set(error, ERROR_STORE_UNAVAILABLE, "%s, which MongoDB needs, cannot be started: %s; upload it again",
                     path, strerror(cause));
}

enum error_code mongodb_loader_open(const char *uri, const char *home, const char *ca_folder, struct store **store,
                                    struct error *error) {
    (void)uri, (void)ca_folder, (void)store;
    if (gateway_is_fastcgi()) /* the full program could not go on with a FastCGI connection */
        return error_set(
            error, ERROR_STORE_UNAVAILABLE,
            "this process has no MongoDB: when it started it did not find the config, or could not start "
            "%s/lib/%s. Upload that with mode 755; give CGI_LOGIN_CONFIG to the FastCGI process itself, or "
            "name the product's folder cgi-login; then start it anew",
            home, program_name());
    return take_over(home, error);
}

/* Nothing is needed but the full program, and starting it has told whether it is there. */
// NOLINTNEXTLINE(readability-non-const-parameter): another of the three writes it
bool mongodb_loader_lacks(const char *home, char *path) {
    (void)home, (void)path;
    return false;
}

void mongodb_loader_serve_fastcgi(void) {
    struct error error;
    char path[PATH_MAX], real[PATH_MAX], home[PATH_MAX];
    if (config_locate(NULL, CONFIG_FOR_REQUEST, path, &error) == ERROR_NONE && realpath(path, real) != NULL &&
        file_parent(real, home))
        take_over(home, &error);
}
