#!/usr/bin/env python3
"""Proves the modules of rtl/ for all time, by induction with Yosys and SMT solvers.

usage: prove.py [NAME…] [--quick] [-j N] [--out FOLDER]   proves all of proofs.json, the quick ones, or those named
       prove.py --mutants [NAME…]                         wrong edits of the RTL, which the proofs must refute
       prove.py --check                                   both lists fit the tree

A proof names the module, its harness, what is read, parameters, the steps of the induction, the steps within which
all covers are reached, and its solvers; each of them does the whole proof. "quick" names those of the quick run.
"seconds" says how long each of them took, of a processor: the longest begin first. What a harness calls invariant_… is
proved like the rest, and counted apart: it is there for the induction. "turns" names assertions that the step is asked
for one after another, all others last: what one turn shows, the next ones know. Rules that a part inside the module
sets to its surroundings are proved, not assumed; with "own_requires": "proved" so are those of the module, and the
harness assumes what they follow from. A mutant is refuted by a run from reset that breaks a property, no invariant; if
it says what it "breaks", no other is looked at, which is quicker.
Status 1 when anything fails; the trace is named then.
"""

import argparse
import concurrent.futures
import ctypes
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
TASK_SECONDS = 300
PACKAGES = {"yosys": "yosys", "yosys-smtbmc": "yosys", "z3": "z3", "cvc5": "cvc5"}  # program: Debian package
FIELDS = {"name", "module", "harness", "sources", "steps", "cover_steps", "solvers"}


RUNNING = set()  # process groups


class Failed(Exception):
    pass


def stop(*_):
    for group in list(RUNNING):
        os.killpg(group, signal.SIGKILL)
    os._exit(1)


def read_lists(edits):
    """Proofs and mutants. Whether the edits fit matters only to who wants them: the RTL may be under work."""
    proofs = json.loads((HERE / "proofs.json").read_text())["proofs"]
    mutants = json.loads((HERE / "mutants.json").read_text())["mutants"]
    problems = []
    for proof in proofs:
        problems += [f"{proof.get('name')}: expected the field {field}" for field in sorted(FIELDS - set(proof))]
        for name in [*proof.get("sources", []), f"testbench/formal/{proof.get('harness')}.sv"]:
            if not (TOP / name).is_file():
                problems.append(f"{proof['name']}: expected the file {name}")
    names = {proof["name"] for proof in proofs}
    for mutant in mutants if edits else []:
        count = (TOP / mutant["file"]).read_text().count(mutant["from"])
        if count != 1:
            problems.append(f"{mutant['name']}: expected its text once in {mutant['file']}, got it {count} times")
        if mutant["proof"] not in names:
            problems.append(f"{mutant['name']}: expected a proof of proofs.json, got {mutant['proof']}")
    for items in (proofs, mutants):
        known = [item["name"] for item in items]
        problems += [f"{name}: expected one entry of this name" for name in set(known) if known.count(name) > 1]
    if problems:
        sys.exit("\n".join(problems))
    return proofs, mutants


def need(programs):
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        packages = " ".join(sorted({PACKAGES.get(program, program) for program in missing}))
        sys.exit(f"formal: {', '.join(missing)} not found; install the Debian package {packages}")


