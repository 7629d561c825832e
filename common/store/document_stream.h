/* Documents out of a file that `cgi-login users export` or mongoexport has written: one a line, a list (--jsonArray),
 * or printed over several lines (--pretty). The file may be of any length; one document of it is in memory at a time.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_DOCUMENT_STREAM_H
#define CGI_LOGIN_DOCUMENT_STREAM_H

#include "base/buffer.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdio.h>

struct document_stream {
    FILE *file;
    size_t line;         /* of the next byte */
    struct buffer text;  /* of the document that is being read */
    size_t began;        /* the line in which that begins */
    const char *problem; /* what is wrong with it, in a few words without quoting it */
};

enum document_result {
    DOCUMENT_READ,
    DOCUMENT_END,       /* there are no more */
    DOCUMENT_MALFORMED, /* this is none, or one that no store can keep; the next may be */
    DOCUMENT_CUT,       /* the file ends within it, or cannot be read any further */
    DOCUMENT_NO_MEMORY
};

/* Begins to read the file, which stays the caller's. */
struct document_stream document_stream_new(FILE *file);

/* Reads the next document, which is in the form that documents have here. On DOCUMENT_READ *document is to be freed
 * with json_free; otherwise it is NULL. `began` and `problem` say where and why. */
enum document_result document_stream_next(struct document_stream *stream, cJSON **document);

/* Wipes what is left of a document. */
void document_stream_close(struct document_stream *stream);

#endif
