/* SPDX-License-Identifier: MIT */
#include "program/account_page.h"

#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "config/provider_outline.h"
#include "program/page.h"
#include "session/agent.h"
#include "session/profile_view.h"
#include "store/user.h"

#include <stdio.h>
#include <string.h>

/* Adds a provider's title and mark. One that the owner has taken out of the config has its name left. */
static enum error_code add_provider(struct context *context, const char *name, struct view *item, struct error *error) {
    const struct provider_outline *outline = NULL;
    enum error_code code = ERROR_NONE;
    if (json_member(context->config->providers, name) != NULL)
        code = context_outline(context, name, &outline, error);
    if (code != ERROR_NONE)
        return code;
    const char *title = outline != NULL ? outline->title : name;
    view_text(item, "provider", name);
    view_text(item, "title", title);
    if (context->request->wants_json)
        return ERROR_NONE;
    if (outline != NULL && outline->mark != NULL)
        view_text(item, "mark", outline->mark);
    else
        profile_view_initial(item, "letter", title);
    return ERROR_NONE;
}

static void add_person(const cJSON *account, struct view *item) {
    const char *username = json_string(account, PROFILE_USERNAME);
    view_text(item, "name", profile_display_name(account));
    if (!text_is_blank(username))
        view_text(item, "username", username);
}

static enum error_code add_accounts(struct context *context, const struct session_user *user, struct view *view,
                                    struct error *error) {
    struct view list = view_list(view, "accounts");
    enum error_code code = ERROR_NONE;
    size_t count = 0;
    for (const cJSON *member = user->document->child; code == ERROR_NONE && member != NULL; member = member->next) {
        if (!user_is_account(member))
            continue;
        struct view item = view_item(&list);
        code = add_provider(context, member->string, &item, error);
        add_person(member, &item);
        view_bool(&item, "current", strcmp(member->string, user->provider) == 0);
        count++;
    }
    view_bool(view, "can_unlink", count > 1);
    return code;
}

static enum error_code add_linkable(struct context *context, const cJSON *document, struct view *view,
                                    struct error *error) {
    struct view list = view_list(view, "linkable");
    enum error_code code = ERROR_NONE;
    size_t count = 0;
    for (const cJSON *entry = context->config->providers->child; code == ERROR_NONE && entry != NULL;
         entry = entry->next) {
        if (user_is_account(json_member(document, entry->string)))
            continue;
        struct view item = view_item(&list);
        code = add_provider(context, entry->string, &item, error);
        count++;
    }
    if (count != 0)
        view_bool(view, "can_link", true);
    return code;
}

/* What a walk over the sessions of a user needs. */
struct walk {
    struct context *context;
    const struct session *session; /* the browser's own */
    struct view *list;
    struct words *words; /* NULL: for JSON */
    const char *wanted;  /* a handle that is looked for */
    char *found;         /* the id that it stands for, or "" */
};

static void add_agent(struct view *item, const char *agent, struct words *words) {
    struct buffer text = BUFFER_EMPTY;
    if (agent == NULL || *agent == '\0')
        return;
    if (words != NULL)
        agent_translate(words, agent, &text);
    else
        buffer_append_text(&text, agent);
    view_buffer(item, "agent", &text);
    buffer_free(&text);
}

static enum error_code add_session(void *context, const struct store_session *session, struct error *error) {
    struct walk *walk = context;
    char handle[SESSION_HANDLE_SIZE];
    struct view item = view_item(walk->list);
    if (!session_handle(walk->context->config, session->id, handle))
        return error_out_of_memory(error);
    view_text(&item, "session", handle);
    add_agent(&item, session->agent, walk->words);
    page_add_time(&item, "since", session->created, walk->words);
    view_bool(&item, "current", strcmp(session->id, walk->session->id) == 0);
    return add_provider(walk->context, session->provider, &item, error);
}

enum error_code account_page_view(struct context *context, const struct session *session,
                                  const struct session_user *user, struct view *view, struct error *error) {
    struct store *store = NULL;
    enum error_code code = add_accounts(context, user, view, error);
    if (code == ERROR_NONE)
        code = add_linkable(context, user->document, view, error);
    struct view list = view_list(view, "sessions");
    struct walk walk = {.context = context, .session = session, .list = &list};
    if (code == ERROR_NONE && !context->request->wants_json)
        code = context_words(context, &walk.words, error);
    if (code == ERROR_NONE)
        code = context_store(context, &store, error);
    if (code == ERROR_NONE)
        code = store_sessions_of(store, session->id, context->request->now, add_session, &walk, error);
    return code;
}

static enum error_code compare_session(void *context, const struct store_session *session, struct error *error) {
    struct walk *walk = context;
    char handle[SESSION_HANDLE_SIZE];
    if (!session_handle(walk->context->config, session->id, handle))
        return error_out_of_memory(error);
    if (strlen(walk->wanted) == strlen(handle) && sodium_memcmp(walk->wanted, handle, strlen(handle)) == 0)
        snprintf(walk->found, SESSION_ID_SIZE, "%s", session->id);
    return ERROR_NONE;
}

enum error_code account_page_find_session(struct context *context, const struct session *session, const char *handle,
                                          char id[SESSION_ID_SIZE], struct error *error) {
    struct walk walk = {.context = context, .session = session, .wanted = handle, .found = id};
    struct store *store = NULL;
    *id = '\0';
    const enum error_code code = context_store(context, &store, error);
    return code == ERROR_NONE
               ? store_sessions_of(store, session->id, context->request->now, compare_session, &walk, error)
               : code;
}
