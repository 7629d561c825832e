/* What store.h promises of every backend: each operation with its good and its bad case. Runs on an SQLite file of its
 * own, or on the store that CONTRACT_STORE names, whose plugin lies in CONTRACT_HOME/lib (tests/contract.sh starts a
 * server for it and drops the database).
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "sample.h"

#include "base/text.h"
#include "program/store_open.h"
#include "store/store.h"
#include "store/user.h"

#include <sys/wait.h>
#include <unistd.h>

static const int64_t NOW = SAMPLE_NOW;
static const int64_t LONG_AFTER = SAMPLE_NOW + 1000000;

static const char *const providers[] = {"instagram", "github", NULL};

static struct fixture {
    struct folder folder;
    char uri[PATH_MAX + 16];
    const char *home;
    bool is_sqlite;
    struct store *store;
    struct error error;
} fixture;

/* One function a row of what can be asked, so that failing and refused stores can be asked all of it. */

static enum error_code sign_in_with(const char *provider, const char *id, const char *profile_text,
                                    const char *credentials_text, const char *session_id, int64_t now) {
    cJSON *profile = sample_json(profile_text);
    struct credentials credentials = {.members = credentials_text != NULL ? sample_json(credentials_text) : NULL};
    const struct sign_in sign_in = {.provider = provider,
                                    .id = id,
                                    .profile = profile,
                                    .credentials = &credentials,
                                    .session_id = session_id,
                                    .now = now,
                                    .session_expires = now + 1000};
    const enum error_code code = store_sign_in(fixture.store, &sign_in, &fixture.error);
    json_free(profile);
    credentials_clear(&credentials);
    return code;
}

/* Signs the user in with a profile of the id alone. */
static void signs_in(const char *id, const char *session_id, int64_t now) {
    char profile[256];
    snprintf(profile, sizeof profile, "{\"id\":\"%s\"}", id);
    assert_row(sign_in_with("instagram", id, profile, NULL, session_id, now) == ERROR_NONE, fixture.error.cause);
}

/* Signs in at a provider, bound to a session (NULL: to none), with what the session keeps. */
static enum error_code sign_in_as(const char *provider, const char *id, const struct sign_in *more) {
    char text[256];
    snprintf(text, sizeof text, "{\"id\":\"%s\",\"username\":\"%s\"}", id, provider);
    cJSON *profile = sample_json(text);
    const struct credentials none = {.members = NULL};
    struct sign_in sign_in = *more;
    sign_in.provider = provider;
    sign_in.id = id;
    sign_in.profile = profile;
    sign_in.credentials = &none;
    sign_in.now = more->now != 0 ? more->now : NOW;
    sign_in.session_expires = sign_in.now + 1000;
    fixture.error.cause[0] = '\0';
    const enum error_code code = store_sign_in(fixture.store, &sign_in, &fixture.error);
    json_free(profile);
    return code;
}

static enum error_code links(const char *provider, const char *id, const char *session_id, const char *link_to) {
    return sign_in_as(provider, id, &(struct sign_in){.session_id = session_id, .link_to = link_to});
}

static enum error_code user_find(const char *provider, const char *id, bool or_user_id, cJSON **user) {
    const struct user_query query = {.provider = provider, .id = id, .or_user_id = or_user_id};
    return store_user_find(fixture.store, &query, user, &fixture.error);
}

/* The document (json_free), or NULL. */
static cJSON *find(const char *id) {
    cJSON *user = NULL;
    assert_row(user_find("instagram", id, false, &user) == ERROR_NONE, fixture.error.cause);
    return user;
}

/* True if the account's user has this _id; NULL: if nobody has the account. */
static bool belongs_to(const char *provider, const char *id, const char *owner) {
    cJSON *user = NULL;
    assert_row(user_find(provider, id, false, &user) == ERROR_NONE, fixture.error.cause);
    const char *key = json_string(user, "_id");
    const bool right = owner != NULL ? same(key, owner) : user == NULL;
    if (!right)
        print_error("%s:%s belongs to %s\n", provider, id, key != NULL ? key : "nobody");
    json_free(user);
    return right;
}

/* True if the session shows this account of the user whose _id this is. */
static bool shows(const char *session_id, const char *owner, const char *provider, const char *id) {
    struct session_user user;
    assert_row(store_session_user(fixture.store, session_id, NOW, &user, &fixture.error) == ERROR_NONE,
               fixture.error.cause);
    const bool right = same(json_string(user.document, "_id"), owner) && strcmp(user.provider, provider) == 0 &&
                       same(json_string(json_member(user.document, provider), "id"), id);
    json_free(user.document);
    return right;
}

static bool exists(const char *id) {
    cJSON *user = find(id);
    json_free(user);
    return user != NULL;
}

static bool has_session(const char *session_id, int64_t now) {
    struct session_user user;
    assert_row(store_session_user(fixture.store, session_id, now, &user, &fixture.error) == ERROR_NONE,
               fixture.error.cause);
    json_free(user.document);
    return user.document != NULL;
}

static bool claims(const char *session_id, int64_t now) {
    bool claimed = false;
    const struct login_claim claim = {.session_id = session_id, .now = now, .remember_until = now + 660};
    assert_row(store_login_claim(fixture.store, &claim, &claimed, &fixture.error) == ERROR_NONE, fixture.error.cause);
    return claimed;
}

static struct login find_login(const char *session_id) {
    struct login login;
    assert_row(store_login_find(fixture.store, session_id, &login, &fixture.error) == ERROR_NONE, fixture.error.cause);
    return login;
}

static bool deletes(const char *id) {
    bool deleted = false;
    assert_row(store_user_delete(fixture.store, "instagram", id, &deleted, &fixture.error) == ERROR_NONE,
               fixture.error.cause);
    return deleted;
}

static void puts_user(const char *provider, const char *id, const char *text) {
    cJSON *document = sample_json(text);
    const struct store_user user = {.provider = provider, .id = id, .document = document};
    assert_row(store_users_put(fixture.store, &user, 1, &fixture.error) == ERROR_NONE, fixture.error.cause);
    json_free(document);
}

static bool puts_session(const char *id, const char *owner, int64_t expires) {
    bool written = false;
    const struct store_session session = {
        .id = id, .provider = "instagram", .owner = owner, .created = NOW, .expires = expires};
    assert_row(store_session_put(fixture.store, &session, &written, &fixture.error) == ERROR_NONE, fixture.error.cause);
    return written;
}

static bool request_is_seen(const char *hash, int64_t now, int64_t remember_until) {
    bool seen = true;
    const struct store_request request = {.hash = hash, .now = now, .remember_until = remember_until};
    assert_row(store_request(fixture.store, &request, &seen, &fixture.error) == ERROR_NONE, fixture.error.cause);
    return seen;
}

static bool changes(const char *id, const char *token, bool unless_leased, const char *patch_text) {
    bool changed = false;
    cJSON *patch = sample_json(patch_text);
    const struct account_change change = {
        .provider = "instagram", .id = id, .token = token, .unless_leased = unless_leased, .now = NOW, .patch = patch};
    assert_row(store_account_change(fixture.store, &change, &changed, &fixture.error) == ERROR_NONE,
               fixture.error.cause);
    json_free(patch);
    return changed;
}

/* Visitors: what they see, as text. */

static enum error_code collect_user(void *context, const char *provider, const char *id, const cJSON *document,
                                    struct error *error) {
    struct buffer *seen = context;
    assert_string_equal(provider, "instagram");
    buffer_append_format(seen, "%s%s,", document != NULL ? "" : "?", id);
    return strcmp(id, "stop") == 0 ? error_set(error, ERROR_INTERNAL, "stopped") : ERROR_NONE;
}

static enum error_code collect_session(void *context, const struct store_session *session, struct error *error) {
    struct buffer *seen = context;
    assert_string_equal(session->provider, "instagram");
    buffer_append_format(seen, "%s:%s:%d:%d,", session->id, session->owner, (int)(session->created - NOW),
                         (int)(session->expires - NOW));
    return strcmp(session->id, "stop") == 0 ? error_set(error, ERROR_INTERNAL, "stopped") : ERROR_NONE;
}

/* What the list of a user's sessions shows. */
static enum error_code list_session(void *context, const struct store_session *session, struct error *error) {
    struct buffer *seen = context;
    buffer_append_format(seen, "%s %s:%s %s %s,", session->id, session->provider, session->owner, session->agent,
                         session->sid != NULL ? session->sid : "-");
    return strcmp(session->id, "stop") == 0 ? error_set(error, ERROR_INTERNAL, "stopped") : ERROR_NONE;
}

static enum error_code delete_user(void *context, const char *provider, const char *id, const cJSON *document,
                                   struct error *error) {
    bool deleted;
    (void)context, (void)document;
    return store_user_delete(fixture.store, provider, id, &deleted, error);
}

