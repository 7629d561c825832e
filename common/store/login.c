/* SPDX-License-Identifier: MIT */
#include "store/login.h"

#include "base/deadline.h"
#include "store/document_fields.h"

#include <string.h>
#include <time.h>

/* A login takes half a second or more, and each look at the store costs some milliseconds. */
enum { FIRST_PAUSE_MS = 50, LONGEST_PAUSE_MS = 400 };

static void pause_for(int64_t milliseconds) {
    const struct timespec time = deadline_timespec(milliseconds);
    nanosleep(&time, NULL);
}

/* How long the login may still be waited for: never longer than the whole time of one, whatever the clocks say. */
static struct deadline end_of_waiting(const struct login_wait *wait, const struct login *login) {
    const int64_t longest = wait->seconds + LOGIN_OVERDUE_SECONDS;
    const int64_t left = login->claimed + longest - wait->now;
    return deadline_in((left < 0 ? 0 : left < longest ? left : longest) * MILLISECONDS_PER_SECOND);
}

enum error_code login_await(struct store *store, const struct login_wait *wait, struct login *login,
                            struct error *error) {
    enum error_code code = store_login_find(store, wait->session_id, login, error);
    const struct deadline end = end_of_waiting(wait, login);
    int64_t left;
    for (int64_t pause = FIRST_PAUSE_MS;
         code == ERROR_NONE && login->state == LOGIN_RUNNING && (left = deadline_left(end)) != 0;
         pause = pause * 3 / 2 < LONGEST_PAUSE_MS ? pause * 3 / 2 : LONGEST_PAUSE_MS) {
        pause_for(pause < left ? pause : left);
        code = store_login_find(store, wait->session_id, login, error);
    }
    return code;
}

void login_take_outcome(struct login *login, const char *outcome) {
    login->state = strcmp(outcome, LOGIN_OUTCOME_ENDED) == 0 ? LOGIN_ENDED : LOGIN_FAILED;
    login->failure = error_from_word(outcome);
}
