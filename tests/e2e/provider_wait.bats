#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# How long a callback waits for the provider: what is under way at the same time, over which connections, and when all
# of it has to be over (callback_seconds).

load helpers
load tokens
unset E2E_CLOCK

# What makes a provider one that is far away, for whom connections are opened ahead.
FAR='{"fault": "slow", "seconds": 0.2}'

calls() { # JQ_FILTER: of the calls of the programs, in an array
    standin_log | jq -sc "[.[] | select(.headers[\"User-Agent\"] // \"\" | startswith(\"cgi-login\"))] | $1"
}

# The programs' connections to the stand-in that are up now, by the kernel's table.
connections() {
    local port
    port=$(printf '%04X' "${STANDIN_URL##*:}")
    cat /proc/net/tcp /proc/net/tcp6 | awk -v port=":$port" '$3 ~ port "$" && $4 == "01"' | wc -l
}

# Another program that writes to SQLite's file until unlock; returns when it has begun.
lock() {
    mkfifo "$WORK/lock"
    site_run sqlite3 "$(store_path)" <"$WORK/lock" >"$WORK/locked" 3>&- &
    exec 8>"$WORK/lock"
    printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&8
    _site_until test -s "$WORK/locked"
}

unlock() {
    printf 'ROLLBACK;\n' >&8
    exec 8>&-
    wait
}

approve() { # [JAR]
    begin "${1-$JAR}"
    decide
}

# finishes_within SECONDS JAR: the callback answers by then.
finishes_within() {
    local began=${EPOCHREALTIME/./}
    finish "$2"
    [[ $((${EPOCHREALTIME/./} - began)) -lt $(($1 * 1000000)) ]] ||
        fail "it took $((${EPOCHREALTIME/./} - began)) microseconds"
}

# Signs in while the stand-in holds the last two calls until both are there.
sign_in_overlapping() {
    approve
    finish "$JAR" 3>&- &
    standin_holds 2
    standin_release
    wait
    assert_signed_in "$JAR"
    assert_equal "$(calls 'map(.path) | sort')" '["/access_token","/oauth/access_token","/v26.0/me"]'
}

no_connections() { [[ $(connections) -eq 0 ]]; }

@test "the profile and the long-lived token are asked for at the same time, over the token's connection and one more" {
    standin_control "{\"token_fault\": $FAR, \"profile_fault\": \"hold\", \"long_lived_fault\": \"hold\"}"
    sign_in_overlapping
    assert_equal "$(calls 'map(.connection) | unique | length')" 2
    assert_equal "$(calls 'map(select(.path != "/access_token").connection) | unique | length')" 1
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
    token_works "$(stored_token "$BAKERY")"
    assert_equal "$(log_lines)" ""
    assert_no_secrets
}

@test "an endpoint of another origin has a connection of its own, and the token goes where it belongs" {
    local other=${STANDIN_URL/localhost/127.0.0.1}
    standin_control "{\"token_fault\": $FAR, \"profile_fault\": \"hold\", \"long_lived_fault\": \"hold\"}"
    for change in '.long_lived.url = $other + "/access_token"' '.profile_url = $other + "/v26.0/me"' \
        '.long_lived.url = $other + "/access_token" | .profile_url = $other + "/v26.0/me"' \
        '.profile_auth = "query"' '.profile_auth = "bearer" | .profile_url = $other + "/v26.0/me"'; do
        note "$change"
        site_config_edit --arg other "$other" ".providers.instagram |= ($change)"
        rm -f "$JAR" && : >"$SITE_DIR/standin/requests.log"
        sign_in_overlapping
        assert_equal "$(calls 'map(.headers.Host + (.connection | tostring)) | unique | length')" \
            "$(calls '(map(.headers.Host) | unique | length) as $hosts | if $hosts == 1 then 2
                else (map(select(.headers.Host | startswith("127")).path) | length) + 1 end')"
        cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    done
    assert_equal "$(log_lines)" ""
    assert_no_secrets
}

@test "a profile that is asked for again, without a refused field, goes over the connection it has" {
    site_config_edit --arg other "${STANDIN_URL/localhost/127.0.0.1}" \
        '.providers.instagram.profile_url = $other + "/v26.0/me"'
    standin_control "{\"token_fault\": $FAR, \"refused_fields\": [\"website\"]}"
    sign_in "$JAR"
    assert_equal "$(calls 'map(select(.path == "/v26.0/me").connection) | [length, (unique | length)]')" "[2,1]"
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
}

@test "a provider next door is called over one connection" {
    local try
    # What is next door is a matter of time; a machine that is busy may take the provider for a distant one.
    for try in 1 2 3 4 5 6 7 8; do
        : >"$SITE_DIR/standin/requests.log"
        approve "$WORK/jar$try"
        finish "$WORK/jar$try"
        assert_equal "$LOCATION" "$SITE_URL/profile"
        [[ $(calls 'map(.connection) | unique | length') -ne 1 ]] || return 0
    done
    fail "there were more connections each time"
}

