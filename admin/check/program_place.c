/* SPDX-License-Identifier: MIT */
#include "admin/check/program_place.h"

#include "admin/gate/htaccess_block.h"
#include "admin/gate/site_place.h"
#include "base/file.h"
#include "base/text.h"
#include "config/routes.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of another product may have a program `login`, too. */
enum { PROGRAMS_LEAST = 3 };

/* The web root. */

static void read_htaccess(struct program_place *place) {
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    if (snprintf(path, sizeof path, "%s/.htaccess", place->web_root) >= (int)sizeof path)
        return;
    place->has_htaccess = access(path, F_OK) == 0;
    if (file_read(path, HTACCESS_FILE_MAX, &text, NULL)) {
        place->has_mark = text_starts_with(buffer_text(&text), HTACCESS_BYTE_ORDER_MARK);
        htaccess_programs_read(buffer_text(&text), &place->routed);
    }
    buffer_free(&text);
}

static void find_web_root(const struct config *config, const char *document_root, struct program_place *place) {
    struct site_place site;
    site_place_find(config, document_root, NULL, NULL, &site);
    text_copy(place->web_root, sizeof place->web_root, site.web_root);
    if (place->web_root[0] != '\0')
        read_htaccess(place);
}

/* The programs. */

/* Returns what follows the name of one of our programs in the name of a file: "", ".cgi"; NULL: it is none. */
static const char *suffix_of(const char *file) {
    for (enum route route = ROUTE_START; route < ROUTES; route++) {
        const char *program = route_program(route);
        const size_t len = strlen(program);
        if (strncmp(file, program, len) == 0 && (file[len] == '\0' || htaccess_suffix_is_valid(file + len)))
            return file + len;
    }
    return NULL;
}

/* The suffixes of our programs in a folder, and how often each is there. */
struct suffixes {
    char names[4][PROGRAMS_SUFFIX_SIZE];
    size_t counts[4];
};

static void count_suffix(struct suffixes *suffixes, const char *suffix) {
    for (size_t i = 0; i < sizeof suffixes->counts / sizeof *suffixes->counts; i++) {
        if (suffixes->counts[i] == 0 && !text_copy(suffixes->names[i], sizeof suffixes->names[i], suffix))
            return;
        if (strcmp(suffixes->names[i], suffix) == 0) {
            suffixes->counts[i]++;
            return;
        }
    }
}

/* Looks whether our programs lie in a folder, and takes it then. */
static bool take_folder(struct program_place *place, const char *path, size_t least) {
    struct suffixes suffixes = {.counts = {0}};
    size_t most = 0;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return false;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const char *suffix = suffix_of(entry->d_name);
        if (suffix != NULL)
            count_suffix(&suffixes, suffix);
    }
    closedir(folder);
    for (size_t i = 0; i < sizeof suffixes.counts / sizeof *suffixes.counts; i++)
        if (suffixes.counts[i] > suffixes.counts[most])
            most = i;
    if (suffixes.counts[most] < least || realpath(path, place->folder) == NULL)
        return false;
    text_copy(place->suffix, sizeof place->suffix, suffixes.names[most]);
    return true;
}

static bool take_below(struct program_place *place, const char *top, const char *path) {
    char folder[PATH_MAX];
    return *top != '\0' && snprintf(folder, sizeof folder, "%s%s", top, path) < (int)sizeof folder &&
           take_folder(place, folder, PROGRAMS_LEAST);
}

/* Looks where the routes lead, and else where hosts have such a folder. */
static void search(const struct config *config, struct program_place *place) {
    static const char *const names[] = {"/cgi-bin",     "/public_html/cgi-bin", "/htdocs/cgi-bin", "/httpdocs/cgi-bin",
                                        "/www/cgi-bin", "/html/cgi-bin",        "/web/cgi-bin"};
    char account[PATH_MAX] = "", beside[PATH_MAX] = "";
    const char *routed = place->routed.url[0] != '\0' ? place->routed.url : names[0];
    file_parent(config->home, account);
    file_parent(place->web_root, beside);
    bool found = take_below(place, place->web_root, routed) || take_below(place, beside, routed);
    for (size_t i = 0; !found && i < sizeof names / sizeof *names; i++)
        found = take_below(place, account, names[i]);
}

void program_place_find(const struct config *config, const char *folder, const char *document_root,
                        struct program_place *place) {
    *place = (struct program_place){.web_root = ""};
    find_web_root(config, document_root, place);
    if (folder == NULL || !take_folder(place, folder, 1))
        search(config, place);
}

bool program_place_path(const struct program_place *place, const char *program, char path[PATH_MAX]) {
    return snprintf(path, PATH_MAX, "%s/%s%s", place->folder, program, place->suffix) < PATH_MAX;
}
