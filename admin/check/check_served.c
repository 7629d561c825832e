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

/* What was found so far. */
struct looking {
    const struct check *check;
    size_t open;  /* files that are served */
    bool unknown; /* a request got no whole response */
};

/* True if what the site has at `address` is the file. What is too large to be read whole is compared as far as it was
 * read; of some that is nothing. */
static bool is_served(struct looking *looking, const char *path, const char *address) {
    char start[COMPARED];
    struct site_answer answer;
    struct buffer encoded = BUFFER_EMPTY;
    const size_t len = read_start(path, start);
    if (len == 0)
        return false;
    site_path_append_encoded(&encoded, address);
    site_ask(looking->check->site, looking->check->config, SITE_GET_PAGE, buffer_text(&encoded), "Range: bytes=0-511",
             &answer);
    const struct buffer *body = &answer.response.body;
    const bool same = body->len >= len && memcmp(buffer_text(body), start, len) == 0;
    const bool unread =
        answer.is_large && body->len == 0 && !text_starts_with(answer.response.content_type, "text/html");
    const bool served = (answer.response.status == 200 || answer.response.status == 206) && (same || unread);
    looking->unknown = looking->unknown || (!served && !answer.is_whole && !answer.is_large);
    site_answer_free(&answer);
    buffer_free(&encoded);
    sodium_memzero(start, sizeof start);
    return served;
}

/* Asks for a file where its place in the web root, or that of the product's home in a web root, gives it an address.
 * True if it is served. */
static bool look(struct looking *looking, const char *path, char address[PATH_MAX]) {
    char real[PATH_MAX];
    const struct check *check = looking->check;
    const char *home = check->config->home, *root = check->place.web_root, *name = strrchr(home, '/');
    if (path == NULL || realpath(path, real) == NULL)
        return false;
    if (*root != '\0' && config_lies_in(real, root) && text_copy(address, PATH_MAX, real + strlen(root)) &&
        is_served(looking, real, address))
        return true;
    return name != NULL && config_lies_in(real, home) &&
           snprintf(address, PATH_MAX, "%s%s", name, real + strlen(home)) < PATH_MAX &&
           is_served(looking, real, address);
}

static void tell(struct looking *looking, const char *what, const char *path, const char *remedy) {
    char address[PATH_MAX];
    if (!look(looking, path, address))
        return;
    check_fix(looking->check, "OPEN! %s%s is %s, which anybody can fetch: %s", looking->check->config->base_url,
              address, what, remedy);
    looking->open++;
}

static void tell_beside(struct looking *looking, const char *what, const char *folder, const char *name,
                        const char *remedy) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path)
        tell(looking, what, path, remedy);
}

static void tell_none(const struct looking *looking) {
    const struct check *check = looking->check;
    if (looking->unknown)
        check_note(check,
                   "whether anybody can fetch the config, the users, the log or the keys could not be looked at: %s "
                   "did not respond to each request",
                   check->config->base_url);
    else
        check_ok(check, "nobody can fetch the config, the users, the log or the keys through %s",
                 check->config->base_url);
}

void check_served(const struct check *check) {
    const struct config *config = check->config;
    const char *problem;
    struct looking looking = {.check = check};
    if (check->state == SITE_NOT_ASKED || check->state == SITE_SILENT)
        return;
    tell(&looking, "the config", config->path, MOVE "; the keys and secrets in it are known: make new ones");
    if (config->store != NULL && store_uri_kind(config->store, &problem) == STORE_SQLITE)
        tell(&looking, "the store of your users", store_uri_sqlite_path(config->store), MOVE);
    tell(&looking, "the error log", config->log, MOVE);
    tell_beside(&looking, "the file of session keys", config->home, SESSION_KEY_FILE_NAME, MOVE);
    if (check->place.web_root[0] != '\0')
        tell_beside(&looking, "the file of the site's rules", check->place.web_root, ".htaccess",
                    "have the web server deny names that begin with .ht");
    if (looking.open == 0)
        tell_beside(&looking, "in the product's own folder", config->home, EXAMPLE, MOVE);
    if (looking.open == 0)
        tell_none(&looking);
}
