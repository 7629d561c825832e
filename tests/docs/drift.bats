#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Docs can't drift: what the code knows and what README.md, CONTRIBUTING.md and docs/ say must be the same, in both
# directions.
#   config keys, provider keys    what `cgi-login help config --table` and `help provider --table` print
#   the settings template         a valid config once the placeholders are filled in
#   error codes                   common/base/error.c, and the words that are fixed for ?error=
#   routes                        htaccess.example and the programs in cgi-bin/
#   docs/providers/               providers/, by tools/provider_pages.py
#   make targets and variables    `make help`
#   commands and options          `cgi-login --help`, and --help of each command
#   numbers, the line of refresh  common/base/bounds.h, `cgi-login refresh --help`, admin/refresh_run.c
#   what a store holds            the collections and the round trips in docs/mongodb.md
#   nginx, FastCGI                docs/web-servers.md has a route and a socket for each program
#   links, anchors, source layout each names something that exists
#   colours                       the grounds in common/program/site_look.c, style.css
#   line length                   120 characters outside tables, links and output
#   README.md                     short, leads to every page of docs/, and starts with the demo alone
# ROOT and SITE_BUILD choose another tree and build folder.

load built

# --- reading the documents ---

# The rows of the first table below HEADING whose header starts with COLUMN, without header and rule.
rows() { # DOCUMENT HEADING COLUMN
    awk -v heading="$2" -v column="| $3 |" '
        /^#+ / { here = $0; sub(/^#+ /, "", here); found = (here == heading); in_table = 0 }
        found && !done && index($0, column) == 1 { in_table = 1; next }
        in_table && /^\|[-|]+$/ { next }
        in_table && /^\|/ { print; done = 1; next }
        { in_table = 0 }' "$1"
}

column() { # NUMBER: of rows on standard input, without the backquotes
    awk -F ' *[|] *' -v number="$(($1 + 1))" '{ print $number }' | tr -d '`'
}

# Every document: the pages of docs/, those beside the README, and those of the tests.
documents=()
while IFS= read -r document; do
    documents+=("${document#./}")
done < <(cd "${ROOT:-$BATS_TEST_DIRNAME/../..}" && find . -name '*.md' -not -path './build*' -not -path '*/node_modules/*' | sort)

# --- comparing ---

same() { # WHAT CODE DOCUMENT: two lists, a line each, in any order
    local code document
    code=$(sort <<<"$2") document=$(sort <<<"$3")
    [[ -n $2 ]] || {
        printf '%s: found nothing in the code; has its form changed?\n' "$1" >&2
        return 1
    }
    [[ -n $3 ]] || {
        printf '%s: found nothing in the documents; has their table changed?\n' "$1" >&2
        return 1
    }
    diff -u --label "code: $1" --label "documents: $1" <(printf '%s\n' "$code") <(printf '%s\n' "$document") >&2
}

# --- settings ---

# The first table below HEADING, as it stands.
settings_table() { # HEADING
    awk -v heading="## $1" '/^## / { here = ($0 == heading) } here && /^\|/ { print; seen = 1; next } seen { exit }' \
        docs/settings.md
}

# If this fails: tools/manual.sh puts what the program prints in its place.
@test "the tables of docs/settings.md are what the program prints of its settings" {
    local word heading printed
    while read -r word heading; do
        printed=$("$COMMAND" help "$word" --table)
        [[ $(wc -l <<<"$printed") -gt 10 ]]
        diff -u --label "cgi-login help $word --table" --label "docs/settings.md: $heading" \
            <(printf '%s\n' "$printed") <(settings_table "$heading") >&2
    done <<'TABLE'
config config.json
provider The provider file
TABLE
}

