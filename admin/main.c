/* `cgi-login`, the command-line program: finds the command, reads the options, gives help.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

#include "base/text.h"

#include <getopt.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static const char USER_HELP[] =
    "USER is PROVIDER:ID, as `cgi-login users list` shows it; with a default provider, ID alone will do.\n";

static const struct command commands[] = {
    {"check", NULL, COMMAND_ONLINE, "says what is right with the setup, and what to change",
     "Reads the config as the CGI programs do and prints a line for each thing: `ok`, `FIX` or `note`. Prints the\n"
     "redirect URI to register with each provider. Exit status 1 if there is anything to fix.\n",
     command_check},
    {"new-key", NULL, 0, "prints a new key for `keys` in the config",
     "To change keys without signing anybody out, put the new one in front of the others.\n", command_new_key},
    {"setup", NULL, 0, "makes the store's tables and indexes",
     "Harmless when all is there. The first login does the same where this was not run.\n", command_setup},
    {"refresh", NULL, COMMAND_WITHIN | COMMAND_PAUSE,
     "renews every token that is old enough and near its end: for cron",
     "Tokens that the provider does not take any more are marked, and the profile page asks those users to log in "
     "again.\n"
     "Seals tokens anew that an older key sealed, and removes expired sessions. May run twice at once, and be killed "
     "at\n"
     "any time. Prints one line; exit status 1 if any token could not be renewed that should have been.\n",
     command_refresh},
    {"token", "USER", COMMAND_WITHIN, "prints a valid token of one user, for the site's own scripts",
     "Renews the token first when it is near its end. Whoever has it acts as that user.\n", command_token},
    {"migrate", NULL, COMMAND_FROM | COMMAND_TO, "copies users and sessions from one store to another, and compares",
     "The source stays as it is, and the config keeps naming the store that is in use: change `store` afterwards. Can "
     "be\n"
     "run again at any time; what is in the target already is written over. Exit status 1 if anything differs.\n",
     command_migrate},
    {"ca-refresh", NULL, COMMAND_FROM | COMMAND_BUNDLE, "renews the folder of CA certificates: for cron",
     "Fills the config's `ca_folder`, or ca/ beside the config, with the certificates of a bundle. A folder that is\n"
     "not there is made, and from then on trusted in place of the system's. Each provider's hosts are tried first:\n"
     "where one can no longer be verified, the old folder stays. Sign-ins go on meanwhile. Prints one line; exit\n"
     "status 1 if the folder was not renewed.\n",
     command_ca_refresh},
    {"users list", NULL, 0, "lists the users, oldest first", "", command_users_list},
    {"users show", "USER", COMMAND_WITH_TOKEN, "prints what is stored of one user", USER_HELP, command_users_show},
    {"users export", NULL, COMMAND_WITH_TOKEN, "prints all users, one JSON document a line",
     "The documents are in MongoDB's relaxed Extended JSON: mongoimport reads them. Progress goes to standard error\n"
     "when that is a terminal.\n",
     command_users_export},
    {"users delete", "USER", COMMAND_YES, "deletes one user and signs them out everywhere", USER_HELP,
     command_users_delete}};

enum { DEFAULT_WITHIN_DAYS = 14, DEFAULT_PAUSE_SECONDS = 30 };

enum { COMMANDS = sizeof commands / sizeof *commands };

struct option_help {
    enum command_option option;
    const char *text;
};

static const struct option_help option_helps[] = {
    {COMMAND_ONLINE, "  --online       also ask whether the providers' hosts answer over TLS\n"},
    {COMMAND_WITH_TOKEN, "  --with-token   print access tokens, in plain text: whoever has one acts as that user\n"},
    {COMMAND_YES, "  --yes          do not ask\n"},
    {COMMAND_TO,
     "  --from URI     the store to read, as `store` in the config names it; or a file that holds the URI, so\n"
     "                 that no password stands in the command line\n"
     "  --to URI       the store to write, likewise\n"},
    {COMMAND_BUNDLE, "  --from SOURCE  a bundle of certificates in PEM: an https URL or a file (" CA_BUNDLE_URL ")\n"},
    {COMMAND_WITHIN, "  --within DAYS  renew what ends within so many days (14)\n"},
    {COMMAND_PAUSE, "  --pause SECONDS  how long to wait when the provider says \"too many calls\" (30)\n"}};

static void print_overview(FILE *out) {
    fputs("usage: cgi-login COMMAND [OPTION]...\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-12s %-5s %s\n", commands[i].name, commands[i].argument != NULL ? commands[i].argument : "",
                commands[i].summary);
    fputs("\n  --config FILE  the config; else $CGI_LOGIN_CONFIG, else config.json beside this program's folder\n"
          "  --help         this list, or after a command what it does\n"
          "  --version\n\n"
          "Exit status: 0 done, 1 failed or something to fix, 2 wrong usage, 3 no such user.\n",
          out);
}

static void print_help(const struct command *command) {
    printf("usage: cgi-login %s%s%s [OPTION]...\n\n%c%s.\n%s\n", command->name, command->argument != NULL ? " " : "",
           command->argument != NULL ? command->argument : "", command->summary[0] - 'a' + 'A', command->summary + 1,
           command->help);
    for (size_t i = 0; i < sizeof option_helps / sizeof *option_helps; i++)
        if ((command->options & option_helps[i].option) != 0)
            fputs(option_helps[i].text, stdout);
    fputs("  --config FILE  the config\n", stdout);
}

/* How many of the words make the command's name; 0 if they do not. */
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

