#!/usr/bin/env python3
"""Mutants of the RTL, as Yosys lists them: played against the engine's random neighbour, and decided by proof if they live.

usage: mutation.py --player PROGRAM [--first N] [-j N] [--out FOLDER]   plays all of the list, or the first N
       mutation.py --player PROGRAM --renew [COUNT]    draws the list anew, plays it, decides who lives, and writes it
       mutation.py --check                             the list can be read, and says whether it is of rtl/ as it is

The list is mutants.txt. A mutant inverts, fixes or conditionally changes one bit of one port of one cell of one module
(`yosys -p "help mutate"`), in every instance of the module. 500 of them are in one netlist, each made active by the
value of an input; the netlist is Verilated once. A mutant is killed by the first pin that differs from the engine's
in any cycle of the traffic. One that lives is equivalent if no state and no input of its module makes a difference in
outputs or next state, whatever the parts inside answer, or if that holds of each module that has it as a part, joined
with it; rules of the modules (REQUIRE, CHECK) are assumed, which simulation and proofs check. Otherwise it is open: a
hole in the tests, or a proof that would need to know which states there are. Open ones count as not killed. Status 1
when the list is of another rtl/ or the outcome is not what it says. Drawing it anew takes half an hour, so --check
forgives an older one and says so.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
LIST = HERE / "mutants.txt"
TOP_MODULE = "nic_queue_engine"
# Small FIFOs are full more often.
PARAMETERS = {"RxQueues": 64, "TxQueues": 64, "DescDepth": 8, "FramesMax": 16, "TxBufferBeats": 16}
SEED = 1
COUNT = 2000
PART = 500
SELECT = "mutsel"
SELECT_BITS = 12
PROOF_SECONDS = 12
# Clocks, ports of memory cells that the RTL has no words for, and modules that only check.
UNREAL = re.compile(r" -port (CLK|RD_CLK|RD_ARST|RD_SRST|RD_EN|WR_CLK|clk_i) ")
FLAGS = ["-O3", "--x-assign", "unique", "--x-initial", "unique", "--unroll-count", "256", "--output-split", "20000",
         "--no-timing", "-Wno-fatal", "-Wno-lint", "-Wno-style", "-Wno-UNOPTFLAT"]


def say(words):
    print(f"mutation: {words}", file=sys.stderr, flush=True)


def sources():
    names = sorted(str(path.relative_to(TOP)) for path in (TOP / "rtl").glob("*.sv"))
    return ["rtl/nic_pkg.sv"] + [name for name in names if name != "rtl/nic_pkg.sv"]


def fingerprint():
    """Of all that the names of cells and the meaning of mutants depend on."""
    digest = hashlib.sha256(repr(sorted(PARAMETERS.items())).encode())
    for name in ["rtl/check.svh", *sources()]:
        digest.update((TOP / name).read_bytes())
    return digest.hexdigest()[:16]


def prelude(rules=False):
    """What Yosys does to the sources first. Cells have the same names with and without rules."""
    parameters = " ".join(f"-set {name} {value}" for name, value in PARAMETERS.items())
    return [
        f"read_verilog -formal -sv -I rtl {' '.join(sources())}",
        f"chparam {parameters} {TOP_MODULE}",
        f"hierarchy -check -top {TOP_MODULE}",
        "delete t:*nic_hold_check*",
        f"hierarchy -top {TOP_MODULE}",
        "proc",
        "chformal -cover -remove; chformal -assert2assume",
        "opt_expr; opt_clean; opt_reduce; opt_merge; wreduce; opt_expr; opt_clean",
        "opt_mem; memory_collect; opt_clean",
    ] + ([] if rules else ["chformal -remove; opt_clean"])


def yosys(lines, folder, name, check=True):
    script = folder / f"{name}.ys"
    script.write_text("\n".join(lines) + "\n")
    run = subprocess.run(["yosys", "-s", str(script)], cwd=TOP, capture_output=True, text=True)
    if check and run.returncode != 0:
        sys.exit(f"mutation: {run.stderr.strip()[-500:]} ({script})")
    return run.stdout + run.stderr


class Mutant:
    """One line of the list: outcome, its particulars, and the words for Yosys."""

    def __init__(self, words, outcome="", detail="-"):
        self.words, self.outcome, self.detail = words, outcome, detail

    @property
    def module(self):
        return re.search(r"-module (\S+)", self.words)[1]

    def command(self, value, bits=SELECT_BITS):
        return f"mutate -ctrl {SELECT} {bits} {value} {self.words}"

    def line(self):
        return f"{self.outcome}\t{self.detail}\t{self.words}"


class Design:
    """The elaborated engine, kept as two files: for netlists, and with rules for proofs."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.plain, self.ruled = folder / "engine.il", folder / "ruled.il"
        yosys(prelude() + [f"write_rtlil {self.plain}"], folder, "plain")
        yosys(prelude(rules=True) + [f"write_rtlil {self.ruled}"], folder, "ruled")
        self.read_instances()

    def read_instances(self):
        """Module, cell and its type, of every part inside a module."""
        self.instances, module = [], None
        for line in self.plain.read_text().split("\n"):
            if line.startswith("module "):
                module = line.split()[1].removeprefix("\\")
            elif found := re.match(r"  cell \\?(\S*nic_\S*) \\(\S+)$", line):
                self.instances.append((module, found[2], found[1]))

    def draw(self, count):
        drawn = self.folder / "drawn.txt"
        more = count + count // 8
        yosys([f"read_rtlil {self.plain}", f"mutate -list {more} -seed {SEED} -o {drawn}"], self.folder, "draw")
        lines = [line for line in drawn.read_text().split("\n") if line and not UNREAL.search(line)]
        lines = [re.sub(r" -(wire|wirebit|src) \S+", "", line).removeprefix("mutate ") for line in lines]
        return [Mutant(line) for line in lines[:count]]

    def netlist(self, mutants, folder):
        lines = [f"read_rtlil {self.plain}", f"add -input {SELECT} {SELECT_BITS}"]
        lines += [mutant.command(number) for number, mutant in enumerate(mutants, 1)]
        for module, cell, _ in self.instances:
            lines += [f"cd {module}", f"connect -port {cell} {SELECT} {SELECT}", "cd .."]
        netlist = folder / "netlist.v"
        yosys(lines + ["opt_clean", f"write_verilog -noattr {netlist}"], folder, "netlist")
        netlist.write_text("endmodule\n".join(map(without_loops, netlist.read_text().split("endmodule\n"))))
        return netlist

    def parents(self, mutant):
        return sorted({owner for owner, _, kind in self.instances if kind == mutant.module})

    def proof(self, mutant, module):
        """Both sides are one module with the select input fixed, so that all names match. Registers are cut: the
        present state is an input, the next one an output. Memories and the parts inside are cut at their ports."""
        parts = [(cell, kind) for owner, cell, kind in self.instances if owner == module]
        cells = " ".join(f"gold/c:{cell}" for cell, kind in parts if kind != mutant.module)
        joined = " ".join(f"{module}/c:{cell}" for cell, kind in parts if kind == mutant.module)
        return [
            f"read_rtlil {self.ruled}",
            mutant.command(1, 1),
            f"hierarchy -top {module}",
            *([f"flatten {joined}"] if joined else []),
            f"techmap -map {HERE / 'cut_memory.v'}",
            "rename -enumerate",
            f"opt_clean; rename {module} gold",
            "select -set outputs gold/o:*",
            "expose -evert-dff gold",
            "delete -output gold/o:* @outputs %d gold/o:*.d %d",
            *([f"expose -evert {cells}"] if cells else []),
            f"delete -input gold/{SELECT}",
            "copy gold gate",
            "chformal -assume -remove gate",
            f"cd gold; connect -set {SELECT} 1'0; cd ..; cd gate; connect -set {SELECT} 1'1; cd ..",
            "opt_expr; opt_clean gate",
            "miter -equiv -make_outputs gold gate miter; flatten miter; hierarchy -top miter",
            "opt_expr; opt_merge -share_all; opt_clean; opt_expr; opt_merge -share_all; opt_clean",
            f"sat -timeout {PROOF_SECONDS} -set-assumes -prove trigger 0 miter",
        ]


