/* session.c: a session written is read again; what is no session (another key, provider, purpose, expired, altered, no
 * token inside); when the store is asked again; the longest real profile and the most hostile one fit a cookie and the
 * response's headers; what is shortened first, at whole characters; removal only where a cookie came.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "base/buffer.h"
#include "base/text.h"
#include "seal/seal.h"
#include "session/session.h"
#include "session/session_keys.h"

enum { LIFETIME = 14 * SECONDS_PER_DAY, HEADERS_MAX = RESPONSE_HEADERS_MAX - RESPONSE_SERVER_HEADERS_MAX };

static struct session make_session(const char *profile) {
    struct session session = {
        .provider = "instagram", .signed_in = SAMPLE_NOW - 9, .checked = SAMPLE_NOW, .expires = SAMPLE_NOW + LIFETIME};
    repeat(session.id, "i", SESSION_ID_SIZE - 1);
    session.profile = sample_json(profile);
    return session;
}

/* Writes the session beside so many bytes of other headers, and reads it back as the browser's next request brings it.
 * The size of the whole response's headers is put into *size. */
static bool round_trip_beside(const struct config *config, const struct session *session, int status, size_t other,
                              struct session *back, size_t *size) {
    struct request request = sample_request("");
    struct response response = {.status = status};
    struct buffer cookies = BUFFER_EMPTY, whole = BUFFER_EMPTY;
    struct error error;
    static char value[8192];
    if (other != 0)
        response_header(&response, "X", repeat(value, "x", other - strlen("X: \r\n")));
    assert_int_equal(session_write(config, &request, session, &response, &error), ERROR_NONE);
    assert_true(response_is_whole(&response));
    sample_take_cookies(&response, &cookies);
    assert_true(strlen(strstr(buffer_text(&response.headers), SESSION_COOKIE)) - 2 <= COOKIE_MAX);
    response_append(&response, true, &whole);
    *size = whole.len;
    buffer_free(&whole);
    request.cookies = buffer_text(&cookies);
    const bool read = session_read(config, &request, back, &error) == ERROR_NONE;
    response_free(&response);
    buffer_free(&cookies);
    return read;
}

static bool round_trip(const struct config *config, const struct session *session, struct session *back, size_t *size) {
    return round_trip_beside(config, session, 200, 0, back, size);
}

static void comes_back(void **state) {
    (void)state;
    struct config config;
    struct session session = make_session(
                       "{\"id\":\"17841405793187218123\",\"username\":\"anna\",\"bio\":\"a\\n\\\"b\xC3\xA9\","
                       "\"counts\":{\"media\":7,\"follows\":0}}"),
                   back;
    size_t size;
    sample_config(&config);
    assert_true(round_trip(&config, &session, &back, &size));
    assert_string_equal(back.id, session.id);
    assert_string_equal(back.provider, "instagram");
    assert_int_equal(back.signed_in, session.signed_in);
    assert_int_equal(back.checked, session.checked);
    assert_int_equal(back.expires, session.expires);
    assert_true(cJSON_Compare(back.profile, session.profile, true));
    session_clear(&back);
    session_clear(&back);
    session_clear(&session);
    sample_config_clear(&config);
}

/* Any field by its type; and never a token, should one have come so far: neither by its name nor by its type. */
static void keeps_fields_by_their_type(void **state) {
    (void)state;
    struct config config;
    struct session
        session = make_session(
            "{\"accessToken\":\"SECRET\",\"refreshToken\":\"SECRET\",\"token\":{\"a\":1},\"access_token\":"
            "\"SECRET\",\"refresh_token\":\"SECRET\",\"tokenSecret\":\"SECRET\",\"headline\":\"x\",\"id\":\"1\","
            "\"email_verified\":false,\"level\":4.5,\"list\":[\"SECRET\"],\"object\":{\"a\":\"SECRET\"},"
            "\"none\":null,\"counts\":{\"media\":1,\"stars\":2,\"follows\":\"x\"},\"username\":5}"),
        back;
    size_t size;
    sample_config(&config);
    assert_true(round_trip(&config, &session, &back, &size));
    char *printed = json_print(back.profile);
    assert_string_equal(printed, "{\"id\":\"1\",\"email_verified\":false,\"headline\":\"x\",\"level\":4.5,"
                                 "\"counts\":{\"media\":1,\"stars\":2}}");
    json_free_text(printed);
    session_clear(&back);
    session_clear(&session);
    sample_config_clear(&config);
}

