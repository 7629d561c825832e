/* process.c: what was closed of the three standard streams stays useless, and takes no other file's place.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a process of its own: 0, or the number of what is wrong. */
static int look(bool closed) {
    char byte = 0;
    for (int number = 0; closed && number < 3; number++)
        close(number);
    process_keep_streams();
    if (open("/dev/null", O_RDWR) < 3)
        return 1;
    for (int number = 1; closed && number < 3; number++)
        if (write(number, &byte, 1) != -1 || errno != EBADF)
            return 2;
    return closed && (read(0, &byte, 1) != -1 || errno != EBADF) ? 3 : 0;
}

static void streams(void **state) {
    (void)state;
    for (int closed = 0; closed < 2; closed++) {
        int status = -1;
        const pid_t child = fork();
        if (child == 0)
            _exit(look(closed != 0));
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(streams)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