enum { HELP = 256, VERSION_OPTION, CONFIG_OPTION, FROM_OPTION, TO_OPTION, WITHIN_OPTION, PAUSE_OPTION };

static const struct option long_options[] = {{"help", no_argument, NULL, HELP},
                                             {"version", no_argument, NULL, VERSION_OPTION},
                                             {"config", required_argument, NULL, CONFIG_OPTION},
                                             {"online", no_argument, NULL, COMMAND_ONLINE},
                                             {"with-token", no_argument, NULL, COMMAND_WITH_TOKEN},
                                             {"yes", no_argument, NULL, COMMAND_YES},
                                             {"from", required_argument, NULL, FROM_OPTION},
                                             {"to", required_argument, NULL, TO_OPTION},
                                             {"within", required_argument, NULL, WITHIN_OPTION},
                                             {"pause", required_argument, NULL, PAUSE_OPTION},
                                             {NULL, 0, NULL, 0}};

static bool read_number(const char *text, int *number) {
    char *end;
    const long value = strtol(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value > 3650) {
        command_complain("%s: expected a whole number from 0 to 3650", text);
        return false;
    }
    *number = (int)value;
    return true;
}

/* Reads all options; what is left of argv from optind on are the words. False if one is unknown (getopt has
 * said so). */
static bool read_options(int argc, char **argv, struct command_line *line, bool *help, bool *version) {
    for (;;) {
        const int option = getopt_long(argc, argv, "h", long_options, NULL);
        switch (option) {
        case -1: return true;
        case '?': return false;
        case 'h':
        case HELP: *help = true; break;
        case VERSION_OPTION: *version = true; break;
        case CONFIG_OPTION: line->config = optarg; break;
        case FROM_OPTION:
            line->from = optarg;
            line->options |= COMMAND_FROM;
            break;
        case TO_OPTION:
            line->to = optarg;
            line->options |= COMMAND_TO;
            break;
        case WITHIN_OPTION:
        case PAUSE_OPTION:
            line->options |= option == WITHIN_OPTION ? COMMAND_WITHIN : COMMAND_PAUSE;
            if (!read_number(optarg, option == WITHIN_OPTION ? &line->within_days : &line->pause_seconds))
                return false;
            break;
        default: line->options |= (unsigned)option;
        }
    }
}

static enum command_status wrong_usage(const char *problem, const char *word) {
    if (word != NULL)
        command_complain("%s: %s", problem, word);
    else
        command_complain("%s", problem);
    fputs("Try: cgi-login --help\n", stderr);
    return COMMAND_USAGE;
}

static enum command_status run(const struct command *command, struct command_line *line, char *const *words,
                               int count) {
    const int wanted = command->argument != NULL;
    if ((line->options & ~command->options) != 0)
        return wrong_usage("this option does not go with", command->name);
    if (count < wanted)
        return wrong_usage("say which user, as PROVIDER:ID, after", command->name);
    if (count > wanted)
        return wrong_usage("too many arguments, from", words[wanted]);
    line->argument = wanted ? words[0] : NULL;
    const enum command_status status = command->run(line);
    /* Some C libraries flush after the first line, and have nothing left to flush when that failed. */
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && status == COMMAND_DONE) {
        command_complain("the output could not be written");
        return COMMAND_FAILED;
    }
    return status;
}

int main(int argc, char **argv) {
    struct command_line line = {.within_days = DEFAULT_WITHIN_DAYS, .pause_seconds = DEFAULT_PAUSE_SECONDS};
    bool help = false, version = false;
    int taken = 0;
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); /* no secret in a core file */
    umask(077);
    if (sodium_init() < 0) {
        command_complain("the system gives no random numbers");
        return COMMAND_FAILED;
    }
    if (!read_options(argc, argv, &line, &help, &version))
        return wrong_usage("unknown option, or one without its value", NULL);
    char *const *words = argv + optind;
    const int count = argc - optind;
    const struct command *command = find_command(words, count, &taken);
    if (version) {
        puts("cgi-login " CGI_LOGIN_VERSION);
        return COMMAND_DONE;
    }
    if (help && (command != NULL || count == 0)) {
        if (command != NULL)
            print_help(command);
        else
            print_overview(stdout);
        return COMMAND_DONE;
    }
    if (command != NULL)
        return run(command, &line, words + taken, count - taken);
    if (count != 0)
        return wrong_usage("there is no such command", words[0]);
    print_overview(stderr);
    return COMMAND_USAGE;
}
