/* SPDX-License-Identifier: MIT */
#include "template.h"

#include "json.h"

#include <string.h>

enum { DEPTH_MAX = 16, NAME_MAX_LEN = 64 };

struct renderer {
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
    const bool pushed = value != NULL;
    if (pushed && renderer->depth == DEPTH_MAX) {
        renderer->problem = "sections are nested too deeply";
        return NULL;
    }
    if (pushed)
        renderer->contexts[renderer->depth++] = value;
    else
        renderer->out = NULL;
    const char *after = render(renderer, text, name);
    renderer->out = out;
    renderer->depth -= pushed;
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

static const char *render(struct renderer *renderer, const char *text, const char *section) {
    for (;;) {
        char name[NAME_MAX_LEN];
        const char *tag = strstr(text, "{{");
        const size_t len = tag != NULL ? (size_t)(tag - text) : strlen(text);
        if (renderer->out != NULL)
            buffer_append(renderer->out, text, len);
        if (tag == NULL) {
            if (section != NULL)
                renderer->problem = "a section is not closed";
            return section == NULL ? text + len : NULL;
        }
        const char kind = tag[2];
        if (kind == '!') {
            const char *end = strstr(tag, "}}");
            text = end != NULL ? end + 2 : NULL;
        } else {
            const bool marked = strchr("#^/", kind) != NULL && kind != '\0';
            text = read_name(tag + 2 + marked, name);
            if (text != NULL && kind == '/') {
                if (section != NULL && strcmp(section, name) == 0)
                    return text;
                text = NULL;
            } else if (text != NULL && marked) {
                text = render_section(renderer, text, name, kind == '^');
            } else if (text != NULL) {
                append_value(renderer, renderer->out != NULL ? look_up(renderer, name) : NULL);
            }
        }
        if (text == NULL) {
            if (renderer->problem == NULL)
                renderer->problem = "a tag is malformed or closes no section";
            return NULL;
        }
    }
}

bool template_render(const char *text, const cJSON *view, struct buffer *out, const char **problem) {
    struct renderer renderer = {.contexts = {view}, .depth = 1, .out = out};
    const bool done = render(&renderer, text, NULL) != NULL && !out->failed;
    *problem = renderer.problem != NULL ? renderer.problem : "the page is too large";
    return done;
}
