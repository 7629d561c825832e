#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# Memory that runs out, at each place where it can: every program gives the whole right answer or a clean failure that
# leaves the session's cookie alone, and none crashes. tests/support/memory.py says what that means. MEMORY_STEP=N tries
# each Nth place.

load helpers
load tokens
load openid
unset E2E_CLOCK

e2e_prepare() {
    cc -shared -fPIC -O1 -o "$SITE_DIR/memory.so" "$E2E_ROOT/tests/support/memory.c"
    cp "$E2E_ROOT/tests/support/memory.py" "$SITE_DIR/memory.py"
    site_run mkdir "$SITE_HOME/memory"
}

# Somebody is signed in, by a browser that has the cookie SESSION. The programs' calls go to an address that needs no
# name server, since a look-up has a thread of its own.
setup() {
    e2e_setup
    site_config_edit --arg host "${STANDIN_URL/localhost/127.0.0.1}" \
        '.providers.instagram |= (.token_url = $host + "/oauth/access_token" | .profile_url = $host + "/v26.0/me"
            | .long_lived.url = $host + "/access_token" | .refresh.url = $host + "/refresh_access_token")'
    sign_in "$JAR"
    SESSION=$SESSION_COOKIE=$(cookie "$JAR" "$SESSION_COOKIE")
    OPTIONS=()
}

