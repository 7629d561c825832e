/* `cgi-login gate remove`: opens a folder that `gate add` has closed.
 * SPDX-License-Identifier: MIT */
#include "admin/config_text.h"
#include "admin/gate/gate_folder.h"
#include "admin/gate/htaccess_block.h"

#include <string.h>

/* Takes our lines out: with nothing else in it the file is gone, too. */
static bool remove_lines(struct gate_folder *at) {
    struct buffer text = BUFFER_EMPTY;
    htaccess_block_remove(&text, buffer_text(&at->htaccess.text));
    const bool done = !text.failed && htaccess_file_is_unchanged(&at->htaccess) &&
                      htaccess_file_keep(&at->htaccess, at->edit.home, at->path) &&
                      htaccess_file_write(&at->htaccess, &text);
    buffer_free(&text);
    return done;
}

static bool remove_rule(struct gate_folder *at) {
    struct buffer text = BUFFER_EMPTY;
    const bool done = config_text_replace_rule(&text, buffer_text(&at->edit.text), at->rule.index, NULL) &&
                      !text.failed && config_edit_replace(&at->edit, &text, config_edit_loads, NULL);
    buffer_free(&text);
    return done;
}

static enum command_status confirm(const struct command_line *line, const struct gate_folder *at) {
    struct buffer question = BUFFER_EMPTY;
    buffer_append_format(&question, "Everybody can read what lies in %s then. Type yes: ", at->folder);
    const enum command_status status = command_confirm(line, buffer_text(&question), "Nothing was changed.");
    buffer_free(&question);
    return status;
}

/* The lines go first: a rule without lines guards nothing, and lines without a rule let nobody in. */
static bool carry_out(struct gate_folder *at, bool has_lines) {
    if (has_lines && !remove_lines(at))
        return false;
    if (has_lines)
        command_say("%s has none of our lines any more; the file as it was is %s.", at->htaccess.path,
                    at->htaccess.backup);
    if (at->has_rule && !remove_rule(at))
        return false;
    if (at->has_rule)
        command_say("%s has no rule for %s any more; the file as it was is %s.", at->edit.path, at->path,
                    at->edit.backup);
    return true;
}

enum command_status command_gate_remove(const struct command_line *line) {
    struct gate_folder at;
    enum command_status status = gate_folder_read(line, &at);
    const bool has_lines =
        status == COMMAND_DONE &&
        htaccess_block_find(buffer_text(&at.htaccess.text), HTACCESS_GATE_MARKS, NULL, NULL) == HTACCESS_BLOCK_WHOLE;
    if (status == COMMAND_DONE && !has_lines && !at.has_rule) {
        command_complain("%s has no rule, and no lines of ours in its .htaccess", at.path);
        status = COMMAND_FAILED;
    }
    if (status == COMMAND_DONE)
        status = confirm(line, &at);
    if (status == COMMAND_DONE && !carry_out(&at, has_lines))
        status = COMMAND_FAILED;
    gate_folder_clear(&at);
    return status;
}
