/* `cgi-login programs`: makes sure that the programs of a folder find the config. `make install` runs it, too.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/site/config_pointing.h"

#include "base/text.h"

#include <string.h>

/* Writes the path of the config that is meant, which need not be there yet. */
static bool find_config(const struct command_line *line, char path[PATH_MAX]) {
    struct program_file own;
    struct error error;
    if (line->config != NULL)
        return text_copy(path, PATH_MAX, line->config);
    if (command_find_config(line, path, &error) == ERROR_NONE)
        return true;
    return program_file_self(&own) && snprintf(path, PATH_MAX, "%s/../config.json", own.folder) < PATH_MAX;
}

enum command_status command_programs(const struct command_line *line) {
    char config[PATH_MAX], program[PATH_MAX], sentence[LOG_LINE_MAX];
    if (!find_config(line, config)) {
        command_complain("the path of the config is too long");
        return COMMAND_FAILED;
    }
    if (!config_pointing_find_program(line->argument, program)) {
        command_complain("%s: there is no program `login` in it", line->argument);
        return COMMAND_FAILED;
    }
    switch (config_pointing_ensure(program, config, line->dry_run, sentence)) {
    case CONFIG_POINTING_NEEDLESS:
    case CONFIG_POINTING_WRITTEN: command_say("%s", sentence); return COMMAND_DONE;
    case CONFIG_POINTING_OTHER:
    case CONFIG_POINTING_FAILED: break;
    }
    command_complain("%s", sentence);
    return COMMAND_FAILED;
}
