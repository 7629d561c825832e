/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_guard.h"

#include "base/site_path.h"
#include "base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define UNUSED_NAME "cgi-login-gate-check"
enum { SAMPLES_MAX = 16, ENTRIES_MAX = 5000, DEPTH_MAX = 8 };

/* A walk through a folder, that picks what to ask for. */
struct walk {
    const struct config *config;
    const struct site_place *place;
    size_t rule; /* the one that has to decide */
    char *samples[SAMPLES_MAX];
    size_t count;
    unsigned entries;
};

/* True if the rule is the one that keeps the path from people who are not signed in. */
static bool is_guarded(const struct walk *walk, const char *path) {
    char form[SITE_PATH_MAX + 1];
    struct gate_rule rule;
    return site_path_read_decoded(path, strlen(path), form) == SITE_PATH_IS_RIGHT && strcmp(form, path) == 0 &&
           !site_path_is_private(path) && gate_rules_find(walk->config, path, &rule) == GATE_MATCH_RULE &&
           rule.index == walk->rule;
}

static void take(struct walk *walk, const char *path) {
    if (walk->count == SAMPLES_MAX || !is_guarded(walk, path))
        return;
    walk->samples[walk->count] = strdup(path);
    walk->count += walk->samples[walk->count] != NULL ? 1 : 0;
}

static const char *extension_of(const char *path) {
    const char *name = strrchr(path, '/'), *dot = strrchr(path, '.');
    return dot != NULL && (name == NULL || dot > name) ? dot : "";
}

/* True if a file of this kind is among the samples already. */
static bool has_kind(const struct walk *walk, const char *path) {
    for (size_t i = 0; i < walk->count; i++)
        if (strstr(walk->samples[i], UNUSED_NAME) == NULL &&
            strcmp(extension_of(walk->samples[i]), extension_of(path)) == 0)
            return true;
    return false;
}

static void take_unused(struct walk *walk, const char *folder) {
    char path[SITE_PATH_MAX + 1];
    const bool slash = folder[strlen(folder) - 1] == '/';
    if (snprintf(path, sizeof path, "%s%s" UNUSED_NAME, folder, slash ? "" : "/") < (int)sizeof path)
        take(walk, path);
}

static void visit_folder(struct walk *walk, const char *path, int depth);

static void visit(struct walk *walk, const char *folder, const char *name, int depth) {
    char path[SITE_PATH_MAX + 1], file[PATH_MAX];
    struct stat status;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path ||
        snprintf(file, sizeof file, "%s%s", walk->place->web_root, path) >= (int)sizeof file ||
        lstat(file, &status) != 0)
        return;
    if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
        visit_folder(walk, path, depth + 1);
    else if (S_ISREG(status.st_mode) && strcmp(name, ".htaccess") == 0 && depth != 0)
        take_unused(walk, folder);
    else if (S_ISREG(status.st_mode) && !has_kind(walk, path))
        take(walk, path);
}

/* `path` has no slash at its end. */
static void visit_folder(struct walk *walk, const char *path, int depth) {
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, "%s%s", walk->place->web_root, path) >= (int)sizeof folder)
        return;
    DIR *entries = opendir(folder);
    for (const struct dirent *entry = entries != NULL ? readdir(entries) : NULL;
         entry != NULL && walk->entries++ < ENTRIES_MAX; entry = readdir(entries))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            visit(walk, path, entry->d_name, depth);
    if (entries != NULL)
        closedir(entries);
}

/* Picks what to ask for. Returns false if the rule's path is not there. */
static bool pick(struct walk *walk, const char *rule_path) {
    char path[SITE_PATH_MAX + 2], file[PATH_MAX];
    struct stat status = {.st_mode = S_IFDIR};
    size_t len = strlen(rule_path);
    snprintf(path, sizeof path, "%s", rule_path);
    while (len != 0 && path[len - 1] == '/')
        path[--len] = '\0';
    const bool known = walk->place->web_root[0] != '\0' &&
                       snprintf(file, sizeof file, "%s%s", walk->place->web_root, path) < (int)sizeof file;
    const bool exists = !known || stat(file, &status) == 0;
    if (!S_ISDIR(status.st_mode)) {
        take(walk, path);
        return exists;
    }
    snprintf(path + len, sizeof path - len, "/");
    take(walk, path);
    take_unused(walk, path);
    path[len] = '\0';
    if (known && exists)
        visit_folder(walk, path, 0);
    return exists;
}

static int badness(enum gate_reply reply) {
    static const int order[] = {
        [GATE_REPLY_REFUSED] = 0, [GATE_REPLY_UNREACHABLE] = 1, [GATE_REPLY_OTHER] = 2, [GATE_REPLY_SERVED] = 3};
    return order[reply];
}

struct gate_guard gate_guard_ask(struct http_client *client, const struct config *config,
                                 const struct site_place *place, const struct gate_rule *rule) {
    struct walk walk = {.config = config, .place = place, .rule = rule->index};
    struct gate_guard guard = {.asked = {.reply = GATE_REPLY_REFUSED}};
    guard.exists = pick(&walk, rule->path);
    guard.count = walk.count;
    text_copy(guard.path, sizeof guard.path, rule->path);
    for (size_t i = 0; i < walk.count; i++) {
        /* What is open needs no further look, and who does not respond would be waited for each time. */
        if (guard.asked.reply == GATE_REPLY_REFUSED || guard.asked.reply == GATE_REPLY_OTHER) {
            const struct gate_asked asked = gate_ask(client, config, walk.samples[i]);
            if (i == 0 || badness(asked.reply) > badness(guard.asked.reply)) {
                guard.asked = asked;
                text_copy(guard.path, sizeof guard.path, walk.samples[i]);
            }
        }
        free(walk.samples[i]);
    }
    return guard;
}
