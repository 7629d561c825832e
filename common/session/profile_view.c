/* SPDX-License-Identifier: MIT */
#include "session/profile_view.h"

#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "config/profile_field.h"
#include "language/formats.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* From how many characters on a count is too long to stand beside others on a telephone; and how many bytes of the
 * address of a website are shown. */
enum { COUNT_LONG = 10, LINK_TEXT_MAX = 48 };

/* The counts that are shown first. */
static const char *const first_counts[] = {"media", "followed_by", "follows"};

/* What is made of a profile, and the words for it. */
struct maker {
    struct view *view;
    struct words *words;
};

/* Appends a field's name as people read it: "email_verified" and "emailVerified" as "email verified". */
static void append_name(struct buffer *label, const char *name, bool at_start) {
    bool lower = false; /* whether the character before is a small letter */
    for (size_t i = 0; name[i] != '\0'; i++) {
        const unsigned char byte = (unsigned char)name[i];
        const bool joined = lower && isupper(byte) != 0;
        lower = islower(byte) != 0;
        if (joined)
            buffer_append_char(label, ' ');
        if (byte == '_' || byte == '-')
            buffer_append_char(label, ' ');
        else if (i == 0 && at_start)
            buffer_append_char(label, (char)toupper(byte));
        else
            buffer_append_char(label, (char)(joined ? tolower(byte) : byte));
    }
}

/* Adds a label: the word `field.NAME`, where a language has it. */
static void add_label(const struct maker *maker, struct view *item, const char *name) {
    char key[LANGUAGE_KEY_MAX + 1];
    struct buffer label = BUFFER_EMPTY;
    if (snprintf(key, sizeof key, "field.%s", name) >= (int)sizeof key || !words_append(maker->words, key, &label))
        append_name(&label, name, true);
    view_buffer(item, "label", &label);
    buffer_free(&label);
}

/* Adds what is counted: a form of the word `count.NAME`, where a language has it. */
static void add_counted(const struct maker *maker, struct view *item, const char *name, int64_t count) {
    char key[LANGUAGE_KEY_MAX + 1];
    struct buffer label = BUFFER_EMPTY;
    if (snprintf(key, sizeof key, "count.%s", name) >= (int)sizeof key ||
        !format_counted(maker->words, key, count, &label))
        append_name(&label, name, false);
    view_buffer(item, "label", &label);
    buffer_free(&label);
}

static void add_count(const struct maker *maker, struct view *list, const cJSON *value) {
    int64_t count;
    struct buffer text = BUFFER_EMPTY;
    if (!json_integer(value, &count) || count < 0)
        return;
    struct view item = view_item(list);
    format_number(maker->words, count, &text);
    view_buffer(&item, "text", &text);
    add_counted(maker, &item, value->string, count);
    buffer_free(&text);
}

static bool is_first(const char *field) {
    for (size_t i = 0; i < sizeof first_counts / sizeof *first_counts; i++)
        if (strcmp(first_counts[i], field) == 0)
            return true;
    return false;
}

static void add_counts(const struct maker *maker, const cJSON *counts) {
    struct view list = view_list(maker->view, "counts");
    bool is_long = false;
    for (size_t i = 0; i < sizeof first_counts / sizeof *first_counts; i++)
        add_count(maker, &list, json_member(counts, first_counts[i]));
    for (const cJSON *count = cJSON_IsObject(counts) ? counts->child : NULL; count != NULL; count = count->next)
        if (!is_first(count->string))
            add_count(maker, &list, count);
    for (const cJSON *item = list.value != NULL ? list.value->child : NULL; item != NULL; item = item->next) {
        const char *text = json_string(item, "text");
        is_long = is_long || (text != NULL && strlen(text) > COUNT_LONG);
    }
    if (is_long)
        view_bool(maker->view, "counts_long", true);
}

static void add_further(const struct maker *maker, struct view *list, const cJSON *field) {
    struct buffer text = BUFFER_EMPTY;
    if (cJSON_IsBool(field))
        words_append(maker->words, cJSON_IsTrue(field) ? "value.yes" : "value.no", &text);
    else if (cJSON_IsNumber(field))
        buffer_append_format(&text, "%.15g", field->valuedouble);
    else if (cJSON_IsString(field))
        buffer_append_text(&text, field->valuestring);
    if (text.len != 0 || text.failed) {
        struct view item = view_item(list);
        add_label(maker, &item, field->string);
        view_buffer(&item, "text", &text);
    }
    buffer_free(&text);
}

/* Adds the fields for which the page has no place of their own, a line each. */
static void add_all_further(const struct maker *maker, const cJSON *profile) {
    struct view list = view_list(maker->view, "further");
    for (const cJSON *field = profile != NULL ? profile->child : NULL; field != NULL; field = field->next)
        if (profile_field_kind(field->string) == PROFILE_KIND_FURTHER)
            add_further(maker, &list, field);
}

/* Adds the address, and whether the provider knows it to be the person's: nothing where it does not say. */
static void add_email(struct view *view, const cJSON *profile) {
    const char *email = json_string(profile, PROFILE_EMAIL);
    const cJSON *verified = json_member(profile, PROFILE_EMAIL_VERIFIED);
    if (text_is_blank(email))
        return;
    struct view item = view_object(view, "email");
    view_text(&item, "text", email);
    view_bool(&item, "verified", cJSON_IsTrue(verified));
    view_bool(&item, "unverified", cJSON_IsFalse(verified));
}

