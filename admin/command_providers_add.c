/* `cgi-login providers add`: walks an owner through registering an app with a provider, and writes the config.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/config_edit.h"
#include "admin/config_text.h"
#include "admin/preset.h"

#include "base/json.h"
#include "base/text.h"
#include "base/view.h"
#include "config/routes.h"

#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { ANSWER_MAX = 4096 };

struct addition {
    const struct command_line *line;
    const char *name;   /* of the provider in the config */
    const char *preset; /* of its file */
    struct config_edit edit;
    bool terminal;
};

/* What the owner is told. */

/* Appends a step with what is the owner's own in the place of its names. */
static void append_step(struct buffer *out, const struct addition *addition, const char *step) {
    const char *base = json_string(addition->edit.document, "base_url");
    struct buffer callback = BUFFER_EMPTY;
    buffer_append_text(&callback, base);
    route_append(&callback, ROUTE_CALLBACK, addition->name);
    const struct {
        const char *name, *value;
    } names[] = {{"{callback_url}", buffer_text(&callback)}, {"{base_url}", base}, {"{name}", addition->name}};
    while (*step != '\0') {
        size_t i = 0;
        while (i < 3 && !text_starts_with(step, names[i].name))
            i++;
        if (i < 3)
            buffer_append_text(out, names[i].value);
        else
            buffer_append_char(out, *step);
        step += i < 3 ? strlen(names[i].name) : 1;
    }
    out->failed = out->failed || callback.failed;
    buffer_free(&callback);
}

static void print_texts(const struct addition *addition, const cJSON *list, bool numbered) {
    int number = 1;
    for (const cJSON *text = list != NULL ? list->child : NULL; text != NULL; text = text->next) {
        struct buffer shown = BUFFER_EMPTY;
        append_step(&shown, addition, text->valuestring);
        if (numbered)
            printf("  %d. ", number++);
        else
            fputs("  - ", stdout);
        command_print_text(stdout, buffer_text(&shown));
        fputc('\n', stdout);
        buffer_free(&shown);
    }
}

static void print_guide(const struct addition *addition, const struct provider *provider) {
    struct buffer uri = BUFFER_EMPTY;
    command_print_text(stdout, provider->title);
    fputc('\n', stdout);
    if (provider->hurdles != NULL)
        puts("\nWhat stands in the way:");
    print_texts(addition, provider->hurdles, false);
    if (provider->register_url != NULL)
        printf("\nRegister an app at %s:\n", provider->register_url);
    else if (provider->register_steps != NULL)
        puts("\nRegister an app at your server:");
    print_texts(addition, provider->register_steps, true);
    append_step(&uri, addition, "{callback_url}");
    fputs("\nRedirect URI, to the letter:\n\n    ", stdout);
    command_print_text(stdout, buffer_text(&uri));
    fputs("\n\n", stdout);
    buffer_free(&uri);
}

/* What the owner answers. */

/* The terminal as it was; `hide` fills it in. */
static struct termios shown;

/* Ctrl-C at a hidden answer must not leave the shell a terminal that shows nothing: then the signal does its work. */
static void show_and_end(int number) {
    tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    raise(number);
}

/* Has the terminal not show what is typed. False where there is none. */
static bool hide(struct sigaction *before) {
    const struct sigaction restore = {.sa_handler = show_and_end, .sa_flags = (int)SA_RESETHAND};
    if (tcgetattr(STDIN_FILENO, &shown) != 0)
        return false;
    struct termios quiet = shown;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    sigaction(SIGINT, &restore, before);
    /* What was pasted for this line and the last one together is kept. */
    tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
    return true;
}

static void show(const struct sigaction *before) {
    tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    sigaction(SIGINT, before, NULL);
    fputc('\n', stdout);
}

/* Reads a line into `answer`, without its end and the blanks around it, which a paste brings. False at the end of the
 * input, and for a line that is too long. */
static bool read_line(char answer[ANSWER_MAX]) {
    static const char blanks[] = " \t\r\n";
    if (fgets(answer, ANSWER_MAX, stdin) == NULL || strlen(answer) == ANSWER_MAX - 1)
        return false;
    const size_t start = strspn(answer, blanks);
    size_t end = strlen(answer);
    while (end > start && strchr(blanks, answer[end - 1]) != NULL)
        end--;
    memmove(answer, answer + start, end - start);
    answer[end - start] = '\0';
    return true;
}

/* Asks one question; with `hidden` a terminal does not show the answer. False, having complained, if there is none. */
static bool ask(const struct addition *addition, const char *question, const char *example, bool hidden,
                char answer[ANSWER_MAX]) {
    struct sigaction before;
    /* Before the question: who sees that may type at once. */
    const bool hides = hidden && hide(&before);
    command_print_text(stdout, question);
    if (example != NULL) {
        fputs(", such as ", stdout);
        command_print_text(stdout, example);
    }
    fputs(addition->terminal ? ": " : ":\n", stdout);
    fflush(stdout);
    const bool read = read_line(answer);
    if (hides)
        show(&before);
    if (read && !text_is_blank(answer))
        return true;
    command_complain("%s: %s; nothing was changed", question,
                     strlen(answer) < ANSWER_MAX - 1 ? "nothing was given" : "the line is too long");
    return false;
}

static bool ask_into(const struct addition *addition, const char *question, const char *example, bool hidden,
                     struct view *entry, const char *key) {
    char answer[ANSWER_MAX] = "";
    const bool answered = ask(addition, question, example, hidden, answer);
    if (answered)
        view_text(entry, key, answer);
    sodium_memzero(answer, sizeof answer);
    return answered;
}

