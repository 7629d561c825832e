/* SPDX-License-Identifier: MIT */
#include "admin/config_edit.h"

#include "base/file.h"
#include "base/file_fault.h"
#include "base/file_replace.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Locks the folder. Where that cannot be done, as on some network disks, put_in_place still finds most changes. */
static bool lock(struct config_edit *edit) {
    edit->lock = open(edit->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    edit->locked = edit->lock >= 0;
    if (!edit->locked || flock(edit->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return true;
    command_complain("another command is changing %s; wait for its end", edit->path);
    return false;
}

bool config_edit_find(const struct command_line *line, struct config_edit *edit) {
    char path[PATH_MAX];
    struct error error;
    if (command_find_config(line, path, &error) != ERROR_NONE) {
        command_complain("%s", error.cause);
        return false;
    }
    if (realpath(path, edit->path) == NULL || !file_parent(edit->path, edit->home)) {
        command_complain("%s: %s", path, file_fault_words(errno));
        return false;
    }
    return lock(edit);
}

/* Always false. */
static bool complain_malformed(const struct config_edit *edit, const char *why) {
    struct problems problems = {.count = 0};
    problems_add_malformed(&problems, edit->path, why, &edit->text);
    command_complain("%s; nothing was changed", problems.count != 0 ? problems.lines[0] : "out of memory");
    problems_clear(&problems);
    return false;
}

bool config_edit_read(struct config_edit *edit) {
    const char *why = "expected one JSON object with providers and base_url in it";
    char fault[FILE_FAULT_MAX];
    if (!file_read(edit->path, CONFIG_FILE_MAX, &edit->text, &edit->status)) {
        command_complain("%s cannot be read: %s", edit->path, file_fault(edit->path, errno, fault));
        return false;
    }
    if (json_parse_settings(buffer_text(&edit->text), edit->text.len, &edit->document, &why) == JSON_MALFORMED)
        return complain_malformed(edit, why);
    if (cJSON_IsObject(json_member(edit->document, "providers")) && json_string(edit->document, "base_url") != NULL &&
        !json_has_duplicate_key(edit->document, NULL))
        return true;
    command_complain("%s: %s; run `cgi-login check`", edit->path, why);
    return false;
}

/* Writes `text` to `path`, with the config's owner and mode. */
static bool write_like_config(const struct config_edit *edit, const char *path, const struct buffer *text) {
    char fault[FILE_FAULT_MAX];
    if (file_replace_like(path, buffer_text(text), text->len, &edit->status))
        return true;
    command_complain("%s cannot be written: %s; nothing was changed", path, file_fault(path, errno, fault));
    return false;
}

/* Puts the new config in the old one's place, and keeps that beside it. */
static bool put_in_place(struct config_edit *edit, const char *fresh) {
    if (!file_is_unchanged(edit->path, &edit->status)) {
        command_complain("somebody else has changed %s meanwhile; nothing was changed", edit->path);
        return false;
    }
    if (!write_like_config(edit, edit->backup, &edit->text))
        return false;
    if (rename(fresh, edit->path) == 0)
        return true;
    command_complain("%s cannot be replaced: %s", edit->path, file_fault_words(errno));
    return false;
}

bool config_edit_replace(struct config_edit *edit, const struct buffer *text, config_edit_check check, void *context) {
    char fresh[PATH_MAX];
    if (snprintf(fresh, sizeof fresh, "%s.new", edit->path) >= (int)sizeof fresh ||
        snprintf(edit->backup, sizeof edit->backup, "%s.bak", edit->path) >= (int)sizeof edit->backup) {
        command_complain("the path of the config is too long");
        return false;
    }
    const bool done = write_like_config(edit, fresh, text) && check(context, fresh) && put_in_place(edit, fresh);
    if (done)
        edit->status = file_look(edit->path);
    else
        unlink(fresh);
    return done;
}

bool config_edit_loads(void *context, const char *path) {
    struct problems problems = {.count = 0};
    struct config *config = NULL;
    struct error error;
    (void)context;
    const bool right = config_load(path, NULL, CONFIG_FOR_COMMAND, &config, &problems, &error) == ERROR_NONE;
    for (size_t i = 0; i < problems.count; i++)
        command_complain("%s", problems.lines[i]);
    if (!right)
        command_complain("%s", problems.count == 0 ? error.cause : "nothing was changed");
    problems_clear(&problems);
    config_free(config);
    return right;
}

void config_edit_clear(struct config_edit *edit) {
    json_free(edit->document);
    buffer_free(&edit->text);
    if (edit->locked)
        close(edit->lock);
    edit->locked = false;
}
