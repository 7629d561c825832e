/* SPDX-License-Identifier: MIT */
#include "session/agent.h"

#include "base/text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* What stands between and around the names in a description. */
#define ON " on "
#define OF_APP "’s browser"
#define OF_APP_IN_S "’ browser"
#define SOME_BROWSER "A browser"

struct word {
    const char *sign; /* what the header holds */
    const char *name; /* what people call it */
};

/* The first that fits counts: nearly every browser says that it is Safari, most that they are Chrome, and those in apps
 * that they are the system's own. */
static const struct word browsers[] = {
    {"Instagram ", "Instagram" OF_APP},
    {"Barcelona ", "Threads" OF_APP_IN_S},
    {"FBAN/", "Facebook" OF_APP},
    {"FBAV/", "Facebook" OF_APP},
    {"Line/", "LINE" OF_APP},
    {"KAKAOTALK", "KakaoTalk" OF_APP},
    {"MicroMessenger/", "WeChat" OF_APP},
    {"Edg/", "Edge"},
    {"EdgA/", "Edge"},
    {"EdgiOS/", "Edge"},
    {"OPR/", "Opera"},
    {"OPT/", "Opera"},
    {"SamsungBrowser/", "Samsung Internet"},
    {"YaBrowser/", "Yandex Browser"},
    {"Vivaldi/", "Vivaldi"},
    {"Whale/", "Whale"},
    {"UCBrowser/", "UC Browser"},
    {"DuckDuckGo/", "DuckDuckGo"},
    {"Ddg/", "DuckDuckGo"},
    {"FxiOS/", "Firefox"},
    {"Firefox/", "Firefox"},
    {"CriOS/", "Chrome"},
    {"Chromium/", "Chromium"},
    {"Chrome/", "Chrome"},
    {"Epiphany/", "GNOME Web"},
    {"Version/", "Safari"},
    {"curl/", "curl"},
};

/* An Android says that it is a Linux, an iPhone that it is like Mac OS X. */
static const struct word systems[] = {
    {"iPhone", "iPhone"},   {"iPad", "iPad"},       {"Android", "Android"},
    {"CrOS", "ChromeOS"},   {"Windows", "Windows"}, {"Macintosh", "macOS"},
    {"FreeBSD", "FreeBSD"}, {"OpenBSD", "OpenBSD"}, {"Linux", "Linux"},
};

static const char *find(const struct word *words, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++)
        if (strstr(text, words[i].sign) != NULL)
            return words[i].name;
    return NULL;
}

void agent_describe(const char *user_agent, char text[AGENT_SIZE]) {
    const char *header = user_agent != NULL ? user_agent : "";
    const char *browser = find(browsers, sizeof browsers / sizeof *browsers, header);
    const char *system = find(systems, sizeof systems / sizeof *systems, header);
    if (browser != NULL && system != NULL)
        snprintf(text, AGENT_SIZE, "%s" ON "%s", browser, system);
    else if (system != NULL)
        snprintf(text, AGENT_SIZE, SOME_BROWSER ON "%s", system);
    else
        snprintf(text, AGENT_SIZE, "%s", browser != NULL ? browser : "");
}

/* Copies the app's name out of "Instagram’s browser". False for a browser of its own. */
static bool read_app(const char *browser, char app[AGENT_SIZE]) {
    static const char *const ends[] = {OF_APP, OF_APP_IN_S};
    const size_t len = strlen(browser);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const size_t end = strlen(ends[i]);
        if (len <= end || strcmp(browser + len - end, ends[i]) != 0)
            continue;
        snprintf(app, AGENT_SIZE, "%.*s", (int)(len - end), browser);
        return true;
    }
    return false;
}

static void append_browser(struct words *words, const char *browser, struct buffer *out) {
    char app[AGENT_SIZE];
    if (!read_app(browser, app)) {
        buffer_append_text(out, browser);
        return;
    }
    const struct sentence_value values[] = {{"app", app}, {NULL, NULL}};
    words_append_with(words, "device.in_app", values, out);
}

void agent_translate(struct words *words, const char *description, struct buffer *out) {
    char browser[AGENT_SIZE];
    struct buffer name = BUFFER_EMPTY;
    const char *on = strstr(description, ON);
    if (!text_copy(browser, sizeof browser, description)) {
        buffer_append_text(out, description);
        return;
    }
    if (on != NULL)
        browser[on - description] = '\0';
    append_browser(words, browser, &name);
    const struct sentence_value values[] = {
        {"browser", buffer_text(&name)}, {"system", on != NULL ? on + strlen(ON) : ""}, {NULL, NULL}};
    if (on == NULL)
        buffer_append_text(out, buffer_text(&name));
    else
        words_append_with(words, strcmp(browser, SOME_BROWSER) == 0 ? "device.system" : "device.browser", values, out);
    out->failed = out->failed || name.failed;
    buffer_free(&name);
}
