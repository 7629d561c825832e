/* gate_judgement.c: a bit for each rule, whatever their number; that an edit of the config makes it out of date; what a
 * judgement that is out of date, cut short or no judgement at all lets in; what a shortened profile lets in then; and
 * that a session brings it through its cookie.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "session/gate_judgement.h"
#include "session/session_keys.h"
#include "seal/seal.h"

#define MARK "m4rk-_XY"
#define RULE(allow) "{\"path\":\"/a\",\"allow\":" allow "}"

/* A config of two providers with these rules; emptied by sample_config_clear. */
static void make_config(struct config *config, const char *gate) {
    sample_config(config);
    cJSON_AddObjectToObject(json_member(config->document, "providers"), "mock");
    cJSON_AddItemToObject(config->document, "gate", sample_json(gate));
    config->gate = json_member(config->document, "gate");
    snprintf(config->mark, sizeof config->mark, MARK);
}

static struct session make_session(const char *profile) {
    return (struct session){.id = "i",
                            .provider = "instagram",
                            .signed_in = SAMPLE_NOW,
                            .checked = SAMPLE_NOW,
                            .expires = SAMPLE_NOW + SECONDS_PER_DAY,
                            .profile = sample_json(profile)};
}

// clang-format off
static const char every_kind[] =
    "[" RULE("{}")
    "," RULE("{\"signed_in\":true}")
    "," RULE("{\"providers\":[\"mock\"]}")
    "," RULE("{\"users\":[\"instagram:1\"]}")
    "," RULE("{\"usernames\":[\"instagram:anna\"]}")
    "," RULE("{\"emails\":[\"a@b.example\"]}")
    "," RULE("{\"domains\":[\"b.example\"]}")
    "," RULE("{\"groups\":[\"instagram:last\"]}") "]";
// clang-format on

static void judges_each_rule(void **state) {
    (void)state;
    static const struct {
        const char *profile, *admits; /* a character for each rule */
    } rows[] = {
        {"{\"id\":\"2\"}", "yynnnnnn"},
        {"{\"id\":\"1\"}", "yynynnnn"},
        {"{\"id\":\"2\",\"username\":\"Anna\"}", "yynnynnn"},
        {"{\"id\":\"2\",\"email\":\"a@b.example\"}", "yynnnnnn"},
        {"{\"id\":\"2\",\"email\":\"A@B.example\",\"email_verified\":true}", "yynnnyyn"},
        {"{\"id\":\"2\",\"email\":\"c@b.example\",\"email_verified\":true}", "yynnnnyn"},
        {"{\"id\":\"2\",\"groups\":[\"first\",\"last\"]}", "yynnnnny"},
        {"{\"id\":\"1\",\"username\":\"anna\",\"groups\":[\"last\"]}", "yynyynny"},
    };
    struct config config;
    make_config(&config, every_kind);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct session session = make_session("{}");
        cJSON *profile = sample_json(rows[i].profile);
        gate_judgement_make(&config, &session, profile);
        assert_true(gate_judgement_is_current(&config, &session));
        assert_int_equal(strlen(session.judged), strlen(MARK ":") + 2);
        for (size_t rule = 0; rule < gate_rules_count(&config); rule++) {
            const struct gate_rule at = gate_rules_at(&config, rule);
            assert_row(gate_judgement_admits(&config, &session, &at) == (rows[i].admits[rule] == 'y'), rows[i].profile);
        }
        json_free(profile);
        session_clear(&session);
    }
    sample_config_clear(&config);
}

/* Of each number of rules every third admits. */
static void keeps_a_bit_for_each(void **state) {
    (void)state;
    for (size_t count = 1; count <= GATE_RULES_MAX; count++) {
        struct config config;
        struct session session = make_session("{}");
        cJSON *profile = sample_json("{\"id\":\"1\"}");
        make_config(&config, "[]");
        cJSON *gate = json_member(config.document, "gate");
        for (size_t i = 0; i < count; i++)
            cJSON_AddItemToArray(gate, sample_json(i % 3 == 0 ? RULE("{\"users\":[\"instagram:1\"]}")
                                                              : RULE("{\"users\":[\"instagram:2\"]}")));
        gate_judgement_make(&config, &session, profile);
        assert_int_equal(strlen(session.judged), strlen(MARK ":") + (count + 5) / 6);
        assert_true(strlen(session.judged) < SESSION_JUDGED_SIZE);
        for (size_t i = 0; i < count; i++) {
            const struct gate_rule rule = gate_rules_at(&config, i);
            assert_true(gate_judgement_admits(&config, &session, &rule) == (i % 3 == 0));
        }
        json_free(profile);
        session_clear(&session);
        sample_config_clear(&config);
    }
}

