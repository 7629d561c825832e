/* What the last run of `refresh` did: a small file, for the owner's page and for the run that goes on where it stopped.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REFRESH_REPORT_H
#define CGI_LOGIN_REFRESH_REPORT_H

#include "admin/refresh_run.h"

#define REFRESH_REPORT_NAME "refresh-report.json"

/* Failures by their causes: the first few kinds of them. */
enum { REFRESH_CAUSES_MAX = 8 };
struct refresh_causes {
    struct {
        char text[ERROR_CAUSE_MAX];
        unsigned long count;
    } kinds[REFRESH_CAUSES_MAX];
    size_t count;
};

void refresh_causes_add(struct refresh_causes *causes, const char *cause);

/* Writes the report into the folder `state`, for the config's owner alone. False, with errno, if that fails. */
bool refresh_report_write(const struct config *config, const struct refresh_outcome *outcome,
                          const struct refresh_causes *causes);

/* Reads it (json_free); NULL where there is none that can be read. Members: `finished` (seconds since 1970), the counts
 * by their names in the tally, `complete`, `provider` and `id` (where to go on), `causes` [{cause, count}]. */
cJSON *refresh_report_read(const struct config *config);

/* Where that run has stopped; the start, if it had not to. NULL is fine. */
struct refresh_place refresh_report_place(const cJSON *report);

#endif
