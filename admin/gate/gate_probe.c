/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_probe.h"

#include "base/file_fault.h"
#include "base/file_replace.h"
#include "base/text.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A server in front may send pictures by itself. */
static const char *const names[] = {"closed.html", "closed.png", "open.html"};
enum { NAMES = sizeof names / sizeof *names, OPEN = NAMES - 1 };

static bool path_of(const struct gate_probe *probe, const char *name, char path[PATH_MAX]) {
    return snprintf(path, PATH_MAX, "%s/%s", probe->folder, name) < PATH_MAX;
}

/* Writes a file that the web server can read. */
static bool write_file(const struct gate_probe *probe, const char *name, const char *text) {
    char path[PATH_MAX];
    return path_of(probe, name, path) && file_replace(path, text, strlen(text)) && chmod(path, 0644) == 0;
}

static bool make_folder(const struct site_place *place, struct gate_probe *probe) {
    unsigned char random[GATE_PROBE_TOKEN_LENGTH / 2];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(probe->token, sizeof probe->token, random, sizeof random);
    snprintf(probe->path, sizeof probe->path, GATE_PROBE_PATH "%s", probe->token);
    if (snprintf(probe->folder, sizeof probe->folder, "%s%s", place->web_root, probe->path) <
            (int)sizeof probe->folder &&
        mkdir(probe->folder, 0755) == 0)
        return true;
    probe->folder[0] = '\0';
    return false;
}

enum error_code gate_probe_make(const struct site_place *place, struct gate_probe *probe, struct error *error) {
    char fault[FILE_FAULT_MAX];
    *probe = (struct gate_probe){.folder = ""};
    bool made = make_folder(place, probe) && chmod(probe->folder, 0755) == 0;
    for (size_t i = 0; made && i < NAMES; i++)
        made = write_file(probe, names[i], probe->token);
    if (made)
        return ERROR_NONE;
    return error_set(error, ERROR_INTERNAL, "no folder can be made in %s: %s", place->web_root,
                     file_fault(place->web_root, errno, fault));
}

/* Says in a few words what came back. */
static void describe(const char *name, const struct gate_asked *asked, char why[LOG_LINE_MAX]) {
    if (asked->reply == GATE_REPLY_UNREACHABLE)
        snprintf(why, LOG_LINE_MAX, "the site does not respond: %.900s", asked->text);
    else if (asked->reply == GATE_REPLY_SERVED)
        snprintf(why, LOG_LINE_MAX, "%s was served to somebody who is not signed in", name);
    else
        snprintf(why, LOG_LINE_MAX, "%s: the status was %ld%s", name, asked->status,
                 asked->reply == GATE_REPLY_REFUSED ? ", from the gate" : ", and not from the gate");
}

bool gate_probe_try(const struct gate_probe *probe, struct http_client *client, const struct config *config,
                    const struct buffer *lines, char why[LOG_LINE_MAX]) {
    char path[128], fault[FILE_FAULT_MAX];
    if (!write_file(probe, ".htaccess", buffer_text(lines))) {
        snprintf(why, LOG_LINE_MAX, "%.400s/.htaccess cannot be written: %.400s", probe->folder,
                 file_fault(probe->folder, errno, fault));
        return false;
    }
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(path, sizeof path, "%s/%s", probe->path, names[i]);
        const struct gate_asked asked = gate_ask(client, config, path);
        const bool right = i == OPEN ? asked.reply == GATE_REPLY_SERVED && strcmp(asked.text, probe->token) == 0
                                     : asked.reply == GATE_REPLY_REFUSED;
        if (!right) {
            describe(names[i], &asked, why);
            return false;
        }
    }
    return true;
}

void gate_probe_remove(struct gate_probe *probe) {
    char path[PATH_MAX];
    if (probe->folder[0] == '\0')
        return;
    for (size_t i = 0; i < NAMES; i++)
        if (path_of(probe, names[i], path))
            unlink(path);
    if (path_of(probe, ".htaccess", path))
        unlink(path);
    rmdir(probe->folder);
    probe->folder[0] = '\0';
}
