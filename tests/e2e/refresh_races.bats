#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=any-store
# `cgi-login refresh` beside others: two runs at once, a run that is killed, a login or a deletion in the middle of one.
# Those with the tag "atomic" do not hold on FerretDB 1: it looks for the document first and then writes it whole, so
# that of two updates at once both can match.

load helpers
load tokens

# Runs two at once, and leaves what they said in $WORK/first and $WORK/second.
refresh_twice() { # [OPTION...]
    local first
    command_run -- refresh "$@" >"$WORK/first" 2>&1 &
    first=$!
    command_run -- refresh "$@" >"$WORK/second" 2>&1 || fail "the second: $(cat "$WORK/second")"
    wait "$first" || fail "the first: $(cat "$WORK/first")"
}

both_refreshed() { echo $(($(sed 's/refresh: \([0-9]*\) .*/\1/' "$WORK/first") + $(sed 's/refresh: \([0-9]*\) .*/\1/' "$WORK/second"))); }

# bats test_tags=atomic
@test "two runs at once refresh each token exactly once" {
    sign_in_crowd 8
    later "$DUE"
    standin_control '{"refresh_fault": {"fault": "slow", "seconds": 0.05}}'
    site_clear_logs
    refresh_twice
    assert_equal "$(both_refreshed)" 8
    assert_equal "$(refreshes)" 8
    assert_equal "$(standin_log | jq -r 'select(.path == "/refresh_access_token").query.access_token' | sort | uniq -d)" ""
    assert_all_tokens_work
}

# bats test_tags=atomic
@test "two runs at once use no refresh token twice" {
    use_refresh_tokens rotate
    sign_in_crowd 8
    # They have run out, and one that was refreshed is not due again.
    later 4000
    standin_control '{"refresh_fault": {"fault": "slow", "seconds": 0.05}}'
    site_clear_logs
    refresh_twice --within 0
    assert_equal "$(both_refreshed)" 8
    assert_equal "$(refreshes)" 8
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
        note "run $run"
        # A day on, so that the hold of a killed run has ended, and all are due again.
        later $(((2 + run) * DAY))
        code=0
        seconds=$(printf '0.%06d' $((RANDOM * 32768 % (whole < 900000 ? whole : 900000) + 1000)))
        command_run "${SITE_REAPER[@]}" timeout -s KILL "$seconds" -- refresh --within 3650 >/dev/null 2>"$ERR" || code=$?
        assert_regex "$code" '^(0|137)$'
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
    begin_refresh
    # shellcheck disable=SC2046
    _site_kill $(_site_programs)
    refute end_refresh
    admin 0 refresh
    tally 0 0 0 1 0 0
    later $((DUE + 70))
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_all_tokens_work
}

@test "a login in the middle of a refresh wins" {
    local token
    sign_in "$JAR"
    later "$DUE"
    begin_refresh
    sign_in "$JAR"
    token=$(stored_token "$BAKERY")
    end_refresh
    tally 0 0 0 1 0 0
    assert_equal "$(stored_token "$BAKERY")" "$token"
    token_works "$token"
    assert_equal "$(user "$BAKERY" .instagram.token.renewingUntil)" null
}

@test "who is deleted or leaves in the middle of a refresh stays away" {
    sign_in "$JAR"
    later "$DUE"
    begin_refresh
    meta deauthorize '{"user_id": "17841405793187218123"}'
    end_refresh
    tally 0 0 0 1 0 0
    assert_equal "$(user "$BAKERY" '.instagram | [.accessToken, .token] | tojson' --with-token)" '[null,null]'
    later 0
    sign_in "$JAR"
    later "$DUE"
    begin_refresh
    site_admin users delete --yes "instagram:$BAKERY" >/dev/null
    end_refresh
    tally 0 0 0 1 0 0
    assert_equal "$(user_count)" 0
}

@test "sealing anew does not take away what another run is just refreshing" {
    local key
    use_refresh_tokens rotate
    sign_in "$JAR"
    key=$(site_admin new-key)
    site_config_edit --arg key "$key" '.keys |= [$key] + .'
    begin_refresh
    command_run -- refresh >"$WORK/second" 2>&1
    end_refresh
    tally 1 0 0 0 0 0
    assert_equal "$(user "$BAKERY" .instagram.refreshToken --with-token)" "$(standin_state | jq -r '.refresh_tokens.unused[0]')"
    admin 0 refresh
    tally 1 0 0 0 0 0
    assert_equal "$(standin_state | jq .refresh_tokens.reused)" 0
}

# --- refresh: seals, sessions, output ---
