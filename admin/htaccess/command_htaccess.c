/* `cgi-login htaccess`: the lines that the web root's .htaccess needs, put in, taken out, or shown; and whether the
 * site does what they say.
 * SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_proof.h"
#include "admin/htaccess/htaccess_site.h"
#include "admin/own_site/route_ask.h"

#include <string.h>

/* Tells of what was there, and where the block stands. */
static void tell_merge(const struct htaccess_site *site, const struct htaccess_merge *merge) {
    const char *path = site->file.path;
    if (merge->had_mark)
        command_say("%s began with a byte order mark, which Apache takes for an error on every page; it is taken away.",
                    path);
    if (merge->old_routes != 0)
        command_say("Our lines of an earlier version, %zu routes among them, are replaced.", merge->old_routes);
    if (merge->catch_line != 0)
        command_say("They stand before what leads every address to another program (line %zu as it was).",
                    merge->catch_line);
    if (merge->canon_line != 0)
        command_say("Note: the redirect in line %zu as it was comes with or behind that program's rules, and so does "
                    "not hold at our addresses; write it, with its conditions, above \"%s\".",
                    merge->canon_line, HTACCESS_SITE_BEGIN);
}

/* Tells of folders that hide routes, for the time when nothing can be asked. */
static void tell_hidden(const struct htaccess_site *site) {
    static const enum route routes[] = {ROUTE_START, ROUTE_LOGIN, ROUTE_PROFILE, ROUTE_LOGOUT};
    char folder[PATH_MAX];
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (route_is_hidden(site->web_root, routes[i], folder))
            command_complain("the folder %s hides the route of that name; give it another name", folder);
}

/* An addition as it goes on. */
struct addition {
    const struct command_line *line;
    struct htaccess_site site;
    struct htaccess_merge merge;
    long before;          /* the home page's status */
    bool worked;          /* every route led to its program before */
    bool written;         /* the file is not as it was read */
    struct buffer faults; /* of the routes, a line each */
};

/* Keeps the file as it was. */
static bool keep(struct htaccess_site *site) {
    return site->file.backup[0] != '\0' || site->file.text.len == 0 || htaccess_file_keep(&site->file, site->home, "/");
}

static bool is_same(const struct htaccess_site *site, const struct buffer *text) {
    return site->file.existed && strcmp(buffer_text(text), buffer_text(&site->file.text)) == 0;
}

/* Writes the file with the lines as they are made. */
static bool write_lines(struct addition *addition) {
    struct htaccess_site *site = &addition->site;
    struct buffer text = BUFFER_EMPTY;
    bool done = htaccess_site_merge(site, &text, &addition->merge);
    if (done && (addition->written || !is_same(site, &text))) {
        done = (addition->written || htaccess_file_is_unchanged(&site->file)) && keep(site) &&
               htaccess_file_write(&site->file, &text);
        addition->written = addition->written || done;
    }
    buffer_free(&text);
    return done;
}

static enum htaccess_proof ask(struct addition *addition) {
    buffer_free(&addition->faults);
    return htaccess_proof_ask(addition->site.config, addition->site.web_root, addition->before, &addition->faults);
}

/* Tells what is not as it should be. */
static void tell_faults(const struct addition *addition) {
    for (const char *at = buffer_text(&addition->faults); *at != '\0'; at += strcspn(at, "\n") + 1)
        command_complain("%.*s", (int)strcspn(at, "\n"), at);
}

/* Asks the site for each route; where one leads elsewhere, once more with the other lines for programs in the web root.
 */
static enum htaccess_proof prove(struct addition *addition) {
    const enum htaccess_proof first = ask(addition);
    if (first == HTACCESS_PROVED || first == HTACCESS_UNASKED ||
        !htaccess_site_turn_lines(addition->line, &addition->site))
        return first;
    if (write_lines(addition) && ask(addition) == HTACCESS_PROVED)
        return HTACCESS_PROVED;
    if (htaccess_site_turn_lines(addition->line, &addition->site) && write_lines(addition))
        return ask(addition);
    return first; /* what cannot be written anew is as it was found, or put back */
}

static void tell_written(const struct addition *addition) {
    const struct htaccess_file *file = &addition->site.file;
    if (!addition->written) {
        command_say("%s has the routes already.", file->path);
        return;
    }
    command_say("%s has the routes%s%s.", file->path, file->backup[0] != '\0' ? "; the file as it was is " : "",
                file->backup);
    tell_merge(&addition->site, &addition->merge);
}

