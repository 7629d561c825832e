#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# The command-line program: help, exit statuses, keys, the store's users, migration, and what `check` says.

load helpers

COMMANDS=("check" "new-key" "new-code" "setup" "refresh" "token" "migrate" "ca-refresh" "users list" "users show" "users export"
    "users import" "users merge" "users delete" "providers add" "providers" "gate add" "gate remove" "gate test" "help config" "help provider")

# --- help and usage ---

@test "--help lists every command, and every command has its own" {
    local command
    admin 0 --help
    for command in "${COMMANDS[@]}"; do
        note "$command"
        assert_contains "$(out)" "  $command "
        # shellcheck disable=SC2086
        site_admin $command --help >"$WORK/own"
        assert_regex "$(head -n 1 "$WORK/own")" "^usage: cgi-login $command( (USER|A B|FILE|NAME|PATH))? \[OPTION\]"
        # Only what reads a config takes one.
        assert_equal "$(grep -c -- "--config FILE" "$WORK/own")" "$([[ $command == new-* || $command == help* ]] && echo 0 || echo 1)"
        # shellcheck disable=SC2086
        site_admin help $command | diff - "$WORK/own"
    done
    admin 0 -h
    admin 0 check --help
    assert_contains "$(out)" "--online"
    admin 0 users show --help
    assert_contains "$(out)" "--with-token"
    admin 0 --version
    assert_regex "$(out)" '^cgi-login [0-9]+\.[0-9]+'
}

@test "--help needs neither config nor store" {
    rm "$SITE_CONFIG"
    admin 0 --help
    admin 0 users delete --help
    admin 0 new-key
}

@test "wrong usage is exit status 2, said on standard error" {
    local arguments
    for arguments in "" nonsense "users" "users nonsense" "check nonsense" "new-key 1" "setup --online" "check --with-token" \
        "users list --yes" "users show" "users show a b" "users delete" "users merge a" "users import" "users import a b" "--nonsense" "check --nonsense" "users show --config" \
        "users list extra" "new-key --config x" "check --config" "check --online=1" "refresh --within x" "refresh --within 3651" \
        "token 1 --pause 5" "check --table" "help nonsense" "providers nonsense" "providers add" "providers add Nope" "providers add google --as 9" "gate" "gate test" "gate test relative" "gate add" "gate add relative" "gate add /" "gate add /a --way none" "gate add /a --gate-url gate" "gate remove" "-x" "migrate" "migrate --from sqlite:///a" "migrate --from sqlite:///a --to sqlite:///a"; do
        # shellcheck disable=SC2086
        admin 2 $arguments
        assert_equal "$(out)" ""
        assert_not_equal "$(err)" ""
    done
}

@test "who says half of a command is told the other half" {
    admin 2 users
    assert_contains "$(err)" "say after users one of: list, show, export, import, merge, delete"
    admin 2 users nonsense
    assert_contains "$(err)" "list, show, export, import, merge, delete"
    admin 2 new
    assert_contains "$(err)" "there is no such command: new"
    admin 0 help
    assert_contains "$(out)" "  check "
    admin 0 help config
    assert_contains "$(out)" "session.lifetime_days"
    assert_contains "$(out)" "    a whole number of days from 1 to 400, such as 30"
    assert_contains "$(out)" "    default: 14"
    assert_regex "$(out)" "Not part of this version, and refused:.*    session.outage_minutes: "
    admin 0 help provider
    assert_regex "$(out)" "client_id
    the app's id \(only in config.json\)"
}

@test "a word of the command line with escape sequences does not reach the terminal as it is" {
    admin 2 $'\e[31mred\x07'
    refute_contains "$(err)" $'\e'
    refute_contains "$(err)" $'\x07'
    admin 2 $'--\e[31mred'
    refute_contains "$(err)" $'\e'
    admin 3 users show $'instagram:\e[31m'
    refute_contains "$(err)" $'\e'
}

@test "a config that is not there or broken is exit status 1, with the key and the remedy" {
    admin 1 users list --config /nonexistent/config.json
    assert_contains "$(err)" /nonexistent/config.json
    site_config_edit '.unknown = 1 | del(.store)'
    for command in "users list" "users export" "users show instagram:1" setup; do
        note "$command"
        # shellcheck disable=SC2086
        admin 1 $command
        assert_contains "$(err)" "unknown: there is no such key"
        assert_contains "$(err)" "store: is missing"
    done
}