/* Seals any text as a session cookie and asks whether it is read. */
static bool reads_text(const struct config *config, enum key_purpose purpose, int64_t expires, const char *text) {
    struct buffer cookies = BUFFER_EMPTY;
    struct session session;
    buffer_append_text(&cookies, SESSION_COOKIE "=");
    assert_int_equal(seal_close(&config->keys, purpose, "", expires, text, strlen(text), &cookies), SEAL_DONE);
    const struct request request = sample_request(buffer_text(&cookies));
    struct error error;
    const bool read = session_read(config, &request, &session, &error) == ERROR_NONE;
    session_clear(&session);
    buffer_free(&cookies);
    return read;
}

static void refuses_other_sealed_things(void **state) {
    (void)state;
    static const char good[] =
        "{\"id\":\"a\",\"provider\":\"instagram\",\"signed_in\":1,\"checked\":1,\"expires\":2,\"profile\":{}}";
    static const char *const rows[] = {
        "",
        "{}",
        "[]",
        "null",
        "{\"id\":\"a\",\"provider\":\"gone\",\"signed_in\":1,\"checked\":1,\"expires\":2,\"profile\":{}}",
        "{\"id\":\"\",\"provider\":\"instagram\",\"signed_in\":1,\"checked\":1,\"expires\":2,\"profile\":{}}",
        "{\"id\":\"0123456789012345678901234567890123456789abcd\",\"provider\":\"instagram\",\"signed_in\":1,"
        "\"checked\":1,\"expires\":"
        "2,\"profile\":{}}",
        "{\"id\":\"a\",\"provider\":\"instagram\",\"signed_in\":1,\"checked\":\"x\",\"expires\":2,\"profile\":{}}",
        "{\"id\":\"a\",\"provider\":\"instagram\",\"signed_in\":1,\"checked\":1,\"profile\":{}}",
        "{\"id\":\"a\",\"provider\":\"instagram\",\"signed_in\":1,\"checked\":1,\"expires\":2,\"profile\":[]}",
        "{\"id\":1,\"provider\":\"instagram\",\"signed_in\":1,\"checked\":1,\"expires\":2,\"profile\":{}}"};
    struct config config;
    sample_config(&config);
    assert_true(reads_text(&config, KEY_FOR_SESSION, SAMPLE_NOW + 1, good));
    assert_false(reads_text(&config, KEY_FOR_SESSION, SAMPLE_NOW, good));
    assert_false(reads_text(&config, KEY_FOR_PENDING_LOGIN, SAMPLE_NOW + 1, good));
    assert_false(reads_text(&config, KEY_FOR_TOKEN, SAMPLE_NOW + 1, good));
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(!reads_text(&config, KEY_FOR_SESSION, SAMPLE_NOW + 1, rows[i]), rows[i]);
    sample_config_clear(&config);
}

static void refuses_cookies_that_are_not_ours(void **state) {
    (void)state;
    static const char *const rows[] = {"",
                                       "a=b",
                                       SESSION_COOKIE "=",
                                       SESSION_COOKIE "=x",
                                       SESSION_COOKIE "=%00",
                                       SESSION_COOKIE "=\xFF\xFE",
                                       "__host-cgi_login_session=AAAA"};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct session session;
        const struct request request = sample_request(rows[i]);
        struct error error;
        assert_row(session_read(&config, &request, &session, &error) == ERROR_NOT_SIGNED_IN, rows[i]);
        session_clear(&session);
    }
    sample_config_clear(&config);
}

