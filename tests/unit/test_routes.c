/* routes.c: each route with its provider and without; links by the route and by the plain CGI path; which paths lead to
 * the callback; and that each rule of htaccess.example leads to the program that the table says, with a slash
 * at the end too, and each has one.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "config/routes.h"

#include <regex.h>
#include <stdlib.h>

static const char *path_of(enum route route, const char *provider, char *out, size_t size) {
    struct buffer path = BUFFER_EMPTY;
    route_append(&path, route, provider);
    snprintf(out, size, "%s", buffer_text(&path));
    buffer_free(&path);
    return out;
}

static void paths(void **state) {
    (void)state;
    static const struct {
        enum route route;
        const char *provider, *path;
    } rows[] = {{ROUTE_START, "instagram", "/auth/instagram"},
                {ROUTE_START, NULL, "/auth"},
                {ROUTE_CALLBACK, "instagram", "/auth/instagram/callback"},
                {ROUTE_DEAUTHORIZE, "x", "/auth/x/deauthorize"},
                {ROUTE_DELETION, "x", "/auth/x/deletion"},
                {ROUTE_BACKCHANNEL, "x", "/auth/x/backchannel_logout"},
                {ROUTE_CONSOLE, NULL, "/auth/console"},
                {ROUTE_CONSOLE, "users", "/auth/console/users"},
                {ROUTE_LOGIN, NULL, "/login"},
                {ROUTE_PROFILE, "x", "/profile"},
                {ROUTE_LOGOUT, NULL, "/logout"}};
    char path[128];
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(path_of(rows[i].route, rows[i].provider, path, sizeof path), rows[i].path);
}

static void links(void **state) {
    (void)state;
    static const struct {
        bool plain_path;
        const char *script;
        enum route route;
        const char *provider, *link;
    } rows[] = {{false, "/cgi-bin/login", ROUTE_START, "x", "/auth/x"},
                {true, "/cgi-bin/login", ROUTE_START, "x", "/cgi-bin/start/x"},
                {true, "/cgi-bin/login.cgi", ROUTE_START, "x", "/cgi-bin/start.cgi/x"},
                {true, "/~you/b.in/login.cgi", ROUTE_PROFILE, NULL, "/~you/b.in/profile.cgi"},
                {true, "/login.fcgi", ROUTE_LOGOUT, NULL, "/logout.fcgi"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct request request = {.plain_path = rows[i].plain_path, .script_name = rows[i].script};
        struct buffer link = BUFFER_EMPTY;
        route_append_link(&link, &request, rows[i].route, rows[i].provider);
        assert_row(same(buffer_text(&link), rows[i].link), rows[i].link);
        buffer_free(&link);
    }
}

static void what_leads_to_the_callback(void **state) {
    (void)state;
    static const struct {
        const char *path;
        bool reached;
    } rows[] = {{"/auth/instagram/callback", true},
                {"/cgi-bin/callback/instagram", true},
                {"/cgi-bin/callback.cgi/instagram", true},
                {"/callback/instagram", true},
                {"/a/callback/b/callback.cgi/instagram", true},
                {"/auth/instagram/callback/", true},
                {"/cgi-bin/callback/instagram/", true},
                {"/auth/instagram/callback//", false},
                {"/cgi-bin/callback/instagram//", false},
                {"/auth/instagram/callback?x", false},
                {"/auth/other/callback", false},
                {"/auth/instagram", false},
                {"/cgi-bin/callback", false},
                {"/cgi-bin/callback/other", false},
                {"/cgi-bin/callbacks/instagram", false},
                {"/cgi-bin/my-callback/instagram", false},
                {"/cgi-bin/start/instagram", false},
                {"callback/instagram", false},
                {"instagram", false},
                {"/", false},
                {"", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(route_is_reached(ROUTE_CALLBACK, "instagram", rows[i].path) == rows[i].reached, rows[i].path);
}

struct rule {
    regex_t pattern;
    char program[32];
    bool has_provider;
};

enum { RULES_MAX = 32 };

/* The rules of htaccess.example in its order. */
static size_t read_rules(struct rule rules[RULES_MAX]) {
    char line[512], pattern[256], target[256];
    size_t count = 0;
    FILE *file = fopen("htaccess.example", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "RewriteRule %255s %255s", pattern, target) != 2)
            continue;
        assert_true(count < RULES_MAX);
        struct rule *rule = &rules[count++];
        assert_int_equal(regcomp(&rule->pattern, pattern, REG_EXTENDED), 0);
        assert_int_equal(sscanf(target, "/cgi-bin/%31[a-z]", rule->program), 1);
        rule->has_provider = contains(target, "/$1");
    }
    fclose(file);
    return count;
}

/* Which program the rules lead to; NULL for none. Apache leaves the first slash out. */
static const struct rule *rule_of(const struct rule *rules, size_t count, const char *path) {
    for (size_t i = 0; i < count; i++)
        if (regexec(&rules[i].pattern, path + 1, 0, NULL, 0) == 0)
            return &rules[i];
    return NULL;
}

static void the_routes_are_those_of_htaccess(void **state) {
    (void)state;
    struct rule rules[RULES_MAX];
    bool used[RULES_MAX] = {false};
    const size_t count = read_rules(rules);
    for (int route = 0; route < ROUTES; route++) {
        char path[128], slash[130];
        const struct rule *rule = rule_of(rules, count, path_of((enum route)route, "a1_b-c", path, sizeof path));
        assert_row(rule != NULL && same(rule->program, route_program((enum route)route)), path);
        assert_row(rule->has_provider == contains(path, "a1_b-c"), path);
        snprintf(slash, sizeof slash, "%s/", path);
        assert_row(rule_of(rules, count, slash) == rule, slash);
        used[rule - rules] = true;
    }
    const struct rule *start = rule_of(rules, count, "/auth");
    assert_true(start != NULL && same(start->program, "start"));
    used[start - rules] = true;
    const struct rule *console = rule_of(rules, count, "/auth/console");
    assert_true(console != NULL && same(console->program, "console") && !console->has_provider);
    used[console - rules] = true;
    for (size_t i = 0; i < count; i++) {
        assert_row(used[i], rules[i].program);
        regfree(&rules[i].pattern);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths), cmocka_unit_test(links),
                                       cmocka_unit_test(what_leads_to_the_callback),
                                       cmocka_unit_test(the_routes_are_those_of_htaccess)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
