/* A program that has all it needs.
 * SPDX-License-Identifier: MIT */
#include "twin.h"

void twin_serve_many(void) {
}
