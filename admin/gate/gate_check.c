/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_check.h"

#include "admin/gate/gate_guard.h"
#include "admin/gate/gate_leftovers.h"
#include "admin/gate/gate_lines.h"
#include "admin/gate/htaccess_block.h"
#include "admin/gate/site_walk.h"
#include "base/file.h"
#include "base/site_path.h"

#include <string.h>

enum { ENTRIES_MAX = 50000, DEPTH_MAX = 12 };

struct check {
    const struct config *config;
    struct site_place place;
    struct http_client *client;
    const struct finding_taker *taker;
    struct buffer lines[GATE_LINES_WAYS]; /* of each way, as this version makes them; "" where they cannot be made */
};

/* The rules. */

static void tell_guard(struct check *check, const struct gate_rule *rule, const struct gate_guard *guard) {
    const char *base = check->config->base_url;
    switch (guard->asked.reply) {
    case GATE_REPLY_REFUSED:
        finding_tell(check->taker, FINDING_OK, "gate[%zu]: %s is closed to who is not signed in", rule->index,
                     rule->path);
        break;
    case GATE_REPLY_SERVED:
        finding_tell(
            check->taker, FINDING_FIX,
            "OPEN! gate[%zu]: %s%s is served to everybody, signed in or not: the rule for %s guards nothing alone; "
            "run: cgi-login gate add %s",
            rule->index, base, guard->path, rule->path, rule->path);
        break;
    case GATE_REPLY_OTHER:
        if (guard->exists)
            finding_tell(
                check->taker, FINDING_FIX,
                "gate[%zu]: the gate does not guard %s%s: its status is %ld, and not from the gate; run: cgi-login "
                "gate add %s",
                rule->index, base, guard->path, guard->asked.status, rule->path);
        break;
    case GATE_REPLY_UNREACHABLE:
        finding_tell(check->taker, FINDING_NOTE,
                     "gate[%zu]: whether %s is closed could not be asked: %.600s; open %s%s in a private window",
                     rule->index, rule->path, guard->asked.text, base, rule->path);
        break;
    }
    if (!guard->exists)
        finding_tell(
            check->taker, FINDING_NOTE,
            "gate[%zu].path: there is no %s in %s; correct the path, or remove the rule, unless the web server hands "
            "it to another program",
            rule->index, rule->path, check->place.web_root);
}

/* Asks about each rule, until the site does not respond. */
static void check_rules(struct check *check) {
    struct error error;
    const size_t count = gate_rules_count(check->config);
    if (count == 0 || check->config->base_url == NULL)
        return;
    if (http_client_new(check->config->ca_folder, &check->client, &error) != ERROR_NONE) {
        finding_tell(check->taker, FINDING_FIX, "%s", error.cause);
        return;
    }
    for (size_t i = 0; i < count && i < GATE_RULES_MAX; i++) {
        const struct gate_rule rule = gate_rules_at(check->config, i);
        if (rule.path == NULL || *rule.path != '/')
            continue; /* the line about the config has said so */
        if (gate_leftovers_is_path(rule.path)) {
            finding_tell(check->taker, FINDING_FIX,
                         "gate[%zu] is left of a `gate add` that was killed; run that once more: it removes the rule",
                         i);
            continue;
        }
        const struct gate_guard guard = gate_guard_ask(check->client, check->config, &check->place, &rule);
        if (guard.count != 0)
            tell_guard(check, &rule, &guard);
        if (guard.asked.reply == GATE_REPLY_UNREACHABLE)
            break;
    }
    http_client_free(check->client);
}

/* The folders. */

static bool is_present(const struct check *check, const char *block) {
    bool known = false;
    for (size_t way = 0; way < GATE_LINES_WAYS; way++) {
        if (check->lines[way].len != 0 && strcmp(buffer_text(&check->lines[way]), block) == 0)
            return true;
        known = known || check->lines[way].len != 0;
    }
    return !known;
}

static void check_block(struct check *check, const char *path, const char *text) {
    struct buffer block = BUFFER_EMPTY;
    htaccess_block_append(&block, text);
    if (!is_present(check, buffer_text(&block)))
        finding_tell(check->taker, FINDING_NOTE,
                     "%s%s/.htaccess has other lines for the gate than this version writes; run: cgi-login gate add %s",
                     check->place.web_root, path, path);
    buffer_free(&block);
}

/* Looks at the .htaccess of a folder. */
static void check_htaccess(struct check *check, const char *path, const char *file) {
    char folder[SITE_PATH_MAX + 2];
    struct buffer text = BUFFER_EMPTY;
    struct gate_rule rule;
    const bool read = file_read(file, HTACCESS_FILE_MAX, &text, NULL);
    const enum htaccess_block_state state =
        read ? htaccess_block_find(buffer_text(&text), HTACCESS_GATE_MARKS, NULL, NULL) : HTACCESS_BLOCK_NONE;
    snprintf(folder, sizeof folder, "%s/", path);
    if (state == HTACCESS_BLOCK_TORN)
        finding_tell(check->taker, FINDING_FIX,
                     "%s must have \"%s\" once, and \"%s\" once behind it; remove what is left of them", file,
                     HTACCESS_BLOCK_BEGIN, HTACCESS_BLOCK_END);
    else if (state == HTACCESS_BLOCK_WHOLE && gate_rules_find(check->config, folder, &rule) == GATE_MATCH_NONE)
        finding_tell(check->taker, FINDING_FIX,
                     "%s asks the gate, and no rule of `gate` holds %s: nobody gets in; run: cgi-login gate add %s",
                     file, path, path);
    else if (state == HTACCESS_BLOCK_WHOLE)
        check_block(check, path, buffer_text(&text));
    buffer_free(&text);
}

static void take_file(void *context, const char *folder, const char *name) {
    struct check *check = context;
    char file[PATH_MAX];
    if (strcmp(name, ".htaccess") == 0 &&
        snprintf(file, sizeof file, "%s%s/%s", check->place.web_root, folder, name) < (int)sizeof file)
        check_htaccess(check, folder, file);
}

static void check_folders(struct check *check) {
    const struct site_walk walk = {.web_root = check->place.web_root,
                                   .entries_max = ENTRIES_MAX,
                                   .depth_max = DEPTH_MAX,
                                   .take = take_file,
                                   .context = check};
    if (!site_walk(&walk, ""))
        finding_tell(check->taker, FINDING_NOTE,
                     "%s holds more than %d files: not all of it was searched for folders that ask the gate",
                     check->place.web_root, ENTRIES_MAX);
}

void gate_check(const struct config *config, const struct finding_taker *taker) {
    struct check check = {.config = config, .taker = taker};
    struct error error;
    site_place_find(config, NULL, NULL, NULL, &check.place);
    check_rules(&check);
    if (check.place.web_root[0] == '\0')
        return;
    for (size_t way = 0; way < GATE_LINES_WAYS; way++)
        if (gate_lines_make(config->home, &check.place, (enum gate_lines_way)way, &check.lines[way], &error) !=
            ERROR_NONE)
            buffer_free(&check.lines[way]);
    check_folders(&check);
    for (size_t way = 0; way < GATE_LINES_WAYS; way++)
        buffer_free(&check.lines[way]);
}
