/* SPDX-License-Identifier: MIT */
#include "twin.h"

#include "config.h"
#include "program.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum error_code twin_take_over(const char *home, struct error *error) {
    char path[PATH_MAX], config[PATH_MAX];
    snprintf(path, sizeof path, "%s/lib/%s", home, program_name());
    snprintf(config, sizeof config, "%s/config.json", home);
    /* Where no variable names the config it was found by our folder, and the twin lies in another. */
    setenv(CONFIG_VARIABLE, config, 0);
    execve(path, (char *[]){path, NULL}, environ);
    return error_set(error, ERROR_STORE_UNAVAILABLE, "%s, which MongoDB needs, cannot be started: %s; upload it again",
                     path, strerror(errno));
}

void twin_serve_many(void) {
    struct error error;
    char *folder = config_program_folder();
    char *path = config_find(getenv(CONFIG_VARIABLE), folder, CONFIG_FOR_REQUEST, &error);
    char *slash = path != NULL ? strrchr(path, '/') : NULL;
    if (slash != NULL) {
        *slash = '\0';
        twin_take_over(path, &error);
    }
    free(path);
    free(folder);
}
