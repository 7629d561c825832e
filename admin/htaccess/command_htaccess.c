/* `cgi-login htaccess`: the lines that the web root's .htaccess needs, put in, taken out, or shown; and whether the site
 * does what they say.
 * SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_proof.h"
#include "admin/htaccess/htaccess_site.h"
#include "admin/htaccess/route_ask.h"

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

/* Writes the text, and keeps the file as it was. */
static bool write(struct htaccess_site *site, const struct buffer *text) {
    return htaccess_file_is_unchanged(&site->file) &&
           (site->file.text.len == 0 || htaccess_file_keep(&site->file, site->home, "/")) &&
           htaccess_file_write(&site->file, text);
}

static bool is_same(const struct htaccess_site *site, const struct buffer *text) {
    return site->file.existed && strcmp(buffer_text(text), buffer_text(&site->file.text)) == 0;
}

static void tell_written(const struct htaccess_site *site) {
    command_say("%s has the routes%s%s.", site->file.path,
                site->file.backup[0] != '\0' ? "; the file as it was is " : "", site->file.backup);
}

/* Asks the site for each route, and puts the file back where the whole site fails for it. */
static bool prove(struct htaccess_site *site, bool written, long before) {
    if (site->config == NULL) {
        tell_hidden(site);
        command_say("Once %s can be used, `cgi-login htaccess add` asks the site for each route.",
                    site->config_path);
        return true;
    }
    const enum htaccess_proof proof = htaccess_proof_ask(site->config, site->web_root, before);
    if (proof == HTACCESS_PROVED)
        command_say("%s: every route leads to its program.", site->config->base_url);
    if (proof == HTACCESS_BREAKS_SITE && written && htaccess_file_restore(&site->file))
        command_complain("with these lines the web server answers every page with an error (500), so %s is as it was; "
                         "its error log names the line",
                         site->file.path);
    return proof == HTACCESS_PROVED;
}

static bool add(struct htaccess_site *site) {
    struct buffer text = BUFFER_EMPTY;
    struct htaccess_merge merge;
    bool done = htaccess_site_merge(site, &text, &merge);
    if (done) {
        const bool same = is_same(site, &text);
        const long before = site->config != NULL && !same ? htaccess_proof_begin(site->config) : 0;
        done = same || write(site, &text);
        if (done && same)
            command_say("%s has the routes already.", site->file.path);
        if (done && !same) {
            tell_written(site);
            tell_merge(site, &merge);
        }
        done = done && prove(site, !same, before);
    }
    buffer_free(&text);
    return done;
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
    struct htaccess_site site;
    enum command_status status = htaccess_site_read(line, &site);
    if (status == COMMAND_DONE &&
        (!htaccess_site_make_lines(line, &site) || !(line->dry_run ? show_merged(&site) : add(&site))))
        status = COMMAND_FAILED;
    htaccess_site_clear(&site);
    return status;
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
    } else if (status == COMMAND_DONE && write(&site, &text)) {
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
