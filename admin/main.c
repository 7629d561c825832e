/* `cgi-login`, the command-line program: finds the command, reads the options, gives help.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/option.h"
#include "admin/refresh_run.h"

#include "base/process.h"
#include "base/text.h"

#include <getopt.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#define USER_HELP                                                                                                      \
    "USER is PROVIDER:ID, as `cgi-login users list` shows it; with a default provider, ID alone will do.\n"

#define AT(member) offsetof(struct command_line, member)

// clang-format off
static const struct option_row
    config_option = {"config", "FILE", OPTION_TEXT, AT(config), 0,
                     "the config; else $CGI_LOGIN_CONFIG, else config.json beside this program's folder"},
    online = {"online", NULL, OPTION_FLAG, AT(online), 0,
              "also ask whether the providers' hosts answer over TLS, and what time it is"},
    with_token = {"with-token", NULL, OPTION_FLAG, AT(with_token), 0,
                  "print access tokens, in plain text: whoever has one acts as that user"},
    yes = {"yes", NULL, OPTION_FLAG, AT(yes), 0, "do not ask"},
    from_store = {"from", "URI", OPTION_TEXT, AT(from), 0,
                  "the store to read, as `store` in the config names it; or a file that holds the URI, so\n"
                  "that no password stands in the command line"},
    to_store = {"to", "URI", OPTION_TEXT, AT(to), 0, "the store to write, likewise"},
    from_bundle = {"from", "SOURCE", OPTION_TEXT, AT(from), 0,
                   "a bundle of certificates in PEM: an https URL or a file (" CA_BUNDLE_URL ")"},
    within = {"within", "DAYS", OPTION_NUMBER, AT(within_days), REFRESH_WITHIN_DAYS,
              "refresh what ends within so many days"},
    pause = {"pause", "SECONDS", OPTION_NUMBER, AT(pause_seconds), 30,
             "how long to wait when the provider says \"too many calls\""},
    as = {"as", "NAME", OPTION_TEXT, AT(as), 0, "the name in the config and in URLs, where it is to be another"},
    output = {"output", "FILE", OPTION_TEXT, AT(output), 0,
              "the file to write; else session-keys.json beside the config"},
    as_user = {"as", "USER", OPTION_TEXT, AT(as), 0, "a stored user, as PROVIDER:ID, in place of somebody signed out"},
    signed_in = {"signed-in", NULL, OPTION_FLAG, AT(signed_in), 0, "let in everybody who is signed in (the default)"},
    providers = {"providers", "NAMES", OPTION_LIST, AT(providers), 0,
                 "let in accounts of these providers; with one of the next five, of those only whom it names"},
    users = {"users", "IDS", OPTION_LIST, AT(users), 0, "let in these users, as PROVIDER:ID"},
    usernames = {"usernames", "NAMES", OPTION_LIST, AT(usernames), 0, "let in these, as PROVIDER:USERNAME"},
    emails = {"emails", "ADDRESSES", OPTION_LIST, AT(emails), 0, "let in whose verified address is one of these"},
    domains = {"domains", "DOMAINS", OPTION_LIST, AT(domains), 0, "let in whose verified address is of one of these"},
    groups = {"groups", "GROUPS", OPTION_LIST, AT(groups), 0, "let in the members of these, as PROVIDER:GROUP"},
    reauth = {"reauth-minutes", "MINUTES", OPTION_MINUTES, AT(reauth_minutes), 0,
              "who signed in longer ago has to do it once more; 0: nobody has to"},
    open_path = {"public", "PATH", OPTION_LIST, AT(open), 0,
                 "a path below, such as /members/style.css, open to everybody"},
    replace = {"replace", NULL, OPTION_FLAG, AT(replace), 0, "write over the rule that the path has already"},
    dry_run = {"dry-run", NULL, OPTION_FLAG, AT(dry_run), 0, "show what would be written, and change nothing"},
    web_root = {"web-root", "FOLDER", OPTION_TEXT, AT(web_root), 0, "the site's document root, where it is not found"},
    gate_url = {"gate-url", "PATH", OPTION_TEXT, AT(gate_url), 0, "the address of the program, such as /cgi-bin/gate"},
    gate_file = {"gate-file", "FILE", OPTION_TEXT, AT(gate_file), 0, "the program itself, where it is not found"},
    way = {"way", "WAY", OPTION_TEXT, AT(way), 0,
           "authorizer or redirect, in place of the strongest that the host offers"},
    cgi_url = {"cgi-url", "PATH", OPTION_TEXT, AT(cgi_url), 0, "the address of the programs' folder, such as /cgi-bin"},
    cgi_suffix = {"cgi-suffix", "SUFFIX", OPTION_TEXT, AT(cgi_suffix), 0,
                  "how the programs' names end there, such as .cgi; \"\": they have no suffix"},
    exec_cgi = {"exec-cgi", NULL, OPTION_FLAG, AT(exec_cgi), 0,
                "with the lines that let the document root hold programs: Options and AddHandler"},
    example = {"example", "FILE", OPTION_TEXT, AT(example), 0, "the lines; else htaccess.example beside the config"},
    url = {"url", "URL", OPTION_TEXT, AT(url), 0, "the site's address, such as https://www.example.com"},
    provider_name = {"provider", "NAME", OPTION_TEXT, AT(provider), 0,
                     "the provider, as `cgi-login providers` lists it"},
    home = {"home", "FOLDER", OPTION_TEXT, AT(home), 0,
            "where the product and its config shall lie; else ~/cgi-login, or where an install lies"},
    cgi_bin = {"cgi-bin", "FOLDER", OPTION_TEXT, AT(cgi_bin), 0,
               "where the host runs programs, in place of what is found out"},
    json = {"json", NULL, OPTION_FLAG, AT(json), 0, "as JSON"},
    table = {"table", NULL, OPTION_FLAG, AT(table), 0, "as a table in Markdown"},
    help = {"help", NULL, OPTION_FLAG, AT(help), 0, "this list, or after a command what it does"},
    version = {"version", NULL, OPTION_FLAG, AT(version), 0, "the version"};
// clang-format on

static const struct option_row *const everywhere[] = {&help, &version, NULL};

/* A list of options of any length, as `struct command` wants it. */
#define OPTIONS(...) ((const struct option_row *const[]){__VA_ARGS__, NULL})

