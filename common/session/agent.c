/* SPDX-License-Identifier: MIT */
#include "session/agent.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct word {
    const char *sign; /* what the header holds */
    const char *name; /* what people call it */
};

/* The first that fits counts: nearly every browser says that it is Safari, most that they are Chrome, and those in apps
 * that they are the system's own. */
static const struct word browsers[] = {
    {"Instagram ", "Instagram’s browser"},
    {"Barcelona ", "Threads’ browser"},
    {"FBAN/", "Facebook’s browser"},
    {"FBAV/", "Facebook’s browser"},
    {"Line/", "LINE’s browser"},
    {"KAKAOTALK", "KakaoTalk’s browser"},
    {"MicroMessenger/", "WeChat’s browser"},
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
        snprintf(text, AGENT_SIZE, "%s on %s", browser, system);
    else if (system != NULL)
        snprintf(text, AGENT_SIZE, "A browser on %s", system);
    else
        snprintf(text, AGENT_SIZE, "%s", browser != NULL ? browser : "");
}
