/* GET /login: a button for each provider, who is signed in already, and the last login's error in plain words.
 * SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "base/text.h"
#include "config/provider.h"
#include "config/routes.h"
#include "language/words.h"
#include "program/answer.h"
#include "program/button_cache.h"
#include "program/page.h"
#include "program/program.h"
#include "program/reauth.h"
#include "program/return_to.h"
#include "program/site_report.h"
#include "session/last_provider.h"
#include "session/profile_view.h"
#include "session/session.h"

#include <unistd.h>

/* From how many providers on the page needs more room than a column of large buttons. */
enum { MANY_PROVIDERS = 7 };

/* What the buttons have in common. */
struct buttons {
    const struct request *request;
    struct words *words;
    char return_to[RETURN_TO_MAX + 1];
    bool reauth;
    const char *last; /* the provider that this browser used last, or NULL */
    bool signed_in;
    bool many;
    size_t count;
    struct view list;
    struct button_cache cache;
};

/* The page shows a mark where there is one, else a letter; JSON has no use for what only steers the page. */
static void add_look(const struct buttons *buttons, const struct button_outline *provider, bool used_last,
                     struct view *item) {
    if (provider->mark != NULL)
        view_text(item, "mark", provider->mark);
    if (used_last)
        view_bool(item, "used_last", true);
    if (buttons->request->wants_json)
        return;
    if (provider->mark == NULL)
        profile_view_initial(item, "letter", provider->title);
    view_bool(item, "primary",
              !buttons->many && !buttons->signed_in && (used_last || (buttons->last == NULL && buttons->count == 0)));
}

/* Adds what to know of a provider's accounts: its own words, or those of the language that it names by their key. */
static void add_hint(const struct buttons *buttons, const struct button_outline *provider, struct view *item) {
    static const char prefix[] = "account_hint.";
    const struct sentence_value values[] = {{"provider", provider->title}, {NULL, NULL}};
    struct buffer text = BUFFER_EMPTY;
    if (provider->account_hint == NULL)
        return;
    if (text_starts_with(provider->account_hint, prefix))
        words_append_with(buttons->words, provider->account_hint, values, &text);
    else
        buffer_append_text(&text, provider->account_hint);
    if (text.len != 0 || text.failed)
        view_buffer(item, "account_hint", &text);
    buffer_free(&text);
}

static void add_button(const struct buttons *buttons, const struct button_outline *provider, struct view *item) {
    struct buffer url = BUFFER_EMPTY;
    route_append_link(&url, buttons->request, ROUTE_START, provider->name);
    if (*buttons->return_to != '\0')
        query_append_to_url(&url, RETURN_TO_PARAMETER, buttons->return_to);
    reauth_append(buttons->reauth, &url);
    view_text(item, "name", provider->name);
    view_text(item, "title", provider->title);
    view_buffer(item, "url", &url);
    add_hint(buttons, provider, item);
    add_look(buttons, provider, text_equal(provider->name, buttons->last), item);
    buffer_free(&url);
}

/* Adds the provider's button in its place, which is the config's; where there are many, the one that was used last
 * stands above them, too. */
static void add_provider(struct buttons *buttons, const struct button_outline *provider, struct view *view) {
    struct view item = view_item(&buttons->list);
    add_button(buttons, provider, &item);
    if (buttons->many && text_equal(provider->name, buttons->last)) {
        struct view shortcut = view_object(view, "shortcut");
        add_button(buttons, provider, &shortcut);
    }
    buttons->count++;
}

static const char *find_last(const struct context *context) {
    for (const cJSON *entry = context->config->providers->child; entry != NULL; entry = entry->next)
        if (last_provider_is(context->request, entry->string))
            return entry->string;
    return NULL;
}

/* Tells the operator what is wrong with a provider that gets no button. */
static void note_left_out(struct context *context, const char *name, const struct problems *problems) {
    const char *word = error_describe(ERROR_CONFIG)->word;
    for (size_t i = 0; i < problems->count; i++)
        response_note(context->response, "%s: %s", word, problems->lines[i]);
    response_note(context->response, "%s: the login page leaves out %s until that is mended (%s)", word, name,
                  error_describe(ERROR_CONFIG)->hint);
}

