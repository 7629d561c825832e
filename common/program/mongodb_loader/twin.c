/* SPDX-License-Identifier: MIT */
#include "program/mongodb_loader/twin.h"

#include "config/config.h"
#include "program/program.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Set for a twin, so that a program without MongoDB that lies in the twin's place does not become itself for ever. No
 * header can set it: they all become HTTP_*. */
static const char TWIN_VARIABLE[] = "CGI_LOGIN_TWIN";

enum error_code twin_take_over(const char *home, struct error *error) {
    char path[PATH_MAX], config[PATH_MAX];
    const int path_len = snprintf(path, sizeof path, "%s/lib/%s", home, program_name());
    const int config_len = snprintf(config, sizeof config, "%s/config.json", home);
    const char *named = getenv(CONFIG_VARIABLE);
    if (getenv(TWIN_VARIABLE) != NULL)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "%s has no MongoDB in it: upload the one from the archive's lib/", path);
    /* Where no variable names the config it was found by our folder, and the twin lies in another. */
    if (path_len >= (int)sizeof path || config_len >= (int)sizeof config || setenv(TWIN_VARIABLE, "1", 1) != 0 ||
        setenv(CONFIG_VARIABLE, config, named == NULL || *named == '\0') != 0)
        return error_out_of_memory(error);
    execve(path, (char *[]){path, NULL}, environ);
    const int cause = errno;
    unsetenv(TWIN_VARIABLE);
    return error_set(error, ERROR_STORE_UNAVAILABLE, "%s, which MongoDB needs, cannot be started: %s; upload it again",
                     path, strerror(cause));
}

void twin_serve_many(void) {
    struct error error;
    char path[PATH_MAX], real[PATH_MAX];
    const bool found =
        config_locate(NULL, CONFIG_FOR_REQUEST, path, &error) == ERROR_NONE && realpath(path, real) != NULL;
    char *slash = found ? strrchr(real, '/') : NULL;
    if (slash != NULL) {
        *slash = '\0';
        twin_take_over(real, &error);
    }
}