# bats test_tags=sqlite
@test "the provider is connected to while the store is asked, and asked nothing until the login is claimed" {
    sign_in "$JAR"
    : >"$SITE_DIR/standin/requests.log"
    approve "$WORK/other"
    lock
    finish "$WORK/other" 3>&- 8>&- &
    connected() { [[ $(connections) -gt 0 ]]; }
    _site_until connected
    assert_equal "$(calls length)" 0
    unlock
    assert_signed_in "$WORK/other"
}

# bats test_tags=sqlite
@test "a connection that the provider closes while the store is asked costs no login" {
    sign_in "$JAR"
    approve "$WORK/other"
    lock
    finish "$WORK/other" 3>&- 8>&- &
    connected() { [[ $(connections) -gt 0 ]]; }
    _site_until connected
    # The stand-in that comes knows no code of the one that goes.
    standin_stop
    standin_start 3>&- 8>&-
    sleep 1
    standin_control '{"raw_token": {"body": "{\"access_token\": \"t\", \"user_id\": 7}"},
        "raw_profile": {"body": "{\"id\": \"7\", \"username\": \"seven\"}"}}'
    unlock
    assert_signed_in "$WORK/other"
}

# bats test_tags=sqlite
@test "a store that another program keeps locked is given up while there is time for the provider" {
    site_config_edit '.callback_seconds = 6'
    sign_in "$JAR"
    approve "$WORK/other"
    lock
    # Half of callback_seconds: a login that is claimed after the provider's share would be lost.
    finishes_within 5 "$WORK/other"
    unlock
    assert_equal "$LOCATION" "$SITE_URL/login?error=store_unavailable"
    assert_one_line callback "another program keeps it locked"
    finish "$WORK/other"
    assert_equal "$LOCATION" "$SITE_URL/profile"
}

# bats test_tags=sqlite
@test "a login that the store fails once the code is spent can be begun anew, and the log says why" {
    site_config_edit '.callback_seconds = 2'
    sign_in "$JAR"
    standin_control '{"profile_fault": {"fault": "hold", "times": 1}}'
    approve "$WORK/other"
    cp "$WORK/other" "$WORK/again"
    finish "$WORK/other" 3>&- &
    local finishing=$!
    standin_holds 1
    lock
    standin_release
    wait "$finishing"
    unlock
    assert_one_line callback "another program keeps it locked"
    site_clear_logs
    finish "$WORK/again"
    assert_equal "$LOCATION" "$SITE_URL/login?error=interrupted_login"
    assert_one_line callback "or the store failed it, which an earlier line says"
    sign_in "$WORK/new"
}

# bats test_tags=host
@test "without threads the calls go one after the other, and the login is the same" {
    local state
    site_config_edit --arg host "${STANDIN_URL/localhost/127.0.0.1}" \
        '.providers.instagram |= (.token_url = $host + "/oauth/access_token" | .profile_url = $host + "/v26.0/me"
            | .long_lived.url = $host + "/access_token")'
    standin_control "{\"token_fault\": $FAR}"
    approve
    state=$(query_of "$CALLBACK" state)
    # Numbers instead of names: libcurl's resolver wants a thread, too. So does the leak sanitizer.
    site_run env -i ASAN_OPTIONS=detect_leaks=0 REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/callback PATH_INFO=/instagram \
        "QUERY_STRING=${CALLBACK#*\?}" "REQUEST_URI=$CALLBACK_PATH?${CALLBACK#*\?}" CGI_LOGIN_CONFIG="$SITE_CONFIG" \
        HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$(cookie "$JAR" "$PENDING_COOKIE")" \
        prlimit --nproc=1 "$SITE_CGI_BIN/callback" >"$OUT" 2>"$ERR" </dev/null
    assert_contains "$(out)" "Location: $SITE_URL/profile"
    assert_equal "$(err)" ""
    assert_equal "$(calls 'map(.path)')" '["/oauth/access_token","/v26.0/me","/access_token"]'
    assert_equal "$(calls 'map(.connection) | unique | length')" 1
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
}

@test "an endpoint that never answers is given up within callback_seconds, and named" {
    local endpoint
    site_config_edit '.callback_seconds = 2'
    for endpoint in token profile; do
        note "$endpoint"
        standin_reset
        standin_control "{\"${endpoint}_fault\": \"hold\", \"long_lived_fault\": \"hold\"}"
        site_clear_logs
        approve "$WORK/$endpoint"
        finishes_within 4 "$WORK/$endpoint"
        standin_release
        assert_equal "$LOCATION" "$SITE_URL/login?error=provider_unreachable"
        assert_one_line callback "provider_unreachable: the $endpoint endpoint, $STANDIN_URL: "
        assert_one_line callback "; callback_seconds allows no more"
    done
    _site_until no_connections
    assert_no_secrets
}

