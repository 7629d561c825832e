/* SPDX-License-Identifier: MIT */
#include "http/template.h"

#include "base/json.h"

#include <string.h>

enum { DEPTH_MAX = 16, NAME_MAX_LEN = 64 };

struct renderer {
    const char *template; /* the whole of it */
    const cJSON *contexts[DEPTH_MAX];
    size_t depth;
    struct buffer *out; /* NULL while skipping a section */
    const char *problem;
};

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
        char part[NAME_MAX_LEN];
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

static const char *render(struct renderer *renderer, const char *text, const char *section);

/* Renders the section's inside, or with `value` NULL skips it, and returns what follows its end. */
static const char *render_inside(struct renderer *renderer, const char *text, const char *name, const cJSON *value) {
    struct buffer *out = renderer->out;
    if (renderer->depth == DEPTH_MAX) {
        renderer->problem = "sections are nested too deeply";
        return NULL;
    }
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

static const char *malformed(struct renderer *renderer) {
    if (renderer->problem == NULL)
        renderer->problem = "a tag is malformed, or a section is not closed";
    return NULL;
}

/* Reads a tag's name, and returns what follows the tag; NULL if it is malformed. */
static const char *read_name(const char *text, char *name) {
    static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    text += strspn(text, " ");
    const size_t len = strspn(text, characters);
    if (len == 0 || len >= NAME_MAX_LEN)
        return NULL;
    memcpy(name, text, len);
    name[len] = '\0';
    text += len + strspn(text + len, " ");
    return strncmp(text, "}}", 2) == 0 ? text + 2 : NULL;
}

/* One tag of a template. */
struct tag {
    char kind; /* '#', '^', '/', '!', or '=' for a value */
    char name[NAME_MAX_LEN];
    const char *start; /* what precedes it ends here */
    const char *after; /* what follows it */
};

/* A section or comment that stands alone on its line takes the line with it, so that it leaves no blank one. */
static void take_line(const struct renderer *renderer, struct tag *tag) {
    const char *start = tag->start;
    const char *end = tag->after + strspn(tag->after, " \t");
    while (start > renderer->template && (start[-1] == ' ' || start[-1] == '\t'))
        start--;
    if (*end == '\n' && (start == renderer->template || start[-1] == '\n')) {
        tag->start = start;
        tag->after = end + 1;
    }
}

/* Reads the tag whose braces open at `text`. False if it is malformed. */
static bool read_tag(const struct renderer *renderer, const char *text, struct tag *tag) {
    const bool marked = text[2] != '\0' && strchr("#^/!", text[2]) != NULL;
    tag->kind = '=';
    tag->start = text;
    if (marked)
        tag->kind = text[2];
    if (tag->kind == '!') {
        const char *end = strstr(text, "}}");
        tag->after = end != NULL ? end + 2 : NULL;
    } else {
        tag->after = read_name(text + 2 + marked, tag->name);
    }
    if (tag->after != NULL && marked)
        take_line(renderer, tag);
    return tag->after != NULL;
}

/* Renders up to the end of `section` (NULL: of the template), and returns what follows; NULL if it is malformed. */
static const char *render(struct renderer *renderer, const char *text, const char *section) {
    struct tag tag;
    for (const char *open; (open = strstr(text, "{{")) != NULL;) {
        if (!read_tag(renderer, open, &tag))
            break;
        if (renderer->out != NULL)
            buffer_append(renderer->out, text, (size_t)(tag.start - text));
        text = tag.after;
        if (tag.kind == '/')
            return section != NULL && strcmp(section, tag.name) == 0 ? text : malformed(renderer);
        if (tag.kind == '=')
            append_value(renderer, renderer->out != NULL ? look_up(renderer, tag.name) : NULL);
        else if (tag.kind != '!' && (text = render_section(renderer, text, tag.name, tag.kind == '^')) == NULL)
            return NULL;
    }
    if (strstr(text, "{{") != NULL || section != NULL)
        return malformed(renderer);
    buffer_append_text(renderer->out, text);
    return text + strlen(text);
}

enum template_result template_render(const char *text, const cJSON *view, struct buffer *out, const char **problem) {
    struct renderer renderer = {.template = text, .contexts = {view}, .depth = 1, .out = out};
    const bool whole = render(&renderer, text, NULL) != NULL;
    *problem = renderer.problem;
    if (whole && out->too_large)
        *problem = "the page is too large";
    if (*problem != NULL)
        return TEMPLATE_UNUSABLE;
    return out->failed ? TEMPLATE_NO_MEMORY : TEMPLATE_RENDERED;
}
