/* The commands of `cgi-login`, and what they share: the command line, the config, output that is safe for a terminal.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_COMMAND_H
#define CGI_LOGIN_COMMAND_H

#include "config/provider.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What a command's exit status says; `cgi-login --help` lists them. */
enum command_status { COMMAND_DONE = 0, COMMAND_FAILED = 1, COMMAND_USAGE = 2, COMMAND_NOT_FOUND = 3 };

/* Mozilla's, in PEM, made and kept by the curl project. */
#define CA_BUNDLE_URL "https://curl.se/ca/cacert.pem"

enum { OPTION_VALUES_MAX = 32 };

/* An option that may be given more than once: its values, in their order. */
struct option_list {
    const char *values[OPTION_VALUES_MAX];
    size_t count;
};

struct command_line {
    const char *config;    /* --config FILE, or NULL */
    const char *from, *to; /* --from and --to, or NULL */
    const char *as;        /* --as NAME, or NULL */
    const char *output;    /* --output FILE, or NULL */
    int within_days;       /* --within DAYS */
    int pause_seconds;     /* --pause SECONDS */
    bool online;           /* --online */
    bool with_token;       /* --with-token */
    bool yes;              /* --yes */
    bool table;            /* --table */
    bool json;             /* --json */
    /* Of `gate add`: whom the rule lets in, and its other keys; where the site is, and how to guard. */
    struct option_list providers, users, usernames, emails, domains, groups, open;
    bool signed_in, replace, dry_run;
    int reauth_minutes;
    const char *web_root, *gate_url, *gate_file, *way;
    /* Of `htaccess`: where the programs are, and the file that has the lines. */
    const char *cgi_url, *cgi_suffix, *example;
    bool exec_cgi;
    /* Of `new-site`: the site's address, the provider, the product's home, the programs' folder. */
    const char *url, *provider, *home, *cgi_bin;
    bool help, version;   /* --help, --version */
    const char *argument; /* what follows the command's name, or NULL */
    const char *second;   /* what follows that, or NULL */
};

/* bool, const char *, int, struct option_list */
enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER, OPTION_MINUTES, OPTION_LIST };

/* An option: a row says all that the command line, --help and the manual know of it. */
struct option_row {
    const char *name;
    const char *value; /* what --help calls its value; NULL for a flag */
    enum option_type type;
    size_t offset;    /* of its place in struct command_line */
    int fallback;     /* a number's default */
    const char *help; /* each line but the last ends with a newline */
};

struct command {
    const char *name;                        /* one word or two: "users list" */
    const char *argument;                    /* how --help names its arguments; NULL: it takes none */
    const struct option_row *const *options; /* those it takes, besides --help; NULL at the end */
    const char *summary;                     /* a line for the list of commands */
    const char *help;                        /* what `--help` says beyond that */
    enum command_status (*run)(const struct command_line *line);
};

enum command_status command_check(const struct command_line *line);
enum command_status command_new_key(const struct command_line *line);
enum command_status command_new_code(const struct command_line *line);
enum command_status command_export_key(const struct command_line *line);
enum command_status command_setup(const struct command_line *line);
enum command_status command_refresh(const struct command_line *line);
enum command_status command_token(const struct command_line *line);
enum command_status command_migrate(const struct command_line *line);
enum command_status command_ca_refresh(const struct command_line *line);
enum command_status command_users_list(const struct command_line *line);
enum command_status command_users_show(const struct command_line *line);
enum command_status command_users_export(const struct command_line *line);
enum command_status command_users_import(const struct command_line *line);
enum command_status command_users_merge(const struct command_line *line);
enum command_status command_users_delete(const struct command_line *line);
enum command_status command_providers_add(const struct command_line *line);
enum command_status command_providers(const struct command_line *line);
enum command_status command_new_site(const struct command_line *line);
enum command_status command_programs(const struct command_line *line);
enum command_status command_gate_add(const struct command_line *line);
enum command_status command_gate_remove(const struct command_line *line);
enum command_status command_gate_test(const struct command_line *line);
enum command_status command_htaccess_add(const struct command_line *line);
enum command_status command_htaccess_remove(const struct command_line *line);
enum command_status command_htaccess_show(const struct command_line *line);
enum command_status command_help_config(const struct command_line *line);
enum command_status command_help_provider(const struct command_line *line);

/* Prints "cgi-login: " and the message to standard error. */
void command_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the message, however long, and a newline to standard output. */
void command_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Tells of a stored document that cannot be read, and whose it is; NULL: nobody knows. */
void command_complain_unreadable(const char *provider, const char *id);

/* Finds the config file that `line` means, and writes its path. */
enum error_code command_find_config(const struct command_line *line, char path[PATH_MAX], struct error *error);

/* Loads the config; complains about each problem. False if it cannot be used; on true *config is the caller's. */
bool command_load_config(const struct command_line *line, struct config **config);

/* Loads config and store; complains about each problem. False if either cannot be used. *config (config_free) and
 * *store (store_close) are the caller's either way. */
bool command_open(const struct command_line *line, struct config **config, struct store **store);

/* One user, and what was opened to find them. */
struct command_user {
    struct config *config;
    struct store *store;
    char provider[PROVIDER_NAME_MAX + 1];
    const char *id;  /* points into the command line */
    cJSON *document; /* NULL if there is none */
};

/* Opens config and store, and finds the user that `line` names as "PROVIDER:ID" or as an ID of the default provider.
 * Complains unless the status is COMMAND_DONE. *user is the caller's either way (command_user_clear). */
enum command_status command_find_user(const struct command_line *line, struct command_user *user);

/* Finds another user, whom `text` names, in what was opened for one. *user has a document only where there is such a
 * user, which is no failure; it is the caller's either way. */
enum command_status command_find_another(const struct command_user *opened, const char *text,
                                         struct command_user *user);

void command_user_clear(struct command_user *user);

/* Prints the accounts of a user, with their names: "instagram:1784 (@harbour.bakery), github:1 (@octocat)". */
void command_print_accounts(FILE *out, const cJSON *document);

/* Asks the person at the terminal to type yes, unless --yes was given. Anything but COMMAND_DONE is no: `otherwise` has
 * been printed then, or that nobody is at the terminal. */
enum command_status command_confirm(const struct command_line *line, const char *question, const char *otherwise);

/* Loads a provider (provider_free), with what is kept of its issuer, however old; complains about each problem. NULL if
 * it cannot be used. */
struct provider *command_load_provider(const struct config *config, const char *name);

/* The names of the configured providers, NULL at the end; owned by the config. */
void command_list_providers(const struct config *config, const char *names[PROVIDERS_MAX + 1]);

/* Prints text from outside. Characters that could steer a terminal become visible escapes. */
void command_print_text(FILE *out, const char *text);

/* Prints JSON and a newline; control characters and direction overrides become \u escapes. */
enum error_code command_print_json(FILE *out, const cJSON *value, bool indented, struct error *error);

/* False if a text that the functions above were to print is missing, on whichever stream. */
bool command_printed_all(void);

#endif
