/* htaccess_merge.c: our block goes into .htaccess files as people have them, to the line where it works, and out of
 * them again; htaccess_lines.c: what is the site's own is in the lines.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "admin/gate/htaccess_block.h"
#include "admin/htaccess/htaccess_lines.h"
#include "admin/htaccess/htaccess_merge.h"

#define BEGIN HTACCESS_SITE_BEGIN "\n"
#define END HTACCESS_SITE_END "\n"
#define BLOCK BEGIN "RewriteEngine On\nRewriteRule ^login/?$ /cgi-bin/login [END]\n" END
#define MARK HTACCESS_BYTE_ORDER_MARK

#define HTTPS "RewriteEngine On\nRewriteCond %{HTTPS} off\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [L,R=301]\n"
#define WWW "RewriteCond %{HTTP_HOST} !^www\\. [NC]\nRewriteRule ^(.*)$ \"https://www.example.com/$1\" [R=301,L]\n"
#define WORDPRESS                                                                                                      \
    "# BEGIN WordPress\n# The directives (lines) between are\n<IfModule mod_rewrite.c>\nRewriteEngine On\n"            \
    "RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]\nRewriteBase /\n"                                   \
    "RewriteRule ^index\\.php$ - [L]\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\n"      \
    "RewriteRule . /index.php [L]\n</IfModule>\n\n# END WordPress\n"
#define LARAVEL                                                                                                        \
    "<IfModule mod_rewrite.c>\n    <IfModule mod_negotiation.c>\n        Options -MultiViews -Indexes\n"               \
    "    </IfModule>\n\n    RewriteEngine On\n\n    # Redirect Trailing Slashes If Not A Folder...\n"                  \
    "    RewriteCond %{REQUEST_FILENAME} !-d\n    RewriteCond %{REQUEST_URI} (.+)/$\n"                                 \
    "    RewriteRule ^ %1 [L,R=301]\n\n    RewriteCond %{REQUEST_FILENAME} !-d\n"                                      \
    "    RewriteCond %{REQUEST_FILENAME} !-f\n    RewriteRule ^ index.php [L]\n</IfModule>\n"
#define JOOMLA_HEAD                                                                                                    \
    "IndexIgnore *\nOptions +FollowSymlinks\nRewriteEngine On\n\n## Begin - Rewrite rules to block exploits.\n"        \
    "RewriteCond %{QUERY_STRING} base64_encode[^(]*\\([^)]*\\) [OR]\n"                                                 \
    "RewriteCond %{QUERY_STRING} GLOBALS(=|\\[|\\%[0-9A-Z]{0,2})\nRewriteRule .* index.php [F]\n\n"                    \
    "RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]\n"
#define JOOMLA_TAIL                                                                                                    \
    "# If the requested path and file is not /index.php\nRewriteCond %{REQUEST_URI} !^/index\\.php\n"                  \
    "RewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule .* index.php [L]\n"
#define DRUPAL_HEAD                                                                                                    \
    "<FilesMatch \"\\.(engine|inc)$\">\n  Require all denied\n</FilesMatch>\n\nDirectoryIndex index.php\n\n"
#define DRUPAL_TAIL                                                                                                    \
    "# Various rewrite rules.\n<IfModule mod_rewrite.c>\n  RewriteEngine on\n"                                         \
    "  RewriteRule \"/\\.|^\\.(?!well-known/)\" - [F]\n  RewriteCond %{REQUEST_URI} !=/favicon.ico\n"                  \
    "  RewriteRule ^ index.php [L]\n</IfModule>\n"
#define TYPO3 "RewriteRule ^typo3$ typo3/index_re.php [L]\nRewriteRule ^(?:fileadmin/|typo3temp/) - [L]\n"
#define TYPO3_TAIL "RewriteCond %{REQUEST_FILENAME} !-l\nRewriteRule ^.*$ %{ENV:CWD}index.php [QSA,L]\n"
#define GATE HTACCESS_BLOCK_BEGIN "\nRewriteRule ^ /cgi-bin/gate [END]\n" HTACCESS_BLOCK_END "\n"

static void blocks_are_put_where_they_work(void **state) {
    (void)state;
    static const struct {
        const char *before, *behind; /* the block, once it is there */
    } rows[] = {
        {"", ""},
        {"Options -Indexes\n", ""},
        {"", WORDPRESS},
        {HTTPS, WORDPRESS},
        {HTTPS "\n", WORDPRESS},
        {HTTPS WWW "SetEnvIf X-Forwarded-Proto https HTTPS=on\nRedirect 301 /old /new\n\n", WORDPRESS},
        {HTTPS, ""},
        {"# BEGIN Really Simple SSL\n<IfModule mod_rewrite.c>\n" HTTPS "</IfModule>\n# END Really Simple SSL\n",
         WORDPRESS},
        {"<IfModule mod_rewrite.c>\n" HTTPS "</IfModule>\n", LARAVEL},
        {"", LARAVEL},
        {JOOMLA_HEAD, JOOMLA_TAIL},
        {DRUPAL_HEAD, DRUPAL_TAIL},
        {HTTPS TYPO3, TYPO3_TAIL},
        {"RewriteEngine On\n", "RewriteRule ^(.*)$ public/$1 [L]\n"},
        {"RewriteRule ^old-page$ /new-page [L]\n", "RewriteRule ^([a-z]+)/?$ page.php?name=$1 [L]\n"},
        {"", "RewriteRule ^(a|b)$ - [S=2]\nRewriteRule a b\nRewriteRule b c\n"},
        {"", "RewriteRule ^nothing$ - [C]\nRewriteRule ^ index.php [L]\n"},
        {"", "RewriteCond %{REQUEST_URI} !^/api \\\n  [NC]\nRewriteRule \\\n  ^ index.php [L]\n"},
        {"", "RewriteRule ^nothing(((((((((((((((((((((((x+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+$ a [L]\n"},
        {"RewriteEngine Off\n", ""},
        {"# BEGIN Half\nOptions -Indexes\n", "RewriteRule . /index.html [L]\n"},
        {"ErrorDocument 404 /404.html\n", GATE}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer text = BUFFER_EMPTY, wanted = BUFFER_EMPTY, with = BUFFER_EMPTY, again = BUFFER_EMPTY;
        struct buffer without = BUFFER_EMPTY;
        buffer_append_format(&text, "%s%s", rows[i].before, rows[i].behind);
        buffer_append_format(&wanted, "%s%s%s", rows[i].before, BLOCK, rows[i].behind);
        struct guarded guarded = guarded_string(buffer_text(&text));
        struct htaccess_merge merge = htaccess_merge_put(&with, guarded.data, BLOCK);
        assert_row(merge.refusal == HTACCESS_MERGES && !merge.had_block, buffer_text(&text));
        if (!same(buffer_text(&with), buffer_text(&wanted)))
            fail_msg("it is:\n%s\nand not:\n%s", buffer_text(&with), buffer_text(&wanted));
        merge = htaccess_merge_put(&again, buffer_text(&with), BLOCK);
        assert_row(merge.had_block && same(buffer_text(&again), buffer_text(&wanted)), buffer_text(&again));
        assert_row(htaccess_merge_remove(&without, buffer_text(&with)), buffer_text(&with));
        assert_row(same(buffer_text(&without), buffer_text(&text)), buffer_text(&without));
        guarded_free(&guarded);
        buffer_free(&text);
        buffer_free(&wanted);
        buffer_free(&with);
        buffer_free(&again);
        buffer_free(&without);
    }
}

