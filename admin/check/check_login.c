/* What the site says at the address of `login`.
 * SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/check/log_mark.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "base/user_name.h"
#include "config/routes.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* For all that is asked of the own site. */
enum { SITE_MS = 30000, LOGS = 2 };

/* Asking. */

/* What is found in the response of `login`. */
struct found {
    bool ours;
    enum seal_result proof; /* SEAL_DONE: with a report */
};

/* Reads the response, and the report in it. */
static struct found read_login(struct check *check, int64_t now, const char *nonce) {
    const struct http_response *response = &check->login.response;
    struct found found = {.proof = SEAL_REFUSED};
    cJSON *document = NULL;
    if (response->status != 200 || !text_starts_with(response->content_type, "application/json"))
        return found;
    if (json_parse(buffer_text(&response->body), response->body.len, &document, NULL) == JSON_NO_MEMORY)
        found.proof = SEAL_NO_MEMORY;
    const char *report = json_string(document, SITE_REPORT_MEMBER);
    found.ours = cJSON_IsArray(json_member(document, "providers"));
    if (found.ours && report != NULL)
        found.proof = site_report_open(&check->config->keys, now, nonce, report, &check->report);
    json_free(document);
    return found;
}

static enum site_state judge(const struct site_answer *answer, const struct found *found) {
    if (!site_answer_is_there(answer))
        return SITE_SILENT;
    if (answer->problem[0] != '\0')
        return SITE_FAILING;
    if (!found->ours)
        return SITE_FOREIGN;
    return found->proof == SEAL_DONE ? SITE_REPORTING : SITE_UNPROVED;
}

/* Asks with a challenge of the time `now`. */
static void ask(struct check *check, int64_t now) {
    char nonce[SITE_REPORT_NONCE_SIZE];
    struct buffer header = BUFFER_EMPTY;
    struct found found = {.proof = SEAL_NO_MEMORY};
    buffer_append_text(&header, SITE_REPORT_HEADER ": ");
    if (site_report_challenge(&check->config->keys, now, nonce, &header) && !header.failed) {
        site_ask(check->site, check->config, SITE_GET, ROUTE_PATH_LOGIN, buffer_text(&header), &check->login);
        found = read_login(check, now, nonce);
        check->state = judge(&check->login, &found);
    }
    if (found.proof == SEAL_NO_MEMORY) {
        check_fix(check, "out of memory: the site could not be looked at");
        check->state = SITE_NOT_ASKED;
    }
    buffer_free(&header);
}

/* Where the clocks differ, the challenge is one by the site's. */
static void ask_by_both_clocks(struct check *check) {
    struct url url;
    const int64_t now = (int64_t)time(NULL);
    ask(check, now);
    const int64_t date = check->login.response.date;
    if (date == 0 || !url_parse(check->config->base_url, &url))
        return;
    check->site_clock.ahead = now - date;
    snprintf(check->site_clock.host, sizeof check->site_clock.host, "%.*s", (int)url.origin_len,
             check->config->base_url);
    if (check->state == SITE_UNPROVED && !clock_agrees(&check->site_clock)) {
        site_answer_free(&check->login);
        ask(check, date);
    }
}

static void ask_site(struct check *check) {
    struct log_mark marks[LOGS];
    struct error error;
    char beside[PATH_MAX];
    if (http_client_new(check->config->ca_folder, &check->site, &error) != ERROR_NONE) {
        check_fix(check, "%s", error.cause);
        return;
    }
    http_client_limit(check->site,
                      deadline_in(check->options->milliseconds != 0 ? check->options->milliseconds : SITE_MS));
    log_mark_set(&marks[0], check->config->log);
    snprintf(beside, sizeof beside, "%s/" CONFIG_LOG_NAME, check->config->home);
    log_mark_set(&marks[1], beside);
    ask_by_both_clocks(check);
    for (size_t i = 0; i < LOGS && check->login_log[0] == '\0'; i++)
        if (!log_mark_read(&marks[i], route_program(ROUTE_LOGIN), check->login_log))
            check->login_log[0] = '\0';
}

void check_look(struct check *check, bool wanted) {
    if (wanted)
        ask_site(check);
    const bool known = check->state == SITE_REPORTING;
    program_place_find(check->config, known && check->report.folder[0] != '\0' ? check->report.folder : NULL,
                       known && check->report.document_root[0] != '\0' ? check->report.document_root : NULL,
                       &check->place);
}

/* Telling. */

