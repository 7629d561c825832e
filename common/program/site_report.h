/* What a program tells of itself to whoever has the keys of its config: as whom it runs, which config it has found, and
 * where it lies. Only the web server decides that, so `check` asks `login`, through base_url, with a challenge that the
 * keys seal and that lives for a minute. The report is sealed likewise, for this one challenge, and of one size; who
 * lacks the keys gets the page that everybody gets.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_REPORT_H
#define CGI_LOGIN_SITE_REPORT_H

#include "program/context.h"
#include "seal/seal.h"

#include <limits.h>

/* The header that brings a challenge, as a program sees it and as it is sent; and the member of the JSON response that
 * brings the report. */
#define SITE_REPORT_VARIABLE "HTTP_X_CGI_LOGIN_CHECK"
#define SITE_REPORT_HEADER "X-Cgi-Login-Check"
#define SITE_REPORT_MEMBER "report"

enum { SITE_REPORT_NONCE_SIZE = 33, SITE_REPORT_VERSION_SIZE = 32, SITE_REPORT_GROUPS_MAX = 32 };

struct site_report {
    int64_t user;                           /* the number of the user that it runs as */
    int64_t groups[SITE_REPORT_GROUPS_MAX]; /* the first is the process's own */
    size_t groups_count;
    int64_t time;                 /* by its clock */
    char config[PATH_MAX];        /* the paths are without symbolic links; "" for one that is too long, or not known */
    char folder[PATH_MAX];        /* of the program */
    char document_root[PATH_MAX]; /* as the web server says */
    char version[SITE_REPORT_VERSION_SIZE];
};

/* Adds the report, if the request brings a challenge that this config's keys have sealed, and no longer ago than a
 * minute. Costs a request without the header nothing. */
void site_report_add(const struct context *context, struct view *view);

/* Appends a challenge, whose `nonce` opens its report. False when memory runs out, or there is no key. */
bool site_report_challenge(const struct keyring *keys, int64_t now, char nonce[SITE_REPORT_NONCE_SIZE],
                           struct buffer *challenge);

/* Opens the report on the challenge of that nonce. SEAL_REFUSED: it is none. */
enum seal_result site_report_open(const struct keyring *keys, int64_t now, const char *nonce, const char *text,
                                  struct site_report *report);

#endif