/* For the time when nothing can be asked. */
static void tell_unasked(const struct htaccess_site *site) {
    tell_hidden(site);
    if (site->programs.run_here)
        command_say("If every page answers 500 now, the host forbids Options: remove that line from the file.");
    command_say("Once %s can be used, `cgi-login htaccess add` asks the site for each route.", site->config_path);
}

/* Puts the file back whose lines were right, where those in their place are not: another --cgi-url, for example. */
static bool take_back(struct addition *addition) {
    struct htaccess_site *site = &addition->site;
    if (!addition->worked || !addition->written || !htaccess_file_restore(&site->file))
        return false;
    tell_faults(addition);
    command_complain("every route led to its program before, so %s is as it was", site->file.path);
    return true;
}

static bool tell_proof(struct addition *addition, enum htaccess_proof proof) {
    struct htaccess_site *site = &addition->site;
    if (proof == HTACCESS_DISPROVED && take_back(addition))
        return false;
    if (proof == HTACCESS_BREAKS_SITE && addition->written && htaccess_file_restore(&site->file)) {
        command_complain("with our lines the web server answers every page with an error (500), so %s is as it was; "
                         "the error log names the line that it does not take",
                         site->file.path);
        return false;
    }
    tell_written(addition);
    if (proof == HTACCESS_PROVED)
        command_say("%s: every route leads to its program.", site->config->base_url);
    else
        tell_faults(addition);
    return proof == HTACCESS_PROVED;
}

static bool add(struct addition *addition) {
    struct htaccess_site *site = &addition->site;
    addition->before = site->config != NULL ? htaccess_proof_begin(site->config) : 0;
    addition->worked = addition->before != 0 && site->file.existed && ask(addition) == HTACCESS_PROVED;
    if (!write_lines(addition))
        return false;
    if (site->config != NULL)
        return tell_proof(addition, prove(addition));
    tell_written(addition);
    tell_unasked(site);
    return true;
}

/* Shows what would be written. */
static bool show_merged(const struct htaccess_site *site) {
    struct buffer text = BUFFER_EMPTY;
    struct htaccess_merge merge;
    const bool done = htaccess_site_merge(site, &text, &merge);
    if (done && is_same(site, &text)) {
        command_say("%s has the routes already.", site->file.path);
    } else if (done) {
        tell_merge(site, &merge);
        command_say("%s would be:", site->file.path);
        fputs(buffer_text(&text), stdout);
    }
    buffer_free(&text);
    return done;
}

enum command_status command_htaccess_add(const struct command_line *line) {
    struct addition addition = {.line = line};
    enum command_status status = htaccess_site_read(line, &addition.site);
    if (status == COMMAND_DONE && (!htaccess_site_make_lines(line, &addition.site) ||
                                   !(line->dry_run ? show_merged(&addition.site) : add(&addition))))
        status = COMMAND_FAILED;
    buffer_free(&addition.faults);
    htaccess_site_clear(&addition.site);
    return status;
}

/* Writes the file without our lines. */
static bool write_rest(struct htaccess_site *site, const struct buffer *text) {
    return htaccess_file_is_unchanged(&site->file) && keep(site) && htaccess_file_write(&site->file, text);
}

enum command_status command_htaccess_remove(const struct command_line *line) {
    struct htaccess_site site;
    struct buffer text = BUFFER_EMPTY;
    enum command_status status = htaccess_site_read(line, &site);
    if (status == COMMAND_DONE && !htaccess_merge_remove(&text, buffer_text(&site.file.text))) {
        command_complain("%s has no \"%s\"", site.file.path, HTACCESS_SITE_BEGIN);
        status = COMMAND_FAILED;
    } else if (status == COMMAND_DONE && line->dry_run) {
        command_say("%s would be:", site.file.path);
        fputs(buffer_text(&text), stdout);
    } else if (status == COMMAND_DONE && write_rest(&site, &text)) {
        command_say("%s has none of our lines any more; the file as it was is %s.", site.file.path, site.file.backup);
    } else if (status == COMMAND_DONE) {
        status = COMMAND_FAILED;
    }
    buffer_free(&text);
    htaccess_site_clear(&site);
    return status;
}

enum command_status command_htaccess_show(const struct command_line *line) {
    struct htaccess_site site;
    enum command_status status = htaccess_site_read(line, &site);
    if (status == COMMAND_DONE && !htaccess_site_make_lines(line, &site))
        status = COMMAND_FAILED;
    if (status == COMMAND_DONE)
        fputs(buffer_text(&site.lines), stdout);
    htaccess_site_clear(&site);
    return status;
}
