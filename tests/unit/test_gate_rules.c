/* gate_rules.c, gate_rules_check.c: which rule decides for a path, what is public, and what the case of letters leaves
 * undecided; every fault of a rule names its place and what to do, and what is right has none.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/text.h"
#include "config/gate_rules.h"

static const char TWO_PROVIDERS[] = "{\"p\":{},\"q\":{}}";

struct loaded {
    struct config config;
    cJSON *providers, *gate;
    struct problems problems;
};

/* Reads and checks rules as config_load does. */
static void load(struct loaded *loaded, const char *gate) {
    struct buffer text = BUFFER_EMPTY;
    *loaded = (struct loaded){.config = {.base_url = "https://www.example.com"}};
    buffer_append_format(&text, "{\"gate\":%s}", gate);
    loaded->gate = sample_json(buffer_text(&text));
    loaded->providers = sample_json(TWO_PROVIDERS);
    loaded->config.providers = loaded->providers;
    loaded->config.gate = json_member(loaded->gate, "gate");
    const struct setting table[] = {{.key = "gate", .type = SETTING_PARTS, .members = gate_rule_settings}, {0}};
    settings_check(loaded->gate, "", table, false, &loaded->problems);
    gate_rules_check(&loaded->config, &loaded->problems);
    buffer_free(&text);
}

static void unload(struct loaded *loaded) {
    json_free(loaded->gate);
    json_free(loaded->providers);
    problems_clear(&loaded->problems);
}

static void finds(void **state) {
    (void)state;
    static const char gate[] =
        "[{\"path\":\"/members/board\",\"allow\":{\"groups\":[\"p:board\"]},\"reauth_minutes\":30},"
        "{\"path\":\"/members\",\"allow\":{},\"public\":[\"/members/style.css\",\"/members/img/\"]},"
        "{\"path\":\"/shop/\",\"allow\":{\"signed_in\":true}},"
        "{\"path\":\"/\xC3\xA9/a b.php\",\"allow\":{\"users\":[]}}]";
    static const struct {
        const char *path;
        enum gate_match match;
        size_t index;
    } rows[] = {{"/members", GATE_MATCH_RULE, 1},
                {"/members/", GATE_MATCH_RULE, 1},
                {"/members/x/y.html", GATE_MATCH_RULE, 1},
                {"/members/board", GATE_MATCH_RULE, 0},
                {"/members/board/x", GATE_MATCH_RULE, 0},
                {"/members/boards", GATE_MATCH_RULE, 1},
                {"/members/style.css", GATE_MATCH_PUBLIC, 1},
                {"/members/style.css/x", GATE_MATCH_PUBLIC, 1},
                {"/members/style.css2", GATE_MATCH_RULE, 1},
                {"/members/Style.css", GATE_MATCH_RULE, 1},
                {"/members/img", GATE_MATCH_PUBLIC, 1},
                {"/members/img/a.png", GATE_MATCH_PUBLIC, 1},
                {"/members/imgs/a.png", GATE_MATCH_RULE, 1},
                {"/shop", GATE_MATCH_RULE, 2},
                {"/shop/x", GATE_MATCH_RULE, 2},
                {"/\xC3\xA9/a b.php", GATE_MATCH_RULE, 3},
                {"/\xC3\xA9/a b.php/info", GATE_MATCH_RULE, 3},
                {"/\xC3\xA9", GATE_MATCH_NONE, 0},
                {"/", GATE_MATCH_NONE, 0},
                {"/membersx", GATE_MATCH_NONE, 0},
                {"/x/members", GATE_MATCH_NONE, 0},
                {"", GATE_MATCH_NONE, 0},
                {"/Members", GATE_MATCH_UNDECIDED, 1},
                {"/MEMBERS/style.css", GATE_MATCH_UNDECIDED, 1},
                /* Exactly it would be the second rule, and for a file system that ignores case, the first. */
                {"/members/Board/x", GATE_MATCH_UNDECIDED, 0},
                {"/shop/X", GATE_MATCH_RULE, 2},
                {"/sHop/x", GATE_MATCH_UNDECIDED, 2}};
    struct loaded loaded;
    load(&loaded, gate);
    assert_int_equal(loaded.problems.count, 0);
    assert_int_equal(gate_rules_count(&loaded.config), 4);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gate_rule rule;
        struct guarded path = guarded_string(rows[i].path);
        assert_row(gate_rules_find(&loaded.config, path.data, &rule) == rows[i].match, rows[i].path);
        assert_row((rule.path == NULL) == (rows[i].match == GATE_MATCH_NONE), rows[i].path);
        assert_row(rule.index == rows[i].index, rows[i].path);
        guarded_free(&path);
    }
    unload(&loaded);
}