static void asks_the_store_in_time(void **state) {
    (void)state;
    static const struct {
        int64_t checked_before, recheck;
        bool due;
    } rows[] = {{0, 300, false}, {299, 300, false}, {300, 300, true}, {301, 300, true}, {-1, 300, true}, {0, 0, true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct config config = {.session_recheck = rows[i].recheck};
        const struct request request = sample_request("");
        const struct session session = {.checked = SAMPLE_NOW - rows[i].checked_before};
        assert_int_equal(session_is_due(&config, &request, &session), rows[i].due);
    }
}

static void ids_come_from_the_state(void **state) {
    (void)state;
    struct config config, other;
    char first[SESSION_ID_SIZE], again[SESSION_ID_SIZE], second[SESSION_ID_SIZE], elsewhere[SESSION_ID_SIZE];
    sample_config(&config);
    sample_config(&other);
    assert_true(session_id_from_state(&config, "state-1", first));
    assert_true(session_id_from_state(&config, "state-1", again));
    assert_true(session_id_from_state(&config, "state-2", second));
    assert_true(session_id_from_state(&other, "state-1", elsewhere));
    assert_int_equal(strlen(first), SESSION_ID_SIZE - 1);
    assert_string_equal(first, again);
    assert_string_not_equal(first, second);
    assert_string_not_equal(first, elsewhere);
    sample_config_clear(&config);
    sample_config_clear(&other);
}

/* What Instagram allows: a bio of 150 characters, names of 30; a picture URL is signed and long. */
static cJSON *longest_real_profile(void) {
    char text[2048];
    cJSON *profile = sample_json(
        "{\"id\":\"17841405793187218123\",\"user_id\":\"17841405793187218123\",\"account_type\":\"MEDIA_CREATOR\","
        "\"counts\":{\"media\":999999999,\"follows\":999999999,\"followed_by\":999999999}}");
    cJSON_AddStringToObject(profile, "username", repeat(text, "u", 30));
    cJSON_AddStringToObject(profile, "full_name", repeat(text, "\xF0\x9F\x98\x80", 64));
    cJSON_AddStringToObject(profile, "bio", repeat(text, "\xF0\x9F\x98\x80", 150));
    memcpy(text, "https://x.example/", 18);
    repeat(text + 18, "p", 900 - 18);
    cJSON_AddStringToObject(profile, "profile_picture", text);
    repeat(text + 18, "w", 256 - 18);
    cJSON_AddStringToObject(profile, "website", text);
    return profile;
}

static void longest_real_profile_fits_whole(void **state) {
    (void)state;
    struct config config;
    struct session session = make_session("{}"), back;
    size_t size;
    json_free(session.profile);
    session.profile = longest_real_profile();
    sample_config(&config);
    assert_true(round_trip_beside(&config, &session, 302, 300, &back, &size));
    assert_true(size <= HEADERS_MAX);
    assert_true(cJSON_Compare(back.profile, session.profile, true));
    session_clear(&back);
    session_clear(&session);
    sample_config_clear(&config);
}

/* A picture's URL of 2,048 bytes comes back beside the headers of a callback, and of a page; a long text gives way. */
static void the_longest_picture_fits(void **state) {
    (void)state;
    static const size_t others[] = {300, 415};
    static char text[4096];
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(others); i++) {
        struct session session =
                           make_session("{\"id\":\"17841405793187218123\",\"user_id\":\"17841405793187218123\","
                                        "\"username\":\"harbour.bakery\",\"full_name\":\"Harbour Bakery\","
                                        "\"website\":\"https://bakery.example/menu?lang=en&season=winter\","
                                        "\"account_type\":\"BUSINESS\",\"counts\":{\"media\":1320,\"follows\":420,"
                                        "\"followed_by\":3410}}"),
                       back;
        size_t size;
        memcpy(text, "https://x.example/", 18);
        repeat(text + 18, "p", 2048 - 18);
        cJSON_AddStringToObject(session.profile, "profile_picture", text);
        cJSON *expected = cJSON_Duplicate(session.profile, true);
        cJSON_AddStringToObject(session.profile, "bio", repeat(text, "b", 2200));
        assert_true(round_trip_beside(&config, &session, 200, others[i], &back, &size));
        assert_true(size <= HEADERS_MAX);
        json_free(cJSON_DetachItemFromObject(back.profile, "bio"));
        assert_true(cJSON_Compare(back.profile, expected, true));
        json_free(expected);
        session_clear(&back);
        session_clear(&session);
    }
    sample_config_clear(&config);
}

/* What has no room beside a long Location is asked of the store again by the next page; beside a page it is not. */
static void what_a_redirect_leaves_out_comes_back(void **state) {
    (void)state;
    static const struct {
        int status;
        size_t other;
        bool whole, checked;
    } rows[] = {{302, 300, true, true}, {302, 3000, false, false}, {200, 300, true, true}, {200, 3000, false, true}};
    char bio[501];
    struct config config;
    sample_config(&config);
    repeat(bio, "b", 500);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct session session = make_session("{\"id\":\"17841405793187218123\"}"), back;
        size_t size;
        cJSON_AddStringToObject(session.profile, "bio", bio);
        assert_true(round_trip_beside(&config, &session, rows[i].status, rows[i].other, &back, &size));
        assert_true(size <= HEADERS_MAX);
        assert_int_equal(same(json_string(back.profile, "bio"), bio), rows[i].whole);
        assert_int_equal(back.checked, rows[i].checked ? session.checked : 0);
        session_clear(&back);
        session_clear(&session);
    }
    sample_config_clear(&config);
}