static const struct command commands[] = {
    {"check", NULL, OPTIONS(&config_option, &online), "says what is right with the setup, and what to change",
     "Reads the config as the CGI programs do, looks at the programs and .htaccess on the disk, asks the site itself\n"
     "through base_url, and prints a line for each thing: `ok`, `FIX` or `note`. The site says as which user its\n"
     "programs run and which config they have found; all its routes are asked for, what the rules of `gate` guard, "
     "and\n"
     "what must not be served. Prints the redirect URI to register with each provider. Exit status 1 if there is\n"
     "anything to fix.\n",
     command_check},
    {"new-site", NULL, OPTIONS(&url, &provider_name, &web_root, &cgi_bin, &cgi_url, &home, &yes, &dry_run),
     "makes a working site of the unpacked archive, or of an install",
     "Asks for the site's address, the provider, and what that gives you: the app's id, and its secret (which is not\n"
     "shown). From a script these are lines on standard input, in that order, without those that options say, and "
     "with\n"
     "--yes. Finds out where the web root is, where the host runs programs, and as whom; copies what lies in the "
     "archive\n"
     "to where it belongs; writes the config, with a key of its own, and the routes into .htaccess; runs `check`; and\n"
     "asks the site itself for a login. Nothing that is there already is written over, so it can be run again. Exit\n"
     "status 1 if the site does not work yet: it says what is missing.\n",
     command_new_site},
    {"new-key", NULL, OPTIONS(NULL), "prints a new key for `keys` in the config",
     "To change keys without signing anybody out, put the new one in front of the others.\n", command_new_key},
    {"new-code", NULL, OPTIONS(NULL), "prints a new code for `setup_code` or `refresh_key` in the config",
     "One opens the owner's page before the first owner has logged in, the other refreshes tokens by a URL: each "
     "wants\n"
     "a code of its own.\n",
     command_new_code},
    {"export-key", NULL, OPTIONS(&config_option, &output),
     "writes the file with which the site's own scripts open the session's cookie",
     "The openers in identity/ (PHP, Python, Perl, Node.js) read it. It holds keys derived for sessions alone: who "
     "has\n"
     "it can open this site's session cookies, and make them for anybody, but opens no token, pending login or "
     "deletion\n"
     "code. Its mode is 0600; a place in a web root is refused. Run it again whenever `keys`, `base_url`, `providers` "
     "or\n"
     "session.recheck_minutes change, and after an upgrade; `cgi-login check` says when it is due.\n",
     command_export_key},
    {"setup", NULL, OPTIONS(&config_option), "makes the store's tables, fetches what issuers publish",
     "Harmless when all is there. The first login does the same where this was not run.\n", command_setup},
    {"refresh", NULL, OPTIONS(&config_option, &within, &pause),
     "refreshes every token that is old enough and near its end: for cron",
     "Tokens that the provider does not take any more are marked, and the profile page asks those users to log in "
     "again.\n"
     "Seals tokens anew that an older key sealed, and removes expired sessions. May run twice at once, and be killed "
     "at\n"
     "any time. Prints one line; exit status 1 if any token could not be refreshed that should have been.\n",
     command_refresh},
    {"token", "USER", OPTIONS(&config_option, &within), "prints a valid token of one user, for the site's own scripts",
     "Refreshes the token first when it is near its end. Whoever has it acts as that user.\n", command_token},
    {"migrate", NULL, OPTIONS(&config_option, &from_store, &to_store),
     "copies users and sessions from one store to another, and compares",
     "The source stays as it is, and the config keeps naming the store that is in use: change `store` afterwards. Can "
     "be\n"
     "run again at any time; what is in the target already is written over. Exit status 1 if anything differs.\n",
     command_migrate},
    {"ca-refresh", NULL, OPTIONS(&config_option, &from_bundle), "refreshes the folder of CA certificates: for cron",
     "Fills the config's `ca_folder`, or ca/ beside the config, with the certificates of a bundle. A folder that is\n"
     "not there is made, and from then on trusted in place of the system's. Each provider's hosts are tried first:\n"
     "where one can no longer be verified, the old folder stays. Sign-ins go on meanwhile. Prints one line; exit\n"
     "status 1 if the folder was not refreshed.\n",
     command_ca_refresh},
    {"users list", NULL, OPTIONS(&config_option), "lists the users, oldest first", "", command_users_list},
    {"users show", "USER", OPTIONS(&config_option, &with_token), "prints what is stored of one user", USER_HELP,
     command_users_show},
    {"users export", NULL, OPTIONS(&config_option, &with_token), "prints all users, one JSON document a line",
     "The documents are in MongoDB's relaxed Extended JSON: mongoimport reads them. Progress goes to standard error\n"
     "when that is a terminal.\n",
     command_users_export},
    {"users import", "FILE", OPTIONS(&config_option), "adds the users of a file: an export, or mongoexport's",
     "FILE has documents of `cgi-login users export`, or of a Passport application's collection as mongoexport writes\n"
     "them, a line each or as a list; - is standard input. Who is there already stays as they are: the command may be\n"
     "stopped, and run again. Plain tokens are sealed. Each document is read back. Exit status 1 if one was not added\n"
     "and its user is not there: it is named, with what is in the way.\n",
     command_users_import},
    {"users merge", "A B", OPTIONS(&config_option, &yes), "makes two users one who are the same person",
     "A and B are PROVIDER:ID, as `cgi-login users list` shows them. A gets the accounts, sessions and other fields "
     "of\n"
     "B; then B is gone, and any of these accounts logs in as A. Says first what will become of both, and asks.\n"
     "Refused where both have an account of the same provider. If it was stopped, run it again: it goes on.\n",
     command_users_merge},
    {"users delete", "USER", OPTIONS(&config_option, &yes), "deletes one user and signs them out everywhere",
     "The user goes with all of their accounts.\n" USER_HELP, command_users_delete},
    {"providers add", "NAME", OPTIONS(&config_option, &as, &yes),
     "walks you through one, and writes it into the config",
     "Says what to register where, and asks for what the provider gives you: where the provider is a server of your "
     "own\n"
     "its address, then the app's id, and its secret (which is not shown) or key. From a script these are lines on "
     "standard\n"
     "input, in that order. The config is checked before it is put in place, keeps its mode and the rest of its text, "
     "and\n"
     "the one before stays beside it as config.json.bak. With --yes a provider of that name is replaced.\n",
     command_providers_add},
    {"providers", NULL, OPTIONS(&config_option, &json),
     "lists the providers that there is a file for, and their hurdles",
     "Each is a file in providers/ beside the config. CHECKED is the day on which it was last compared with what the\n"
     "provider documents. Exit status 1 if a file cannot be used.\n",
     command_providers},
    {"programs", "FOLDER", OPTIONS(&config_option, &dry_run), "makes sure that the programs there find the config",
     "FOLDER is where the CGI programs lie. A host with suEXEC hands no CGI_LOGIN_CONFIG on to them: where they would\n"
     "not find this config by themselves, or would find another, .cgi-login-config is written beside them, with the "
     "way\n"
     "to it. They believe that file only where nobody but their owner can write it. `make install` does this, too.\n",
     command_programs},
    {"gate add", "PATH",
     OPTIONS(&config_option, &signed_in, &providers, &users, &usernames, &emails, &domains, &groups, &reauth,
             &open_path, &replace, &way, &web_root, &gate_url, &gate_file, &dry_run),
     "puts a folder of the site behind the login",
     "PATH is the folder's address, such as /members. Writes the rule into the config and our lines into the folder's\n"
     ".htaccess, in front of what is there; both files are kept as they were, too. Asks the site itself which way the\n"
     "host offers, in a folder of its own that is removed again, and in the end whether PATH is closed: where it is\n"
     "not, everything is put back. Can be run again: a rule that is there stays, unless options say another and\n"
     "--replace is one of them. Lists are separated by commas, or the option is given again.\n",
     command_gate_add},
    {"gate remove", "PATH", OPTIONS(&config_option, &web_root, &yes), "opens a folder that `gate add` has closed",
     "Takes our lines out of the folder's .htaccess, and the rule out of the config. Asks before: everybody can read\n"
     "what lies there afterwards.\n",
     command_gate_remove},
    {"gate test", "PATH", OPTIONS(&config_option, &as_user), "says who gets in at an address behind the gate, and why",
     "PATH is one of the site, such as /members/a.html; a whole URL will do. Says which rule of `gate` decides, and\n"
     "whom that lets in; with --as, what becomes of each account of a user. Exit status: 0 would get in, 1 would not,\n"
     "2 wrong usage or a fault, 3 no such user.\n",
     command_gate_test},
    {"htaccess add", NULL, OPTIONS(&config_option, &web_root, &cgi_url, &cgi_suffix, &exec_cgi, &example, &dry_run),
     "puts the routes into the web root's .htaccess, and asks the site for each",
     "Our lines stand between \"# BEGIN cgi-login\" and \"# END cgi-login\": behind a redirect to https, before what\n"
     "leads every address to another program, such as WordPress, and in no section. Those of an earlier version are\n"
     "replaced. The file as it was is kept in backup/ beside the config. Can be run again, and then writes what is\n"
     "new in our lines. Where the whole site fails with them, or a route that was right before, the file is put\n"
     "back. Exit status 1 if a route does not lead to its program.\n",
     command_htaccess_add},
    {"htaccess remove", NULL, OPTIONS(&config_option, &web_root, &dry_run),
     "takes the routes out of the web root's .htaccess",
     "What is left is what was there before, to the byte. The file as it was is kept in backup/ beside the config.\n",
     command_htaccess_remove},
    {"htaccess show", NULL, OPTIONS(&config_option, &web_root, &cgi_url, &cgi_suffix, &exec_cgi, &example),
     "prints the lines that the web root's .htaccess needs", "Changes nothing.\n", command_htaccess_show},
    {"help config", NULL, OPTIONS(&table, &json), "explains every key of config.json", "", command_help_config},
    {"help provider", NULL, OPTIONS(&table, &json), "explains every key of a provider's file", "",
     command_help_provider}};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_overview(FILE *out) {
    fputs("usage: cgi-login COMMAND [OPTION]...\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-15s %-7s %s\n", commands[i].name, commands[i].argument != NULL ? commands[i].argument : "",
                commands[i].summary);
    putc('\n', out);
    options_print(out, OPTIONS(&config_option));
    options_print(out, everywhere);
    fputs("\nExit status: 0 done, 1 failed or something to fix, 2 wrong usage, 3 no such user.\n", out);
}