# Each value that the table names as a default or shows as an example is one that the program takes.
@test "every example of a key is taken by the program" {
    local folder=$BATS_TEST_TMPDIR/home key example filter word prefix count=0
    for word in config provider; do
        prefix=
        [[ $word == config ]] || prefix=providers.instagram.
        while read -r key example; do
            # The examples of these are cut short, or for another store or provider.
            case $key in keys | store | providers | base_url | callback_url | preset | instance) continue ;; esac
            rm -rf "$folder"
            # A key that is none of jq's names stands in quotes.
            [[ $key != \$* ]] || key="\"$key\""
            filter=".$prefix$key = $example"
            [[ $key != long_lived.* ]] || filter+=" | .${prefix}long_lived |= {url: \"https://a.example\", grant_type: \"a\"} + ."
            [[ $key != register.* ]] || filter+=" | .${prefix}register |= {url: \"https://a.example\", steps: [\"a\"]} + ."
            [[ $key != field_list.* ]] ||
                filter+=" | .${prefix}field_list |= {param: \"fields\", least: \"id\", refused_codes: [1]} + ."
            [[ $key != jwks_url && $key != id_token.* ]] || filter+=" | .${prefix}issuer = \"https://a.example\""
            [[ $key != profile_form ]] || filter+=" | .${prefix}profile_method = \"POST\""
            [[ $key != response_ok.* ]] || filter+=" | .${prefix}response_ok |= {pointer: \"/a\", equals: \"b\"} + ."
            [[ $key != email_request.* ]] ||
                filter+=" | .${prefix}email_request |= {url: \"https://a.example\", email: \"/a\"} + ."
            # One of a list.
            [[ $key != groups_requests.* ]] ||
                filter=".${prefix}groups_requests[0] |= ({url: \"https://a.example\"} + . | .${key#*.} = $example)"
            [[ $key != gate.* ]] || filter=".gate[0] |= ({path: \"/members\", allow: {}} + . | .${key#*.} = $example)"
            # The examples of these go together, or stand in another's place.
            [[ $key != client_key.* ]] || filter+=" | .${prefix}client_key |= {file: \"/a.pem\"} + ."
            [[ $key != client_key* && $key != assertion_audience ]] || filter+=" | .${prefix}token_auth = \"private_key_jwt\""
            [[ $key != client_secret_jwt* && $key != assertion_audience ]] || filter+=" | .${prefix}client_key = {file: \"/a.pem\"}"
            [[ $key != client_key* && $key != client_secret_jwt* && $key != assertion_audience ]] ||
                filter+=" | del(.${prefix}client_secret) | .${prefix}preset = \"google\""
            [[ $key != callback_user ]] || filter+=" | .${prefix}authorize_params = {\"response_mode\": \"form_post\"}"
            [[ $key != revocation_[pt]* ]] || filter+=" | .${prefix}revocation_url = \"https://a.example\""
            [[ $key != refresh.* ]] || filter+=" | .${prefix}refresh |= {url: \"https://a.example\", grant_type: \"a\"} + ."
            make_home "$folder" "$filter"
            run "$COMMAND" --config "$folder/config.json" check
            printf '%s\n%s\n' "$filter" "$output" >&2
            # A file of an example need not be here.
            [[ $(grep '  FIX ' <<<"$output" | grep -vc "base_url is still the template's") -eq 0 || $key == ca_file || $key == log || $key == state || $output == *client_key.file:* ]]
            [[ $output != *"$key: "*expected* && $output != *"no such key"* ]]
            count=$((count + 1))
        done < <("$COMMAND" help "$word" --table | sed -nE 's/^\| `([^`]*)` .* \| `([^`]*)` \|$/\1 \2/p')
    done
    [[ $count -gt 20 ]]
}

@test "docs/settings.md names what is not part of this version" {
    local key
    for key in $("$COMMAND" help config | sed -n '/^Not part of/,$s/^    \([a-z_.]*\): .*/\1/p'); do
        grep -qF "\`$key\`" docs/settings.md || {
            printf 'not named: %s\n' "$key" >&2
            return 1
        }
    done
}

