/* SPDX-License-Identifier: MIT */
#include "http/template.h"

#include "base/bounds.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "http/template_tag.h"
#include "language/sentence.h"
#include "language/words.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 16, PARTIALS_MAX = 4, PROBLEM_MAX = FILE_FAULT_MAX + 32 };

struct renderer {
    const struct template_set *set;
    const char *path;     /* the name of the current file, for messages; "" for a text without a file */
    const char *template; /* the whole template */
    size_t partials;      /* how many templates are around the current one */
    const cJSON *contexts[DEPTH_MAX];
    size_t depth;
    struct buffer *out; /* NULL while skipping a section */
    enum error_code code;
    struct error *error; /* holds the cause once the code is set */
};

/* Records what is wrong at `at` in the current template, unless a fault is recorded already. Returns NULL. */
__attribute__((format(printf, 3, 4))) static const char *fail_at(struct renderer *renderer, const char *at,
                                                                 const char *format, ...) {
    char what[PATH_MAX + 128];
    va_list arguments;
    size_t line = 1;
    for (const char *text = renderer->template; text < at; text++)
        line += *text == '\n' ? 1 : 0;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (renderer->code == ERROR_NONE)
        renderer->code = error_set(renderer->error, ERROR_CONFIG, "%s%sline %zu: %s", renderer->path,
                                   *renderer->path != '\0' ? ", " : "", line, what);
    return NULL;
}

void template_append_escaped(struct buffer *out, const char *text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&': buffer_append_text(out, "&amp;"); break;
        case '<': buffer_append_text(out, "&lt;"); break;
        case '>': buffer_append_text(out, "&gt;"); break;
        case '"': buffer_append_text(out, "&quot;"); break;
        case '\'': buffer_append_text(out, "&#39;"); break;
        default: buffer_append_char(out, *text);
        }
    }
}

static const cJSON *walk(const cJSON *value, const char *name) {
    while (value != NULL) {
        char part[TEMPLATE_NAME_SIZE];
        const size_t len = strcspn(name, ".");
        memcpy(part, name, len);
        part[len] = '\0';
        value = json_member(value, part);
        if (name[len] == '\0')
            return value;
        name += len + 1;
    }
    return NULL;
}

