#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The parts of `make lint` and `make test` that can be run alone.

setup() {
    bats_load_library bats-support
    bats_load_library bats-assert
    cd "$BATS_TEST_DIRNAME/../.." || return
}

@test "a part that is none is refused, and those there are are named" {
    local script
    # `true` and `.` are none, though the shell knows them.
    for script in tools/lint.sh tests/run.sh; do
        for part in nonsense true . '' 'format shell'; do
            run "$script" "$part"
            assert_failure 2
            assert_output --partial "there is no part \"$part\""
        done
    done
    run tools/lint.sh nonsense
    assert_output --regexp 'the parts are: .*\bmanuals\b'
    run tests/run.sh nonsense
    assert_output --regexp 'the parts are: .*\bend_to_end\b'
}

@test "a part runs alone" {
    run tools/lint.sh layers
    assert_success
    refute_output
}
