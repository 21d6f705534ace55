#!/usr/bin/env python3
# web_files.py DIR: the files that the web servers offer; the same bytes every time, made up here.
import os
import random
import sys

WORDS = "ring frame queue port buffer doorbell fill poll wire clock packet index copy wait".split()
rng = random.Random(2)


def text(size):
    out = []
    length = 0
    while length < size:
        out.append(rng.choice(WORDS))
        length += len(out[-1]) + 1
    return " ".join(out).encode()[:size]


for name, size in {"tiny.txt": 12, "small.html": 700, "page.html": 6000, "medium.txt": 48000}.items():
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        file.write(text(size))
for name, size in {"large.bin": 300000, "huge.bin": 700000}.items():
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        file.write(rng.randbytes(size))
