/* SPDX-License-Identifier: MIT */
#include "admin/site/new_site.h"

#include "admin/gate/gate_stop.h"
#include "admin/provider_entry.h"
#include "admin/site/config_pointing.h"
#include "admin/site/new_config.h"
#include "admin/site/site_probe.h"
#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXAMPLE_PAGE "index.html"

/* A path in the archive, or of the product's home. */
static const char *source_path(const struct new_site *site, const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%.*s/%s", PATH_MAX / 2, site->plan.source, name);
    return path;
}

bool new_site_read_config(struct new_site *site) {
    struct problems problems = {.count = 0};
    struct config *config = NULL;
    struct error error;
    if (snprintf(site->config, sizeof site->config, "%s/config.json", site->plan.home) >= (int)sizeof site->config) {
        command_complain("%s: the path is too long", site->plan.home);
        return false;
    }
    site->has_config = access(site->config, F_OK) == 0;
    if (!site->has_config)
        return true;
    config_load(site->config, NULL, CONFIG_FOR_CHECK, &config, &problems, &error);
    problems_clear(&problems);
    const char *names[PROVIDERS_MAX + 1] = {NULL};
    if (config != NULL && config->providers != NULL)
        command_list_providers(config, names);
    const char *provider = config != NULL && config->default_provider != NULL ? config->default_provider : names[0];
    const bool usable = config != NULL && text_copy(site->base_url, sizeof site->base_url, config->base_url) &&
                        text_copy(site->provider, sizeof site->provider, provider);
    if (!usable)
        command_complain("%s is there and lacks base_url or providers; `cgi-login check` says what to do",
                         site->config);
    config_free(config);
    return usable;
}

/* The provider's app. */

static bool load_preset(const struct new_site *site, struct preset *preset) {
    struct problems problems = {.count = 0};
    struct error error = {.cause = ""};
    const enum error_code code = preset_load(site->plan.source, site->provider, preset, &problems, &error);
    if (code != ERROR_NONE)
        command_complain("%s", problems.count != 0 ? problems.lines[0] : error.cause);
    problems_clear(&problems);
    return code == ERROR_NONE;
}

static bool make_text(struct new_site *site, const struct view *entry) {
    char path[PATH_MAX];
    struct error error;
    const struct new_config config = {.template_path = source_path(site, "config-template.json", path),
                                      .home = site->plan.home,
                                      .base_url = site->base_url,
                                      .provider = site->provider,
                                      .entry = view_json(entry)};
    const enum error_code code =
        config.entry != NULL ? new_config_make(&config, &site->text, &error) : error_out_of_memory(&error);
    if (code != ERROR_NONE)
        command_complain("%s", error.cause);
    return code == ERROR_NONE;
}

bool new_site_ask(struct new_site *site) {
    if (site->has_config)
        return true;
    struct preset preset = {.provider = NULL};
    struct view entry = view_new();
    const struct provider_entry_names names = {
        .name = site->provider, .preset = site->provider, .base_url = site->base_url};
    bool done = load_preset(site, &preset);
    if (done) {
        provider_entry_guide(&names, preset.provider);
        done = provider_entry_ask(&names, &preset, &entry) && make_text(site, &entry);
    }
    view_free(&entry);
    preset_clear(&preset);
    return done;
}

/* The files. */

static bool copy_home(struct new_site *site) {
    char from[PATH_MAX], to[PATH_MAX];
    if (strcmp(site->plan.home, site->plan.source) == 0)
        return true;
    if (!site_copy_folder(&site->copied, site->plan.source, site->plan.home))
        return false;
    /* The archive has it beside its folders, for whoever uploads. */
    if (access(source_path(site, "../htaccess.example", from), F_OK) != 0)
        return true;
    const int len = snprintf(to, sizeof to, "%s/htaccess.example", site->plan.home);
    return len < (int)sizeof to && site_copy_file(&site->copied, from, to);
}

/* Web servers take an index.html before the index.php of WordPress and the like, whose home page it would hide. */
static bool has_home_page(const char *web_root) {
    bool found = false;
    DIR *entries = opendir(web_root);
    for (const struct dirent *entry; !found && entries != NULL && (entry = readdir(entries)) != NULL;)
        found = text_starts_with(entry->d_name, "index.") && strcmp(entry->d_name, EXAMPLE_PAGE) != 0;
    if (entries != NULL)
        closedir(entries);
    return found;
}

static bool copy_web(struct new_site *site, const char *programs) {
    char from[PATH_MAX], page[PATH_MAX];
    if (!site->plan.archive)
        return true;
    if (has_home_page(site->plan.web_root))
        site->copied.left_out = source_path(site, "../public_html/" EXAMPLE_PAGE, page);
    const bool done = site_copy_folder(&site->copied, source_path(site, "../cgi-bin", from), programs) &&
                      site_copy_folder(&site->copied, source_path(site, "../public_html", from), site->plan.web_root);
    site->copied.left_out = NULL;
    return done;
}

static void tell_copied(const struct site_copy *copied) {
    printf("%zu file%s %s copied, and %zu there already.\n", copied->made, copied->made == 1 ? "" : "s",
           copied->dry_run     ? "would be"
           : copied->made == 1 ? "is"
                               : "are",
           copied->same);
    if (copied->different == 1)
        command_say("%s is there with another content, and stays as it is.", copied->first_different);
    else if (copied->different != 0)
        command_say("%zu are there with another content, such as %s, and stay as they are.", copied->different,
                    copied->first_different);
}