/* Looks a name up in the innermost context that has it. */
static const cJSON *look_up(const struct renderer *renderer, const char *name) {
    if (strcmp(name, ".") == 0)
        return renderer->contexts[renderer->depth - 1];
    for (size_t i = renderer->depth; i-- > 0;) {
        const cJSON *found = walk(renderer->contexts[i], name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static bool is_present(const cJSON *value) {
    if (value == NULL || cJSON_IsNull(value) || cJSON_IsFalse(value))
        return false;
    if (cJSON_IsArray(value))
        return value->child != NULL;
    return !cJSON_IsString(value) || *value->valuestring != '\0';
}

static void append_value(struct renderer *renderer, const cJSON *value) {
    char number[32];
    if (renderer->out == NULL || value == NULL)
        return;
    if (cJSON_IsString(value))
        template_append_escaped(renderer->out, value->valuestring);
    else if (json_identifier(value, number, sizeof number))
        buffer_append_text(renderer->out, number);
}

/* Words. */

/* Appends what a name in a sentence stands for. */
static void append_named(struct renderer *renderer, const struct sentence_part *part, bool plain) {
    char name[TEMPLATE_NAME_SIZE];
    snprintf(name, sizeof name, "%.*s", (int)part->len, part->text);
    const cJSON *value = look_up(renderer, name);
    const char *time = json_string(value, "datetime");
    const char *open = time != NULL ? "<time datetime=\"" : "<bdi lang=\"\" translate=\"no\">";
    if (cJSON_IsObject(value))
        value = json_member(value, "text");
    if (plain) {
        append_value(renderer, value);
        return;
    }
    buffer_append_text(renderer->out, open);
    if (time != NULL) {
        template_append_escaped(renderer->out, time);
        buffer_append_text(renderer->out, "\">");
    }
    append_value(renderer, value);
    buffer_append_text(renderer->out, time != NULL ? "</time>" : "</bdi>");
}

static void append_text(struct buffer *out, const char *text, size_t len) {
    const size_t plain = strcspn(text, "&<>\"'");
    if (plain >= len) {
        buffer_append(out, text, len);
        return;
    }
    struct buffer copy = BUFFER_EMPTY;
    buffer_append(&copy, text, len);
    template_append_escaped(out, buffer_text(&copy));
    out->failed = out->failed || copy.failed;
    buffer_free(&copy);
}

/* Between these marks (UAX #9) a value of another direction leaves the sentence around it as it is. In a text that is
 * read from left to right they would only be in the way of who copies it. */
static const char ISOLATE[] = {'\xE2', '\x81', '\xA8', '\0'}, ISOLATE_END[] = {'\xE2', '\x81', '\xA9', '\0'};

static void append_sentence(struct renderer *renderer, const char *sentence, bool plain) {
    const bool isolate = plain && strcmp(words_direction(renderer->set->words), "rtl") == 0;
    struct sentence_part part;
    while (sentence_next(&sentence, &part)) {
        if (!part.is_name) {
            append_text(renderer->out, part.text, part.len);
            continue;
        }
        buffer_append_text(renderer->out, isolate ? ISOLATE : "");
        append_named(renderer, &part, plain);
        buffer_append_text(renderer->out, isolate ? ISOLATE_END : "");
    }
}

/* Puts a sentence in place of its tag. False if there is none. */
static bool render_words(struct renderer *renderer, const struct template_tag *tag) {
    struct words *words = renderer->set->words;
    struct buffer sentence = BUFFER_EMPTY;
    const bool wanted = renderer->out != NULL || renderer->set->strict;
    const bool found = !wanted || (words != NULL && words_append(words, tag->name, &sentence));
    if (!found)
        fail_at(renderer, tag->start, "languages/en.json has no words \"%s\"", tag->name);
    else if (sentence.failed)
        renderer->code = error_out_of_memory(renderer->error);
    else if (renderer->out != NULL)
        append_sentence(renderer, buffer_text(&sentence), tag->kind == TAG_PLAIN_WORDS);
    buffer_free(&sentence);
    return renderer->code == ERROR_NONE;
}

static const char *render(struct renderer *renderer, const char *text, const char *section);

/* Renders the inside of the section, or skips it if `value` is NULL, and returns what follows its end. */
static const char *render_inside(struct renderer *renderer, const char *text, const char *name, const cJSON *value) {
    struct buffer *out = renderer->out;
    if (renderer->depth == DEPTH_MAX)
        return fail_at(renderer, text, "sections are nested too deeply");
    if (value == NULL)
        renderer->out = NULL;
    renderer->contexts[renderer->depth] = value != NULL ? value : renderer->contexts[renderer->depth - 1];
    renderer->depth++;
    const char *after = render(renderer, text, name);
    renderer->depth--;
    renderer->out = out;
    return after;
}

static const char *render_section(struct renderer *renderer, const char *text, const char *name, bool inverted) {
    const cJSON *value = renderer->out != NULL ? look_up(renderer, name) : NULL;
    const cJSON *here = renderer->contexts[renderer->depth - 1];
    if (inverted)
        return render_inside(renderer, text, name, renderer->out != NULL && !is_present(value) ? here : NULL);
    if (!is_present(value))
        return render_inside(renderer, text, name, NULL);
    if (!cJSON_IsArray(value))
        return render_inside(renderer, text, name, value);
    const char *after = NULL;
    for (const cJSON *item = value->child; item != NULL; item = item->next)
        if ((after = render_inside(renderer, text, name, item)) == NULL)
            return NULL;
    return after;
}

/* Reads a template's file. False with the reason in `problem`, which stays empty if memory ran out. */
static bool read_template(const char *path, struct buffer *text, char problem[PROBLEM_MAX]) {
    char fault[FILE_FAULT_MAX];
    *problem = '\0';
    if (file_read(path, TEMPLATE_FILE_MAX, text, NULL)) {
        /* The page would end there: some editors save a text so when they are asked for "Unicode". */
        if (strlen(buffer_text(text)) == text->len)
            return true;
        snprintf(problem, PROBLEM_MAX, "holds a NUL byte; save it as UTF-8");
    } else if (errno != ENOMEM) {
        snprintf(problem, PROBLEM_MAX, "cannot be read: %s", file_fault(path, errno, fault));
    }
    return false;
}

static bool read_partial(struct renderer *renderer, const struct template_tag *tag, const char *path,
                         struct buffer *text) {
    char problem[PROBLEM_MAX];
    if (renderer->partials == PARTIALS_MAX)
        fail_at(renderer, tag->start, "{{> %s}}: templates are nested too deeply", tag->name);
    else if (read_template(path, text, problem))
        return true;
    else if (*problem == '\0')
        renderer->code = error_out_of_memory(renderer->error);
    else
        fail_at(renderer, tag->start, "{{> %s}}: %s %s", tag->name, path, problem);
    return false;
}

/* Renders another file of the folder in place of its tag. The file is read even in a section that is skipped, so that a
 * missing file is told at once, whatever the view holds. False on failure. */
static bool render_partial(struct renderer *renderer, const struct template_tag *tag) {
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    struct renderer inner = *renderer;
    if (renderer->set->folder == NULL || strchr(tag->name, '.') != NULL) {
        fail_at(renderer, tag->start, "{{> %s}} names no other template", tag->name);
        return false;
    }
    snprintf(path, sizeof path, "%s/%s.html", renderer->set->folder, tag->name);
    if (read_partial(renderer, tag, path, &text)) {
        inner.path = path;
        inner.template = buffer_text(&text);
        inner.partials++;
        render(&inner, inner.template, NULL);
        renderer->code = inner.code;
    }
    buffer_free(&text);
    return renderer->code == ERROR_NONE;
}

/* Renders up to the end of `section` (NULL: of the template), and returns what follows; NULL if it is malformed. */
static const char *render(struct renderer *renderer, const char *text, const char *section) {
    struct template_tag tag;
    for (const char *open; (open = strstr(text, "{{")) != NULL;) {
        if (!template_tag_read(renderer->template, open, &tag))
            return fail_at(renderer, open, "the tag is malformed");
        if (renderer->out != NULL)
            buffer_append(renderer->out, text, (size_t)(tag.start - text));
        text = tag.after;
        if (tag.kind == TAG_END && (section == NULL || strcmp(section, tag.name) != 0))
            return fail_at(renderer, tag.start, "{{/%s}} closes no section that is open there", tag.name);
        if (tag.kind == TAG_END)
            return text;
        if (tag.kind == TAG_VALUE)
            append_value(renderer, renderer->out != NULL ? look_up(renderer, tag.name) : NULL);
        else if (tag.kind == TAG_SECTION || tag.kind == TAG_INVERTED)
            text = render_section(renderer, text, tag.name, tag.kind == TAG_INVERTED);
        else if (tag.kind == TAG_PARTIAL
                     ? !render_partial(renderer, &tag)
                     : (tag.kind == TAG_WORDS || tag.kind == TAG_PLAIN_WORDS) && !render_words(renderer, &tag))
            text = NULL;
        if (text == NULL)
            return NULL;
    }
    if (section != NULL)
        return fail_at(renderer, text, "the section %s is not closed", section);
    if (renderer->out != NULL)
        buffer_append_text(renderer->out, text);
    return text + strlen(text);
}

static enum error_code render_all(struct renderer *renderer) {
    render(renderer, renderer->template, NULL);
    if (renderer->code == ERROR_NONE && renderer->out->too_large)
        return error_set(renderer->error, ERROR_CONFIG, "%s%sthe page is too large", renderer->path,
                         *renderer->path != '\0' ? ": " : "");
    if (renderer->code == ERROR_NONE && renderer->out->failed)
        return error_out_of_memory(renderer->error);
    return renderer->code;
}

enum error_code template_render(const char *text, const cJSON *view, struct words *words, struct buffer *out,
                                struct error *error) {
    const struct template_set set = {.folder = NULL, .words = words};
    struct renderer renderer = {
        .set = &set, .path = "", .template = text, .contexts = {view}, .depth = 1, .out = out, .error = error};
    return render_all(&renderer);
}

enum error_code template_render_file(const struct template_set *set, const char *name, const cJSON *view,
                                     struct buffer *out, struct error *error) {
    char path[PATH_MAX], problem[PROBLEM_MAX];
    struct buffer text = BUFFER_EMPTY;
    struct renderer renderer = {.set = set, .path = path, .contexts = {view}, .depth = 1, .out = out, .error = error};
    enum error_code code;
    snprintf(path, sizeof path, "%s/%s.html", set->folder, name);
    if (read_template(path, &text, problem)) {
        renderer.template = buffer_text(&text);
        code = render_all(&renderer);
    } else if (*problem == '\0') {
        code = error_out_of_memory(error);
    } else {
        code = error_set(error, ERROR_CONFIG, "%s %s", path, problem);
    }
    buffer_free(&text);
    return code;
}
