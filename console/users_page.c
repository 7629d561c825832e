/* SPDX-License-Identifier: MIT */
#include "console/users_page.h"

#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "console/user_shown.h"
#include "store/document_fields.h"
#include "store/user.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_USERS = 50, SEARCHED_USERS = 5000, SEARCH_MAX = 200, FROM_MAX = 100000000 };

struct listing {
    struct console *console;
    struct view list;
    const char *search; /* "": all */
    size_t from, seen, shown;
    size_t next; /* where the next page begins, or 0 */
};

static bool has(const char *text, const char *part) {
    return text != NULL && strcasestr(text, part) != NULL;
}

static bool account_matches(const cJSON *account, const char *search) {
    struct buffer user = BUFFER_EMPTY;
    buffer_append_format(&user, "%s:%s", account->string, json_string(account, FIELD_ID));
    const bool matches = has(buffer_text(&user), search) || has(json_string(account, PROFILE_USERNAME), search) ||
                         has(json_string(account, PROFILE_FULL_NAME), search) ||
                         has(json_string(account, PROFILE_EMAIL), search);
    buffer_free(&user);
    return matches;
}

static bool matches(const struct listing *listing, const cJSON *document) {
    if (*listing->search == '\0')
        return true;
    for (const cJSON *member = document != NULL ? document->child : NULL; member != NULL; member = member->next)
        if (user_is_account(member) && account_matches(member, listing->search))
            return true;
    return false;
}

static void add_link(struct listing *listing, const char *provider, const char *id, struct view *item) {
    struct buffer user = BUFFER_EMPTY, url = BUFFER_EMPTY;
    buffer_append_format(&user, "%s:%s", provider, id);
    console_append_link(listing->console->context->request, "user", &url);
    query_append_to_url(&url, "user", buffer_text(&user));
    url.failed = url.failed || user.failed;
    view_buffer(item, "url", &url);
    buffer_free(&url);
    buffer_free(&user);
}

static void add_user(struct listing *listing, const char *provider, const char *id, const cJSON *document) {
    struct view item = view_item(&listing->list);
    size_t accounts = 0;
    for (const cJSON *member = document->child; member != NULL; member = member->next)
        accounts += user_is_account(member);
    user_shown_add_account(&item, json_member(document, provider));
    view_number(&item, "accounts", (int64_t)accounts);
    if (accounts > 1)
        view_number(&item, "others", (int64_t)accounts - 1);
    user_shown_add_time(listing->console, &item, "created", user_date_seconds(json_member(document, FIELD_CREATED_AT)));
    user_shown_add_time(listing->console, &item, "last_login",
                        user_date_seconds(json_member(document, FIELD_LAST_LOGIN_AT)));
    if (!listing->console->context->request->wants_json)
        add_link(listing, provider, id, &item);
}

/* One that cannot be read, or has no account, is none to look after here; `cgi-login users list` tells of it. */
static enum error_code take_user(void *context, const char *provider, const char *id, const cJSON *document,
                                 struct error *error) {
    struct listing *listing = context;
    const size_t at = listing->from + listing->seen++;
    (void)error;
    if (document == NULL || provider == NULL || !user_is_account(json_member(document, provider)) ||
        listing->next != 0 || !matches(listing, document))
        return ERROR_NONE;
    if (listing->shown == PAGE_USERS) {
        listing->next = at;
        return ERROR_NONE;
    }
    listing->shown++;
    add_user(listing, provider, id, document);
    return ERROR_NONE;
}

static void add_page_link(struct listing *listing, const char *key, size_t from, struct view *view) {
    struct buffer url = BUFFER_EMPTY, number = BUFFER_EMPTY;
    console_append_link(listing->console->context->request, "users", &url);
    if (*listing->search != '\0')
        query_append_to_url(&url, "q", listing->search);
    buffer_append_format(&number, "%zu", from);
    query_append_to_url(&url, "from", buffer_text(&number));
    url.failed = url.failed || number.failed;
    view_buffer(view, key, &url);
    buffer_free(&number);
    buffer_free(&url);
}

static enum error_code read_query(struct listing *listing, struct error *error) {
    const struct query *query = &listing->console->context->request->query;
    const char *search, *from;
    enum error_code code = query_read(query, "q", &search, error);
    if (code == ERROR_NONE)
        code = query_read(query, "from", &from, error);
    if (code != ERROR_NONE)
        return code;
    listing->search = search != NULL ? search : "";
    const unsigned long long number = from != NULL ? strtoull(from, NULL, 10) : 0;
    listing->from = number < FROM_MAX ? (size_t)number : FROM_MAX;
    return strlen(listing->search) <= SEARCH_MAX ? ERROR_NONE
                                                 : error_set(error, ERROR_BAD_REQUEST, "the search is too long");
}

static void add_ways_on(struct listing *listing, const struct user_part *part, struct view *view) {
    /* A search that came to the end of its part goes on there, though nothing is known of what follows. */
    if (listing->next == 0 && listing->seen == part->limit)
        listing->next = listing->from + listing->seen;
    if (listing->next != 0)
        add_page_link(listing, "next", listing->next, view);
    if (listing->from != 0)
        add_page_link(listing, "first", 0, view);
    view_text(view, "q", listing->search);
    view_bool(view, "none", listing->shown == 0);
}

enum error_code users_page_show(struct console *console, struct error *error) {
    struct view view = view_new();
    struct listing listing = {.console = console, .list = view_list(&view, "users")};
    enum error_code code = read_query(&listing, error);
    if (code == ERROR_NONE) {
        const struct user_part part = {.skip = listing.from,
                                       .limit = *listing.search != '\0' ? SEARCHED_USERS : PAGE_USERS + 1};
        code = store_users_part(console->store, &part, take_user, &listing, error);
        add_ways_on(&listing, &part, &view);
    }
    if (code == ERROR_NONE)
        code = console_show(console, "console_users", 200, &view, error);
    view_free(&view);
    return code;
}
