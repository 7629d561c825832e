/* SPDX-License-Identifier: MIT */
#include "program/revocation_helper.h"

#include "base/deadline.h"
#include "base/json.h"
#include "config/provider_outline.h"
#include "store/document_fields.h"
#include "store/user.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How much longer than the helper may take it is waited for, and what it may say. */
enum { MOMENT_MS = 500, REPORT_MAX = 8192 };

struct helper {
    pid_t process;
    int input;  /* its standard input; -1 once all is written */
    int output; /* its standard output */
};

static void close_both(const int ends[2]) {
    close(ends[0]);
    close(ends[1]);
}

/* Adds a copy of the account without its profile, which is no business of the helper's. */
static void add_account(struct view *accounts, const cJSON *account) {
    static const char *const fields[] = {FIELD_ID, FIELD_ACCESS_TOKEN, FIELD_REFRESH_TOKEN, FIELD_TOKEN};
    struct view item = view_object(accounts, account->string);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (json_member(account, fields[i]) != NULL)
            view_copy(&item, fields[i], json_member(account, fields[i]));
}

/* Adds the account if it has a token that its provider may take back. */
static enum error_code add_if_wanted(struct context *context, const cJSON *account, struct view *accounts,
                                     struct error *error) {
    const struct provider_outline *outline;
    if (json_member(account, FIELD_ACCESS_TOKEN) == NULL ||
        json_member(context->config->providers, account->string) == NULL)
        return ERROR_NONE;
    const enum error_code code = context_outline(context, account->string, &outline, error);
    if (code == ERROR_NONE && outline->may_revoke)
        add_account(accounts, account);
    return code;
}

/* *text becomes what the helper is told (json_free_text), or NULL where there is nothing to tell. */
static enum error_code make_wish(struct context *context, const cJSON *document, const char *provider, char **text,
                                 struct error *error) {
    struct view accounts = view_new();
    enum error_code code = ERROR_NONE;
    *text = NULL;
    for (const cJSON *member = document->child; code == ERROR_NONE && member != NULL; member = member->next)
        if (user_is_account(member) && (provider == NULL || strcmp(member->string, provider) == 0))
            code = add_if_wanted(context, member, &accounts, error);
    if (code == ERROR_NONE && (view_json(&accounts) == NULL || view_json(&accounts)->child != NULL)) {
        *text = view_print(&accounts);
        if (*text == NULL)
            code = error_out_of_memory(error);
    }
    view_free(&accounts);
    return code;
}

/* Starts the program with the two ends as its standard input and output, and with nothing of the request: what a
 * visitor's headers say is not for it. Returns errno's value, or 0. */
static int spawn(char *path, const char *config_path, const int ends[2], pid_t *process) {
    char variable[sizeof CONFIG_VARIABLE + PATH_MAX];
    posix_spawn_file_actions_t actions;
    snprintf(variable, sizeof variable, CONFIG_VARIABLE "=%s", config_path);
    int result = posix_spawn_file_actions_init(&actions);
    if (result != 0)
        return result;
    result = posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    if (result == 0)
        result = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (result == 0)
        result = posix_spawn(process, path, &actions, NULL, (char *[]){path, NULL}, (char *[]){variable, NULL});
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

static enum error_code start(const struct context *context, struct helper *helper, struct error *error) {
    char path[PATH_MAX], config_path[PATH_MAX];
    int to[2], from[2];
    const char *named = context->request->config_path;
    snprintf(path, sizeof path, "%s/lib/revoke", context->config->home);
    snprintf(config_path, sizeof config_path, "%s%s", named != NULL ? named : context->config->home,
             named != NULL ? "" : "/config.json");
    if (pipe2(to, O_CLOEXEC) != 0)
        return error_set(error, ERROR_INTERNAL, "no pipe: %s", strerror(errno));
    if (pipe2(from, O_CLOEXEC) != 0) {
        close_both(to);
        return error_set(error, ERROR_INTERNAL, "no pipe: %s", strerror(errno));
    }
    const int result = spawn(path, config_path, (const int[2]){to[0], from[1]}, &helper->process);
    close(to[0]);
    close(from[1]);
    *helper = (struct helper){helper->process, to[1], from[0]};
    fcntl(helper->input, F_SETFL, O_NONBLOCK);
    if (result == 0)
        return ERROR_NONE;
    close(helper->input);
    close(helper->output);
    return error_set(error, ERROR_INTERNAL, "%s cannot be started: %s; upload it again", path, strerror(result));
}

static void end_input(struct helper *helper) {
    close(helper->input);
    helper->input = -1;
}

/* Writes what the pipe takes. */
static void feed(struct helper *helper, const char **text) {
    const ssize_t written = write(helper->input, *text, strlen(*text));
    if (written > 0)
        *text += written;
    if (**text == '\0' || (written < 0 && errno != EAGAIN && errno != EINTR))
        end_input(helper);
}

/* Writes the wish and reads the report, until the helper closes its output or the time is over. False in that case. */
static bool talk(struct helper *helper, const char *text, struct buffer *report) {
    const struct deadline end = deadline_in((int64_t)REVOCATION_SECONDS * MILLISECONDS_PER_SECOND + MOMENT_MS);
    char bytes[1024];
    int64_t left;
    while ((left = deadline_left(end)) != 0) {
        struct pollfd ends[] = {{.fd = helper->output, .events = POLLIN}, {.fd = helper->input, .events = POLLOUT}};
        if (poll(ends, 2, (int)left) <= 0)
            continue;
        if (helper->input >= 0 && ends[1].revents != 0)
            feed(helper, &text);
        if (ends[0].revents == 0)
            continue;
        const ssize_t len = read(helper->output, bytes, sizeof bytes);
        if (len == 0 || (len < 0 && errno != EINTR))
            return true;
        if (len > 0 && report->len < REPORT_MAX)
            buffer_append(report, bytes, (size_t)len);
    }
    return false;
}

static void note_report(struct response *response, const struct buffer *report) {
    for (const char *line = buffer_text(report); *line != '\0';
         line += strcspn(line, "\n") + (strchr(line, '\n') != NULL))
        if (*line != '\n')
            response_note(response, "%.*s", (int)strcspn(line, "\n"), line);
}

static void run(struct context *context, const char *text) {
    struct helper helper = {.process = -1};
    struct buffer report = BUFFER_EMPTY;
    struct error error;
    int status = 0;
    if (start(context, &helper, &error) != ERROR_NONE) {
        response_note(context->response, "no token was revoked at a provider: %s", error.cause);
        return;
    }
    const bool whole = talk(&helper, text, &report);
    if (!whole)
        kill(helper.process, SIGKILL);
    if (helper.input >= 0)
        end_input(&helper);
    close(helper.output);
    while (waitpid(helper.process, &status, 0) < 0 && errno == EINTR)
        continue;
    note_report(context->response, &report);
    if (!whole || status != 0)
        response_note(context->response, "tokens may not have been revoked at the provider: lib/revoke %s",
                      whole ? "failed" : "took too long");
    buffer_free(&report);
}

void revocation_helper_run(struct context *context, const cJSON *document, const char *provider) {
    struct error error;
    char *text;
    if (make_wish(context, document, provider, &text, &error) != ERROR_NONE)
        response_note(context->response, "no token was revoked at a provider: %s", error.cause);
    if (text != NULL)
        run(context, text);
    json_free_text(text);
}