@test "--config goes before CGI_LOGIN_CONFIG, and that before the file beside the program" {
    site_config_edit '.providers.instagram.callback_url = "http://localhost:1/auth/instagram/callback"'
    cp -p "$SITE_CONFIG" "$SITE_PRODUCT/other.json"
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    admin 1 check --config "$SITE_PRODUCT/other.json"
    assert_equal "$(head -n 1 "$OUT")" "$SITE_PRODUCT/other.json"
    site_exec env CGI_LOGIN_CONFIG="$SITE_PRODUCT/other.json" -- "$SITE_PRODUCT/bin/cgi-login" check >"$OUT" || true
    assert_equal "$(head -n 1 "$OUT")" "$SITE_PRODUCT/other.json"
    site_exec env -u CGI_LOGIN_CONFIG -- "$SITE_PRODUCT/bin/cgi-login" check >"$OUT"
    assert_equal "$(realpath "$(head -n 1 "$OUT")")" "$(realpath "$SITE_CONFIG")"
    rm "$SITE_PRODUCT/other.json"
}

# --- keys and setup ---

@test "new-key prints 32 random bytes that the config takes, a new one each time" {
    local key
    admin 0 new-key
    key=$(out)
    assert_equal "$(base64 -d <<<"$key" | wc -c)" 32
    assert_equal "$(wc -l <"$OUT")" 1
    admin 0 new-key
    assert_not_equal "$(out)" "$key"
    site_config_edit --arg key "$key" '.keys = [$key]'
    sign_in "$JAR"
}

@test "new-code prints a code that the config takes, a new one each time" {
    local code
    admin 0 new-code
    code=$(out)
    assert_regex "$code" '^[0-9a-f]{40}$'
    admin 0 new-code
    assert_not_equal "$(out)" "$code"
    site_config_edit --arg code "$code" --arg key "$(out)" '.setup_code = $code | .refresh_key = $key'
    admin 0 check
}

@test "setup makes the store, and does no harm when it is there" {
    admin 0 setup
    admin 0 users list
    sign_in "$JAR"
    admin 0 setup
    assert_equal "$(user_count)" 1
    assert_signed_in "$JAR"
}

# --- users ---

@test "users list shows everybody, oldest first, and says when there is nobody" {
    admin 0 users list
    assert_equal "$(out)" ""
    assert_contains "$(err)" "no users yet"
    sign_in "$JAR" sakura_zine
    sleep 1.1
    sign_in "$JAR" layla.studio
    admin 0 users list
    assert_equal "$(awk 'NR > 1 { print $1 }' "$OUT" | tr '\n' ' ')" "instagram:9007199254740993 instagram:25014620183746519 "
    assert_contains "$(out)" "@layla.studio ليلى حدّاد"
}

@test "users show and export hide tokens, unless --with-token asks for them in plain text" {
    local token command
    sign_in "$JAR"
    token=$(standin_state | jq -r '.issued.tokens[-1]')
    for command in "users show instagram:17841405793187218123" "users show 17841405793187218123" "users export"; do
        note "$command"
        # shellcheck disable=SC2086
        admin 0 $command
        refute_contains "$(out)" accessToken
        refute_contains "$(out)" "sealed:"
        refute_contains "$(out)" "$token"
        assert_contains "$(out)" '"17841405793187218123"'
        # shellcheck disable=SC2086
        admin 0 $command --with-token
        assert_equal "$(jq -r .instagram.accessToken "$OUT")" "$token"
    done
    assert_equal "$(wc -l <"$OUT")" 1
}

@test "a token whose key is gone is said to be lost, and not shown as something else" {
    local key
    sign_in "$JAR"
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys = [$key]'
    admin 1 users show instagram:17841405793187218123 --with-token
    assert_equal "$(jq -r .instagram.accessToken "$OUT")" null
    assert_contains "$(err)" "cannot be opened"
    admin 1 users export --with-token
    admin 0 users export
}

@test "users show of nobody is exit status 3" {
    admin 3 users show instagram:1
    assert_equal "$(out)" ""
    assert_contains "$(err)" "instagram:1"
    sign_in "$JAR"
    admin 3 users show instagram:17841405793187218124
    admin 3 users show nobody:17841405793187218123
    admin 3 users delete --yes instagram:1
    assert_equal "$(user_count)" 1
}