teardown() {
    rm -rf "$SITE_HOME/memory"/*
    e2e_teardown
}

# memory [OPTION...] NAME cgi|command PROGRAM WORD...
memory() {
    site_run "$(_site_python)" -B "$SITE_DIR/memory.py" --library "$SITE_DIR/memory.so" --folder "$SITE_HOME/memory" \
        --config "$SITE_CONFIG" --step "${MEMORY_STEP:-1}" "$@"
}

# sparsely NAME cgi PROGRAM WORD...: at each third place, for a run that has most of its way in common with another.
sparsely() { memory --step "$((3 * ${MEMORY_STEP:-1}))" "${OPTIONS[@]}" "$@"; }

# answers NAME PROGRAM VARIABLE=VALUE...: a page, and the same as JSON; with OPTIONS for memory.py.
answers() {
    local -a program=("$1" cgi "$SITE_CGI_BIN/$2" PATH_INFO=/instagram REQUEST_METHOD=GET "${@:3}")
    memory "${OPTIONS[@]}" "${program[@]}" HTTP_ACCEPT=text/html
    sparsely "${program[@]/#$1/$1 (JSON)}" HTTP_ACCEPT=application/json
}

# posts NAME PROGRAM FORM VARIABLE=VALUE...
posts() {
    OPTIONS+=(--body "$3")
    answers "$1" "$2" REQUEST_METHOD=POST CONTENT_TYPE=application/x-www-form-urlencoded "CONTENT_LENGTH=${#3}" "${@:4}"
    OPTIONS=()
}

# sparsely_posts NAME PROGRAM FORM VARIABLE=VALUE...
sparsely_posts() {
    sparsely --body "$3" "$1" cgi "$SITE_CGI_BIN/$2" REQUEST_METHOD=POST HTTP_ACCEPT=application/json \
        CONTENT_TYPE=application/x-www-form-urlencoded "CONTENT_LENGTH=${#3}" "${@:4}"
}

# Makes the programs ask the store.
recheck() { site_config_edit '.session.recheck_minutes = 0'; }

# What the stand-in gives for a code, from now on however often: a token that it knows.
repeat_tokens() {
    local token
    token=$(standin_state | jq -r '.issued.tokens[0]')
    standin_control "{\"raw_token\": \"{\\\"access_token\\\": \\\"$token\\\", \\\"user_id\\\": $BAKERY, \\\"permissions\\\": [\\\"instagram_business_basic\\\"]}\"}"
}

# The token is one that `refresh` renews: old enough, and near its end.
grow_old() {
    local then_ later_
    printf -v then_ '%(%Y-%m-%dT%H:%M:%S.000Z)T' "$(($(date +%s) - DUE))"
    printf -v later_ '%(%Y-%m-%dT%H:%M:%S.000Z)T' "$(($(date +%s) + 5 * DAY))"
    site_run sqlite3 "$(store_path)" "UPDATE users SET document = json_set(document,
        '\$.instagram.token.obtainedAt.\"\$date\"', '$then_', '\$.instagram.token.expiresAt.\"\$date\"', '$later_')"
    standin_control "{\"clock_offset_seconds\": $DUE}"
}

command_() { # NAME ARGUMENT...
    memory "${OPTIONS[@]}" "$1" command "$SITE_PRODUCT/bin/cgi-login" "${@:2}"
}

# bats test_tags=host
@test "start" {
    answers "start" start QUERY_STRING='return_to=/members?f[a]=b&x=%zz'
    answers "start under another name" start QUERY_STRING='return_to=/a%23b&reauth=1' HTTP_HOST=www.localhost
    answers "start with a return_to that is dropped" start QUERY_STRING=return_to=//a
    site_config_edit '.session.max_age = 30'
    answers "start for a fresh login" start QUERY_STRING=reauth=1 HTTP_COOKIE="$SESSION"
}

# bats test_tags=host
@test "callback" {
    local cookie state
    begin "$WORK/other"
    decide
    state=$(query_of "$CALLBACK" state)
    cookie=$(cookie "$WORK/other" "$PENDING_COOKIE")
    repeat_tokens
    # libcurl 7.88 forgets a URL's query where it lacks the memory to copy it; the provider then sees no token.
    OPTIONS=(--also 'Location: [^ ]*/login\?error=(provider_unreachable|provider_error.*Cannot parse access token)'
        --warned 'the older session of this browser stays valid: out of memory')
    answers "callback" callback "QUERY_STRING=${CALLBACK#*\?}" \
        HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$cookie; $SESSION"
    standin_control '{"refused_fields": ["website"]}'
    cp -p "$SITE_CONFIG" "$WORK/config"
    site_config_edit '.providers.instagram += {token_format: "json", token_params: {a: "$state"}, callback_params: ["b"]}'
    sparsely "callback, a field refused, a token request as JSON" cgi "$SITE_CGI_BIN/callback" PATH_INFO=/instagram \
        REQUEST_METHOD=GET "QUERY_STRING=${CALLBACK#*\?}&b=c" HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$cookie; $SESSION" \
        HTTP_ACCEPT=application/json
    standin_control '{"refused_fields": []}'
    cp -p "$WORK/config" "$SITE_CONFIG"
    # Templates, groups, and what is asked beside the profile. What fails of the latter for want of memory in libcurl is
    # missing, and told.
    site_config_edit --arg host "${STANDIN_URL/localhost/127.0.0.1}" '.providers.instagram |= (
        .profile = {id: "/id", full_name: "{/username} {/id}", groups: ["/list", {list: "", value: "x-{/id}"}]} |
        .email_request = {url: "\($host)/emails", headers: {"X-App": "$client_id"}, email: "/email", verified: true} |
        .groups_requests = [{url: "\($host)/groups/$id", group: "role-{}"}])'
    standin_control "{\"answers\": {\"GET /emails\": {\"json\": [{\"email\": \"a@b.example\"}]},
        \"GET /groups/$BAKERY\": {\"json\": [\"a\", \"b\"]}}}"
    sparsely "callback, with requests beside the profile's" cgi "$SITE_CGI_BIN/callback" PATH_INFO=/instagram \
        REQUEST_METHOD=GET "QUERY_STRING=${CALLBACK#*\?}" HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$cookie; $SESSION" \
        HTTP_ACCEPT=application/json
    cp -p "$WORK/config" "$SITE_CONFIG"
    # One that is far away, whom threads ask; each run waits for it.
    standin_control '{"token_fault": {"fault": "slow", "seconds": 0.04}}'
    sparsely "callback, provider far away" cgi "$SITE_CGI_BIN/callback" PATH_INFO=/instagram \
        REQUEST_METHOD=GET HTTP_ACCEPT=text/html "QUERY_STRING=${CALLBACK#*\?}" \
        HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$cookie; $SESSION"
    OPTIONS=()
    finish "$WORK/other"
    # For as long as this takes, the response counts as just lost.
    site_run sqlite3 "$(store_path)" "UPDATE sessions SET createdAt = createdAt + 3600000"
    OPTIONS=(--warned 'the older session of this browser stays valid: out of memory')
    answers "callback, asked for again" callback "QUERY_STRING=${CALLBACK#*\?}" \
        HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$cookie; $SESSION"
    OPTIONS=()
    answers "callback, fetched ahead" callback "QUERY_STRING=${CALLBACK#*\?}" HTTP_SEC_PURPOSE=prefetch \
        HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$cookie; $SESSION"
    answers "callback, reloaded" callback "QUERY_STRING=${CALLBACK#*\?}" \
        HTTP_COOKIE="$SESSION_COOKIE=$(cookie "$WORK/other" "$SESSION_COOKIE")"
    answers "callback without a pending login" callback "QUERY_STRING=${CALLBACK#*\?}"
}

