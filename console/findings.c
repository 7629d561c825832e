/* SPDX-License-Identifier: MIT */
#include "console/findings.h"

#include "base/text.h"

#include <string.h>

void findings_begin(struct findings *findings, struct view *view) {
    *findings = (struct findings){.lists = {[FINDING_OK] = view_list(view, "right"),
                                            [FINDING_NOTE] = view_list(view, "notes"),
                                            [FINDING_FIX] = view_list(view, "fixes")}};
}

void findings_take(void *context, enum finding_kind kind, const char *sentence) {
    struct findings *findings = context;
    struct view item = view_item(&findings->lists[kind]);
    struct buffer printable = BUFFER_EMPTY;
    text_append_printable(&printable, sentence, strlen(sentence));
    view_buffer(&item, "sentence", &printable);
    buffer_free(&printable);
    findings->fixes += kind == FINDING_FIX;
}
