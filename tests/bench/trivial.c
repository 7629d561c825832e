/* What every program is compared with: the least that a dynamically linked C program can do as a CGI program.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>

int main(void) {
    fputs("Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n", stdout);
    return 0;
}
