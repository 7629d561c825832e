/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_site.h"

#include "admin/gate/site_place.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/text.h"
#include "config/config_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool options_are_right(const struct command_line *line) {
    if (line->cgi_url != NULL && !htaccess_url_is_valid(line->cgi_url)) {
        command_complain("--cgi-url: expected the address of the programs' folder, such as /cgi-bin, not %s",
                         line->cgi_url);
        return false;
    }
    if (line->cgi_suffix == NULL || htaccess_suffix_is_valid(line->cgi_suffix))
        return true;
    command_complain("--cgi-suffix: expected something like .cgi, not %s", line->cgi_suffix);
    return false;
}

/* Takes the config, which may not be there yet where the command line names it. */
static bool find_config(const struct command_line *line, struct htaccess_site *site) {
    char path[PATH_MAX], fault[FILE_FAULT_MAX], folder[PATH_MAX];
    struct error error;
    if (command_find_config(line, path, &error) != ERROR_NONE) {
        command_complain("%s", error.cause);
        return false;
    }
    const char *name = strrchr(path, '/');
    const bool split = name != NULL ? file_parent(path, folder) : text_copy(folder, sizeof folder, ".");
    if (!split || realpath(folder, site->home) == NULL ||
        snprintf(site->config_path, PATH_MAX, "%s/%s", site->home, name != NULL ? name + 1 : path) >= PATH_MAX) {
        command_complain("%s: %s", path, file_fault(path, errno, fault));
        return false;
    }
    struct problems problems = {.count = 0};
    enum error_code code = ERROR_NONE;
    if (access(site->config_path, F_OK) == 0)
        code = config_load(site->config_path, NULL, CONFIG_FOR_COMMAND, &site->config, &problems, &error);
    const bool out_of_memory = code == ERROR_INTERNAL || problems.out_of_memory;
    problems_clear(&problems);
    if (out_of_memory)
        command_complain("out of memory");
    return !out_of_memory;
}

static bool find_web_root(const struct command_line *line, struct htaccess_site *site) {
    char fault[FILE_FAULT_MAX];
    struct site_place place = {.web_root = ""};
    if (line->web_root != NULL && realpath(line->web_root, site->web_root) == NULL) {
        command_complain("%s: %s", line->web_root, file_fault(line->web_root, errno, fault));
        return false;
    }
    if (line->web_root == NULL && site->config != NULL)
        site_place_find(site->config, NULL, NULL, NULL, &place);
    if (line->web_root == NULL)
        text_copy(site->web_root, sizeof site->web_root, place.web_root);
    if (site->web_root[0] == '\0') {
        command_complain("the site's document root is not known: name it with --web-root");
        return false;
    }
    if (!config_lies_in(site->home, site->web_root))
        return true;
    command_complain("%s holds the product's own folder, so it is no document root; name that with --web-root",
                     site->web_root);
    return false;
}

enum command_status htaccess_site_read(const struct command_line *line, struct htaccess_site *site) {
    *site = (struct htaccess_site){.config = NULL};
    if (!options_are_right(line))
        return COMMAND_USAGE;
    return find_config(line, site) && find_web_root(line, site) &&
                   htaccess_file_read(site->web_root, HTACCESS_SITE_MARKS, &site->file)
               ? COMMAND_DONE
               : COMMAND_FAILED;
}

/* Where the programs are, by who knows it best. */
static struct htaccess_programs find_programs(const struct command_line *line, const struct htaccess_site *site,
                                              const char *example) {
    struct htaccess_programs programs;
    if (!htaccess_programs_read(buffer_text(&site->file.text), &programs))
        htaccess_programs_read(example, &programs);
    if (line->cgi_url != NULL)
        text_copy(programs.url, sizeof programs.url, line->cgi_url);
    if (line->cgi_suffix != NULL)
        text_copy(programs.suffix, sizeof programs.suffix, line->cgi_suffix);
    programs.run_here = programs.run_here || line->exec_cgi;
    return programs;
}

/* Makes the lines; with `find`, finds where the programs are first. */
static bool make_lines(const struct command_line *line, struct htaccess_site *site, bool find) {
    struct buffer example = BUFFER_EMPTY;
    struct error error;
    enum error_code code = htaccess_example_read(line->example, site->home, &example, &error);
    buffer_free(&site->lines);
    if (code == ERROR_NONE) {
        if (find)
            site->programs = find_programs(line, site, buffer_text(&example));
        code = htaccess_lines_make(buffer_text(&example), site->config_path, &site->programs, &site->lines, &error);
    }
    buffer_free(&example);
    if (code != ERROR_NONE)
        command_complain("%s", error.cause);
    return code == ERROR_NONE;
}

bool htaccess_site_make_lines(const struct command_line *line, struct htaccess_site *site) {
    return make_lines(line, site, true);
}

bool htaccess_site_turn_lines(const struct command_line *line, struct htaccess_site *site) {
    char folder[PATH_MAX];
    struct stat status;
    if (snprintf(folder, sizeof folder, "%s%s", site->web_root, site->programs.url) >= (int)sizeof folder ||
        stat(folder, &status) != 0 || !S_ISDIR(status.st_mode))
        return false;
    site->programs.run_here = !site->programs.run_here;
    return make_lines(line, site, false);
}

/* Says why nothing is put into the file. */
static void complain(const struct htaccess_site *site, const struct htaccess_merge *merge) {
    if (merge->refusal == HTACCESS_IS_OPEN)
        command_complain("%s: the section that line %zu begins is closed nowhere; write the line that closes it",
                         site->file.path, merge->line);
    else if (merge->refusal == HTACCESS_ENGINE_IS_OFF)
        command_complain("%s: line %zu turns rewriting off, which the routes need, for the whole file; remove that "
                         "line, and the rules that shall not work with it",
                         site->file.path, merge->line);
    else
        command_complain("%s must have \"%s\" once, and \"%s\" once behind it; remove what is left of them",
                         site->file.path, HTACCESS_SITE_BEGIN, HTACCESS_SITE_END);
}

bool htaccess_site_merge(const struct htaccess_site *site, struct buffer *text, struct htaccess_merge *merge) {
    *merge = htaccess_merge_put(text, buffer_text(&site->file.text), buffer_text(&site->lines));
    if (text->failed)
        command_complain("out of memory");
    else if (merge->refusal != HTACCESS_MERGES)
        complain(site, merge);
    return !text->failed && merge->refusal == HTACCESS_MERGES;
}

void htaccess_site_clear(struct htaccess_site *site) {
    htaccess_file_clear(&site->file);
    buffer_free(&site->lines);
    config_free(site->config);
}