# A product's home with config-template.json filled in as docs/install.md says, and changed by a jq FILTER.
make_home() { # FOLDER [FILTER]
    mkdir -p "$1/templates"
    cp -r providers html/languages "$1/"
    cp html/templates/*.html "$1/templates/"
    (umask 077 && jq --arg key "$("$COMMAND" new-key)" --arg store "sqlite://$1/users.db" "
        .keys = [\$key] | .store = \$store | .providers.instagram.client_id = \"1029384756102938\" |
        .providers.instagram.client_secret = \"0123456789abcdef\" | ${2:-.}" config-template.json >"$1/config.json")
}

@test "the template is a valid config once its placeholders are filled in" {
    local site_config='.base_url = "http://localhost:1" | del(.providers.instagram.callback_url)'
    make_home "$BATS_TEST_TMPDIR" "$site_config"
    run "$COMMAND" --config "$BATS_TEST_TMPDIR/config.json" check
    printf '%s\n' "$output" >&2
    # Nobody answers there.
    [[ $output == *"every key of the config is known"* && $(grep -c FIX <<<"$output") -eq 1 &&
    $output == *"FIX   http://localhost:1 takes no connection"* ]]
}

@test "the template as it is is refused" {
    make_home "$BATS_TEST_TMPDIR"
    (umask 077 && cp config-template.json "$BATS_TEST_TMPDIR/config.json")
    run "$COMMAND" --config "$BATS_TEST_TMPDIR/config.json" check
    printf '%s\n' "$output" >&2
    [[ $status -eq 1 && $output == *"keys[0]"* && $output == *client_id* && $output == *client_secret* ]]
}

# Of the template as it is. What it prints of a whole site is compared by tests/e2e/check_site.bats.
@test "what check prints at first is what docs/install.md shows" {
    local home=$BATS_TEST_TMPDIR/cgi-login
    make_home "$home"
    (umask 077 && cp config-template.json "$home/config.json")
    printed=$("$COMMAND" --config "$home/config.json" check) || true
    diff -u --label 'docs/install.md' --label 'cgi-login check' \
        <(awk '/^```console/ { here = ++block == 1; next } /^```/ { here = 0 } here && !/^\$ /' docs/install.md) \
        <(sed "s#$BATS_TEST_TMPDIR#/home/anna#" <<<"$printed") >&2
}

@test "every kind of store is documented, and no other" {
    local scheme schemes
    schemes=$(grep -oE '"(sqlite|mongodb|mongodb\+srv|[a-z+]+)://"' common/config/store_uri.c | tr -d '"' | sort -u)
    [[ -n $schemes ]]
    for scheme in $schemes; do
        grep -qF -- "$scheme" docs/settings.md docs/mongodb.md ||
            {
                printf 'no document names %s\n' "$scheme" >&2
                return 1
            }
    done
    # Nor does a document offer one that the code does not know.
    for scheme in $(rows docs/settings.md config.json key | grep -oE '"[a-z+]+://[^"]*"' | grep -vE '"https?:' |
        grep -oE '[a-z+]+://') $(grep -ohE '"store": "[a-z+]+://' "${documents[@]}" | grep -oE '[a-z+]+://'); do
        grep -qxF -- "$scheme" <<<"$schemes" || {
            printf 'no store is named %s\n' "$scheme" >&2
            return 1
        }
    done
}

# --- errors ---

# "STATUS WORD QUERY" of each error.
error_rows() {
    tr -d '\n' <common/base/error.c | grep -oE '\{[0-9]{3}, *"[a-z_]+", *("[a-z_]+"|NULL)' | tr -d '{",' | sort -u
}

@test "the words of ?error= are those that sites rely on, and those in docs/errors.md" {
    local fixed words
    fixed=$(printf '%s\n' access_denied account_taken bad_request expired_login interrupted_login link_refused not_allowed provider_error \
        provider_unreachable store_unavailable)
    words=$(error_rows | awk '$3 != "NULL" { print $3 }' | sort -u)
    [[ $words == "$fixed" ]] || {
        diff <(printf '%s\n' "$fixed") <(printf '%s\n' "$words") >&2
        return 1
    }
    same "?error= words" "$words" "$(rows docs/errors.md 'Error codes' code | column 1)"
}

@test "the other words and their statuses are those in docs/errors.md" {
    same "words and statuses" "$(error_rows | awk '$2 != $3 && $3 != "NULL" { print $2, $1 }')" \
        "$(rows docs/errors.md 'Error codes' word | awk -F ' *[|] *' '{ print $2, $3 }' | tr -d '`')"
}

# --- routes and programs ---

@test "the routes of htaccess.example are those in docs/pages.md" {
    local routes
    routes=$(sed -n 's#^RewriteRule ^\([^ ]*\) /cgi-bin/\([a-z]*\).*#/\1 \2#p' htaccess.example |
        sed -e 's#console/(\[[^)]*)#console/{page}#' -e 's#(\[[^)]*)#{provider}#' -e 's#/?\$ #$ #' -e 's#\$ # #')
    same "routes" "$routes" \
        "$(rows docs/pages.md 'Links for your own pages' route | awk -F ' *[|] *' '$2 != "none" { print $2, $4 }' |
            tr -d '`')"
}

# Templates take it from there; a static page and the page for a fault of the setup cannot.
@test "the page head of templates/head.html is that of the home page and of the page that needs no template" {
    local line lines=0
    while read -r line; do
        lines=$((lines + 1))
        grep -qF -- "$line" html/public/index.html || {
            printf 'index.html has no %s\n' "$line" >&2
            return 1
        }
        tr -d '\\' <common/program/page.c | grep -qF -- "$line" || {
            printf 'page.c has no %s\n' "$line" >&2
            return 1
        }
        # And no other template has it by itself.
        [[ $(grep -lF -- "$line" html/templates/*.html) == html/templates/head.html ]]
    done < <(grep '^ *<' html/templates/head.html)
    [[ $lines -gt 3 ]]
}

@test "every program has a route in docs/pages.md" {
    local programs
    programs=$(cd cgi-bin && printf '%s\n' *.c | sed 's/\.c$//')
    same "programs" "$programs" "$(rows docs/pages.md 'Links for your own pages' route | column 3 | sort -u)"
    same "programs to remove" "$programs" "$(sed -n '/of `CGI_BIN` (/,/)/p' docs/upgrading.md | grep -o '`[a-z]*`' |
        tr -d '`' | sort -u)"
}

# `location ~ ^/auth/(?<provider>…)` of nginx against a path that each program must be reached by.
@test "nginx's configuration reaches every program, and starts every one for FastCGI" {
    local document=docs/web-servers.md program path patterns loop
    patterns=$(sed -n 's/^location ~ \(.*\) {$/\1/p' "$document")
    [[ -n $patterns ]]
    for program in $(cd cgi-bin && printf '%s\n' *.c | sed 's/\.c$//'); do
        path=$(rows docs/pages.md 'Links for your own pages' route | awk -F ' *[|] *' '{ print $4, $2 }' | tr -d '`' |
            sed -n "s/^$program //p" | tail -n 1)
        [[ $path != none ]] || continue
        path=${path/\{provider\}/instagram}
        path=${path/\{page\}/users}
        # nginx names its groups as Perl does.
        perl -e 'my ($path, $program) = (shift, shift);
            for (@ARGV) { exit 0 if $path =~ /$_/ && ($+{program} // "start") eq $program } exit 1' \
            "$path" "$program" $patterns || {
            printf 'no location for %s (%s)\n' "$path" "$program" >&2
            return 1
        }
    done
    loop=$(sed -n 's/^for program in \(.*\); do$/\1/p' "$document")
    same "programs that spawn-fcgi starts" "$(cd cgi-bin && printf '%s\n' *.c | sed 's/\.c$//')" \
        "$(tr ' ' '\n' <<<"$loop")"
}

@test "the URLs for Meta's dashboard are routes" {
    local url routes document
    routes=$(rows docs/pages.md 'Links for your own pages' route | column 1)
    for document in README.md docs/app-review.md; do
        [[ $(grep -cE '^\| (OAuth|Deauthorize|Data deletion)' "$document") -eq 3 ]]
        for url in $(grep -E '^\| (OAuth|Deauthorize|Data deletion|User data)' "$document" | grep -oE 'https://[^`]*'); do
            url=${url#https://www.example.com}
            grep -qxF -- "${url/instagram/\{provider\}}" <<<"$routes" ||
                {
                    printf '%s: %s is no route\n' "$document" "$url" >&2
                    return 1
                }
        done
    done
    # Whoever uploads the archive is told them by its page, with the steps of the provider's file.
    same "addresses for Meta" "$(grep -E '^\| (OAuth|Deauthorize|Data deletion)' README.md |
        sed -E 's#.*/([a-z]+)`.*#\1#' | sort)" \
        "$(jq -r '.register.steps[]' providers/instagram.json | sed 's#{callback_url}#/callback#' |
            grep -oE '/(callback|deauthorize|deletion)' | tr -d / | sort)"
}

# A program says in Allow what it takes. HEAD is told in the text.
@test "the methods of each route are those that its program takes" {
    local program methods allowed
    make_home "$BATS_TEST_TMPDIR"
    while read -r program methods; do
        allowed=$(CGI_LOGIN_CONFIG=$BATS_TEST_TMPDIR/config.json REQUEST_METHOD=BREW "$BUILD/cgi-bin/$program" |
            tr -d '\r ' | sed -n 's/^Allow://p' | tr , '\n' | grep -vx HEAD)
        same "methods of $program" "$allowed" "$(tr -d ' ' <<<"$methods" | tr , '\n')"
    done < <(rows docs/pages.md 'Links for your own pages' route | awk -F ' *[|] *' '$2 != "none" { print $4, $3 }' |
        tr -d '`')
}

