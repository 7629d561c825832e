# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The site of the load tests: two people, a folder for each and one for both, in each way of the gate. To be sourced after
# site.sh and gate.sh.

_LOAD_FOLDER=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
_LOAD_PEOPLE="layla harbour"

# Who has which name at the stand-in.
_load_username() {
    case $1 in
    layla) printf 'layla.studio' ;;
    harbour) printf 'harbour.bakery' ;;
    esac
}

_load_rules() { # WAY...
    local way person rules
    rules=$(for way in "$@"; do
        for person in $_LOAD_PEOPLE; do
            jq -cn --arg path "/guard/$way/$person" --arg name "$(_load_username "$person")" \
                '{path: $path, allow: {usernames: ["instagram:" + $name]}}'
        done
    done | jq -cs .)
    # shellcheck disable=SC2016 # $rules is jq's
    site_config_edit --argjson rules "$rules" '.gate = $rules + [{path: "/guard", allow: {signed_in: true}}]'
}

# What lies in each: a page for each person alone, and for both a page, a script, and files of all sizes.
_load_content() { # FOLDER
    local person
    for person in $_LOAD_PEOPLE both; do
        mkdir -p "$SITE_HTML/$1/$person"
        printf 'for %s\n' "$person" >"$SITE_HTML/$1/$person/page.html"
    done
    install -m 755 "$_LOAD_FOLDER/who.cgi" "$SITE_HTML/$1/both/who.cgi"
    printf 'Options +ExecCGI\nAddHandler cgi-script .cgi\n' >"$SITE_HTML/$1/both/.htaccess"
}

_load_way() { # WAY
    local text=redirect url=/cgi-bin/gate
    case $1 in
    fcgi) url=/fcgi-bin/gate ;;
    authorizer) text=authorizer ;;
    nginx) text= ;;
    esac
    [[ -z $text ]] || gate_folder "guard/$1" "$text" "$url" "$SITE_CGI_BIN/gate"
    _load_content "guard/$1"
    printf '{"name": "%s, %s", "url": "%s", "path": "/guard/%s/", "scripts": %s, "redirects": %s}\n' "$1" "${SITE_MPM:-event}" \
        "$SITE_URL" "$1" true true
}

_load_httpd_rules() {
    gate_fcgid_rules
    printf 'ScriptAlias "/fcgi-bin/" "%s/fcgi-bin/"\n<Directory "%s/fcgi-bin">\n' "$SITE_HOME" "$SITE_HOME"
    printf 'Options +ExecCGI\nRequire all granted\nSetHandler fcgid-script\n</Directory>\nMaxKeepAliveRequests 0\n'
}

_load_person() { # PERSON: as client.py wants it
    local jar=$SITE_DIR/jar.$1
    [[ $(site_sign_in "$jar" "$(_load_username "$1")") == "$SITE_URL/profile" ]] || return 1
    jq -cn --arg folder "$1" \
        --arg id "$(curl -sS -b "$jar" -H 'Accept: application/json' "$SITE_URL/profile" | jq -r .user.id)" \
        --arg cookie "$(awk -F '\t' '$6 ~ /_session$/ { print $6 "=" $7 }' "$jar")" \
        '{folder: $folder, user: ("instagram:" + $id), cookie: $cookie}'
}

# The site, running, with everybody signed in; LOAD_WAYS and LOAD_PEOPLE for the scripts.
load_site() { # WAY...
    local way ways=()
    # shellcheck disable=SC2119 # it makes its own folder
    site_create >/dev/null
    mkdir -p "$SITE_HOME/fcgi-bin"
    install -m 755 "$SITE_CGI_BIN/gate" "$SITE_HOME/fcgi-bin/gate"
    _load_rules "$@"
    SITE_HTTPD_EXTRA=$(_load_httpd_rules)
    export SITE_HTTPD_EXTRA
    standin_start
    site_start
    for way in "$@"; do
        ways+=("$(_load_way "$way")")
    done
    if [[ " $* " == *' nginx '* ]]; then
        gate_nginx_start "$SITE_CGI_BIN/gate"
        ways[-1]=$(jq -c --arg url "$GATE_NGINX_URL" '.url = $url | .scripts = false | .redirects = false' <<<"${ways[-1]}")
    fi
    _site_give_away "$SITE_HOME"
    LOAD_WAYS=$(printf '%s\n' "${ways[@]}" | jq -cs .)
    LOAD_PEOPLE=$(for way in $_LOAD_PEOPLE; do _load_person "$way"; done | jq -cs .)
    export LOAD_WAYS LOAD_PEOPLE
}

load_end() {
    gate_nginx_stop || true
    site_cleanup
}

load_crowd() { # REQUESTS CLIENTS
    "$(_site_python)" -B "$_LOAD_FOLDER/crowd.py" "$1" "$2"
}

# 100 MB, one file on the disk with a name in each folder, and a folder of 1,000 files likewise.
load_size() {
    local way number
    mkdir -p "$SITE_HTML/open/both/files"
    export LOAD_BIG=$SITE_HTML/open/both/big.bin
    head -c 104857600 /dev/urandom >"$LOAD_BIG"
    for number in $(seq 0 999); do
        printf '%s\n' "$number" >"$SITE_HTML/open/both/files/$number.txt"
    done
    while read -r way; do
        cp -al "$SITE_HTML/open/both/." "$SITE_HTML${way}both/"
    done < <(jq -r '.[].path' <<<"$LOAD_WAYS")
    _site_give_away "$SITE_HTML"
    "$(_site_python)" -B "$_LOAD_FOLDER/size.py"
}
