/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_lines.h"

#include "admin/gate/htaccess_block.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

enum { TEMPLATE_MAX = 16384 };

static const char *const names[GATE_LINES_WAYS] = {"authorizer", "redirect"};

const char *gate_lines_name(enum gate_lines_way way) {
    return names[way];
}

enum gate_lines_way gate_lines_find(const char *name) {
    size_t way = 0;
    while (way < GATE_LINES_WAYS && strcmp(names[way], name) != 0)
        way++;
    return (enum gate_lines_way)way;
}

/* Appends the template with what is the site's own in the place of its names. Returns the name of what is not known, or
 * NULL. */
static const char *fill(struct buffer *lines, const char *template, const struct site_place *place) {
    const struct {
        const char *name, *value, *what;
    } values[] = {{"@GATE_URL@", place->gate_url, "the address of the program `gate`: name it with --gate-url"},
                  {"@GATE_FILE@", place->gate_file, "where the program `gate` is: name it with --gate-file"}};
    while (*template != '\0') {
        size_t i = 0;
        while (i < 2 && !text_starts_with(template, values[i].name))
            i++;
        if (i < 2 && values[i].value[0] == '\0')
            return values[i].what;
        if (i < 2)
            buffer_append_text(lines, values[i].value);
        else
            buffer_append_char(lines, *template);
        template += i < 2 ? strlen(values[i].name) : 1;
    }
    return NULL;
}

/* Reads the way's file. */
static enum error_code read_template(const char *home, enum gate_lines_way way, struct buffer *text,
                                     struct error *error) {
    char path[PATH_MAX], fault[FILE_FAULT_MAX];
    struct buffer whole = BUFFER_EMPTY;
    enum error_code code = ERROR_NONE;
    if (snprintf(path, sizeof path, "%s/gate/%s.htaccess", home, names[way]) >= (int)sizeof path)
        return error_set(error, ERROR_CONFIG, "the path of %s is too long", home);
    if (!file_read(path, TEMPLATE_MAX, &whole, NULL))
        code = error_set(error, ERROR_CONFIG, "%s cannot be read: %s; run `make install`, or upload gate/", path,
                         file_fault(path, errno, fault));
    else if (htaccess_block_find(buffer_text(&whole), HTACCESS_GATE_MARKS, NULL, NULL) != HTACCESS_BLOCK_WHOLE)
        code = error_set(error, ERROR_CONFIG, "%s does not have one \"%s\" and one \"%s\"; put the product's own there",
                         path, HTACCESS_BLOCK_BEGIN, HTACCESS_BLOCK_END);
    else
        htaccess_block_append(text, buffer_text(&whole));
    buffer_free(&whole);
    return code;
}

enum error_code gate_lines_make(const char *home, const struct site_place *place, enum gate_lines_way way,
                                struct buffer *lines, struct error *error) {
    struct buffer template = BUFFER_EMPTY;
    enum error_code code = read_template(home, way, &template, error);
    if (code == ERROR_NONE && strpbrk(place->gate_file, "\"\\\n") != NULL)
        code = error_set(error, ERROR_CONFIG,
                         "%s: a path with a quote, a backslash or a line break cannot be written into .htaccess",
                         place->gate_file);
    const char *lacking = code == ERROR_NONE ? fill(lines, buffer_text(&template), place) : NULL;
    if (lacking != NULL)
        code = error_set(error, ERROR_CONFIG, "it is not known %s", lacking);
    else if (code == ERROR_NONE && (lines->failed || template.failed))
        code = error_out_of_memory(error);
    buffer_free(&template);
    return code;
}
