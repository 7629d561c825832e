/* SPDX-License-Identifier: MIT */
#include "admin/site/site_plan.h"

#include "admin/site/config_pointing.h"
#include "base/file.h"
#include "base/text.h"
#include "config/config_place.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(char fault[LOG_LINE_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(char fault[LOG_LINE_MAX], const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault, LOG_LINE_MAX, format, arguments);
    va_end(arguments);
    return false;
}

/* Writes FOLDER/NAME. False if that is too long. */
static bool join(char path[PATH_MAX], const char *folder, const char *name) {
    const int len = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return len > 0 && len < PATH_MAX;
}

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool has(const char *folder, const char *name) {
    char path[PATH_MAX];
    return join(path, folder, name) && access(path, F_OK) == 0;
}

/* True if no part of a path, "/a/b", is "." or "..". */
static bool goes_down(const char *path) {
    size_t dots;
    for (const char *part = path; *part != '\0'; part += strcspn(part, "/")) {
        part += strspn(part, "/");
        dots = strspn(part, ".");
        if (dots != 0 && (part[dots] == '/' || part[dots] == '\0'))
            return false;
    }
    return true;
}

/* Makes the path of a folder absolute, and free of links, which could hide that it lies in the web root. It need not be
 * there, nor those above it; only the way to one that is there may go up. */
static bool resolve(const char *named, char path[PATH_MAX]) {
    char whole[PATH_MAX], above[PATH_MAX];
    const bool fits = *named == '/' ? text_copy(whole, sizeof whole, named)
                                    : getcwd(above, sizeof above) != NULL && join(whole, above, named);
    if (!fits)
        return false;
    for (size_t end = strlen(whole); end > 1 && whole[end - 1] == '/';)
        whole[--end] = '\0';
    text_copy(above, sizeof above, whole);
    while (realpath(above, path) == NULL)
        if (!file_parent(above, above))
            return false;
    const char *rest = whole + (strcmp(above, "/") == 0 ? 0 : strlen(above));
    const size_t len = strcmp(path, "/") == 0 ? 0 : strlen(path);
    return goes_down(rest) && text_copy(path + len, PATH_MAX - len, *rest != '\0' || len != 0 ? rest : "/");
}

static const char *account_home(void) {
    const char *home = getenv("HOME");
    const struct passwd *entry = home == NULL || *home != '/' ? getpwuid(geteuid()) : NULL;
    return entry != NULL ? entry->pw_dir : home;
}

bool site_plan_begin(const struct site_wishes *wishes, struct site_plan *plan, char fault[LOG_LINE_MAX]) {
    struct program_file own;
    char above[PATH_MAX], account[PATH_MAX];
    const char *named = account_home();
    *plan = (struct site_plan){.archive = false};
    if (!program_file_self(&own) || !file_parent(own.folder, plan->source) || !file_parent(plan->source, above) ||
        !has(plan->source, "providers") || !has(plan->source, "config-template.json"))
        return fail(fault, "this program must lie in bin/ of the unpacked archive's cgi-login/, or of an install's "
                           "PREFIX, with providers/ beside that folder");
    plan->archive = has(above, "MANIFEST") && has(above, "cgi-bin") && has(above, "public_html");
    if (wishes->home != NULL)
        return resolve(wishes->home, plan->home) ||
               fail(fault, "--home: expected the path of a folder, not %s", wishes->home);
    if (!plan->archive)
        return text_copy(plan->home, PATH_MAX, plan->source);
    if (named == NULL || realpath(named, account) == NULL)
        return fail(fault, "your home folder is not known: name with --home where the product shall lie");
    return join(plan->home, account, "cgi-login") || fail(fault, "%s: the path is too long", account);
}

/* The places of panels, the most particular first; %s is the site's name. */
static const char *const web_roots[] = {"domains/%s/public_html",
                                        "domains/%s/public",
                                        "public_html/%s",
                                        "%s/public_html",
                                        "%s",
                                        "public_html",
                                        "httpdocs",
                                        "htdocs",
                                        "www",
                                        "web"};