/* What one of several processes does at once with the others: '1' if it has won, '0' if another has, '!' for a
 * fault. */
typedef char (*racer)(int number);

static char claim_it(int number) {
    bool claimed = false;
    const struct login_claim claim = {.session_id = "s3", .now = NOW, .remember_until = NOW + 660};
    (void)number;
    if (store_login_claim(fixture.store, &claim, &claimed, &fixture.error) != ERROR_NONE)
        return '!';
    return claimed ? '1' : '0';
}

/* Links the same account to the user of a session that bears the racer's number. */
static char link_it(int number) {
    char session[16], link_to[16];
    snprintf(session, sizeof session, "new%d", number);
    snprintf(link_to, sizeof link_to, "s%d", number);
    const enum error_code code = links("github", "g1", session, link_to);
    return code == ERROR_NONE ? '1' : code == ERROR_ACCOUNT_TAKEN ? '0' : '!';
}

static char sign_in_at_once(int number) {
    char session[16];
    snprintf(session, sizeof session, "again%d", number);
    return links("instagram", "7", session, NULL) == ERROR_NONE ? '1' : '!';
}

/* Each process has a store of its own, and tells its result by a byte. Its exit status tells nothing: valgrind has one
 * of its own for what such a process inherits. */
static void race_and_tell(racer race, int number, int result) {
    const char byte =
        store_open(fixture.uri, fixture.home, NULL, &fixture.store, &fixture.error) == ERROR_NONE ? race(number) : '!';
    _exit(write(result, &byte, 1) == 1 ? 0 : 1);
}

/* Counts those of several processes that have won. */
static int count_winners(racer race, int processes) {
    int result[2], wins = 0;
    char byte;
    assert_int_equal(pipe(result), 0);
    for (int i = 0; i < processes; i++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            race_and_tell(race, i, result[1]);
    }
    close(result[1]);
    for (int i = 0; i < processes; i++) {
        assert_int_equal(read(result[0], &byte, 1), 1);
        assert_true(byte == '0' || byte == '1');
        wins += byte == '1';
        assert_true(wait(NULL) > 0);
    }
    close(result[0]);
    return wins;
}

/* A store for each test: a new file, or the same database emptied. */

static void wipe(void) {
    assert_row(store_users_each(fixture.store, delete_user, NULL, &fixture.error) == ERROR_NONE, fixture.error.cause);
    assert_row(store_sessions_expire(fixture.store, LONG_AFTER, 10000, &fixture.error) == ERROR_NONE,
               fixture.error.cause);
    request_is_seen("wiped", LONG_AFTER, LONG_AFTER + 1);
}

static int open_store(void **state) {
    const char *uri = getenv("CONTRACT_STORE");
    const char *home = getenv("CONTRACT_HOME");
    (void)state;
    fixture = (struct fixture){.home = home != NULL ? home : "/", .is_sqlite = uri == NULL};
    folder_make(&fixture.folder);
    if (uri == NULL)
        snprintf(fixture.uri, sizeof fixture.uri, "sqlite://%s", folder_path(&fixture.folder, "users.db"));
    else
        snprintf(fixture.uri, sizeof fixture.uri, "%s", uri);
    assert_row(store_open(fixture.uri, fixture.home, NULL, &fixture.store, &fixture.error) == ERROR_NONE,
               fixture.error.cause);
    if (!fixture.is_sqlite)
        wipe();
    return 0;
}

static int close_store(void **state) {
    (void)state;
    store_close(fixture.store);
    folder_remove(&fixture.folder);
    return 0;
}