@test "users delete asks first, and nobody at the terminal is no yes" {
    sign_in "$JAR"
    admin 2 users delete instagram:17841405793187218123
    assert_contains "$(err)" "--yes"
    assert_equal "$(user_count)" 1
    site_admin users delete instagram:17841405793187218123 </dev/zero >"$OUT" 2>"$ERR" && fail "deleted without asking"
    assert_equal "$(user_count)" 1
    admin 0 users delete --yes instagram:17841405793187218123
    assert_equal "$(out)" "Deleted."
    assert_equal "$(user_count)" 0
}

@test "names from outside cannot steer a terminal" {
    jq -n '{person: {name: "\u001b]0;title\u0007\u001b[31mred\u202egnp\u0085\r\nnew line", username: "a\tb\nc",
        biography: "\u001b[2J\u009b31m"}}' >"$WORK/person"
    standin_control "@$WORK/person"
    sign_in "$JAR"
    for command in "users list" "users show instagram:17841405793187218123" "users export"; do
        note "$command"
        # shellcheck disable=SC2086
        admin 0 $command
        assert_equal "$(LC_ALL=C tr -dc '\000-\010\013-\037\177' <"$OUT" | wc -c)" 0
        refute_contains "$(out)" $'\u202e'
        refute_contains "$(out)" $'\u0085'
        refute_contains "$(out)" $'\u009b'
    done
    # One user, one line; and JSON reads as it was.
    admin 0 users list
    assert_equal "$(wc -l <"$OUT")" 2
    admin 0 users export
    assert_equal "$(jq -r .instagram.bio "$OUT")" $'\e[2J\u009b31m'
}

@test "output that cannot be written is a failure" {
    sign_in "$JAR"
    local code=0
    site_admin users export >/dev/full 2>"$ERR" || code=$?
    assert_equal "$code" 1
}

@test "migrate copies users and live sessions to another store, exactly, as often as one likes" {
    local target=sqlite://$SITE_PRODUCT/migrated.db source before
    source=$(jq -r .store "$SITE_CONFIG")
    sign_in "$JAR"
    sign_in "$WORK/other" layla.studio
    before=$(site_admin users export --with-token)
    admin 0 migrate --from "$source" --to "$target"
    assert_contains "$(out)" "2 users and 2 sessions copied; 2 users compared, 0 differ."
    admin 0 migrate --from "$source" --to "$target"
    # The site moves over: everybody stays signed in.
    site_config_edit --arg to "$target" '.store = $to | .session.recheck_minutes = 0'
    assert_equal "$(site_admin users export --with-token | jq -cS .)" "$(jq -cS . <<<"$before")"
    assert_signed_in "$JAR"
    assert_signed_in "$WORK/other"
    sign_in "$JAR"
    assert_equal "$(user_count)" 2
    admin 1 migrate --from "$source" --to sqlite:///nonexistent/folder/users.db
    assert_contains "$(err)" "/nonexistent/folder"
    rm -f "$SITE_PRODUCT/migrated.db"
}

# --- check ---

@test "check of a good setup says so, prints the redirect URI to register, and shows no secret" {
    admin 0 check
    assert_equal "$(head -n 1 "$OUT")" "$SITE_CONFIG"
    assert_contains "$(out)" "All is right."
    refute_contains "$(out)" "FIX"
    assert_regex "$(out)" "Redirect URI to register with Instagram.*
 *$SITE_URL/auth/instagram/callback"
    cp "$OUT" "$KEPT/check"
    assert_no_secrets
    # It leaves nothing behind.
    assert_equal "$(user_count)" 0
    sign_in "$JAR"
    admin 0 check
    assert_equal "$(user_count)" 1
}

