/* config_place.c, config_pointer.c, program_file.c: the config in each layout that a hosting panel makes; what a
 * stranger or the web server's user could have put there, and what others can write; the file that names it, and who
 * may have written that; places that cannot be looked at; the log's place.
 * SPDX-License-Identifier: MIT */
#include "folder_fixture.h"

#include "config/config_place.h"
#include "config/config_pointer.h"

/* A program of ours in `folder`, which runs as us. */
static struct program_file program_in(const char *path) {
    struct program_file program = {.owner = geteuid(), .user = geteuid()};
    snprintf(program.folder, sizeof program.folder, "%s", path);
    return program;
}

static void finds_the_file(void **state) {
    (void)state;
    static const struct {
        const char *file; /* made in the folder */
        enum config_reader reader;
        const char *expected; /* for the program in www/cgi-bin; NULL: not found */
    } rows[] = {{NULL, CONFIG_FOR_REQUEST, NULL},
                {"cgi-login/config.json", CONFIG_FOR_REQUEST, "cgi-login/config.json"},
                {"www/cgi-login/config.json", CONFIG_FOR_REQUEST, "www/cgi-login/config.json"},
                {"www/config.json", CONFIG_FOR_REQUEST, "www/cgi-login/config.json"},
                {"www/config.json", CONFIG_FOR_COMMAND, "www/config.json"}};
    folder_subfolder(&folder, "cgi-login");
    folder_subfolder(&folder, "www");
    folder_subfolder(&folder, "www/cgi-login");
    folder_subfolder(&folder, "www/cgi-bin");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error;
        char path[PATH_MAX];
        char expected[PATH_MAX] = "";
        if (rows[i].file != NULL)
            folder_write(&folder, rows[i].file, "{}", 0600);
        if (rows[i].expected != NULL)
            snprintf(expected, sizeof expected, "%s/%s", folder.path, rows[i].expected);
        const struct program_file program = program_in(folder_path(&folder, "www/cgi-bin"));
        const enum error_code code = config_find(NULL, &program, rows[i].reader, path, &error);
        assert_row(code == (rows[i].expected != NULL ? ERROR_NONE : ERROR_CONFIG), expected);
        assert_row(code == ERROR_NONE ? same(path, expected) : contains(error.cause, "config-template.json"), expected);
    }
}

/* A place that cannot be looked at is not an empty one: the owner must not be told to make a file that is there. */
static void places_that_cannot_be_looked_at(void **state) {
    (void)state;
    struct error error;
    char path[PATH_MAX];
    const struct program_file program = program_in(folder_path(&folder, "shut/www/cgi-bin"));
    folder_subfolder(&folder, "shut");
    folder_subfolder(&folder, "shut/www");
    folder_subfolder(&folder, "shut/www/cgi-bin");
    folder_subfolder(&folder, "shut/cgi-login");
    folder_write(&folder, "shut/cgi-login/config.json", "{}", 0600);
    unlink(folder_path(&folder, "cgi-login/config.json"));
    assert_int_equal(chmod(folder.path, 0755), 0);
    assert_int_equal(chmod(folder_path(&folder, "shut/cgi-login"), 0), 0);
    const uid_t own = geteuid();
    const bool changed = own == 0 && chmod(folder_path(&folder, "shut"), 0755) == 0 && seteuid(65534) == 0;
    const enum error_code shut = config_find(NULL, &program, CONFIG_FOR_REQUEST, path, &error);
    assert_true(!changed || seteuid(own) == 0);
    assert_int_equal(shut, ERROR_CONFIG);
    assert_true(contains(error.cause, "/shut/cgi-login/config.json cannot be looked at: Permission denied"));
    assert_true(contains(error.cause, "the folder ") && contains(error.cause, "/shut/cgi-login is of user "));
    assert_true(contains(error.cause, "mode 0000"));
    assert_false(contains(error.cause, "config-template.json"));
    /* What is found elsewhere counts. */
    folder_subfolder(&folder, "shut/www/cgi-login");
    folder_write(&folder, "shut/www/cgi-login/config.json", "{}", 0600);
    assert_int_equal(config_find(NULL, &program, CONFIG_FOR_REQUEST, path, &error), ERROR_NONE);
    assert_int_equal(chmod(folder_path(&folder, "shut/cgi-login"), 0700), 0);
    unlink(folder_path(&folder, "shut/www/cgi-login/config.json"));
    unlink(folder_path(&folder, "shut/cgi-login/config.json"));
    assert_int_equal(rmdir(folder_path(&folder, "shut/cgi-login")), 0);
    /* A file in the folder's place, a link that leads round, and a config that is a link to nowhere. */
    folder_write(&folder, "shut/cgi-login", "", 0600);
    assert_int_equal(config_find(NULL, &program, CONFIG_FOR_REQUEST, path, &error), ERROR_CONFIG);
    assert_true(contains(error.cause, "/shut/cgi-login is no folder, so nothing can lie in it"));
    unlink(folder_path(&folder, "shut/cgi-login"));
    assert_int_equal(symlink("cgi-login", folder_path(&folder, "shut/cgi-login")), 0);
    assert_int_equal(config_find(NULL, &program, CONFIG_FOR_REQUEST, path, &error), ERROR_CONFIG);
    assert_true(contains(error.cause, "cannot be looked at: Too many levels of symbolic links"));
    assert_int_equal(symlink("nowhere", folder_path(&folder, "shut/www/cgi-login/config.json")), 0);
    assert_int_equal(config_find(NULL, &program, CONFIG_FOR_REQUEST, path, &error), ERROR_NONE);
}