static void reads(void **state) {
    (void)state;
    struct loaded loaded;
    struct buffer place = BUFFER_EMPTY;
    load(&loaded, "[{\"path\":\"/a\",\"allow\":{}},"
                  "{\"path\":\"/b\",\"allow\":{\"users\":[\"p:1\"]},\"reauth_minutes\":30,\"public\":[\"/b/c\"]}]");
    const struct gate_rule plain = gate_rules_at(&loaded.config, 0), whole = gate_rules_at(&loaded.config, 1);
    assert_string_equal(plain.path, "/a");
    assert_int_equal(plain.reauth, 0);
    assert_null(plain.open);
    assert_string_equal(whole.path, "/b");
    assert_int_equal(whole.index, 1);
    assert_int_equal(whole.reauth, 30 * 60);
    assert_true(gate_rule_opens(&whole, "/b/c"));
    assert_false(gate_rule_opens(&whole, "/b"));
    allow_append_place(&place, &whole.allow);
    assert_string_equal(buffer_text(&place), "gate[1].allow");
    buffer_free(&place);
    assert_null(gate_rules_at(&loaded.config, 2).path);
    unload(&loaded);
}

/* Whom a rule lets in, and what a refusal tells. */
static void admits(void **state) {
    (void)state;
    static const struct {
        const char *allow;
        bool admits;
    } rows[] = {{"{}", true},
                {"{\"signed_in\":true}", true},
                {"{\"signed_in\":false}", false},
                {"{\"users\":[]}", false},
                {"{\"providers\":[\"p\"]}", true},
                {"{\"providers\":[\"q\"]}", false},
                {"{\"users\":[\"p:1\"]}", true},
                {"{\"users\":[\"1\"]}", false},
                {"{\"users\":[\"q:1\"]}", false},
                {"{\"domains\":[\"example.com\"]}", true},
                {"{\"groups\":[\"p:board\"]}", false},
                {"null", false},
                {"[]", false}};
    cJSON *profile = sample_json("{\"id\":\"1\",\"email\":\"a@example.com\",\"email_verified\":true}");
    const struct allow_account account = {"p", profile};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        struct error error;
        char gate[128];
        snprintf(gate, sizeof gate, "[{\"path\":\"/a\",\"allow\":%s}]", rows[i].allow);
        load(&loaded, gate);
        const struct gate_rule rule = gate_rules_at(&loaded.config, 0);
        assert_row(allow_admits(&rule.allow, &account) == rows[i].admits, rows[i].allow);
        if (!rows[i].admits) {
            assert_row(allow_admit(&rule.allow, &account, &error) == ERROR_NOT_ALLOWED, rows[i].allow);
            assert_row(text_starts_with(error.cause, "gate[0].allow does not list this account"), error.cause);
        }
        unload(&loaded);
    }
    struct loaded loaded;
    load(&loaded, "[{\"path\":\"/a\"}]");
    const struct gate_rule silent = gate_rules_at(&loaded.config, 0);
    assert_false(allow_admits(&silent.allow, &account));
    unload(&loaded);
    json_free(profile);
}

#define OPEN_FOR(path, rest) "[{\"path\":\"" path "\",\"allow\":{}" rest "}]"
#define TWO(first, second) "[{\"path\":\"" first "\",\"allow\":{}},{\"path\":\"" second "\",\"allow\":{}}]"
#define ALLOW(rules) "[{\"path\":\"/a\",\"allow\":" rules "}]"

