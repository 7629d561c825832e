/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_guard.h"

#include "admin/gate/site_walk.h"
#include "base/site_path.h"
#include "base/text.h"

#include <string.h>
#include <sys/stat.h>

#define UNUSED_NAME "cgi-login-gate-check"
enum { SAMPLES_MAX = 16, ENTRIES_MAX = 5000, DEPTH_MAX = 8 };

/* What to ask for, picked in a folder. */
struct picks {
    const struct config *config;
    const struct site_place *place;
    char top[SITE_PATH_MAX + 1]; /* the rule's path, without a slash at its end */
    size_t rule;                 /* the one that has to decide */
    char samples[SAMPLES_MAX][SITE_PATH_MAX + 1];
    size_t count;
};

/* True if the rule is the one that keeps the path from people who are not signed in. */
static bool is_guarded(const struct picks *picks, const char *path) {
    char form[SITE_PATH_MAX + 1];
    struct gate_rule rule;
    return site_path_read_decoded(path, strlen(path), form) == SITE_PATH_IS_RIGHT && strcmp(form, path) == 0 &&
           !site_path_is_private(path) && gate_rules_find(picks->config, path, &rule) == GATE_MATCH_RULE &&
           rule.index == picks->rule;
}

static void take(struct picks *picks, const char *path) {
    if (picks->count < SAMPLES_MAX && is_guarded(picks, path) &&
        text_copy(picks->samples[picks->count], sizeof picks->samples[0], path))
        picks->count++;
}

static const char *extension_of(const char *path) {
    const char *name = strrchr(path, '/'), *dot = strrchr(path, '.');
    return dot != NULL && (name == NULL || dot > name) ? dot : "";
}

/* True if a file of this kind is among the samples already. */
static bool has_kind(const struct picks *picks, const char *path) {
    for (size_t i = 0; i < picks->count; i++)
        if (strstr(picks->samples[i], UNUSED_NAME) == NULL &&
            strcmp(extension_of(picks->samples[i]), extension_of(path)) == 0)
            return true;
    return false;
}

static void take_unused(struct picks *picks, const char *folder) {
    char path[SITE_PATH_MAX + 1];
    const bool slash = folder[strlen(folder) - 1] == '/';
    if (snprintf(path, sizeof path, "%s%s" UNUSED_NAME, folder, slash ? "" : "/") < (int)sizeof path)
        take(picks, path);
}

static void take_file(void *context, const char *folder, const char *name) {
    struct picks *picks = context;
    char path[SITE_PATH_MAX + 1];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return;
    /* An .htaccess of a folder below may undo what is above. */
    if (strcmp(name, ".htaccess") == 0 && strcmp(folder, picks->top) != 0)
        take_unused(picks, folder);
    else if (!has_kind(picks, path))
        take(picks, path);
}

static void take_files(struct picks *picks) {
    const struct site_walk walk = {.web_root = picks->place->web_root,
                                   .entries_max = ENTRIES_MAX,
                                   .depth_max = DEPTH_MAX,
                                   .take = take_file,
                                   .context = picks};
    site_walk(&walk, picks->top);
}

/* Picks what to ask for. Returns false if the rule's path is not there. */
static bool pick(struct picks *picks, const char *rule_path) {
    char path[SITE_PATH_MAX + 2], file[PATH_MAX];
    struct stat status = {.st_mode = S_IFDIR};
    if (!text_copy(picks->top, sizeof picks->top, rule_path))
        return true; /* no request is let in there; the line about the config has said so */
    for (size_t len = strlen(picks->top); len != 0 && picks->top[len - 1] == '/'; len--)
        picks->top[len - 1] = '\0';
    const bool known = picks->place->web_root[0] != '\0' &&
                       snprintf(file, sizeof file, "%s%s", picks->place->web_root, picks->top) < (int)sizeof file;
    const bool exists = !known || stat(file, &status) == 0;
    if (!S_ISDIR(status.st_mode)) {
        take(picks, picks->top);
        return exists;
    }
    snprintf(path, sizeof path, "%s/", picks->top);
    take(picks, path);
    take_unused(picks, path);
    if (known && exists)
        take_files(picks);
    return exists;
}

static int badness(enum gate_reply reply) {
    static const int order[] = {
        [GATE_REPLY_REFUSED] = 0, [GATE_REPLY_UNREACHABLE] = 1, [GATE_REPLY_OTHER] = 2, [GATE_REPLY_SERVED] = 3};
    return order[reply];
}

struct gate_guard gate_guard_ask(struct http_client *client, const struct config *config,
                                 const struct site_place *place, const struct gate_rule *rule) {
    struct picks picks = {.config = config, .place = place, .rule = rule->index};
    struct gate_guard guard = {.asked = {.reply = GATE_REPLY_REFUSED}};
    guard.exists = pick(&picks, rule->path);
    guard.count = picks.count;
    text_copy(guard.path, sizeof guard.path, rule->path);
    for (size_t i = 0; i < picks.count; i++) {
        /* What is open needs no further look, and who does not respond would be waited for each time. */
        if (guard.asked.reply == GATE_REPLY_REFUSED || guard.asked.reply == GATE_REPLY_OTHER) {
            const struct gate_asked asked = gate_ask(client, config, picks.samples[i]);
            if (i == 0 || badness(asked.reply) > badness(guard.asked.reply)) {
                guard.asked = asked;
                text_copy(guard.path, sizeof guard.path, picks.samples[i]);
            }
        }
    }
    return guard;
}
