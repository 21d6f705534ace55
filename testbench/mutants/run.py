#!/usr/bin/env python3
"""Applies small, wrong edits to the model, one by one, and says which the tests notice.

usage: run.py --check            every edit of the list fits the tree exactly once
       run.py [NAME…] [-j N]     tries all edits, or those named, in build-mutants/; status 1 when one survives

The list is mutants.json. An edit names the file, the text it replaces, and what goes wrong then; "killers" names
a set of tests below, "platform" without it. A mutant is killed by the first test that fails.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
SCRATCH = TOP / "build-mutants"
TREE = SCRATCH / "tree"
BUILD = SCRATCH / "build"
TEST_SECONDS = 300

PLATFORM = [["tests/model_xdp_test"], ["tests/model_driver_test"], ["tests/conformance"]]
EXPLORE = ["ringproof", "explore", str(TREE / "traces/udp-echo.pcapng"), "--frames", "1-20", "--pace", "500000pps"]


def explored(application, *options):
    """A campaign that finds nothing as long as the model is right."""
    return EXPLORE + ["--app", f"tests/apps/{application}_right.so", *options]


KILLERS = {
    "platform": PLATFORM,
    "nic": [["tests/model_nic_core_test"], ["tests/model_nic_port_test"]],
    "order": [explored("relaxed_publish", "--memory", "release-acquire", "--schedules", "200")] + PLATFORM,
    "lost-poke": PLATFORM
    + [
        explored("no_fence", "--memory", "tso", "--schedules", "4000"),
        explored("asks_first", "--strategy", "pct", "--schedules", "4000"),
        explored("never_drains", "--strategy", "pct", "--schedules", "4000"),
    ],
    "turns": [["ringproof", "explore", str(TREE / "testbench/scenarios/smoke/senders_take_turns.scenario.json")]],
}


def read_list():
    mutants = json.loads((HERE / "mutants.json").read_text())["mutants"]
    problems = []
    for mutant in mutants:
        count = (TOP / mutant["file"]).read_text().count(mutant["from"])
        if count != 1:
            problems.append(f"{mutant['name']}: expected its text once in {mutant['file']}, got it {count} times")
        if mutant.get("killers", "platform") not in KILLERS:
            problems.append(f"{mutant['name']}: expected one of {', '.join(KILLERS)}, got {mutant['killers']}")
    names = [mutant["name"] for mutant in mutants]
    problems += [f"{name}: expected one mutant of this name" for name in set(names) if names.count(name) > 1]
    if problems:
        sys.exit("\n".join(problems))
    return mutants


def copy_tree():
    files = subprocess.run(["git", "ls-files"], cwd=TOP, check=True, capture_output=True, text=True).stdout.split("\n")
    for name in filter(None, files):
        source, target = TOP / name, TREE / name
        if target.exists() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def configure():
    command = ["cmake", "-S", TREE, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def targets_of(tests):
    names = {pathlib.Path(test[0]).name for test in tests}
    return sorted(names | ({"applications", "seeded_applications"} if "ringproof" in names else set()))


def build(tests, jobs):
    command = ["cmake", "--build", BUILD, "-j", str(jobs), "--target", *targets_of(tests)]
    return subprocess.run(command, capture_output=True, text=True)


def first_failure(tests):
    """The test that fails, in words; None if all pass."""
    for test in tests:
        name = " ".join(pathlib.Path(word).name for word in test[:2])
        command = [str(BUILD / test[0]), *test[1:]]
        if test[0].startswith("tests/"):
            command.append("--gtest_fail_fast")
        try:
            run = subprocess.run(command, cwd=BUILD, capture_output=True, text=True, timeout=TEST_SECONDS)
        except subprocess.TimeoutExpired:
            return f"{name}: does not end"
        if run.returncode == 2 and test[0] == "ringproof":
            sys.exit(f"{name}: {run.stderr.strip()}")
        if run.returncode != 0:
            failed = [line for line in run.stdout.split("\n") if line.startswith("[  FAILED  ]")]
            return f"{name}: {failed[0][13:] if failed else (run.stderr.strip().split(chr(10)) or [''])[-1][:120]}"
    return None


def try_mutant(mutant, jobs):
    tests = KILLERS[mutant.get("killers", "platform")]
    target = TREE / mutant["file"]
    original = target.read_text()
    target.write_text(original.replace(mutant["from"], mutant["to"]))
    try:
        built = build(tests, jobs)
        if built.returncode != 0:
            sys.exit(f"{mutant['name']}: expected an edit that compiles, got:\n{built.stdout[-2000:]}")
        return first_failure(tests)
    finally:
        target.write_text(original)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("-j", type=int, default=2, dest="jobs")
    arguments = parser.parse_args()
    mutants = read_list()
    unknown = set(arguments.names) - {mutant["name"] for mutant in mutants}
    if unknown:
        sys.exit(f"expected names of mutants.json, got {', '.join(sorted(unknown))}")
    if arguments.check:
        print(f"{len(mutants)} mutants fit the tree")
        return
    chosen = [mutant for mutant in mutants if not arguments.names or mutant["name"] in arguments.names]
    copy_tree()
    configure()
    survivors = []
    for number, mutant in enumerate(chosen, 1):
        killer = try_mutant(mutant, arguments.jobs)
        if killer is None:
            survivors.append(mutant["name"])
        print(f"{number:3}/{len(chosen)} {'SURVIVED' if killer is None else 'killed  '} {mutant['name']}"
              f"  ({mutant['why'] if killer is None else killer})", flush=True)
    print(f"mutants: {len(chosen) - len(survivors)} of {len(chosen)} killed")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
