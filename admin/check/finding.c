/* SPDX-License-Identifier: MIT */
#include "admin/check/finding.h"

#include "base/bounds.h"

#include <stdarg.h>
#include <stdio.h>

void finding_tell(const struct finding_taker *taker, enum finding_kind kind, const char *format, ...) {
    char sentence[LOG_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    taker->take(taker->context, kind, sentence);
}