# --- providers ---

@test "the page of each provider is what its file says; if not, run tools/provider_pages.py" {
    tools/provider_pages.py --check >&2
}

# --- commands ---

@test "the targets of 'make help' are those in CONTRIBUTING.md" {
    local help
    help=$(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s help)
    same "make targets" "$(sed -n 's/^\(make\( [a-z]*\)\{0,1\}\).*/\1/p' <<<"$help" | sed 's/ *$//')" \
        "$(rows CONTRIBUTING.md 'Make targets' 'make target' | column 1)"
    same "variables of make install" "$(grep -oE '[A-Z_]{4,}=' <<<"$(grep 'make install' <<<"$help")" | tr -d =)" \
        "$(rows docs/install.md Install variable | column 1)"
}

@test "the commands of 'cgi-login --help' are those in docs/command-line.md, and so are their options" {
    local commands command options=
    commands=$("$COMMAND" --help | sed -n '/^usage/,/--config/s/^  \([a-z]\)/\1/p' |
        sed -E -e 's/ {2,}[a-z].*//' -e 's/ +([A-Z]+)/ \1/' -e 's/ +$//')
    same "commands" "$commands" "$(rows docs/command-line.md 'The command-line program' command | column 1)"
    while read -r command; do
        # shellcheck disable=SC2086 # "users list" is two words
        options+="$command:$("$COMMAND" ${command% [A-Z]*} --help | sed -nE 's/^  (--[a-z-]+( [A-Z]+)?) .*/\1/p' |
            grep -v -- --config | tr '\n' ' ' | sed 's/ $//')"$'\n'
    done <<<"$commands"
    same "options" "${options%$'\n'}" "$(rows docs/command-line.md 'The command-line program' command |
        awk -F ' *[|] *' '{ print $2 ":" $3 }' | tr -d '`')"
}

