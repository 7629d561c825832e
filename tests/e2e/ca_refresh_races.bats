#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=sqlite-store
# `cgi-login ca-refresh`: interrupted, two at once, and while people sign in; how one folder takes the other's place.

load helpers
load ca

# Starts a run, and stops it in its proof, where the provider does not answer; RUN is what waits for it.
hang() {
    kill -STOP "$(<"$SITE_DIR/standin/pid")"
    site_admin ca-refresh --from "$BUNDLES/good.pem" >"$WORK/hung.out" 2>"$WORK/hung.err" </dev/null 3>&- &
    RUN=$!
    _site_until made_whole || fail "it does not come to the proof"
    # shellcheck disable=SC2046
    kill -STOP $(_site_programs)
}

made_whole() { [[ $(find "$CA.refresh-new" -type f 2>/dev/null | wc -l) -eq $((ROOTS + 1)) ]]; }

@test "a run that is killed leaves the old folder as it was, and the next one clears up" {
    local before
    fill
    before=$(cd "$CA" && stat -c '%n %i %Y' . ./* && sha256sum ./*)
    hang
    # shellcheck disable=SC2046
    kill -KILL $(_site_programs)
    wait "$RUN" || true
    assert_equal "$(cd "$CA" && stat -c '%n %i %Y' . ./* && sha256sum ./*)" "$before"
    [[ -d $CA.refresh-new && -e $CA.refresh-lock ]]
    kill -CONT "$(<"$SITE_DIR/standin/pid")"
    sign_in "$JAR"
    refresh 0 --from "$BUNDLES/good.pem"
    assert_folder $((ROOTS + 1))
    sign_in "$JAR"
}

@test "what an interrupted run left is cleared up, wherever it stopped" {
    local hash
    fill
    hash=$(openssl x509 -in "$OURS" -noout -subject_hash)
    site_run sh -c "mkdir '$CA.refresh-new' '$CA.refresh-old' && : >'$CA.refresh-lock'
        printf -- '-----BEGIN' >'$CA.refresh-new/$hash.0'; : >'$CA.refresh-old/0a1b2c3d.12'"
    refresh 0 --from "$BUNDLES/good.pem"
    assert_folder $((ROOTS + 1))
    # Between the two steps of a file system that cannot exchange two folders in one.
    mv "$CA" "$CA.refresh-old"
    site_run mkdir "$CA.refresh-new"
    refresh 1 --from "$OURS"
    assert_folder $((ROOTS + 1))
    sign_in "$JAR"
    # What a run has not made is not removed.
    site_run sh -c "mkdir '$CA.refresh-new' && touch '$CA.refresh-new/0a1b2c3d.0' '$CA.refresh-new/mine'"
    refused "refresh-new is left alone: mine in it" --from "$BUNDLES/good.pem"
}

@test "while one run is at work another one says so, and does nothing" {
    fill
    hang
    refused "$CA: another ca-refresh is at work on it" --from "$BUNDLES/good.pem"
    # shellcheck disable=SC2046
    kill -CONT "$(<"$SITE_DIR/standin/pid")" $(_site_programs)
    wait "$RUN"
    assert_equal "$(cat "$WORK/hung.out")" "ca: $((ROOTS + 1)) certificates, nothing changed"
    assert_folder $((ROOTS + 1))
}

@test "eight runs at once leave one whole folder" {
    local number done=0
    fill
    for number in {1..8}; do
        site_admin ca-refresh --from "$BUNDLES/good.pem" >"$WORK/out.$number" 2>"$WORK/err.$number" </dev/null 3>&- &
    done
    wait
    for number in {1..8}; do
        if [[ -s $WORK/out.$number ]]; then
            done=$((done + 1))
        else
            assert_contains "$(cat "$WORK/err.$number")" "another ca-refresh is at work"
        fi
    done
    [[ $done -gt 0 ]]
    assert_folder $((ROOTS + 1))
    sign_in "$JAR"
}

@test "people sign in while the folder is refreshed again and again" {
    local number
    fill
    while [[ ! -e $WORK/enough ]]; do
        site_admin ca-refresh --from "$BUNDLES/good.pem" >>"$WORK/runs" 2>>"$ERR" </dev/null || break
    done 3>&- &
    for number in {1..8}; do
        rm -f "$JAR"
        sign_in "$JAR"
    done
    : >"$WORK/enough"
    wait
    assert_equal "$(err)" ""
    assert_equal "$(sort -u "$WORK/runs")" "ca: $((ROOTS + 1)) certificates, nothing changed"
    assert_folder $((ROOTS + 1))
}

# preload VARIABLE=VALUE...: runs ca-refresh. With NO_EXCHANGE the system call that exchanges two folders fails, with
# FAIL_RENAME rename() of what it names.
preload() {
    cc -shared -fPIC -O1 -o "$SITE_DIR/exchange.so" -x c - -ldl <<'C' || return 1
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
long syscall(long number, ...) {
    __builtin_va_list list;
    long a[6];
    __builtin_va_start(list, number);
    for (int i = 0; i < 6; i++)
        a[i] = __builtin_va_arg(list, long);
    __builtin_va_end(list);
    if (number == SYS_renameat2 && getenv("NO_EXCHANGE") != NULL) {
        errno = EINVAL;
        return -1;
    }
    long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    if (getenv("FAIL_RENAME") != NULL && strstr(from, getenv("FAIL_RENAME")) != NULL) {
        errno = EIO;
        return -1;
    }
    return real(from, to);
}
C
    chmod 755 "$SITE_DIR/exchange.so"
    site_run env CGI_LOGIN_CONFIG="$SITE_CONFIG" ASAN_OPTIONS=verify_asan_link_order=0 \
        LD_PRELOAD="$SITE_DIR/exchange.so" "$@" "$SITE_PRODUCT/bin/cgi-login" ca-refresh --from "$BUNDLES/good.pem" \
        >"$OUT" 2>"$ERR" </dev/null
}

# bats test_tags=host
@test "two folders are exchanged in one step, and where the file system cannot, in two" {
    local before
    fill
    before=$(stat -c %i "$CA")
    preload FAIL_RENAME=refresh
    assert_not_equal "$(stat -c %i "$CA")" "$before"
    assert_folder $((ROOTS + 1))
    before=$(stat -c %i "$CA")
    preload NO_EXCHANGE=1
    assert_contains "$(out)" "nothing changed"
    assert_not_equal "$(stat -c %i "$CA")" "$before"
    assert_folder $((ROOTS + 1))
    # And takes the first one back when the second fails.
    before=$(state)
    refute preload NO_EXCHANGE=1 FAIL_RENAME=.refresh-new
    assert_contains "$(err)" "$CA cannot be replaced: Input/output error"
    assert_equal "$(state)" "$before"
    sign_in "$JAR"
}