# Each run fetches what the issuer publishes: in a folder that nobody can write to.
# bats test_tags=host
@test "OpenID Connect: start, callback with all that it fetches, logout" {
    local cookie state step=${MEMORY_STEP:-1}
    local -a program
    openid_start
    openid_configure
    site_config_edit '.providers.mock.pkce = "none"'
    begin_openid mock
    consent
    mock "{\"claims\": {\"nonce\": \"$(query_of "$AUTHORIZE" nonce)\"}}"
    state=$(query_of "$CALLBACK" state)
    cookie=$(cookie "$JAR" "$PENDING_COOKIE")
    OPTIONS=(--nothing-kept --also 'Location: [^ ]*/login\?error=(provider_unreachable|provider_error)')
    program=(cgi "$SITE_CGI_BIN/callback" PATH_INFO=/mock REQUEST_METHOD=GET HTTP_ACCEPT=text/html)
    memory --step $((9 * step)) "${OPTIONS[@]}" "callback begins" "${program[@]}" QUERY_STRING=begin=1
    memory --step $((9 * step)) "${OPTIONS[@]}" "callback, all fetched" "${program[@]}" "QUERY_STRING=${CALLBACK#*\?}" \
        HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$cookie"
    OPTIONS=()
    site_config_edit --arg url "$MOCK/endsession" '.providers.instagram.end_session_url = $url'
    sparsely "start, nothing kept" cgi "$SITE_CGI_BIN/start" PATH_INFO=/mock REQUEST_METHOD=GET QUERY_STRING=reauth=1 \
        HTTP_ACCEPT=text/html
    sparsely "logout at the provider" cgi "$SITE_CGI_BIN/logout" REQUEST_METHOD=POST HTTP_COOKIE="$SESSION" \
        HTTP_ACCEPT=text/html
    openid_stop
}

# bats test_tags=host
@test "callback of a response that is posted" {
    site_config_edit '.providers.instagram += {authorize_params: {response_mode: "form_post"}, callback_user: "user",
        callback_params: ["b"]}'
    posts "posted" callback 'state=s&code=c&b=1&error_description=d&user=%7B%22a%22%3A1%7D'
}

# bats test_tags=host
@test "callback of a refusal" {
    answers "refused, too late" callback "QUERY_STRING=error_code=1&error_message=no%0Athanks&state=x" \
        HTTP_HOST=www.localhost
    site_config_edit '.redirects.failure = "/sorry#why"'
    answers "refused, without a state" callback QUERY_STRING=error=access_denied
    begin "$JAR"
    answers "refused" callback "QUERY_STRING=error=access_denied&state=$(query_of "$AUTHORIZE" state)" \
        HTTP_COOKIE="$PENDING_COOKIE$(query_of "$AUTHORIZE" state | cut -c1-8)=$(cookie "$JAR" "$PENDING_COOKIE")"
}

# bats test_tags=host
@test "login" {
    answers "login" login QUERY_STRING='error=access_denied&return_to=/members'
    site_config_edit '.providers.other = (.providers.instagram + {preset: "instagram", allow: ["https://a.example/b", "c:d"], client_id: 1})'
    answers "login, without a provider that is broken" login
}

# bats test_tags=host
@test "profile" {
    answers "profile" profile HTTP_COOKIE="$SESSION"
    answers "profile of nobody" profile
    recheck
    answers "profile, checked" profile HTTP_COOKIE="$SESSION"
    site_config_edit '.session.on_store_outage = "sign_out"
        | .gate = [{"path": "/members", "allow": {"signed_in": true}, "public": ["/members/style.css"]}]'
    answers "profile, checked strictly and judged" profile HTTP_COOKIE="$SESSION"
}