/* Adds the button of a provider that is read and judged, or notes why it gets none. */
static enum error_code add_judged(struct context *context, const char *name, struct buttons *buttons, struct view *view,
                                  struct error *error) {
    struct problems problems = {.count = 0};
    struct provider *provider = NULL;
    const enum error_code code = provider_load(context->config, name, &provider, &problems, error);
    if (code == ERROR_NONE) {
        const struct button_outline outline = {provider->name, provider->title, provider->mark, provider->account_hint};
        add_provider(buttons, &outline, view);
        button_cache_keep(&buttons->cache, provider);
    } else if (code == ERROR_CONFIG) {
        note_left_out(context, name, &problems);
    }
    provider_free(provider);
    problems_clear(&problems);
    return code;
}

/* Adds a button for each provider that can be used: a fault of one takes away its own alone. ERROR_CONFIG if there is
 * none. */
static enum error_code add_buttons(struct context *context, struct buttons *buttons, struct view *view,
                                   struct error *error) {
    struct button_outline outline;
    enum error_code code = ERROR_NONE;
    buttons->many = !context->request->wants_json && cJSON_GetArraySize(context->config->providers) >= MANY_PROVIDERS;
    if (buttons->many)
        view_bool(view, "many", true);
    buttons->list = view_list(view, "providers");
    button_cache_open(context->config, &buttons->cache);
    for (const cJSON *entry = context->config->providers->child; code != ERROR_INTERNAL && entry != NULL;
         entry = entry->next) {
        if (button_cache_find(&buttons->cache, entry->string, &outline))
            add_provider(buttons, &outline, view);
        else
            code = add_judged(context, entry->string, buttons, view, error);
    }
    button_cache_close(&buttons->cache);
    if (code == ERROR_INTERNAL)
        return code;
    return buttons->count != 0 ? ERROR_NONE : error_set(error, ERROR_CONFIG, "no provider is left to log in with");
}

/* The title on the provider's button; NULL if it has none. */
static const char *find_title(const struct buttons *buttons, const char *name) {
    for (const cJSON *item = buttons->list.value != NULL ? buttons->list.value->child : NULL; item != NULL;
         item = item->next)
        if (text_equal(json_string(item, "name"), name))
            return json_string(item, "title");
    return NULL;
}

/* Which provider's login has failed: as the browser remembers, or the only one. */
static const char *find_failed(const struct context *context, const struct buttons *buttons) {
    const cJSON *providers = context->config->providers;
    const bool only = cJSON_GetArraySize(providers) == 1;
    return find_title(buttons, only ? providers->child->string : page_failed_provider(context));
}

/* Adds who is signed in, as the session's cookie says: the page asks no store. */
static void add_signed_in(const struct context *context, const struct buttons *buttons, const struct session *session,
                          struct view *view) {
    struct view who = view_object(view, "signed_in");
    const char *title = find_title(buttons, session->provider);
    view_text(&who, "name", profile_display_name(session->profile));
    view_text(&who, "provider", session->provider);
    if (context->request->wants_json)
        return;
    view_text(&who, "provider_title", title != NULL ? title : session->provider);
    view_text(&who, "continue_url", *buttons->return_to != '\0' ? buttons->return_to : context->config->success);
}

static enum error_code add_all(struct context *context, struct view *view, struct error *error) {
    struct buttons buttons = {.request = context->request, .last = find_last(context)};
    struct session session;
    enum error_code code = session_read(context->config, context->request, &session, error);
    const bool signed_in = code == ERROR_NONE;
    if (code == ERROR_NONE || code == ERROR_NOT_SIGNED_IN)
        code = reauth_read(context, &buttons.reauth, error);
    if (code == ERROR_NONE)
        code = context_words(context, &buttons.words, error);
    if (code == ERROR_NONE) {
        /* Who is to log in once more has nothing to go on to. */
        buttons.signed_in = signed_in && !buttons.reauth;
        return_to_read(context, buttons.return_to);
        code = add_buttons(context, &buttons, view, error);
    }
    if (code == ERROR_NONE) {
        code = page_add_error(context, find_failed(context, &buttons), view, error);
        if (buttons.signed_in)
            add_signed_in(context, &buttons, &session, view);
    }
    session_clear(&session);
    return code;
}

static enum error_code handle(struct context *context, struct error *error) {
    struct view view = view_new();
    enum error_code code = add_all(context, &view, error);
    site_report_add(context, &view);
    if (code == ERROR_NONE)
        code = answer_page(context, "login", &view, NULL, error);
    view_free(&view);
    return code;
}

int main(void) {
    static const struct program program = {.name = "login", .methods = METHOD_GET | METHOD_HEAD, .handle = handle};
    return program_run(&program, environ);
}
