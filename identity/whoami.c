/* cgi-login-whoami: tells a CGI script of any language who is signed in. The script runs it with its own environment,
 * and reads one JSON object from it (docs/identity.md). It touches no store until the session is due for a check, and
 * holds no key that the script could get at.
 * SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "base/process.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "config/routes.h"
#include "program/error_log.h"
#include "program/process_exit.h"
#include "program/program_name.h"
#include "program/session_check.h"
#include "program/visitor.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The exit status. */
enum outcome { SIGNED_IN = 0, NOBODY = 1, FAULT = 2 };

static const char FULL_PROGRAM[] = "cgi-login-whoami", LOG_NAME[] = "whoami";

static const char HELP[] =
    "usage: cgi-login-whoami\n"
    "\n"
    "Says who is signed in, for a CGI script, which runs it with its own environment (HTTP_COOKIE). Prints one JSON\n"
    "object; docs/identity.md tells what is in it.\n"
    "\n"
    "  --help            this text\n"
    "  --version         the version\n"
    "\n"
    "Exit status: 0 somebody is signed in, 1 nobody is, 2 a fault, which standard error and the log tell.\n";

/* Opens the store, with another standard input: the script's is not for a full program to read (mongodb_loader.h), and
 * that of a FastCGI script would be taken for a connection. */
static enum error_code open_store(struct process_cache *cache, const struct config *config, struct store **store,
                                  struct error *error) {
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0 && nothing != STDIN_FILENO) {
        dup2(nothing, STDIN_FILENO);
        close(nothing);
    }
    return process_cache_store(cache, config, store, error);
}

static void add_value(struct view *view, const char *key, const struct session *session, enum visitor_value value) {
    struct buffer text = BUFFER_EMPTY;
    visitor_append(&text, session, value);
    view_buffer(view, key, &text);
    buffer_free(&text);
}

/* Adds the header that the script may send on: the response holds no other. */
static void add_cookie(struct view *view, const struct response *response) {
    static const char name[] = "Set-Cookie: ";
    const char *header = buffer_text(&response->headers);
    struct buffer value = BUFFER_EMPTY;
    if (response->headers.failed)
        view_add(view, "set_cookie", NULL);
    if (!text_starts_with(header, name))
        return;
    buffer_append(&value, header + strlen(name), strcspn(header, "\r") - strlen(name));
    view_buffer(view, "set_cookie", &value);
    buffer_free(&value);
}

static void add_visitor(const struct context *context, const struct session *session, struct view *view) {
    const cJSON *groups = json_member(session->profile, PROFILE_GROUPS);
    view_bool(view, "signed_in", true);
    add_value(view, "id", session, VISITOR_USER);
    add_value(view, "provider", session, VISITOR_PROVIDER);
    add_value(view, "username", session, VISITOR_USERNAME);
    add_value(view, "name", session, VISITOR_NAME);
    add_value(view, "email", session, VISITOR_EMAIL);
    if (cJSON_IsArray(groups))
        view_copy(view, "groups", groups);
    else
        view_list(view, "groups");
    view_copy(view, "user", session->profile);
    view_number(view, "since", session->signed_in);
    view_number(view, "checked", session->checked);
    view_number(view, "expires", session->expires);
    view_bool(view, "due", !session->asked && session_is_due(context->config, context->request, session));
}

static enum error_code tell_visitor(struct context *context, const struct session *session, struct view *view,
                                    struct error *error) {
    context->response->status = 200;
    enum error_code code = session_check_write(context, session, error);
    add_visitor(context, session, view);
    const char *id = json_string(view->value, "id");
    if (code == ERROR_NONE && id != NULL && *id == '\0')
        code = error_set(error, ERROR_INTERNAL, "the account's id is none that a script could be told");
    return code;
}

static void tell_nobody(struct context *context, struct view *view) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, context->config->base_url);
    route_append(&url, ROUTE_LOGIN, NULL);
    view_bool(view, "signed_in", false);
    view_bool(view, "due", false);
    view_buffer(view, "login_url", &url);
    session_remove(context->request, context->response);
    buffer_free(&url);
}