# bats test_tags=host
@test "whoami" {
    local -a program=(whoami "$SITE_PRODUCT/bin/cgi-login-whoami" HTTP_COOKIE="$SESSION")
    memory "whoami" "${program[@]}"
    sparsely "whoami of nobody" "${program[@]}" HTTP_COOKIE="$SESSION_COOKIE=x"
    recheck
    sparsely "whoami, checked" "${program[@]}"
}

# bats test_tags=host
@test "profile: its buttons" {
    local token
    profile "$JAR"
    token=$(header X-CSRF-Token)
    posts "delete, asking first" profile "csrf_token=$token&action=delete" HTTP_COOKIE="$SESSION"
    posts "delete" profile "csrf_token=$token&action=delete&confirm=yes" HTTP_COOKIE="$SESSION"
    posts "sign out everywhere" profile "csrf_token=$token&action=sign_out_everywhere" HTTP_COOKIE="$SESSION"
}

# bats test_tags=host
@test "gate: a session that is checked and judged anew, also by its cookie alone" {
    local -a program=(cgi "$SITE_CGI_BIN/gate" PATH_INFO=/members/ REQUEST_METHOD=GET HTTP_COOKIE="$SESSION"
        HTTP_ACCEPT=text/html)
    site_config_edit '.gate = [{path: "/members", allow: {usernames: ["harbour.bakery"]}}]'
    sparsely "gate, judged anew" "${program[@]}"
    site_config_edit '.gate[0].allow.usernames = ["layla.studio"]'
    sparsely "gate, judged and not let in" "${program[@]}"
    site_config_edit '.gate[0].allow.usernames = ["harbour.bakery"]'
    rm "$(store_path)"*
    site_run tee "$(store_path)" <<<"no database" >/dev/null
    OPTIONS=(--warned 'the session could not be checked')
    sparsely "gate, judged by the cookie" "${program[@]}"
}

# bats test_tags=host
@test "logout" {
    posts "logout" logout "" HTTP_COOKIE="$SESSION"
    answers "logout, asking first" logout HTTP_COOKIE="$SESSION"
}

# bats test_tags=host
@test "deauthorize and deletion" {
    local code
    posts "deauthorize" deauthorize "signed_request=$(signed '{}')"
    posts "deletion" deletion "signed_request=$(signed '{}')"
    meta deletion '{}'
    code=$(json .confirmation_code)
    answers "deletion's status" deletion "QUERY_STRING=code=$code"
}

