/* site_plan.c: the web root by the names that panels give it, and the folders that the archive's programs may go into;
 * config_pointing.c: the way from the programs to a config.
 * SPDX-License-Identifier: MIT */
#include "folder.h"

#include "admin/site/config_pointing.h"
#include "admin/site/site_plan.h"

static struct folder home;

static int make_home(void **state) {
    (void)state;
    folder_make(&home);
    return chmod(home.path, 0755) != 0 || setenv("HOME", home.path, 1) != 0;
}

static int remove_home(void **state) {
    (void)state;
    folder_remove(&home);
    return 0;
}

/* Makes a folder of the home with all above it. */
static void make_folder(const char *name) {
    char path[128];
    snprintf(path, sizeof path, "%s", name);
    for (char *slash = path; (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
        *slash = '\0';
        mkdir(folder_path(&home, path), 0755);
    }
    mkdir(folder_path(&home, path), 0755);
}

static void web_roots(void **state) {
    (void)state;
    static const struct {
        const char *host, *made[3], *found; /* "": none */
    } rows[] = {
        {"www.shop.example", {"public_html"}, "public_html"},
        {"www.shop.example", {"public_html/shop.example"}, "public_html/shop.example"},
        {"www.shop.example", {"public_html/www.shop.example"}, "public_html/www.shop.example"},
        {"shop.example", {"public_html", "domains/shop.example/public_html"}, "domains/shop.example/public_html"},
        {"shop.example", {"public_html", "shop.example"}, "shop.example"},
        {"shop.example", {"public_html", "other.example", "domains/other.example/public_html"}, "public_html"},
        {"shop.example", {"httpdocs", "cgi-bin"}, "httpdocs"},
        {"shop.example", {"www"}, "www"},
        {"shop.example", {"mail", "etc"}, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct site_plan plan = {.archive = true};
        make_home(NULL);
        for (size_t j = 0; j < COUNT(rows[i].made) && rows[i].made[j] != NULL; j++)
            make_folder(rows[i].made[j]);
        site_plan_find_web_root(&plan, rows[i].host);
        assert_row(same(plan.web_root, *rows[i].found != '\0' ? folder_path(&home, rows[i].found) : ""), rows[i].found);
        remove_home(NULL);
    }
    make_home(NULL);
}

static void folders_for_programs(void **state) {
    (void)state;
    static const struct {
        const char *made, *cgi_bin, *cgi_url;
        const char *found[2], *url; /* the first folders, and the address of the first; NULL: refused */
        bool run_here;              /* of the first */
    } rows[] = {{"www", NULL, NULL, {"www/cgi-bin", NULL}, "/cgi-bin", true},
                {"www/cgi-bin", NULL, NULL, {"www/cgi-bin", "www/cgi-bin"}, "/cgi-bin", false},
                {"cgi-bin", NULL, NULL, {"cgi-bin", "www/cgi-bin"}, "/cgi-bin", false},
                {"cgi-bin", NULL, "/cgi", {"cgi-bin", "www/cgi-bin"}, "/cgi", false},
                {"www/run/here", "www/run/here", NULL, {"www/run/here", NULL}, "/run/here", false},
                {"other", "other", NULL, {"other", NULL}, "/cgi-bin", false},
                {"www/a b", "www/a b", NULL, {NULL, NULL}, NULL, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct site_plan plan = {.archive = true};
        char fault[LOG_LINE_MAX] = "", named[PATH_MAX];
        make_home(NULL);
        make_folder("www");
        make_folder(rows[i].made);
        snprintf(plan.web_root, sizeof plan.web_root, "%s/www", home.path);
        snprintf(named, sizeof named, "%s/%s", home.path, rows[i].cgi_bin != NULL ? rows[i].cgi_bin : "");
        const struct site_wishes wishes = {.cgi_bin = rows[i].cgi_bin != NULL ? named : NULL,
                                           .cgi_url = rows[i].cgi_url};
        assert_row(site_plan_find_programs(&wishes, &plan, fault) == (rows[i].url != NULL), rows[i].made);
        assert_row(rows[i].url != NULL || contains(fault, "--cgi-url"), rows[i].made);
        for (size_t j = 0; rows[i].url != NULL && j < COUNT(rows[i].found) && rows[i].found[j] != NULL; j++)
            assert_row(plan.folder_count > j && same(plan.folders[j].path, folder_path(&home, rows[i].found[j])),
                       rows[i].made);
        assert_row(rows[i].url == NULL || (same(plan.folders[0].url, rows[i].url) &&
                                           plan.folders[0].run_here == rows[i].run_here && same(plan.suffix, ".cgi")),
                   rows[i].made);
        remove_home(NULL);
    }
    make_home(NULL);
}

/* The way that is written beside the programs, from wherever they are to wherever the config is. */
static void ways_to_a_config(void **state) {
    (void)state;
    static const struct {
        const char *programs, *config, *way; /* folders; NULL: they find it without */
    } rows[] = {{"www/cgi-bin", "cgi-login", NULL},
                {"www/cgi-bin", "shop-login", "../../shop-login/config.json\n"},
                {"www/cgi-bin", "www/other", "../other/config.json\n"},
                {"a/b/c", "a/b/c/d", "d/config.json\n"},
                {"a/b/c", "a/b", "../config.json\n"},
                {"a/b", "a/bc", "../bc/config.json\n"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char program[PATH_MAX], config[PATH_MAX], pointer[PATH_MAX], text[256] = "", sentence[LOG_LINE_MAX];
        char name[64];
        make_home(NULL);
        make_folder(rows[i].programs);
        make_folder(rows[i].config);
        snprintf(name, sizeof name, "%s/login.cgi", rows[i].programs);
        folder_write(&home, name, "", 0755);
        snprintf(program, sizeof program, "%s/%s/login.cgi", home.path, rows[i].programs);
        snprintf(config, sizeof config, "%s/%s/config.json", home.path, rows[i].config);
        snprintf(pointer, sizeof pointer, "%s/%s/.cgi-login-config", home.path, rows[i].programs);
        const enum config_pointing expected = rows[i].way != NULL ? CONFIG_POINTING_WRITTEN : CONFIG_POINTING_NEEDLESS;
        assert_row(config_pointing_ensure(program, config, true, sentence) == expected, rows[i].config);
        assert_row(access(pointer, F_OK) != 0, rows[i].config);
        assert_row(config_pointing_ensure(program, config, false, sentence) == expected, rows[i].config);
        FILE *file = fopen(pointer, "r");
        assert_row((file != NULL) == (rows[i].way != NULL), rows[i].config);
        if (file != NULL) {
            text[fread(text, 1, sizeof text - 1, file)] = '\0';
            fclose(file);
            assert_row(same(text, rows[i].way), text);
        }
        assert_row(config_pointing_ensure(program, config, false, sentence) == CONFIG_POINTING_NEEDLESS, sentence);
        remove_home(NULL);
    }
    make_home(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(web_roots), cmocka_unit_test(folders_for_programs),
                                       cmocka_unit_test(ways_to_a_config)};
    return cmocka_run_group_tests(tests, make_home, remove_home);
}
