/* SPDX-License-Identifier: MIT */
#include "program/site_report.h"

#include "base/json.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char CHALLENGE[] = "challenge";
static const char KEY_USER[] = "user", KEY_GROUPS[] = "groups", KEY_TIME[] = "time", KEY_CONFIG[] = "config";
static const char KEY_FOLDER[] = "folder", KEY_DOCUMENT_ROOT[] = "document_root", KEY_VERSION[] = "version";

/* What is sealed has one size, so that nobody learns from it how long a path is. */
enum { REPORT_SIZE = 3072, REPORTED_PATH_MAX = 800, NONCE_BYTES = (SITE_REPORT_NONCE_SIZE - 1) / 2 };

/* Both sides may have clocks that differ by as much as the challenge lives. */
enum { REPORT_SECONDS = 60 };

/* The program's side. */

/* Opens the request's challenge. False if it brings none of ours. */
static bool read_challenge(const struct context *context, char nonce[SITE_REPORT_NONCE_SIZE]) {
    const char *text = request_variable(context->request, SITE_REPORT_VARIABLE);
    const size_t len = SITE_REPORT_NONCE_SIZE - 1;
    struct secret *plain = NULL;
    if (text == NULL || strlen(text) != seal_sealed_length(len) ||
        seal_open(&context->config->keys, KEY_FOR_SITE_REPORT, CHALLENGE, context->request->now, text, strlen(text),
                  &plain) != SEAL_DONE)
        return false;
    const bool whole = text_copy(nonce, SITE_REPORT_NONCE_SIZE, secret_text(plain)) && strlen(nonce) == len;
    secret_free(plain);
    return whole;
}

/* Adds the groups, the process's own first; of more than fit the others are left out. */
static void add_groups(struct view *view) {
    gid_t more[SITE_REPORT_GROUPS_MAX - 1];
    cJSON *groups = cJSON_CreateArray();
    const int count = getgroups(SITE_REPORT_GROUPS_MAX - 1, more);
    bool whole = groups != NULL && json_append(groups, cJSON_CreateNumber((double)getegid()));
    for (int i = 0; whole && i < count; i++)
        whole = json_append(groups, cJSON_CreateNumber((double)more[i]));
    if (!whole) {
        json_free(groups);
        groups = NULL;
    }
    view_add(view, KEY_GROUPS, groups);
}

static void add_path(struct view *view, const char *key, const char *path) {
    if (path != NULL && strlen(path) <= REPORTED_PATH_MAX)
        view_text(view, key, path);
}

/* Returns what is to be told, for json_free_text. NULL when memory runs out. */
static char *print_report(const struct context *context) {
    char real[PATH_MAX];
    struct program_file program;
    struct view view = view_new();
    view_number(&view, KEY_USER, (int64_t)geteuid());
    add_groups(&view);
    view_number(&view, KEY_TIME, context->request->now);
    view_text(&view, KEY_VERSION, CGI_LOGIN_VERSION);
    add_path(&view, KEY_CONFIG, context->config->path);
    add_path(&view, KEY_DOCUMENT_ROOT, config_web_root(context->request->document_root, real));
    if (program_file_self(&program))
        add_path(&view, KEY_FOLDER, program.folder);
    char *text = view_print(&view);
    view_free(&view);
    return text;
}

void site_report_add(const struct context *context, struct view *view) {
    char nonce[SITE_REPORT_NONCE_SIZE], plain[REPORT_SIZE];
    struct buffer sealed = BUFFER_EMPTY;
    if (!context->request->wants_json || !read_challenge(context, nonce))
        return;
    char *text = print_report(context);
    const size_t len = text != NULL ? strlen(text) : sizeof plain + 1;
    if (len <= sizeof plain) {
        memset(plain, ' ', sizeof plain);
        memcpy(plain, text, len);
        if (seal_close(&context->config->keys, KEY_FOR_SITE_REPORT, nonce, context->request->now + REPORT_SECONDS,
                       plain, sizeof plain, &sealed) == SEAL_DONE)
            view_buffer(view, SITE_REPORT_MEMBER, &sealed);
    }
    buffer_free(&sealed);
    json_free_text(text);
}

/* The side of who asks. */

bool site_report_challenge(const struct keyring *keys, int64_t now, char nonce[SITE_REPORT_NONCE_SIZE],
                           struct buffer *challenge) {
    unsigned char random[NONCE_BYTES];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(nonce, SITE_REPORT_NONCE_SIZE, random, sizeof random);
    return seal_close(keys, KEY_FOR_SITE_REPORT, CHALLENGE, now + REPORT_SECONDS, nonce, strlen(nonce), challenge) ==
           SEAL_DONE;
}

static void read_path(const cJSON *document, const char *key, char path[PATH_MAX]) {
    if (!text_copy(path, PATH_MAX, json_string(document, key)))
        path[0] = '\0';
}

static bool read_report(const cJSON *document, struct site_report *report) {
    const cJSON *user = json_member(document, KEY_USER), *groups = json_member(document, KEY_GROUPS);
    const cJSON *time = json_member(document, KEY_TIME);
    if (!cJSON_IsNumber(user) || !cJSON_IsArray(groups) || !cJSON_IsNumber(time))
        return false;
    report->groups_count = 0;
    for (const cJSON *group = groups->child; group != NULL && report->groups_count < SITE_REPORT_GROUPS_MAX;
         group = group->next)
        report->groups[report->groups_count++] = (int64_t)group->valuedouble;
    report->user = (int64_t)user->valuedouble;
    report->time = (int64_t)time->valuedouble;
    read_path(document, KEY_CONFIG, report->config);
    read_path(document, KEY_FOLDER, report->folder);
    read_path(document, KEY_DOCUMENT_ROOT, report->document_root);
    return text_copy(report->version, sizeof report->version, json_string(document, KEY_VERSION));
}

enum seal_result site_report_open(const struct keyring *keys, int64_t now, const char *nonce, const char *text,
                                  struct site_report *report) {
    struct secret *plain = NULL;
    cJSON *document = NULL;
    enum seal_result result = seal_open(keys, KEY_FOR_SITE_REPORT, nonce, now, text, strlen(text), &plain);
    if (result == SEAL_DONE) {
        const enum json_result parsed = json_parse(secret_text(plain), plain->len, &document, NULL);
        if (parsed == JSON_NO_MEMORY)
            result = SEAL_NO_MEMORY;
        else if (parsed != JSON_PARSED || !read_report(document, report))
            result = SEAL_REFUSED;
    }
    json_free(document);
    secret_free(plain);
    return result;
}
