#!/usr/bin/env python3
"""Commands that documents show print what the documents say.

usage: shown_examples.py RINGPROOF DOCUMENT…   run from the top of the tree; what they write goes to a folder of its own

An example is a block of indented lines: `$ build/ringproof …`, a command that may go on behind a backslash, and below it
what it prints on either stream. A line that is only … stands for any number of lines, and within a line for any text;
before the first line anything may come, and after the last. Status 1 when an output is not what a document says.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

INDENT = "    "
PROMPT = INDENT + "$ "
COMMAND = "build/ringproof "


def examples(document):
    """Line number, command and shown output of each."""
    lines = document.read_text().split("\n")
    for number, line in enumerate(lines):
        if not line.startswith(PROMPT + COMMAND):
            continue
        at, command = number, line.removeprefix(PROMPT)
        while command.endswith("\\"):
            at += 1
            command = command[:-1] + lines[at].strip()
        shown = []
        for below in lines[at + 1:]:
            if not below.startswith(INDENT) or below.startswith(PROMPT):
                break
            shown.append(below.removeprefix(INDENT).rstrip())
        yield number + 1, command, shown


def pattern_of(shown):
    """Lines that follow each other, with anything where the document has three dots."""
    lines = [r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n" for line in shown]
    return re.compile("^" + "".join(lines), re.MULTILINE)


def nearest(shown, printed):
    """The first shown line that is not printed at all."""
    for line in shown:
        if line != "…" and not pattern_of([line]).search(printed):
            return line
    return "these lines one after the other"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    ringproof, documents = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    count, problems = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for document in map(pathlib.Path, documents):
            for number, command, shown in examples(document):
                count += 1
                there = command.replace(COMMAND, f"{ringproof} ", 1).replace(" out/", f" {folder}/")
                run = subprocess.run(there, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                printed = "".join(line.rstrip() + "\n" for line in run.stdout.split("\n"))
                if not pattern_of(shown).search(printed):
                    problems.append(f"{document}:{number}: expected {nearest(shown, printed)!r}, got\n{run.stdout}")
    if count == 0:
        problems.append(f"expected examples in {', '.join(documents)}, got none")
    if problems:
        sys.exit("\n".join(problems))
    print(f"{count} examples print what is shown")


if __name__ == "__main__":
    main()