@test "check names each problem of the config as FIX with the key and what to do" {
    local words filter
    while IFS='|' read -r words filter; do
        note "$filter"
        cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
        site_config_edit "$filter"
        admin 1 check
        assert_regex "$(out)" "  FIX +$words"
        assert_regex "$(out)" '[0-9]+ things? to fix\.'
        cp "$OUT" "$KEPT/check"
    done <<'TABLE'
base_url: .*https|.base_url = "http://www.example.com"
base_url: must end after .*remove "/x"|.base_url += "/x"
keys\[0\]: .*cgi-login new-key|.keys = ["x"]
keys: is missing; .*cgi-login new-key|del(.keys)
store: .*sqlite:///home|.store = "users.db"
sesion: there is no such key; .*session|.sesion = {}
session.lifetime_days: expected a whole number|.session.lifetime_days = "two"
providers.instagram.client_id: is missing; .*dashboard|del(.providers.instagram.client_id)
providers.instagram.client_secret: is still the template's|.providers.instagram.client_secret = "YOUR_INSTAGRAM_APP_SECRET"
providers.instagram.callback_url: .* is not on base_url|.providers.instagram.callback_url = "https://other.example/auth/instagram/callback"
providers.instagram.callback_url: .*/auth/instagram/callback|.providers.instagram.callback_url = .base_url + "/callback/nowhere"
providers.instagram.ca_file: .*cannot be read|.providers.instagram.ca_file = "/nonexistent/ca.pem"
providers.instagram.ca_file: .*is no file; name a PEM file|.providers.instagram.ca_file = env.SITE_PRODUCT
ca_folder: .*/config.json is no folder; name one|.ca_folder = env.SITE_CONFIG
providers.instagram.authorise_url: there is no such key; .*authorize_url|.providers.instagram.authorise_url = "https://a.example"
.*/providers/myspace.json; upload it|.providers.instagram.preset = "myspace"
TABLE
    assert_no_secrets
}

@test "a setting that this version does not carry out stops check and every command, and says what is not done" {
    local command
    site_config_edit '.session.outage_minutes = 60'
    admin 1 check
    assert_regex "$(out)" "FIX +session.outage_minutes: is not part of this version: "
    refute_contains "$(out)" "All is right"
    for command in setup refresh "token instagram:1" "migrate --from sqlite:///a --to sqlite:///b" ca-refresh "users list" \
        "users show instagram:1" "users export" "users delete --yes instagram:1"; do
        note "$command"
        # shellcheck disable=SC2086
        admin 1 $command
        assert_equal "$(out)" ""
        assert_contains "$(err)" "session.outage_minutes: is not part of this version: "
    done
}

@test "check notes a newer provider file that an upgrade has laid beside" {
    local newer=$SITE_PRODUCT/providers/instagram.json.new
    admin 0 check
    refute_contains "$(out)" ".new"
    site_run cp "$SITE_PRODUCT/providers/instagram.json" "$newer"
    admin 0 check
    rm "$newer"
    assert_regex "$(out)" "note +$newer lies beside the file that is used; carry over"
}

@test "check prints the hurdles of a provider, and notes a file or a version of its API that is two years old" {
    local day
    admin 0 check
    assert_regex "$(out)" "note +providers.instagram: Only professional accounts"
    refute_contains "$(out)" "two years ago"
    day=$(date -d '-729 days' +%F)
    site_config_edit --arg day "$day" '.providers.instagram += {checked: $day, api_version_date: $day}'
    admin 0 check
    refute_contains "$(out)" "two years ago"
    day=$(date -d '-732 days' +%F)
    site_config_edit --arg day "$day" '.providers.instagram += {checked: $day, api_version_date: $day}'
    admin 0 check
    assert_regex "$(out)" "note +providers.instagram: its file was last checked on $day, more than two years ago: .*https://"
    assert_regex "$(out)" "note +providers.instagram: the version of the API in its URLs is of $day, more than two"
    site_config_edit '.providers.instagram += {checked: "2026-02-30"}'
    admin 1 check
    assert_regex "$(out)" "FIX +providers.instagram.checked: expected a day as YYYY-MM-DD"
}

