/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_merge.h"

#include "admin/gate/htaccess_block.h"
#include "admin/htaccess/htaccess_old.h"
#include "admin/htaccess/htaccess_unit.h"
#include "base/text.h"

#include <string.h>

/* Where the block may stand in a text that has none. */
struct room {
    const char *from; /* behind the last redirect to https that comes before `to` */
    const char *to;   /* the rule that catches everything; the end of the text where there is none */
    const char *end;  /* of the text */
};

/* What there is of RewriteEngine, and of rules that it turns on and off. */
struct engine {
    size_t off_line;
    bool rules;
};

bool htaccess_merge_remove(struct buffer *out, const char *text) {
    const char *start, *end;
    if (htaccess_block_find(text, HTACCESS_SITE_MARKS, &start, &end) != HTACCESS_BLOCK_WHOLE)
        return false;
    /* A last line that had no end got one, and the block's has none then. */
    if (*end == '\0' && end[-1] != '\n' && start > text)
        start -= strlen(htaccess_block_line_end(text));
    buffer_append(out, text, (size_t)(start - text));
    buffer_append_text(out, end);
    return true;
}

/* Looks through the units of a text without our block. */
static struct room find_room(const char *text, struct htaccess_merge *merge, struct engine *engine) {
    struct htaccess_reader reader = htaccess_reader_of(text);
    struct htaccess_unit unit;
    struct room room = {.from = reader.at, .to = NULL};
    while (htaccess_unit_read(&reader, &unit)) {
        if (room.to == NULL && unit.catch_line != 0) {
            room.to = unit.start;
            merge->catch_line = unit.catch_line;
        }
        if (unit.canon_line != 0 && room.to == NULL)
            room.from = unit.end;
        else if (unit.canon_line != 0)
            merge->canon_line = unit.canon_line;
        if (unit.off_line != 0 || unit.turns_on)
            engine->off_line = unit.off_line;
        engine->rules = engine->rules || unit.rule_line != 0;
        if (unit.open_line != 0) {
            merge->refusal = HTACCESS_IS_OPEN;
            merge->line = unit.open_line;
        }
    }
    room.end = reader.at;
    if (room.to == NULL)
        room.to = room.end;
    return room;
}

/* Whether the place at `at` is between two units. */
static bool is_between(const char *text, const char *at) {
    struct htaccess_reader reader = htaccess_reader_of(text);
    struct htaccess_unit unit;
    while (htaccess_unit_read(&reader, &unit))
        if (at > unit.start && at < unit.end)
            return false;
    return true;
}

/* Appends the block at `at` of the text. */
static void insert(struct buffer *out, const char *text, const char *at, const char *block) {
    const char *line_end = htaccess_block_line_end(text);
    const bool joins = at > text && at[-1] != '\n'; /* the last line has no end, and is to have none again */
    buffer_append(out, text, (size_t)(at - text));
    if (joins)
        buffer_append_text(out, line_end);
    htaccess_block_append_lines(out, block, block + strlen(block), line_end);
    if (joins)
        buffer_cut(out, out->len - strlen(line_end));
    buffer_append_text(out, at);
}

/* Counts the lines of what was taken out before a line, so that it is told as its reader sees it. */
static void tell_lines(struct htaccess_merge *merge, const char *text, const char *start, const char *end) {
    size_t before = 1, inside = 0;
    for (const char *at = text; at < end; at++) {
        before += *at == '\n' && at < start ? 1 : 0;
        inside += *at == '\n' && at >= start ? 1 : 0;
    }
    size_t *const lines[] = {&merge->line, &merge->catch_line, &merge->canon_line};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        *lines[i] += *lines[i] >= before && *lines[i] != 0 ? inside : 0;
}

/* Puts the block into a text that has none. `kept`: where it was, or NULL. */
static void put(struct buffer *out, const char *text, const char *kept, const char *block,
                struct htaccess_merge *merge) {
    struct engine engine = {.off_line = 0};
    const struct room room = find_room(text, merge, &engine);
    const char *at = kept != NULL && kept >= room.from && kept <= room.to && is_between(text, kept) ? kept : room.to;
    if (merge->refusal == HTACCESS_MERGES && engine.off_line != 0 && engine.rules) {
        merge->refusal = HTACCESS_ENGINE_IS_OFF;
        merge->line = engine.off_line;
    }
    if (engine.off_line != 0)
        at = room.end; /* the last of these directives holds for the whole file */
    if (merge->refusal == HTACCESS_MERGES)
        insert(out, text, at, block);
}

struct htaccess_merge htaccess_merge_put(struct buffer *out, const char *text, const char *block) {
    struct htaccess_merge merge = {.had_mark = text_starts_with(text, HTACCESS_BYTE_ORDER_MARK)};
    struct buffer bare = BUFFER_EMPTY, rest = BUFFER_EMPTY;
    const char *start, *end;
    while (text_starts_with(text, HTACCESS_BYTE_ORDER_MARK)) /* a file that was saved so twice has two */
        text += strlen(HTACCESS_BYTE_ORDER_MARK);
    const enum htaccess_block_state state = htaccess_block_find(text, HTACCESS_SITE_MARKS, &start, &end);
    merge.had_block = state == HTACCESS_BLOCK_WHOLE;
    if (state == HTACCESS_BLOCK_TORN) {
        merge.refusal = HTACCESS_IS_TORN;
        return merge;
    }
    if (!merge.had_block || !htaccess_merge_remove(&bare, text))
        buffer_append_text(&bare, text);
    merge.old_routes = htaccess_old_remove(&rest, buffer_text(&bare));
    const char *body = buffer_text(&rest);
    const bool stays = merge.had_block && merge.old_routes == 0 && (size_t)(start - text) <= rest.len;
    put(out, body, stays ? body + (start - text) : NULL, block, &merge);
    if (merge.had_block)
        tell_lines(&merge, text, start, end);
    out->failed = out->failed || bare.failed || rest.failed;
    buffer_free(&bare);
    buffer_free(&rest);
    return merge;
}