static void takes(void **state) {
    (void)state;
    static const char *const rows[] = {
        "[]",
        OPEN_FOR("/members", ""),
        OPEN_FOR("/members/", ""),
        OPEN_FOR("/members/page.php", ""),
        OPEN_FOR("/\xE6\x97\xA5\xE6\x9C\xAC/100%.txt", ""),
        OPEN_FOR("/a b/+&=@:,'~x", ""),
        OPEN_FOR("/members", ",\"public\":[]"),
        OPEN_FOR("/members", ",\"reauth_minutes\":0"),
        OPEN_FOR("/members", ",\"public\":[\"/members/a b.css\",\"/members/img/\"]"),
        OPEN_FOR("/", ",\"public\":[\"/login\",\"/auth\",\"/logout\",\"/profile\",\"/cgi-login\"]"),
        OPEN_FOR("/", ",\"public\":[\"/login\",\"/auth\",\"/logout\",\"/profile\",\"/cgi-login\",\"/.well-known\"]"),
        OPEN_FOR("/loginx", ""),
        TWO("/a/b", "/a"),
        TWO("/a", "/ab"),
        TWO("/A/b", "/a"),
        ALLOW("{\"signed_in\":true}"),
        ALLOW(
            "{\"providers\":[\"p\",\"q\"],\"users\":[\"p:1\"],\"usernames\":[\"q:anna\"],\"emails\":[\"a@b.example\"],"
            "\"domains\":[\"b.example\"],\"groups\":[\"p:board\"]}")};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        load(&loaded, rows[i]);
        assert_row(loaded.problems.count == 0, loaded.problems.count == 0 ? rows[i] : loaded.problems.lines[0]);
        unload(&loaded);
    }
}