@test "providers lists each preset with its hurdles, tells of one that is broken, and needs no whole config" {
    local broken=$SITE_PRODUCT/providers/broken.json
    printf '{"keys": 5' >"$SITE_CONFIG"
    admin 0 providers
    assert_regex "$(out)" $'\ninstagram +Instagram +20[0-9]{2}-[0-9]{2}-[0-9]{2}  Only professional accounts.*\n {46}Until Meta'
    assert_regex "$(out)" $'\nthreads +Threads .*\ntwitch +Twitch '
    refute_contains "$(out)" $'\nschema'
    admin 0 providers --json
    assert_equal "$(jq -r '.providers[] | select(.name == "instagram") | [.title, (.hurdles | length > 1), .documentation[:8]] | @csv' "$OUT")" \
        '"Instagram",true,"https://"'
    assert_equal "$(jq '.providers | length' "$OUT")" "$(find "$SITE_PRODUCT/providers" -name '[a-z]*.json' ! -name schema.json | wc -l)"
    printf '{"title": "Broken"}' >"$broken"
    touch "$SITE_PRODUCT/providers/Upper.json" "$SITE_PRODUCT/providers/a.json.new"
    admin 1 providers
    rm "$broken" "$SITE_PRODUCT/providers/Upper.json" "$SITE_PRODUCT/providers/a.json.new"
    assert_contains "$(err)" "providers.broken.authorize_url: is missing"
    assert_regex "$(out)" $'\ninstagram '
    refute_contains "$(out)$(err)" Upper
    mv "$SITE_PRODUCT/providers" "$WORK/kept-providers"
    admin 1 providers
    mv "$WORK/kept-providers" "$SITE_PRODUCT/providers"
    assert_contains "$(err)" "$SITE_PRODUCT/providers cannot be read: "
}

# add STATUS LINES ARGUMENT...: adds a provider; LINES are what a script answers.
add() {
    local code=0
    # shellcheck disable=SC2059 # the lines are written with \n
    printf "$2" >"$WORK/lines"
    command_run -- providers add "${@:3}" >"$OUT" 2>"$ERR" <"$WORK/lines" || code=$?
    note "providers add ${*:3}: $(cat "$OUT" "$ERR")"
    assert_equal "$code" "$1"
}

@test "providers add says what to register, and writes the config: checked, with its mode and layout, the old one beside" {
    add 0 'my id\nmy"secret-1\n' google
    assert_contains "$(out)" "Register an app at https://console.cloud.google.com/"
    assert_contains "$(out)" "put $SITE_URL/auth/google/callback under Authorized redirect URIs"
    refute_contains "$(out)$(err)" secret-1
    cmp "$SITE_CONFIG.bak" "$SITE_DIR/config.pristine"
    assert_equal "$(stat -c '%a %U' "$SITE_CONFIG")" "$(stat -c '%a %U' "$SITE_DIR/config.pristine")"
    assert_equal "$(stat -c '%a %U' "$SITE_CONFIG.bak")" "$(stat -c '%a %U' "$SITE_DIR/config.pristine")"
    # Nothing else has moved.
    refute_contains "$(diff "$SITE_CONFIG.bak" "$SITE_CONFIG" | grep '^<' | grep -v '^< *}')" '<'
    assert_equal "$(jq -c .providers.google "$SITE_CONFIG")" '{"client_id":"my id","client_secret":"my\"secret-1"}'
    admin 0 check
    assert_contains "$(out)" "$SITE_URL/auth/google/callback"
    add 0 'https://social.example/\nid2\nsecret-2\n' mastodon --as fedi
    assert_equal "$(jq -c .providers.fedi "$SITE_CONFIG")" \
        '{"preset":"mastodon","instance":"https://social.example/","client_id":"id2","client_secret":"secret-2"}'
    add 0 'https://sso.example/realms/a\n  id3\r\n\tsecret-3 \n' keycloak
    assert_equal "$(jq -c .providers.keycloak "$SITE_CONFIG")" \
        '{"issuer":"https://sso.example/realms/a","client_id":"id3","client_secret":"secret-3"}'
    assert_contains "$(out)" "Register an app at your server:"
    # Once more: it asks, and of a script it wants --yes.
    cp "$SITE_CONFIG" "$WORK/before"
    add 1 'other\nother\n' google
    assert_contains "$(err)" "the config has a provider google already: add --yes"
    cmp "$SITE_CONFIG" "$WORK/before"
    add 0 'other\nother-secret\n' google --yes
    assert_equal "$(jq -c '[.providers.google.client_id, (.providers | keys | length)]' "$SITE_CONFIG")" '["other",4]'
    assert_equal "$(jq -c '.providers.google = 0' "$SITE_CONFIG")" "$(jq -c '.providers.google = 0' "$WORK/before")"
}

