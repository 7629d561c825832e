# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The account made from the tar file of `make dist`, as its INSTALL.html tells, in a folder with nothing else in it, which
# is the root folder for Apache's children and for the programs: no libraries, no /usr, no /etc, no /proc. The limits are
# those of a tight host. For site.sh, which calls archive_* where SITE_ARCHIVE names the file.
#
# So that each path is the same inside and outside, the account's folder lies in the jail at its own path, and outside a
# symbolic link leads there. Each account has a user id of its own, since the limit of processes is one of a user id.

_ARCHIVE_MEMORY=$((32 * 1024 * 1024))
_ARCHIVE_PROCESSES=20
# Apache runs as the account's owner too: a child with its threads, one that listens, the main one, and cgid; of prefork's
# children, as many as there are threads.
_ARCHIVE_THREADS=20
_ARCHIVE_SERVERS=$((_ARCHIVE_THREADS + 3))

# Puts DIR, which is empty, into a jail, and sets _SITE_JAIL.
archive_make_jail() { # DIR
    [[ $EUID -eq 0 ]] || _site_fail "SITE_ARCHIVE: only root can make a folder the root folder" || return 1
    [[ -r $SITE_ARCHIVE ]] || _site_fail "SITE_ARCHIVE: $SITE_ARCHIVE is not there: make dist" || return 1
    _SITE_JAIL=$(mktemp -d "${TMPDIR:-/tmp}/cgi-login-jail.XXXXXX") && _SITE_JAIL=$(cd "$_SITE_JAIL" && pwd -P) &&
        chmod 755 "$_SITE_JAIL" && (umask 022 && mkdir -p "$_SITE_JAIL$1") && rmdir "$1" && ln -s "$_SITE_JAIL$1" "$1" &&
        { [[ -z ${SITE_RUNNER-} ]] || cp "$SITE_RUNNER" "$_SITE_JAIL/runner"; }
}

# What the tar file has, each where its table says; and what the form in INSTALL.html makes of htaccess.example.
archive_install() {
    local stage=$SITE_DIR/stage rules=(-e "s#/home/you#$SITE_HOME#g")
    [[ $_SITE_LAYOUT != suffix ]] || rules+=(-e 's/^#cgi# //')
    mkdir "$stage" && tar -xzf "$SITE_ARCHIVE" -C "$stage" --strip-components=1 &&
        cp -a "$stage/cgi-login/." "$SITE_PRODUCT" && cp -a "$stage/cgi-bin/." "$SITE_CGI_BIN" &&
        cp -a "$stage/public_html/." "$SITE_HTML" &&
        (umask 022 && sed "${rules[@]}" "$stage/htaccess.example" >"$SITE_HTML/.htaccess") && rm -r "$stage" &&
        chown -R "$_SITE_USER:$_SITE_GROUP" "$SITE_HOME/." && archive_check_modes
}

# What suEXEC wants, or it runs no program: everything is the owner's, and nobody else can write it.
archive_check_modes() {
    local wrong
    wrong=$(find "$SITE_HOME/." \( -type f -o -type d \) \( ! -user "$_SITE_USER" -o ! -group "$_SITE_GROUP" -o \
        -perm /6022 \) -print)
    [[ -z $wrong ]] || _site_fail "suEXEC would refuse: $wrong"
}

# Looked up by its number, which no account here has. Apache is dynamic, so it takes this; the programs could not.
archive_name_account() {
    cc -shared -fPIC -O1 -o "$SITE_DIR/account.so" -x c - <<'C'
#include <pwd.h>
struct passwd *getpwuid(uid_t user) {
    static struct passwd account = {.pw_name = "account", .pw_dir = "/", .pw_shell = ""};
    account.pw_uid = account.pw_gid = user;
    return &account;
}
C
}

# What a host has that reaches a server by its name: the address of localhost, and a name server, though none answers.
archive_resolve_names() {
    mkdir -p "$_SITE_JAIL/etc"
    printf '127.0.0.1 localhost\n' >"$_SITE_JAIL/etc/hosts"
    printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >"$_SITE_JAIL/etc/resolv.conf"
}

# For httpd.conf. What ends a thread is loaded only then, when there is no such file any more.
archive_httpd_rules() {
    printf 'LoadFile "%s"\n' "$(cc -print-file-name=libgcc_s.so.1)"
    cat <<CONF
ChrootDir "$_SITE_JAIL"
User "#$_SITE_USER"
Group "#$_SITE_GROUP"
RLimitMEM $_ARCHIVE_MEMORY $_ARCHIVE_MEMORY
RLimitNPROC $(archive_processes) $(archive_processes)
<IfModule mpm_event_module>
  ServerLimit 1
  ThreadsPerChild $_ARCHIVE_THREADS
  MaxRequestWorkers $_ARCHIVE_THREADS
</IfModule>
<IfModule mpm_prefork_module>
  MaxRequestWorkers $_ARCHIVE_THREADS
</IfModule>
CONF
}

archive_processes() { printf '%s' $((_ARCHIVE_SERVERS + _ARCHIVE_PROCESSES)); }

# Prints, a line each, the words that go before a program to run it in the jail, as the owner, within the limits; an
# emulator (SITE_RUNNER) needs memory of its own.
archive_enter() {
    local -a memory=("--as=$_ARCHIVE_MEMORY") runner=()
    [[ -z ${SITE_RUNNER-} ]] || memory=() runner=(/runner)
    printf '%s\n' "$(command -v prlimit)" "${memory[@]}" "--nproc=$(archive_processes)" \
        "$(PATH=$PATH:/usr/sbin command -v chroot)" "--userspec=$_SITE_USER:$_SITE_GROUP" --groups= "$_SITE_JAIL" \
        "${runner[@]}"
}
