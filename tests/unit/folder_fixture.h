/* One folder for a group of tests: folder.h's, as the group's fixture (make_folder, remove_folder).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TESTS_FOLDER_FIXTURE_H
#define CGI_LOGIN_TESTS_FOLDER_FIXTURE_H

#include "folder.h"

static struct folder folder;

static int make_folder(void **state) {
    (void)state;
    folder_make(&folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    folder_remove(&folder);
    return 0;
}

#endif
