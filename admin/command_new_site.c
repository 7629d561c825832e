/* `cgi-login new-site`: from the unpacked archive, or an install, to a site where people sign in.
 * SPDX-License-Identifier: MIT */
#include "admin/site/new_site.h"

#include "admin/question.h"
#include "base/text.h"
#include "base/url.h"

#include <ctype.h>
#include <pwd.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Takes the address as people write it: without https, with a slash at its end, in capitals. */
static bool take_url(struct new_site *site, const char *text) {
    struct url url;
    const bool bare = strstr(text, "://") == NULL;
    size_t len = strlen(text);
    while (len != 0 && text[len - 1] == '/')
        len--;
    const int written =
        snprintf(site->base_url, sizeof site->base_url, "%s%.*s", bare ? "https://" : "", (int)len, text);
    for (char *at = site->base_url; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    if (written < (int)sizeof site->base_url && url_is_secure(site->base_url) && url_parse(site->base_url, &url) &&
        *url.path == '\0') {
        const char *colon = memchr(url.host, ':', url.host_len);
        snprintf(site->host, sizeof site->host, "%.*s",
                 (int)(colon != NULL && url.host[0] != '[' ? (size_t)(colon - url.host) : url.host_len), url.host);
        return true;
    }
    command_complain("%s: expected an address such as https://www.example.com, with nothing behind the name", text);
    return false;
}

static bool find_url(struct new_site *site) {
    char answer[ANSWER_MAX] = "";
    if (site->base_url[0] != '\0') {
        const struct command_line *line = site->line;
        char own[sizeof site->base_url];
        memcpy(own, site->base_url, sizeof own);
        if (!take_url(site, line->url != NULL ? line->url : own))
            return false;
        if (strcasecmp(own, site->base_url) == 0)
            return text_copy(site->base_url, sizeof site->base_url, own);
        command_complain("%s has the base_url %s: change it there, or name another home with --home", site->config,
                         own);
        return false;
    }
    if (site->line->url != NULL)
        return take_url(site, site->line->url);
    return question_ask("The site's address", "https://www.example.com", false, answer) && take_url(site, answer);
}

/* The web root: as it is said, else as it is found, else as the owner at the terminal says. */
static bool find_web_root(struct new_site *site) {
    char answer[ANSWER_MAX] = "";
    const char *named = site->line->web_root;
    if (named == NULL) {
        site_plan_find_web_root(&site->plan, site->host);
        if (site->plan.web_root[0] == '\0' && isatty(STDIN_FILENO) != 0 &&
            question_ask("The site's document root", "/home/you/public_html", false, answer))
            named = answer;
    }
    if (named != NULL && realpath(named, site->plan.web_root) == NULL)
        site->plan.web_root[0] = '\0';
    if (site->plan.web_root[0] == '\0')
        command_complain("the site's document root is not found%s%s: name it with --web-root",
                         named != NULL ? ", " : "", named != NULL ? named : "");
    else if (config_lies_in(site->plan.home, site->plan.web_root))
        command_complain("%s lies in the document root %s, where anybody could fetch the config: name a folder beside "
                         "it with --home",
                         site->plan.home, site->plan.web_root);
    else
        return true;
    return false;
}

/* Files of root's in somebody's account are no use: suEXEC does not run them. */
static bool is_owner(const struct new_site *site) {
    struct stat status;
    if (geteuid() != 0 || stat(site->plan.web_root, &status) != 0 || status.st_uid == 0)
        return true;
    const struct passwd *entry = getpwuid(status.st_uid);
    command_complain("%s is of user %s: run this as that user, and not as root", site->plan.web_root,
                     entry != NULL ? entry->pw_name : "another");
    return false;
}

static bool find_places(struct new_site *site) {
    const struct command_line *line = site->line;
    const struct site_wishes wishes = {.home = line->home, .cgi_bin = line->cgi_bin, .cgi_url = line->cgi_url};
    char fault[LOG_LINE_MAX];
    if (line->cgi_url != NULL && !htaccess_url_is_valid(line->cgi_url)) {
        command_complain("--cgi-url: expected the address of the programs' folder, such as /cgi-bin, not %s",
                         line->cgi_url);
        return false;
    }
    if (!site_plan_begin(&wishes, &site->plan, fault)) {
        command_complain("%s", fault);
        return false;
    }
    if (!new_site_read_config(site) || !find_url(site) || !find_web_root(site) || !is_owner(site))
        return false;
    if (site_plan_find_programs(&wishes, &site->plan, fault))
        return true;
    command_complain("%s", fault);
    return false;
}

static void print_plan(const struct new_site *site) {
    const struct site_plan *plan = &site->plan;
    printf("For %s:\n\n", site->base_url);
    if (strcmp(plan->home, plan->source) != 0)
        command_say("  the product   %s, copied from %s", plan->home, plan->source);
    else
        command_say("  the product   %s, as it is", plan->home);
    command_say("  the web root  %s", plan->web_root);
    for (size_t i = 0; i < plan->folder_count; i++)
        if (i == 0 || strcmp(plan->folders[i].path, plan->folders[i - 1].path) != 0)
            command_say("  %-13s %s, at %s%s", i == 0 ? "the programs" : "  or else", plan->folders[i].path,
                        site->base_url, plan->folders[i].url);
    command_say("  the settings  %s, %s", site->config, site->has_config ? "which is there and stays" : "new");
    command_say("  the routes    %s/.htaccess", plan->web_root);
    putchar('\n');
}

/* The provider: as it is said, else as it is asked for. */
static bool find_provider(struct new_site *site) {
    char answer[ANSWER_MAX] = "";
    if (site->has_config)
        return true;
    const char *name = site->line->provider;
    if (name == NULL && question_ask("The provider, as `cgi-login providers` lists it", "instagram", false, answer))
        name = answer;
    if (name != NULL && provider_name_is_valid(name) && text_copy(site->provider, sizeof site->provider, name))
        return true;
    if (name != NULL)
        command_complain("%s: expected a name of a-z, 0-9, - and _, as `cgi-login providers` lists it", name);
    return false;
}

static enum command_status run(struct new_site *site) {
    const struct command_line *line = site->line;
    if (!find_places(site))
        return COMMAND_FAILED;
    print_plan(site);
    if (line->dry_run)
        return new_site_show(site) ? COMMAND_DONE : COMMAND_FAILED;
    const enum command_status status = command_confirm(line, "Type yes to go on: ", "Nothing was changed.");
    if (status != COMMAND_DONE)
        return status;
    return find_provider(site) && new_site_ask(site) && new_site_make(site) ? COMMAND_DONE : COMMAND_FAILED;
}

enum command_status command_new_site(const struct command_line *line) {
    struct new_site site = {.line = line};
    const enum command_status status = run(&site);
    new_site_clear(&site);
    return status;
}
