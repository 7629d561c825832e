/* Whether somebody can fetch what is not for the web: config, users, log, keys. It is asked for, where an address could
 * lead to it, and compared with the file.
 * SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/session_key_file.h"
#include "base/file.h"
#include "base/site_path.h"
#include "base/text.h"
#include "config/config_place.h"
#include "config/store_uri.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOVE "move it, with the folder that it is in, out of the web root"
#define EXAMPLE "htaccess.example" /* which no rule denies */

enum { COMPARED = 512 };

/* Reads the beginning of a file, and returns how much that is. */
static size_t read_start(const char *path, char start[COMPARED]) {
    const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const ssize_t len = file >= 0 ? read(file, start, COMPARED) : 0;
    if (file >= 0)
        close(file);
    return len > 0 ? (size_t)len : 0;
}

/* True if what the site has at `address` is the file. */
static bool is_served(const struct check *check, const char *path, const char *address) {
    char start[COMPARED];
    struct site_answer answer;
    struct buffer encoded = BUFFER_EMPTY;
    const size_t len = read_start(path, start);
    if (len == 0)
        return false;
    site_path_append_encoded(&encoded, address);
    site_ask(check->site, check->config, SITE_GET_PAGE, buffer_text(&encoded), "Range: bytes=0-511", &answer);
    const struct buffer *body = &answer.response.body;
    const bool same = body->len >= len && memcmp(buffer_text(body), start, len) == 0;
    const bool served = (answer.response.status == 200 || answer.response.status == 206) &&
                        (same || (answer.is_large && !text_starts_with(answer.response.content_type, "text/html")));
    site_answer_free(&answer);
    buffer_free(&encoded);
    sodium_memzero(start, sizeof start);
    return served;
}

/* Asks for a file where its place in the web root, or that of the product's home in a web root, gives it an address.
 * True if it is served. */
static bool look(const struct check *check, const char *path, char address[PATH_MAX]) {
    char real[PATH_MAX];
    const char *home = check->config->home, *root = check->place.web_root, *name = strrchr(home, '/');
    if (path == NULL || realpath(path, real) == NULL)
        return false;
    if (*root != '\0' && config_lies_in(real, root) && text_copy(address, PATH_MAX, real + strlen(root)) &&
        is_served(check, real, address))
        return true;
    return name != NULL && config_lies_in(real, home) &&
           snprintf(address, PATH_MAX, "%s%s", name, real + strlen(home)) < PATH_MAX && is_served(check, real, address);
}

static size_t tell(const struct check *check, const char *what, const char *path, const char *remedy) {
    char address[PATH_MAX];
    if (!look(check, path, address))
        return 0;
    check_fix(check, "OPEN! %s%s is %s, which anybody can fetch: %s", check->config->base_url, address, what, remedy);
    return 1;
}

static size_t tell_beside(const struct check *check, const char *what, const char *folder, const char *name,
                          const char *remedy) {
    char path[PATH_MAX];
    return snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path ? tell(check, what, path, remedy) : 0;
}

void check_served(const struct check *check) {
    const struct config *config = check->config;
    const char *problem;
    size_t open = 0;
    if (check->state == SITE_NOT_ASKED || check->state == SITE_SILENT)
        return;
    open += tell(check, "the config", config->path, MOVE "; the keys and secrets in it are known: make new ones");
    if (config->store != NULL && store_uri_kind(config->store, &problem) == STORE_SQLITE)
        open += tell(check, "the store of your users", store_uri_sqlite_path(config->store), MOVE);
    open += tell(check, "the error log", config->log, MOVE);
    open += tell_beside(check, "the file of session keys", config->home, SESSION_KEY_FILE_NAME, MOVE);
    if (check->place.web_root[0] != '\0')
        open += tell_beside(check, "the file of the site's rules", check->place.web_root, ".htaccess",
                            "have the web server deny names that begin with .ht");
    if (open == 0)
        open += tell_beside(check, "in the product's own folder", config->home, EXAMPLE, MOVE);
    if (open == 0)
        check_ok(check, "nobody can fetch the config, the users, the log or the keys through %s", config->base_url);
}