/* As much as a provider file can map, each value as long as it can be, of what grows most as JSON. */
static cJSON *hostile_profile(const char *part) {
    static const char *const fields[] = {"id",  "user_id", "username",     "full_name", "profile_picture",
                                         "bio", "website", "account_type", "unknown",   "email"};
    static char text[PROFILE_FIELD_MAX + 8];
    char name[PROFILE_FIELD_NAME_MAX + 1];
    cJSON *profile = sample_json(
        "{\"reconnect\":true,\"email_verified\":true,"
        "\"counts\":{\"media\":1e308,\"follows\":-1.7976931348623157e+308,\"followed_by\":0.1234567890123456}}");
    for (size_t i = 0; i < COUNT(fields); i++) {
        const size_t max = i < 2 ? PROVIDER_ID_MAX : PROFILE_FIELD_MAX - 1;
        cJSON_AddStringToObject(profile, fields[i], repeat(text, part, max / strlen(part)));
    }
    cJSON *groups = cJSON_AddArrayToObject(profile, "groups");
    for (int i = 0; i < GROUPS_MAX; i++)
        cJSON_AddItemToArray(groups, cJSON_CreateString(repeat(text, part, GROUP_MAX / strlen(part))));
    for (int i = 0; i < PROFILE_FIELDS_MAX; i++) {
        snprintf(name, sizeof name, "%038d%02d", i, i);
        if (i % 3 == 0)
            cJSON_AddStringToObject(profile, name, repeat(text, part, (size_t)i));
        else if (i % 3 == 1)
            cJSON_AddNumberToObject(profile, name, -1.7976931348623157e+308);
        else
            cJSON_AddFalseToObject(profile, name);
        cJSON_AddNumberToObject(json_member(profile, "counts"), name, 999999999999999);
    }
    return profile;
}

static void hostile_profiles_fit(void **state) {
    (void)state;
    static const char *const parts[] = {
        "\"", "\\", "\x01", "\x1F", "\n", "\x7F", "<", "\xF0\x9F\x98\x80", "\xE2\x80\xA8", "a", "\x01\xF0\x9F\x98\x80"};
    static const size_t others[] = {0, 300, 2000, 2200, 5000};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(parts) * COUNT(others); i++) {
        const char *part = parts[i / COUNT(others)];
        const size_t other = others[i % COUNT(others)];
        struct session session = make_session("{}"), back;
        size_t size;
        json_free(session.profile);
        session.profile = hostile_profile(part);
        repeat(session.provider, "p", PROVIDER_NAME_MAX);
        cJSON_AddObjectToObject(json_member(config.document, "providers"), session.provider);
        session.expires = SAMPLE_NOW + (int64_t)400 * SECONDS_PER_DAY;
        assert_row(round_trip_beside(&config, &session, 302, other, &back, &size), part);
        assert_row(size <= HEADERS_MAX || other > HEADERS_MAX, part);
        assert_row(json_string(back.profile, "id") != NULL, part);
        session_clear(&back);
        session_clear(&session);
    }
    sample_config_clear(&config);
}

static bool is_whole_text(const char *text) {
    for (size_t at = 0, len = strlen(text), size = 0; at < len; at += size)
        if ((size = text_character(text + at, len - at)) == 0)
            return false;
    return true;
}

