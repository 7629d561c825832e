#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run.sh [--json FILE] [--markdown FILE] [--svg FILE]: what the programs cost; see README.md. What `make bench` does
# after building. Sets up a site of its own, and leaves nothing behind.
# shellcheck disable=SC2030,SC2031 # add_account is a subshell, so that the first account keeps its variables
set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$folder/../.." && pwd)
modules=${SITE_HTTPD_MODULES:-/usr/lib/apache2/modules}
unset SITE_DIR SITE_LAYOUT SITE_MPM SITE_STORE SITE_MAKE_ARGS SITE_PASS_ENV
export SITE_BUILD=${BUILD:-build} SITE_STANDIN_TLS=1
# shellcheck source-path=SCRIPTDIR source=../support/site.sh
source "$folder/../support/site.sh"
# shellcheck source-path=SCRIPTDIR source=../support/mongodb.sh
source "$folder/../support/mongodb.sh"
# shellcheck source-path=SCRIPTDIR source=gate_site.sh
source "$folder/gate_site.sh"

say() { printf 'bench: %s\n' "$*" >&2; }

# Also what the measuring script has started and could not end itself.
clean_up() {
    local status=$?
    trap '' INT TERM HUP
    _site_end "${measuring-}" || true
    [[ -z ${measuring-} ]] || pkill -KILL -s "$measuring" || true
    [[ -z ${SITE_DIR-} ]] || mongodb_stop "$SITE_DIR/mongodb"
    gate_nginx_stop || true
    openid_stop || true
    site_cleanup
    exit "$status"
}

