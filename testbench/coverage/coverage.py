#!/usr/bin/env python3
"""Coverage of the RTL by the random traffic of the lockstep.

usage: coverage.py --run PROGRAM --out FOLDER [--cycles N] [--renew]   runs it, compares with summary.json
       coverage.py --check                                             summary.json is of the files in rtl/

For each module of rtl/: lines, toggles of single bits, and the COVER states of check.svh. What is not reached is listed
in FOLDER/not-reached.txt; FOLDER/coverage.info is for lcov, and FOLDER/html its pages where lcov is installed. --renew
writes summary.json anew. Status 1 when the summary is not what the tree gives.
"""

import argparse
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
SUMMARY = HERE / "summary.json"
SCHEMA = "ringproof.coverage/1"
KINDS = {"v_line": "lines", "v_branch": "lines", "v_toggle": "toggles", "v_user": "states"}
CYCLES = 2_000_000


def digest():
    """Of everything that the figures depend on in the RTL."""
    sha = hashlib.sha256()
    for path in sorted((TOP / "rtl").glob("*.sv*")):
        sha.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return sha.hexdigest()


def points(path):
    """(kind, file, line, what, count) of each point; the instances of a module are added up."""
    sums = {}
    for line in path.read_text(errors="replace").splitlines():
        found = re.match(r"C '(.*)' (\d+)$", line)
        if not found:
            continue
        keys = dict(part.split("\2", 1) for part in found.group(1).split("\1") if "\2" in part)
        kind = KINDS.get(keys.get("page", "").split("/")[0])
        if kind is None:
            continue
        place = (kind, pathlib.Path(keys["f"]).name, int(keys.get("l", 0)), keys.get("o", ""))
        sums[place] = sums.get(place, 0) + int(found.group(2))
    return [place + (count,) for place, count in sorted(sums.items())]


def summary_of(found, cycles):
    modules = {}
    for kind, file, _, _, count in found:
        reached = modules.setdefault(file, {}).setdefault(kind, [0, 0])
        reached[1] += 1
        reached[0] += count > 0
    return {"schema": SCHEMA, "rtl": digest(), "cycles": cycles, "modules": modules}


def totals(summary):
    sums = {}
    for kinds in summary["modules"].values():
        for kind, (reached, all_of) in kinds.items():
            total = sums.setdefault(kind, [0, 0])
            total[0] += reached
            total[1] += all_of
    return sums


def words(summary):
    parts = []
    for kind, (reached, all_of) in sorted(totals(summary).items()):
        parts.append(f"{kind} {reached:,} of {all_of:,} ({100 * reached / all_of:.1f} %)")
    return f"coverage: {', '.join(parts)} in {summary['cycles']:,} cycles"


def read_summary():
    try:
        summary = json.loads(SUMMARY.read_text())
    except (OSError, ValueError) as error:
        sys.exit(f"{SUMMARY.name}: expected a summary that can be read, got {error}")
    if summary.get("schema") != SCHEMA:
        sys.exit(f"{SUMMARY.name}: expected schema {SCHEMA}, got {summary.get('schema')}")
    return summary


def check():
    summary = read_summary()
    if summary["rtl"] != digest():
        sys.exit(f"{SUMMARY.name}: expected the coverage of the files in rtl/, got that of others; renew it with "
                 "testbench/coverage/coverage.py --renew --run build/coverage/coverage_rtl --out build/coverage")
    present = {path.name for path in (TOP / "rtl").glob("*.sv")}
    strangers = set(summary["modules"]) - present
    if strangers:
        sys.exit(f"{SUMMARY.name}: expected files of rtl/, got {', '.join(sorted(strangers))}")
    print(words(summary))


def save(summary):
    lines = ",\n".join(f'  {json.dumps(file)}: {json.dumps(kinds)}' for file, kinds in summary["modules"].items())
    head = ",\n".join(f" {json.dumps(key)}: {json.dumps(summary[key])}" for key in ("schema", "rtl", "cycles"))
    SUMMARY.write_text("{\n" + head + ',\n "modules": {\n' + lines + "\n }\n}\n")


def pages(data, out):
    """What lcov wants, and its pages."""
    info = out / "coverage.info"
    subprocess.run(["verilator_coverage", "--write-info", str(info), str(data)], check=True, stdout=subprocess.DEVNULL)
    if shutil.which("genhtml") is None:
        print("coverage: no pages: expected lcov to be installed", file=sys.stderr)
        return
    subprocess.run(["genhtml", "--quiet", "--output-directory", str(out / "html"), str(info)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"coverage: pages in {out / 'html' / 'index.html'}", file=sys.stderr)


def run(options):
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    data = out / "coverage.dat"
    ran = subprocess.run([options.run, str(options.cycles), str(data)], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"{options.run}: expected status 0, got {ran.returncode}: {ran.stderr.strip()}")
    print(ran.stdout, end="")
    found = points(data)
    summary = summary_of(found, options.cycles)
    with open(out / "not-reached.txt", "w") as file:
        for kind, name, line, what, count in found:
            if count == 0:
                print(f"{name}:{line}: {kind}: {what}", file=file)
    pages(data, out)
    for name, kinds in sorted(summary["modules"].items()):
        row = ", ".join(f"{kind} {reached} of {all_of}" for kind, (reached, all_of) in sorted(kinds.items()))
        print(f"  {name:24} {row}")
    if options.renew:
        save(summary)
    print(words(summary))
    if options.cycles == CYCLES and summary != read_summary():
        sys.exit(f"{SUMMARY.name}: expected what the tree gives, got something else; --renew writes it")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", metavar="PROGRAM")
    parser.add_argument("--out", metavar="FOLDER", default="coverage")
    parser.add_argument("--cycles", type=int, default=CYCLES)
    parser.add_argument("--renew", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check == bool(options.run):
        parser.error("expected --run PROGRAM or --check")
    if options.check:
        check()
    else:
        run(options)


if __name__ == "__main__":
    main()