bool new_site_show(struct new_site *site) {
    site->copied.dry_run = true;
    if (!copy_home(site) || !copy_web(site, site->plan.folders[0].path))
        return false;
    tell_copied(&site->copied);
    if (site->plan.archive && site->plan.folder_count > 1)
        command_say("The site would be asked in which of the folders the host runs programs.");
    puts("Nothing was changed.");
    return true;
}

/* Where programs run. */

/* Says as whom the host runs them; whose config is private they must be. */
static void tell_user(const struct site_probed *probed, const struct site_folder *folder) {
    if (probed->user == geteuid())
        command_say("The host runs the programs in %s as you.", folder->path);
    else
        command_say("The host runs the programs in %s as user %ld and not as you (%ld), so they cannot read a config "
                    "that is yours alone, and what they can read other customers' programs can, too. Ask the host for "
                    "suEXEC, or see \"Permission denied\" in docs/troubleshooting.md.",
                    folder->path, (long)probed->user, (long)geteuid());
}

/* True if the programs can go there. The last folder is taken in any case: .htaccess has to say that they run there. */
static bool try_folder(struct http_client *client, const struct new_site *site, const struct site_folder *folder) {
    char url[SITE_URL_SIZE + PROGRAMS_URL_SIZE];
    snprintf(url, sizeof url, "%s%s", site->base_url, folder->url);
    const struct site_probed probed = site_probe(client, folder->path, url, site->plan.suffix);
    if (probed.result == SITE_PROBE_RUNS)
        tell_user(&probed, folder);
    else
        command_say("%s%s: no program runs there%s: %s.", site->base_url, folder->url,
                    probed.result == SITE_PROBE_UNREACHABLE ? ", as far as can be asked" : "", probed.why);
    return probed.result == SITE_PROBE_RUNS || probed.result == SITE_PROBE_UNREACHABLE;
}

static bool choose_folder(struct new_site *site) {
    const struct site_plan *plan = &site->plan;
    struct http_client *client = NULL;
    struct error error;
    char certificates[PATH_MAX];
    site->folder = &plan->folders[0];
    if (!plan->archive || (plan->folder_count == 1 && !plan->folders[0].exists))
        return true;
    source_path(site, "ca", certificates);
    if (http_client_new(access(certificates, F_OK) == 0 ? certificates : NULL, &client, &error) != ERROR_NONE) {
        command_complain("%s", error.cause);
        return false;
    }
    for (size_t i = 0; i < plan->folder_count; i++) {
        site->folder = &plan->folders[i];
        if (plan->folders[i].run_here || gate_stop_asked() || try_folder(client, site, site->folder))
            break;
    }
    http_client_free(client);
    return true;
}

/* The config, and the rest. */

static bool write_config(struct new_site *site) {
    if (site->has_config)
        return true;
    if (site_copy_text(site->config, buffer_text(&site->text), site->text.len, 0600)) {
        command_say("%s is written, with a key of its own.", site->config);
        return true;
    }
    command_complain("%s cannot be written: %s; run this again when that is mended", site->config, strerror(errno));
    return false;
}

static bool point(const struct new_site *site) {
    char program[PATH_MAX], sentence[LOG_LINE_MAX];
    if (!config_pointing_find_program(site->folder->path, program)) {
        command_complain("%s: there is no program `login` in it", site->folder->path);
        return false;
    }
    const enum config_pointing result = config_pointing_ensure(program, site->config, false, sentence);
    const bool done = result == CONFIG_POINTING_NEEDLESS || result == CONFIG_POINTING_WRITTEN;
    if (done)
        command_say("%s.", sentence);
    else
        command_complain("%s", sentence);
    return done;
}

static bool write_routes(const struct new_site *site) {
    const struct command_line line = {.config = site->config,
                                      .web_root = site->plan.web_root,
                                      .cgi_url = site->folder->url,
                                      .cgi_suffix = site->plan.suffix,
                                      .exec_cgi = site->folder->run_here};
    return command_htaccess_add(&line) == COMMAND_DONE;
}

/* Looks at all of it, and asks the site itself: among the rest whether a login leads to the provider. */
static bool try_site(const struct new_site *site) {
    const struct command_line line = {.config = site->config};
    putchar('\n');
    return command_check(&line) == COMMAND_DONE;
}

/* True if somebody has asked to stop, having said so. */
static bool is_stopped(void) {
    if (gate_stop_asked())
        command_complain("stopped; run this again to go on");
    return gate_stop_asked();
}

bool new_site_make(struct new_site *site) {
    gate_stop_watch();
    umask(S_IWGRP | S_IWOTH); /* what the web server is to enter must not be closed to it; the config is, by its mode */
    site->copied.stopped = gate_stop_asked;
    bool done = copy_home(site) && choose_folder(site) && copy_web(site, site->folder->path);
    if (is_stopped() || !done)
        return false;
    if (site->plan.archive)
        tell_copied(&site->copied);
    done = write_config(site) && point(site);
    if (is_stopped() || !done)
        return false;
    const bool routes = write_routes(site);
    done = try_site(site) && routes;
    if (done)
        command_say("The site is ready: open %s/login.", site->base_url);
    else
        command_complain("the site is not ready yet: mend what is said above, and run this again");
    return done;
}

void new_site_clear(struct new_site *site) {
    buffer_free(&site->text);
}