@test "a callback_seconds of more than ten is there for a slow provider, also where connections are opened ahead" {
    site_config_edit --arg other "${STANDIN_URL/localhost/127.0.0.1}" \
        '.callback_seconds = 20 | .providers.instagram.profile_url = $other + "/v26.0/me"'
    standin_control '{"token_fault": {"fault": "slow", "seconds": 6}, "profile_fault": {"fault": "slow", "seconds": 5}}'
    sign_in "$JAR"
    assert_equal "$(log_lines)" ""
}

@test "a provider that takes connections and says nothing is given up within callback_seconds" {
    local port
    site_config_edit '.callback_seconds = 2'
    approve
    "$(_site_python)" -c 'import socket, time
listener = socket.create_server(("localhost", 0))
print(listener.getsockname()[1], flush=True)
time.sleep(60)' >"$OUT" 3>&- &
    _site_until test -s "$OUT"
    port=$(out)
    site_config_edit --arg url "https://localhost:$port/token" '.providers.instagram.token_url = $url'
    finishes_within 4 "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/login?error=provider_unreachable"
    assert_one_line callback "the token endpoint, https://localhost:$port: "
    kill %%
}

# The MongoDB driver would ask that name server, too.
# bats test_tags=host,sqlite
@test "a name server that is silent is given up within callback_seconds, too" {
    local state began=$SECONDS
    printf '#include <unistd.h>\nint getaddrinfo(void) { sleep(60); return -3; }\n' |
        cc -shared -fPIC -x c -o "$SITE_DIR/silent.so" -
    site_config_edit '.callback_seconds = 2 | .providers.instagram.token_url = "https://nobody.example/x"'
    approve
    state=$(query_of "$CALLBACK" state)
    cgi callback LD_PRELOAD="$SITE_DIR/silent.so" ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
        REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/callback PATH_INFO=/instagram "QUERY_STRING=${CALLBACK#*\?}" \
        "REQUEST_URI=$CALLBACK_PATH?${CALLBACK#*\?}" CGI_LOGIN_CONFIG="$SITE_CONFIG" \
        HTTP_COOKIE="$PENDING_COOKIE${state:0:8}=$(cookie "$JAR" "$PENDING_COOKIE")"
    [[ $((SECONDS - began)) -lt 8 ]] || fail "it took $((SECONDS - began)) s"
    assert_equal "$(header Location)" "$SITE_URL/login?error=provider_unreachable"
    assert_one_line callback "the token endpoint, https://nobody.example: "
    assert_one_line callback "callback_seconds allows no more"
}

@test "a long-lived token that does not come in time is done without" {
    site_config_edit '.callback_seconds = 2'
    standin_control '{"long_lived_fault": "hold"}'
    approve
    finishes_within 4 "$JAR"
    standin_release
    assert_equal "$LOCATION" "$SITE_URL/profile"
    assert_signed_in "$JAR"
    assert_one_line callback "the short-lived token stays, since the exchange for a long-lived one failed: "
    assert_one_line callback "callback_seconds allows no more"
    assert_equal "$(lifetime "$BAKERY")" 3600
    token_works "$(stored_token "$BAKERY")"
}

@test "a login that has failed does not wait for the long-lived token" {
    standin_control "{\"token_fault\": $FAR, \"profile_fault\": \"code_190\", \"long_lived_fault\": \"hold\"}"
    approve
    finishes_within 4 "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/login?error=provider_error"
    standin_control '{"profile_fault": "none"}'
    site_config_edit '.providers.instagram.allow = ["layla.studio"]'
    approve
    finishes_within 4 "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/login?error=not_allowed"
    standin_release
    _site_until no_connections
}

@test "a later endpoint that nobody can connect to is named; the long-lived one is done without" {
    local nowhere
    nowhere=http://localhost:$(_site_free_port)
    standin_control "{\"token_fault\": $FAR}"
    site_config_edit --arg url "$nowhere/me" '.providers.instagram.profile_url = $url'
    approve
    finish "$JAR"
    assert_equal "$LOCATION" "$SITE_URL/login?error=provider_unreachable"
    assert_one_line callback "provider_unreachable: the profile endpoint, $nowhere: "
    site_clear_logs
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    site_config_edit --arg url "$nowhere/x" '.providers.instagram.long_lived.url = $url'
    sign_in "$JAR"
    assert_one_line callback "the short-lived token stays, since the exchange for a long-lived one failed: "
    assert_one_line callback "$nowhere: "
}