/* What is sealed is ours. All the same nothing but a bit that is there lets anybody in. */
static void believes_no_odd_judgement(void **state) {
    (void)state;
    static const struct {
        const char *judged;
        bool current, admits;
    } rows[] = {{MARK ":B", true, true},
                {MARK ":A", true, false},
                {MARK ":_", true, true},
                {MARK ":-", true, false},
                {MARK ":B/////////", true, true},
                {MARK ":", true, false},
                {MARK ":!", true, false},
                {MARK ": ", true, false},
                {MARK ":\xFF", true, false},
                {MARK, false, false},
                {MARK "B", false, false},
                {"other-_Y:B", false, false},
                {"", false, false},
                {":", false, false},
                {"m4rk:B", false, false},
                {MARK MARK ":B", false, false}};
    struct config config;
    make_config(&config, "[" RULE("{\"users\":[\"instagram:1\"]}") "]");
    const struct gate_rule rule = gate_rules_at(&config, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct session session = make_session("{\"id\":\"2\"}");
        const struct request request = sample_request("");
        snprintf(session.judged, sizeof session.judged, "%s", rows[i].judged);
        assert_row(gate_judgement_is_current(&config, &session) == rows[i].current, rows[i].judged);
        assert_row(session_is_due(&config, &request, &session) != rows[i].current, rows[i].judged);
        assert_row(gate_judgement_admits(&config, &session, &rule) == rows[i].admits, rows[i].judged);
        session_clear(&session);
    }
    sample_config_clear(&config);
}

