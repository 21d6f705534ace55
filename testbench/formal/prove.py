#!/usr/bin/env python3
"""Proves the modules of rtl/ for all time, by induction with Yosys and SMT solvers.

usage: prove.py [NAME…] [--quick] [-j N] [--out FOLDER]   proves all of proofs.json, the quick ones, or those named
       prove.py --mutants [NAME…]                         wrong edits of the RTL, which the proofs must refute
       prove.py --check                                   both lists fit the tree

A proof names the module, its harness, what is read, parameters, the steps of the induction, the steps within which
all covers are reached, and its solvers; each of them does the whole proof. "quick" names those of the quick run. What a
harness calls invariant_… is proved like the rest, and counted apart: it is there for the induction. Rules that a part
inside the module sets to its surroundings are proved, not assumed; with "own_requires": "proved" so are those of the
module, and the harness assumes what they follow from. A mutant is refuted by a run from reset that breaks a property, no invariant.
Status 1 when anything fails; the trace is named then.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
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


def run(command, log):
    """The text of a command, which is also kept in `log`. Whatever it started ends with it."""
    with subprocess.Popen([str(word) for word in command], cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, start_new_session=True) as process:
        RUNNING.add(process.pid)
        try:
            text, _ = process.communicate(timeout=TASK_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            text, _ = process.communicate()
            text += f"\nno answer within {TASK_SECONDS} s\n"
        RUNNING.discard(process.pid)
    log.write_text(text)
    return process.returncode, text


def script(proof, sources, model, invariants):
    """What Yosys does. Cells inside u_dut.PART belong to a part of the module."""
    defines = " ".join(f"-D {define}" for define in proof.get("defines", []))
    lines = [f"read_verilog -formal -sv -mem2reg -I rtl -I testbench/formal {defines} {' '.join(map(str, sources))}"]
    lines += [f"chparam -set {name} {value} {proof['harness']}" for name, value in proof.get("parameters", {}).items()]
    lines += [
        f"hierarchy -check -top {proof['harness']}",
        "proc",
        "flatten",
        "select -assert-none w:* a:hierconn=1 %i",
        f"chformal -assume -assume2assert {'c:u_dut.*' if proof.get('own_requires') == 'proved' else 'c:u_dut.*.*'}",
        "chformal -cover -remove c:u_dut.*.*",
    ]
    if not invariants:
        lines.append("chformal -assert -remove c:*invariant_*")
    lines += [
        "opt_expr; opt_clean; check -assert",
        "setundef -undriven -anyseq",
        "opt_expr; opt_merge; opt_clean",
        f"tee -q -o {model.with_suffix('.asserts')} select -list t:$assert",
        f"tee -q -o {model.with_suffix('.covers')} select -list t:$cover",
        f"write_smt2 -wires {model}",
    ]
    return "\n".join(lines) + "\n"


def build(proof, folder, sources=None, invariants=True):
    """The model, and the names of its assertions and covers."""
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "model.smt2"
    harness = f"testbench/formal/{proof['harness']}.sv"
    commands = folder / "model.ys"
    commands.write_text(script(proof, sources or [harness, *proof["sources"]], model, invariants))
    status, text = run(["yosys", "-q", "-e", "Widening signal", "-e", "implicitly declared", "-s", commands], folder / "yosys.log")
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
    began = time.monotonic()
    status, text = run(command, log)
    return status == 0 and "Status: PASSED" in text, text, log, time.monotonic() - began


def what_failed(text, log, trace):
    broken = re.findall(r"Assert failed in \w+: (\S+)", text)
    unreached = re.findall(r"Unreached cover statement at (\S+?)\.?$", text, re.MULTILINE)
    words = [f"{name} fails" for name in dict.fromkeys(broken)] + [f"{name} is not reached" for name in unreached]
    if not words:
        words = [line.strip() for line in text.strip().split("\n")[-1:]]
    return f"{', '.join(words)}: {trace if trace and trace.exists() else log}"


def prove(proof, solver, model):
    """Seconds, and the number of steps that the induction took."""
    trace = model.parent / f"from-reset-{solver}.vcd"
    trace.unlink(missing_ok=True)
    good, text, log, base = smtbmc(solver, model, "base", ["-t", proof["steps"] + 1, "--dump-vcd", trace])
    if not good:
        raise Failed(f"from reset, {what_failed(text, log, trace)}")
    trace = model.parent / f"induction-{solver}.vcd"
    trace.unlink(missing_ok=True)
    good, text, log, step = smtbmc(solver, model, "induction", ["-i", "-t", proof["steps"], "--dump-vcd", trace])
    if not good:
        search = model.parent / f"from-reset-{solver}.vcd"
        fine, found, found_log, _ = smtbmc(solver, model, "search", ["-t", proof["cover_steps"], "--dump-vcd", search])
        if not fine and "Assert failed" in found:
            raise Failed(f"from reset, {what_failed(found, found_log, search)}")
        raise Failed(f"no induction in {proof['steps']} steps, {what_failed(text, log, trace)}")
    last = int(re.findall(r"Trying induction in step (\d+)", text)[-1])
    return base + step, proof["steps"] - last


def cover(proof, solver, model, count):
    options = ["-c", "-t", proof["cover_steps"], "--dump-vcd", model.parent / "cover-%.vcd"]
    good, text, log, seconds = smtbmc(solver, model, "cover", options)
    if not good:
        raise Failed(f"cover, {what_failed(text, log, None)}")
    if text.count("Reached cover statement") < count:
        raise Failed(f"cover, expected {count} reached: {log}")
    return seconds


def prove_all(proofs, out, jobs):
    began = time.monotonic()
    properties, invariants, covers, by_solver, failures = set(), set(), set(), {}, []

    def one(proof):
        try:
            model, asserts, cover_names = build(proof, out / proof["name"])
        except Failed as error:
            return proof, [], [], [("yosys", error)]
        if not cover_names:
            return proof, [], [], [("yosys", Failed("expected a cover"))]
        tasks = [(solver, lambda solver=solver: prove(proof, solver, model)) for solver in proof["solvers"]]
        tasks.append(("cover", lambda: cover(proof, proof["solvers"][0], model, len(cover_names))))
        results = []
        for name, task in tasks:
            try:
                results.append((name, task()))
            except Failed as error:
                results.append((name, error))
        return proof, asserts, cover_names, results

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(one, proof) for proof in proofs]):
            proof, asserts, cover_names, results = done.result()
            owned = {(proof["module"], name) for name in asserts if "invariant_" not in name}
            helping = {(proof["module"], name) for name in asserts if "invariant_" in name}
            words = [f"{len(owned)} properties, {len(helping)} invariants, {len(cover_names)} covers"]
            for name, result in results:
                if isinstance(result, Failed):
                    failures.append(proof["name"])
                    words.append(f"\n  FAILED {name}: {result}")
                elif name == "cover":
                    covers |= {(proof["module"], cover_name) for cover_name in cover_names}
                    words.append(f"covers {result:.1f} s")
                else:
                    seconds, steps = result
                    by_solver.setdefault(name, set()).update(owned)
                    words.append(f"{name} k={steps} {seconds:.1f} s")
            proved = all(not isinstance(result, Failed) for name, result in results)
            if proved:
                properties |= owned
                invariants |= helping
            print(f"{proof['name']:<20} {'; '.join(words)}", flush=True)
    modules = {module for module, _ in properties}
    solvers = ", ".join(f"{solver} {len(names)}" for solver, names in sorted(by_solver.items(), reverse=True))
    print(f"formal: {len(properties)} properties of {len(modules)} modules proved by induction ({solvers}) with "
          f"{len(invariants)} invariants, {len(covers)} covers reached, {time.monotonic() - began:.0f} s")
    if failures:
        print("failed:", " ".join(sorted(set(failures))))
    return not failures


def try_mutant(mutant, proof, out):
    """The property that a run from reset breaks; None if there is none."""
    folder = out / f"mutant-{mutant['name']}"
    folder.mkdir(parents=True, exist_ok=True)
    edited = folder / pathlib.Path(mutant["file"]).name
    edited.write_text((TOP / mutant["file"]).read_text().replace(mutant["from"], mutant["to"]))
    harness = f"testbench/formal/{proof['harness']}.sv"
    sources = [edited if name == mutant["file"] else name for name in [harness, *proof["sources"]]]
    model, _, _ = build(proof, folder, sources, invariants=False)
    trace = folder / "from-reset.vcd"
    options = ["-t", proof["cover_steps"], "--dump-vcd", trace]
    good, text, log, _ = smtbmc(proof["solvers"][0], model, "base", options)
    broken = re.findall(r"Assert failed in \w+: (\S+)", text)
    if good:
        return None
    if not broken:
        raise Failed(what_failed(text, log, None))
    return f"{', '.join(dict.fromkeys(broken))}: {trace}"


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
