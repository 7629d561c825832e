/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/view.h"
#include "store/user.h"

/* Makes the patch that applies to a whole document; to be freed with json_free_text. */
static char *document_patch(const struct account_change *change) {
    struct view patch = view_new();
    view_copy(&patch, change->provider, change->patch);
    char *text = view_print(&patch);
    view_free(&patch);
    return text;
}

enum error_code sqlite_account_change(struct store *base, const struct account_change *change, bool *changed,
                                      struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    bool ready;
    *changed = false;
    enum error_code code = sqlite_open_for_reading(store, &ready, error);
    if (!ready)
        return code;
    cJSON *now = user_date(change->now);
    char *patch = document_patch(change);
    if (now == NULL || patch == NULL) {
        code = error_out_of_memory(error);
    } else {
        const struct sqlite_argument arguments[] = {{change->provider, 0},
                                                    {change->id, 0},
                                                    {patch, 0},
                                                    {change->token != NULL ? change->token : "", 0},
                                                    {SQLITE_TOKEN_PATH, 0},
                                                    {NULL, change->unless_leased},
                                                    {json_string(now, FIELD_DATE), 0},
                                                    {SQLITE_LEASE_PATH, 0}};
        code = sqlite_run(store,
                          "UPDATE users SET document = json_patch(document, ?3) "
                          "WHERE user = (SELECT user FROM accounts WHERE provider = ?1 AND id = ?2) "
                          "AND (?4 = '' OR json_extract(document, printf(?5, ?1)) = ?4) "
                          "AND (NOT ?6 OR coalesce(json_extract(document, printf(?8, ?1)), '') <= ?7)",
                          arguments, 8, error);
        *changed = code == ERROR_NONE && sqlite3_changes(store->database) != 0;
    }
    json_free_text(patch);
    json_free(now);
    return code;
}

enum error_code sqlite_tokens_each(struct store *base, const struct token_query *query, store_user_visitor visit,
                                   void *context, struct error *error) {
    const bool any = query->expires_before == STORE_ANY_EXPIRY;
    struct sqlite_batch batch = {.last_row = 0};
    cJSON *before = user_date(any ? 0 : query->expires_before), *obtained = user_date(query->obtained_before);
    const struct sqlite_argument arguments[] = {
        {query->provider, 0},
        {query->after, 0},
        {json_string(before, FIELD_DATE), 0},
        {NULL, query->limit < SQLITE_BATCH_MAX ? (int64_t)query->limit : SQLITE_BATCH_MAX},
        {SQLITE_TOKEN_PATH, 0},
        {SQLITE_EXPIRY_PATH, 0},
        {SQLITE_INVALID_PATH, 0},
        {NULL, any},
        {query->except_prefix != NULL ? query->except_prefix : "", 0},
        {json_string(obtained, FIELD_DATE), 0},
        {SQLITE_OBTAINED_PATH, 0}};
    const struct sqlite_query rows = {
        "SELECT provider, id, document, user FROM accounts JOIN users USING (user) WHERE provider = ?1 AND id > ?2 AND "
        "CASE WHEN json_valid(document) THEN (?8 OR json_extract(document, printf(?6, ?1)) < ?3 OR "
        "(json_extract(document, printf(?6, ?1)) IS NULL AND json_extract(document, printf(?11, ?1)) < ?10)) AND "
        "json_extract(document, printf(?5, ?1)) IS NOT NULL AND "
        "(?9 = '' OR substr(json_extract(document, printf(?5, ?1)), 1, length(?9)) <> ?9) AND "
        "(?8 OR json_extract(document, printf(?7, ?1)) IS NULL) ELSE true END "
        "ORDER BY id LIMIT ?4",
        arguments, 11};
    const enum error_code code = before != NULL && obtained != NULL
                                     ? sqlite_each_row(base, &rows, sqlite_take_user, &batch, error)
                                     : error_out_of_memory(error);
    json_free(before);
    json_free(obtained);
    return sqlite_visit_batch(&batch, code, visit, context, error);
}
