/* The least that any C program can do: what starting a process costs by itself.
 * SPDX-License-Identifier: MIT */
int main(void) {
    return 0;
}