def without_loops(module):
    """Where a wire is spread over itself, its source becomes a wire of its own: a simulator orders whole wires."""
    spread = {}
    for name, right in re.findall(r"^  assign (_\d+_)\[[\d:]+\] = (.*);$", module, re.MULTILINE):
        for high, low in re.findall(re.escape(name) + r"\[(\d+)(?::(\d+))?\]", right):
            bits = f"{name}[{high}:{low}]" if low else f"{name}[{high}]"
            spread[bits] = (f"{name}at{high}_{low}", f"[{int(high) - int(low)}:0] " if low else "")
    if not spread:
        return module
    module = re.sub(r"_\d+_\[\d+(?::\d+)?\]", lambda bits: spread.get(bits[0], bits)[0], module)
    wires = "".join(f"  wire {width}{name};\n  assign {bits} = {name};\n" for bits, (name, width) in spread.items())
    return module + wires


def tool(command, folder):
    run = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"mutation: {' '.join(map(str, command[:2]))} in {folder}: {(run.stderr or run.stdout).strip()[-800:]}")
    return run.stdout


def library(netlist, folder, jobs):
    """The netlist as something that the player loads."""
    tool(["verilator", "--cc", *FLAGS, netlist, "--top-module", TOP_MODULE, "--prefix", "Vmutants", "--Mdir", "model"], folder)
    root = pathlib.Path(tool(["verilator", "--getenv", "VERILATOR_ROOT"], folder).strip()) / "include"
    options = ["c++", "-std=c++20", "-fPIC", "-fvisibility=hidden", "-Imodel", f"-I{TOP}", "-isystem", root, "-isystem",
               root / "vltstd", "-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TRACE=0"]
    files = [*sorted((folder / "model").glob("*.cpp")), root / "verilated.cpp", root / "verilated_threads.cpp"]
    commands = [[*options, "-O1", "-w", "-c", name, "-o", f"model/{name.name}.o"] for name in files]
    commands.append([*options, "-O1", "-Wall", "-Wextra", "-Werror", "-c", HERE / "netlist_engine.cc", "-o", "model/engine.o"])
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda command: tool(command, folder), commands))
    made = folder / "mutants.so"
    tool(["c++", "-shared", "-o", made, *[command[-1] for command in commands], "-lpthread"], folder)
    return made


