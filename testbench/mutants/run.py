#!/usr/bin/env python3
"""Applies small, wrong edits to the model, one by one, and says which the tests notice.

usage: run.py --check            every edit of the list fits the tree exactly once
       run.py [NAME…] [-j N]     tries all edits, or those named, in build-mutants/; status 1 when one survives

The list is mutants.json. An edit names the file, the text it replaces, and what goes wrong then; "killers" names
a set of tests below, "platform" without it. A mutant is killed by the first test that fails, and where it "breaks"
an invariant, that must be what the test says. The tree as it stands must pass them all. An edit that does not compile
proves nothing and counts as one that survived.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
SCRATCH = TOP / "build-mutants"
TREE = SCRATCH / "tree"
BUILD = SCRATCH / "build"
TEST_SECONDS = 300
BUILT = {".o", ".a", ".so", ".gch"}  # programs are linked anew with them

PLATFORM = [["tests/model_xdp_test"], ["tests/model_driver_test"], ["tests/conformance"]]
EXPLORE = ["ringproof", "explore", str(TREE / "traces/udp-echo.pcapng"), "--frames", "1-20", "--pace", "500000pps"]


def explored(application, *options):
    """A campaign that finds nothing as long as the model is right."""
    return EXPLORE + ["--app", f"tests/apps/{application}_right.so", *options]


KILLERS = {
    "platform": PLATFORM,
    "rules": [["tests/model_xdp_test"], ["tests/sim_reference_rules_test"]],
    "nic": [["tests/model_nic_core_test"], ["tests/model_nic_port_test"]],
    "order": [explored("relaxed_publish", "--memory", "release-acquire", "--schedules", "200")] + PLATFORM,
    "lost-poke": PLATFORM
    + [
        explored("no_fence", "--memory", "tso", "--schedules", "4000"),
        explored("asks_first", "--strategy", "pct", "--schedules", "4000"),
        explored("never_drains", "--strategy", "pct", "--schedules", "4000"),
    ],
    "turns": [["ringproof", "explore", str(TREE / "testbench/scenarios/smoke/senders_take_turns.scenario.json")]],
    "weak-loans": [["ringproof", "explore", str(TREE / "testbench/scenarios/smoke/zero_copy_queues.scenario.json"),
                    "--memory", "release-acquire", "--faults", "swarm", "--schedules", "2", "--seed", "811915"]],
    "loans": [["ringproof", "explore", str(TREE / "testbench/scenarios/smoke/zero_copy_queues.scenario.json"),
               "--schedules", "20"]],
    "replay": [["ringproof", "replay", str(TREE / "traces/udp-echo.pcapng"), "--app", "xskfwd", "--loop", "2"]],
    "memory": [["tests/sim_memory_test"]],
    "served": [["tests/sim_explore_served_runs_test"]],
    "operations": [["tests/testbench_api_test"]],
    "liveness": [explored("never_drains", "--schedules", "200", "--failures", "1")],
}


class DoesNotCompile(Exception):
    def __str__(self):
        lines = self.args[0].split("\n")
        return next((line for line in lines if "error:" in line), "\n".join(lines[-10:]))


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
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout.split("\n")
    wanted = set(filter(None, files))
    for old in [path for path in TREE.rglob("*") if path.is_file()]:
        if str(old.relative_to(TREE)) not in wanted:
            old.unlink()  # it has left the tree since
    for name in sorted(wanted):
        source, target = TOP / name, TREE / name
        if target.exists() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)  # newer than what was built of an edit that was left there


def configure():
    command = ["cmake", "-S", TREE, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def build(program, jobs):
    targets = [program] + (["applications", "seeded_applications"] if program == "ringproof" else [])
    command = ["cmake", "--build", BUILD, "-j", str(jobs), "--target", *targets]
    return subprocess.run(command, capture_output=True, text=True)


def first_failure(tests, jobs):
    """The test that fails, in words; None if all pass. Each is built when those before it have passed."""
    built = set()
    for test in tests:
        program = pathlib.Path(test[0]).name
        if program not in built:
            compiled = build(program, jobs)
            if compiled.returncode != 0:
                raise DoesNotCompile(compiled.stdout)
            built.add(program)
        failure = failure_of(test)
        if failure is not None:
            return failure
    return None


def failure_of(test):
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
    return None if run.returncode == 0 else f"{name}: {what_failed(run)}"


def what_failed(run):
    """The test, or what a campaign found, or at least the last words."""
    lines = [line.strip() for line in run.stdout.split("\n") if line.strip()]
    for number, line in enumerate(lines):
        if line.startswith("[  FAILED  ]"):
            return line.removeprefix("[  FAILED  ] ")
        if line.startswith("broke ") and number + 1 < len(lines):
            return lines[number + 1]
    return (run.stderr.strip().split("\n") or [""])[-1][:120]


def killers_of(mutant):
    return KILLERS[mutant.get("killers", "platform")]


def check_tree(mutants, jobs):
    """Whoever fails without an edit kills nothing."""
    tests = []
    for mutant in mutants:
        tests += [test for test in killers_of(mutant) if test not in tests]
    try:
        failure = first_failure(tests, jobs)
    except DoesNotCompile as error:
        failure = error
    if failure is not None:
        sys.exit(f"expected the tree as it stands to pass, got: {failure}")


def forget_built_since(begun):
    """Only that is built again: an edit of a header that the first test kills costs no build of all the others."""
    for path in BUILD.rglob("*"):
        if path.suffix in BUILT and path.is_file() and path.stat().st_mtime >= begun:
            path.unlink()


def try_mutant(mutant, jobs):
    """Whether it is killed, and by what."""
    target = TREE / mutant["file"]
    original, times = target.read_text(), target.stat()
    begun = time.time()
    target.write_text(original.replace(mutant["from"], mutant["to"]))
    try:
        killer = first_failure(killers_of(mutant), jobs)
    except DoesNotCompile as error:
        return False, f"expected an edit that compiles, got: {error}"
    finally:
        forget_built_since(begun)
        target.write_text(original)
        os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
    if killer is not None and mutant.get("breaks", "") not in killer:
        return False, f"expected {mutant['breaks']} to break, got {killer}"
    return killer is not None, killer or mutant["why"]


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
    begun = time.monotonic()
    check_tree(chosen, arguments.jobs)
    print(f"the tree as it stands passes, after {time.monotonic() - begun:.0f} s", flush=True)
    survivors = []
    for number, mutant in enumerate(chosen, 1):
        start = time.monotonic()
        killed, words = try_mutant(mutant, arguments.jobs)
        if not killed:
            survivors.append(mutant["name"])
        print(f"{number:3}/{len(chosen)} {'killed  ' if killed else 'SURVIVED'} {mutant['name']}"
              f"  ({words}), {time.monotonic() - start:.0f} s", flush=True)
    print(f"mutants: {len(chosen) - len(survivors)} of {len(chosen)} killed, {time.monotonic() - begun:.0f} s")
    if survivors:
        print("survived:", " ".join(survivors))
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
