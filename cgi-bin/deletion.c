/* /auth/{provider}/deletion. POST: Meta hands on a person's wish that their data be deleted; deletes this provider's
 * account, and the user with the last one, ends all sessions of the user, and answers with a code. GET with the code:
 * the page that tells the person what happened.
 * SPDX-License-Identifier: MIT */
#include "config/routes.h"
#include "meta/data_request.h"
#include "meta/deletion_code.h"
#include "program/answer.h"
#include "program/page.h"
#include "program/program.h"

#include <unistd.h>

static enum error_code answer(struct context *context, const struct provider *provider, const struct deletion *deletion,
                              struct error *error) {
    struct buffer code = BUFFER_EMPTY, url = BUFFER_EMPTY;
    enum error_code result = ERROR_NONE;
    buffer_append_text(&url, context->config->base_url);
    route_append_link(&url, context->request, ROUTE_DELETION, provider->name);
    struct view body = view_new();
    if (deletion_code_make(&context->config->keys, provider->name, deletion, &code)) {
        query_append_to_url(&url, "code", buffer_text(&code));
        view_buffer(&body, "url", &url);
        view_buffer(&body, "confirmation_code", &code);
        response_json(context->response, 200, "application/json", &body);
    } else {
        result = error_out_of_memory(error);
    }
    view_free(&body);
    buffer_free(&code);
    buffer_free(&url);
    return result;
}

static enum error_code delete_user(struct context *context, struct error *error) {
    struct data_request data;
    struct deletion deletion = {.time = context->request->now};
    enum error_code code = data_request_open(context, "deletion", &data, error);
    if (code == ERROR_NONE && data.id != NULL)
        code = store_account_remove(data.store, data.provider->name, data.id, &deletion.had_data, error);
    deletion.had_data = deletion.had_data || data.had_user;
    deletion.kept = data.has_other;
    if (code == ERROR_NONE)
        code = data_request_done(&data, context->request->now, error);
    if (code == ERROR_NONE)
        code = answer(context, data.provider, &deletion, error);
    data_request_close(&data);
    return code;
}

static void add_status(struct view *view, const struct deletion *deletion, struct words *words) {
    view_text(view, "status", deletion->had_data ? "deleted" : "nothing_stored");
    view_bool(view, "user_kept", deletion->kept);
    page_add_time(view, "time", deletion->time, words);
}

static enum error_code show_status(struct context *context, struct error *error) {
    const struct provider *provider = context->provider;
    struct deletion deletion;
    struct words *words = NULL;
    const char *text;
    enum error_code code = query_read(&context->request->query, "code", &text, error);
    if (code == ERROR_NONE)
        code = deletion_code_read(&context->config->keys, provider->name, text, &deletion, error);
    if (code == ERROR_NONE && !context->request->wants_json)
        code = context_words(context, &words, error);
    if (code != ERROR_NONE)
        return code;
    struct view view = view_new();
    add_status(&view, &deletion, words);
    if (words != NULL) {
        view_bool(&view, "had_data", deletion.had_data);
        view_text(&view, "provider_title", provider->title);
    }
    code = answer_page(context, "deletion", &view, NULL, error);
    view_free(&view);
    return code;
}

static enum error_code handle(struct context *context, struct error *error) {
    return context->request->method == METHOD_POST ? delete_user(context, error) : show_status(context, error);
}

/* The page of who comes with a link that is damaged: they have left, and want no login. */
static enum error_code show_unknown(struct context *context, int status, struct error *error) {
    struct view view = view_new();
    view_text(&view, "provider_title", context->provider->title);
    const enum error_code code = page_render(context, "deletion_unknown", status, &view, NULL, error);
    view_free(&view);
    return code;
}

static void fail(struct context *context, enum error_code code) {
    struct error error;
    const bool unknown = (code == ERROR_NOT_FOUND || code == ERROR_BAD_REQUEST) && context->provider != NULL &&
                         !context->request->wants_json && context->request->method != METHOD_POST;
    if (!unknown) {
        page_error(context, code);
    } else if ((code = show_unknown(context, error_describe(code)->status, &error)) != ERROR_NONE) {
        response_note(context->response, "%s: %s", error_describe(code)->word, error.cause);
        page_error(context, code);
    }
}

int main(void) {
    static const struct program program = {.name = "deletion",
                                           .methods = METHOD_GET | METHOD_HEAD | METHOD_POST,
                                           .wants = CONTEXT_PROVIDER | CONTEXT_FORM,
                                           .store = process_cache_store,
                                           .handle = handle,
                                           .fail = fail};
    return program_run(&program, environ);
}
