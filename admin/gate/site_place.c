/* SPDX-License-Identifier: MIT */
#include "admin/gate/site_place.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"
#include "config/routes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define BLANKS " \t"
#define MANIFEST_NAME ".installed.sha256" /* admin/install.sh writes it */
enum { PLACE_FILE_MAX = 1 << 18 };

/* What our routes in .htaccess tell. */

/* Reads the address of the program `login` off our route to it, and puts `gate` in its place. */
static bool read_route(const char *line, size_t len, char gate_url[GATE_URL_SIZE]) {
    static const char pattern[] = "RewriteRule ^login/?$ ", name[] = "/login";
    line += strspn(line, BLANKS);
    if (strncasecmp(line, pattern, strlen(pattern)) != 0 || len < strlen(pattern))
        return false;
    const char *url = line + strlen(pattern), *end = url + strcspn(url, BLANKS "\r\n");
    const char *slash = end;
    while (slash > url && *slash != '/')
        slash--;
    if (*url != '/' || strncmp(slash, name, strlen(name)) != 0)
        return false;
    const char *suffix = slash + strlen(name);
    return snprintf(gate_url, GATE_URL_SIZE, "%.*s/gate%.*s", (int)(slash - url), url, (int)(end - suffix), suffix) <
           GATE_URL_SIZE;
}

/* True if the folder has our routes: it is the web root then. */
static bool read_routes(const char *folder, char gate_url[GATE_URL_SIZE]) {
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    bool found = false;
    if (snprintf(path, sizeof path, "%s/.htaccess", folder) < (int)sizeof path &&
        file_read(path, PLACE_FILE_MAX, &text, NULL))
        for (const char *line = buffer_text(&text); !found && *line != '\0'; line += line[0] == '\n' ? 1 : 0) {
            const size_t len = strcspn(line, "\n");
            found = read_route(line, len, gate_url);
            line += len;
        }
    buffer_free(&text);
    return found;
}

/* The web root. */

/* Finds it by the files that `make install` put there: their whole paths are in its list, while those in the product's
 * home have none. */
static bool find_in_manifest(const struct config *config, char web_root[PATH_MAX]) {
    static const char folder[] = ROUTE_PATH_FILES "/";
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    size_t len = 0;
    if (snprintf(path, sizeof path, "%s/" MANIFEST_NAME, config->home) < (int)sizeof path &&
        file_read(path, PLACE_FILE_MAX, &text, NULL)) {
        const char *name = strstr(buffer_text(&text), "  /");
        const char *end = name != NULL ? name + strcspn(name, "\n") : NULL;
        for (const char *at = name; at != NULL && at < end; at++)
            if (strncmp(at, folder, strlen(folder)) == 0)
                len = (size_t)(at - name) - 2;
        if (len != 0 && len < PATH_MAX) {
            memcpy(web_root, name + 2, len);
            web_root[len] = '\0';
        }
    }
    buffer_free(&text);
    return len != 0 && len < PATH_MAX;
}

static bool has_routes(const char *folder) {
    char gate_url[GATE_URL_SIZE];
    return read_routes(folder, gate_url);
}

/* True if the files that the pages need lie there. */
static bool has_pages(const char *folder) {
    char path[PATH_MAX];
    return snprintf(path, sizeof path, "%s" ROUTE_PATH_FILES "/style.css", folder) < (int)sizeof path &&
           access(path, F_OK) == 0;
}

/* Finds those with something of ours in them, by the names that hosts give them, beside the product's home. Returns how
 * many there are: a panel's `www` that leads to `public_html` is no second one. */
static size_t count_by_name(const struct config *config, bool (*has_ours)(const char *), char web_root[PATH_MAX]) {
    static const char *const names[] = {"public_html", "htdocs", "httpdocs", "www", "www/html", "html", "web"};
    char account[PATH_MAX], folder[PATH_MAX], real[PATH_MAX];
    size_t found = 0;
    for (size_t i = 0; file_parent(config->home, account) && i < sizeof names / sizeof *names; i++)
        if (snprintf(folder, sizeof folder, "%s/%s", account, names[i]) < (int)sizeof folder && has_ours(folder) &&
            realpath(folder, real) != NULL && (found == 0 || strcmp(real, web_root) != 0)) {
            text_copy(web_root, PATH_MAX, real);
            found++;
        }
    return found;
}

