/* SPDX-License-Identifier: MIT */
#include "admin/refresh_report.h"

#include "base/file.h"
#include "base/file_replace.h"
#include "base/json.h"
#include "base/text.h"
#include "base/view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void refresh_causes_add(struct refresh_causes *causes, const char *cause) {
    size_t at = 0;
    while (at < causes->count && strcmp(causes->kinds[at].text, cause) != 0)
        at++;
    if (at == REFRESH_CAUSES_MAX)
        return;
    if (at == causes->count) {
        snprintf(causes->kinds[at].text, sizeof causes->kinds[at].text, "%s", cause);
        causes->count++;
    }
    causes->kinds[at].count++;
}

static bool find_path(const struct config *config, char path[PATH_MAX]) {
    return snprintf(path, PATH_MAX, "%s/" REFRESH_REPORT_NAME, config->state) < PATH_MAX;
}

static void add_counts(struct view *view, const struct refresh_tally *tally) {
    const struct {
        const char *key;
        unsigned long count;
    } counts[] = {{"refreshed", tally->refreshed}, {"resealed", tally->resealed}, {"not_yet", tally->not_yet},
                  {"overtaken", tally->overtaken}, {"invalid", tally->invalid},   {"failed", tally->failed}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        view_number(view, counts[i].key, (int64_t)counts[i].count);
}

static char *make_text(const struct refresh_outcome *outcome, const struct refresh_causes *causes) {
    struct view view = view_new();
    view_number(&view, "finished", (int64_t)time(NULL));
    add_counts(&view, &outcome->tally);
    view_bool(&view, "complete", outcome->complete);
    view_text(&view, "provider", outcome->next.provider);
    view_text(&view, "id", outcome->next.id);
    struct view list = view_list(&view, "causes");
    for (size_t i = 0; i < causes->count; i++) {
        struct view item = view_item(&list);
        view_text(&item, "cause", causes->kinds[i].text);
        view_number(&item, "count", (int64_t)causes->kinds[i].count);
    }
    char *text = view_print(&view);
    view_free(&view);
    return text;
}

/* The programs read it as the config's owner, whoever the cron job runs as. */
bool refresh_report_write(const struct config *config, const struct refresh_outcome *outcome,
                          const struct refresh_causes *causes) {
    char path[PATH_MAX];
    struct stat like = file_look(config->path);
    char *text = make_text(outcome, causes);
    errno = ENOMEM;
    like.st_mode = S_IRUSR | S_IWUSR;
    const bool done = text != NULL && find_path(config, path) && file_replace_like(path, text, strlen(text), &like);
    json_free_text(text);
    return done;
}

cJSON *refresh_report_read(const struct config *config) {
    enum { REPORT_MAX = 65536 };
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    cJSON *report = NULL;
    if (find_path(config, path) && file_read(path, REPORT_MAX, &text, NULL))
        json_parse(buffer_text(&text), text.len, &report, NULL);
    buffer_free(&text);
    return report;
}

struct refresh_place refresh_report_place(const cJSON *report) {
    struct refresh_place place = {.provider = ""};
    if (text_copy(place.provider, sizeof place.provider, json_string(report, "provider")))
        text_copy(place.id, sizeof place.id, json_string(report, "id"));
    return place;
}
