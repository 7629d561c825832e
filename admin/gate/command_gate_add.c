/* `cgi-login gate add`: puts a folder of the site behind the login, in the strongest way that the host offers, and asks
 * the site whether it is closed.
 * SPDX-License-Identifier: MIT */
#include "admin/config_text.h"
#include "admin/gate/gate_folder.h"
#include "admin/gate/gate_guard.h"
#include "admin/gate/gate_leftovers.h"
#include "admin/gate/gate_lines.h"
#include "admin/gate/gate_probe.h"
#include "admin/gate/gate_rule_text.h"
#include "admin/gate/gate_stop.h"
#include "admin/gate/htaccess_block.h"

#include "base/json.h"
#include "base/site_path.h"

#include <string.h>

struct addition {
    const struct command_line *line;
    struct gate_folder at;
    struct buffer entry;  /* the rule, as JSON */
    struct buffer config; /* the config with it */
    enum gate_lines_way way;
    struct buffer lines; /* of that way */
    struct gate_probe probe;
    struct http_client *client;
    bool config_written, htaccess_written;
};

/* The rule. */

/* Says that the path has another rule. */
static void refuse_rule(const struct addition *addition, const cJSON *item) {
    struct buffer there = BUFFER_EMPTY;
    gate_rule_append(&there, item);
    command_complain("gate[%zu] is a rule for %s already: %s; to write %s in its place, add --replace",
                     addition->at.rule.index, addition->at.path, buffer_text(&there), buffer_text(&addition->entry));
    buffer_free(&there);
}

/* Puts the rule where it decides: before the first one that holds its path. */
static bool insert_rule(struct addition *addition) {
    const struct config *config = addition->at.config;
    size_t index = 0;
    while (index < gate_rules_count(config) &&
           !site_path_lies_in(addition->at.path, gate_rules_at(config, index).path, true))
        index++;
    return config_text_insert_rule(&addition->config, buffer_text(&addition->at.edit.text), index,
                                   buffer_text(&addition->entry));
}

/* Makes the text of the config with the rule in it; the same text where that is there. */
static bool make_config(struct addition *addition) {
    const char *text = buffer_text(&addition->at.edit.text);
    const bool said = gate_rule_is_said(addition->line);
    cJSON *rule = gate_rule_make(addition->line, addition->at.path);
    const cJSON *item =
        addition->at.has_rule ? cJSON_GetArrayItem(addition->at.config->gate, (int)addition->at.rule.index) : NULL;
    bool done = rule != NULL;
    if (done)
        gate_rule_append(&addition->entry, item != NULL && !said ? item : rule);
    if (done && item == NULL) {
        done = insert_rule(addition);
    } else if (done && (!said || json_equal(rule, item))) {
        buffer_append_text(&addition->config, text);
    } else if (done && addition->line->replace) {
        done =
            config_text_replace_rule(&addition->config, text, addition->at.rule.index, buffer_text(&addition->entry));
    } else if (done) {
        refuse_rule(addition, item);
        json_free(rule);
        return false;
    }
    json_free(rule);
    if (!done || addition->config.failed || addition->entry.failed || !gate_leftovers_drop_rules(&addition->config)) {
        command_complain("out of memory");
        return false;
    }
    return true;
}

/* The ways. */

/* Puts the rule into the config. */
static bool write_rule(struct addition *addition) {
    const bool written = config_edit_replace(&addition->at.edit, &addition->config, config_edit_loads, NULL);
    addition->config_written = addition->config_written || written;
    return written;
}

/* Puts a rule for the probe before it, of which one file is public. */
static bool write_probe_rule(struct addition *addition) {
    struct buffer entry = BUFFER_EMPTY, text = BUFFER_EMPTY;
    buffer_append_format(&entry,
                         "{ \"path\": \"%s\", \"allow\": { \"signed_in\": true }, \"public\": [\"%s/open.html\"] }",
                         addition->probe.path, addition->probe.path);
    const bool made =
        config_text_insert_rule(&text, buffer_text(&addition->config), 0, buffer_text(&entry)) && !text.failed;
    if (!made)
        command_complain("out of memory");
    const bool written = made && config_edit_replace(&addition->at.edit, &text, config_edit_loads, NULL);
    buffer_free(&entry);
    buffer_free(&text);
    return written;
}