static const struct fault {
    const char *gate, *line;
} faults[] = {
    {"true", "gate: expected a list of objects"},
    {"{}", "gate: expected a list of objects"},
    {"[1]", "gate: expected a list of objects"},
    {"[{}]", "gate[0].path: is missing; expected a path of this site, as people read it"},
    {"[{\"path\":\"/a\"}]", "gate[0].allow: is missing; expected an object that says whom it lets in"},
    {"[{\"path\":5,\"allow\":{}}]", "gate[0].path: expected a path of this site"},
    {"[{\"path\":\"\",\"allow\":{}}]", "gate[0].path: expected a path of this site"},
    {"[{\"path\":\"/a\",\"allow\":{},\"roles\":[]}]", "gate[0].roles: there is no such key"},
    {OPEN_FOR("/a", ",\"reauth_minutes\":-1"), "gate[0].reauth_minutes: expected a whole number of minutes from 0"},
    {OPEN_FOR("/a", ",\"public\":\"/a/b\""), "gate[0].public: expected a list of texts"},
    {OPEN_FOR("/a", ",\"public\":[\"\"]"), "gate[0].public: expected a list of texts"},
    /* Paths. */
    {OPEN_FOR("members", ""), "gate[0].path: \"members\" is not a path of this site as people read it; write "
                              "\"/members\""},
    {OPEN_FOR("//members", ""), "write \"/members\""},
    {OPEN_FOR("/a/../members", ""), "write \"/members\""},
    {OPEN_FOR("/members/./", ""), "write \"/members/\""},
    {OPEN_FOR("/a%20b", ""), "write \"/a b\""},
    {OPEN_FOR("/100%25.txt", ""), "write \"/100%.txt\""},
    {OPEN_FOR("/%C3%A9", ""), "write \"/\xC3\xA9\""},
    {OPEN_FOR("https://www.example.com/members", ""), "write \"/members\""},
    {OPEN_FOR("https://other.example/members", ""), "gate[0].path: \"https://other.example/members\" does not begin"},
    {OPEN_FOR("*", ""), "gate[0].path: \"*\" does not begin with a slash"},
    {OPEN_FOR("^/members", ""), "gate[0].path: \"^/members\" does not begin with a slash"},
    {OPEN_FOR("/..", ""), "gate[0].path: \"/..\" does not begin with a slash, or goes up beyond it"},
    {OPEN_FOR("/a;b", ""), "gate[0].path: \"/a;b\" holds a backslash or \";\""},
    {OPEN_FOR("/a\\\\b", ""), "gate[0].path: \"/a\\b\" holds a backslash"},
    {OPEN_FOR("/a?b", ""), "gate[0].path: \"/a?b\" holds a backslash or \";\", bare or encoded, or a"},
    {OPEN_FOR("/a.", ""), "gate[0].path: \"/a.\" has a segment that ends in a dot or a blank"},
    {OPEN_FOR("/a ", ""), "gate[0].path: \"/a \" has a segment that ends in a dot or a blank"},
    {OPEN_FOR("/a\\nb", ""), "gate[0].path: \"/a\\x0ab\" holds a control character"},
    {OPEN_FOR("/members/*", ""), "gate[0].path: \"/members/*\" is no pattern; a path holds all that lies in it"},
    {OPEN_FOR("/members/.git", ""), "gate[0].path: \"/members/.git\" has a name of hidden files"},
    {OPEN_FOR("/users.db", ""), "are never served; remove it"},
    /* Our own. */
    {OPEN_FOR("/login", ""), "gate[0].path: \"/login\" is what people sign in by, and nobody could; remove this rule"},
    {OPEN_FOR("/auth/instagram", ""), "gate[0].path: \"/auth/instagram\" is what people sign in by"},
    {OPEN_FOR("/cgi-login/", ""), "is what people sign in by"},
    {OPEN_FOR("/", ""), "gate[0].path: \"/\" holds what people sign in by, and nobody could; add to its public: "
                        "\"/login\", \"/auth\", \"/logout\", \"/profile\", \"/cgi-login\""},
    {OPEN_FOR("/", ",\"public\":[\"/login\",\"/auth/instagram\",\"/logout\",\"/profile\",\"/cgi-login/style.css\"]"),
     "add to its public: \"/auth\", \"/cgi-login\""},
    /* Two rules. */
    {TWO("/a", "/a"), "gate[1].path: \"/a\" is that of gate[0], too, which decides; remove one of the two rules"},
    {TWO("/a", "/a/"), "gate[1].path: \"/a/\" is that of gate[0], too"},
    {TWO("/a", "/a/b"), "gate[1].path: \"/a/b\" lies in that of gate[0], which comes first and decides; put this rule "
                        "before that one"},
    {TWO("/a", "/A/b"), "gate[1].path: \"/A/b\" lies in that of gate[0] where the case of letters does not count"},
    {TWO("/a", "/A"), "gate[1].path: \"/A\" lies in that of gate[0] where the case of letters does not count"},
    /* Public. */
    {OPEN_FOR("/a", ",\"public\":[\"/a/x\",\"/b\"]"), "gate[0].public[1]: \"/b\" does not lie in the rule's path"},
    {OPEN_FOR("/a", ",\"public\":[\"/A/b\"]"), "gate[0].public[0]: \"/A/b\" does not lie in the rule's path"},
    {OPEN_FOR("/a", ",\"public\":[\"/a\"]"), "gate[0].public[0]: \"/a\" is all that the rule guards"},
    {OPEN_FOR("/a", ",\"public\":[\"/a/\"]"), "gate[0].public[0]: \"/a/\" is all that the rule guards"},
    {OPEN_FOR("/a/b", ",\"public\":[\"/a\"]"), "gate[0].public[0]: \"/a\" is all that the rule guards"},
    {OPEN_FOR("/a", ",\"public\":[\"a/b\"]"),
     "gate[0].public[0]: \"a/b\" is not a path of this site as people read it; "
     "write \"/a/b\""},
    {OPEN_FOR("/a", ",\"public\":[\"/a/*.css\"]"), "gate[0].public[0]: \"/a/*.css\" is no pattern"},
    {"[{\"path\":\"/a/b\",\"allow\":{}},{\"path\":\"/a\",\"allow\":{},\"public\":[\"/a/b/c.css\"]}]",
     "gate[1].public[0]: \"/a/b/c.css\" is decided by gate[0], which comes first; move it there"},
    /* Whom they let in. */
    {ALLOW("[\"anna\"]"), "gate[0].allow: expected an object that says whom it lets in"},
    {ALLOW("true"), "gate[0].allow: expected an object that says whom it lets in"},
    {ALLOW("{\"email\":[\"a@b.example\"]}"), "gate[0].allow.email: there is no such key; correct it to emails"},
    {ALLOW("{\"signed_in\":1}"), "gate[0].allow.signed_in: expected true or false"},
    {ALLOW("{\"signed_in\":false}"),
     "gate[0].allow.signed_in: can only be true; remove it, or, to let nobody in, write "
     "{\"users\": []}"},
    {ALLOW("{\"signed_in\":true,\"users\":[\"p:1\"]}"), "gate[0].allow.signed_in: lets in everybody who can sign in"},
    {ALLOW("{\"users\":[\"1\"]}"), "gate[0].allow.users[0]: \"1\" may be somebody else's with another provider"},
    {ALLOW("{\"providers\":[\"r\"]}"), "gate[0].allow.providers[0]: \"r\" is not among `providers`"},
    {ALLOW("{\"domains\":[\"@b.example\"]}"), "gate[0].allow.domains[0]: \"@b.example\" is no domain"}};