static void tell_silence(const struct check *check) {
    const char *base = check->config->base_url, *cause = check->login.error.cause;
    switch (check->login.response.fault) {
    case HTTP_FAULT_NAME:
        check_fix(check, "base_url: no name server knows the host of %s; correct it, or have the domain set up", base);
        break;
    case HTTP_FAULT_REFUSED:
        check_fix(check, "%s takes no connection: does the web server run, and is base_url's port right? (%.300s)",
                  base, cause);
        break;
    case HTTP_FAULT_TIMEOUT:
        check_note(check,
                   "%s does not respond to this machine, as some hosts let no program reach their own address: whether "
                   "the site works could not be looked at; open %s" ROUTE_PATH_LOGIN " in a browser",
                   base, base);
        break;
    case HTTP_FAULT_CERTIFICATE:
        check_fix(
            check,
            "%s: its certificate is not trusted, and browsers warn of it: get one for this very name (most panels "
            "do, under SSL or Let's Encrypt), or set the clock if that is wrong (%.300s)",
            base, cause);
        break;
    case HTTP_FAULT_TLS:
        check_fix(check, "%s does not speak TLS there: switch https on in the panel (%.300s)", base, cause);
        break;
    case HTTP_FAULT_NONE:
    case HTTP_FAULT_OTHER:
        check_fix(check, "the site could not be asked: %.500s; open %s" ROUTE_PATH_LOGIN " in a browser", cause, base);
        break;
    }
}

/* Takes off a line of the log what tells to run this very check, and the error's word. */
static const char *trim(const struct check *check, char line[LOG_LINE_MAX]) {
    const struct error_description *description = error_describe(ERROR_CONFIG);
    char hint[LOG_LINE_MAX];
    const size_t word = strlen(check->login.problem);
    snprintf(hint, sizeof hint, " (%s)", description->hint);
    snprintf(line, LOG_LINE_MAX, "%s", check->login_log);
    char *end = strstr(line, hint);
    if (end != NULL)
        *end = '\0';
    return strncmp(line, check->login.problem, word) == 0 && strncmp(line + word, ": ", 2) == 0 ? line + word + 2
                                                                                                : line;
}

/* Our program runs, and fails. What it wrote into the log is the best that can be said. */
static void tell_failure(struct check *check) {
    const struct config *config = check->config;
    char user[USER_NAME_SIZE], line[LOG_LINE_MAX];
    if (check->login_log[0] != '\0') {
        check_fix(check, "%s" ROUTE_PATH_LOGIN " responds %ld, since: %.800s", config->base_url,
                  check->login.response.status, trim(check, line));
        return;
    }
    if (check->told) {
        check_fix(check, "%s" ROUTE_PATH_LOGIN " responds %ld: the program runs, and has no config, see above",
                  config->base_url, check->login.response.status);
        return;
    }
    const struct stat status = file_look(config->path);
    check_fix(check,
              "%s" ROUTE_PATH_LOGIN " responds %ld (%s): the program runs, and cannot use its config. It has written "
              "nothing to %s, so the web server seems to run it as another user than %s, whose %s is (mode %04o): ask "
              "the host to run programs as you (suEXEC), or let that user's group read it (chgrp, then chmod 640)",
              config->base_url, check->login.response.status, check->login.problem, config->log,
              user_name(status.st_uid, user), config->path, (unsigned)status.st_mode & 07777U);
}

static void tell_unproved(const struct check *check) {
    if (check->told)
        check_fix(check, "%s" ROUTE_PATH_LOGIN " is of cgi-login, but works with another config than this, see above",
                  check->config->base_url);
    else
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN " is of cgi-login, but does not have the keys of this config: it uses another "
                  "config, or the programs are of an earlier version; keep one config, and upload the programs anew",
                  check->config->base_url);
}

/* True if both are one path, or one ends with all of the other: a web server in a folder that is its root has a shorter
 * path for the same file. */
static bool is_same_file(const char *one, const char *other) {
    const size_t len = strlen(one), other_len = strlen(other);
    return len < other_len ? strcmp(one, other + other_len - len) == 0 : strcmp(one + len - other_len, other) == 0;
}

static void tell_report(const struct check *check) {
    const struct site_report *report = &check->report;
    const struct config *config = check->config;
    char user[USER_NAME_SIZE];
    if (strcmp(report->version, CGI_LOGIN_VERSION) != 0)
        check_fix(check, "the programs in %s are of version %s, and this one of %s: upload all of one version",
                  report->folder, report->version, CGI_LOGIN_VERSION);
    if (report->config[0] != '\0' && !is_same_file(report->config, config->path))
        check_fix(
            check,
            "the site works with another config, %s: look at that one (cgi-login check --config %s), or remove it "
            "where this one is the right one",
            report->config, report->config);
    else
        check_ok(check, "%s" ROUTE_PATH_LOGIN " works with this config: the programs in %s run as user %s",
                 config->base_url, report->folder, user_name((uid_t)report->user, user));
}

void check_login(struct check *check) {
    switch (check->state) {
    case SITE_NOT_ASKED: break;
    case SITE_SILENT: tell_silence(check); break;
    case SITE_FOREIGN: check_foreign(check); break;
    case SITE_FAILING: tell_failure(check); break;
    case SITE_UNPROVED: tell_unproved(check); break;
    case SITE_REPORTING: tell_report(check); break;
    }
}
