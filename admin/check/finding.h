/* What a look at the site finds: sentences, each with what it is, for whoever shows them. Nothing here prints.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_FINDING_H
#define CGI_LOGIN_FINDING_H

/* FINDING_NOTE: worth knowing, and no fault; FINDING_FIX: the owner has to change something. */
enum finding_kind { FINDING_OK, FINDING_NOTE, FINDING_FIX };

/* Takes a finding, a sentence that may hold text from outside: control characters, and markup. */
typedef void (*finding_take)(void *context, enum finding_kind kind, const char *sentence);

/* Who takes the findings. */
struct finding_taker {
    finding_take take;
    void *context;
};

/* Makes the sentence, and hands it over. */
void finding_tell(const struct finding_taker *taker, enum finding_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
