/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_folder.h"

#include "base/site_path.h"

#include <string.h>

/* Reads the path as people write it. */
static bool read_path(const char *text, char path[SITE_PATH_MAX + 1]) {
    const enum site_path_fault fault = site_path_read_decoded(text, strlen(text), path);
    if (fault != SITE_PATH_IS_RIGHT) {
        command_complain("%s %s; write the folder's address as it is read, from / on, such as /members", text,
                         site_path_describe(fault));
        return false;
    }
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        path[--len] = '\0';
    if (len > 1)
        return true;
    command_complain(
        "this guards folders; the whole site, of which the login is a part, takes the rule that docs/gate.md has");
    return false;
}

static bool is_same(const char *a, const char *b) {
    return site_path_lies_in(a, b, false) && site_path_lies_in(b, a, false);
}

static void find_rule(struct gate_folder *folder) {
    for (size_t i = 0; !folder->has_rule && i < gate_rules_count(folder->config); i++) {
        folder->rule = gate_rules_at(folder->config, i);
        folder->has_rule = is_same(folder->rule.path, folder->path);
    }
}

/* Finds the folder, which must be the owner's own and hold no program of ours. */
static bool find_folder(const struct command_line *line, struct gate_folder *folder) {
    char fault[LOG_LINE_MAX];
    site_place_find(folder->config, line->web_root, line->gate_url, line->gate_file, &folder->place);
    if (folder->place.web_root[0] == '\0') {
        command_complain("%s%s", line->web_root != NULL ? line->web_root : "the site's document root",
                         line->web_root != NULL ? ": there is no such folder"
                                                : " is not known: name it with --web-root");
        return false;
    }
    if (config_lies_in(folder->config->home, folder->place.web_root)) {
        command_complain("%s holds the product's own folder, so it is no document root; name that with --web-root",
                         folder->place.web_root);
        return false;
    }
    if (folder->place.gate_url[0] != '\0' && site_path_lies_in(folder->place.gate_url, folder->path, false)) {
        command_complain("%s holds the programs, %s among them; guard another folder", folder->path,
                         folder->place.gate_url);
        return false;
    }
    if (site_place_folder(&folder->place, folder->path, folder->folder, fault))
        return true;
    command_complain("%s", fault);
    return false;
}

enum command_status gate_folder_read(const struct command_line *line, struct gate_folder *folder) {
    *folder = (struct gate_folder){.has_rule = false};
    if (!read_path(line->argument, folder->path))
        return COMMAND_USAGE;
    if (!config_edit_find(line, &folder->edit) || !config_edit_read(&folder->edit) ||
        !command_load_config(line, &folder->config) || !find_folder(line, folder) ||
        !htaccess_file_read(folder->folder, HTACCESS_GATE_MARKS, &folder->htaccess))
        return COMMAND_FAILED;
    find_rule(folder);
    return COMMAND_DONE;
}

void gate_folder_clear(struct gate_folder *folder) {
    htaccess_file_clear(&folder->htaccess);
    config_edit_clear(&folder->edit);
    config_free(folder->config);
}