# bats test_tags=host
@test "back-channel logout" {
    local token
    site_run mkdir -p "$SITE_PRODUCT/issuers"
    token=$(site_run node - https://idp.example app 1 "$SITE_PRODUCT/issuers/idp.keys.json" <"$E2E_ROOT/tests/support/logout_token.js")
    site_config_edit '.providers.idp = {issuer: "https://idp.example", client_id: "app", client_secret: "s"}
        + (["authorize_url", "token_url", "profile_url", "jwks_url"] | map({(.): "https://127.0.0.1:1/"}) | add)'
    # What a library takes for an outage of the store.
    OPTIONS=(--also '^Status: 400 .*store_unavailable: ')
    sparsely_posts "back-channel logout" backchannel "logout_token=$token" PATH_INFO=/idp
    sparsely_posts "back-channel logout, refused" backchannel "logout_token=$(damaged "$token")" PATH_INFO=/idp
    rm -r "$SITE_PRODUCT/issuers"
}

# bats test_tags=host
@test "the owner's page" {
    local form handle
    site_config_edit '.owners = {usernames: ["harbour.bakery"]} | .gate = [{path: "/members", allow: {signed_in: true}}]'
    http "${AS_JSON[@]}" -b "$JAR" "/auth/console/user?user=instagram:$BAKERY"
    handle=$(json '.sessions[0].session')
    form="csrf_token=$(header X-CSRF-Token)&user=instagram:$BAKERY"
    OPTIONS=(--step "$((9 * ${MEMORY_STEP:-1}))")
    answers "users" console PATH_INFO=/users QUERY_STRING=q=bakery HTTP_COOKIE="$SESSION"
    answers "a user" console PATH_INFO=/user QUERY_STRING="user=instagram:$BAKERY" HTTP_COOKIE="$SESSION"
    answers "the gate's rules" console PATH_INFO=/gate HTTP_COOKIE="$SESSION"
    OPTIONS=()
    sparsely_posts "deleting a user, asking first" console "$form&action=delete" PATH_INFO=/user HTTP_COOKIE="$SESSION"
    sparsely_posts "a session" console "$form&action=end_session&session=$handle" PATH_INFO=/user HTTP_COOKIE="$SESSION"
    site_config_edit '.setup_code = "aaaa1111bbbb2222cccc3333dddd4444" | .owners = ["instagram:1"]'
    sparsely "the way in" cgi "$SITE_CGI_BIN/console" REQUEST_METHOD=GET HTTP_ACCEPT=text/html
    site_config_edit '.nothing = 1'
    sparsely "the way in, with a faulty config" cgi "$SITE_CGI_BIN/console" REQUEST_METHOD=GET HTTP_ACCEPT=text/html
    site_config_edit 'del(.nothing)'
    sparsely_posts "the code of the set-up" console code=aaaa1111bbbb2222cccc3333dddd4444 PATH_INFO=/code
}

# bats test_tags=host
@test "an error page" {
    # The plain page, where the site's own cannot be made.
    OPTIONS=(--also '^Status: 404 ')
    answers "no provider of that name" start PATH_INFO=/nobody
    OPTIONS=()
    site_config_edit '.keys = ["x"] | .session.lifetime_days = -1
        | .gate = [{"path": "/", "allow": {"users": ["@"]}, "public": ["%41", "/"]}, {"path": "/a", "allow": {}}]'
    answers "a wrong config" start
}

# bats test_tags=host
@test "a config that is looked for" {
    local -a start=(cgi "$SITE_CGI_BIN/start" PATH_INFO=/instagram REQUEST_METHOD=GET HTTP_ACCEPT=text/html CGI_LOGIN_CONFIG=)
    sparsely "in the folders above" "${start[@]}"
    printf '../cgi-login/config.json\n' >"$SITE_CGI_BIN/.cgi-login-config"
    _site_give_away "$SITE_CGI_BIN/.cgi-login-config"
    sparsely "where a file names it" "${start[@]}"
    printf '../cgi-login/config\n' >"$SITE_CGI_BIN/.cgi-login-config"
    memory --step 1 "where a file names none" "${start[@]}"
    rm "$SITE_CGI_BIN/.cgi-login-config"
}

# bats test_tags=host
@test "the command-line program" {
    command_ "new-key" new-key
    command_ "export-key" export-key
    command_ "setup" setup
    store_grow_old
    sparsely "setup of an older file" command "$SITE_PRODUCT/bin/cgi-login" setup
    site_admin setup
    # Most of its allocations are libcurl's, for what it asks the site.
    sparsely "check" command "$SITE_PRODUCT/bin/cgi-login" check
    memory --step 1 "programs" command "$SITE_PRODUCT/bin/cgi-login" programs "$SITE_CGI_BIN" --dry-run
    command_ "users list" users list
    command_ "users show" users show "instagram:$BAKERY"
    command_ "users export" users export --with-token
    site_config_edit '.gate = [{"path": "/members", "allow": {"usernames": ["harbour.bakery"], "providers": ["instagram"]}}]'
    sparsely --failed 2 "gate test" command "$SITE_PRODUCT/bin/cgi-login" gate test /members/page.html --as "instagram:$BAKERY"
    cat >"$SITE_PRODUCT/users.json" <<'JSON'
[{"_id": {"$oid": "54e6f1b2c3d4e5f60718293a"}, "other": {"id": "1", "accessToken": "plain"}, "n": {"$numberInt": "1"}},
 {"_id": "x", "instagram": {"id": {"$numberLong": "17841405793187218"}}, "at": {"$date": {"$numberLong": "1"}}}, {"no": 1}]
JSON
    _site_give_away "$SITE_PRODUCT/users.json"
    command_ "users import" users import "$SITE_PRODUCT/users.json"
    refute site_admin users import "$SITE_PRODUCT/users.json"
    command_ "users merge" users merge --yes "instagram:$BAKERY" other:1
    rm "$SITE_PRODUCT/users.json"
    command_ "users delete" users delete --yes "instagram:$BAKERY"
    grow_old
    command_ "refresh" refresh
    command_ "token" token "instagram:$BAKERY"
}

# bats test_tags=host
@test "no memory at all from some allocation on" {
    OPTIONS=(--empty)
    answers "start" start
    recheck
    answers "profile" profile HTTP_COOKIE="$SESSION"
    command_ "users list" users list
    command_ "help config" help config
    command_ "help provider" help provider --table
}
