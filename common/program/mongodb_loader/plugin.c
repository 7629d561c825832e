/* SPDX-License-Identifier: MIT */
#include "program/mongodb_loader/mongodb_loader.h"

#include "store/mongodb/store_mongodb.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef __typeof__(&store_mongodb_open) store_opener;

/* Finds a function of the plugin. POSIX lets dlsym's object pointer be one to a function; ISO C does not,
 * hence memcpy. */
static store_opener find_opener(void *plugin, const char *name) {
    void *symbol = dlsym(plugin, name);
    store_opener opener = NULL;
    memcpy(&opener, &symbol, sizeof opener);
    return opener;
}

/* The plugin stays loaded, since libmongoc cannot be unloaded. */
enum error_code mongodb_loader_open(const char *uri, const char *home, const char *ca_folder, struct store **store,
                                    struct error *error) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/lib/store_mongodb.so", home);
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (plugin == NULL)
        return error_set(
            error, ERROR_STORE_UNAVAILABLE,
            "the MongoDB plugin cannot be loaded: %s; `make install` puts it there, and it needs libmongoc", dlerror());
    const char *version = dlsym(plugin, "store_mongodb_version");
    const store_opener opener = find_opener(plugin, "store_mongodb_open");
    if (opener == NULL || version == NULL || strcmp(version, CGI_LOGIN_VERSION) != 0)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "%s is of another version than this program; run `make install` again", path);
    return opener(uri, ca_folder, store, error);
}

/* Nothing else is needed than the plugin, and opening the store has told whether that is there. */
// NOLINTNEXTLINE(readability-non-const-parameter): another of the three writes it
bool mongodb_loader_lacks(const char *home, char *path) {
    (void)home, (void)path;
    return false;
}
