# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# The store, whichever it is: these are for SQLite; mongodb.bash has its own.

store_path() { # of SQLite
    local uri
    uri=$(jq -r .store "$SITE_CONFIG")
    printf '%s' "${uri#sqlite://}"
}

store_begin() { :; }
store_end() { :; }

store_wipe() { rm -rf "$(store_path)"* "$SITE_DIR/store.kept"; }

# Makes the store unreachable, and reachable again with all that was in it.
store_break() {
    [[ ! -e $(store_path) ]] || mv "$(store_path)" "$SITE_DIR/store.kept"
    site_run mkdir "$(store_path)"
}

store_mend() {
    rmdir "$(store_path)"
    [[ ! -e $SITE_DIR/store.kept ]] || mv "$SITE_DIR/store.kept" "$(store_path)"
}

# Makes the file one of schema 1, as the documents say; `without_logins`: as the first of its programs made it.
store_grow_old() { # [without_logins]
    sed -n '/^```sql$/,/^```$/{/^```/!p}' "$E2E_ROOT/docs/upgrading.md" | site_run sqlite3 -bail "$(store_path)"
    [[ ${1-} != without_logins ]] ||
        site_run sqlite3 "$(store_path)" 'DROP TRIGGER sessions_end; DROP TABLE logins'
}

# Counted by what is exported, so that it holds for any store.
user_count() { site_admin users export | wc -l; }

user() { # ID JQ_FILTER [OPTION...]: of the stored document
    site_admin users show "${@:3}" "instagram:$1" | jq -r "$2"
}
