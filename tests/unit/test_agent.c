/* agent.c: what a User-Agent header says of browser and system, in plain words and no more; what is not known is left
 * out; and the same in a page's words. SPDX-License-Identifier: MIT */
#include "folder.h"

#include "session/agent.h"

#define MOZILLA "Mozilla/5.0 "
#define WEBKIT "AppleWebKit/537.36 (KHTML, like Gecko) "

static void describes(void **state) {
    (void)state;
    static const struct {
        const char *header;
        const char *text;
    } rows[] = {
        {MOZILLA "(Windows NT 10.0; Win64; x64) " WEBKIT "Chrome/142.0.0.0 Safari/537.36", "Chrome on Windows"},
        {MOZILLA "(Windows NT 10.0; Win64; x64) " WEBKIT "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
         "Edge on Windows"},
        {MOZILLA "(Windows NT 10.0; Win64; x64) " WEBKIT "Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0",
         "Opera on Windows"},
        {MOZILLA "(X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"},
        {MOZILLA "(Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox on Android"},
        {MOZILLA "(Linux; Android 10; K) " WEBKIT "Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome on Android"},
        {MOZILLA "(Linux; Android 13; SAMSUNG SM-S918B) " WEBKIT "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile",
         "Samsung Internet on Android"},
        {MOZILLA "(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
                 "Mobile/15E148 Safari/604.1",
         "Safari on iPhone"},
        {MOZILLA "(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 "
                 "Mobile/15E148 Safari/604.1",
         "Chrome on iPhone"},
        {MOZILLA "(iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile",
         "Firefox on iPad"},
        {MOZILLA "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
                 "Safari/605.1.15",
         "Safari on macOS"},
        {MOZILLA "(X11; CrOS x86_64 14541.0.0) " WEBKIT "Chrome/142.0.0.0 Safari/537.36", "Chrome on ChromeOS"},
        {MOZILLA "(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 400.0.0",
         "Instagram’s browser on iPhone"},
        {MOZILLA "(Linux; Android 14; SM-A546B; wv) " WEBKIT "Version/4.0 Chrome/142.0 [FB_IAB/FB4A;FBAV/530.0.0;]",
         "Facebook’s browser on Android"},
        {"curl/8.14.1", "curl"},
        {MOZILLA "(FreeBSD)", "A browser on FreeBSD"},
        {"<script>alert(1)</script>", ""},
        {"", ""},
        {NULL, ""},
    };
    struct words *words;
    struct error error;
    assert_int_equal(words_open("html/languages", NULL, NULL, &words, &error), ERROR_NONE);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[AGENT_SIZE];
        struct buffer translated = BUFFER_EMPTY;
        agent_describe(rows[i].header, text);
        assert_row(strcmp(text, rows[i].text) == 0, rows[i].text);
        /* In English it stays what it is. */
        agent_translate(words, text, &translated);
        assert_row(strcmp(buffer_text(&translated), text) == 0, rows[i].text);
        buffer_free(&translated);
    }
    words_free(words);
}

static void translates(void **state) {
    (void)state;
    static const char words_text[] = "{\"device.browser\":\"{browser} auf {system}\",\"device.system\":\"Ein Browser "
                                     "auf {system}\",\"device.in_app\":"
                                     "\"Browser von {app}\"}";
    static const struct {
        const char *description, *expected;
    } rows[] = {{"Firefox on Windows", "Firefox auf Windows"},
                {"A browser on FreeBSD", "Ein Browser auf FreeBSD"},
                {"Instagram’s browser on iPhone", "Browser von Instagram auf iPhone"},
                {"Threads’ browser", "Browser von Threads"},
                {"curl", "curl"},
                {"", ""},
                {"what another version has written, at whatever length",
                 "what another version has written, at whatever length"}};
    struct folder folder;
    struct words *words;
    struct error error;
    folder_make(&folder);
    folder_write(&folder, "en.json", words_text, 0600);
    assert_int_equal(words_open(folder.path, NULL, NULL, &words, &error), ERROR_NONE);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        agent_translate(words, rows[i].description, &out);
        assert_row(strcmp(buffer_text(&out), rows[i].expected) == 0, buffer_text(&out));
        buffer_free(&out);
    }
    words_free(words);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(describes), cmocka_unit_test(translates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
