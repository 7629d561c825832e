/* The text of config.json, changed in one place: what an owner has laid out by hand stays as it is everywhere else.
 * Each function appends the whole new text. `config` is text that json_parse_settings has taken as an object.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONFIG_TEXT_H
#define CGI_LOGIN_CONFIG_TEXT_H

#include "base/buffer.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* Appends a value as a person would indent it, each line but the first behind `margin`. */
void config_text_append_value(struct buffer *out, const cJSON *value, const char *margin);

/* Puts `entry`, JSON text, as providers.NAME, in the place of the one of that name where there is one. False if
 * `providers` is no object. */
bool config_text_put_provider(struct buffer *out, const char *config, const char *name, const char *entry);

/* Puts `entry`, JSON text, into the list `gate`, which is made where there is none: before the rule at `index`, or
 * behind them all. False if `gate` is no list. */
bool config_text_insert_rule(struct buffer *out, const char *config, size_t index, const char *entry);

/* Puts `entry` in the place of the rule at `index`, or takes that out where `entry` is NULL, and `gate` with the last
 * one. False if there is no such rule. */
bool config_text_replace_rule(struct buffer *out, const char *config, size_t index, const char *entry);

#endif
