/* A program that has all it needs.
 * SPDX-License-Identifier: MIT */
#include "program/mongodb_loader/twin.h"

void twin_serve_many(void) {
}