@test "providers add changes nothing where what comes out would be wrong" {
    local lines arguments words
    rm -f "$SITE_CONFIG".bak
    cp "$SITE_CONFIG" "$WORK/before"
    while IFS='|' read -r lines arguments words; do
        note "$lines"
        # shellcheck disable=SC2086
        add 1 "$lines" $arguments
        assert_contains "$(err)" "$words"
        cmp "$SITE_CONFIG" "$WORK/before"
        assert_equal "$(find "$SITE_PRODUCT" -maxdepth 1 -name 'config.json?*' | wc -l)" 0
    done <<'TABLE'
|google|Client ID: nothing was given; nothing was changed
id\n|google|Client secret: nothing was given; nothing was changed
id\n  \n|google|Client secret: nothing was given
http://social.example\nid\nsecret\n|mastodon|providers.mastodon.instance: expected the https address
YOUR_ID\nsecret\n|google|providers.google.client_id: is still the template's
id\n/nonexistent.p8\nK\nT\n|apple|providers.apple.client_key.file: /nonexistent.p8
id\nsecret\n|myspace|there is no
id\nsecret\n|schema|expected the name of a file
TABLE
    add 1 "$(printf '%05000d' 1)\nsecret\n" google
    assert_contains "$(err)" "Client ID: the line is too long; nothing was changed"
    # A config that cannot be read is not written either.
    printf '{"providers": {}' >"$SITE_CONFIG"
    add 1 'id\nsecret\n' google
    assert_contains "$(err)" "config.json is no JSON: line 1, column 17: a } is missing"
    assert_equal "$(cat "$SITE_CONFIG")" '{"providers": {}'
}

@test "providers add goes into any layout of the config" {
    local layout
    for layout in '{"providers":{},"base_url":$base_url,"keys":$keys,"store":$store}' \
        '{"a{\"providers\": {":"}]","base_url":$base_url, "providers" : { "x": {"a":["}",{}]} , "y":"," } }'; do
        jq -r --arg layout "$layout" '. as $c | $layout | gsub("\\$(?<key>[a-z_]+)"; $c[.key] | tojson)' \
            "$SITE_DIR/config.pristine" >"$WORK/config"
        cat "$WORK/config" >"$SITE_CONFIG"
        # The second is no config that the programs take, but for its layout.
        site_admin providers add discord <<<$'id\nsecret' >"$OUT" 2>"$ERR" || true
        if [[ -e $SITE_CONFIG.bak ]]; then
            cmp "$SITE_CONFIG.bak" "$WORK/config"
            assert_equal "$(jq -c 'del(.providers.discord)' "$SITE_CONFIG")" "$(jq -c . "$WORK/config")"
            assert_equal "$(jq -c .providers.discord "$SITE_CONFIG")" '{"client_id":"id","client_secret":"secret"}'
        fi
        [[ $layout != '{"providers":{}'* || -e $SITE_CONFIG.bak ]]
        rm -f "$SITE_CONFIG.bak"
    done
}

@test "providers add on a terminal does not show the secret, and asks before it replaces" {
    cat >"$WORK/terminal.py" <<'PYTHON'
import os, pty, sys, termios
answers = [line.encode() + b"\n" for line in sys.argv[1].split("|")]
prompts = [prompt.encode() for prompt in sys.argv[2].split("|")]
pid, descriptor = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])
shown, at = b"", 0
while True:
    try:
        part = os.read(descriptor, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if prompts and prompts[0] in shown[at:]:
        at = len(shown)
        prompts.pop(0)
        os.write(descriptor, answers.pop(0))
sys.stdout.buffer.write(shown)
sys.stdout.write("echo is on" if termios.tcgetattr(descriptor)[3] & termios.ECHO else "echo is off")
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PYTHON
    terminal() { # ANSWERS PROMPTS
        CGI_LOGIN_CONFIG=$SITE_CONFIG "$(_site_python)" "$WORK/terminal.py" "$1" "$2" "$SITE_PRODUCT/bin/cgi-login" \
            providers add google
    }
    run terminal 'my-id|hidden-secret' 'Client ID: |Client secret: '
    assert_success
    assert_output --partial 'Client ID: my-id'
    refute_output --partial hidden-secret
    assert_equal "$(jq -r .providers.google.client_secret "$SITE_CONFIG")" hidden-secret
    assert_output --partial "echo is on"
    run terminal no 'Type yes to replace it: '
    assert_failure 1
    assert_output --partial "Nothing was changed."
    run terminal 'yes|id-2|hidden-2' 'Type yes to replace it: |Client ID: |Client secret: '
    assert_success
    assert_equal "$(jq -r .providers.google.client_id "$SITE_CONFIG")" id-2
    # Ctrl-C leaves a terminal that shows what is typed.
    run terminal $'yes|id-3|\003' 'Type yes to replace it: |Client ID: |Client secret: '
    assert_failure
    assert_output --partial "echo is on"
    assert_equal "$(jq -r .providers.google.client_id "$SITE_CONFIG")" id-2
}