static void add_groups(struct view *view, const cJSON *groups) {
    struct view list = view_list(view, "groups");
    const cJSON *group = cJSON_IsArray(groups) ? groups->child : NULL;
    for (; group != NULL && cJSON_IsString(group); group = group->next) {
        struct view item = view_item(&list);
        view_text(&item, "text", group->valuestring);
    }
}

/* Adds what the account is called. Where that is the key of a word that no language has, nothing. */
static void add_account_label(const struct maker *maker, const struct provider_outline *outline, const cJSON *profile) {
    static const char prefix[] = "account_type.";
    const char *type = json_string(profile, PROFILE_ACCOUNT_TYPE);
    const char *label = type != NULL ? json_string(outline->account_types, type) : NULL;
    struct buffer text = BUFFER_EMPTY;
    if (label != NULL && !words_append(maker->words, label, &text) && !text_starts_with(label, prefix))
        buffer_append_text(&text, label);
    if (text.len != 0 || text.failed)
        view_buffer(maker->view, "account_label", &text);
    buffer_free(&text);
}

void profile_view_initial(struct view *view, const char *key, const char *name) {
    const char *first = text_first_visible(name);
    char initial[8] = "?";
    const size_t size = first != NULL ? text_character(first, strlen(first)) : 0;
    if (size != 0) {
        memcpy(initial, first, size);
        initial[size] = '\0';
        if (size == 1)
            initial[0] = (char)toupper((unsigned char)initial[0]);
    }
    view_text(view, key, initial);
}

/* Adds the text of a link: what the person wrote from the host to the end of the path, without a slash at its end. A
 * query says little to people, and is often somebody's count of visitors; a path that is long is cut. */
static void add_link_text(struct view *item, const struct url *url) {
    struct buffer text = BUFFER_EMPTY;
    size_t len = url_written_length(url->host);
    const size_t path_end = strcspn(url->host, "?#");
    if (path_end < len)
        len = path_end;
    while (len > url->host_len && url->host[len - 1] == '/')
        len--;
    const size_t shown = len > LINK_TEXT_MAX ? text_cut(url->host, LINK_TEXT_MAX) : len;
    buffer_append(&text, url->host, shown);
    if (shown < len)
        buffer_append_text(&text, "…");
    view_buffer(item, "text", &text);
    buffer_free(&text);
}

/* Only an http or https URL becomes a link; a website of javascript: stays text. */
static void add_website(struct view *view, const char *website) {
    struct buffer link = BUFFER_EMPTY;
    struct url url;
    if (text_is_blank(website))
        return;
    struct view item = view_object(view, "website");
    if (url_append_link(&link, website, &url)) {
        add_link_text(&item, &url);
        view_buffer(&item, "url", &link);
    } else {
        view_text(&item, "text", website);
    }
    buffer_free(&link);
}

/* Adds the bio without the line breaks at its end, which the page would show as empty lines. */
static void add_bio(struct view *view, const char *bio) {
    struct buffer text = BUFFER_EMPTY;
    size_t len = bio != NULL ? strlen(bio) : 0;
    while (len != 0 && strchr(" \r\n\t", bio[len - 1]) != NULL)
        len--;
    buffer_append(&text, bio, len);
    if (len != 0)
        view_buffer(view, "bio", &text);
    buffer_free(&text);
}

void profile_picture(struct buffer *link, const cJSON *profile) {
    const char *text = json_string(profile, PROFILE_PICTURE);
    struct url url;
    if (url_parse_origin(text, &url) && (url.https || url_is_loopback(&url)))
        url_append_link(link, text, &url);
}

static void add_picture(struct view *view, const cJSON *profile) {
    struct buffer picture = BUFFER_EMPTY;
    profile_picture(&picture, profile);
    if (picture.len != 0 || picture.failed)
        view_buffer(view, "picture", &picture);
    buffer_free(&picture);
}

const char *profile_display_name(const cJSON *profile) {
    static const char *const fields[] = {PROFILE_FULL_NAME, PROFILE_USERNAME, PROFILE_ID};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *name = json_string(profile, fields[i]);
        if (!text_is_blank(name))
            return name;
    }
    return "?";
}

void profile_view(struct view *view, const cJSON *profile, const struct provider_outline *outline,
                  struct words *words) {
    const struct maker maker = {.view = view, .words = words};
    const char *username = json_string(profile, PROFILE_USERNAME);
    const char *name = profile_display_name(profile);
    view_text(view, "display_name", name);
    view_text(view, "provider_title", outline->title);
    profile_view_initial(view, "initial", name);
    if (!text_is_blank(username))
        view_text(view, "username", username);
    add_picture(view, profile);
    add_account_label(&maker, outline, profile);
    add_bio(view, json_string(profile, PROFILE_BIO));
    add_website(view, json_string(profile, PROFILE_WEBSITE));
    add_email(view, profile);
    add_groups(view, json_member(profile, PROFILE_GROUPS));
    add_all_further(&maker, profile);
    add_counts(&maker, json_member(profile, PROFILE_COUNTS));
    view_bool(view, "reconnect", cJSON_IsTrue(json_member(profile, PROFILE_RECONNECT)));
}