def adopt_orphans():
    """Solvers that outlive who started them become ours, so that their time is known as well."""
    if sys.platform == "linux":
        PR_SET_CHILD_SUBREAPER = 36
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command, log):
    """What a command answered, which `log` keeps, and the CPU seconds of all it started. Whatever that is ends with it.

    Time is that of the CPU, also where it is limited: other work on the machine changes no result.
    """
    limited = ["sh", "-c", f'ulimit -t {TASK_SECONDS}; exec "$@"', "sh", *(str(word) for word in command)]
    with open(log, "w") as text:
        process = subprocess.Popen(limited, cwd=TOP, stdout=text, stderr=subprocess.STDOUT, start_new_session=True)
    RUNNING.add(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    try:
        os.killpg(process.pid, signal.SIGKILL)
        while True:
            _, _, usage = os.wait4(-process.pid, 0)
            seconds += usage.ru_utime + usage.ru_stime
    except (ProcessLookupError, ChildProcessError):
        pass
    RUNNING.discard(process.pid)
    if process.returncode != 0 and seconds >= TASK_SECONDS:
        with open(log, "a") as text:
            text.write(f"no answer within {TASK_SECONDS} s of a processor\n")
    return process.returncode, log.read_text(), seconds


def script(proof, sources, model, invariants, edits, only):
    """What Yosys does. Cells inside u_dut.PART belong to a part of the module. `edits` come while modules and memories are
    apart."""
    defines = " ".join(f"-D {define}" for define in proof.get("defines", []))
    registers = "" if edits else " -mem2reg"
    lines = [f"read_verilog -formal -sv{registers} -I rtl -I testbench/formal {defines} {' '.join(map(str, sources))}"]
    lines += [f"chparam -set {name} {value} {proof['harness']}" for name, value in proof.get("parameters", {}).items()]
    lines += [
        f"hierarchy -check -top {proof['harness']}",
        "proc",
        *edits,
        *(["memory_map"] if edits else []),
        "flatten",
        "select -assert-none w:* a:hierconn=1 %i",
        f"chformal -assume -assume2assert {'c:u_dut.*' if proof.get('own_requires') == 'proved' else 'c:u_dut.*.*'}",
        "chformal -cover -remove c:u_dut.*.*",
    ]
    if not invariants:
        lines.append("chformal -assert -remove c:*invariant_*")
    if only is not None:
        lines += [f"select -assert-count 1 c:{only}", f"chformal -assert -remove c:* c:{only} %d"]
    lines += [
        "opt_expr; opt_clean; check -assert",
        "setundef -undriven -anyseq",
        "opt_expr; opt_merge; opt_clean",
        f"tee -q -o {model.with_suffix('.asserts')} select -list t:$assert",
        f"tee -q -o {model.with_suffix('.covers')} select -list t:$cover",
        f"write_smt2 -wires {model}",
    ]
    if invariants and "turns" in proof:
        lines += ["design -save all", *in_turn(proof["turns"], model)]
    return "\n".join(lines) + "\n"


def turn_models(proof, model):
    """The models of the induction: one, or one for each turn, the last of which is of all that is left."""
    if "turns" not in proof:
        return [model]
    return [model.with_name(f"turn-{number}.smt2") for number in range(len(proof["turns"]) + 1)]


def in_turn(turns, model):
    """Each model asks for the assertions of one turn. Those of turns before it are assumed; those of later ones only in the
    cycles that the step begins with, which is what they mean one cycle late."""
    lines, earlier = [], []
    for names, turn in zip([*turns, ["*"]], turn_models({"turns": turns}, model)):
        now = [f"c:{name}" for name in names]
        lines += ["design -load all", *(f"select -assert-any {name}" for name in now)]
        lines += [f"chformal -assert -assert2assume {' '.join(earlier)}"] if earlier else []
        lines += [f"chformal -assert -{how} c:* {' '.join(now)} {'%u ' * (len(now) - 1)}%d"
                  for how in ("delay 1", "assert2assume")]
        lines += [f"write_smt2 -wires {turn}"]
        earlier += now
    return lines


def build(proof, folder, sources=None, invariants=True, edits=(), only=None):
    """The model, and the names of its assertions and covers."""
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "model.smt2"
    harness = f"testbench/formal/{proof['harness']}.sv"
    commands = folder / "model.ys"
    commands.write_text(script(proof, sources or [harness, *proof["sources"]], model, invariants, edits, only))
    command = ["yosys", "-q", "-e", "Widening signal", "-e", "implicitly declared", "-s", commands]
    status, text, _ = run(command, folder / "yosys.log")
    if status != 0:
        errors = [line for line in text.split("\n") if "ERROR" in line] or text.strip().split("\n")[-1:]
        raise Failed(f"{errors[0]} ({folder / 'yosys.log'})")
    names = [[line.split("/", 1)[1] for line in model.with_suffix(suffix).read_text().split()]
             for suffix in (".asserts", ".covers")]
    return model, *names


def smtbmc(solver, model, kind, options):
    log = model.parent / f"{kind}-{solver}.log"
    # With one function for each net and step z3 takes minutes where, without, it takes none.
    command = ["yosys-smtbmc", "--noprogress", "--unroll", "-s", solver, *options, model]
    status, text, seconds = run(command, log)
    return status == 0 and "Status: PASSED" in text, text, log, seconds


def broken_in(text):
    return list(dict.fromkeys(re.findall(r"Assert failed in \w+: (\S+)", text)))


def what_failed(text, log, trace):
    unreached = re.findall(r"Unreached cover statement at (\S+?)\.?$", text, re.MULTILINE)
    words = [f"{name} fails" for name in broken_in(text)] + [f"{name} is not reached" for name in unreached]
    if not words:
        words = [line.strip() for line in text.strip().split("\n")[-1:]]
    return f"{', '.join(words)}: {trace if trace and trace.exists() else log}"


def questions(proof, model):
    """Base and step, and how they are asked. The base is of as many cycles as the step begins with, and the step is
    asked for these only; as one question: of one that may be followed by others, solvers make less, and take ten times
    as long."""
    steps = proof["steps"]
    yield "base", model, ["-t", steps]
    for number, turn in enumerate(turn_models(proof, model)):
        kind = f"induction-{number}" if "turns" in proof else "induction"
        yield kind, turn, ["--noincr", "-i", "-t", f"{steps}:1:{steps}"]


def breaks(proof, solver, model):
    """What of a proof does not hold, or cannot be concluded; nothing if it does, or the solver has no answer."""
    for kind, asked, options in questions(proof, model):
        good, text, _, _ = smtbmc(solver, asked, kind, options)
        if not good:
            return broken_in(text)
    return []


def prove(proof, solver, model):
    """CPU seconds."""
    total = 0
    for kind, asked, options in questions(proof, model):
        trace = model.parent / f"{'from-reset' if kind == 'base' else kind}-{solver}.vcd"
        trace.unlink(missing_ok=True)
        good, text, log, seconds = smtbmc(solver, asked, kind, [*options, "--dump-vcd", trace])
        total += seconds
        if good:
            continue
        if kind == "base":
            raise Failed(f"from reset, {what_failed(text, log, trace)}")
        search = model.parent / f"from-reset-{solver}.vcd"
        fine, found, found_log, _ = smtbmc(solver, model, "search", ["-t", proof["cover_steps"], "--dump-vcd", search])
        if not fine and "Assert failed" in found:
            raise Failed(f"from reset, {what_failed(found, found_log, search)}")
        raise Failed(f"no induction in {proof['steps']} steps, {what_failed(text, log, trace)}")
    return total


def cover(proof, solver, model, count):
    options = ["-c", "-t", proof["cover_steps"], "--dump-vcd", model.parent / "cover-%.vcd"]
    good, text, log, seconds = smtbmc(solver, model, "cover", options)
    if not good:
        raise Failed(f"cover, {what_failed(text, log, None)}")
    if text.count("Reached cover statement") < count:
        raise Failed(f"cover, expected {count} reached: {log}")
    return seconds


class Entry:
    """A proof under way: its model, made when the first of its tasks needs it, and the results of those that are over."""

    def __init__(self, proof, folder):
        self.proof = proof
        self.folder = folder
        self.lock = threading.Lock()
        self.built = None     # model, assertions and covers, or what went wrong
        self.results = {}
        self.tasks = [*proof["solvers"], "cover"]

    def seconds(self, task):
        return self.proof.get("seconds", {}).get(task, TASK_SECONDS)   # it may take as long as it is given

    def do(self, task):
        try:
            with self.lock:
                if self.built is None:
                    self.built = self.build()
            if isinstance(self.built, Failed):
                raise self.built
            model, _, covers = self.built
            if task == "cover":
                return cover(self.proof, self.proof["solvers"][0], model, len(covers))
            return prove(self.proof, task, model)
        except Failed as error:
            return error

    def build(self):
        try:
            built = build(self.proof, self.folder)
        except Failed as error:
            return error
        return built if built[2] else Failed("expected a cover")

    def names(self):
        """What is proved: properties, invariants and covers, each with its module."""
        _, asserts, covers = ("", [], []) if isinstance(self.built, Failed) else self.built
        kinds = ([name for name in asserts if "invariant_" not in name], [name for name in asserts if "invariant_" in name],
                 covers)
        return [{(self.proof["module"], name) for name in kind} for kind in kinds]


def prove_all(proofs, out, jobs):
    began = time.monotonic()
    properties, invariants, covers, by_solver, failures = set(), set(), set(), {}, set()
    entries = [Entry(proof, out / proof["name"]) for proof in proofs]
    # Those that take longest first, so that all processors end together.
    tasks = sorted(((entry, task) for entry in entries for task in entry.tasks), key=lambda one: -one[0].seconds(one[1]))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        todo = {pool.submit(entry.do, task): (entry, task) for entry, task in tasks}
        for done in concurrent.futures.as_completed(todo):
            entry, task = todo[done]
            entry.results[task] = done.result()
            if len(entry.results) < len(entry.tasks):
                continue
            owned, helping, reached = entry.names()
            words = [f"{len(owned)} properties, {len(helping)} invariants, {len(reached)} covers"]
            for name in entry.tasks:
                result = entry.results[name]
                if isinstance(result, Failed):
                    failures.add(entry.proof["name"])
                    words.append(f"\n  FAILED {name}: {result}")
                    continue
                if name != "cover":
                    by_solver.setdefault(name, set()).update(owned)
                words.append(f"{name} {result:.1f} s")
            if entry.proof["name"] not in failures:
                properties |= owned
                invariants |= helping
                covers |= reached
            print(f"{entry.proof['name']:<24} k={entry.proof['steps']}; {'; '.join(words)}", flush=True)
    modules = {module for module, _ in properties}
    solvers = ", ".join(f"{solver} {len(names)}" for solver, names in sorted(by_solver.items(), reverse=True))
    print(f"formal: {len(properties)} properties of {len(modules)} modules proved by induction ({solvers}) with "
          f"{len(invariants)} invariants, {len(covers)} covers reached, {cpu_seconds():.0f} s of CPU, "
          f"{time.monotonic() - began:.0f} s")
    if failures:
        print("failed:", " ".join(sorted(failures)))
    return not failures


def cpu_seconds():
    return sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def try_mutant(mutant, proof, out):
    """The property that a run from reset breaks; None if there is none."""
    folder = out / f"mutant-{mutant['name']}"
    folder.mkdir(parents=True, exist_ok=True)
    edited = folder / pathlib.Path(mutant["file"]).name
    edited.write_text((TOP / mutant["file"]).read_text().replace(mutant["from"], mutant["to"]))
    harness = f"testbench/formal/{proof['harness']}.sv"
    sources = [edited if name == mutant["file"] else name for name in [harness, *proof["sources"]]]
    model, _, _ = build(proof, folder, sources, invariants=False, only=mutant.get("breaks"))
    trace = folder / "from-reset.vcd"
    options = ["--noincr", "-t", proof["cover_steps"], "--dump-vcd", trace]
    good, text, log, _ = smtbmc(proof["solvers"][0], model, "base", options)
    broken = broken_in(text)
    if good:
        return None
    if not broken:
        raise Failed(what_failed(text, log, None))
    return f"{', '.join(broken)}: {trace}"


def refute_all(mutants, proofs, out, jobs):
    began = time.monotonic()
    by_name = {proof["name"]: proof for proof in proofs}
    refuted = 0

    def one(mutant):
        try:
            return mutant, try_mutant(mutant, by_name[mutant["proof"]], out)
        except Failed as error:
            return mutant, error

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(one, mutant) for mutant in mutants]):
            mutant, result = done.result()
            good = isinstance(result, str)
            refuted += good
            print(f"{'refuted ' if good else 'SURVIVED'} {mutant['name']} ({result or mutant['why']})", flush=True)
    print(f"formal: {refuted} of {len(mutants)} mutants refuted, {time.monotonic() - began:.0f} s")
    return refuted == len(mutants)


def chosen(items, names):
    unknown = set(names) - {item["name"] for item in items}
    if unknown:
        sys.exit(f"expected names of the list, got {', '.join(sorted(unknown))}")
    return [item for item in items if not names or item["name"] in names]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="only the proofs of the list that are quick")
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("-j", type=int, default=2, dest="jobs")
    parser.add_argument("--out", type=pathlib.Path, default=TOP / "build-formal")
    arguments = parser.parse_args()
    adopt_orphans()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    proofs, mutants = read_lists(edits=arguments.mutants or arguments.check)
    if arguments.check:
        print(f"{len(proofs)} proofs and {len(mutants)} mutants fit the tree")
        return
    need(["yosys", "yosys-smtbmc", *sorted({solver for proof in proofs for solver in proof["solvers"]})])
    out = arguments.out.resolve()
    if arguments.mutants:
        good = refute_all(chosen(mutants, arguments.names), proofs, out, arguments.jobs)
    else:
        todo = chosen(proofs, arguments.names)
        if arguments.quick:
            todo = [{**proof, "solvers": proof["quick"]} for proof in todo if "quick" in proof]
        good = prove_all(todo, out, arguments.jobs)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