@test "check notes a provider that session.max_age has no effect on" {
    site_config_edit '.session.max_age = 30'
    admin 0 check
    refute_contains "$(out)" "reauth_params"
    jq 'del(.reauth_params)' "$SITE_PRODUCT/providers/instagram.json" >"$SITE_PRODUCT/providers/plain.json"
    chmod 644 "$SITE_PRODUCT/providers/plain.json"
    site_config_edit '.session.max_age = 30 | .providers.instagram.preset = "plain" | del(.providers.instagram.reauth_params)'
    admin 0 check
    assert_regex "$(out)" "note +providers.instagram: has no reauth_params, so session.max_age makes nobody type"
    rm "$SITE_PRODUCT/providers/plain.json"
}

@test "check names every problem at once, and goes on where it can" {
    site_config_edit '.unknown = 1 | .session.lifetime_days = 0 | .providers.instagram.callback_url = "https://other.example/auth/instagram/callback"'
    chmod 777 "$SITE_PRODUCT"
    admin 1 check
    assert_regex "$(out)" "FIX +unknown"
    assert_regex "$(out)" "FIX +session.lifetime_days"
    assert_regex "$(out)" "FIX +providers.instagram.callback_url"
    assert_regex "$(out)" "FIX +$SITE_PRODUCT can be written by other users .*chmod 755"
    assert_contains "$(out)" "4 things to fix."
}

@test "check sees what the config's permissions, templates and JSON lack" {
    chmod 644 "$SITE_CONFIG"
    admin 1 check
    assert_regex "$(out)" "FIX .*can be read by other users .*chmod 600"
    chmod 600 "$SITE_CONFIG"
    mv "$SITE_PRODUCT/templates/profile.html" "$WORK/profile.html"
    admin 1 check
    assert_regex "$(out)" "FIX .*templates/profile.html cannot be read: .*make install"
    mv "$WORK/profile.html" "$SITE_PRODUCT/templates/profile.html"
    mv "$SITE_PRODUCT/templates/bar.html" "$WORK/bar.html"
    admin 1 check
    assert_regex "$(out)" "FIX .*templates/login.html, line [0-9]+: .*templates/bar.html cannot be read: "
    mv "$WORK/bar.html" "$SITE_PRODUCT/templates/bar.html"
    printf '{"base_url": "x",}' >"$SITE_CONFIG"
    admin 1 check
    assert_regex "$(out)" "FIX .*config.json is no JSON: line [0-9]+, column [0-9]+: "
    rm "$SITE_CONFIG"
    admin 1 check
    assert_contains "$(out)" "1 thing to fix."
}

@test "check says where the store cannot be written" {
    site_config_edit '.store = "sqlite:///nonexistent/folder/users.db"'
    admin 1 check
    assert_regex "$(out)" "FIX +store: .*/nonexistent/folder"
}

@test "check prints the redirect URI of every provider" {
    site_config_edit '.providers.other = (.providers.instagram + {preset: "instagram", title: "Another"})'
    admin 0 check
    assert_contains "$(out)" "$SITE_URL/auth/instagram/callback"
    assert_contains "$(out)" "Redirect URI to register with Another"
    assert_contains "$(out)" "$SITE_URL/auth/other/callback"
}

# Everything of the site: names, kinds, modes, owners, sizes, times of contents and of modes, targets, contents. But not
# the log, in which its programs tell why they fail when they are asked, nor the times of the folder that the store lies
# in: SQLite makes its journal there and takes it away, which is the proof that a login could.
site_state() {
    find "$SITE_HOME" -path "$SITE_PRODUCT" -printf '%p %y %#m %u %g\n' -o ! -name error.log -printf '%p %y %#m %u %g %s %T@ %C@ %l\n' | sort
    find "$SITE_HOME" -type f ! -name error.log -exec sha256sum {} + | sort
}