static void a_named_file_counts(void **state) {
    (void)state;
    struct error error;
    char path[PATH_MAX], large[PATH_MAX + 1] = "";
    const struct program_file command = program_in("/nowhere/cgi-login/bin");
    assert_int_equal(config_find("/somewhere/config.json", &command, CONFIG_FOR_REQUEST, path, &error), ERROR_NONE);
    assert_string_equal(path, "/somewhere/config.json");
    memset(large, 'x', PATH_MAX);
    assert_int_equal(config_find(large, &command, CONFIG_FOR_REQUEST, path, &error), ERROR_CONFIG);
    assert_int_equal(config_find("", NULL, CONFIG_FOR_REQUEST, path, &error), ERROR_CONFIG);
    assert_int_equal(config_find(NULL, &command, CONFIG_FOR_COMMAND, path, &error), ERROR_CONFIG);
    assert_true(contains(error.cause, "looked for cgi-login/config.json in /nowhere/cgi-login, /nowhere"));
    assert_int_equal(config_find(NULL, NULL, CONFIG_FOR_REQUEST, path, &error), ERROR_CONFIG);
}

/* The users of a layout. Who is not root cannot make files of others, and tries the rows that have none. */
enum { ACCOUNT = 61001, STRANGER = 61002, WEB = 61003 };

static uid_t user_of(char letter) {
    const uid_t all[] = {ACCOUNT, STRANGER, WEB, 0};
    return letter == '-' ? (geteuid() == 0 ? (uid_t)ACCOUNT : geteuid()) : all[strchr("aswr", letter) - "aswr"];
}

/* Makes what a word says: a name that ends in "/" is a folder, "NAME>TARGET" a link, anything else a file, the pointer
 * with what stands behind "=". In front stand the owner's letter ("-": the account) and, where it is not 755, or 600
 * for a file, the mode: "w775:public_html/". False if this user cannot. */
static bool make_entry(const struct folder *home, const char *word) {
    char name[PATH_MAX];
    const char *colon = strchr(word, ':');
    snprintf(name, sizeof name, "%s", colon + 1);
    const bool is_folder = name[strlen(name) - 1] == '/';
    char *equals = strchr(name, '='), *arrow = strchr(name, '>');
    const mode_t mode = word[1] != ':' ? (mode_t)strtol(word + 1, NULL, 8) : is_folder ? 0755 : equals ? 0644 : 0600;
    if (equals != NULL)
        *equals++ = '\0';
    if (arrow != NULL)
        *arrow++ = '\0';
    const char *path = folder_path(home, name);
    if (arrow != NULL)
        assert_int_equal(symlink(arrow, path), 0);
    else if (is_folder)
        assert_true(mkdir(path, 0755) == 0 && chmod(path, mode) == 0);
    else
        folder_write(home, name, equals != NULL ? equals : "{}", mode);
    if (geteuid() == 0)
        assert_int_equal(lchown(path, user_of(*word), (gid_t)-1), 0);
    return geteuid() == 0 || *word == '-';
}