/* Tries a way in the probe's folder, and says how that went. */
static bool try_way(struct addition *addition, enum gate_lines_way way) {
    char why[LOG_LINE_MAX];
    struct error error;
    buffer_free(&addition->lines);
    if (gate_lines_make(addition->at.edit.home, &addition->at.place, way, &addition->lines, &error) != ERROR_NONE) {
        command_say("%s: cannot be tried: %s", gate_lines_name(way), error.cause);
        return false;
    }
    addition->way = way;
    const bool works = gate_probe_try(&addition->probe, addition->client, addition->at.config, &addition->lines, why);
    command_say("%s: %s%s", gate_lines_name(way), works ? "works here" : "does not work here: ", works ? "" : why);
    fflush(stdout);
    return works;
}

/* Finds the strongest way that the host offers, or tries the one that the owner wants. */
static bool choose_way(struct addition *addition) {
    const char *wanted = addition->line->way;
    bool works = false;
    for (size_t way = 0; !works && !gate_stop_asked() && way < GATE_LINES_WAYS; way++)
        if (wanted == NULL || strcmp(wanted, gate_lines_name((enum gate_lines_way)way)) == 0)
            works = try_way(addition, (enum gate_lines_way)way);
    if (!works && !gate_stop_asked())
        command_complain("nothing guards a folder here as it should; the web server's error log says more, and "
                         "--dry-run shows what to write by hand");
    return works;
}

/* The folder. */

static bool write_htaccess(struct addition *addition) {
    struct htaccess_file *file = &addition->at.htaccess;
    struct buffer text = BUFFER_EMPTY;
    htaccess_block_put(&text, buffer_text(&file->text), buffer_text(&addition->lines));
    bool done = !text.failed;
    if (!done)
        command_complain("out of memory");
    const bool same = done && file->existed && strcmp(buffer_text(&text), buffer_text(&file->text)) == 0;
    if (done && !same) {
        done = htaccess_file_is_unchanged(file) &&
               (file->text.len == 0 || htaccess_file_keep(file, addition->at.edit.home, addition->at.path));
        addition->htaccess_written = done;
        done = done && htaccess_file_write(file, &text);
    }
    buffer_free(&text);
    return done;
}

/* Says what the site has said. */
static bool tell_guard(const struct addition *addition, const struct config *config, const struct gate_guard *guard) {
    if (guard->asked.reply == GATE_REPLY_REFUSED && guard->count != 0) {
        command_say("%s%s is closed: the gate answers who is not signed in.", config->base_url, addition->at.path);
        return true;
    }
    if (guard->asked.reply == GATE_REPLY_SERVED)
        command_complain("%s is served to people who are not signed in, though the lines are there: something else in "
                         "%s, or in an .htaccess below, undoes them",
                         guard->path, addition->at.htaccess.path);
    else if (guard->asked.reply == GATE_REPLY_UNREACHABLE)
        command_complain("%s: %s", guard->path, guard->asked.text);
    else
        command_complain("%s: the gate does not answer for it; the status is %ld", guard->path, guard->asked.status);
    return false;
}

/* Asks the site for the real folder, by the config as it is now. */
static bool is_closed(struct addition *addition) {
    struct config *config = NULL;
    struct gate_rule rule;
    bool closed = command_load_config(addition->line, &config) &&
                  gate_rules_find(config, addition->at.path, &rule) != GATE_MATCH_NONE;
    if (closed) {
        const struct gate_guard guard = gate_guard_ask(addition->client, config, &addition->at.place, &rule);
        closed = tell_guard(addition, config, &guard);
    }
    config_free(config);
    return closed;
}