static void print_help(const struct command *command) {
    printf("usage: cgi-login %s%s%s [OPTION]...\n\n%c%s.\n%s\n", command->name, command->argument != NULL ? " " : "",
           command->argument != NULL ? command->argument : "", command->summary[0] - 'a' + 'A', command->summary + 1,
           command->help);
    options_print(stdout, command->options);
}

/* Returns how many of the words make up the command's name, or 0 if they do not. */
static int matches(const struct command *command, char *const *words, int count) {
    const char *name = command->name;
    const char *space = strchr(name, ' ');
    if (space == NULL)
        return count > 0 && strcmp(words[0], name) == 0;
    const size_t len = (size_t)(space - name);
    const bool same =
        count > 1 && strlen(words[0]) == len && strncmp(words[0], name, len) == 0 && strcmp(words[1], space + 1) == 0;
    return same ? 2 : 0;
}

static const struct command *find_command(char *const *words, int count, int *taken) {
    for (size_t i = 0; i < COMMANDS; i++)
        if ((*taken = matches(&commands[i], words, count)) != 0)
            return &commands[i];
    return NULL;
}

static enum command_status try_help(void) {
    fputs("Try: cgi-login --help\n", stderr);
    return COMMAND_USAGE;
}

static enum command_status wrong_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

static enum command_status wrong_usage(const char *format, ...) {
    char problem[LOG_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    command_complain("%s", problem);
    return try_help();
}

/* Complains about a word that is no command, or only the first word of some. */
static enum command_status refuse_word(const char *word) {
    struct buffer seconds = BUFFER_EMPTY;
    const size_t len = strlen(word);
    for (size_t i = 0; i < COMMANDS; i++)
        if (strncmp(commands[i].name, word, len) == 0 && commands[i].name[len] == ' ')
            buffer_append_format(&seconds, "%s%s", seconds.len == 0 ? "" : ", ", commands[i].name + len + 1);
    const enum command_status status = seconds.len == 0
                                           ? wrong_usage("there is no such command: %s", word)
                                           : wrong_usage("say after %s one of: %s", word, buffer_text(&seconds));
    buffer_free(&seconds);
    return status;
}

/* What is said to who leaves out an argument. */
static const char *words_for(const char *argument) {
    static const char *const rows[][2] = {{"USER", "which user, as PROVIDER:ID,"},
                                          {"A B", "which two users, as PROVIDER:ID each,"},
                                          {"PATH", "which path of the site, such as /members,"},
                                          {"FILE", "which file, or - for standard input,"},
                                          {"NAME", "which provider, as `cgi-login providers` lists them,"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i][0], argument) == 0)
            return rows[i][1];
    return argument;
}