static void assert_found(const struct folder *home, const struct program_file *program, const char *expected,
                         const char *cause, const char *row) {
    struct error error = {.cause = ""};
    char path[PATH_MAX], real[PATH_MAX] = "";
    const enum error_code code = config_find(NULL, program, CONFIG_FOR_REQUEST, path, &error);
    if (expected == NULL) {
        assert_row(code == ERROR_CONFIG, row);
        if (!contains(error.cause, cause))
            fail_msg("row \"%s\": %s", row, error.cause);
        return;
    }
    if (code != ERROR_NONE)
        fail_msg("row \"%s\": %s", row, error.cause);
    assert_row(realpath(path, real) != NULL, row);
    assert_row(same(real, folder_path(home, expected)), row);
}

static void layouts(void **state) {
    (void)state;
    // clang-format off
    static const struct {
        const char *what;
        const char *program;  /* its folder */
        char user;            /* who runs it */
        const char *made[14];
        const char *found;    /* NULL: none */
        const char *cause;
    } rows[] = {
        {"cPanel", "public_html/cgi-bin", '-',
         {"-:public_html/", "-:public_html/cgi-bin/", "-:public_html/cgi-login/", "-:cgi-login/",
          "-:cgi-login/config.json"},
         "cgi-login/config.json", NULL},
        {"beside the web root", "cgi-bin", '-',
         {"-:cgi-bin/", "-:cgi-login/", "-:cgi-login/config.json"}, "cgi-login/config.json", NULL},
        {"an addon domain", "public_html/shop.example/cgi-bin", '-',
         {"-:public_html/", "-:public_html/shop.example/", "-:public_html/shop.example/cgi-bin/", "-:cgi-login/",
          "-:cgi-login/config.json"}, "cgi-login/config.json", NULL},
        {"an addon domain with a config of its own", "public_html/shop.example/cgi-bin", '-',
         {"-:public_html/", "-:public_html/shop.example/", "-:public_html/shop.example/cgi-bin/", "-:cgi-login/",
          "-:cgi-login/config.json", "-:shop-login/", "-:shop-login/config.json",
          "-:public_html/shop.example/cgi-bin/.cgi-login-config=../../../shop-login/config.json\r\n"},
         "shop-login/config.json", NULL},
        {"DirectAdmin", "domains/shop.example/public_html/cgi-bin", '-',
         {"-:domains/", "-:domains/shop.example/", "-:domains/shop.example/public_html/",
          "-:domains/shop.example/public_html/cgi-bin/", "-:cgi-login/", "-:cgi-login/config.json"},
         "cgi-login/config.json", NULL},
        {"the nearest counts", "domains/shop.example/public_html/cgi-bin", '-',
         {"-:domains/", "-:domains/shop.example/", "-:domains/shop.example/public_html/",
          "-:domains/shop.example/public_html/cgi-bin/", "-:cgi-login/", "-:cgi-login/config.json",
          "-:domains/shop.example/cgi-login/", "-:domains/shop.example/cgi-login/config.json"},
         "domains/shop.example/cgi-login/config.json", NULL},
        {"Plesk", "httpdocs/sub/cgi-bin", '-',
         {"-:httpdocs/", "-:httpdocs/sub/", "-:httpdocs/sub/cgi-bin/", "-:cgi-login/", "-:cgi-login/config.json"},
         "cgi-login/config.json", NULL},
        {"a home of root's", "top/web/sub/cgi-bin", '-',
         {"r:top/", "-:top/web/", "-:top/web/sub/", "-:top/web/sub/cgi-bin/", "-:top/cgi-login/",
          "-:top/cgi-login/config.json"},
         "top/cgi-login/config.json", NULL},
        {"a release", "deploy/releases/42/public/cgi-bin", '-',
         {"-:deploy/", "-:deploy/releases/", "-:deploy/releases/42/", "-:deploy/releases/42/public/",
          "-:deploy/releases/42/public/cgi-bin/", "-:cgi-login/", "-:cgi-login/config.json"},
         "cgi-login/config.json", NULL},
        {"deeper than anybody's", "1/2/3/4/5/6/7/8/9/10/11", '-',
         {"-:1/", "-:1/2/", "-:1/2/3/", "-:1/2/3/4/", "-:1/2/3/4/5/", "-:1/2/3/4/5/6/", "-:1/2/3/4/5/6/7/",
          "-:1/2/3/4/5/6/7/8/", "-:1/2/3/4/5/6/7/8/9/", "-:1/2/3/4/5/6/7/8/9/10/", "-:1/2/3/4/5/6/7/8/9/10/11/",
          "-:cgi-login/", "-:cgi-login/config.json"},
         NULL, "there is no config file"},
        {"the home is a link", "cgi-bin", '-',
         {"-:cgi-bin/", "-:elsewhere/", "-:elsewhere/config.json", "-:cgi-login>elsewhere"},
         "elsewhere/config.json", NULL},
        {"without suEXEC", "public_html/cgi-bin", 'w',
         {"-:public_html/", "-:public_html/cgi-bin/", "-:cgi-login/", "-640:cgi-login/config.json"},
         "cgi-login/config.json", NULL},
        {"without suEXEC, and all given to the web server", "public_html/cgi-bin", 'w',
         {"-:public_html/", "-:public_html/cgi-bin/", "w:cgi-login/", "w:cgi-login/config.json"},
         "cgi-login/config.json", NULL},

        /* What others could have put there. */
        {"another customer's home", "customer/cgi-bin", '-',
         {"r:customer/", "-:customer/cgi-bin/", "s:cgi-login/", "s:cgi-login/config.json"},
         NULL, "it or its folder is of user 61002, and the programs are of user 61001"},
        {"another customer's folder above", "stranger/home/www/cgi-bin", '-',
         {"s:stranger/", "s:stranger/home/", "-:stranger/home/www/", "-:stranger/home/www/cgi-bin/", "-:cgi-login/",
          "-:cgi-login/config.json"},
         NULL, "there is no config file"},
        {"a link of another customer's to a file of ours", "customer/cgi-bin", '-',
         {"-:customer/", "-:customer/cgi-bin/", "-:uploads/", "-:uploads/config.json",
          "s:customer/cgi-login>../uploads"},
         NULL, "is of user 61002"},
        {"a file of a stranger's in our folder", "cgi-bin", '-',
         {"-:cgi-bin/", "-:cgi-login/", "s644:cgi-login/config.json"}, NULL, "is of user 61002"},
        {"a web root that the web server's user writes", "public_html/cgi-bin", 'w',
         {"w:public_html/", "-:public_html/cgi-bin/", "w:public_html/cgi-login/",
          "w:public_html/cgi-login/config.json"},
         NULL, "others than the programs' owner can put files into"},
        {"and behind it the right one", "public_html/cgi-bin", 'w',
         {"w:public_html/", "-:public_html/cgi-bin/", "w:public_html/cgi-login/", "w:public_html/cgi-login/config.json",
          "-:cgi-login/", "-640:cgi-login/config.json"}, "cgi-login/config.json", NULL},
        {"a folder for everybody, like /tmp", "open/cgi-bin", '-',
         {"-777:open/", "-:open/cgi-bin/", "-:open/cgi-login/", "-:open/cgi-login/config.json"},
         NULL, "can put files into"},
        {"a folder for a group", "open/cgi-bin", '-',
         {"-775:open/", "-:open/cgi-bin/", "-:open/cgi-login/", "-:open/cgi-login/config.json"},
         NULL, "run: chmod go-w"},
        {"our own folder that others write hides no farther one", "site/cgi-bin", '-',
         {"-:site/", "-:site/cgi-bin/", "-775:site/cgi-login/", "-:site/cgi-login/config.json", "-:cgi-login/",
          "-:cgi-login/config.json"}, NULL, "other users can write its folder (mode 0775); run: chmod 755"},

        /* The file that names the config. */
        {"named whole", "cgi-bin", '-',
         {"-:cgi-bin/", "-:other/", "-:other/config.json", "-:cgi-login/", "-:cgi-login/config.json",
          "-:cgi-bin/.cgi-login-config=\xEF\xBB\xBF../other/config.json"}, "other/config.json", NULL},
        {"named, in another user's folder", "cgi-bin", '-',
         {"-:cgi-bin/", "s:other/", "-:other/login/", "-:other/login/config.json",
          "-:cgi-bin/.cgi-login-config=../other/login/config.json"}, "other/login/config.json", NULL},
        {"named, and given to the web server", "cgi-bin", 'w',
         {"-:cgi-bin/", "w:other/", "w:other/config.json", "-:cgi-bin/.cgi-login-config=../other/config.json"},
         "other/config.json", NULL},
        {"named, and a stranger's in its place", "cgi-bin", '-',
         {"-:cgi-bin/", "-775:other/", "s:other/login/", "s640:other/login/config.json",
          "-:cgi-bin/.cgi-login-config=../other/login/config.json"}, NULL, "is of user 61002"},
        {"named, and one of another site's program in its place", "cgi-bin", 'w',
         {"-:cgi-bin/", "-775:other/", "w:other/login/", "w:other/login/config.json",
          "-:cgi-bin/.cgi-login-config=../other/login/config.json"}, NULL, "is of user 61003"},
        {"named, in a folder that a group can write", "cgi-bin", '-',
         {"-:cgi-bin/", "-775:other/", "-:other/config.json", "-:cgi-bin/.cgi-login-config=../other/config.json"},
         NULL, "other users can write its folder (mode 0775)"},
        {"named by a stranger", "cgi-bin", '-',
         {"-:cgi-bin/", "-:cgi-login/", "-:cgi-login/config.json", "s:cgi-bin/.cgi-login-config=/tmp/config.json"},
         NULL, "is not of the user whose file the program is"},
        {"named by the web server's user, who runs the program", "cgi-bin", 'w',
         {"-777:cgi-bin/", "-:cgi-login/", "-:cgi-login/config.json", "w:cgi-bin/.cgi-login-config=/tmp/config.json"},
         NULL, "is not of the user whose file the program is"},
        {"named in a folder of the web server's user", "cgi-bin", 'w',
         {"w:cgi-bin/", "-:cgi-bin/.cgi-login-config=/tmp/config.json"}, NULL, "lies in a folder of another user"},
        {"named where a group can write", "cgi-bin", '-',
         {"-:cgi-bin/", "-664:cgi-bin/.cgi-login-config=/tmp/config.json"}, NULL, "can be written by other users"},
        {"named in a folder where a group can write", "cgi-bin", '-',
         {"-775:cgi-bin/", "-:cgi-bin/.cgi-login-config=/tmp/config.json"},
         NULL, "lies in a folder that other users can"},
        {"named by a link", "cgi-bin", '-',
         {"-:cgi-bin/", "-:uploaded=/tmp/config.json", "-:cgi-bin/.cgi-login-config>../uploaded"},
         NULL, "is a symbolic link"},
        {"named by a folder", "cgi-bin", '-', {"-:cgi-bin/", "-:cgi-bin/.cgi-login-config/"}, NULL, "it is a folder"},
        {"named by nothing", "cgi-bin", '-', {"-:cgi-bin/", "-:cgi-bin/.cgi-login-config=\n"},
         NULL, "expected one line"},
        {"named by two lines", "cgi-bin", '-',
         {"-:cgi-bin/", "-:cgi-bin/.cgi-login-config=/a/config.json\n/b/config.json\n"}, NULL, "expected one line"},
        {"named by another name", "cgi-bin", '-',
         {"-:cgi-bin/", "-:cgi-bin/.cgi-login-config=/home/you/cgi-login\n"}, NULL, "the path of a config.json"},
        {"named by its last part alone", "cgi-bin", '-',
         {"-:cgi-bin/", "-:cgi-bin/config.json", "-:cgi-bin/.cgi-login-config=config.json"},
         "cgi-bin/config.json", NULL}};
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct folder home;
        bool able = rows[i].user == '-' || geteuid() == 0;
        folder_make(&home);
        assert_int_equal(chmod(home.path, 0755), 0);
        assert_true(geteuid() != 0 || chown(home.path, rows[i].made[0][0] == 'r' ? 0 : user_of('-'), (gid_t)-1) == 0);
        for (size_t j = 0; j < COUNT(rows[i].made) && rows[i].made[j] != NULL; j++)
            able = make_entry(&home, rows[i].made[j]) && able;
        struct program_file program = program_in(folder_path(&home, rows[i].program));
        program.owner = user_of('-');
        program.user = user_of(rows[i].user);
        if (able)
            assert_found(&home, &program, rows[i].found, rows[i].cause, rows[i].what);
        folder_remove(&home);
    }
}

