/* JSON from outside, read strictly with cJSON.
 *
 * cJSON alone would corrupt what we care for: it keeps numbers as doubles (an id of 17841405793187219 comes back as
 * ...220 and two people become one), cuts a string at \u0000, and refuses a whole answer for one lone surrogate. So
 * the text is made safe first: long integers become strings of the same digits, \u0000 and lone surrogates become
 * U+FFFD, malformed UTF-8 too.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_JSON_H
#define CGI_LOGIN_JSON_H

#include "base/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest whole number that cJSON reads and prints to its last digit: it keeps a number as a double, and prints 15
 * digits of it. json_parse makes a longer one a string. */
#define JSON_EXACT_DIGITS 15
#define JSON_EXACT_MAX INT64_C(999999999999999)

enum json_result { JSON_PARSED, JSON_MALFORMED, JSON_NO_MEMORY };

/* Parses one JSON value and nothing after it, at most 64 levels deep and JSON_TEXT_MAX bytes long. On JSON_PARSED
 * *value belongs to the caller (json_free); otherwise it is NULL, and on JSON_MALFORMED *problem (if problem is not
 * NULL) says why in a few words without quoting the text. */
enum json_result json_parse(const char *text, size_t len, cJSON **value, const char **problem);

/* Does the same for a file that a person writes: a long integer stays a number, though a rounded one, so that it can be
 * told as the slip it is. An id without quotes is rounded by other programs that edit the file. */
enum json_result json_parse_settings(const char *text, size_t len, cJSON **value, const char **problem);

/* Does the same for MongoDB's Extended JSON, where a number is no text: a long integer becomes
 * {"$numberLong": "..."}. */
enum json_result json_parse_extended(const char *text, size_t len, cJSON **value, const char **problem);

/* True if an object anywhere in `value` has the same key twice. The key is put into *key if key is not NULL. */
bool json_has_duplicate_key(const cJSON *value, const char **key);

/* The string under `key` of `object`, or NULL if there is none or it is no string. Owned by the object. */
const char *json_string(const cJSON *object, const char *key);

/* The member `key` of `object` (case counts), or NULL. */
cJSON *json_member(const cJSON *object, const char *key);

/* Writes an identifier as text, exact to the last digit: a string as it is, or a whole number. False for anything
 * else, for an empty one, and for one that does not fit into `size` bytes with its NUL. */
bool json_identifier(const cJSON *value, char *text, size_t size);

/* True for a whole number that is exact in JSON, from -JSON_EXACT_MAX to JSON_EXACT_MAX. */
bool json_is_exact(double number);

/* A whole number, also one written as a string of digits. False for anything else, or outside int64_t. */
bool json_integer(const cJSON *value, int64_t *number);

/* A duration in whole seconds, from 1 to `max`: a number, also one written as a string of digits, of which a fraction
 * is dropped. 0 for anything else. */
int64_t json_seconds(const cJSON *value, int64_t max);

/* True if both are the same value; the order of an object's members does not count. */
bool json_equal(const cJSON *a, const cJSON *b);

/* Adds an item, which the object owns from then on, also when adding fails; NULL is a failure too. */
bool json_add(cJSON *object, const char *key, cJSON *item);

/* Does the same for a list. */
bool json_append(cJSON *list, cJSON *item);

/* Puts an item in the place of another one, which is freed, under the same key. That needs no memory, where cJSON's own
 * functions leave a member without a key when it runs out. */
void json_replace(cJSON *parent, cJSON *old, cJSON *item);

/* Moves an item of one list behind those of another. That needs no memory. */
void json_move(cJSON *from, cJSON *item, cJSON *to);

/* Moves a member of an object behind the others. That needs no memory. */
void json_move_last(cJSON *object, cJSON *member);

/* The value as compact JSON text, to be freed with json_free_text; NULL when memory runs out. */
char *json_print(const cJSON *value);

/* Wipes and frees what json_print gave; NULL is fine. */
void json_free_text(char *text);

/* Removes each member, at any depth, of which `is_one` is true; what is removed is wiped. */
void json_remove_members(cJSON *value, bool (*is_one)(const cJSON *member));

/* Frees a value after wiping every string in it; NULL is fine. */
void json_free(cJSON *value);

#endif
