/* SPDX-License-Identifier: MIT */
#include "config/provider_file.h"

#include "base/json.h"
#include "config/provider_name.h"

#include <string.h>

const char *provider_file_preset(const cJSON *own, const char *name) {
    const char *named = json_string(own, "preset");
    const char *preset = named != NULL ? named : name;
    return provider_name_is_valid(preset) && strcmp(preset, PROVIDER_FILE_SCHEMA) != 0 ? preset : NULL;
}

char *provider_file_path(const struct config *config, const char *preset) {
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s/providers/%s.json", config->home, preset);
    char *taken = buffer_take(&path);
    buffer_free(&path);
    return taken;
}