@test "a check changes nothing, whatever it finds" {
    local arguments filter before
    sign_in "$JAR"
    while IFS='|' read -r filter arguments; do
        note "$filter"
        cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
        site_config_edit "$filter"
        chmod "${arguments#* }" "$SITE_CONFIG"
        before=$(site_state)
        site_admin check >"$OUT" 2>"$ERR" || true
        diff <(printf '%s\n' "$before") <(site_state)
        site_admin check --online >"$OUT" 2>"$ERR" || true
        diff <(printf '%s\n' "$before") <(site_state)
        assert_regex "$(out)" "${arguments% *}"
    done <<TABLE
.|All 600
.|FIX 644
.|FIX 666
.|FIX 640
.unknown = 1|FIX 600
.store = "sqlite://$SITE_HOME/"|FIX 600
.store = "sqlite://$SITE_PRODUCT"|FIX 600
.store = "sqlite://$SITE_PRODUCT/templates/login.html"|FIX 600
.store = "sqlite://$SITE_PRODUCT/not/there.db"|FIX 600
.store = "sqlite://$SITE_PRODUCT/new.db"|the 600
.ca_folder = "$SITE_PRODUCT/templates"|certificates 600
.ca_folder = "$SITE_PRODUCT/nowhere"|FIX 600
.providers.instagram.preset = "nothing"|FIX 600
.providers.instagram.ca_file = "$SITE_CONFIG"|All|thing 600
TABLE
    # A store that others can read, and one whose folder cannot be written to.
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    chmod 644 "$(store_path)"* 2>/dev/null || true
    chmod 500 "$SITE_PRODUCT"
    before=$(site_state)
    site_admin check >"$OUT" 2>"$ERR" || true
    diff <(printf '%s\n' "$before") <(site_state)
    chmod 755 "$SITE_PRODUCT"
}

@test "a config that others can read is one thing to fix, and no note beside it" {
    chmod 644 "$SITE_CONFIG"
    admin 1 check
    assert_equal "$(grep -c "can be read by" "$OUT")" 1
    assert_contains "$(out)" "1 thing to fix."
    # The programs run as its owner here.
    chmod 640 "$SITE_CONFIG"
    admin 1 check
    assert_regex "$(out)" "FIX +$SITE_URL/login responds 500, since: $SITE_CONFIG can be read .*run: chmod 600 $SITE_CONFIG"
    assert_contains "$(out)" "1 thing to fix."
}

@test "check names the config by one path, found or named in a roundabout way, right or broken" {
    local path=$SITE_PRODUCT/templates/../config.json
    admin 0 check --config "$path"
    assert_equal "$(head -n 1 "$OUT")" "$SITE_CONFIG"
    printf '{' >"$SITE_CONFIG"
    admin 1 check --config "$path"
    assert_equal "$(head -n 1 "$OUT")" "$SITE_CONFIG"
    site_exec env -u CGI_LOGIN_CONFIG -- "$SITE_PRODUCT/bin/cgi-login" check >"$OUT" || true
    refute_contains "$(out)" "/.."
}

@test "check --online asks the provider's hosts, and a host that refuses is something to fix" {
    local port
    admin 0 check --online
    assert_contains "$(out)" "ok    providers.instagram: $STANDIN_URL answers"
    # Each host once.
    assert_equal "$(grep -c "$STANDIN_URL answers" "$OUT")" 1
    port=$(_site_free_port)
    site_config_edit --arg url "http://localhost:$port/v1/me" '.providers.instagram.profile_url = $url'
    admin 1 check --online
    assert_regex "$(out)" "FIX +providers.instagram: http://localhost:$port: "
    assert_contains "$(out)" "ok    providers.instagram: $STANDIN_URL answers"
    site_config_edit '.providers.instagram.profile_url = "https://graph.invalid/me"'
    admin 1 check --online
    assert_regex "$(out)" "FIX +providers.instagram: https://graph.invalid: "
    # Nobody was sent anything; one host was asked for the time.
    assert_equal "$(standin_log | jq -r '"\(.method) \(.target)"' | sort -u)" "HEAD /"
}
