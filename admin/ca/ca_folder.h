/* A folder of CA certificates by their hashes: what lies in one, and putting a new one into its place in one step.
 *
 * The new folder is made beside the old one, as FOLDER.refresh-new, and takes its place only when all of it is on the
 * disk. FOLDER.refresh-lock, there while a run lasts, keeps a second run out.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CA_FOLDER_H
#define CGI_LOGIN_CA_FOLDER_H

#include "admin/ca/ca_bundle.h"

#include <limits.h>
#include <time.h>

struct ca_folder_contents {
    bool exists;
    size_t files;
    time_t newest; /* when the youngest file was written; 0: there is none */
};

/* Looks at what is in the folder; a folder that is not there is fine. ERROR_CONFIG if the folder cannot be read, or
 * holds anything but regular files with the name of a certificate: ca-refresh may not replace such a folder. */
enum error_code ca_folder_look(const char *path, struct ca_folder_contents *contents, struct error *error);

struct ca_folder {
    char path[PATH_MAX]; /* without symbolic links */
    char made[PATH_MAX]; /* the new one */
    char aside[PATH_MAX];
    char lock_path[PATH_MAX];
    int lock;
    size_t files; /* of the old one */
    bool exists;  /* the old one */
};

/* Takes the folder at `path`, or the place for a new one, for this run, and removes what an interrupted run left.
 * ERROR_CONFIG if the folder may not be replaced or cannot be written, or another run is at work. `folder` must be
 * given back (ca_folder_release) whatever this function returns. */
enum error_code ca_folder_take(struct ca_folder *folder, const char *path, struct error *error);

/* Makes the new folder at folder->made. */
enum error_code ca_folder_make(struct ca_folder *folder, const struct ca_bundle *bundle, struct error *error);

/* How many certificates of the bundle are in the old folder. */
size_t ca_folder_count_common(const struct ca_folder *folder, const struct ca_bundle *bundle);

/* Puts the new folder into the place of the old one. On failure the old one is there as it was. */
enum error_code ca_folder_swap(struct ca_folder *folder, struct error *error);

/* Removes the folder that is not in use, and lets the next run in. False, with errno set, if something of it could
 * not be removed. */
bool ca_folder_release(struct ca_folder *folder);

#endif