static bool ask_key(const struct addition *addition, struct view *entry) {
    struct view key = view_object(entry, "client_key");
    return ask_into(addition, "The key's file", "/home/you/cgi-login/AuthKey_ABC123DEFG.p8", false, &key, "file") &&
           ask_into(addition, "The key's id", "ABC123DEFG", false, &key, "id") &&
           ask_into(addition, "Who signs: the id of your team", "DEF123GHIJ", false, &key, "issuer");
}

static bool ask_all(const struct addition *addition, const struct preset *preset, struct view *entry) {
    const struct provider *provider = preset->provider;
    const bool instance = text_equal(preset->address_key, PRESET_INSTANCE);
    if (strcmp(addition->name, addition->preset) != 0)
        view_text(entry, "preset", addition->preset);
    return (preset->address_key == NULL || ask_into(addition, instance ? "The server's address" : "The issuer",
                                                    provider->address, false, entry, preset->address_key)) &&
           ask_into(addition, provider->id_name, NULL, false, entry, "client_id") &&
           (!preset->wants_secret ||
            ask_into(addition, provider->secret_name, NULL, addition->terminal, entry, "client_secret")) &&
           (!preset->wants_key || ask_key(addition, entry));
}

/* True unless the config has the provider already and the owner keeps that. */
static bool may_write(const struct addition *addition) {
    char answer[ANSWER_MAX];
    if (addition->line->yes || json_member(json_member(addition->edit.document, "providers"), addition->name) == NULL)
        return true;
    if (!addition->terminal) {
        command_complain("the config has a provider %s already: add --yes to replace it, or --as with another name",
                         addition->name);
        return false;
    }
    printf("The config has a provider %s already. Type yes to replace it: ", addition->name);
    fflush(stdout);
    if (read_line(answer) && strcmp(answer, "yes") == 0)
        return true;
    puts("Nothing was changed.");
    return false;
}

/* The config. */

/* Reads the new config as the programs will; what is wrong elsewhere in it, and was before, is let be. */
static bool is_right(void *context, const char *path) {
    const struct addition *addition = context;
    struct problems problems = {.count = 0};
    struct config *config = NULL;
    struct provider *provider = NULL;
    struct error error;
    config_load(path, NULL, CONFIG_FOR_CHECK, &config, &problems, &error);
    problems_clear(&problems);
    const bool right = config != NULL && config->base_url != NULL &&
                       provider_load(config, addition->name, &provider, &problems, &error) == ERROR_NONE;
    for (size_t i = 0; i < problems.count; i++)
        command_complain("%s", problems.lines[i]);
    if (!right)
        command_complain("nothing was changed");
    problems_clear(&problems);
    provider_free(provider);
    config_free(config);
    return right;
}

/* Appends the entry as a person would write it there. cJSON indents with tabs, which stand nowhere else in its text. */
static void append_entry(struct buffer *out, const cJSON *entry) {
    char *text = cJSON_Print(entry);
    out->failed = out->failed || text == NULL;
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (*at == '\t')
            buffer_append_text(out, at[-1] == ':' ? " " : "  ");
        else
            buffer_append_char(out, *at);
        if (*at == '\n')
            buffer_append_text(out, "    ");
    }
    json_free_text(text);
}

static bool write_entry(struct addition *addition, const struct view *entry) {
    struct buffer text = BUFFER_EMPTY, written = BUFFER_EMPTY;
    struct error error;
    const cJSON *json = view_json(entry);
    if (json != NULL)
        append_entry(&written, json);
    bool done =
        json != NULL && !written.failed &&
        config_text_put_provider(&text, buffer_text(&addition->edit.text), addition->name, buffer_text(&written)) &&
        !text.failed;
    if (done) {
        done = config_edit_replace(&addition->edit, &text, is_right, addition);
    } else {
        error_out_of_memory(&error);
        command_complain("%s", error.cause);
    }
    if (done)
        printf("%s has the provider %s now; the file as it was is %s.\nNext: cgi-login check\n", addition->edit.path,
               addition->name, addition->edit.backup);
    buffer_free(&written);
    buffer_free(&text);
    return done;
}

/* Loads the preset; complains if that cannot be used, or is not there. */
static bool load_preset(const struct addition *addition, struct preset *preset) {
    struct problems problems = {.count = 0};
    struct error error = {.cause = ""};
    const enum error_code code = preset_load(addition->edit.home, addition->preset, preset, &problems, &error);
    for (size_t i = 0; i < problems.count; i++)
        command_complain("%s", problems.lines[i]);
    if (code != ERROR_NONE && problems.count == 0)
        command_complain("%s", error.cause);
    problems_clear(&problems);
    return code == ERROR_NONE;
}

static bool add(struct addition *addition) {
    struct preset preset = {.provider = NULL};
    struct view entry = view_new();
    bool done = load_preset(addition, &preset) && config_edit_read(&addition->edit);
    if (done) {
        print_guide(addition, preset.provider);
        done = may_write(addition) && ask_all(addition, &preset, &entry) && write_entry(addition, &entry);
    }
    view_free(&entry);
    preset_clear(&preset);
    return done;
}

enum command_status command_providers_add(const struct command_line *line) {
    struct addition addition = {.line = line,
                                .name = line->as != NULL ? line->as : line->argument,
                                .preset = line->argument,
                                .terminal = isatty(STDIN_FILENO) != 0};
    if (!provider_name_is_valid(addition.name) || !provider_name_is_valid(addition.preset)) {
        command_complain("%s: expected a name of a-z, 0-9, - and _, as `cgi-login providers` lists it",
                         provider_name_is_valid(addition.name) ? addition.preset : addition.name);
        return COMMAND_USAGE;
    }
    const bool done = config_edit_find(line, &addition.edit) && add(&addition);
    config_edit_clear(&addition.edit);
    return done ? COMMAND_DONE : COMMAND_FAILED;
}
