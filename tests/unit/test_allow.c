/* allow.c, allow_check.c: who `allow` lets in, which entries are refused, and what a refusal tells the owner to add.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "config/allow.h"

/* Rules of the provider p. */
static struct allow own(const cJSON *rules) {
    static cJSON *providers;
    if (providers == NULL)
        providers = sample_json("{\"p\":{},\"other\":{}}");
    return (struct allow){.rules = rules, .provider = "p", .providers = providers};
}

static bool admits(const cJSON *rules, const cJSON *profile) {
    const struct allow allow = own(rules);
    return allow_admits(&allow, &(struct allow_account){"p", profile});
}

static enum error_code admit(const cJSON *rules, const cJSON *profile, struct error *error) {
    const struct allow allow = own(rules);
    return allow_admit(&allow, &(struct allow_account){"p", profile}, error);
}

static void check(const cJSON *rules, struct problems *problems) {
    const struct allow allow = own(rules);
    allow_check(&allow, problems);
}

static void lets_in(void **state) {
    (void)state;
    static const char mail[] = "{\"id\":\"1\",\"email\":\"anna@example.com\",\"email_verified\":true}";
    static const char unverified[] = "{\"id\":\"1\",\"email\":\"anna@example.com\",\"email_verified\":false}";
    static const char text[] = "{\"id\":\"1\",\"email\":\"anna@example.com\",\"email_verified\":\"true\"}";
    static const char anna[] = "{\"id\":\"17841405793187218123\",\"user_id\":\"42\",\"username\":\"anna.b\"}";
    static const struct {
        const char *allow, *account;
        bool allowed;
    } rows[] = {
        {NULL, anna, true},
        {"[\"anna.b\"]", anna, true},
        {"[\"ANNA.B\"]", anna, true},
        {"[\"17841405793187218123\"]", anna, true},
        {"[\"42\"]", anna, true},
        {"[\"x\",\"anna.b\"]", anna, true},
        {"[\"anna\"]", anna, false},
        {"[\"anna.bc\"]", anna, false},
        {"[\"anna.b \"]", anna, false},
        {"[\"1784140579318721812\"]", anna, false},
        {"[\"x\"]", anna, false},
        {"[\"12345\"]", "{\"id\":\"1\",\"username\":\"12345\"}", false},
        {"[\"12345\"]", "{\"id\":\"12345\",\"username\":\"x\"}", true},
        {"[\"@anna.b\"]", anna, true},
        {"[\"@Anna.B\"]", anna, true},
        {"[\"p:17841405793187218123\"]", anna, true},
        {"[\"p:42\"]", anna, true},
        {"[\"p:anna.b\"]", anna, true},
        {"[\"p:@anna.b\"]", anna, true},
        {"[\"q:17841405793187218123\"]", anna, false},
        {"[\"pp:17841405793187218123\"]", anna, false},
        {"[\"P:17841405793187218123\"]", anna, false},
        {"[\"@17841405793187218123\"]", anna, false},
        {"[\"@@anna.b\"]", anna, false},
        {"[\"@12345\"]", "{\"id\":\"1\",\"username\":\"12345\"}", true},
        {"[\"p:12345\"]", "{\"id\":\"1\",\"username\":\"12345\"}", false},
        {"[\"@anna:host\"]", "{\"id\":\"@anna:host\"}", true},
        {"[\"p:https://x.example/users/1\"]", "{\"id\":\"https://x.example/users/1\"}", true},
        {"[\"abc\"]", "{\"id\":\"abc\"}", true},
        {"[\"ABC\"]", "{\"id\":\"abc\"}", false},
        {"[\"anna\"]", "{\"id\":\"1\"}", false},
        {"[\"anna\"]", "{\"id\":\"1\",\"username\":5}", false},
        {"[\"anna\"]", "{\"id\":\"1\",\"full_name\":\"anna\"}", false},
        {"[]", anna, false},
        {"[\"anna.b\",5]", anna, false},
        {"\"anna.b\"", anna, false},
        {"{}", anna, true},
        {"{\"users\":[]}", anna, false},
        {"{\"users\":[\"17841405793187218123\"]}", anna, true},
        {"{\"users\":[\"p:42\"]}", anna, true},
        {"{\"users\":[\"anna.b\"]}", anna, false},
        {"{\"users\":\"42\"}", anna, false},
        {"{\"usernames\":[\"Anna.B\"]}", anna, true},
        {"{\"usernames\":[\"42\"]}", anna, false},
        {"{\"users\":[\"1\"],\"usernames\":[\"anna.b\"]}", anna, true},
        {"{\"providers\":[\"p\"]}", anna, true},
        {"{\"providers\":[\"q\"]}", anna, false},
        {"{\"providers\":[]}", anna, false},
        {"{\"providers\":[\"q\"],\"users\":[\"42\"]}", anna, false},
        {"{\"emails\":[\"Anna@Example.com\"]}", mail, true},
        {"{\"emails\":[\"example.com\"]}", mail, false},
        {"{\"emails\":[\"anna@example.com\"]}", unverified, false},
        {"{\"emails\":[\"anna@example.com\"]}", text, false},
        {"{\"emails\":[\"anna@example.com\"]}", anna, false},
        {"{\"domains\":[\"EXAMPLE.com\"]}", mail, true},
        {"{\"domains\":[\"ample.com\"]}", mail, false},
        {"{\"domains\":[\"com\"]}", mail, false},
        {"{\"domains\":[\"example.com\"]}", unverified, false},
        {"{\"domains\":[\"example.com\"]}", "{\"email\":\"@example.com\",\"email_verified\":true}", false},
        {"{\"domains\":[\"a.example\"]}", "{\"email\":\"x@a.example@b.example\",\"email_verified\":true}", false},
        {"{\"domains\":[\"a.example\"]}", "{\"email\":\"x@a.example.\",\"email_verified\":true}", false},
        {"{\"groups\":[\"staff\"]}", "{\"groups\":[\"x\",\"staff\"]}", true},
        {"{\"groups\":[\"p:staff\"]}", "{\"groups\":[\"staff\"]}", true},
        {"{\"groups\":[\"Staff\"]}", "{\"groups\":[\"staff\"]}", false},
        {"{\"groups\":[\"staff\"]}", "{\"groups\":\"staff\"}", false},
        {"{\"groups\":[\"staff\"]}", "{\"groups\":null}", false},
        {"{\"groups\":[\"staff\"]}", anna, false},
        {"{\"a\":\"anna.b\"}", anna, false},
        {"null", anna, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *allow = rows[i].allow != NULL ? sample_json(rows[i].allow) : NULL,
              *account = sample_json(rows[i].account);
        assert_row(admits(allow, account) == rows[i].allowed, rows[i].allow);
        json_free(allow);
        json_free(account);
    }
}

/* Where several providers' people come, a name is somebody's of one of them. */
static void tells_providers_apart(void **state) {
    (void)state;
    static const char anna[] = "{\"id\":\"42\",\"username\":\"anna\",\"groups\":[\"a:b\"]}";
    static const struct {
        const char *providers, *rules, *provider;
        bool allowed;
        const char *problem; /* NULL: it is right */
    } rows[] = {
        {"{\"p\":{}}", "{\"users\":[\"42\"]}", "p", true, NULL},
        {"{\"p\":{},\"q\":{}}", "{\"users\":[\"42\"]}", "p", false,
         "allow.users[0]: \"42\" may be somebody else's with another provider; write of which, such as \"p:42\""},
        {"{\"p\":{},\"q\":{}}", "{\"users\":[\"p:42\"]}", "p", true, NULL},
        {"{\"p\":{},\"q\":{}}", "{\"users\":[\"p:42\"]}", "q", false, NULL},
        {"{\"p\":{},\"q\":{}}", "{\"usernames\":[\"q:anna\"]}", "p", false, NULL},
        {"{\"p\":{},\"q\":{}}", "{\"usernames\":[\"q:@anna\"]}", "q", true, NULL},
        {"{\"p\":{},\"q\":{}}", "{\"groups\":[\"a:b\"]}", "p", false, "allow.groups[0]: \"a:b\" may be somebody"},
        {"{\"p\":{},\"q\":{}}", "{\"groups\":[\"p:a:b\"]}", "p", true, NULL},
        {"{\"p\":{},\"q\":{}}", "[\"p:42\",\"q:1\"]", "p", true, NULL},
        {"{\"p\":{},\"q\":{}}", "[\"anna\"]", "p", false, "allow[0]: \"anna\" may be somebody else's"},
        {"{\"p\":{},\"q\":{}}", "{\"providers\":[\"q\"]}", "p", false, NULL},
        {"{\"p\":{},\"q\":{}}", "{\"providers\":[\"r\"]}", "p", false,
         "allow.providers[0]: \"r\" is not among `providers`; correct it, or remove it"},
        {"{\"p\":{}}", "{\"emails\":[\"example.com\"]}", "p", false, "allow.emails[0]: \"example.com\" is no e-mail"},
        {"{\"p\":{}}", "{\"emails\":[\" a@b.example\"]}", "p", false, "has a blank around it"},
        {"{\"p\":{}}", "{\"domains\":[\"@example.com\"]}", "p", false,
         "allow.domains[0]: \"@example.com\" is no domain"},
        {"{\"p\":{}}", "{\"domains\":[\"*.example.com\"]}", "p", false, "is no domain"},
        {"{\"p\":{}}", "{\"domains\":[\"*\"]}", "p", false, "is nobody's name"},
        {"{\"p\":{}}", "{\"domain\":[\"example.com\"]}", "p", false,
         "allow.domain: there is no such key; correct it to"},
        {"{\"p\":{}}", "{\"users\":[42]}", "p", false, "allow.users: expected a list of texts"},
        {"{\"p\":{}}", "42", "p", false, "allow: expected a list of usernames and ids, or an object of rules"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct problems problems = {.count = 0};
        cJSON *providers = sample_json(rows[i].providers), *profile = sample_json(anna);
        cJSON *rules = sample_json(rows[i].rules);
        const struct allow allow = {.rules = rules, .providers = providers};
        const struct allow_account account = {rows[i].provider, profile};
        assert_row(allow_admits(&allow, &account) == rows[i].allowed, rows[i].rules);
        allow_check(&allow, &problems);
        assert_row(problems.count == (rows[i].problem != NULL), rows[i].rules);
        if (rows[i].problem != NULL)
            assert_row(strstr(problems.lines[0], rows[i].problem) != NULL, problems.lines[0]);
        problems_clear(&problems);
        json_free(providers);
        json_free(profile);
        json_free(rules);
    }
}

/* What a refusal by rules tells: what to add, and what could not be judged. */
static void tells_why_rules_refuse(void **state) {
    (void)state;
    static const struct {
        const char *providers, *rules, *profile, *cause;
    } rows[] = {
        {"{\"p\":{}}", "{\"users\":[\"1\"]}", "{\"id\":\"42\"}",
         "allow does not list this account; to let it in, add \"42\" to its users"},
        {"{\"p\":{},\"q\":{}}", "{\"users\":[\"p:1\"]}", "{\"id\":\"42\"}",
         "allow does not list this account; to let it in, add \"p:42\" to its users"},
        {"{\"p\":{},\"q\":{}}", "[\"p:1\"]", "{\"id\":\"42\",\"username\":\"anna\"}",
         "allow does not list this account; to let it in, add \"p:42\" or \"p:anna\" there"},
        {"{\"p\":{},\"q\":{}}", "{\"providers\":[\"q\"]}", "{\"id\":\"42\"}",
         "allow does not list this account, since its providers do not list its provider"},
        {"{\"p\":{}}", "{\"emails\":[\"a@b.example\"],\"groups\":[\"staff\"]}",
         "{\"id\":\"42\",\"email\":\"a@b.example\"}",
         "allow does not list this account; to let it in, add \"42\" to its users; it has no e-mail address that its "
         "provider is known to have verified; its groups are not known"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *providers = sample_json(rows[i].providers), *profile = sample_json(rows[i].profile);
        cJSON *rules = sample_json(rows[i].rules);
        const struct allow allow = {.rules = rules, .providers = providers};
        const struct allow_account account = {"p", profile};
        struct error error;
        assert_int_equal(allow_admit(&allow, &account, &error), ERROR_NOT_ALLOWED);
        assert_string_equal(error.cause, rows[i].cause);
        json_free(providers);
        json_free(profile);
        json_free(rules);
    }
}

/* An entry that would keep out whom it means is told with its place and what to write. */
static void checks_entries(void **state) {
    (void)state;
    static const struct {
        const char *allow, *problem; /* NULL: it is right */
    } rows[] = {
        {NULL, NULL},
        {"[\"anna.b\",\"42\",\"@anna\",\"p:42\",\"Anna B\",\"anna@example.com\",\"@anna:host\",\"\u00e4\"]", NULL},
        {"[\"p:https://x.example/users/1\",\"p:q:1\",\"p:cn=anna,dc=x\",\"*anna*\"]", NULL},
        {"[\"\"]", "providers.p.allow[0]: \"\" names nobody; remove it"},
        {"[\"a\",\"@\"]", "providers.p.allow[1]: \"@\" names nobody; remove it"},
        {"[\"p:\"]", "providers.p.allow[0]: \"p:\" names nobody; remove it"},
        {"[\"*\"]", "providers.p.allow[0]: \"*\" is nobody's name; to let everybody in, remove the whole list"},
        {"[\"p:*\"]", "is nobody's name"},
        {"[\"anna,bob\"]", "providers.p.allow[0]: \"anna,bob\" is more than one; write each as an entry of its own"},
        {"[\"anna; bob\"]", "or, if all of it is an id, \"p:anna; bob\""},
        {"[\"@ anna\"]", "providers.p.allow[0]: \"@ anna\" has a blank around it"},
        {"[\" anna\"]", "providers.p.allow[0]: \" anna\" has a blank around it"},
        {"[\"anna\\n\"]", "providers.p.allow[0]: \"anna\\x0a\" has a blank around it"},
        {"[\"p: 42\"]", "providers.p.allow[0]: \"p: 42\" has a blank around it"},
        {"[\"anna\xC2\xA0\"]", "has a blank around it"},
        {"[\"\xE2\x80\x8B"
         "anna\"]",
         "has a blank around it"},
        {"[\"an\xE2\x80\x8Ena\"]", "providers.p.allow[0]: \"an\\xe2\\x80\\x8ena\" has a blank around it"},
        {"[\"https://www.instagram.com/anna.b/\"]", "is an address; write the username alone: \"anna.b\""},
        {"[\"instagram.com/anna.b?x\"]", "is an address; write the username alone: \"anna.b\""},
        {"[\"https://www.threads.net/@anna\"]", "is an address; write the username alone: \"anna\""},
        {"[\"https://p.example/in/anna\"]", "is an address; write the username or the id alone"},
        {"[\"https://p.example\"]", "is an address; write the username or the id alone"},
        {"[\"anna/\"]", "is an address; write the username or the id alone"},
        {"[\"q:42\"]", "providers.p.allow[0]: \"q:42\" is of another provider"},
        {"[\"P:42\"]", "or, if all of it is an id, write \"p:P:42\""},
        {"\"anna\"", "providers.p.allow: expected a list of usernames and ids, or an object of rules"},
        {"[42]", "providers.p.allow: expected a list of usernames and ids, or an object of rules"},
        {"null", "providers.p.allow: expected a list of usernames and ids, or an object of rules"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct problems problems = {.count = 0};
        cJSON *allow = rows[i].allow != NULL ? sample_json(rows[i].allow) : NULL;
        check(allow, &problems);
        assert_row(problems.count == (rows[i].problem != NULL), rows[i].allow);
        if (rows[i].problem != NULL)
            assert_row(strstr(problems.lines[0], rows[i].problem) != NULL, problems.lines[0]);
        problems_clear(&problems);
        json_free(allow);
    }
}

/* What a refusal tells to add lets the person in, and passes the check. */
static void tells_whom_to_add(void **state) {
    (void)state;
    static const struct {
        const char *account, *add; /* NULL: nothing can be told */
    } rows[] = {{"{\"id\":\"42\",\"username\":\"anna.b\"}", "add \"42\" or \"anna.b\" there"},
                {"{\"id\":\"42\"}", "add \"42\" there"},
                {"{\"id\":\"42\",\"username\":\"12345\"}", "add \"42\" there"},
                {"{\"id\":\"42\",\"username\":\"an\\u202ena\"}", "add \"42\" there"},
                {"{\"id\":\"42\",\"username\":\"an\\\"na\"}", "add \"42\" there"},
                {"{\"id\":\"42\",\"username\":\"an\\nna\"}", "add \"42\" there"},
                {"{\"id\":\"42\",\"username\":\"x/y\"}", "add \"42\" there"},
                /* Whoever is called so would have somebody else let in. */
                {"{\"id\":\"42\",\"username\":\"p:anna\"}", "add \"42\" there"},
                {"{\"id\":\"42\",\"username\":\"@anna\"}", "add \"42\" there"},
                {"{\"id\":\"q:42\",\"username\":\"anna\"}", "add \"p:q:42\" or \"anna\" there"},
                {"{\"id\":\"https://x.example/1\"}", "add \"p:https://x.example/1\" there"},
                {"{\"id\":\"cn=anna,dc=x\",\"username\":\"B., Anna\"}", "add \"p:cn=anna,dc=x\" there"},
                {"{\"id\":\"*\"}", NULL},
                {"{\"id\":\"a\\\"b\",\"username\":\"anna\"}", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *account = sample_json(rows[i].account), *allow = sample_json("[\"somebody\"]");
        struct error error;
        assert_int_equal(admit(NULL, account, &error), ERROR_NONE);
        assert_int_equal(admit(allow, account, &error), ERROR_NOT_ALLOWED);
        assert_row(strstr(error.cause, rows[i].add != NULL ? rows[i].add : "cannot be told here") != NULL, error.cause);
        for (char *at = strstr(error.cause, "add \""); at != NULL; at = strstr(at, "or \"")) {
            struct problems problems = {.count = 0};
            char entry[256];
            assert_int_equal(sscanf(strchr(at, '"'), "\"%255[^\"]\"", entry), 1);
            json_append(allow, cJSON_CreateString(entry));
            check(allow, &problems);
            assert_int_equal(problems.count, 0);
            assert_int_equal(admit(allow, account, &error), ERROR_NONE);
            cJSON_DeleteItemFromArray(allow, 1);
            at++;
        }
        json_free(account);
        json_free(allow);
    }
}

static void tells_a_long_username_by_its_id(void **state) {
    (void)state;
    char account[256];
    struct error error;
    snprintf(account, sizeof account, "{\"id\":\"42\",\"username\":\"%065d\"}", 0);
    account[strlen(account) - 3] = 'x';
    cJSON *profile = sample_json(account), *allow = sample_json("[\"somebody\"]");
    assert_int_equal(admit(allow, profile, &error), ERROR_NOT_ALLOWED);
    assert_non_null(strstr(error.cause, "add \"42\" there"));
    json_free(profile);
    json_free(allow);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lets_in),
                                       cmocka_unit_test(checks_entries),
                                       cmocka_unit_test(tells_providers_apart),
                                       cmocka_unit_test(tells_why_rules_refuse),
                                       cmocka_unit_test(tells_whom_to_add),
                                       cmocka_unit_test(tells_a_long_username_by_its_id)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