# The static programs that `make dist` leaves in its cache, with what the Makefile includes for them beside them.
find_static() {
    static=${BENCH_STATIC:-build/dist/$(uname -m)/programs}
    [[ $static == /* ]] || static=$root/$static
    static_make=$(dirname "$static")/static.mk
    if [[ -x $static/cgi-bin/start && -e $static_make ]]; then
        export BENCH_HAS_STATIC=yes
    elif [[ -n ${BENCH_STATIC-} ]]; then
        _site_fail "BENCH_STATIC=$static: no static programs there, or no static.mk beside it"
    else
        say "no static programs: \`make dist\` builds them into $static (or BENCH_STATIC=FOLDER)"
    fi
}

# --- what is laid out beside the account of site.sh ---

# The accounts: "NAME LINKED", as account.py knows them. Those of mod_fcgid have names that begin with fcgi-.
list_accounts() {
    local linked
    [[ -z ${BENCH_HAS_STATIC-} ]] || printf 'static static\n'
    [[ -n ${BENCH_HAS_FASTCGI-} ]] || return 0
    for linked in dynamic ${BENCH_HAS_STATIC:+static}; do
        printf 'fcgi-%s %s\n' "$linked" "$linked"
    done
}

# The product once more, with the first account's configuration, under URLs of its own.
add_account() ( # NAME LINKED
    if [[ $2 == static ]]; then
        export SITE_BUILD=$static SITE_MAKE_ARGS=STATIC=$static_make
    fi
    config=$SITE_CONFIG SITE_PRODUCT=$SITE_HOME/$1/cgi-login SITE_CGI_BIN=$SITE_HOME/$1/cgi-bin SITE_HTML=$SITE_HTML/$1
    mkdir -p "$SITE_HTML" "$SITE_CGI_BIN"
    _site_install
    cp -p "$config" "$SITE_PRODUCT/config.json"
    sed -i "s# /cgi-bin/# /$1-bin/#" "$SITE_HTML/.htaccess"
)

# One connection for all requests that come one by one. PHP as it comes, but that its processes stay. Node.js is its own
# server, and Apache stands before it as before the others.
httpd_rules() {
    local name php
    printf 'MaxKeepAliveRequests 0\n'
    if [[ -n ${BENCH_HAS_FASTCGI-} ]]; then
        printf 'LoadModule fcgid_module "%s/mod_fcgid.so"\n' "$modules"
        printf 'FcgidIPCDir "%s/run"\nFcgidProcessTableFile "%s/run/fcgid_shm"\n' "$SITE_DIR" "$SITE_DIR"
        printf 'FcgidMaxRequestsPerProcess 0\nFcgidInitialEnv PHP_FCGI_MAX_REQUESTS 0\n'
    fi
    while read -r name _; do
        printf 'ScriptAlias "/%s-bin/" "%s/%s/cgi-bin/"\n' "$name" "$SITE_HOME" "$name"
        printf '<Directory "%s/%s/cgi-bin">\nOptions +ExecCGI\nRequire all granted\n' "$SITE_HOME" "$name"
        [[ $name != fcgi-* ]] || printf 'SetHandler fcgid-script\n'
        printf '</Directory>\n'
    done < <(list_accounts)
    php=$(command -v php-cgi || true)
    if [[ -n ${BENCH_HAS_FASTCGI-} && -n $php ]]; then
        printf '<Directory "%s/php">\nOptions +ExecCGI\nAddHandler fcgid-script .php\n' "$SITE_HTML"
        printf 'SetEnv CGI_LOGIN_CONFIG "%s"\nFcgidWrapper "%s" .php\n</Directory>\n' "$SITE_CONFIG" "$php"
    fi
    if [[ -n ${BENCH_NODE_PORT-} ]]; then
        printf 'LoadModule proxy_module "%s/mod_proxy.so"\n' "$modules"
        printf 'LoadModule proxy_http_module "%s/mod_proxy_http.so"\n' "$modules"
        printf 'ProxyPass "/node" "http://127.0.0.1:%s/"\n' "$BENCH_NODE_PORT"
    fi
    gate_httpd_rules
}

# With the Makefile's own compiler and flags.
build_program() { # OUTPUT SOURCE [MAKE ARGUMENT]
    local -a link=()
    # shellcheck disable=SC2016 # make expands it
    read -r -a link < <(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s --no-print-directory -C "$root" \
        --eval 'print-link: ; @printf "%s\n" "$(LINK)"' print-link "${@:3}")
    "${link[@]}" -o "$1" "$folder/$2"
}

# The callback once more, with its calls one after the other: linked as the Makefile links it, and with one_by_one.c.
build_one_by_one() { # OUTPUT
    local name library=$SITE_BUILD/libcgilogin.a wrapped=-Wl
    [[ $library == /* ]] || library=$root/$library
    while read -r name; do
        nm "$library" | grep " T $name\$" >/dev/null || _site_fail "one_by_one.c stands for $name, which is no more" ||
            return 1
        wrapped+=,--wrap=$name
    done < <(sed -n 's/^[a-z].*__wrap_\(http_[a-z_]*\)(.*{$/\1/p' "$folder/one_by_one.c")
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s --no-print-directory -C "$root" BUILD="$SITE_BUILD" \
        LDFLAGS="$wrapped" --eval "$1.o: $folder/one_by_one.c ; \$(COMPILE) -c -o \$@ \$<" \
        --eval "$1: \$(BUILD)/cgi-bin/callback.o $1.o ; \$(LINK_PROGRAM) \$(FCGI_LIBS)" "$1"
}

build_tools() { # FOLDER
    local -a compile=("${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2)
    build_program "$1/trivial" trivial.c
    build_program "$1/empty-dynamic" empty.c
    "${compile[@]}" -fPIC -shared -o "$1/dumpable.so" "$folder/dumpable.c"
    "${compile[@]}" -o "$1/spawn" "$folder/spawn.c"
    "${compile[@]}" -o "$1/peak" "$folder/peak.c"
    [[ -z ${BENCH_HAS_STATIC-} ]] || build_program "$1/empty-static" empty.c "STATIC=$static_make"
}

# A folder where the account's owner, who runs the programs, can write, and what the site needs besides.
make_workshop() {
    local name linked
    workshop=$SITE_DIR/bench
    mkdir "$workshop"
    cp -r "$folder/peers" "$folder/load.lua" "$folder/../support/delay_relay.py" "$workshop"
    build_tools "$workshop"
    install -m 755 "$workshop/trivial" "$SITE_CGI_BIN/trivial"
    build_one_by_one "$workshop/one-by-one"
    install -m 755 "$workshop/one-by-one" "$SITE_CGI_BIN/one-by-one"
    mkdir -p "$SITE_HTML/php"
    cp "$folder/peers/start.php" "$SITE_HTML/php"
    while read -r name linked; do
        add_account "$name" "$linked"
    done < <(list_accounts)
    gate_layout
    # By a route as well, as the programs are reached.
    printf 'RewriteRule ^%s$ %s [END]\n' trivial /cgi-bin/trivial peer /php/start.php >>"$SITE_HTML/.htaccess"
    _site_give_away "$workshop" "$SITE_HOME"
}

# A MongoDB server with TLS and a password, behind which relays can stand: so it is one of our own in any case.
start_mongodb() {
    local password=bench-password tls=$SITE_DIR/tls
    if [[ ! -e $SITE_PRODUCT/lib/store_mongodb.so ]]; then
        say "no waits with MongoDB: libmongoc is not installed"
    elif mongodb_start_own "$SITE_DIR/mongodb" --listen-tls=127.0.0.1:@PORT@ --test-enable-new-auth \
        --listen-tls-cert-file="$tls/certificate.pem" --listen-tls-key-file="$tls/key.pem" \
        --setup-database=users --setup-username=site --setup-password="$password"; then
        BENCH_MONGODB_PORT=${MONGODB_URI##*:}
        BENCH_MONGODB_URI="mongodb://site:$password@localhost:@PORT@/users?tls=true&tlsCAFile=$tls/certificate.pem"
        export BENCH_MONGODB_PORT BENCH_MONGODB_URI
    else
        say "no waits with MongoDB: there is no server to be had here"
    fi
}

trap clean_up EXIT
trap 'exit 130' INT TERM HUP
find_static
[[ ! -e $modules/mod_fcgid.so ]] || export BENCH_HAS_FASTCGI=yes
# shellcheck disable=SC2119 # it makes its own folder
site_create >/dev/null
# A sign-in has to stay fresh for as long as all this takes.
sed -i 's/"recheck_minutes": 5/"recheck_minutes": 60/' "$SITE_CONFIG"
if [[ -e $modules/mod_proxy_http.so ]] && command -v node >/dev/null; then
    BENCH_NODE_PORT=$(_site_free_port)
    export BENCH_NODE_PORT
fi
gate_rules
gate_openid_start
SITE_HTTPD_EXTRA=$(httpd_rules)
export SITE_HTTPD_EXTRA
standin_start
site_start
start_mongodb
make_workshop
gate_start
# A signal ends `wait` at once, but not a command in the foreground. In a session of its own, so that all it starts can
# be found.
BENCH_USER=$_SITE_USER BENCH_WORKSHOP=$workshop setsid "$(_site_python)" -B "$folder/bench.py" "$@" &
measuring=$!
wait "$measuring"
