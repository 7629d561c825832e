/* own_host.c: which hosts count as base_url's, from the browser and from a proxy; and what is noted of another one.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "config/own_host.h"

static void hosts(void **state) {
    (void)state;
    static const struct {
        const char *base_url, *host, *forwarded;
        bool own;
    } rows[] = {{"https://www.example.com", "www.example.com", NULL, true},
                {"https://www.example.com", "WWW.Example.COM", NULL, true},
                {"https://www.example.com", "www.example.com:443", NULL, true},
                {"https://www.example.com", "www.example.com:8443", NULL, true},
                {"https://WWW.example.com:8443", "www.example.com", NULL, true},
                {"https://www.example.com", NULL, NULL, true},
                {"https://www.example.com", "", NULL, true},
                {"https://www.example.com", "example.com", NULL, false},
                {"https://example.com", "www.example.com", NULL, false},
                {"https://www.example.com", "www.example.com.", NULL, false},
                {"https://www.example.com", "www.example.com.evil.example", NULL, false},
                {"https://www.example.com", "www.example.co", NULL, false},
                {"https://www.example.com", ":443", NULL, false},
                {"https://www.example.com", "127.0.0.1:8000", "www.example.com", true},
                {"https://www.example.com", "127.0.0.1:8000", "WWW.example.com:443, inner.example", true},
                {"https://www.example.com", "127.0.0.1:8000", "example.com", false},
                {"https://www.example.com", "127.0.0.1:8000", "example.com, www.example.com", false},
                {"https://www.example.com", "www.example.com", "inner.example", true},
                {"http://[::1]:8080", "[::1]:8080", NULL, true},
                {"http://[::1]:8080", "[::2]:8080", NULL, false},
                {"http://[::1]:8080", "[::1", NULL, false},
                {"http://localhost:8080", "127.0.0.1:8080", NULL, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char base[64];
        snprintf(base, sizeof base, "%s", rows[i].base_url);
        const struct config config = {.base_url = base};
        struct guarded host = guarded_string(rows[i].host != NULL ? rows[i].host : "");
        struct request request = sample_request("");
        struct response response = {.status = 0};
        request.host = rows[i].host != NULL ? host.data : NULL;
        request.forwarded_host = rows[i].forwarded;
        assert_row(own_host_is_asked(&config, &request) == rows[i].own, rows[i].host);
        own_host_note(&config, &request, &response);
        const char *notes = buffer_text(&response.notes);
        assert_row((*notes == '\0') == rows[i].own, notes);
        assert_row(rows[i].own || (contains(notes, rows[i].host) && contains(notes, rows[i].base_url)), notes);
        response_free(&response);
        guarded_free(&host);
    }
}

/* What a client makes up may reach the log, where it must be one printable line of some length. */
static void notes_of_any_host(void **state) {
    (void)state;
    char host[2048];
    struct config config;
    struct request request = sample_request("");
    struct response response = {.status = 0};
    sample_config(&config);
    request.host = repeat(host, "a\n\x1B[2J\xFF", 200);
    own_host_note(&config, &request, &response);
    assert_int_equal(occurrences(buffer_text(&response.notes), "\n"), 1);
    assert_false(contains(buffer_text(&response.notes), "\x1B"));
    assert_in_range(response.notes.len, 100, 700);
    response_free(&response);
    sample_config_clear(&config);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(hosts), cmocka_unit_test(notes_of_any_host)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
