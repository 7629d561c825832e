/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include "base/buffer.h"
#include "base/json.h"
#include "store/user.h"

static enum error_code upsert_user(struct store_sqlite *store, const struct sign_in *sign_in, struct error *error) {
    cJSON *document =
        user_document(sign_in->provider, sign_in->id, sign_in->profile, sign_in->credentials, sign_in->now);
    cJSON *patch = user_patch(sign_in->provider, sign_in->profile, sign_in->credentials, sign_in->now);
    char *document_text = document != NULL ? json_print(document) : NULL;
    char *patch_text = patch != NULL ? json_print(patch) : NULL;
    enum error_code code;
    if (document_text == NULL || patch_text == NULL) {
        code = error_out_of_memory(error);
    } else {
        const struct sqlite_argument arguments[] = {
            {sign_in->provider, 0}, {sign_in->id, 0}, {document_text, 0}, {patch_text, 0}, {SQLITE_USER_ID_PATH, 0}};
        code = sqlite_run(store,
                          "INSERT INTO users (provider, id, user_id, document) "
                          "VALUES (?1, ?2, json_extract(?3, printf(?5, ?1)), ?3) ON CONFLICT (provider, id) DO UPDATE "
                          "SET document = json_patch(document, ?4), user_id = coalesce(excluded.user_id, user_id)",
                          arguments, 5, error);
    }
    json_free_text(document_text);
    json_free_text(patch_text);
    json_free(document);
    json_free(patch);
    return code;
}

enum error_code sqlite_sign_in(struct store *base, const struct sign_in *sign_in, struct error *error) {
    struct store_sqlite *store = sqlite_own(base);
    enum error_code code = sqlite_begin_writing(store, error);
    if (code != ERROR_NONE)
        return code;
    code = upsert_user(store, sign_in, error);
    if (code == ERROR_NONE)
        code = sqlite_insert_session(store, sign_in, error);
    if (code == ERROR_NONE)
        code = sqlite_remove_expired(store, sign_in->now, EXPIRED_SESSIONS_PER_SIGN_IN, error);
    return sqlite_finish(store, code, error);
}