/* A program knows its own folder and whose it is, also by a link to it. */
static void where_a_program_lies(void **state) {
    (void)state;
    struct program_file program, linked;
    assert_true(program_file_self(&program));
    assert_int_equal(program.folder[0], '/');
    assert_int_equal(program.user, geteuid());
    assert_int_equal(symlink("/proc/self/exe", folder_path(&folder, "program")), 0);
    assert_true(program_file_at(folder_path(&folder, "program"), &linked));
    assert_string_equal(linked.folder, program.folder);
    assert_int_equal(linked.owner, program.owner);
    assert_int_equal(linked.user, program.owner);
    assert_false(program_file_at(folder_path(&folder, "none"), &linked));
}

/* Where the log is while the config cannot be read. */
static void the_log_without_a_config(void **state) {
    (void)state;
    static const struct {
        const char *named, *root, *log; /* in the folder; NULL: none */
    } rows[] = {{"private/config.json", "public", "private/error.log"},
                {"private/config.json", NULL, "private/error.log"},
                {"private/none.json", "public", "private/error.log"},
                {"public/config.json", "public", NULL},
                {"public/inside/config.json", "public", NULL},
                {"link/config.json", "public", NULL},
                {"none/config.json", "public", NULL},
                {"private/config.json/x", "public", NULL}};
    struct folder own;
    folder_make(&own);
    folder_subfolder(&own, "private");
    folder_subfolder(&own, "public");
    folder_subfolder(&own, "public/inside");
    assert_int_equal(symlink("public", folder_path(&own, "link")), 0);
    folder_write(&own, "private/config.json", "{", 0600);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char named[PATH_MAX], root[PATH_MAX], expected[PATH_MAX], path[PATH_MAX] = "";
        snprintf(named, sizeof named, "%s/%s", own.path, rows[i].named);
        snprintf(root, sizeof root, "%s/%s", own.path, rows[i].root != NULL ? rows[i].root : "");
        snprintf(expected, sizeof expected, "%s/%s", own.path, rows[i].log != NULL ? rows[i].log : "");
        const bool found = config_find_log(named, rows[i].root != NULL ? root : NULL, path);
        assert_row(found == (rows[i].log != NULL), rows[i].named);
        assert_row(!found || same(path, expected), rows[i].named);
    }
    char path[PATH_MAX];
    assert_false(config_find_log("config.json", NULL, path)); /* a name without a folder */
    folder_remove(&own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_file),       cmocka_unit_test(places_that_cannot_be_looked_at),
        cmocka_unit_test(a_named_file_counts),  cmocka_unit_test(layouts),
        cmocka_unit_test(where_a_program_lies), cmocka_unit_test(the_log_without_a_config)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