static void other_texts_are_as_the_row_says(void **state) {
    (void)state;
    static const struct {
        const char *text, *with;
        const char *without; /* NULL: the text */
    } rows[] = {
        {"a", "a\n" BEGIN "RewriteEngine On\nRewriteRule ^login/?$ /cgi-bin/login [END]\n" HTACCESS_SITE_END, NULL},
        {"a\r\nb",
         "a\r\nb\r\n" HTACCESS_SITE_BEGIN
         "\r\nRewriteEngine On\r\nRewriteRule ^login/?$ /cgi-bin/login [END]\r\n" HTACCESS_SITE_END,
         NULL},
        {"a\r\n",
         "a\r\n" HTACCESS_SITE_BEGIN
         "\r\nRewriteEngine On\r\nRewriteRule ^login/?$ /cgi-bin/login [END]\r\n" HTACCESS_SITE_END "\r\n",
         NULL},
        {"a\nb\r", "a\nb\r\n" BEGIN "RewriteEngine On\nRewriteRule ^login/?$ /cgi-bin/login [END]\n" HTACCESS_SITE_END,
         NULL},
        {MARK "a\n", "a\n" BLOCK, "a\n"},
        /* One that WordPress has come before, one that a redirect has come behind, one where it may be. */
        {WORDPRESS BEGIN "old\n" END, BLOCK WORDPRESS, WORDPRESS},
        {BEGIN "old\n" END HTTPS WORDPRESS, HTTPS BLOCK WORDPRESS, HTTPS WORDPRESS},
        {HTTPS BEGIN "old\n" END "Options -Indexes\n" WORDPRESS, HTTPS BLOCK "Options -Indexes\n" WORDPRESS,
         HTTPS "Options -Indexes\n" WORDPRESS},
        {"<IfModule mod_rewrite.c>\n" BEGIN "old\n" END "</IfModule>\n",
         "<IfModule mod_rewrite.c>\n</IfModule>\n" BLOCK, "<IfModule mod_rewrite.c>\n</IfModule>\n"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer with = BUFFER_EMPTY, without = BUFFER_EMPTY;
        htaccess_merge_put(&with, rows[i].text, BLOCK);
        if (!same(buffer_text(&with), rows[i].with))
            fail_msg("it is:\n%s\nand not:\n%s", buffer_text(&with), rows[i].with);
        assert_row(htaccess_merge_remove(&without, buffer_text(&with)), rows[i].text);
        assert_row(same(buffer_text(&without), rows[i].without != NULL ? rows[i].without : rows[i].text), rows[i].text);
        buffer_free(&with);
        buffer_free(&without);
    }
}

static void what_is_found_is_told(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum htaccess_refusal refusal;
        size_t line, catch_line, canon_line;
    } rows[] = {
        {"a\n" BEGIN, HTACCESS_IS_TORN, 0, 0, 0},
        {BLOCK BLOCK, HTACCESS_IS_TORN, 0, 0, 0},
        {"\n<IfModule x>\nRewriteEngine On\n", HTACCESS_IS_OPEN, 2, 0, 0},
        {"RewriteEngine Off\nRewriteRule ^ index.php\n", HTACCESS_ENGINE_IS_OFF, 1, 2, 0},
        {"RewriteEngine On\nRewriteRule ^b c\n<If true>\nrewriteengine off\n</If>\n", HTACCESS_ENGINE_IS_OFF, 4, 0, 0},
        {"RewriteEngine Off\nRewriteEngine On\nRewriteRule ^b c\n", HTACCESS_MERGES, 0, 0, 0},
        {"RewriteRule ^ index.php [L]\n" HTTPS, HTACCESS_MERGES, 0, 1, 4},
        {BLOCK "RewriteRule ^ index.php [L]\n" HTTPS, HTACCESS_MERGES, 0, 5, 8},
        {"<IfModule x>\n" HTTPS "RewriteRule . index.php [L]\n</IfModule>\n", HTACCESS_MERGES, 0, 5, 4},
        {LARAVEL, HTACCESS_MERGES, 0, 15, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        struct guarded guarded = guarded_string(rows[i].text);
        const struct htaccess_merge merge = htaccess_merge_put(&out, guarded.data, BLOCK);
        if (merge.refusal != rows[i].refusal || merge.line != rows[i].line || merge.catch_line != rows[i].catch_line ||
            merge.canon_line != rows[i].canon_line)
            fail_msg("%d, lines %zu %zu %zu: %s", (int)merge.refusal, merge.line, merge.catch_line, merge.canon_line,
                     rows[i].text);
        assert_row((out.len == 0) == (merge.refusal != HTACCESS_MERGES), rows[i].text);
        guarded_free(&guarded);
        buffer_free(&out);
    }
}

#define OLD_HEAD                                                                                                       \
    "# cgi-login: what the document root's .htaccess needs. `make install` puts it there.\n# By hand: …\n\n"
#define OLD_CONFIG                                                                                                     \
    "# Where the config is.\n<IfModule mod_env.c>\n  SetEnv CGI_LOGIN_CONFIG \"/h/config.json\"\n</IfModule>\n\n"
#define OLD_CGI                                                                                                        \
    "# Where the host lets the document root hold programs: …\n#cgi# Options +ExecCGI -Indexes\n#cgi# AddHandler "   \
    "cgi-script .cgi\n\n"
#define OLD_ROUTES                                                                                                     \
    "# The routes.\nRewriteEngine On\nRewriteRule ^auth/?$ /cgi-bin/start.cgi [END]\n"                                 \
    "RewriteRule ^auth/([a-z][a-z0-9_-]*)/callback$ /cgi-bin/callback.cgi/$1 [END]\n"                                  \
    "RewriteRule ^login$ /cgi-bin/login.cgi [END]\n\n"
#define OLD_REST                                                                                                       \
    "# Should one of these …\n<FilesMatch \"(^\\.|^config.*\\.json$|~$)\">\n  Require all denied\n</FilesMatch>\n\n" \
    "<IfModule mod_headers.c>\n  Header setifempty X-Content-Type-Options \"nosniff\"\n  # Header always set "         \
    "X\n</IfModule>\n"

static void old_lines_are_replaced(void **state) {
    (void)state;
    static const struct {
        const char *text, *with;
        size_t routes;
    } rows[] = {{OLD_HEAD OLD_CONFIG OLD_CGI OLD_ROUTES OLD_REST, BLOCK, 3},
                {OLD_HEAD OLD_CONFIG OLD_CGI OLD_ROUTES OLD_REST "\n" WORDPRESS, BLOCK WORDPRESS, 3},
                {WORDPRESS "\n" OLD_CONFIG OLD_ROUTES, BLOCK WORDPRESS "\n", 3},
                {"# mine\nOptions +ExecCGI -Indexes\nAddHandler cgi-script .cgi\n" OLD_ROUTES, BLOCK, 3},
                {"RewriteRule ^login$ /login.php [L]\nRewriteRule ^auth/x$ /cgi-bin/mine [END]\n"
                 "RewriteRule ^login$ /my/login.php [END]\n",
                 NULL, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        const struct htaccess_merge merge = htaccess_merge_put(&out, rows[i].text, BLOCK);
        assert_row(merge.old_routes == rows[i].routes, rows[i].text);
        if (rows[i].with != NULL && !same(buffer_text(&out), rows[i].with))
            fail_msg("it is:\n%s\nand not:\n%s", buffer_text(&out), rows[i].with);
        buffer_free(&out);
    }
}

#define EXAMPLE                                                                                                        \
    "# head\n" BEGIN "  SetEnv CGI_LOGIN_CONFIG \"/home/you/config.json\"\n#cgi# AddHandler cgi-script .cgi\n"         \
    "RewriteRule ^auth/([a-z]*)/?$ /cgi-bin/start/$1 [END]\nRewriteRule ^login/?$ /cgi-bin/login [END]\n" END          \
    "# foot\n"

static void lines_are_those_of_the_site(void **state) {
    (void)state;
    static const char wanted[] = BEGIN "  SetEnv CGI_LOGIN_CONFIG \"/h/c.json\"\nAddHandler cgi-script .cgi\n"
                                       "RewriteRule ^auth/([a-z]*)/?$ /sub/cgi/start.cgi/$1 [END]\nRewriteRule "
                                       "^login/?$ /sub/cgi/login.cgi [END]\n" END;
    struct htaccess_programs programs = {.url = "/sub/cgi", .suffix = ".cgi", .run_here = true}, read;
    struct buffer lines = BUFFER_EMPTY, again = BUFFER_EMPTY;
    struct error error;
    assert_int_equal(htaccess_lines_make(EXAMPLE, "/h/c.json", &programs, &lines, &error), ERROR_NONE);
    assert_string_equal(buffer_text(&lines), wanted);
    assert_true(htaccess_programs_read(buffer_text(&lines), &read));
    assert_string_equal(read.url, programs.url);
    assert_string_equal(read.suffix, programs.suffix);
    assert_true(read.run_here);
    assert_int_equal(htaccess_lines_make(buffer_text(&lines), "/h/c.json", &read, &again, &error), ERROR_NONE);
    assert_string_equal(buffer_text(&again), wanted);
    assert_false(htaccess_programs_read("RewriteRule ^login$ /login.php [L]\n", &read));
    assert_int_equal(htaccess_lines_make("", "/h/c.json", &programs, &again, &error), ERROR_CONFIG);
    assert_int_equal(htaccess_lines_make(EXAMPLE, "/h/\"c.json", &programs, &again, &error), ERROR_CONFIG);
    buffer_free(&lines);
    buffer_free(&again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_put_where_they_work), cmocka_unit_test(other_texts_are_as_the_row_says),
        cmocka_unit_test(what_is_found_is_told), cmocka_unit_test(old_lines_are_replaced),
        cmocka_unit_test(lines_are_those_of_the_site)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
