/* SPDX-License-Identifier: MIT */
#include "program/visitor.h"

#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"

#include <string.h>

const char *visitor_variable(enum visitor_value value) {
    static const char *const names[VISITOR_VALUES] = {
        [VISITOR_USER] = "REMOTE_USER",       [VISITOR_PROVIDER] = "CGI_LOGIN_PROVIDER",
        [VISITOR_ID] = "CGI_LOGIN_ID",        [VISITOR_USERNAME] = "CGI_LOGIN_USERNAME",
        [VISITOR_NAME] = "CGI_LOGIN_NAME",    [VISITOR_EMAIL] = "CGI_LOGIN_EMAIL",
        [VISITOR_GROUPS] = "CGI_LOGIN_GROUPS"};
    return names[value];
}

/* True for a text that names somebody or something wherever it is read: an HTTP header would lose the blanks around it,
 * and a control character would be lost or begin another header. */
static bool can_be_told(const char *text) {
    return text != NULL && *text != '\0' && strlen(text) <= VISITOR_VALUE_MAX && *text != ' ' &&
           text[strlen(text) - 1] != ' ' && text_is_printable(text);
}

static void append_if_told(struct buffer *out, const char *text) {
    if (can_be_told(text))
        buffer_append_text(out, text);
}

/* The id, or NULL: nobody may get a part of it for the whole. */
static const char *find_id(const struct session *session) {
    const char *id = json_string(session->profile, PROFILE_ID);
    return can_be_told(id) && strlen(id) <= PROVIDER_ID_MAX ? id : NULL;
}

static void append_user(struct buffer *out, const struct session *session) {
    const char *id = find_id(session);
    if (id != NULL)
        buffer_append_format(out, "%s:%s", session->provider, id);
}

/* A username that was cut is somebody else's, or nobody's. */
static void append_username(struct buffer *out, const cJSON *profile) {
    const char *username = json_string(profile, PROFILE_USERNAME);
    if (username != NULL && !session_text_is_cut(username))
        append_if_told(out, username);
}

/* The name people know, on one line: what cannot be shown becomes one blank between two words. */
static void append_name(struct buffer *out, const cJSON *profile) {
    const char *name = json_string(profile, PROFILE_FULL_NAME);
    const size_t begin = out->len, end = name != NULL ? text_cut(name, VISITOR_VALUE_MAX) : 0;
    bool shown = true;
    for (size_t at = 0, size; at < end; at += size != 0 ? size : 1) {
        const bool between = !shown && out->len != begin;
        size = text_character(name + at, end - at);
        shown = name[at] != ' ' && text_character_is_printable(name + at, size);
        if (shown && between)
            buffer_append_char(out, ' ');
        if (shown)
            buffer_append(out, name + at, size);
    }
}

static void append_email(struct buffer *out, const cJSON *profile) {
    const char *email = json_string(profile, PROFILE_EMAIL);
    if (cJSON_IsTrue(json_member(profile, PROFILE_EMAIL_VERIFIED)) && email != NULL && profile_email_is_usable(email))
        append_if_told(out, email);
}

/* Appends a group so that no two look alike. */
static void append_group(struct buffer *out, const char *group) {
    const size_t len = strlen(group);
    for (size_t at = 0; at < len;) {
        const size_t size = text_character(group + at, len - at);
        const bool outer_blank = group[at] == ' ' && (at == 0 || at == len - 1);
        if (group[at] != ',' && group[at] != '%' && !outer_blank && text_character_is_printable(group + at, size)) {
            buffer_append(out, group + at, size);
            at += size;
            continue;
        }
        for (const size_t end = at + (size != 0 ? size : 1); at < end; at++)
            buffer_append_format(out, "%%%02X", (unsigned char)group[at]);
    }
}

/* Appends as many groups as there is room for, each of them whole. */
static void append_groups(struct buffer *out, const cJSON *profile) {
    const cJSON *groups = json_member(profile, PROFILE_GROUPS);
    struct buffer list = {.limit = VISITOR_VALUE_MAX};
    for (const cJSON *group = cJSON_IsArray(groups) ? groups->child : NULL; group != NULL && cJSON_IsString(group);
         group = group->next) {
        const size_t whole = list.len;
        if (*group->valuestring == '\0')
            continue;
        if (whole != 0)
            buffer_append_char(&list, ',');
        append_group(&list, group->valuestring);
        if (list.failed) {
            buffer_cut(&list, whole);
            break;
        }
    }
    buffer_append_text(out, buffer_text(&list));
    out->failed = out->failed || (list.failed && !list.too_large);
    buffer_free(&list);
}

void visitor_append(struct buffer *out, const struct session *session, enum visitor_value value) {
    switch (value) {
    case VISITOR_USER: append_user(out, session); break;
    case VISITOR_PROVIDER: buffer_append_text(out, session->provider); break;
    case VISITOR_ID: append_if_told(out, find_id(session)); break;
    case VISITOR_USERNAME: append_username(out, session->profile); break;
    case VISITOR_NAME: append_name(out, session->profile); break;
    case VISITOR_EMAIL: append_email(out, session->profile); break;
    case VISITOR_GROUPS: append_groups(out, session->profile); break;
    case VISITOR_VALUES: break;
    }
}
