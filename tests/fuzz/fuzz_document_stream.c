/* document_stream.c: whatever is read, it comes to an end; and what a document prints as is read again as the same.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/json.h"
#include "store/document_stream.h"

#include <stdio.h>

static void check_again(const cJSON *document) {
    char *text = json_print(document);
    must(text != NULL);
    FILE *file = fmemopen(text, strlen(text), "r");
    struct document_stream stream = document_stream_new(file);
    cJSON *again;
    must(document_stream_next(&stream, &again) == DOCUMENT_READ);
    must(json_equal(document, again));
    json_free(again);
    must(document_stream_next(&stream, &again) == DOCUMENT_END);
    document_stream_close(&stream);
    fclose(file);
    json_free_text(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    /* It is only read. What fuzz.h makes of the data ends at a NUL, which a file may hold. */
    FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
    struct document_stream stream = document_stream_new(file);
    enum document_result result;
    do {
        cJSON *document;
        result = document_stream_next(&stream, &document);
        must((document != NULL) == (result == DOCUMENT_READ));
        must(result == DOCUMENT_READ || result == DOCUMENT_END || stream.problem != NULL);
        if (document != NULL)
            check_again(document);
        json_free(document);
    } while (result != DOCUMENT_END && result != DOCUMENT_CUT);
    document_stream_close(&stream);
    fclose(file);
    return 0;
}