@test "docs/command-line.md names every option" {
    local option
    for option in $("$COMMAND" --help | grep -oE '^  --[a-z-]+'); do
        grep -qF -- "$option" docs/command-line.md ||
            {
                printf 'docs/command-line.md does not name %s\n' "$option" >&2
                return 1
            }
    done
}

@test "the options' defaults are those in docs/tokens.md" {
    local option
    for option in --within --pause; do
        same "default of $option" "$("$COMMAND" refresh --help | sed -nE "s/^  $option .*\(([0-9]+)\)\$/\1/p")" \
            "$(grep -oE "[0-9]+ (days|seconds) \(\`$option [A-Z]+\`\)" docs/tokens.md | head -n 1 | grep -oE '^[0-9]+')"
    done
}

@test "the line that refresh prints is that of the documents" {
    local line
    line="refresh: $(tr -d '\n' <admin/refresh_run.c | grep -oE '"%lu refreshed, [^;]* failed"' | sed 's/" *"//g; s/"//g')"
    [[ $line == 'refresh: %lu'* ]] || {
        printf 'the format of the line has moved\n' >&2
        return 1
    }
    grep -hE '^refresh: ' "${documents[@]}" | sed -E 's/[0-9]+/%lu/g' | while read -r shown; do
        same "line of refresh" "$line" "$shown" || exit 1
    done
}

@test "the documented sizes of a request are the code's" {
    local name word
    while read -r name word; do
        same "$name" "$(awk -v name="$name" '$2 == name { print $3 / 1024 }' common/base/bounds.h)" \
            "$(rows docs/errors.md 'Error codes' word | grep -F "| \`$word\` |" | grep -oE '[0-9]+ KiB' | grep -oE '[0-9]+')"
    done <<<'REQUEST_BODY_MAX body_too_large
QUERY_STRING_MAX query_too_long'
    grep -qF "at most $(awk '$2 == "RETURN_TO_MAX" { print $3 }' common/base/bounds.h) bytes" docs/pages.md
}

@test "the collections of MongoDB are those in docs/mongodb.md" {
    local collection collections
    collections=$(sed -n 's/^#define COLLECTION_[A-Z]* "\([a-z]*\)".*/\1/p' common/store/*.h common/store/*/*.h)
    [[ -n $collections ]]
    for collection in $collections; do
        grep -qF "\`$collection\`" docs/mongodb.md || {
            printf 'not named: %s\n' "$collection" >&2
            return 1
        }
    done
}

# --- the documents themselves ---

# Text outside of code blocks.
prose() { # FILE
    awk '/^ *```/ { code = !code; next } !code' "$1"
}

# The anchors of a document's headings, as GitHub makes them, or of a page.
anchors() { # FILE
    [[ $1 != *.html ]] || {
        sed -nE 's/.* id="([^"]+)".*/\1/p' "$1"
        return
    }
    prose "$1" | sed -n 's/^##* //p' | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

@test "the README fits a first meeting: short, a demo that stands alone, and a way to every other page" {
    local document block
    [[ $(wc -l <README.md) -le 200 ]]
    block=$(awk '/^```/ { if (code) exit; code = 1; next } code' README.md)
    [[ $block == 'make run' ]] || {
        printf 'the first block of the README is:\n%s\n' "$block" >&2
        return 1
    }
    for document in *.md docs/*.md LICENSE; do
        [[ $document != README.md ]] || continue
        grep -qF "]($document)" README.md || {
            printf 'the README does not lead to %s\n' "$document" >&2
            return 1
        }
    done
}

# A link's file is looked for from the document's own folder; "#part" alone is the document itself.
@test "every file and heading that a document links to exists" {
    local document link target count=0 missing=0
    for document in "${documents[@]}"; do
        while read -r link; do
            count=$((count + 1))
            target=$(realpath -m --relative-to=. "$(dirname "$document")/${link%%#*}")
            [[ $link != '#'* ]] || target=$document
            if [[ ! -e $target ]]; then
                printf '%s links to %s, which is not there\n' "$document" "$link" >&2
                missing=1
            elif [[ $link == *'#'* ]] && ! grep -qxF -- "${link#*#}" <<<"$(anchors "$target")"; then
                printf '%s links to %s, and there is no such heading\n' "$document" "$link" >&2
                missing=1
            fi
        done < <(grep -oE '\]\([^):]+\)' <(prose "$document") | sed 's/^](//; s/)$//')
    done
    [[ $missing -eq 0 && $count -gt 30 ]]
}

# A page that is long enough to have them.
@test "the contents of a document list every section, in order" {
    local document contents
    for document in "${documents[@]}"; do
        contents=$(prose "$document" | sed -n 's/^- \[\(.*\)\](#.*)$/\1/p')
        [[ -n $contents || $(grep -c '^## ' <(prose "$document")) -ge 7 ]] || continue
        diff -u --label "$document: contents" --label "$document: headings" <(printf '%s\n' "$contents") \
            <(prose "$document" | sed -n 's/^## //p') >&2
    done
    for document in README.md docs/install.md docs/mongodb.md; do
        grep -q '^- \[.*\](#' "$document"
    done
}

@test "every path of the source layout exists" {
    local path missing=0
    for path in $(rows docs/internals.md 'Where things are' path | column 1); do
        [[ -e $ROOT/$path ]] || {
            printf '%s is not there\n' "$path" >&2
            missing=1
        }
    done
    [[ $missing -eq 0 && -n $(rows docs/internals.md 'Where things are' path) ]]
}

# --- the inside ---

# What a document names in backquotes.
named() { # DOCUMENT PATTERN: a Perl pattern for what is between the backquotes; its group is printed
    prose "$1" | perl -ne 'while (/`'"$2"'`/g) { print "$1\n" }' | sort -u
}

# What `document` names must be found; NAME stands for any.
@test "every file, function, type and word of an enumeration that the pages about the code name is there" {
    local document name missing=0 count=0
    for document in docs/internals.md docs/releasing.md CONTRIBUTING.md; do
        # A path from the top, or from common/ as an #include has it.
        for name in $(named $document '((?:[\w.-]+\/)+[\w.-]*|[\w.-]+\.[ch])' | grep -vE 'NAME|^build/'); do
            count=$((count + 1))
            [[ -e $name || -e common/$name ]] || complain "$name"
        done
        for name in $(named $document '(\w+)\(\)'); do
            count=$((count + 1))
            grep -rqE "^[A-Za-z_][A-Za-z0-9_ ]*[ *]$name\(" --include='*.[ch]' common cgi-bin admin || complain "$name()"
        done
        for name in $(named $document '(?:struct|enum) (\w+)'); do
            count=$((count + 1))
            grep -rqE "^(struct|enum) $name \{" --include='*.h' common admin || complain "the type $name"
        done
        for name in $(named $document '([A-Z][A-Z0-9]*_[A-Z0-9_]+)' | grep -vE '^(HTTP|PATH|REQUEST|CONTENT)_'); do
            count=$((count + 1))
            grep -rqw --include='*.[ch]' --include='*.sh' -- "$name" common admin dist Makefile || complain "$name"
        done
    done
    [[ $missing -eq 0 && $count -gt 90 ]]
}

complain() { # NAME: of what `document` names and is not there
    printf '%s names %s, which is not there\n' "$document" "$1" >&2
    missing=1
}

# "`handle()` in `cgi-bin/callback.c`": in that very file.
@test "each function that docs/internals.md places in a file is in that file" {
    local name file missing=0 count=0
    while read -r name file; do
        count=$((count + 1))
        [[ -e $file ]] || file=common/$file
        grep -qE "^[A-Za-z_][A-Za-z0-9_ ]*[ *]$name\(" "$file" ||
            {
                printf '%s() is not in %s\n' "$name" "$file" >&2
                missing=1
            }
    done < <(prose docs/internals.md | tr '\n' ' ' | tr -s ' ' |
        grep -oE '`[a-z0-9_]+\(\)` in `[a-z0-9_/-]+\.c`' | tr -d '`()' | sed 's/ in / /')
    [[ $missing -eq 0 && $count -gt 8 ]]
}

@test "the layers of docs/internals.md are those that are there, in the order that is kept" {
    local layers
    layers=$(rows docs/internals.md 'The layers' layer | column 1 | tr -d /)
    same "layers" "$(cd common && printf '%s\n' */ | tr -d /)" "$layers"
    grep -qF "$(tr '\n' ' ' <<<"$layers" | sed 's/ $//')" tools/layers.sh
}

@test "editors are told what the formatters keep to" {
    same "columns" "$(sed -n 's/^ColumnLimit: //p' .clang-format)" "$(sed -n 's/^max_line_length = //p' .editorconfig)"
    same "blanks of an indentation" "$(sed -n 's/^IndentWidth: //p' .clang-format)" \
        "$(sed -n '/^\[\*\]$/,/^$/s/^indent_size = //p' .editorconfig)"
}

@test "no line is longer than 120 characters, but for tables, links and output" {
    local document line long=0
    for document in *.md docs/*.md tests/*.md tests/*/*.md; do
        while IFS= read -r line; do
            if [[ ${#line} -gt 120 && $line != '|'* && $line != *://* && $line != *']('* ]]; then
                printf '%s: %s characters: %s\n' "$document" "${#line}" "$line" >&2
                long=1
            fi
        done < <(prose "$document")
    done
    [[ $long -eq 0 ]]
}

@test "the grounds that a site's own colour is judged on are those of style.css" {
    local code style
    code=$(sed -n 's/.*struct scheme [a-z]* = {{\(0x..\), \(0x..\), \(0x..\)}, {\(0x..\), \(0x..\), \(0x..\)}.*/\1\2\3\n\4\5\6/p' \
        "$ROOT/common/program/site_look.c" | sed 's/0x//g' | tr A-F a-f)
    # Behind these four comes that of a page on paper.
    style=$(sed -nE 's/^ +--(ground|surface): #([0-9a-f]+);$/\2/p' "$ROOT/html/public/cgi-login/style.css" | head -n 4 |
        sed -E 's/^(.)(.)(.)$/\1\1\2\2\3\3/')
    same grounds "$code" "$style"
}
