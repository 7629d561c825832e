# SPDX-License-Identifier: MIT
"""The figures as tables."""


def cell(value, form):
    return "-" if value is None else form % value


def table(head, rows):
    """Columns as wide as their widest cell; the first to the left, the others to the right."""
    lines = [head] + rows
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        words = [line[0].ljust(widths[0])] + [word.rjust(width) for word, width in zip(line[1:], widths[1:])]
        print("  " + "  ".join(words).rstrip())


def processes(every, figures):
    print("\nBare processes, as Apache starts them (the kernel's work is in the time, not in the instructions)\n")
    rows = []
    for case in every:
        own = figures[case.label]
        rows.append([case.label, "%.2f" % own["ms"], "%.2f" % own["ratio"], "%.2f" % own["fastest_ratio"],
                     cell(case.goal, "%.1f"), "%.0f" % (own["instructions"] / 1000),
                     "%.1f" % own["instruction_ratio"], cell(own["calls"], "%d"), "%.1f" % (own["kib"] / 1024)])
    table(["program", "ms", "ratio", "fastest", "goal", "1000 instr.", "ratio", "calls", "MiB"], rows)


def server(every, figures, clients):
    print("\nUnder Apache (event, mod_cgid)\n")
    rows = []
    for case in every:
        own = figures[case.label]
        rows.append([case.label, "%.2f" % own["ms"], "%.2f" % own["ratio"], cell(own.get("crowd_ms"), "%.2f"),
                     cell(own.get("crowd_ratio"), "%.2f")])
    table(["program", "one by one: ms", "ratio", "%d at once: ms" % clients, "ratio"], rows)


def certificates(figures):
    for label, title in (("with_ca_file", "with ca_file"), ("without_ca_file", "without ca_file")):
        counts = figures["certificates"][label]
        if counts is None:
            print("  Install strace to see which certificates are read.")
            return
        print("  %s: the CA bundle is opened %d times, the hashed folder and its files %d times"
              % (title.capitalize(), counts["bundle"], counts["folder"]))
    if not figures["hashed_folder"]:
        print("  There is no hashed folder of certificates here, so the bundle has to be read.")


def callback(figures):
    print("\nA callback as a bare process, against the stand-in with TLS\n")
    print("  Its own time %.2f ms, %.1f times the trivial program's %.2f ms; processor time %.2f ms."
          % (figures["own_ms"], figures["ratio"], figures["trivial_ms"], figures["processor_ms"]))
    print("  Besides, it waits %.2f ms for the stand-in. %s system calls, %s thousand instructions, %.1f MiB.\n"
          % (figures["waited_ms"], cell(figures["calls"], "%d"), "%.0f" % (figures["instructions"] / 1000),
             figures["kib"] / 1024))
    table(["part", "own ms", "waits ms"],
          [[part["part"], "%.2f" % part["own_ms"], "%.2f" % part["waited_ms"] if part["waited_ms"] > 0.005 else ""]
           for part in figures["parts"]])
    print()
    certificates(figures)