/* In an outage of the store after an edit of the config the cookie's profile is all there is. */
static void judges_by_the_cookie_otherwise(void **state) {
    (void)state;
    static const struct {
        const char *allow, *profile;
        bool admits;
    } rows[] = {
        {"{\"signed_in\":true}", "{\"id\":\"1\"}", true},
        {"{\"providers\":[\"instagram\"]}", "{\"id\":\"1\"}", true},
        {"{\"providers\":[\"mock\"]}", "{\"id\":\"1\"}", false},
        {"{\"users\":[\"instagram:1\"]}", "{\"id\":\"1\"}", true},
        {"{\"users\":[\"mock:1\"]}", "{\"id\":\"1\"}", false},
        {"{\"groups\":[\"instagram:a\"]}", "{\"id\":\"1\",\"groups\":[\"b\",\"a\"]}", true},
        {"{\"groups\":[\"instagram:a\"]}", "{\"id\":\"1\"}", false},
        {"{\"emails\":[\"a@b.example\"]}", "{\"id\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true}", true},
        {"{\"emails\":[\"a@b.example\"]}", "{\"id\":\"1\",\"email_verified\":true}", false},
        {"{\"usernames\":[\"instagram:anna\"]}", "{\"id\":\"1\",\"username\":\"anna\"}", true},
        /* Cut, it is no longer this person's, even where somebody is called so. */
        {"{\"usernames\":[\"instagram:ann…\"]}", "{\"id\":\"1\",\"username\":\"ann…\"}", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config config;
        char gate[512];
        struct session session = make_session(rows[i].profile);
        snprintf(gate, sizeof gate, "[{\"path\":\"/a\",\"allow\":%s}]", rows[i].allow);
        make_config(&config, gate);
        const struct gate_rule rule = gate_rules_at(&config, 0);
        assert_row(gate_judgement_admits(&config, &session, &rule) == rows[i].admits, rows[i].allow);
        /* The page shows it as before. */
        cJSON *profile = sample_json(rows[i].profile);
        assert_true(json_equal(session.profile, profile));
        json_free(profile);
        session_clear(&session);
        sample_config_clear(&config);
    }
}

static void a_site_without_rules_keeps_nothing(void **state) {
    (void)state;
    struct config config;
    struct session session = make_session("{\"id\":\"1\"}");
    const struct request request = sample_request("");
    sample_config(&config);
    gate_judgement_make(&config, &session, session.profile);
    assert_string_equal(session.judged, "");
    assert_true(gate_judgement_is_current(&config, &session));
    assert_false(session_is_due(&config, &request, &session));
    snprintf(session.judged, sizeof session.judged, MARK ":B"); /* of a config that had some */
    assert_false(session_is_due(&config, &request, &session));
    session_clear(&session);
    sample_config_clear(&config);
}

/* Writes the session into its cookie, and reads it from there. */
static struct session bring_through_cookie(const struct config *config, const struct session *session) {
    struct request request = sample_request("");
    struct response response = {.status = 302};
    struct buffer cookies = BUFFER_EMPTY;
    struct session back;
    struct error error;
    assert_int_equal(session_write(config, &request, session, &response, &error), ERROR_NONE);
    assert_true(response_is_whole(&response));
    sample_take_cookies(&response, &cookies);
    request.cookies = buffer_text(&cookies);
    assert_int_equal(session_read(config, &request, &back, &error), ERROR_NONE);
    response_free(&response);
    buffer_free(&cookies);
    return back;
}

/* The longest judgement, beside a profile that fills the cookie and more. */
static void comes_through_the_cookie(void **state) {
    (void)state;
    char bio[3000];
    struct config config;
    struct session session = make_session("{\"id\":\"1\"}");
    sample_config(&config);
    cJSON_AddStringToObject(session.profile, "bio", repeat(bio, "\x01", sizeof bio - 1));
    cJSON_AddStringToObject(session.profile, "judged", "no key of a profile");
    repeat(session.judged, "j", SESSION_JUDGED_SIZE - 1);
    for (int i = 0; i < 2; i++) {
        struct session back = bring_through_cookie(&config, &session);
        assert_string_equal(back.judged, session.judged);
        assert_string_equal(json_string(back.profile, "judged"), "no key of a profile");
        assert_false(back.asked);
        session_clear(&back);
        session.judged[0] = '\0';
    }
    session_clear(&session);
    sample_config_clear(&config);
}

/* A cookie of a version without a gate opens; what is no judgement is none. */
static void opens_older_and_odd_cookies(void **state) {
    (void)state;
    static const struct {
        const char *member, *judged;
    } rows[] = {{"", ""},         {",\"&\":\"" MARK ":B\"", MARK ":B"}, {",\"judged\":\"" MARK ":B\"", MARK ":B"},
                {",\"&\":5", ""}, {",\"&\":{\"0\":\"x\"}", ""},         {",\"&\":\"" MARK ":BBBBBBBBBBBB\"", ""}};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer text = BUFFER_EMPTY, cookie = BUFFER_EMPTY;
        struct session session;
        struct error error;
        buffer_append_text(&cookie, SESSION_COOKIE "=");
        buffer_append_format(&text, "{\"0\":\"a\",\"1\":\"instagram\",\"2\":1,\"3\":2,\"4\":3,\"5\":{\"0\":\"1\"}%s}",
                             rows[i].member);
        assert_int_equal(
            seal_close(&config.keys, KEY_FOR_SESSION, "", SAMPLE_NOW + 9, buffer_text(&text), text.len, &cookie),
            SEAL_DONE);
        const struct request request = sample_request(buffer_text(&cookie));
        assert_int_equal(session_read(&config, &request, &session, &error), ERROR_NONE);
        assert_row(same(session.judged, rows[i].judged), rows[i].member);
        session_clear(&session);
        buffer_free(&text);
        buffer_free(&cookie);
    }
    sample_config_clear(&config);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(judges_each_rule),
                                       cmocka_unit_test(keeps_a_bit_for_each),
                                       cmocka_unit_test(believes_no_odd_judgement),
                                       cmocka_unit_test(judges_by_the_cookie_otherwise),
                                       cmocka_unit_test(a_site_without_rules_keeps_nothing),
                                       cmocka_unit_test(comes_through_the_cookie),
                                       cmocka_unit_test(opens_older_and_odd_cookies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
