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

# Makes the file one of schema 1, as older programs made it; `without_logins`: as the first of them did.
store_grow_old() { # [without_logins]
    local logins=''
    [[ ${1-} != without_logins ]] || logins='DROP TABLE logins;'
    site_run sqlite3 -bail "$(store_path)" "BEGIN; PRAGMA legacy_alter_table = ON; DROP TRIGGER sessions_end;
        ALTER TABLE users RENAME TO users_2; ALTER TABLE sessions RENAME TO sessions_2;
        DROP INDEX users_key; DROP INDEX sessions_expires; DROP INDEX sessions_user; DROP INDEX sessions_sid;
        CREATE TABLE users (provider TEXT NOT NULL, id TEXT NOT NULL, user_id TEXT, document TEXT NOT NULL,
            PRIMARY KEY (provider, id));
        CREATE INDEX users_user_id ON users (provider, user_id);
        CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, user TEXT NOT NULL, provider TEXT NOT NULL,
            account TEXT NOT NULL, createdAt INTEGER NOT NULL, expires INTEGER NOT NULL);
        CREATE INDEX sessions_expires ON sessions (expires);
        CREATE INDEX sessions_account ON sessions (provider, account);
        INSERT INTO users SELECT provider, id, other_id, document FROM users_2 JOIN accounts USING (user);
        INSERT INTO sessions SELECT sessions_2.id, json_extract(document, '\$._id'), sessions_2.provider, accounts.id,
            createdAt, expires FROM sessions_2 JOIN users_2 USING (user) JOIN accounts USING (user, provider);
        DROP TABLE users_2; DROP TABLE sessions_2; DROP TABLE accounts; $logins
        PRAGMA user_version = 1; COMMIT"
    [[ -n $logins ]] || site_run sqlite3 "$(store_path)" "CREATE TRIGGER sessions_end AFTER DELETE ON sessions BEGIN
        UPDATE logins SET outcome = 'ended' WHERE id = old.id; END"
}

# Counted by what is exported, so that it holds for any store.
user_count() { site_admin users export | wc -l; }

user() { # ID JQ_FILTER [OPTION...]: of the stored document
    site_admin users show "${@:3}" "instagram:$1" | jq -r "$2"
}