void site_plan_find_web_root(struct site_plan *plan, const char *host) {
    const char *account = account_home();
    const char *const names[] = {host, text_starts_with(host, "www.") ? host + 4 : host};
    for (size_t i = 0; account != NULL && i < sizeof web_roots / sizeof *web_roots; i++)
        for (size_t j = 0; j < sizeof names / sizeof *names; j++) {
            struct buffer path = BUFFER_EMPTY;
            const char *slot = strstr(web_roots[i], "%s");
            const size_t before = slot != NULL ? (size_t)(slot - web_roots[i]) : strlen(web_roots[i]);
            buffer_append_format(&path, "%s/%.*s%s%s", account, (int)before, web_roots[i], slot != NULL ? names[j] : "",
                                 slot != NULL ? slot + 2 : "");
            const bool found =
                !path.failed && is_folder(buffer_text(&path)) && realpath(buffer_text(&path), plan->web_root) != NULL;
            buffer_free(&path);
            if (found)
                return;
        }
}

/* Adds a folder, whose address follows from where it lies unless it is said. */
static bool add(struct site_plan *plan, const char *path, const char *url, bool run_here) {
    struct site_folder *folder = &plan->folders[plan->folder_count];
    char real[PATH_MAX];
    const char *seen = config_real_path(path, real);
    const bool inside = config_lies_in(seen, plan->web_root) && strlen(seen) > strlen(plan->web_root);
    if (url == NULL)
        url = inside ? seen + strlen(plan->web_root) : "/cgi-bin";
    if (!text_copy(folder->path, sizeof folder->path, path) || !text_copy(folder->url, sizeof folder->url, url) ||
        !htaccess_url_is_valid(folder->url))
        return false;
    folder->exists = is_folder(path);
    folder->run_here = run_here;
    plan->folder_count++;
    return true;
}

/* Where an install has put them, its htaccess.example says by their address. */
static bool find_installed(const struct site_wishes *wishes, struct site_plan *plan, char fault[LOG_LINE_MAX]) {
    struct htaccess_programs programs = {.url = ""};
    struct buffer example = BUFFER_EMPTY;
    struct error error;
    char inside[PATH_MAX], beside[PATH_MAX], above[PATH_MAX], program[PATH_MAX], named[PATH_MAX];
    if (htaccess_example_read(NULL, plan->source, &example, &error) == ERROR_NONE)
        htaccess_programs_read(buffer_text(&example), &programs);
    buffer_free(&example);
    const int len = snprintf(inside, sizeof inside, "%s%s", plan->web_root, programs.url);
    const bool fits = len < PATH_MAX && file_parent(plan->web_root, above) && join(beside, above, "cgi-bin");
    const char *folder = fits && is_folder(inside) ? inside : beside;
    if (wishes->cgi_bin != NULL)
        folder = resolve(wishes->cgi_bin, named) ? named : wishes->cgi_bin;
    const char *url = wishes->cgi_url != NULL ? wishes->cgi_url : *programs.url != '\0' ? programs.url : NULL;
    if (!fits || !config_pointing_find_program(folder, program))
        return fail(fault, "the programs are not found: name their folder with --cgi-bin");
    const char *suffix = strrchr(program, '/') + strlen("/login");
    return (text_copy(plan->suffix, sizeof plan->suffix, suffix) && add(plan, folder, url, programs.run_here)) ||
           fail(fault, "%s: it has no address that a rule could name; name it with --cgi-url", folder);
}

static bool find_for_archive(const struct site_wishes *wishes, struct site_plan *plan, char fault[LOG_LINE_MAX]) {
    char inside[PATH_MAX], beside[PATH_MAX], above[PATH_MAX], named[PATH_MAX];
    text_copy(plan->suffix, sizeof plan->suffix, ".cgi");
    if (wishes->cgi_bin != NULL)
        return (resolve(wishes->cgi_bin, named) && add(plan, named, wishes->cgi_url, false)) ||
               fail(fault, "%s: it has no address that a rule could name; name it with --cgi-url", wishes->cgi_bin);
    if (!file_parent(plan->web_root, above) || !join(inside, plan->web_root, "cgi-bin") ||
        !join(beside, above, "cgi-bin"))
        return fail(fault, "%s: the path is too long", plan->web_root);
    const bool none = !is_folder(inside) && !is_folder(beside);
    bool done = !is_folder(inside) || add(plan, inside, wishes->cgi_url, false);
    done = done && (!is_folder(beside) || add(plan, beside, wishes->cgi_url, false));
    return (done && add(plan, inside, wishes->cgi_url, true)) || fail(fault,
                                                                      "%s: nothing in it has an address that a "
                                                                      "rule could name%s",
                                                                      plan->web_root, none ? "" : "; use --cgi-url");
}

bool site_plan_find_programs(const struct site_wishes *wishes, struct site_plan *plan, char fault[LOG_LINE_MAX]) {
    plan->folder_count = 0;
    return plan->archive ? find_for_archive(wishes, plan, fault) : find_installed(wishes, plan, fault);
}