/* One fault has one line. */
static void tells_faults(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct loaded loaded;
        load(&loaded, faults[i].gate);
        assert_row(loaded.problems.count != 0 && contains(loaded.problems.lines[0], faults[i].line),
                   loaded.problems.count != 0 ? loaded.problems.lines[0] : faults[i].gate);
        assert_row(loaded.problems.count == 1 || same(faults[i].gate, "[{}]"), loaded.problems.lines[1]);
        assert_false(loaded.problems.out_of_memory);
        unload(&loaded);
    }
}

/* The page that a failed login leads to is one that everybody sees. */
static void keeps_the_failure_page_open(void **state) {
    (void)state;
    static const struct {
        const char *page;
        bool right;
    } rows[] = {{"/sorry.html", true},
                {"/a/sorry%20you.html?x=/a/b#y", true},
                {"/a/sorry.html", false},
                {"/a/%73orry.html?x", false},
                {"/ab", true},
                {"/a", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        load(&loaded, "[]");
        cJSON *gate = sample_json("[{\"path\":\"/a\",\"allow\":{},\"public\":[\"/a/sorry you.html\"]}]");
        loaded.config.gate = gate;
        loaded.config.failure = rows[i].page;
        gate_rules_check(&loaded.config, &loaded.problems);
        assert_row(loaded.problems.count == (rows[i].right ? 0 : 1), rows[i].page);
        assert_row(rows[i].right || text_starts_with(loaded.problems.lines[0], "redirects.failure: is for who could"),
                   rows[i].page);
        json_free(gate);
        unload(&loaded);
    }
}

static void limits_rules(void **state) {
    (void)state;
    struct loaded loaded;
    struct buffer gate = BUFFER_EMPTY;
    for (int i = 0; i <= GATE_RULES_MAX; i++)
        buffer_append_format(&gate, "%c{\"path\":\"/%d\",\"allow\":{}}", i == 0 ? '[' : ',', i);
    buffer_append_char(&gate, ']');
    load(&loaded, buffer_text(&gate));
    assert_int_equal(loaded.problems.count, 1);
    assert_string_equal(loaded.problems.lines[0],
                        "gate: more than 64 rules; one rule holds all that lies in its path: remove some");
    unload(&loaded);
    buffer_free(&gate);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds),        cmocka_unit_test(reads),
                                       cmocka_unit_test(admits),       cmocka_unit_test(takes),
                                       cmocka_unit_test(tells_faults), cmocka_unit_test(keeps_the_failure_page_open),
                                       cmocka_unit_test(limits_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
