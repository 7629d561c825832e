/* `cgi-login refresh`, for cron: refreshes tokens near their end, seals anew what an older key sealed, removes expired
 * sessions.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/progress.h"
#include "admin/refresh_report.h"

#include <errno.h>
#include <string.h>

static void complain(void *context, const char *whose, const char *cause) {
    refresh_causes_add(context, cause);
    command_complain("%s%s%s", whose != NULL ? whose : "", whose != NULL ? ": " : "", cause);
}

static void show_progress(void *context, const char *provider, const struct refresh_tally *tally) {
    (void)context;
    if (provider == NULL)
        progress_end();
    else
        progress_show("%s: %lu refreshed, %lu sealed anew, %lu to log in again, %lu failed", provider, tally->refreshed,
                      tally->resealed, tally->invalid, tally->failed);
}

static void print_summary(const struct refresh_tally *tally) {
    struct buffer text = BUFFER_EMPTY;
    refresh_tally_append(&text, tally);
    printf("refresh: %s\n", buffer_text(&text));
    buffer_free(&text);
}

/* The report is for the owner's page; a run without one has refreshed all the same. */
static void write_report(const struct config *config, const struct refresh_outcome *outcome,
                         const struct refresh_causes *causes) {
    if (!refresh_report_write(config, outcome, causes))
        command_complain("%s/" REFRESH_REPORT_NAME ", which the owner's page shows, cannot be written: %s",
                         config->state, strerror(errno));
}

enum command_status command_refresh(const struct command_line *line) {
    struct config *config = NULL;
    struct store *store = NULL;
    struct refresh_causes causes = {.count = 0};
    struct refresh_outcome outcome;
    const struct refresh_options options = {.within = (int64_t)line->within_days * SECONDS_PER_DAY,
                                            .pause_seconds = line->pause_seconds,
                                            .complain = complain,
                                            .progress = show_progress,
                                            .context = &causes};
    enum command_status status = COMMAND_FAILED;
    if (command_open(line, &config, &store) && refresh_run(config, store, &options, &outcome)) {
        print_summary(&outcome.tally);
        write_report(config, &outcome, &causes);
        status = outcome.tally.failed == 0 ? COMMAND_DONE : COMMAND_FAILED;
    }
    store_close(store);
    config_free(config);
    return status;
}