def play(design, mutants, arguments, number):
    """Sets the outcome of those that the traffic kills."""
    folder = design.folder / f"part-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    made = library(design.netlist(mutants, folder), folder, arguments.jobs)
    say(f"part {number}: netlist of {len(mutants)} mutants compiled")
    shares = [range(first, len(mutants) + 1, arguments.jobs) for first in range(1, arguments.jobs + 1)]
    commands = [[arguments.player.resolve(), made, arguments.seeds, arguments.cycles, *share] for share in shares]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        lines = "".join(pool.map(lambda command: tool(command, folder), commands)).split("\n")
    (folder / "killed.txt").write_text("\n".join(lines))
    for line in filter(None, lines):
        which, seed, cycle, pin = line.split()
        mutant = mutants[int(which) - 1]
        mutant.outcome, mutant.detail = "killed", f"{seed}:{cycle}:{pin}"
    say(f"part {number}: {sum(mutant.outcome == 'killed' for mutant in mutants)} of {len(mutants)} killed")


def proved(design, mutant, module, number):
    text = yosys(design.proof(mutant, module), design.folder, f"proof-{number}", check=False)
    return "SAT proof finished - no model found: SUCCESS" in text


def decide(design, mutant, number):
    """In the module alone; if that is not enough, in each module that has it as a part, joined with that one."""
    for kind, modules in (("alone", [mutant.module]), ("in-place", design.parents(mutant))):
        if modules and all(proved(design, mutant, module, number) for module in modules):
            mutant.outcome, mutant.detail = "equivalent", kind
            return
    mutant.outcome, mutant.detail = "open", "-"


def read_list():
    """The mutants and the fingerprint of what they were drawn from."""
    lines = LIST.read_text().split("\n")
    stamp = re.search(r"^# fingerprint (\w+)$", LIST.read_text(), re.MULTILINE)
    fields = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Mutant(words, outcome, detail) for outcome, detail, words in fields], stamp and stamp[1]