/* Loads the config: of a program in the product's bin/, the one beside that folder. */
static enum error_code load_config(struct context *context, struct config **config, struct error *error) {
    const struct request *request = context->request;
    char path[PATH_MAX];
    enum error_code code = config_locate(request->config_path, CONFIG_FOR_COMMAND, path, error);
    if (code == ERROR_NONE)
        code = config_load(path, request->document_root, CONFIG_FOR_REQUEST, config, &context->problems, error);
    context->config = *config;
    return code;
}

/* Fills the view. ERROR_NONE for somebody, ERROR_NOT_SIGNED_IN for nobody, which the view tells, too. */
static enum error_code judge(struct context *context, struct request *request, struct view *view, struct error *error) {
    struct session session = {.id = ""};
    enum error_code code = request_read_cookies(request, error);
    if (code == ERROR_NONE)
        code = session_check_read(context, &session, error);
    if (code == ERROR_COOKIES_TOO_LARGE)
        code = ERROR_NOT_SIGNED_IN;
    if (code == ERROR_NONE)
        code = tell_visitor(context, &session, view, error);
    else if (code == ERROR_NOT_SIGNED_IN)
        tell_nobody(context, view);
    add_cookie(view, context->response);
    session_clear(&session);
    return code;
}

static void note_fault(struct context *context, enum error_code code, const struct error *error) {
    response_note(context->response, "%s: %s", error_describe(code)->word, error->cause);
    for (size_t i = 1; i < context->problems.count; i++)
        response_note(context->response, "%s: %s", error_describe(code)->word, context->problems.lines[i]);
}

/* Prints the view in one piece. */
static enum error_code print(const struct gateway *gateway, const struct view *view, struct error *error) {
    struct buffer line = BUFFER_EMPTY;
    enum error_code code = ERROR_NONE;
    char *text = view_print(view);
    if (text != NULL)
        buffer_append_format(&line, "%s\n", text);
    if (text == NULL || line.failed)
        code = error_out_of_memory(error);
    else if (!gateway->write(gateway, buffer_text(&line), line.len))
        code = error_set(error, ERROR_INTERNAL, "the output could not be written");
    buffer_free(&line);
    json_free_text(text);
    return code;
}

static enum outcome tell(struct context *context, struct request *request, struct config **config) {
    struct view view = view_new();
    struct error error;
    enum error_code code = load_config(context, config, &error);
    if (code == ERROR_NONE)
        code = judge(context, request, &view, &error);
    const enum outcome outcome = code == ERROR_NONE ? SIGNED_IN : NOBODY;
    if (code == ERROR_NONE || code == ERROR_NOT_SIGNED_IN)
        code = print(context->gateway, &view, &error);
    if (code != ERROR_NONE)
        note_fault(context, code, &error);
    if (context->response->notes.len != 0)
        error_log_write(context, LOG_NAME);
    view_free(&view);
    return code == ERROR_NONE ? outcome : FAULT;
}

static enum outcome run(void) {
    const struct gateway gateway = gateway_cgi(environ);
    struct process_cache cache = {.store = NULL};
    struct config *config = NULL;
    struct request request;
    struct response response = {.status = 0};
    struct context context = {
        .request = &request, .response = &response, .cache = &cache, .gateway = &gateway, .open_store = open_store};
    request_begin(&request, environ);
    const enum outcome outcome = tell(&context, &request, &config);
    response_free(&response);
    context_clear(&context);
    request_free(&request);
    if (exit_is_leak_checked()) /* else the connections end with the process */
        process_cache_clear(&cache);
    config_free(config);
    return outcome;
}

int main(int argc, char **argv) {
    const char *option = argc == 2 ? argv[1] : "";
    process_harden();
    program_name_set(FULL_PROGRAM);
    if (strcmp(option, "--help") == 0 || strcmp(option, "--version") == 0)
        return fputs(option[2] == 'h' ? HELP : "cgi-login-whoami " CGI_LOGIN_VERSION "\n", stdout) < 0 ? FAULT
                                                                                                       : SIGNED_IN;
    if (argc > 1 || sodium_init() < 0) {
        fputs(argc > 1 ? HELP : "cgi-login-whoami: the system gives no random numbers\n", stderr);
        return FAULT;
    }
    const enum outcome outcome = run();
    if (exit_is_leak_checked())
        return outcome;
    _exit((int)outcome); /* the kernel frees what libraries would tidy up */
}