/* Before the routes are in it, and once they are taken out, the pages' files tell which one it is. */
static bool find_by_name(const struct config *config, char web_root[PATH_MAX]) {
    const size_t found = count_by_name(config, has_routes, web_root);
    return found == 1 || (found == 0 && count_by_name(config, has_pages, web_root) == 1);
}

static void find_web_root(const struct config *config, const char *named, struct site_place *place) {
    char found[PATH_MAX] = "";
    struct stat status;
    if (named == NULL && (find_in_manifest(config, found) || find_by_name(config, found)))
        named = found;
    if (named == NULL || realpath(named, place->web_root) == NULL || stat(place->web_root, &status) != 0 ||
        !S_ISDIR(status.st_mode))
        place->web_root[0] = '\0';
}

/* The program. */

static bool take_program(const char *folder, const char *path, char file[PATH_MAX]) {
    char name[PATH_MAX];
    struct stat status;
    return snprintf(name, sizeof name, "%s%s", folder, path) < (int)sizeof name && realpath(name, file) != NULL &&
           stat(file, &status) == 0 && S_ISREG(status.st_mode) && access(file, X_OK) == 0;
}

/* Finds it where its address leads in the web root, and beside that and the product's home. */
static void find_program(const struct config *config, struct site_place *place) {
    char account[PATH_MAX], beside[PATH_MAX];
    if (place->gate_url[0] == '\0')
        return;
    const bool found =
        (place->web_root[0] != '\0' && take_program(place->web_root, place->gate_url, place->gate_file)) ||
        (file_parent(config->home, account) && take_program(account, place->gate_url, place->gate_file)) ||
        (file_parent(place->web_root, beside) && take_program(beside, place->gate_url, place->gate_file));
    if (!found)
        place->gate_file[0] = '\0';
}

void site_place_find(const struct config *config, const char *web_root, const char *gate_url, const char *gate_file,
                     struct site_place *place) {
    *place = (struct site_place){.owner = file_look(config->path).st_uid};
    find_web_root(config, web_root, place);
    if (gate_url != NULL)
        text_copy(place->gate_url, sizeof place->gate_url, gate_url);
    else if (place->web_root[0] == '\0' || !read_routes(place->web_root, place->gate_url))
        place->gate_url[0] = '\0';
    if (gate_file == NULL)
        find_program(config, place);
    else if (!take_program("", gate_file, place->gate_file))
        place->gate_file[0] = '\0';
}

/* A folder of the site. */

/* Says what is wrong with one part of the way to the folder; NULL: nothing. */
static const char *part_fault(const struct site_place *place, const char *folder) {
    struct stat status;
    if (lstat(folder, &status) != 0)
        return errno == ENOENT ? "is not there; make the folder first" : strerror(errno);
    if (S_ISLNK(status.st_mode))
        return "is a symbolic link; name the folder that it leads to, if that is one of the site";
    if (!S_ISDIR(status.st_mode))
        return "is no folder; guard the folder that it is in, or write a rule into config.json";
    if (status.st_uid != place->owner)
        return "belongs to another user than the config; run this as the account's owner, on a folder of that account";
    return NULL;
}

bool site_place_folder(const struct site_place *place, const char *path, char folder[PATH_MAX],
                       char fault[LOG_LINE_MAX]) {
    const size_t root_len = strlen(place->web_root);
    const char *problem = NULL;
    if (snprintf(folder, PATH_MAX, "%s%s", place->web_root, path) >= PATH_MAX) {
        snprintf(fault, LOG_LINE_MAX, "%s is too long", path);
        return false;
    }
    for (char *at = folder + root_len + 1; problem == NULL && at[-1] != '\0'; at++) {
        at += strcspn(at, "/");
        const char kept = *at;
        *at = '\0';
        problem = part_fault(place, folder);
        if (problem == NULL)
            *at = kept;
    }
    if (problem != NULL)
        snprintf(fault, LOG_LINE_MAX, "%s %s", folder, problem);
    return problem == NULL;
}