def write_list(mutants, arguments):
    head = [
        "# Mutants of the RTL: outcome, particulars, and what `yosys mutate` is told. mutation.py draws and decides them.",
        f"# drawn by mutate -list with seed {SEED}; {', '.join(f'{name}={value}' for name, value in PARAMETERS.items())}",
        f"# played with seeds 1 to {arguments.seeds}, {arguments.cycles} cycles each; killed SEED:CYCLE:PIN",
        f"# {summary(mutants)}",
        f"# fingerprint {fingerprint()}",
    ]
    LIST.write_text("\n".join(head + [mutant.line() for mutant in mutants]) + "\n")


def summary(mutants):
    count = collections.Counter(mutant.outcome for mutant in mutants)
    changing = len(mutants) - count["equivalent"]
    share = 100 * count["killed"] / max(changing, 1)
    return (f"{count['killed']:,} of {len(mutants):,} mutants killed, {count['equivalent']:,} equivalent, "
            f"{changing - count['killed']:,} left: {share:.1f} % of those that may change behaviour")


def check(forgiving):
    mutants, stamp = read_list()
    problems = []
    if stamp != fingerprint():
        words = (f"expected {LIST.name} to be of rtl/ as it is (fingerprint {fingerprint()}), got {stamp}; "
                 "`cmake --build build --target mutation_renew` draws and plays it anew")
        if forgiving:
            say(words)
        else:
            problems.append(words)
    modules = {path.stem for path in (TOP / "rtl").glob("*.sv")}
    problems += [f"expected modules of rtl/, got {module}" for module in
                 sorted({re.search(r"nic_[a-z_]+", mutant.module)[0] for mutant in mutants} - modules)]
    known = {"killed", "equivalent", "open", "hole"}
    problems += [f"expected an outcome of {', '.join(sorted(known))}, got {mutant.line()}" for mutant in mutants
                 if mutant.outcome not in known or not mutant.words.startswith("-mode ")]
    if len({mutant.words for mutant in mutants}) != len(mutants):
        problems.append("expected each mutant once")
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(mutants)} mutants, {summary(mutants)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only whether the list fits the tree")
    parser.add_argument("--player", type=pathlib.Path)
    parser.add_argument("--renew", type=int, nargs="?", const=COUNT, metavar="COUNT")
    parser.add_argument("--first", type=int, metavar="N", help="of the list, so many only")
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--cycles", type=int, default=60_000)
    parser.add_argument("-j", type=int, default=2, dest="jobs")
    parser.add_argument("--out", type=pathlib.Path, default=TOP / "build-mutation")
    arguments = parser.parse_args()
    if arguments.check:
        check(forgiving=True)
        return
    if arguments.player is None:
        parser.error("expected --player")
    missing = [name for name in ("yosys", "verilator") if shutil.which(name) is None]
    if missing:
        sys.exit(f"mutation: {', '.join(missing)} not found")
    if arguments.renew is None:
        check(forgiving=False)
        listed = read_list()[0][:arguments.first]
    began = time.monotonic()
    design = Design(arguments.out.resolve())
    if arguments.renew is not None:
        mutants = design.draw(arguments.renew)
    else:
        mutants = [Mutant(mutant.words) for mutant in listed]
    for number, first in enumerate(range(0, len(mutants), PART)):
        play(design, mutants[first:first + PART], arguments, number)
    wrong = []
    if arguments.renew is not None:
        alive = [(number, mutant) for number, mutant in enumerate(mutants, 1) if not mutant.outcome]
        say(f"{len(alive)} live, proofs begin")
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            list(pool.map(lambda item: decide(design, item[1], item[0]), alive))
        write_list(mutants, arguments)
    else:
        for mutant, known in zip(mutants, listed):
            if (mutant.outcome == "killed") != (known.outcome == "killed"):
                wrong.append(f"expected {known.outcome}, got {mutant.outcome or 'alive'}: {mutant.words}")
            if not mutant.outcome:
                mutant.outcome, mutant.detail = known.outcome, known.detail
    for mutant in mutants:
        if mutant.outcome not in ("killed", "equivalent"):
            say(f"left: {mutant.line()}")
    for words in wrong:
        say(words)
    say(f"{time.monotonic() - began:.0f} s")
    print(f"mutation: {summary(mutants)}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