static void shortens_at_whole_characters(void **state) {
    (void)state;
    static const char *const parts[] = {
        "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "a\xF0\x9F\x98\x80", "\xC3\xA9\xE2\x82\xAC"};
    char bio[4000];
    for (size_t i = 0; i < COUNT(parts); i++) {
        cJSON *profile = sample_json("{\"id\":\"1\"}");
        cJSON_AddStringToObject(profile, "bio", repeat(bio, parts[i], 3000 / strlen(parts[i])));
        cJSON *trimmed = session_trim(profile);
        for (size_t excess = 1; json_string(trimmed, "bio") != NULL; excess = excess * 2 + 1) {
            const char *text = json_string(trimmed, "bio");
            assert_row(is_whole_text(text), parts[i]);
            assert_row(strlen(text) < strlen(bio) && contains(text, "…"), parts[i]);
            assert_row(strncmp(text, bio, strlen(text) - strlen("…")) == 0, parts[i]);
            assert_true(session_shorten(trimmed, excess));
        }
        assert_false(session_shorten(trimmed, 1));
        assert_string_equal(json_string(trimmed, "id"), "1");
        json_free(trimmed);
        json_free(profile);
    }
}

#define B25 "bbbbbbbbbbbbbbbbbbbbbbbbb"
#define B100 B25 B25 B25 B25
#define C25 "ccccccccccccccccccccccccc"

/* What is taken away for a profile that is so much too long, step by step. */
static void shortens_the_longest_first(void **state) {
    (void)state;
    static const struct {
        const char *profile;
        size_t excess;
        const char *shorter;
    } rows[] = {/* Of texts the longest, by what is needed, and not below the next longest before that one's turn. */
                {"{\"id\":\"1\",\"bio\":\"" B100 "\",\"a\":\"" C25 C25 C25 "\"}", 10,
                 "{\"id\":\"1\",\"bio\":\"" B25 B25 B25 "bbbbbbbbbbbb…\",\"a\":\"" C25 C25 C25 "\"}"},
                {"{\"id\":\"1\",\"bio\":\"" B100 "\",\"a\":\"" C25 C25 C25 "\"}", 90,
                 "{\"id\":\"1\",\"bio\":\"" B25 B25 "bbbbbbbbbbbbbbbbbbbbbb…\",\"a\":\"" C25 C25 C25 "\"}"},
                /* A link that is cut would lead elsewhere: it stays whole, or goes. */
                {"{\"id\":\"1\",\"bio\":\"" B100 "\",\"website\":\"https://a.example/" B100 B100 "\"}", 20,
                 "{\"id\":\"1\",\"bio\":\"" B25 B25 B25 "bb…\",\"website\":\"https://a.example/" B100 B100 "\"}"},
                /* Then further fields, the last first. */
                {"{\"id\":\"1\",\"bio\":\"b\",\"a\":\"https://a.example/" B100 "\",\"b\":true}", 5,
                 "{\"id\":\"1\",\"bio\":\"b\",\"a\":\"https://a.example/" B100 "\"}"},
                {"{\"id\":\"1\",\"bio\":\"b\",\"a\":\"" B100 "@a.example\"}", 5, "{\"id\":\"1\",\"bio\":\"b\"}"},
                /* Of picture and website the one whose loss is enough, or the longer. */
                {"{\"id\":\"1\",\"profile_picture\":\"https://a.example/" B100 "\",\"website\":\"https://a.example/\"}",
                 5, "{\"id\":\"1\",\"profile_picture\":\"https://a.example/" B100 "\"}"},
                {"{\"id\":\"1\",\"profile_picture\":\"https://a.example/" B100 "\",\"website\":\"https://a.example/\"}",
                 50, "{\"id\":\"1\",\"website\":\"https://a.example/\"}"},
                {"{\"id\":\"1\",\"profile_picture\":\"https://a.example/" B100 "\",\"website\":\"https://a.example/\"}",
                 500, "{\"id\":\"1\",\"website\":\"https://a.example/\"}"},
                {"{\"id\":\"1\",\"username\":\"u\",\"reconnect\":true,\"counts\":{\"a\":1,\"b\":2}}", 500,
                 "{\"id\":\"1\",\"username\":\"u\",\"reconnect\":true,\"counts\":{\"a\":1}}"},
                {"{\"id\":\"1\",\"username\":\"u\",\"counts\":{\"a\":1}}", 500, "{\"id\":\"1\",\"username\":\"u\"}"},
                {"{\"id\":\"1\",\"username\":\"u\",\"bio\":\"b\"}", 500, "{\"id\":\"1\",\"username\":\"u\"}"},
                /* What rules ask for goes last, the groups first. */
                {"{\"id\":\"1\",\"username\":\"u\",\"email\":\"" C25 C25 C25 "@b.example\",\"groups\":[\"a\",\"b\"]}",
                 5, "{\"id\":\"1\",\"email\":\"" C25 C25 C25 "@b.example\",\"groups\":[\"a\",\"b\"]}"},
                {"{\"id\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true,\"groups\":[\"a\",\"b\"]}", 500,
                 "{\"id\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true,\"groups\":[\"a\"]}"},
                {"{\"id\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true,\"groups\":[\"a\"]}", 500,
                 "{\"id\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true}"},
                {"{\"id\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true}", 500,
                 "{\"id\":\"1\",\"email\":\"a@b.example\"}"},
                {"{\"id\":\"1\",\"email\":\"a@b.example\"}", 500, "{\"id\":\"1\"}"},
                {"{\"id\":\"1\"}", 500, "{\"id\":\"1\"}"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *profile = sample_json(rows[i].profile);
        assert_int_equal(session_shorten(profile, rows[i].excess), strcmp(rows[i].profile, rows[i].shorter) != 0);
        char *printed = json_print(profile);
        assert_string_equal(printed, rows[i].shorter);
        json_free_text(printed);
        json_free(profile);
    }
}

/* Of groups as many as there is room for, those that come first. */
static void bounds_groups(void **state) {
    (void)state;
    static const struct {
        size_t len;
        int count, kept;
    } rows[] = {{2, SESSION_GROUPS_MAX, SESSION_GROUPS_MAX},
                {2, SESSION_GROUPS_MAX + 1, SESSION_GROUPS_MAX},
                {2, GROUPS_MAX, SESSION_GROUPS_MAX},
                {GROUP_MAX, 20, SESSION_GROUPS_BYTES / (GROUP_MAX + 3)},
                {SESSION_GROUPS_BYTES, 1, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[SESSION_GROUPS_BYTES + 1];
        cJSON *profile = sample_json("{\"id\":\"1\"}"), *groups = cJSON_AddArrayToObject(profile, "groups");
        for (int j = 0; j < rows[i].count; j++)
            cJSON_AddItemToArray(groups, cJSON_CreateString(repeat(text, "g", rows[i].len)));
        cJSON *trimmed = session_trim(profile);
        assert_int_equal(cJSON_GetArraySize(json_member(trimmed, "groups")), rows[i].kept);
        assert_int_equal(json_member(trimmed, "groups") != NULL, rows[i].kept != 0);
        json_free(trimmed);
        json_free(profile);
    }
}

/* Nothing of counts that hold none is shown, and nothing of groups that are no texts. */
static void trims_what_no_page_shows(void **state) {
    (void)state;
    static const char *const rows[] = {"{\"id\":\"1\",\"counts\":{}}",
                                       "{\"id\":\"1\",\"counts\":{\"media\":null}}",
                                       "{\"id\":\"1\",\"bio\":null,\"counts\":[1]}",
                                       "{\"id\":\"1\",\"groups\":[]}",
                                       "{\"id\":\"1\",\"groups\":\"a\",\"email_verified\":\"true\"}",
                                       "{\"id\":\"1\",\"groups\":[{\"SECRET\":1}]}"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *profile = sample_json(rows[i]), *trimmed = session_trim(profile);
        char *printed = json_print(trimmed);
        assert_string_equal(printed, "{\"id\":\"1\"}");
        json_free_text(printed);
        json_free(trimmed);
        json_free(profile);
    }
}

/* A link or an id that is cut would lead elsewhere: it is left out. */
static void drops_what_is_no_use_cut(void **state) {
    (void)state;
    char text[3000];
    cJSON *profile = cJSON_CreateObject();
    cJSON_AddStringToObject(profile, "website", repeat(text, "w", 2049));
    cJSON_AddStringToObject(profile, "profile_picture", repeat(text, "p", 2049));
    cJSON_AddStringToObject(profile, "username", "anna");
    cJSON_AddNumberToObject(profile, "bio", 5);
    cJSON *trimmed = session_trim(profile);
    char *printed = json_print(trimmed);
    assert_string_equal(printed, "{\"username\":\"anna\"}");
    json_free_text(printed);
    json_free(trimmed);
    json_free(profile);
}

/* A response that is not made yet leaves no known room. */
static void wants_the_response_first(void **state) {
    (void)state;
    struct config config;
    struct session session = make_session("{}");
    struct response response = {.status = 0};
    const struct request request = sample_request("");
    struct error error;
    sample_config(&config);
    assert_int_equal(session_write(&config, &request, &session, &response, &error), ERROR_INTERNAL);
    assert_int_equal(response.headers.len, 0);
    session_clear(&session);
    sample_config_clear(&config);
}

/* A cookie's text is short: each of four bytes there is three here. */
static void keys_are_short_and_come_back(void **state) {
    (void)state;
    static const struct {
        const char *value, *shortened;
    } rows[] = {
        {"{}", "{}"},
        {"{\"id\":\"a\",\"provider\":\"p\",\"signed_in\":1,\"checked\":2,\"expires\":3,\"profile\":{\"id\":\"b\","
         "\"user_id\":\"c\",\"username\":\"d\",\"full_name\":\"e\",\"profile_picture\":\"f\",\"bio\":\"g\","
         "\"website\":\"h\",\"counts\":{\"media\":4,\"follows\":5,\"followed_by\":6,\"stars\":7},"
         "\"account_type\":\"i\",\"reconnect\":true,\"headline\":\"j\"}}",
         "{\"0\":\"a\",\"1\":\"p\",\"2\":1,\"3\":2,\"4\":3,\"5\":{\"0\":\"b\",\"6\":\"c\",\"7\":\"d\",\"8\":\"e\","
         "\"9\":\"f\",\":\":\"g\",\";\":\"h\",\"=\":{\">\":4,\"?\":5,\"@\":6,\"stars\":7},\"<\":\"i\","
         "\"reconnect\":true,\"headline\":\"j\"}}"},
        {"{\"profile\":{\"id\":\"1\",\"email\":\"a@b.example\",\"email_verified\":true,\"groups\":[\"id\",\"#\"]}}",
         "{\"5\":{\"0\":\"1\",\"#\":\"a@b.example\",\"$\":true,\"%\":[\"id\",\"#\"]}}"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *value = sample_json(rows[i].value), *shortened = session_keys_short(value);
        cJSON *back = session_keys_long(shortened), *twice = session_keys_long(back);
        char *printed = json_print(shortened), *printed_back = json_print(back);
        assert_string_equal(printed, rows[i].shortened);
        assert_string_equal(printed_back, rows[i].value);
        assert_true(json_equal(twice, value)); /* a cookie of an earlier version */
        json_free_text(printed);
        json_free_text(printed_back);
        json_free(value);
        json_free(shortened);
        json_free(back);
        json_free(twice);
    }
    cJSON *odd = sample_json("{\"A\":1,\"00\":2,\"/\":3,\"\":4}"), *same_keys = session_keys_long(odd);
    assert_true(json_equal(odd, same_keys));
    json_free(odd);
    json_free(same_keys);
}

static void removes_only_what_came(void **state) {
    (void)state;
    static const struct {
        const char *cookies;
        size_t removed;
    } rows[] = {{"", 0}, {"a=b", 0}, {SESSION_COOKIE "=x", 1}, {"a=b; " SESSION_COOKIE "=", 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct response response = {.status = 200};
        const struct request request = sample_request(rows[i].cookies);
        session_remove(&request, &response);
        assert_row(occurrences(buffer_text(&response.headers), "Set-Cookie: " SESSION_COOKIE "=; ") == rows[i].removed,
                   rows[i].cookies);
        assert_row(occurrences(buffer_text(&response.headers), "Max-Age=0\r\n") == rows[i].removed, rows[i].cookies);
        response_free(&response);
    }
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back),
                                       cmocka_unit_test(keeps_fields_by_their_type),
                                       cmocka_unit_test(refuses_other_sealed_things),
                                       cmocka_unit_test(refuses_cookies_that_are_not_ours),
                                       cmocka_unit_test(asks_the_store_in_time),
                                       cmocka_unit_test(ids_come_from_the_state),
                                       cmocka_unit_test(longest_real_profile_fits_whole),
                                       cmocka_unit_test(hostile_profiles_fit),
                                       cmocka_unit_test(the_longest_picture_fits),
                                       cmocka_unit_test(what_a_redirect_leaves_out_comes_back),
                                       cmocka_unit_test(shortens_at_whole_characters),
                                       cmocka_unit_test(shortens_the_longest_first),
                                       cmocka_unit_test(bounds_groups),
                                       cmocka_unit_test(trims_what_no_page_shows),
                                       cmocka_unit_test(wants_the_response_first),
                                       cmocka_unit_test(keys_are_short_and_come_back),
                                       cmocka_unit_test(drops_what_is_no_use_cut),
                                       cmocka_unit_test(removes_only_what_came)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
