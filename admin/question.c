/* SPDX-License-Identifier: MIT */
#include "admin/question.h"

#include "admin/command.h"
#include "base/text.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* The terminal as it was; `hide` fills it in. */
static struct termios shown;

/* What ends a program, most often typed. */
static const int endings[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
enum { ENDINGS = sizeof endings / sizeof *endings };

/* Ctrl-C at a hidden answer must not leave the shell a terminal that shows nothing: then the signal does its work. */
static void show_and_end(int number) {
    tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    raise(number);
}

/* Has the terminal not show what is typed. False where there is none. */
static bool hide(struct sigaction before[ENDINGS]) {
    const struct sigaction restore = {.sa_handler = show_and_end, .sa_flags = (int)SA_RESETHAND};
    if (tcgetattr(STDIN_FILENO, &shown) != 0)
        return false;
    struct termios quiet = shown;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    for (size_t i = 0; i < ENDINGS; i++)
        sigaction(endings[i], &restore, &before[i]);
    /* What was pasted for this line and the last one together is kept. */
    tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
    return true;
}

static void show(const struct sigaction before[ENDINGS]) {
    tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    for (size_t i = 0; i < ENDINGS; i++)
        sigaction(endings[i], &before[i], NULL);
    fputc('\n', stdout);
}

bool question_read_line(char answer[ANSWER_MAX]) {
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

bool question_ask(const char *question, const char *example, bool hidden, char answer[ANSWER_MAX]) {
    const bool terminal = isatty(STDIN_FILENO) != 0;
    struct sigaction before[ENDINGS];
    /* Before the question: who sees that may type at once. */
    const bool hides = hidden && terminal && hide(before);
    command_print_text(stdout, question);
    if (example != NULL) {
        fputs(", such as ", stdout);
        command_print_text(stdout, example);
    }
    fputs(terminal ? ": " : ":\n", stdout);
    fflush(stdout);
    const bool read = question_read_line(answer);
    if (hides)
        show(before);
    if (read && !text_is_blank(answer))
        return true;
    command_complain("%s: %s; nothing was changed", question,
                     strlen(answer) < ANSWER_MAX - 1 ? "nothing was given" : "the line is too long");
    return false;
}