static int count_arguments(const struct command *command) {
    int count = command->argument != NULL ? 1 : 0;
    for (const char *at = command->argument; at != NULL && *at != '\0'; at++)
        count += *at == ' ' ? 1 : 0;
    return count;
}

static enum command_status run(const struct command *command, const struct options *options, struct command_line *line,
                               char *const *words, int count) {
    const int wanted = count_arguments(command);
    if (!options_apply(options, command->options, line))
        return COMMAND_USAGE;
    if (count < wanted)
        return wrong_usage("say %s after %s", words_for(command->argument), command->name);
    if (count > wanted)
        return wrong_usage("too many arguments, from: %s", words[wanted]);
    line->argument = wanted > 0 ? words[0] : NULL;
    line->second = wanted > 1 ? words[1] : NULL;
    const enum command_status status = command->run(line);
    /* Some C libraries flush each line. When that fails they have nothing left to flush at the end, so the error flag
     * is asked for, too. */
    const bool written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (status != COMMAND_DONE || (written && command_printed_all()))
        return status;
    command_complain(written ? "out of memory: something is missing in the output" : "the output could not be written");
    return COMMAND_FAILED;
}

static enum command_status help_on(const struct command *command) {
    if (command != NULL)
        print_help(command);
    else
        print_overview(stdout);
    return COMMAND_DONE;
}

