# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Apache's configuration, as a shared host has it. For site.sh.

_site_write_httpd_conf() {
    local modules module mpm=event cgi=cgid name
    [[ $_SITE_MPM == prefork ]] && mpm=prefork cgi=cgi
    modules=${SITE_HTTPD_MODULES:-/usr/lib/apache2/modules}
    {
        printf 'ServerRoot "%s"\nServerName localhost:%s\nListen 127.0.0.1:%s\n' "$SITE_DIR" "$_SITE_PORT" "$_SITE_PORT"
        if _site_has_ipv6; then
            printf 'Listen [::1]:%s\n' "$_SITE_PORT"
        fi
        # What is not there as a file is built into the server.
        for module in "mpm_$mpm" $_SITE_MODULES "$cgi"; do
            if [[ -e $modules/mod_$module.so ]]; then
                printf 'LoadModule %s_module "%s/mod_%s.so"\n' "$module" "$modules" "$module"
            fi
        done
        [[ $cgi != cgid ]] || printf 'ScriptSock "%s/run/cgid.sock"\n' "$SITE_DIR"
        for name in ${SITE_PASS_ENV-}; do
            printf 'PassEnv %s\n' "$name"
        done
        _site_httpd_rules
        [[ -z $_SITE_JAIL ]] || archive_httpd_rules
        printf '%s\n' "${SITE_HTTPD_EXTRA-}"
    } >"$SITE_DIR/httpd.conf"
}

_site_httpd_rules() {
    cat <<CONF
DefaultRuntimeDir "$SITE_DIR/run"
PidFile "$SITE_DIR/run/httpd.pid"
ErrorLog "$SITE_DIR/logs/error.log"
LogLevel warn
LogFormat "%h %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined
CustomLog "$SITE_DIR/logs/access.log" combined
ServerTokens Prod
TraceEnable Off
Timeout 60
<IfModule mpm_event_module>
  StartServers 1
  MinSpareThreads 5
</IfModule>
<IfModule mpm_prefork_module>
  StartServers 2
  MinSpareServers 2
</IfModule>
TypesConfig "$SITE_DIR/mime.types"
DirectoryIndex index.html
DocumentRoot "$SITE_HTML"
<Directory "/">
  AllowOverride None
  Require all denied
</Directory>
# As shared hosts have it: .htaccess may do what it wants, and CGI in the document root is off until it says otherwise.
<Directory "$SITE_HTML">
  AllowOverride All
  Options SymLinksIfOwnerMatch
  Require all granted
</Directory>
<FilesMatch "^\.ht">
  Require all denied
</FilesMatch>
CONF
    if [[ $_SITE_LAYOUT != suffix ]]; then
        cat <<CONF
ScriptAlias /cgi-bin/ "$SITE_CGI_BIN/"
<Directory "$SITE_CGI_BIN">
  AllowOverride All
  Options +ExecCGI
  Require all granted
</Directory>
CONF
    fi
}

_site_write_mime_types() {
    printf '%s\n' 'text/html html' 'text/css css' 'text/plain txt' 'text/javascript js' 'application/json json' \
        'image/svg+xml svg' 'image/png png' 'image/jpeg jpg' 'application/pdf pdf' >"$SITE_DIR/mime.types"
}
