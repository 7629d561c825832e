/* Runs a fuzz target's seeds as an ordinary test: every file of the folders named on the command line.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <dirent.h>
#include <limits.h>

enum { SEED_MAX = 1 << 20 };

static void run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    must(file != NULL);
    uint8_t *large = malloc(SEED_MAX);
    must(large != NULL);
    const size_t size = fread(large, 1, SEED_MAX, file);
    fclose(file);
    /* A copy of the exact size, so that one byte read too far is seen. */
    uint8_t *data = malloc(size != 0 ? size : 1);
    must(data != NULL);
    memcpy(data, large, size);
    free(large);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

static size_t run_folder(const char *folder) {
    DIR *entries = opendir(folder);
    size_t count = 0;
    if (entries == NULL) {
        perror(folder);
        exit(1);
    }
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char path[PATH_MAX];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        run_file(path);
        count++;
    }
    closedir(entries);
    return count;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const size_t count = run_folder(argv[i]);
        printf("%s: %zu seeds\n", argv[i], count);
        if (count == 0)
            return 1;
    }
    return argc > 1 ? 0 : 1;
}