static void setup_and_probe(void **state) {
    (void)state;
    enum store_state found;
    assert_row(store_probe(fixture.store, &found, &fixture.error) == ERROR_NONE, fixture.error.cause);
    for (int times = 0; times < 2; times++) {
        assert_row(store_setup(fixture.store, providers, &fixture.error) == ERROR_NONE, fixture.error.cause);
        found = STORE_IS_ABSENT;
        assert_row(store_probe(fixture.store, &found, &fixture.error) == ERROR_NONE, fixture.error.cause);
        assert_int_equal(found, STORE_IS_READY);
    }
    struct buffer seen = BUFFER_EMPTY;
    assert_int_equal(store_users_each(fixture.store, collect_user, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(store_sessions_each(fixture.store, 0, collect_session, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(seen.len, 0);
    assert_true(store_is_current(fixture.store));
    store_close(NULL);
}

static void first_sign_in_makes_the_user(void **state) {
    (void)state;
    assert_false(exists("7"));
    assert_int_equal(sign_in_with("instagram", "7", "{\"id\":\"7\",\"bio\":\"\xC3\xA9'\\\"\",\"website\":null}",
                                  "{\"accessToken\":\"t\",\"refreshToken\":null}", "s1", NOW),
                     ERROR_NONE);
    cJSON *user = find("7");
    cJSON *expected = sample_json("{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\",\"bio\":\"\xC3\xA9'\\\"\","
                                  "\"accessToken\":\"t\"},\"createdAt\":{\"$date\":\"2025-11-24T16:00:00.000Z\"},"
                                  "\"lastLoginAt\":{\"$date\":\"2025-11-24T16:00:00.000Z\"}}");
    assert_true(json_equal(user, expected));
    json_free(expected);
    json_free(user);
}

static void next_sign_in_merges(void **state) {
    (void)state;
    /* Of another program: another _id, fields that are not ours, a number that a double would round. */
    puts_user("instagram", "7",
              "{\"_id\":{\"$oid\":\"507f1f77bcf86cd799439011\"},\"instagram\":{\"id\":\"7\",\"bio\":\"old\","
              "\"website\":\"w\",\"extra\":{\"$numberLong\":\"17841405793187218\"},\"full_name\":\"A\","
              "\"counts\":{\"media\":1,\"follows\":3,\"a\":2},"
              "\"token\":{\"expiresAt\":1,\"scopes\":[\"a\",\"b\"]}},\"theirs\":{\"x\":[1,2]},"
              "\"createdAt\":{\"$date\":\"2020-01-02T03:04:05.678Z\"}}");
    assert_int_equal(sign_in_with("instagram", "7",
                                  "{\"id\":\"7\",\"bio\":\"new\",\"full_name\":null,\"account_type\":null,"
                                  "\"counts\":{\"media\":5,\"follows\":null,\"followed_by\":null}}",
                                  "{\"token\":{\"expiresAt\":null,\"scopes\":[\"c\"]}}", "s1", NOW + 1),
                     ERROR_NONE);
    cJSON *user = find("7");
    cJSON *expected = sample_json(
        "{\"_id\":{\"$oid\":\"507f1f77bcf86cd799439011\"},\"instagram\":{\"id\":\"7\",\"bio\":\"new\","
        "\"website\":\"w\",\"extra\":{\"$numberLong\":\"17841405793187218\"},\"counts\":{\"media\":5,\"a\":2},"
        "\"token\":{\"scopes\":[\"c\"]}},\"theirs\":{\"x\":[1,2]},"
        "\"createdAt\":{\"$date\":\"2020-01-02T03:04:05.678Z\"},"
        "\"lastLoginAt\":{\"$date\":\"2025-11-24T16:00:01.000Z\"}}");
    char *printed = json_print(user);
    assert_row(json_equal(user, expected), printed);
    assert_true(has_session("s1", NOW + 1));
    json_free_text(printed);
    json_free(expected);
    json_free(user);
}

static void users_are_kept_apart(void **state) {
    (void)state;
    static const char *const ids[] = {
        "17841405793187218123", "17841405793187218124", "1", "01", "1 ", "a", "A", "x' OR '1'='1", "\xC3\xA9", "$ne"};
    for (size_t i = 0; i < COUNT(ids); i++) {
        char session[8];
        snprintf(session, sizeof session, "s%zu", i);
        signs_in(ids[i], session, NOW);
    }
    for (size_t i = 0; i < COUNT(ids); i++) {
        cJSON *user = find(ids[i]);
        assert_row(same(json_string(json_member(user, "instagram"), "id"), ids[i]), ids[i]);
        json_free(user);
    }
    cJSON *other = NULL;
    assert_int_equal(user_find("github", "1", false, &other), ERROR_NONE);
    assert_null(other);
}

static void login_is_claimed_once(void **state) {
    (void)state;
    assert_int_equal(find_login("s1").state, LOGIN_UNKNOWN);
    assert_true(claims("s1", NOW));
    assert_false(claims("s1", NOW));
    assert_false(claims("s1", NOW + 600));
    assert_true(claims("S1", NOW));
    assert_int_equal(find_login("s1").state, LOGIN_RUNNING);
    assert_int_equal(find_login("s1").claimed, NOW);
    assert_int_equal(find_login("s2").state, LOGIN_UNKNOWN);
    assert_int_equal(count_winners(claim_it, 8), 1);
    assert_false(claims("s3", NOW));
}

static void login_has_an_outcome(void **state) {
    (void)state;
    assert_true(claims("s1", NOW));
    assert_true(claims("s2", NOW));
    signs_in("7", "s1", NOW + 3);
    assert_int_equal(find_login("s1").state, LOGIN_SIGNED_IN);
    assert_int_equal(find_login("s1").signed_in, NOW + 3);
    assert_int_equal(find_login("s1").expires, NOW + 1003);
    assert_int_equal(store_login_fail(fixture.store, "s2", ERROR_NOT_ALLOWED, &fixture.error), ERROR_NONE);
    assert_int_equal(find_login("s2").state, LOGIN_FAILED);
    assert_int_equal(find_login("s2").failure, ERROR_NOT_ALLOWED);
    assert_false(claims("s1", NOW + 4));
    assert_false(claims("s2", NOW + 4));
    assert_int_equal(store_login_fail(fixture.store, "s9", ERROR_PROVIDER, &fixture.error), ERROR_NONE);
    assert_int_equal(find_login("s9").state, LOGIN_UNKNOWN);
}

/* Whatever ends the session: its login never gives it again. */
static void login_ends_with_its_session(void **state) {
    (void)state;
    static const char *const ids[] = {"s1", "s2", "s3", "s4"};
    for (size_t i = 0; i < COUNT(ids); i++) {
        assert_true(claims(ids[i], NOW));
        signs_in(i == 2 ? "8" : i == 3 ? "9" : "7", ids[i], NOW);
    }
    assert_true(claims("running", NOW));
    assert_int_equal(store_session_end(fixture.store, "s1", &fixture.error), ERROR_NONE);
    assert_int_equal(find_login("s1").state, LOGIN_ENDED);
    assert_int_equal(find_login("s2").state, LOGIN_SIGNED_IN);
    assert_int_equal(store_sessions_end(fixture.store, "instagram", "7", &fixture.error), ERROR_NONE);
    assert_int_equal(find_login("s2").state, LOGIN_ENDED);
    assert_int_equal(find_login("s3").state, LOGIN_SIGNED_IN);
    assert_true(deletes("8"));
    assert_int_equal(find_login("s3").state, LOGIN_ENDED);
    assert_int_equal(find_login("s4").state, LOGIN_SIGNED_IN);
    assert_int_equal(find_login("running").state, LOGIN_RUNNING);
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_false(claims(ids[i], NOW + 600));
}

static void old_claims_are_removed(void **state) {
    (void)state;
    assert_true(claims("s1", NOW));
    assert_true(claims("s2", NOW + 660)); /* SQLite */
    signs_in("7", "s3", NOW + 660);       /* MongoDB, where a TTL index has not done so */
    assert_int_equal(find_login("s1").state, LOGIN_UNKNOWN);
    assert_int_equal(find_login("s2").state, LOGIN_RUNNING);
}

static void session_id_works_once(void **state) {
    (void)state;
    signs_in("7", "s1", NOW);
    assert_int_equal(sign_in_with("instagram", "7", "{\"id\":\"7\"}", NULL, "s1", NOW + 5), ERROR_EXPIRED_LOGIN);
    assert_int_equal(sign_in_with("instagram", "8", "{\"id\":\"8\"}", NULL, "s1", NOW + 5), ERROR_EXPIRED_LOGIN);
    struct session_user owner;
    assert_int_equal(store_session_user(fixture.store, "s1", NOW, &owner, &fixture.error), ERROR_NONE);
    assert_string_equal(json_string(owner.document, "_id"), "instagram:7");
    assert_string_equal(owner.provider, "instagram");
    json_free(owner.document);
    signs_in("8", "s2", NOW + 5);
}

static void sessions_expire_and_end(void **state) {
    (void)state;
    assert_int_equal(store_session_end(fixture.store, "s1", &fixture.error), ERROR_NONE);
    signs_in("7", "s1", NOW);
    signs_in("7", "s2", NOW);
    assert_true(has_session("s1", NOW + 999));
    assert_false(has_session("s1", NOW + 1000));
    assert_false(has_session("S1", NOW));
    assert_false(has_session("", NOW));
    for (int times = 0; times < 2; times++)
        assert_int_equal(store_session_end(fixture.store, "s1", &fixture.error), ERROR_NONE);
    assert_false(has_session("s1", NOW));
    assert_true(has_session("s2", NOW));
}

static void removes_a_bounded_number_of_expired_sessions(void **state) {
    (void)state;
    struct buffer seen = BUFFER_EMPTY;
    signs_in("7", "s0", NOW);
    for (int i = 0; i < 7; i++) {
        char id[16];
        snprintf(id, sizeof id, "old%d", i);
        assert_true(puts_session(id, "7", NOW - 100));
    }
    assert_int_equal(store_sessions_expire(fixture.store, NOW - 101, 10, &fixture.error), ERROR_NONE);
    assert_int_equal(store_sessions_each(fixture.store, NOW - 200, collect_session, &seen, &fixture.error), ERROR_NONE);
    /* A server with a TTL index may have taken them all by now. */
    const size_t before = occurrences(buffer_text(&seen), "old");
    buffer_free(&seen);
    assert_int_equal(store_sessions_expire(fixture.store, NOW, 4, &fixture.error), ERROR_NONE);
    assert_int_equal(store_sessions_each(fixture.store, NOW - 200, collect_session, &seen, &fixture.error), ERROR_NONE);
    assert_true(occurrences(buffer_text(&seen), "old") == 3 || (before < 7 && !fixture.is_sqlite));
    assert_int_equal(occurrences(buffer_text(&seen), "s0"), 1);
    buffer_free(&seen);
    store_tidy(fixture.store, NOW); /* a sign-in with its house-keeping takes the rest */
    signs_in("7", "s1", NOW);
    assert_int_equal(store_sessions_each(fixture.store, NOW - 200, collect_session, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(occurrences(buffer_text(&seen), "old"), 0);
    buffer_free(&seen);
}

static void deletes_a_user_with_all_sessions(void **state) {
    (void)state;
    assert_false(deletes("7"));
    signs_in("7", "s1", NOW);
    signs_in("7", "s2", NOW);
    signs_in("8", "s3", NOW);
    assert_true(deletes("7"));
    assert_false(exists("7"));
    assert_false(has_session("s1", NOW) || has_session("s2", NOW));
    assert_true(exists("8") && has_session("s3", NOW));
    assert_false(deletes("7"));
}

static void ends_all_sessions_of_a_user(void **state) {
    (void)state;
    assert_int_equal(store_sessions_end(fixture.store, "instagram", "7", &fixture.error), ERROR_NONE);
    signs_in("7", "s1", NOW);
    signs_in("7", "s2", NOW);
    signs_in("8", "s3", NOW);
    assert_int_equal(store_sessions_end(fixture.store, "instagram", "7", &fixture.error), ERROR_NONE);
    assert_false(has_session("s1", NOW) || has_session("s2", NOW));
    assert_true(exists("7") && has_session("s3", NOW));
}

static void finds_by_either_id(void **state) {
    (void)state;
    static const struct {
        const char *id, *exact, *either;
    } rows[] = {{"7", "instagram:7", "instagram:7"},
                {"42", NULL, "instagram:7"},
                {"8", "instagram:8", "instagram:8"},
                {"9", NULL, NULL},
                {"", NULL, NULL}};
    sign_in_with("instagram", "7", "{\"id\":\"7\",\"user_id\":\"42\"}", NULL, "s1", NOW);
    sign_in_with("instagram", "8", "{\"id\":\"8\",\"user_id\":\"7\"}", NULL, "s2", NOW);
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int either = 0; either <= 1; either++) {
            cJSON *user = NULL;
            assert_row(user_find("instagram", rows[i].id, either == 1, &user) == ERROR_NONE, rows[i].id);
            assert_row(same(json_string(user, "_id"), either == 1 ? rows[i].either : rows[i].exact), rows[i].id);
            json_free(user);
        }
    }
}

/* The users a, b and c by parts: each part is the piece of the whole that it says. */
static void walks_parts_of_three(void) {
    static const struct {
        struct user_part part;
        size_t from, len; /* of the whole, "x,y,z," */
    } rows[] = {{{0, 2}, 0, 4},  {{1, 1}, 2, 2}, {{1, 50}, 2, 4},
                {{3, 50}, 0, 0}, {{0, 0}, 0, 0}, {{SIZE_MAX, SIZE_MAX}, 0, 0}};
    struct buffer whole = BUFFER_EMPTY;
    const struct user_part all = {0, 50};
    assert_int_equal(store_users_part(fixture.store, &all, collect_user, &whole, &fixture.error), ERROR_NONE);
    assert_int_equal(whole.len, 6);
    for (const char *id = "abc"; *id != '\0'; id++)
        assert_non_null(strchr(buffer_text(&whole), *id));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer seen = BUFFER_EMPTY;
        assert_int_equal(store_users_part(fixture.store, &rows[i].part, collect_user, &seen, &fixture.error),
                         ERROR_NONE);
        assert_int_equal(seen.len, rows[i].len);
        assert_memory_equal(buffer_text(&seen), buffer_text(&whole) + rows[i].from, rows[i].len);
        buffer_free(&seen);
    }
    buffer_free(&whole);
}

static void walks_users(void **state) {
    (void)state;
    struct buffer seen = BUFFER_EMPTY;
    assert_int_equal(store_users_each(fixture.store, collect_user, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(seen.len, 0);
    signs_in("b", "s1", NOW);
    signs_in("c", "s2", NOW + 5);
    signs_in("a", "s3", NOW + 9);
    signs_in("b", "s4", NOW + 12);
    assert_int_equal(store_users_each(fixture.store, collect_user, &seen, &fixture.error), ERROR_NONE);
    assert_string_equal(buffer_text(&seen), "b,c,a,");
    buffer_free(&seen);
    walks_parts_of_three();
    signs_in("stop", "s5", NOW + 15);
    signs_in("after", "s6", NOW + 16);
    assert_int_equal(store_users_each(fixture.store, collect_user, &seen, &fixture.error), ERROR_INTERNAL);
    assert_string_equal(buffer_text(&seen), "b,c,a,stop,");
    buffer_free(&seen);
}

/* More than are read at a time, and exactly as many. */
static void walks_many_users(void **state) {
    (void)state;
    for (int made = 0; made < 110; made++) {
        char id[16], session[16];
        struct buffer seen = BUFFER_EMPTY;
        snprintf(id, sizeof id, "u%d", made);
        snprintf(session, sizeof session, "s%d", made);
        signs_in(id, session, NOW);
        if (made % 50 != 49 && made != 109)
            continue;
        assert_int_equal(store_users_each(fixture.store, collect_user, &seen, &fixture.error), ERROR_NONE);
        assert_int_equal(occurrences(buffer_text(&seen), ","), made + 1);
        buffer_free(&seen);
    }
}

/* A document that cannot be read hides no other, and can be deleted. */
static void unreadable_document(void **state) {
    (void)state;
    struct buffer seen = BUFFER_EMPTY;
    signs_in("1", "s1", NOW);
    cJSON *document = sample_json("{\"_id\":\"instagram:2\",\"instagram\":{\"id\":\"2\"}}");
    cJSON *deepest = document;
    for (int depth = 0; depth < 70; depth++)
        deepest = cJSON_AddObjectToObject(deepest, "d");
    const struct store_user user = {.provider = "instagram", .id = "2", .document = document};
    assert_row(store_users_put(fixture.store, &user, 1, &fixture.error) == ERROR_NONE, fixture.error.cause);
    json_free(document);
    signs_in("3", "s3", NOW);
    cJSON *found = NULL;
    assert_int_equal(user_find("instagram", "2", false, &found), ERROR_STORE_UNAVAILABLE);
    assert_null(found);
    assert_int_equal(store_users_each(fixture.store, collect_user, &seen, &fixture.error), ERROR_NONE);
    assert_string_equal(buffer_text(&seen), "1,?2,3,");
    assert_true(deletes("2"));
    buffer_free(&seen);
}

static void changes_an_account_on_conditions(void **state) {
    (void)state;
    static const char lease[] = "{\"token\":{\"renewingUntil\":{\"$date\":\"2025-11-24T16:01:00.000Z\"}}}";
    assert_false(changes("7", NULL, false, "{\"bio\":\"x\"}"));
    sign_in_with("instagram", "7", "{\"id\":\"7\",\"bio\":\"b\"}", "{\"accessToken\":\"t1\"}", "s1", NOW);
    assert_false(changes("8", NULL, false, "{\"bio\":\"x\"}"));
    assert_false(changes("7", "t2", false, "{\"bio\":\"x\"}"));
    assert_true(changes("7", "t1", true, lease));
    assert_false(changes("7", "t1", true, lease));
    assert_true(changes("7", "t1", false, "{\"accessToken\":\"t2\",\"token\":{\"renewingUntil\":null}}"));
    assert_false(changes("7", "t1", true, lease));
    assert_true(changes("7", NULL, true, lease));
    assert_true(changes("7", NULL, false, "{\"token\":{\"renewingUntil\":{\"$date\":\"2025-11-24T16:00:00.000Z\"}}}"));
    assert_true(changes("7", NULL, true, "{\"token\":null}")); /* a lease until now is over */
    cJSON *user = find("7");
    cJSON *expected = sample_json("{\"id\":\"7\",\"bio\":\"b\",\"accessToken\":\"t2\"}");
    assert_true(json_equal(json_member(user, "instagram"), expected));
    json_free(expected);
    json_free(user);
}

/* Stores a token; of a time that is 0 nothing is said. */
static void has_token(const char *id, const char *token, int64_t obtained, int64_t expires, bool invalid) {
    char profile[64], credentials[256], session[32];
    cJSON *date = user_date(expires), *obtained_date = user_date(obtained);
    char *date_text = json_print(date), *obtained_text = json_print(obtained_date);
    snprintf(profile, sizeof profile, "{\"id\":\"%s\"}", id);
    snprintf(session, sizeof session, "session-%s", id);
    snprintf(credentials, sizeof credentials, "{\"accessToken\":%s,\"token\":{\"obtainedAt\":%s,\"expiresAt\":%s%s%s}}",
             token, obtained != 0 ? obtained_text : "null", expires != 0 ? date_text : "null",
             invalid ? ",\"invalidSince\":" : "", invalid ? date_text : "");
    assert_int_equal(sign_in_with("instagram", id, profile, credentials, session, NOW), ERROR_NONE);
    json_free_text(date_text);
    json_free_text(obtained_text);
    json_free(date);
    json_free(obtained_date);
}

static void finds_tokens_near_their_end(void **state) {
    (void)state;
    static const struct {
        struct token_query query;
        const char *found;
    } rows[] = {
        {{.after = "", .expires_before = SAMPLE_NOW + 100, .limit = 10}, "1,2,"},
        {{.after = "1", .expires_before = SAMPLE_NOW + 100, .limit = 10}, "2,"},
        {{.after = "", .expires_before = SAMPLE_NOW + 101, .limit = 10}, "1,2,3,"},
        {{.after = "", .expires_before = SAMPLE_NOW + 101, .limit = 2}, "1,2,"},
        {{.after = "3", .expires_before = SAMPLE_NOW + 101, .limit = 2}, ""},
        {{.after = "", .expires_before = SAMPLE_NOW + 100, .obtained_before = SAMPLE_NOW - 49, .limit = 10}, "1,2,7,"},
        {{.after = "", .expires_before = SAMPLE_NOW + 100, .obtained_before = SAMPLE_NOW - 50, .limit = 10}, "1,2,"},
        {{.after = "", .expires_before = 0, .obtained_before = SAMPLE_NOW, .limit = 10}, "7,"},
        {{.after = "", .expires_before = STORE_ANY_EXPIRY, .limit = 10}, "1,2,3,4,5,7,8,"},
        {{.after = "", .expires_before = STORE_ANY_EXPIRY, .except_prefix = "sealed:k1", .limit = 10}, "2,3,5,7,8,"},
        {{.after = "", .expires_before = 0, .limit = 10}, ""}};
    has_token("2", "\"sealed:k2\"", NOW, NOW + 50, false);
    has_token("1", "\"sealed:k1x\"", 0, NOW + 99, false);
    has_token("3", "\"plain\"", NOW - 1000, NOW + 100, false);
    has_token("4", "\"sealed:k1\"", NOW, NOW + 10, true); /* the provider does not take it any more */
    has_token("5", "\"plain\"", 0, 0, false);             /* no time is known */
    has_token("6", "null", NOW, NOW + 10, false);
    has_token("7", "\"plain\"", NOW - 50, 0, false); /* no end is known */
    has_token("8", "\"plain\"", NOW - 99, 0, false);
    assert_true(changes("8", NULL, false, "{\"token\":{\"invalidSince\":{\"$date\":\"2025-11-24T16:00:00.000Z\"}}}"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer seen = BUFFER_EMPTY;
        struct token_query query = rows[i].query;
        query.provider = "instagram";
        assert_row(store_tokens_each(fixture.store, &query, collect_user, &seen, &fixture.error) == ERROR_NONE,
                   fixture.error.cause);
        assert_row(same(buffer_text(&seen), rows[i].found), rows[i].found);
        query.provider = "github";
        assert_int_equal(store_tokens_each(fixture.store, &query, collect_user, &seen, &fixture.error), ERROR_NONE);
        assert_row(same(buffer_text(&seen), rows[i].found), rows[i].found);
        buffer_free(&seen);
    }
}

static void remembers_requests(void **state) {
    (void)state;
    assert_false(request_is_seen("h1", NOW, 0));
    assert_false(request_is_seen("h1", NOW, NOW + 10));
    assert_true(request_is_seen("h1", NOW, NOW + 10));
    assert_true(request_is_seen("h1", NOW + 9, 0));
    assert_false(request_is_seen("h1", NOW + 10, 0));
    assert_false(request_is_seen("h2", NOW, 0));
    assert_false(request_is_seen("h2", NOW + 10, NOW + 20)); /* h1 has ended, and goes */
    assert_false(request_is_seen("h1", NOW, 0));
}

/* Every type comes back as it was, over what was there. */
static void puts_whole_documents(void **state) {
    (void)state;
    static const char text[] =
        "{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\",\"user_id\":\"42\",\"n\":null,\"t\":true,\"i\":-5,"
        "\"big\":{\"$numberLong\":\"9007199254740993\"},\"d\":1.5,\"a\":[1,{},\"x\"],\"\xC3\xA9\":\"\xF0\x9F\x98\x80\"}"
        ","
        "\"createdAt\":{\"$date\":\"2020-01-02T03:04:05.678Z\"}}";
    sign_in_with("instagram", "7", "{\"id\":\"7\",\"bio\":\"gone\"}", NULL, "s1", NOW);
    puts_user("instagram", "7", text);
    cJSON *user = find("7"), *expected = sample_json(text);
    char *printed = json_print(user);
    assert_row(json_equal(user, expected), printed);
    assert_true(has_session("s1", NOW));
    json_free_text(printed);
    json_free(user);
    json_free(expected);
    assert_int_equal(user_find("instagram", "42", true, &user), ERROR_NONE);
    assert_non_null(user);
    json_free(user);
    assert_int_equal(store_users_put(fixture.store, NULL, 0, &fixture.error), ERROR_NONE);
}

static void moves_sessions(void **state) {
    (void)state;
    struct buffer seen = BUFFER_EMPTY;
    assert_false(puts_session("s1", "7", NOW + 10)); /* nobody is there yet */
    puts_user("instagram", "7", "{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\"}}");
    assert_true(puts_session("s1", "7", NOW + 10));
    assert_true(puts_session("s1", "7", NOW + 20));
    assert_true(puts_session("s2", "7", NOW));
    assert_false(puts_session("s3", "8", NOW + 10));
    assert_true(has_session("s1", NOW + 19) && !has_session("s1", NOW + 20));
    assert_int_equal(store_sessions_each(fixture.store, NOW, collect_session, &seen, &fixture.error), ERROR_NONE);
    assert_string_equal(buffer_text(&seen), "s1:7:0:20,");
    buffer_free(&seen);
    assert_true(puts_session("stop", "7", NOW + 30));
    assert_int_equal(store_sessions_each(fixture.store, NOW, collect_session, &seen, &fixture.error), ERROR_INTERNAL);
    buffer_free(&seen);
    assert_true(deletes("7"));
    assert_int_equal(store_sessions_each(fixture.store, NOW, collect_session, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(seen.len, 0);
}

static void links_accounts(void **state) {
    (void)state;
    signs_in("7", "s1", NOW);
    signs_in("8", "s2", NOW);
    assert_row(links("github", "g1", "s3", "s1") == ERROR_NONE, fixture.error.cause);
    assert_true(belongs_to("instagram", "7", "instagram:7") && belongs_to("github", "g1", "instagram:7"));
    assert_true(shows("s1", "instagram:7", "instagram", "7") && shows("s3", "instagram:7", "github", "g1"));
    cJSON *user = find("7");
    cJSON *expected = sample_json("{\"id\":\"g1\",\"username\":\"github\"}");
    assert_true(json_equal(json_member(user, "github"), expected));
    json_free(expected);
    json_free(user);
    /* From now on both lead to the same user, whom a walk meets once. */
    assert_int_equal(links("github", "g1", "s4", NULL), ERROR_NONE);
    assert_true(shows("s4", "instagram:7", "github", "g1"));
    assert_int_equal(links("github", "g1", "s5", "s1"), ERROR_NONE); /* linked already: refreshed */
    struct buffer seen = BUFFER_EMPTY;
    assert_int_equal(store_users_each(fixture.store, collect_user, &seen, &fixture.error), ERROR_NONE);
    assert_string_equal(buffer_text(&seen), "7,8,");
    buffer_free(&seen);
}

static void refuses_to_link(void **state) {
    (void)state;
    static const struct {
        const char *provider, *id, *link_to;
        enum error_code code;
        const char *cause[2];
    } rows[] = {{"github", "g2", "s1", ERROR_ACCOUNT_TAKEN, {"github:g2", "another user"}},
                {"github", "g9", "s1", ERROR_ACCOUNT_TAKEN, {"github:g9", "another account of github, g1"}},
                {"instagram", "8", "s1", ERROR_ACCOUNT_TAKEN, {"instagram:8", "another user"}},
                {"instagram", "9", "s1", ERROR_ACCOUNT_TAKEN, {"instagram:9", "another account of instagram, 7"}},
                {"gitlab", "l1", "ended", ERROR_NOT_SIGNED_IN, {"gitlab:l1", "has ended"}},
                {"gitlab", "l1", "expired", ERROR_NOT_SIGNED_IN, {"gitlab:l1", "has ended"}},
                {"github", "g1", "ended", ERROR_NOT_SIGNED_IN, {"github:g1", "has ended"}},
                {"gitlab", "l1", "", ERROR_NOT_SIGNED_IN, {"gitlab:l1", "has ended"}}};
    signs_in("7", "s1", NOW);
    signs_in("8", "s2", NOW);
    signs_in("7", "ended", NOW);
    signs_in("7", "expired", NOW - 1000);
    assert_int_equal(store_session_end(fixture.store, "ended", &fixture.error), ERROR_NONE);
    assert_int_equal(links("github", "g1", "s3", "s1"), ERROR_NONE);
    assert_int_equal(links("github", "g2", "s4", "s2"), ERROR_NONE);
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_row(links(rows[i].provider, rows[i].id, "new", rows[i].link_to) == rows[i].code, fixture.error.cause);
        for (size_t j = 0; j < COUNT(rows[i].cause); j++)
            assert_row(contains(fixture.error.cause, rows[i].cause[j]), fixture.error.cause);
        assert_false(has_session("new", NOW));
    }
    assert_true(belongs_to("github", "g9", NULL) && belongs_to("gitlab", "l1", NULL));
    assert_true(belongs_to("github", "g2", "instagram:8") && belongs_to("github", "g1", "instagram:7"));
    assert_true(belongs_to("instagram", "9", NULL));
}

static void unlinks_accounts(void **state) {
    (void)state;
    assert_int_equal(store_account_unlink(fixture.store, "s1", "instagram", &fixture.error), ERROR_NOT_SIGNED_IN);
    signs_in("7", "s1", NOW);
    assert_int_equal(store_account_unlink(fixture.store, "s1", "github", &fixture.error), ERROR_NOT_FOUND);
    assert_int_equal(store_account_unlink(fixture.store, "s1", "instagram", &fixture.error), ERROR_LAST_ACCOUNT);
    assert_int_equal(links("github", "g1", "s2", "s1"), ERROR_NONE);
    assert_int_equal(store_account_unlink(fixture.store, "s9", "github", &fixture.error), ERROR_NOT_SIGNED_IN);
    assert_int_equal(store_account_unlink(fixture.store, "s2", "instagram", &fixture.error), ERROR_NONE);
    assert_true(belongs_to("instagram", "7", NULL) && belongs_to("github", "g1", "instagram:7"));
    assert_true(shows("s1", "instagram:7", "github", "g1") && shows("s2", "instagram:7", "github", "g1"));
    assert_int_equal(store_account_unlink(fixture.store, "s1", "github", &fixture.error), ERROR_LAST_ACCOUNT);
    /* Whoever comes with that account now is another user, whose _id is another. */
    signs_in("7", "s3", NOW);
    assert_true(belongs_to("instagram", "7", "instagram:7+1") && belongs_to("github", "g1", "instagram:7"));
    assert_true(shows("s3", "instagram:7+1", "instagram", "7") && shows("s1", "instagram:7", "github", "g1"));
    signs_in("7", "s4", NOW);
    assert_true(belongs_to("instagram", "7", "instagram:7+1"));
    assert_int_equal(links("gitlab", "l1", "s5", "s3"), ERROR_NONE);
    assert_int_equal(store_account_unlink(fixture.store, "s3", "instagram", &fixture.error), ERROR_NONE);
    signs_in("7", "s6", NOW);
    assert_true(belongs_to("instagram", "7", "instagram:7+2") && belongs_to("gitlab", "l1", "instagram:7+1"));
}

/* One account never gets into two users, however many want it at once. */
static void an_account_gets_one_user(void **state) {
    (void)state;
    enum { USERS = 6 };
    int have = 0;
    for (int i = 0; i < USERS; i++) {
        char id[16], session[16];
        snprintf(id, sizeof id, "%d", i);
        snprintf(session, sizeof session, "s%d", i);
        signs_in(id, session, NOW);
    }
    assert_int_equal(count_winners(link_it, USERS), 1);
    for (int i = 0; i < USERS; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        cJSON *user = find(id);
        have += json_member(user, "github") != NULL;
        json_free(user);
    }
    assert_int_equal(have, 1);
    /* The _id that is named after the account is another user's: all first logins agree on the next. */
    signs_in("7", "first", NOW);
    assert_int_equal(links("gitlab", "l1", "second", "first"), ERROR_NONE);
    assert_int_equal(store_account_unlink(fixture.store, "first", "instagram", &fixture.error), ERROR_NONE);
    assert_true(belongs_to("instagram", "7", NULL));
    assert_int_equal(count_winners(sign_in_at_once, 4), 4);
    assert_true(belongs_to("instagram", "7", "instagram:7+1"));
}

/* What other programs keep stays; and a session of the provider loses its id there with the account. */
static void unlinking_keeps_the_rest(void **state) {
    (void)state;
    puts_user("instagram", "7",
              "{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\"},\"github\":{\"id\":\"g1\",\"x\":1},"
              "\"theirs\":{\"x\":[1,2]},\"createdAt\":{\"$date\":\"2020-01-02T03:04:05.678Z\"}}");
    assert_true(puts_session("s1", "7", NOW + 10));
    assert_int_equal(sign_in_as("github", "g1", &(struct sign_in){.session_id = "s2", .sid = "sid"}), ERROR_NONE);
    assert_int_equal(store_account_unlink(fixture.store, "s1", "github", &fixture.error), ERROR_NONE);
    assert_true(shows("s2", "instagram:7", "instagram", "7"));
    assert_int_equal(store_sessions_end_by_sid(fixture.store, "instagram", "sid", &fixture.error), ERROR_NONE);
    assert_true(has_session("s2", NOW));
    cJSON *user = find("7");
    cJSON *expected = sample_json("{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\"},\"theirs\":{\"x\":[1,2]},"
                                  "\"createdAt\":{\"$date\":\"2020-01-02T03:04:05.678Z\"},"
                                  "\"lastLoginAt\":{\"$date\":\"2025-11-24T16:00:00.000Z\"}}");
    assert_true(json_equal(user, expected));
    json_free(expected);
    json_free(user);
}

static bool removes(const char *provider, const char *id) {
    bool removed = false;
    assert_row(store_account_remove(fixture.store, provider, id, &removed, &fixture.error) == ERROR_NONE,
               fixture.error.cause);
    return removed;
}

static void removes_accounts(void **state) {
    (void)state;
    assert_false(removes("instagram", "7"));
    assert_true(claims("s1", NOW));
    signs_in("7", "s1", NOW);
    signs_in("8", "s2", NOW);
    assert_int_equal(links("github", "g1", "s3", "s1"), ERROR_NONE);
    assert_true(removes("instagram", "7"));
    assert_false(removes("instagram", "7"));
    assert_true(belongs_to("instagram", "7", NULL) && belongs_to("github", "g1", "instagram:7"));
    assert_false(has_session("s1", NOW));
    assert_int_equal(find_login("s1").state, LOGIN_ENDED);
    assert_false(has_session("s3", NOW));
    assert_true(has_session("s2", NOW));
    assert_int_equal(links("github", "g1", "s4", NULL), ERROR_NONE);
    assert_true(removes("github", "g1"));
    assert_true(belongs_to("github", "g1", NULL));
    assert_false(has_session("s4", NOW));
    assert_true(belongs_to("instagram", "8", "instagram:8"));
}

/* A provider that takes back its word about an account has no say in the sessions of the others. */
static void ends_the_sessions_of_one_account(void **state) {
    (void)state;
    assert_int_equal(store_account_sessions_end(fixture.store, "github", "g1", &fixture.error), ERROR_NONE);
    assert_true(claims("s2", NOW));
    signs_in("7", "s1", NOW);
    assert_int_equal(links("github", "g1", "s2", "s1"), ERROR_NONE);
    assert_int_equal(links("github", "g2", "s3", NULL), ERROR_NONE);
    assert_int_equal(store_account_sessions_end(fixture.store, "github", "g1", &fixture.error), ERROR_NONE);
    assert_true(has_session("s1", NOW) && has_session("s3", NOW));
    assert_false(has_session("s2", NOW));
    assert_int_equal(find_login("s2").state, LOGIN_ENDED);
    assert_int_equal(store_account_sessions_end(fixture.store, "instagram", "7", &fixture.error), ERROR_NONE);
    assert_false(has_session("s1", NOW));
    assert_true(belongs_to("instagram", "7", "instagram:7") && belongs_to("github", "g1", "instagram:7"));
}

/* Any of the accounts names the user. */
static void deletes_a_user_with_all_accounts(void **state) {
    (void)state;
    bool deleted = false;
    signs_in("7", "s1", NOW);
    assert_int_equal(links("github", "g1", "s2", "s1"), ERROR_NONE);
    assert_int_equal(store_sessions_end(fixture.store, "github", "g1", &fixture.error), ERROR_NONE);
    assert_false(has_session("s1", NOW) || has_session("s2", NOW));
    assert_int_equal(links("github", "g1", "s3", NULL), ERROR_NONE);
    assert_int_equal(store_user_delete(fixture.store, "github", "g1", &deleted, &fixture.error), ERROR_NONE);
    assert_true(deleted);
    assert_true(belongs_to("instagram", "7", NULL) && belongs_to("github", "g1", NULL));
    assert_false(has_session("s3", NOW));
}

static enum error_code merges(const char *into_provider, const char *into_id, const char *from_provider,
                              const char *from_id) {
    const struct account_key into = {into_provider, into_id}, from = {from_provider, from_id};
    fixture.error.cause[0] = '\0';
    return store_users_merge(fixture.store, &into, &from, &fixture.error);
}

static void merges_users(void **state) {
    (void)state;
    assert_int_equal(merges("instagram", "7", "github", "g1"), ERROR_NOT_FOUND);
    signs_in("7", "s1", NOW);
    assert_int_equal(merges("instagram", "7", "github", "g1"), ERROR_NOT_FOUND);
    assert_true(contains(fixture.error.cause, "github:g1"));
    assert_int_equal(links("github", "g1", "s2", NULL), ERROR_NONE);
    assert_int_equal(links("gitlab", "l1", "s3", "s2"), ERROR_NONE);
    assert_int_equal(links("github", "g2", "s4", NULL), ERROR_NONE);
    for (int times = 0; times < 2; times++) {
        assert_row(merges("instagram", "7", "gitlab", "l1") == ERROR_NONE, fixture.error.cause);
        assert_true(belongs_to("instagram", "7", "instagram:7") && belongs_to("github", "g1", "instagram:7") &&
                    belongs_to("gitlab", "l1", "instagram:7"));
        assert_true(shows("s1", "instagram:7", "instagram", "7") && shows("s2", "instagram:7", "github", "g1") &&
                    shows("s3", "instagram:7", "gitlab", "l1"));
    }
    cJSON *user = find("7");
    assert_true(cJSON_GetArraySize(json_member(user, "mergedFrom")) == 1);
    assert_string_equal(json_string(cJSON_GetArrayItem(json_member(user, "mergedFrom"), 0), "_id"), "github:g1");
    json_free(user);
    assert_int_equal(merges("instagram", "7", "github", "g2"), ERROR_ACCOUNT_TAKEN);
    assert_row(contains(fixture.error.cause, "g1") && contains(fixture.error.cause, "g2"), fixture.error.cause);
    assert_true(belongs_to("github", "g2", "github:g2") && shows("s4", "github:g2", "github", "g2"));
    struct buffer seen = BUFFER_EMPTY;
    assert_int_equal(store_sessions_of(fixture.store, "s1", NOW, list_session, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(occurrences(buffer_text(&seen), ","), 3);
    buffer_free(&seen);
}

static void lists_the_sessions_of_a_user(void **state) {
    (void)state;
    char agent[200];
    struct buffer seen = BUFFER_EMPTY, expected = BUFFER_EMPTY;
    /* The last character would end behind the limit. */
    snprintf(agent, sizeof agent, "%.*s\xC3\xA9z", SESSION_AGENT_MAX - 1,
             "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
             "01234567890123456789");
    assert_int_equal(store_sessions_of(fixture.store, "s1", NOW, list_session, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(sign_in_as("instagram", "7", &(struct sign_in){.session_id = "s1", .agent = "Firefox"}),
                     ERROR_NONE);
    assert_int_equal(
        sign_in_as(
            "github", "g1",
            &(struct sign_in){.session_id = "s2", .now = NOW + 5, .link_to = "s1", .agent = agent, .sid = "sid-1"}),
        ERROR_NONE);
    signs_in("7", "old", NOW - 990);
    signs_in("8", "other", NOW);
    buffer_append_format(&expected, "s2 github:g1 %.*s sid-1,s1 instagram:7 Firefox -,", SESSION_AGENT_MAX - 1, agent);
    assert_int_equal(store_sessions_of(fixture.store, "s2", NOW + 10, list_session, &seen, &fixture.error), ERROR_NONE);
    assert_string_equal(buffer_text(&seen), buffer_text(&expected));
    buffer_free(&seen);
    /* Any of the accounts names the user. */
    static const struct account_key accounts[] = {
        {"instagram", "7"}, {"github", "g1"}, {"github", "g2"}, {"github", "7"}};
    for (size_t i = 0; i < COUNT(accounts); i++) {
        assert_int_equal(
            store_sessions_of_user(fixture.store, &accounts[i], NOW + 10, list_session, &seen, &fixture.error),
            ERROR_NONE);
        assert_string_equal(buffer_text(&seen), i < 2 ? buffer_text(&expected) : "");
        buffer_free(&seen);
    }
    assert_int_equal(store_sessions_of(fixture.store, "old", NOW + 10, list_session, &seen, &fixture.error),
                     ERROR_NONE);
    assert_int_equal(store_sessions_of(fixture.store, "s9", NOW + 10, list_session, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(seen.len, 0);
    assert_int_equal(store_sessions_of(fixture.store, "old", NOW, list_session, &seen, &fixture.error), ERROR_NONE);
    assert_true(text_starts_with(buffer_text(&seen), buffer_text(&expected)));
    assert_true(contains(buffer_text(&seen), ",old instagram:7  -,"));
    buffer_free(&seen);
    buffer_free(&expected);
    signs_in("7", "stop", NOW + 20);
    assert_int_equal(store_sessions_of(fixture.store, "s1", NOW, list_session, &seen, &fixture.error), ERROR_INTERNAL);
    assert_string_equal(buffer_text(&seen), "stop instagram:7  -,");
    buffer_free(&seen);
}

static void ends_sessions_by_their_id_at_the_provider(void **state) {
    (void)state;
    static const struct {
        const char *session, *provider, *id, *sid;
    } rows[] = {{"s1", "github", "g1", "a"},
                {"s2", "github", "g1", "b"},
                {"s3", "github", "g2", "a"},
                {"s4", "gitlab", "l1", "a"},
                {"s5", "github", "g1", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(claims(rows[i].session, NOW));
        assert_int_equal(sign_in_as(rows[i].provider, rows[i].id,
                                    &(struct sign_in){.session_id = rows[i].session, .sid = rows[i].sid}),
                         ERROR_NONE);
    }
    assert_int_equal(store_sessions_end_by_sid(fixture.store, "github", "", &fixture.error), ERROR_NONE);
    assert_int_equal(store_sessions_end_by_sid(fixture.store, "github", "A", &fixture.error), ERROR_NONE);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(has_session(rows[i].session, NOW), rows[i].session);
    assert_int_equal(store_sessions_end_by_sid(fixture.store, "github", "a", &fixture.error), ERROR_NONE);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bool ended = same(rows[i].provider, "github") && same(rows[i].sid, "a");
        assert_row(has_session(rows[i].session, NOW) != ended, rows[i].session);
        assert_row((find_login(rows[i].session).state == LOGIN_ENDED) == ended, rows[i].session);
    }
}

/* Each of a user's accounts has a token of its own. */
static void tokens_of_several_accounts(void **state) {
    (void)state;
    struct buffer seen = BUFFER_EMPTY;
    cJSON *patch = sample_json("{\"accessToken\":\"t3\"}");
    bool changed = false;
    puts_user("instagram", "7",
              "{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\",\"accessToken\":\"t1\"},"
              "\"github\":{\"id\":\"g1\",\"accessToken\":\"t2\"}}");
    struct token_query query = {.provider = "instagram", .after = "", .expires_before = STORE_ANY_EXPIRY, .limit = 9};
    assert_int_equal(store_tokens_each(fixture.store, &query, collect_user, &seen, &fixture.error), ERROR_NONE);
    assert_string_equal(buffer_text(&seen), "7,");
    buffer_free(&seen);
    query.provider = "gitlab";
    assert_int_equal(store_tokens_each(fixture.store, &query, collect_user, &seen, &fixture.error), ERROR_NONE);
    assert_int_equal(seen.len, 0);
    const struct account_change change = {
        .provider = "github", .id = "g1", .token = "t2", .unless_leased = true, .now = NOW, .patch = patch};
    assert_int_equal(store_account_change(fixture.store, &change, &changed, &fixture.error), ERROR_NONE);
    assert_true(changed);
    cJSON *user = find("7");
    assert_string_equal(json_string(json_member(user, "instagram"), "accessToken"), "t1");
    assert_string_equal(json_string(json_member(user, "github"), "accessToken"), "t3");
    json_free(user);
    json_free(patch);
}

static void puts_documents_of_several_accounts(void **state) {
    (void)state;
    static const char both[] = "{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\"},\"github\":{\"id\":\"g1\"}}";
    signs_in("7", "s1", NOW);
    for (int times = 0; times < 2; times++) {
        puts_user("github", "g1", both);
        assert_true(belongs_to("instagram", "7", "instagram:7") && belongs_to("github", "g1", "instagram:7"));
        assert_true(shows("s1", "instagram:7", "instagram", "7"));
    }
    /* The same user, known by the _id, has other accounts now. */
    puts_user("gitlab", "l1", "{\"_id\":\"instagram:7\",\"gitlab\":{\"id\":\"l1\"},\"github\":{\"id\":\"g1\"}}");
    assert_true(belongs_to("instagram", "7", NULL) && belongs_to("gitlab", "l1", "instagram:7"));
    struct buffer seen = BUFFER_EMPTY;
    assert_int_equal(links("github", "g1", "s2", NULL), ERROR_NONE);
    assert_int_equal(store_sessions_of(fixture.store, "s2", NOW, list_session, &seen, &fixture.error), ERROR_NONE);
    assert_row(contains(buffer_text(&seen), "s2 github:g1 "), buffer_text(&seen));
    buffer_free(&seen);
}

static void adds_only_who_is_not_there(void **state) {
    (void)state;
    static const struct {
        const char *provider, *id, *document;
        enum store_added added;
    } rows[] = {
        {"instagram", "7", "{\"_id\":\"x\",\"instagram\":{\"id\":\"7\",\"bio\":\"other\"}}", STORE_THERE},
        {"instagram", "9", "{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"9\"}}", STORE_THERE},
        {"gitlab", "l1", "{\"_id\":\"x\",\"gitlab\":{\"id\":\"l1\"},\"github\":{\"id\":\"g1\"}}", STORE_THERE},
        {"gitlab", "l1",
         "{\"_id\":{\"$oid\":\"507f1f77bcf86cd799439011\"},\"gitlab\":{\"id\":\"l1\"},"
         "\"instagram\":{\"id\":\"8\"},\"x\":{\"$numberLong\":\"9007199254740993\"}}",
         STORE_ADDED},
        {"gitlab", "l1", "{\"_id\":\"y\",\"gitlab\":{\"id\":\"l1\"}}", STORE_THERE},
        {"gitlab", "l2", "{\"_id\":{\"$oid\":\"507f1f77bcf86cd799439011\"},\"gitlab\":{\"id\":\"l2\"}}", STORE_THERE}};
    struct store_user users[COUNT(rows)];
    cJSON *documents[COUNT(rows)];
    enum store_added added[COUNT(rows)];
    assert_int_equal(store_setup(fixture.store, providers, &fixture.error), ERROR_NONE);
    signs_in("7", "s1", NOW);
    assert_int_equal(links("github", "g1", "s2", "s1"), ERROR_NONE);
    cJSON *before = find("7");
    for (size_t i = 0; i < COUNT(rows); i++) {
        documents[i] = sample_json(rows[i].document);
        users[i] = (struct store_user){.provider = rows[i].provider, .id = rows[i].id, .document = documents[i]};
    }
    assert_row(store_users_add(fixture.store, users, COUNT(rows), added, &fixture.error) == ERROR_NONE,
               fixture.error.cause);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(added[i] == rows[i].added, rows[i].document);
    cJSON *after = find("7"), *user = find("8");
    assert_true(json_equal(before, after) && json_equal(user, documents[3]));
    assert_true(belongs_to("instagram", "9", NULL) && belongs_to("gitlab", "l2", NULL));
    for (size_t i = 0; i < COUNT(rows); i++)
        json_free(documents[i]);
    json_free(before);
    json_free(after);
    json_free(user);
}

/* An _id that only SQLite takes hides no user behind it. */
static void adds_who_stands_behind_an_unfit_document(void **state) {
    (void)state;
    cJSON *documents[2] = {sample_json("{\"_id\":[\"x\"],\"instagram\":{\"id\":\"7\"}}"),
                           sample_json("{\"_id\":\"y\",\"instagram\":{\"id\":\"8\"}}")};
    const struct store_user users[] = {{"instagram", "7", documents[0]}, {"instagram", "8", documents[1]}};
    enum store_added added[2];
    assert_int_equal(store_setup(fixture.store, providers, &fixture.error), ERROR_NONE);
    assert_row(store_users_add(fixture.store, users, 2, added, &fixture.error) == ERROR_NONE, fixture.error.cause);
    assert_true(added[0] == STORE_ADDED || added[0] == STORE_UNFIT);
    assert_int_equal(added[1], STORE_ADDED);
    json_free(documents[0]);
    json_free(documents[1]);
}

/* A store that is not there: every operation says so, in the same way, and hands nothing out. */
static void unavailable(void **state) {
    (void)state;
    bool flag = true;
    enum store_state found = STORE_IS_READY;
    struct session_user owner = {.provider = ""};
    cJSON *user = NULL, *document = sample_json("{\"_id\":\"instagram:7\",\"instagram\":{\"id\":\"7\"}}");
    struct error *error = &fixture.error;
    const struct store_user put = {.provider = "instagram", .id = "7", .document = document};
    const struct store_session session = {.id = "s", .provider = "instagram", .owner = "7", .expires = NOW};
    const struct login_claim claim = {.session_id = "s1", .now = NOW, .remember_until = NOW + 660};
    struct login login = {.state = LOGIN_RUNNING};
    const struct store_request ask = {.hash = "h", .now = NOW};
    const struct store_request remember = {.hash = "h", .now = NOW, .remember_until = NOW + 1};
    const struct account_change change = {.provider = "instagram", .id = "7", .patch = document, .now = NOW};
    const struct token_query tokens = {.provider = "instagram", .after = "", .limit = 1};
    store_close(fixture.store);
    if (fixture.is_sqlite)
        folder_subfolder(&fixture.folder, "gone.db");
    snprintf(fixture.uri, sizeof fixture.uri, fixture.is_sqlite ? "sqlite://%s/gone.db" : "%s",
             fixture.is_sqlite ? fixture.folder.path
                               : "mongodb://me:PASSWORD@127.0.0.1:1/gone?serverSelectionTimeoutMS=50");
    assert_int_equal(store_open(fixture.uri, fixture.home, NULL, &fixture.store, error), ERROR_NONE);
#define FAILS(call)                                                                                                    \
    do {                                                                                                               \
        error->cause[0] = '\0';                                                                                        \
        assert_row((call) == ERROR_STORE_UNAVAILABLE, #call);                                                          \
        assert_row(contains(error->cause, "gone") && !contains(error->cause, "PASSWORD"), error->cause);               \
    } while (0)
    FAILS(store_setup(fixture.store, providers, error));
    FAILS(store_probe(fixture.store, &found, error));
    assert_int_equal(found, STORE_IS_ABSENT);
    FAILS(store_login_claim(fixture.store, &claim, &flag, error));
    assert_false(flag);
    FAILS(store_login_find(fixture.store, "s1", &login, error));
    assert_int_equal(login.state, LOGIN_UNKNOWN);
    FAILS(store_login_fail(fixture.store, "s1", ERROR_PROVIDER, error));
    FAILS(sign_in_with("instagram", "7", "{}", NULL, "s1", NOW));
    FAILS(store_session_user(fixture.store, "s1", NOW, &owner, error));
    assert_null(owner.document);
    FAILS(store_session_end(fixture.store, "s1", error));
    FAILS(links("github", "g1", "s2", "s1"));
    FAILS(store_account_unlink(fixture.store, "s1", "instagram", error));
    flag = true;
    FAILS(store_account_remove(fixture.store, "instagram", "7", &flag, error));
    assert_false(flag);
    FAILS(store_sessions_end_by_sid(fixture.store, "instagram", "sid", error));
    FAILS(merges("instagram", "7", "github", "g1"));
    FAILS(store_sessions_of(fixture.store, "s1", NOW, list_session, NULL, error));
    FAILS(user_find("instagram", "7", true, &user));
    assert_null(user);
    FAILS(store_users_each(fixture.store, collect_user, NULL, error));
    FAILS(store_users_part(fixture.store, &(struct user_part){0, 1}, collect_user, NULL, error));
    FAILS(
        store_sessions_of_user(fixture.store, &(struct account_key){"instagram", "7"}, NOW, list_session, NULL, error));
    FAILS(store_user_delete(fixture.store, "instagram", "7", &flag, error));
    assert_false(flag);
    FAILS(store_sessions_end(fixture.store, "instagram", "7", error));
    FAILS(store_sessions_expire(fixture.store, NOW, 1, error));
    FAILS(store_account_change(fixture.store, &change, &flag, error));
    assert_false(flag);
    FAILS(store_tokens_each(fixture.store, &tokens, collect_user, NULL, error));
    FAILS(store_request(fixture.store, &ask, &flag, error));
    FAILS(store_request(fixture.store, &remember, &flag, error));
    assert_false(flag);
    FAILS(store_users_put(fixture.store, &put, 1, error));
    FAILS(store_users_add(fixture.store, &put, 1, &(enum store_added){STORE_THERE}, error));
    FAILS(store_account_sessions_end(fixture.store, "instagram", "7", error));
    FAILS(store_sessions_each(fixture.store, NOW, collect_session, NULL, error));
    FAILS(store_session_put(fixture.store, &session, &flag, error));
    assert_false(flag);
#undef FAILS
    json_free(document);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
#define ON_A_STORE(test) cmocka_unit_test_setup_teardown(test, open_store, close_store)
    const struct CMUnitTest tests[] = {ON_A_STORE(setup_and_probe),
                                       ON_A_STORE(first_sign_in_makes_the_user),
                                       ON_A_STORE(next_sign_in_merges),
                                       ON_A_STORE(users_are_kept_apart),
                                       ON_A_STORE(login_is_claimed_once),
                                       ON_A_STORE(login_has_an_outcome),
                                       ON_A_STORE(login_ends_with_its_session),
                                       ON_A_STORE(old_claims_are_removed),
                                       ON_A_STORE(session_id_works_once),
                                       ON_A_STORE(sessions_expire_and_end),
                                       ON_A_STORE(removes_a_bounded_number_of_expired_sessions),
                                       ON_A_STORE(deletes_a_user_with_all_sessions),
                                       ON_A_STORE(ends_all_sessions_of_a_user),
                                       ON_A_STORE(finds_by_either_id),
                                       ON_A_STORE(walks_users),
                                       ON_A_STORE(walks_many_users),
                                       ON_A_STORE(unreadable_document),
                                       ON_A_STORE(changes_an_account_on_conditions),
                                       ON_A_STORE(finds_tokens_near_their_end),
                                       ON_A_STORE(remembers_requests),
                                       ON_A_STORE(puts_whole_documents),
                                       ON_A_STORE(moves_sessions),
                                       ON_A_STORE(links_accounts),
                                       ON_A_STORE(refuses_to_link),
                                       ON_A_STORE(unlinks_accounts),
                                       ON_A_STORE(an_account_gets_one_user),
                                       ON_A_STORE(unlinking_keeps_the_rest),
                                       ON_A_STORE(removes_accounts),
                                       ON_A_STORE(ends_the_sessions_of_one_account),
                                       ON_A_STORE(adds_only_who_is_not_there),
                                       ON_A_STORE(adds_who_stands_behind_an_unfit_document),
                                       ON_A_STORE(deletes_a_user_with_all_accounts),
                                       ON_A_STORE(merges_users),
                                       ON_A_STORE(lists_the_sessions_of_a_user),
                                       ON_A_STORE(ends_sessions_by_their_id_at_the_provider),
                                       ON_A_STORE(tokens_of_several_accounts),
                                       ON_A_STORE(puts_documents_of_several_accounts),
                                       ON_A_STORE(unavailable)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