/* Names what stands in the same file and holds besides. */
static void note_conflicts(const struct addition *addition) {
    static const char *const names[][2] = {
        {"AuthType"},           {"Require"},           {"Satisfy"}, {"ErrorDocument"}, {"Order"}, {"Deny"},
        {"FcgidAuthenticator"}, {"FcgidAccessChecker"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name;
        const size_t number = htaccess_find_directive(buffer_text(&addition->at.htaccess.text), names[i], &name);
        if (number != 0)
            command_say("Note: line %zu of %s as it was has %s, which holds besides: look whether you want both.",
                        number, addition->at.htaccess.path, name);
    }
}

/* All of it. */

static void undo(struct addition *addition) {
    bool whole = true;
    if (addition->htaccess_written)
        whole = htaccess_file_restore(&addition->at.htaccess);
    if (addition->config_written)
        whole = config_edit_replace(&addition->at.edit, &addition->at.edit.text, config_edit_loads, NULL) && whole;
    if (!whole)
        command_complain("not everything is as it was before: look at `gate` in %s, and at %s", addition->at.edit.path,
                         addition->at.htaccess.path);
    else if (addition->htaccess_written || addition->config_written)
        command_complain("everything is as it was before");
}

static void tell(const struct addition *addition) {
    const struct htaccess_file *file = &addition->at.htaccess;
    command_say("%s has the rule %s; the file as it was is %s.", addition->at.edit.path, buffer_text(&addition->entry),
                addition->at.edit.backup);
    command_say("%s has the lines of %s%s%s.", file->path, gate_lines_name(addition->way),
                file->backup[0] != '\0' ? "; the file as it was is " : "", file->backup);
    note_conflicts(addition);
    command_say("Next: cgi-login gate test %s/", addition->at.path);
}

/* Makes what the ways are tried with. */
static bool prepare(struct addition *addition) {
    struct error error;
    gate_leftovers_remove_folders(addition->at.place.web_root);
    if (http_client_new(addition->at.config->ca_folder, &addition->client, &error) == ERROR_NONE &&
        gate_probe_make(&addition->at.place, &addition->probe, &error) == ERROR_NONE)
        return true;
    command_complain("%s", error.cause);
    return false;
}

static bool carry_out(struct addition *addition) {
    gate_stop_watch();
    if (!write_rule(addition))
        return false;
    command_say("The site is %s, and lies in %s.", addition->at.config->base_url, addition->at.place.web_root);
    const bool done = prepare(addition) && write_probe_rule(addition) && choose_way(addition) &&
                      write_htaccess(addition) && write_rule(addition) && !gate_stop_asked() && is_closed(addition) &&
                      !gate_stop_asked();
    if (gate_stop_asked())
        command_complain("stopped");
    if (!done)
        undo(addition);
    else
        tell(addition);
    return done;
}

/* Shows what would be written, for each way. */
static bool show(struct addition *addition) {
    bool shown = false;
    command_say("%s would have the rule %s", addition->at.edit.path, buffer_text(&addition->entry));
    for (size_t way = 0; way < GATE_LINES_WAYS; way++) {
        struct error error;
        const char *name = gate_lines_name((enum gate_lines_way)way);
        if (addition->line->way != NULL && strcmp(addition->line->way, name) != 0)
            continue;
        buffer_free(&addition->lines);
        if (gate_lines_make(addition->at.edit.home, &addition->at.place, (enum gate_lines_way)way, &addition->lines,
                            &error) != ERROR_NONE) {
            command_say("%s: %s", name, error.cause);
            continue;
        }
        command_say("%s would begin, if it is %s, with", addition->at.htaccess.path, name);
        fputs(buffer_text(&addition->lines), stdout);
        shown = true;
    }
    return shown;
}

static bool options_are_right(const struct command_line *line) {
    if (line->way != NULL && gate_lines_find(line->way) == GATE_LINES_WAYS) {
        command_complain("--way: expected authorizer or redirect, not %s", line->way);
        return false;
    }
    if (line->gate_url != NULL &&
        (*line->gate_url != '/' ||
         line->gate_url[strspn(line->gate_url,
                               "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-")] != '\0')) {
        command_complain("--gate-url: expected the path of the program `gate`, such as /cgi-bin/gate, not %s",
                         line->gate_url);
        return false;
    }
    return true;
}

enum command_status command_gate_add(const struct command_line *line) {
    struct addition addition = {.line = line};
    if (!options_are_right(line))
        return COMMAND_USAGE;
    enum command_status status = gate_folder_read(line, &addition.at);
    if (status == COMMAND_DONE) {
        const bool done = make_config(&addition) && (line->dry_run ? show(&addition) : carry_out(&addition));
        status = done ? COMMAND_DONE : COMMAND_FAILED;
    }
    gate_probe_remove(&addition.probe);
    http_client_free(addition.client);
    buffer_free(&addition.entry);
    buffer_free(&addition.config);
    buffer_free(&addition.lines);
    gate_folder_clear(&addition.at);
    return status;
}