/* Runs what the words name, once the options are read. */
static enum command_status carry_out(const struct options *options, char *const *words, int count) {
    struct command_line line = {.config = NULL};
    int taken = 0;
    const struct command *command = find_command(words, count, &taken);
    options_apply(options, everywhere, &line);
    if (command == NULL && count > 0 && strcmp(words[0], "help") == 0) {
        line.help = count == 1 || find_command(words + 1, count - 1, &taken) != NULL;
        command = find_command(++words, --count, &taken);
    }
    if (line.version) {
        puts("cgi-login " CGI_LOGIN_VERSION);
        return COMMAND_DONE;
    }
    if (command == NULL && count != 0)
        return refuse_word(words[0]);
    if (line.help)
        return help_on(command);
    if (command == NULL) {
        print_overview(stderr);
        return COMMAND_USAGE;
    }
    const char *stray = options_find_stray(options, command->options, everywhere);
    if (stray != NULL)
        return wrong_usage("--%s does not go with %s", stray, command->name);
    return run(command, options, &line, words + taken, count - taken);
}

int main(int argc, char **argv) {
    struct options options = {.count = 0};
    process_keep_streams();
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); /* no secret in a core file */
    umask(077);
    if (sodium_init() < 0) {
        command_complain("the system gives no random numbers");
        return COMMAND_FAILED;
    }
    for (const struct option_row *const *row = everywhere; *row != NULL; row++)
        options_know(&options, *row);
    for (size_t i = 0; i < COMMANDS; i++)
        for (const struct option_row *const *row = commands[i].options; *row != NULL; row++)
            options_know(&options, *row);
    if (!options_read(&options, argc, argv))
        return try_help();
    return carry_out(&options, argv + optind, argc - optind);
}
