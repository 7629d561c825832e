#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Tokens that stay alive: the long-lived one at the login, `cgi-login refresh` for cron and `cgi-login token` for scripts,
# with Instagram's own renewal and with refresh tokens as the standard has them. `later` moves the clocks.

load helpers
load tokens

setup_file() { E2E_CLOCK=1 e2e_setup_file; }
teardown_file() { e2e_teardown_file; }
setup() { tokens_setup; }
teardown() {
    rm -rf "$SITE_DIR/store.kept"
    tokens_teardown
}

# A long-lived token is due (--within 14) from day 46 on.
EARLY=$((45 * DAY)) DUE=$((47 * DAY)) LOST=$((61 * DAY))

assert_all_tokens_work() { # nobody has lost anything
    local -a calls=()
    local token
    while read -r token; do
        calls+=(-o /dev/null "$STANDIN_URL/v26.0/me?fields=id&access_token=$token")
    done < <(site_admin users export --with-token | jq -r .instagram.accessToken)
    [[ ${#calls[@]} -gt 0 ]] || fail "there are no tokens"
    assert_equal "$(_standin_curl -w '%{http_code}\n' "${calls[@]}" | sort -u)" 200 "${1-} tokens at the stand-in"
}

# Refresh also removes sessions that have ended by then.
long_sessions() { site_config_edit '.session.lifetime_days = 100'; }

# --- the login ---

@test "a login swaps the token for a long-lived one, over the connection it has" {
    local requests
    sign_in "$JAR"
    requests=$(standin_log | jq -sc '[.[] | select(.headers["User-Agent"] // "" | startswith("cgi-login"))]')
    assert_equal "$(jq -c 'map(.path)' <<<"$requests")" '["/oauth/access_token","/v26.0/me","/access_token"]'
    assert_equal "$(jq 'map(.connection) | unique | length' <<<"$requests")" 1 "connections"
    assert_equal "$(jq -r '.[2].query.grant_type' <<<"$requests")" ig_exchange_token
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
    [[ $(($(date +%s) - $(seconds_of "$BAKERY" obtainedAt))) -lt 20 ]] || fail "obtainedAt is not now"
    assert_equal "$(user "$BAKERY" '.instagram.token | [.scopes, .invalidSince, .renewingUntil] | tojson')" \
        '[["instagram_business_basic"],null,null]'
    assert_equal "$(user "$BAKERY" '.instagram.refreshToken' --with-token)" null
    token_works "$(stored_token "$BAKERY")"
    assert_equal "$(stored_token "$BAKERY")" "$(standin_state | jq -r '.issued.tokens[-1]')" "the long-lived one is stored"
    assert_equal "$(log_lines)" ""
    assert_no_secrets
}

@test "scopes are kept as a list, however the provider writes them" {
    standin_control '{"token_shape": "data"}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" '.instagram.token.scopes | tojson')" '["instagram_business_basic"]'
    standin_control '{"token_shape": "flat", "token": {"permissions": null, "scope": "one two,three"}}'
    sign_in "$JAR"
    assert_equal "$(user "$BAKERY" '.instagram.token.scopes | tojson')" '["one","two","three"]'
}

# swap_fails FAULT WORDS: the login succeeds all the same, the log says why in one line, and both ways to try again work.
swap_fails() {
    standin_control "{\"long_lived_fault\": $1}"
    store_wipe
    site_clear_logs
    rm -f "$JAR"
    sign_in "$JAR"
    assert_one_line callback "the short-lived token stays" "$1"
    assert_one_line callback "$2" "$1"
    assert_equal "$(lifetime "$BAKERY")" 3600 "$1: how long it lives"
    token_works "$(stored_token "$BAKERY")"
    site_error_log >>"$KEPT/errors"
    standin_control '{"long_lived_fault": "none"}'
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS" "$1: after refresh"
    token_works "$(stored_token "$BAKERY")"
}

@test "a swap that fails with an error leaves a login that works, one line in the log, and is tried again" {
    swap_fails '"code_190"' "Session has expired on Tuesday, 06-Jan-26 09:00:00 PST."
    swap_fails '"code_4"' "Application request limit reached"
    swap_fails '"code_17"' "User request limit reached"
    swap_fails '"http_429"' "429"
    swap_fails '"bad_secret"' "Error validating client secret"
    swap_fails '"http_500_html"' "500: "
    swap_fails '"redirect"' "redirect"
    assert_equal "$(standin_state | jq .redirect_hits)" 0
    assert_no_secrets
}

@test "a swap that fails with nonsense or not at all answered likewise" {
    swap_fails '"oversized"' "larger than"
    swap_fails '"truncated"' "$STANDIN_URL"
    swap_fails '"reset"' "$STANDIN_URL: "
    swap_fails '"not_json"' "answered 200"
    swap_fails '"empty"' "an empty body"
    swap_fails '"deep_json"' "nested too deeply"
    swap_fails '{"fault": "wrong_type", "as": "array"}' "answered 200"
    swap_fails '"missing_token"' "answered 200"
    swap_fails '"nul_escape"' "access token"
    assert_no_secrets
}

@test "the login after a swap that failed tries again" {
    standin_control '{"long_lived_fault": "code_4"}'
    sign_in "$JAR"
    assert_equal "$(lifetime "$BAKERY")" 3600
    standin_control '{"long_lived_fault": "none"}'
    sign_in "$JAR"
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
    assert_equal "$(user_count)" 1
}

@test "a short-lived token that nobody swapped in time is lost, and says so" {
    standin_control '{"long_lived_fault": "code_4"}'
    sign_in "$JAR"
    later 3700
    standin_control '{"long_lived_fault": "none"}'
    admin 0 refresh
    tally 0 0 0 0 1 0
    assert_equal "$(standin_log | jq -s '[.[] | select(.path == "/access_token")] | length')" 1
}

# --- refresh: what is due ---

@test "refresh leaves alone what is not near its end, and asks nobody" {
    admin 0 refresh
    tally 0 0 0 0 0 0
    sign_in "$JAR"
    site_clear_logs
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(err)" ""
    later "$EARLY"
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(standin_log)" ""
}

@test "refresh renews what is due, once" {
    local before
    long_sessions
    sign_in "$JAR"
    before=$(stored_token "$BAKERY")
    later "$DUE"
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(err)" ""
    refute_equal "$(stored_token "$BAKERY")" "$before"
    token_works "$(stored_token "$BAKERY")"
    assert_equal "$(lifetime "$BAKERY")" "$LONG_TOKEN_SECONDS"
    [[ $(($(seconds_of "$BAKERY" obtainedAt) - $(date +%s) - DUE)) -ge -20 ]] || fail "obtainedAt is not then"
    assert_equal "$(user "$BAKERY" '.instagram.token | [.scopes, .invalidSince, .renewingUntil] | tojson')" \
        '[["instagram_business_basic"],null,null]'
    assert_equal "$(user "$BAKERY" '[.instagram.username, .instagram.counts.media] | tojson')" '["harbour.bakery",1320]'
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(renewals)" 1
    # The people stay signed in.
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
    assert_no_secrets
}

@test "--within says what near means" {
    sign_in "$JAR"
    later "$EARLY"
    admin 0 refresh --within 13
    tally 0 0 0 0 0 0
    admin 0 refresh --within 16
    tally 1 0 0 0 0 0
    admin 0 refresh --within 0
    tally 0 0 0 0 0 0
}

@test "a token younger than min_age_seconds waits, to the second" {
    local obtained
    sign_in "$JAR"
    obtained=$(seconds_of "$BAKERY" obtainedAt)
    admin 0 refresh --within 61
    tally 0 0 1 0 0 0
    later $((obtained + DAY - 3 - $(date +%s)))
    admin 0 refresh --within 61
    tally 0 0 1 0 0 0
    assert_equal "$(renewals)" 0
    site_config_edit '.providers.instagram.refresh.min_age_seconds = 172800'
    later $((DAY + 60))
    admin 0 refresh --within 61
    tally 0 0 1 0 0 0
    site_config_edit '.providers.instagram.refresh.min_age_seconds = 86400'
    admin 0 refresh --within 61
    tally 1 0 0 0 0 0
}

# bats test_tags=sqlite
@test "more users than one lot holds are all renewed" {
    sign_in "$JAR"
    # The same token for all: who is renewed, not how, is what counts here.
    site_config_edit '.seal_tokens = false'
    sign_in "$JAR"
    site_run sqlite3 "$(store_path)" "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
        INSERT INTO users (provider, id, document) SELECT 'instagram', 'u' || i,
        json_set(document, '\$._id', 'instagram:u' || i, '\$.instagram.id', 'u' || i) FROM users, n WHERE id = '$BAKERY'"
    later "$DUE"
    admin 0 refresh
    tally 121 0 0 0 0 0
    assert_equal "$(renewals)" 121
    assert_equal "$(site_admin users export --with-token | jq -r .instagram.accessToken | sort -u | wc -l)" 121
}

# --- refresh: what goes wrong ---

@test "a token that the provider has ended is marked, shown to the person, and left alone until the next login" {
    long_sessions
    sign_in "$JAR"
    later "$DUE"
    standin_control '{"refresh_fault": "code_190"}'
    admin 0 refresh
    tally 0 0 0 0 1 0
    assert_equal "$(user "$BAKERY" '.instagram.token | [(.invalidSince | type), .renewingUntil] | tojson')" '["object",null]'
    standin_control '{"refresh_fault": "none"}'
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(renewals)" 1
    # Until the recheck nobody knows.
    profile "$JAR"
    assert_equal "$(json .user.reconnect)" null
    profile "$JAR" -H 'X-Test-Clock: 301'
    assert_status 200
    assert_equal "$(json .user.reconnect)" true
    http -b "$JAR" /profile
    assert_contains "$(body)" "has ended this site’s access to your account"
    assert_contains "$(body)" 'href="/auth/instagram"'
    http -b "$JAR" "/cgi-bin/profile$SITE_CGI_SUFFIX"
    assert_contains "$(body)" "href=\"/cgi-bin/start$SITE_CGI_SUFFIX/instagram\""
    sign_in "$JAR"
    profile "$JAR"
    assert_equal "$(json .user.reconnect)" null
    http -b "$JAR" /profile
    refute_contains "$(body)" "has ended this site"
    assert_equal "$(user "$BAKERY" .instagram.token.invalidSince)" null
    standin_control '{"clock_offset_seconds": 0}'
    sign_in "$JAR"
    later "$DUE"
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_no_secrets
}

@test "a token that has run out is marked without a call" {
    long_sessions
    sign_in "$JAR"
    sign_in "$WORK/layla" layla.studio
    later "$LOST"
    admin 0 refresh
    tally 0 0 0 0 2 0
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(renewals)" 0
    profile "$JAR" -H 'X-Test-Clock: 301'
    assert_equal "$(json .user.reconnect)" true
}

@test "after too many calls refresh pauses, and goes on" {
    local fault started=$SECONDS
    sign_in "$JAR"
    for fault in http_429 code_4 code_17; do
        store_wipe
        later 0
        sign_in "$JAR"
        later "$DUE"
        standin_control "{\"refresh_fault\": {\"fault\": \"$fault\", \"times\": 2}}"
        site_clear_logs
        admin 0 refresh --pause 0
        tally 1 0 0 0 0 0
        assert_equal "$(renewals)" 3 "$fault"
    done
    started=${EPOCHREALTIME/./}
    later $((2 * DUE))
    standin_control '{"refresh_fault": {"fault": "http_429", "times": 1}}'
    admin 0 refresh --pause 1
    tally 1 0 0 0 0 0
    [[ $((${EPOCHREALTIME/./} - started)) -ge 1000000 ]] || fail "there was no pause"
}

@test "after too many pauses refresh gives up for this time, with exit status 1, and forgets nobody" {
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    sign_in "$JAR" sakura_zine
    later "$DUE"
    standin_control '{"refresh_fault": "code_4"}'
    site_clear_logs
    admin 1 refresh --pause 0
    tally 0 0 0 0 0 1
    assert_contains "$(err)" "Application request limit reached"
    assert_match "$(err)" "instagram:[0-9]+: "
    assert_equal "$(renewals)" 4
    standin_control '{"refresh_fault": "none"}'
    admin 0 refresh
    tally 3 0 0 0 0 0
    assert_all_tokens_work
    assert_no_secrets
}

@test "one token that cannot be renewed keeps no other back; the next run tries it again" {
    local fault
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    sign_in "$JAR" sakura_zine
    local days=47
    for fault in http_500_html reset truncated not_json missing_token oversized; do
        later $((days * DAY))
        standin_control "{\"refresh_fault\": {\"fault\": \"$fault\", \"times\": 1}}"
        admin 1 refresh --pause 0
        tally 2 0 0 0 0 1
        assert_equal "$(err | grep -c ^cgi-login:)" 1 "$fault"
        assert_match "$(err)" "cgi-login: instagram:[0-9]+: .*(answered|localhost)" "$fault"
        cat "$ERR" >>"$SITE_DIR/logs/error.log"
        admin 0 refresh
        tally 1 0 0 0 0 0
        days=$((days + 47))
    done
    assert_all_tokens_work
    assert_no_secrets
}

@test "a provider that is gone costs no token" {
    local before
    sign_in "$JAR"
    before=$(stored_token "$BAKERY")
    later "$DUE"
    site_config_edit '.providers.instagram.refresh.url = "http://localhost:1/refresh_access_token"'
    admin 1 refresh --pause 0
    tally 0 0 0 0 0 1
    assert_contains "$(err)" "localhost:1"
    assert_equal "$(stored_token "$BAKERY")" "$before"
    cp -p "$SITE_DIR/config.pristine" "$SITE_CONFIG"
    admin 0 refresh
    tally 1 0 0 0 0 0
}

# --- refresh: at the same time ---

# Those with the tag "atomic" do not hold on FerretDB 1: it looks for the document first and then writes it whole, so that
# of two updates at once both can match.

# Runs two at once, and leaves what they said in $WORK/first and $WORK/second.
refresh_twice() { # [OPTION...]
    local first
    command_run -- refresh "$@" >"$WORK/first" 2>&1 &
    first=$!
    command_run -- refresh "$@" >"$WORK/second" 2>&1 || fail "the second: $(cat "$WORK/second")"
    wait "$first" || fail "the first: $(cat "$WORK/first")"
}

both_renewed() { echo $(($(sed 's/refresh: \([0-9]*\) .*/\1/' "$WORK/first") + $(sed 's/refresh: \([0-9]*\) .*/\1/' "$WORK/second"))); }

# bats test_tags=atomic
@test "two runs at once renew each token exactly once" {
    sign_in_crowd 8
    later "$DUE"
    standin_control '{"refresh_fault": {"fault": "slow", "seconds": 0.05}}'
    site_clear_logs
    refresh_twice
    assert_equal "$(both_renewed)" 8
    assert_equal "$(renewals)" 8
    assert_equal "$(standin_log | jq -r 'select(.path == "/refresh_access_token").query.access_token' | sort | uniq -d)" ""
    assert_all_tokens_work
}

# bats test_tags=atomic
@test "two runs at once use no refresh token twice" {
    use_refresh_tokens rotate
    sign_in_crowd 8
    # They have run out, and one that was renewed is not due again.
    later 4000
    standin_control '{"refresh_fault": {"fault": "slow", "seconds": 0.05}}'
    site_clear_logs
    refresh_twice --within 0
    assert_equal "$(both_renewed)" 8
    assert_equal "$(renewals)" 8
    assert_equal "$(standin_state | jq -c '[.refresh_tokens.reused, (.refresh_tokens.unused | length)]')" "[0,8]"
    # What is stored is what the provider still takes.
    assert_equal "$(site_admin users export --with-token | jq -r .instagram.refreshToken | sort)" \
        "$(standin_state | jq -r '.refresh_tokens.unused[]' | sort)"
}

@test "killed at any moment, refresh loses no token" {
    local run code whole seconds killed=0
    sign_in_crowd 6
    later $((2 * DAY))
    whole=${EPOCHREALTIME/./}
    admin 0 refresh --within 3650
    tally 6 0 0 0 0 0
    whole=$((${EPOCHREALTIME/./} - whole))
    for ((run = 1; run <= 30; run++)); do
        # A day on, so that the hold of a killed run has ended, and all are due again.
        later $(((2 + run) * DAY))
        code=0
        seconds=$(printf '0.%06d' $((RANDOM * 32768 % (whole < 900000 ? whole : 900000) + 1000)))
        command_run "${SITE_REAPER[@]}" timeout -s KILL "$seconds" -- refresh --within 3650 >/dev/null 2>"$ERR" || code=$?
        assert_match "$code" '^(0|137)$' "run $run: $(err)"
        [[ $code -ne 137 ]] || killed=$((killed + 1))
        # What is lost stays lost: not every run needs the look.
        [[ $((run % 10)) -ne 0 ]] || assert_all_tokens_work "run $run"
    done
    [[ $killed -ge 5 ]] || fail "only $killed runs were killed"
    # A hold lasts a minute, and then the next run does what the killed one left.
    later $((40 * DAY))
    admin 0 refresh --within 3650
    tally 6 0 0 0 0 0
    assert_equal "$(user_count)" 6
}

@test "the hold of a killed run keeps others off for a minute, and no longer" {
    sign_in "$JAR"
    later "$DUE"
    standin_control '{"refresh_fault": {"fault": "slow", "seconds": 1, "times": 1}}'
    command_run "${SITE_REAPER[@]}" timeout -s KILL 0.6 -- refresh >/dev/null 2>&1 || true
    fault_taken refresh_fault || fail "it was killed before it asked the provider"
    admin 0 refresh
    tally 0 0 0 1 0 0
    later $((DUE + 70))
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_all_tokens_work
}

# Starts a refresh that waits a second for the provider; goes on once the provider was asked.
begin_renewal() { # [COMMAND...]
    standin_control '{"refresh_fault": {"fault": "slow", "seconds": 1, "times": 1}}'
    command_run -- "${@:-refresh}" >"$OUT" 2>"$ERR" &
    RENEWAL=$!
    _site_until fault_taken refresh_fault
}

@test "a login in the middle of a renewal wins" {
    local token
    sign_in "$JAR"
    later "$DUE"
    begin_renewal
    sign_in "$JAR"
    token=$(stored_token "$BAKERY")
    wait "$RENEWAL"
    tally 0 0 0 1 0 0
    assert_equal "$(stored_token "$BAKERY")" "$token"
    token_works "$token"
    assert_equal "$(user "$BAKERY" .instagram.token.renewingUntil)" null
}

@test "who is deleted or leaves in the middle of a renewal stays away" {
    sign_in "$JAR"
    later "$DUE"
    begin_renewal
    meta deauthorize '{"user_id": "17841405793187218123"}'
    wait "$RENEWAL"
    tally 0 0 0 1 0 0
    assert_equal "$(user "$BAKERY" '.instagram | [.accessToken, .token] | tojson' --with-token)" '[null,null]'
    later 0
    sign_in "$JAR"
    later "$DUE"
    begin_renewal
    site_admin users delete --yes "instagram:$BAKERY" >/dev/null
    wait "$RENEWAL"
    tally 0 0 0 1 0 0
    assert_equal "$(user_count)" 0
}

@test "sealing anew does not take away what another run is just renewing" {
    local key
    use_refresh_tokens rotate
    sign_in "$JAR"
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys |= [$key] + .'
    begin_renewal
    command_run -- refresh >"$WORK/second" 2>&1
    wait "$RENEWAL"
    tally 1 0 0 0 0 0
    assert_equal "$(user "$BAKERY" .instagram.refreshToken --with-token)" "$(standin_state | jq -r '.refresh_tokens.unused[0]')"
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(standin_state | jq .refresh_tokens.reused)" 0
}

# --- refresh: seals, sessions, output ---

stored_text() { # accessToken as it lies in SQLite
    site_run sqlite3 "$(store_path)" "SELECT json_extract(document, '\$.instagram.accessToken') FROM users WHERE id = '$1'"
}

@test "what an older key sealed is sealed anew, so that the key can go" {
    local before key old
    sign_in "$JAR"
    sign_in "$WORK/layla" layla.studio
    before=$(site_admin users export --with-token)
    if on_sqlite; then old=$(stored_text "$BAKERY"); fi
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys |= [$key] + .'
    admin 0 refresh
    tally 0 2 0 0 0 0
    admin 0 refresh
    tally 0 0 0 0 0 0
    if on_sqlite; then
        assert_match "$(stored_text "$BAKERY")" '^sealed:'
        refute_equal "$(stored_text "$BAKERY")" "$old"
    fi
    site_config_edit '.keys |= .[0:1]'
    assert_equal "$(site_admin users export --with-token)" "$before"
    assert_equal "$(user "$BAKERY" .instagram.accessToken --with-token)" "$(jq -r "select(.instagram.id == \"$BAKERY\").instagram.accessToken" <<<"$before")"
    later "$DUE"
    admin 0 refresh
    tally 2 0 0 0 0 0
}

@test "a plain token is sealed, and a refresh token with it" {
    local before
    use_refresh_tokens keep
    site_config_edit '.seal_tokens = false'
    sign_in "$JAR"
    before=$(site_admin users export --with-token)
    if on_sqlite; then assert_match "$(stored_text "$BAKERY")" '^IGAA'; fi
    admin 0 refresh --within 0
    tally 0 0 0 0 0 0
    site_config_edit '.seal_tokens = true'
    admin 0 refresh --within 0
    tally 0 1 0 0 0 0
    if on_sqlite; then
        assert_match "$(stored_text "$BAKERY")" '^sealed:'
        assert_fails grep -qaF "$(jq -r .instagram.refreshToken <<<"$before")" "$(store_path)"
    fi
    assert_equal "$(site_admin users export --with-token)" "$before"
}

@test "a token whose key is gone is named, and the next login mends it" {
    local key
    sign_in "$JAR"
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys = [$key]'
    admin 1 refresh
    assert_contains "$(err)" "instagram:$BAKERY: the token cannot be opened"
    admin 1 token "$BAKERY"
    assert_equal "$(out)" ""
    rm -f "$JAR"
    sign_in "$JAR"
    admin 0 refresh
    tally 0 0 0 0 0 0
}

# bats test_tags=sqlite
@test "sessions that have ended by themselves are removed, the others stay" {
    site_config_edit '.session.lifetime_days = 30'
    sign_in "$JAR"
    site_config_edit '.session.lifetime_days = 14'
    sign_in "$WORK/phone"
    later $((15 * DAY))
    admin 0 refresh
    assert_equal "$(site_run sqlite3 "$(store_path)" 'SELECT count(*) FROM sessions')" 1
    site_config_edit '.session.recheck_minutes = 0'
    assert_signed_in "$JAR"
}

@test "progress is for terminals only" {
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    later "$DUE"
    admin 0 refresh
    tally 2 0 0 0 0 0
    assert_equal "$(err)" ""
    later $((2 * DUE))
    CGI_LOGIN_CONFIG=$SITE_CONFIG TEST_CLOCK=$LATER \
        script -qec "${SITE_ENTER[*]} $SITE_PRODUCT/bin/cgi-login refresh" /dev/null </dev/null >"$OUT"
    assert_contains "$(out)" $'\rinstagram: 1 renewed'
    assert_contains "$(out)" "2 renewed, 0 sealed anew, 0 to log in again, 0 failed"
    assert_contains "$(out)" "refresh: 2 renewed"
    assert_no_secrets "$(stored_token "$BAKERY")"
}

@test "a store that is away is exit status 1 and a clear line, and no call to the provider" {
    local command
    sign_in "$JAR"
    later "$DUE"
    site_clear_logs
    store_break
    for command in refresh "token instagram:$BAKERY"; do
        # shellcheck disable=SC2086
        admin 1 $command
        refute_equal "$(err)" "" "$command"
        refute_contains "$(out)" IGAA
    done
    assert_equal "$(standin_log)" ""
    store_mend
    admin 0 refresh
    tally 1 0 0 0 0 0
}

# bats test_tags=sqlite
@test "a store that cannot be written to is exit status 1, and no token is renewed for nothing" {
    sign_in "$JAR"
    later "$DUE"
    site_clear_logs
    chmod 444 "$(store_path)"*
    chmod 555 "$SITE_PRODUCT"
    if site_run test -w "$(store_path)"; then
        chmod 755 "$SITE_PRODUCT"
        skip "root may write everything"
    fi
    admin 1 refresh
    chmod 755 "$SITE_PRODUCT"
    chmod 600 "$(store_path)"*
    assert_match "$(err)" "read-?only|readonly"
    assert_contains "$(out)" "refresh: 0 renewed"
    assert_equal "$(renewals)" 0
    admin 0 refresh
    tally 1 0 0 0 0 0
}

@test "a provider that is set up wrongly is exit status 1, and the others are served" {
    sign_in "$JAR"
    later "$DUE"
    site_config_edit '.providers.other = {preset: "missing", client_id: "1", client_secret: "2"}'
    admin 1 refresh
    assert_contains "$(err)" "missing.json"
    tally 1 0 0 0 0 1
}

@test "wrong usage of refresh and token is exit status 2" {
    local arguments
    for arguments in "refresh extra" "refresh --within" "refresh --within x" "refresh --within -1" "refresh --within 1.5" \
        "refresh --within 99999" "refresh --pause soon" "refresh --yes" "token" "token a b" "token --pause 1 1" "token --with-token 1" \
        "users list --within 3" "check --pause 1"; do
        # shellcheck disable=SC2086
        admin 2 $arguments
        assert_equal "$(out)" "" "$arguments"
        refute_equal "$(err)" "" "$arguments"
    done
}

# --- token ---

# token STATUS USER [OPTION...]: what `cgi-login token` prints, which is a token and nothing else, or nothing.
token() {
    admin "$1" token "${@:2}"
    if [[ $1 -eq 0 ]]; then
        assert_equal "$(wc -l <"$OUT")" 1
        assert_match "$(out)" '^IGAA[A-Za-z0-9]+$'
    else
        assert_equal "$(out)" ""
        refute_equal "$(err)" ""
    fi
}

@test "token prints a token that the provider takes, and nothing else" {
    sign_in "$JAR"
    token 0 "instagram:$BAKERY"
    assert_equal "$(err)" ""
    token_works "$(out)"
    token 0 "$BAKERY"
    assert_equal "$(out)" "$(stored_token "$BAKERY")"
    assert_equal "$(renewals)" 0
}

@test "token renews first what is due" {
    local before
    sign_in "$JAR"
    before=$(stored_token "$BAKERY")
    later "$DUE"
    token 0 "$BAKERY"
    refute_equal "$(out)" "$before"
    assert_equal "$(out)" "$(stored_token "$BAKERY")"
    token_works "$(out)"
    assert_equal "$(renewals)" 1
    token 0 "$BAKERY"
    assert_equal "$(renewals)" 1
    token 0 "$BAKERY" --within 60
    assert_equal "$(renewals)" 1
    later $((DUE + 2 * DAY))
    token 0 "$BAKERY" --within 60
    assert_equal "$(renewals)" 2
}

@test "token is exit status 1 for a token that has ended, 3 for nobody" {
    sign_in "$JAR"
    sign_in "$JAR" layla.studio
    token 3 instagram:1
    token 3 42
    token 3 nonsense:42
    later "$DUE"
    standin_control '{"refresh_fault": "code_190"}'
    token 1 "$BAKERY"
    assert_contains "$(err)" "log in again"
    token 1 "$BAKERY"
    assert_equal "$(renewals)" 1
    later "$LOST"
    token 1 "$LAYLA"
    assert_contains "$(err)" "log in again"
    assert_equal "$(renewals)" 1
    assert_no_secrets
}

@test "token prints the old one, with a warning, when it cannot be renewed but still lives" {
    local fault before
    sign_in "$JAR"
    before=$(stored_token "$BAKERY")
    later "$DUE"
    for fault in http_500_html http_429 reset; do
        standin_control "{\"refresh_fault\": \"$fault\"}"
        token 0 "$BAKERY"
        assert_equal "$(out)" "$before" "$fault"
        assert_contains "$(err)" "could not be renewed" "$fault"
        refute_contains "$(err)" "$before" "$fault"
    done
    assert_no_secrets
}

@test "token while another run renews waits for nobody and prints one that works" {
    sign_in "$JAR"
    later "$DUE"
    begin_renewal refresh
    command_run -- token "$BAKERY" >"$WORK/token"
    wait "$RENEWAL"
    tally 1 0 0 0 0 0
    token_works "$(cat "$WORK/token")"
    assert_equal "$(renewals)" 1
}

# --- refresh tokens (RFC 6749, section 6) ---

@test "a provider with refresh tokens: they are kept, rotate, and each is used once" {
    local round
    use_refresh_tokens rotate
    sign_in "$JAR"
    assert_equal "$(lifetime "$BAKERY")" 3600
    assert_equal "$(user "$BAKERY" .instagram.refreshToken)" null "without --with-token"
    assert_equal "$(user "$BAKERY" .instagram.refreshToken --with-token)" "$(standin_state | jq -r '.refresh_tokens.unused[0]')"
    for round in 1 2 3; do
        later $((round * 1800))
        admin 0 refresh
        tally 1 0 0 0 0 0
        assert_equal "$(user "$BAKERY" .instagram.refreshToken --with-token)" "$(standin_state | jq -r '.refresh_tokens.unused[0]')"
        assert_all_tokens_work
    done
    assert_equal "$(standin_state | jq -c '[.refresh_tokens.reused, (.refresh_tokens.unused | length)]')" "[0,1]"
    assert_equal "$(standin_log | jq -c 'select(.form.grant_type == "refresh_token").form | [.client_id, .client_secret, (keys | length)]' | sort -u)" \
        "[\"$SITE_CLIENT_ID\",\"$SITE_CLIENT_SECRET\",4]"
    assert_no_secrets
}

@test "an access token that has run out is renewed with its refresh token" {
    use_refresh_tokens rotate
    sign_in "$JAR"
    later "$DAY"
    token 0 "$BAKERY"
    token_works "$(out)"
    later $((2 * DAY))
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_all_tokens_work
}

@test "a refresh token that the provider keeps is kept" {
    local kept
    use_refresh_tokens keep
    site_config_edit '.providers.instagram.token_auth = "basic"'
    standin_control '{"accept_basic": true}'
    sign_in "$JAR"
    kept=$(user "$BAKERY" .instagram.refreshToken --with-token)
    later 1800
    admin 0 refresh
    later 3500
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(user "$BAKERY" .instagram.refreshToken --with-token)" "$kept"
    assert_equal "$(standin_log | jq -c 'select(.form.grant_type == "refresh_token") | [.form.client_secret, .headers.Authorization[0:6]]' | sort -u)" \
        '[null,"Basic "]'
    assert_all_tokens_work
}

@test "invalid_grant ends it: marked, shown, and over with the next login" {
    use_refresh_tokens rotate
    sign_in "$JAR"
    # Somebody else has used it.
    _standin_curl -f -o /dev/null -d grant_type=refresh_token -d "client_id=$SITE_CLIENT_ID" -d "client_secret=$SITE_CLIENT_SECRET" \
        --data-urlencode "refresh_token=$(user "$BAKERY" .instagram.refreshToken --with-token)" "$STANDIN_URL/oauth/access_token"
    later 1800
    admin 0 refresh
    tally 0 0 0 0 1 0
    token 1 "$BAKERY"
    admin 0 refresh
    tally 0 0 0 0 0 0
    assert_equal "$(standin_state | jq .refresh_tokens.reused)" 1
    later 0
    sign_in "$JAR"
    admin 0 refresh
    tally 1 0 0 0 0 0
}

@test "without a refresh token nothing is tried, and the end of it is told" {
    use_refresh_tokens rotate
    standin_control '{"token": {"refresh_token": null}}'
    sign_in "$JAR"
    admin 0 refresh
    tally 0 0 1 0 0 0
    later 7200
    admin 0 refresh
    tally 0 0 0 0 1 0
    assert_equal "$(renewals)" 0
}

@test "two scripts that want the token at once, when it has run out, both get one" {
    use_refresh_tokens rotate
    sign_in "$JAR"
    later 7200
    begin_renewal token "$BAKERY"
    command_run -- token "$BAKERY" >"$WORK/second" 2>"$WORK/second.err" || fail "the second: $(cat "$WORK/second.err")"
    wait "$RENEWAL"
    token_works "$(out)"
    token_works "$(cat "$WORK/second")"
    assert_equal "$(standin_state | jq .refresh_tokens.reused)" 0
}

@test "a token that has run out and cannot be renewed just now is no reason to log in again" {
    use_refresh_tokens rotate
    sign_in "$JAR"
    later 7200
    standin_control '{"refresh_fault": "http_500_html"}'
    token 1 "$BAKERY"
    assert_contains "$(err)" "500"
    refute_contains "$(err)" "log in again"
}
