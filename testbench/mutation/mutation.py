#!/usr/bin/env python3
"""Mutants of the RTL, as Yosys lists them: played against the engine's random neighbour, and decided by proof if they live.

usage: mutation.py --player PROGRAM [--first N] [-j N] [--out FOLDER]   plays all of the list, or the first N
       mutation.py --player PROGRAM --write            the same, and writes what became of them; proofs stay
       mutation.py --player PROGRAM --open             plays the open ones again, decides who lives, and writes the list
       mutation.py --player PROGRAM --renew [COUNT]    draws the list anew, plays it, decides who lives, and writes it
       mutation.py --check                             the list can be read, and says whether it is of rtl/ as it is

The list is mutants.txt. A mutant inverts, fixes or conditionally changes one bit of one port of one cell of one module
(`yosys -p "help mutate"`), in every instance of the module. 1,000 of them are in one netlist, each made active by the
value of an input; the netlist is Verilated once, and used again while the mutants and rtl/ are the same. A mutant is
killed by the first pin that differs from the engine's in any cycle of the traffic. One that lives is equivalent if the
RTL leaves the value at its port undefined, so that any is as good, or if no state and no input of its module makes a
difference in outputs or next state, whatever the parts inside answer, or if that holds of the module joined with its
parts, or of each module that has it as a part, joined with it; rules of the modules (REQUIRE, CHECK) are assumed, which
simulation and proofs check, and of sizes that they are in range, which proofs do. One that lives through all seeds is
killed by a proof of its module (testbench/formal) that no longer goes through. Otherwise it is open: a hole in the tests,
or a proof that would need to know which states there are. Open ones count as not killed. Status 1 when the list is of
another rtl/ or the outcome is not what it says.
Drawing it anew takes two cores an hour, so --check forgives an older one and says so.
"""

import argparse
import collections
import concurrent.futures
import functools
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(TOP / "testbench" / "formal"))
import prove
LIST = HERE / "mutants.txt"
TOP_MODULE = "nic_queue_engine"
# Small FIFOs are full more often, and few tags are all under way. Of 64 queues, each has its turn too seldom to tell
# anything of the logic around it.
PARAMETERS = {"RxQueues": 8, "TxQueues": 8, "DescDepth": 8, "FramesMax": 16, "TxBufferBeats": 16,
              "ReadTags": 16}
SEED = 1
COUNT = 1000
PART = 1000
# What the netlist's library and its player have to have alike.
SHARED = ["testbench/mutation/netlist_engine.cc", "testbench/mutation/mutant_engine.h", "model/nic/queue_engine.h",
          "model/nic/engine_layout.h", "model/nic/rtl_pins.h"]
SELECT = "mutsel"
SELECT_BITS = 12
PROOF_SECONDS = 120  # of the processor, so that the outcome is the same on a machine that has other things to do
# Of inputs of a module, the largest value: proofs say so of the parts that answer (fetch_lookup, comp_lookup and
# size_in_range of nic_queue_config and nic_zero_copy).
LARGEST = {"nic_desc_fetch": {"cmd_log2_i": 16, "fetch_log2_i": 16}, "nic_rx_complete": {"comp_log2_i": 16}}
# What becomes of processes and memories: equal in all that cells are found in by name.
CELLS = ["opt_expr; opt_clean; opt_reduce; opt_merge; wreduce; opt_expr; opt_clean", "opt_mem; memory_collect; opt_clean"]
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


def place_of(cell, source):
    """A cell's kind and its source line, of which its name tells unless a choice was made of it; several may have them in
    common."""
    kind = re.sub(r"\$\d+(_\w+)?$", r"\1", cell)
    return f"{kind} {source}" if kind.startswith("$procmux") else kind


def places_of(text):
    """Of each cell of a design as Yosys writes it: module, name, place, and type."""
    module, source = None, ""
    for line in text.split("\n"):
        if line.startswith("module "):
            module = line.split()[1].removeprefix("\\")
        elif found := re.match(r"  attribute \\src \"(.*)\"$", line):
            source = "|".join(pathlib.Path(place).name for place in found[1].split("|"))
        elif found := re.match(r"  cell \\?(\S+) \\?(\S+)$", line):
            yield module, found[2], place_of(found[2], source), found[1]
            source = ""
        elif line and not line.startswith("  attribute "):
            source = ""


def in_order(cells):
    return sorted(cells, key=lambda cell: int(re.search(r"\d*$", cell)[0] or 0))


def kind_of(module):
    """The name in the source, of that of a module with its parameters."""
    return re.search(r"nic_[a-z_]+", module)[0]


def stamp_of(*words):
    return hashlib.sha256("\n".join(map(str, words)).encode()).hexdigest()


def is_kept(path, stamp):
    return path.is_file() and path.read_text() == stamp


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
        *CELLS,
    ] + ([] if rules else ["chformal -remove; opt_clean"])


def yosys(lines, folder, name, check=True, seconds=None):
    script = folder / f"{name}.ys"
    script.write_text("\n".join(lines) + "\n")
    limit = ["prlimit", f"--cpu={seconds}"] if seconds else []
    run = subprocess.run([*limit, "yosys", "-s", str(script)], cwd=TOP, capture_output=True, text=True)
    if check and run.returncode != 0:
        sys.exit(f"mutation: {run.stderr.strip()[-500:]} ({script})")
    return run.stdout + run.stderr


def width_of(text, module, cell, port):
    """Bits of a port of a cell that says so; 0: it does not."""
    module = re.search(rf"^module \\?{re.escape(module)}\n(.*?)^end$", text, re.DOTALL | re.MULTILINE)[1]
    cell = re.search(rf"^  cell \S+ \\?{re.escape(cell)}\n(.*?)^  end$", module, re.DOTALL | re.MULTILINE)[1]
    found = re.search(rf"^    parameter \\({port}_)?WIDTH (\d+)$", cell, re.MULTILINE)
    return int(found[2]) if found and port in "ABY" else 0


class Mutant:
    """One line of the list: outcome, its particulars, and the words for Yosys."""

    def __init__(self, words, outcome="", detail="-"):
        self.words, self.outcome, self.detail = words, outcome, detail

    def option(self, name):
        return re.search(rf"-{name} (\S+)", self.words)[1]

    @property
    def module(self):
        return self.option("module")

    @property
    def cell(self):
        return self.option("cell")

    @property
    def port(self):
        return self.option("port")

    def command(self, value, bits=SELECT_BITS):
        return f"mutate -ctrl {SELECT} {bits} {value} {self.words}"

    def line(self):
        return f"{self.outcome}\t{self.detail}\t{self.words}"


class Design:
    """The elaborated engine, kept as two files: for netlists, and with rules for proofs."""

    def __init__(self, folder):
        self.folder, self.lock = folder, threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self.plain, self.ruled = folder / "engine.il", folder / "ruled.il"
        kept = folder / "kept"
        self.stamp = stamp_of(fingerprint(), *prelude(), *prelude(rules=True))
        if not is_kept(kept, self.stamp):
            yosys(prelude() + [f"write_rtlil {self.plain}"], folder, "plain")
            yosys(prelude(rules=True) + [f"write_rtlil {self.ruled}"], folder, "ruled")
            kept.write_text(self.stamp)
        self.read_elaborated()

    def read_elaborated(self):
        """Module, cell and its type, of every part inside a module; and the ports at which nothing is defined."""
        text = self.plain.read_text()
        places = list(places_of(text))
        self.instances = [(module, cell, kind) for module, cell, _, kind in places if "nic_" in kind]
        self.place = {(module, cell): place for module, cell, place, _ in places}
        self.undefined, self.made, self.given, module, inside = set(), {}, {}, None, None
        for line in text.split("\n"):
            if line.startswith("module "):
                module = line.split()[1].removeprefix("\\")
            elif found := re.match(r"  cell \S+ \\?(\S+)$", line):
                inside = found[1]
                self.given[module, inside] = set()
            elif found := re.match(r"    connect \\(\S+) \d+'x+$", line):
                self.undefined.add((module, inside, found[1]))
            elif found := re.match(r"    connect \\(\S+) (.*)$", line):
                self.given[module, inside].update(found[2].split())
                if found[1] == "Y":
                    self.made[module, inside] = found[2]

    def draw(self, count):
        drawn = self.folder / "drawn.txt"
        more = max(count, COUNT) + max(count, COUNT) // 8  # shorter lists are the beginning of the usual one
        kept, stamp = self.folder / "drawn-kept", stamp_of(self.stamp, more, SEED)
        if not is_kept(kept, stamp):
            yosys([f"read_rtlil {self.plain}", f"mutate -list {more} -seed {SEED} -o {drawn}"], self.folder, "draw")
            kept.write_text(stamp)
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

    def parents(self, kind):
        return sorted({owner for owner, _, part in self.instances if part == kind})

    def parts(self, module):
        return [(cell, kind) for owner, cell, kind in self.instances if owner == module]

    def readers(self, module, cell):
        """The kinds of the parts that are given what the cell makes, as it is."""
        made = self.made.get((module, cell))
        return {kind for owner, part, kind in self.instances if owner == module and made in self.given[module, part]}

    def apart(self, module, joined, prefix=""):
        """The cells that stay parts when those of the kinds `joined` have become one with the module, by full name."""
        for cell, kind in self.parts(module):
            if kind in joined:
                yield from self.apart(kind, joined, f"{prefix}{cell}.")
            else:
                yield prefix + cell

    def flatten(self, module, joined):
        """Parts of parts first."""
        cells = [(cell, kind) for cell, kind in self.parts(module) if kind in joined]
        lines = [line for kind in sorted({kind for _, kind in cells}) for line in self.flatten(kind, joined)]
        return lines + ([f"flatten {' '.join(f'{module}/c:{cell}' for cell, _ in cells)}"] if cells else [])

    def ruled_of(self, module):
        """One module with its parts: a tenth of the engine, which is read for each proof."""
        with self.lock:
            stamp = stamp_of(self.stamp, module, sorted(LARGEST.items()))
            path, kept = self.folder / f"ruled-{stamp[:12]}.il", self.folder / f"ruled-{stamp[:12]}.kept"
            if not is_kept(kept, stamp):
                yosys([f"read_rtlil {self.ruled}", f"hierarchy -top {module}", f"write_rtlil {path}"], self.folder, "ruled-of")
                path.write_text(with_ranges(path.read_text()))
                kept.write_text(stamp)
            return path

    def proof(self, mutant, module, joined):
        """Both sides are one module with the select input fixed, so that all names match. Registers are cut: the
        present state is an input, the next one an output. Memories and the parts inside are cut at their ports."""
        cells = " ".join(f"gold/c:{cell}" for cell in self.apart(module, joined))
        return [
            f"read_rtlil {self.ruled_of(module)}",
            mutant.command(1, 1),
            f"hierarchy -top {module}",
            *self.flatten(module, joined),
            f"blackbox * {module} %d",  # of what stays apart only the ports count
            f"techmap -map {HERE / 'cut_memory.v'}",
            "rename -enumerate",
            f"opt_clean; rename {module} gold",
            "select -set outputs gold/o:*",
            "expose -evert-dff gold",
            "delete -output gold/o:* @outputs %d gold/o:*.d %d",
            *([f"expose -evert {cells}"] if cells else []),
            # Parts that have the mutant as a part of theirs get the select input; the proof over them is another.
            f"delete -output gold/o:*.{SELECT}",
            f"delete -input gold/{SELECT}",
            "copy gold gate",
            "chformal -assume -remove gate",
            f"cd gold; connect -set {SELECT} 1'0; cd ..; cd gate; connect -set {SELECT} 1'1; cd ..",
            "opt_expr; opt_clean gate",
            "miter -equiv -make_outputs gold gate miter; flatten miter; hierarchy -top miter",
            "opt_expr; opt_merge -share_all; opt_clean; opt_expr; opt_merge -share_all; opt_clean",
            "sat -set-assumes -prove trigger 0 miter",
        ]

    def ways(self, mutant):
        """In which modules, joined with which parts, a proof may succeed; the cheap ones first. A mutant at a port of a
        part is one of that part as well."""
        module = mutant.module
        own = {kind for cell, kind in self.parts(module) if cell == mutant.cell} or self.readers(module, mutant.cell)
        inside = own if module == TOP_MODULE else {kind for _, kind in self.parts(module)}
        yield "alone", [(module, set())]
        if inside:
            yield "with-parts", [(module, inside)]
        if module != TOP_MODULE:
            yield "in-place", [(owner, {module}) for owner in self.parents(module)]
            if inside:
                yield "in-place-with-parts", [(owner, {module, *inside}) for owner in self.parents(module)]


def with_ranges(text):
    """Assumes LARGEST of the modules of a design as Yosys writes it."""

    def ranged(module):
        cells = "".join(f"""  wire $range${port}
  cell $le $range$le${port}
    parameter \\A_SIGNED 0
    parameter \\B_SIGNED 0
    parameter \\A_WIDTH 5
    parameter \\B_WIDTH 5
    parameter \\Y_WIDTH 1
    connect \\A \\{port}
    connect \\B 5'{largest:05b}
    connect \\Y $range${port}
  end
  cell $assume $range$assume${port}
    connect \\A $range${port}
    connect \\EN 1'1
  end
""" for port, largest in LARGEST.get(kind_of(module[1]), {}).items())
        return f"{module[0][:-len('end')]}{cells}end"

    return re.sub(r"^module (\S*nic_\S*)\n.*?^end$", ranged, text, flags=re.DOTALL | re.MULTILINE)


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


def tool(command, folder, out=subprocess.PIPE):
    words = [str(word) for word in command]
    run = subprocess.run(words, cwd=folder, stdout=out, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        said = (run.stderr or run.stdout or "no word").strip()[-800:]
        sys.exit(f"mutation: {' '.join(words[:2])} in {folder}: {said}")
    return run.stdout


def library(netlist, folder, jobs):
    """The netlist as something that the player loads."""
    tool(["verilator", "--cc", *FLAGS, netlist, "--top-module", TOP_MODULE, "--prefix", "Vmutants", "--Mdir", "model"], folder)
    root = pathlib.Path(tool(["verilator", "--getenv", "VERILATOR_ROOT"], folder).strip()) / "include"
    options = ["c++", "-std=c++20", "-fPIC", "-fvisibility=hidden", "-Imodel", f"-I{TOP}", "-isystem", root, "-isystem",
               root / "vltstd", "-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TRACE=0",
               f"-DRINGPROOF_NETLIST_QUEUES={PARAMETERS['RxQueues']}"]
    files = [*sorted((folder / "model").glob("*.cpp")), root / "verilated.cpp", root / "verilated_threads.cpp"]
    # What is done once for an engine need not be fast.
    commands = [[*options, "-O0" if "__Slow" in name.name else "-O1", "-w", "-c", name, "-o", f"model/{name.name}.o"]
                for name in files]
    commands.append([*options, "-O1", "-Wall", "-Wextra", "-Werror", "-c", HERE / "netlist_engine.cc", "-o", "model/engine.o"])
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda command: tool(command, folder), commands))
    made = folder / "mutants.so"
    tool(["c++", "-shared", "-o", made, *[command[-1] for command in commands], "-lpthread"], folder)
    return made


class Part:
    """Mutants of one netlist, made unless it is there already. A list that is the beginning of the usual one has the
    netlist of that, so that it can grow."""

    def __init__(self, design, mutants, arguments):
        self.mutants, self.jobs, self.player = mutants, arguments.jobs, arguments.player.resolve()
        usual = design.draw(COUNT)[:PART]
        if [mutant.words for mutant in mutants] == [mutant.words for mutant in usual[:len(mutants)]]:
            mutants = usual
        shared = ((TOP / name).read_text() for name in SHARED)
        stamp = stamp_of(design.stamp, *FLAGS, *shared, *(mutant.words for mutant in mutants))
        self.folder = design.folder / f"part-{stamp[:12]}"
        self.library, kept = self.folder / "mutants.so", self.folder / "kept"
        if is_kept(kept, stamp):
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        library(design.netlist(mutants, self.folder), self.folder, self.jobs)
        shutil.rmtree(self.folder / "model")
        kept.write_text(stamp)
        say(f"netlist of {len(mutants)} mutants compiled")

    def play(self, which, seeds, cycles):
        """Sets the outcome of those that the traffic kills, of those asked for. What this player has found out before,
        perhaps in a run that was broken off, is in a file."""
        found = self.folder / f"played-{stamp_of(hashlib.sha256(self.player.read_bytes()).hexdigest(), cycles)[:12]}.txt"
        asked = [number for number, mutant in enumerate(self.mutants, 1) if which(mutant)]
        known = self.read(found, seeds)
        left = [number for number in asked if number not in known]
        shares = [left[first::self.jobs] for first in range(self.jobs)]
        with found.open("a") as out, concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            list(pool.map(lambda share: tool([self.player, self.library, *seeds, cycles, *share], self.folder, out),
                          filter(None, shares)))
        known = self.read(found, seeds)
        for number in asked:
            if known[number] != "lives":
                self.mutants[number - 1].outcome, self.mutants[number - 1].detail = "killed", known[number]
        say(f"seeds {seeds[0]} to {seeds[1]}: {sum(known[number] != 'lives' for number in asked)} of {len(asked)} killed")

    @staticmethod
    def read(found, seeds):
        """What became of mutants by number: "lives" if all the seeds were played to it."""
        known = {}
        for line in found.read_text().split("\n") if found.is_file() else []:
            number, seed, cycle, pin = line.split() if line else (0, 0, 0, "lives")
            if pin != "lives":
                known[int(number)] = f"{seed}:{cycle}:{pin}"
            elif int(seed) == seeds[1]:
                known.setdefault(int(number), "lives")
        return known


def proved(design, mutant, module, joined, number):
    lines = design.proof(mutant, module, joined)
    text = yosys(lines, design.folder, f"proof-{number}", check=False, seconds=PROOF_SECONDS)
    return "SAT proof finished - no model found: SUCCESS" in text


def decide(design, mutant, number):
    """Where the value is undefined, any is as good; else in the module alone; if that is not enough, in each module
    that has it as a part, joined with that one."""
    if (mutant.module, mutant.cell, mutant.port) in design.undefined:
        mutant.outcome, mutant.detail = "equivalent", "undefined"
        return
    for kind, where in design.ways(mutant):
        if all(proved(design, mutant, module, joined, number) for module, joined in where):
            mutant.outcome, mutant.detail = "equivalent", kind
            return


def proofs_of(module):
    """What the quicker of the solvers proves; the quickest proof first."""
    proofs, _ = prove.read_lists(edits=False)
    of_kind = [proof for proof in proofs if proof["module"] == kind_of(module)]
    return sorted(((min(proof["solvers"], key=proof["seconds"].get), proof) for proof in of_kind),
                  key=lambda one: one[1]["seconds"][one[0]])


def counterpart(design, mutant, proof, folder):
    """The mutant's words for what a proof reads: its cell is the one of the same kind and line, or of several the one in
    the same place. What has a bit for each queue or tag has fewer where there are fewer; they are counted round. None:
    there are not as many cells."""
    place, found = design.place[mutant.module, mutant.cell], folder / "cells.il"
    prove.build(proof, folder, edits=[*CELLS, f"write_rtlil {found}"])
    text = found.read_text()
    there = [(module, cell) for module, cell, where, _ in places_of(text)
             if where == place and re.search("nic_", module) and kind_of(module) == kind_of(mutant.module)]
    here = in_order(cell for (module, cell), where in design.place.items() if module == mutant.module and where == place)
    if len({module for module, _ in there}) != 1 or len(there) != len(here):
        return None
    module, cell = there[0][0], in_order(cell for _, cell in there)[here.index(mutant.cell)]
    words = mutant.words.replace(mutant.module, module).replace(mutant.cell, cell)
    if width := width_of(text, module, cell, mutant.port):
        words = re.sub(r"(bit) (\d+)", lambda bit: f"{bit[1]} {int(bit[2]) % width}", words)
    return words


@functools.cache
def goes_through(name, solver, folder):
    """Whether a proof holds when memories and cells are as mutants are told."""
    proof = next(proof for proof in prove.read_lists(edits=False)[0] if proof["name"] == name)
    try:
        model, _, _ = prove.build(proof, folder, edits=CELLS)
        prove.prove(proof, solver, model)
    except prove.Failed as error:
        say(f"the proof {name} refutes nothing: {error}")
        return False
    return True


def refute(design, mutant, number):
    """Whether a proof of the module no longer goes through: of all states, not only of those that traffic reaches."""
    for solver, proof in proofs_of(mutant.module):
        if not goes_through(proof["name"], solver, design.folder / f"whole-{proof['name']}"):
            continue
        folder = design.folder / f"refute-{number}"
        try:
            found = counterpart(design, mutant, proof, folder)
            if found is None:
                continue
            model, _, _ = prove.build(proof, folder, edits=[*CELLS, f"mutate {found}"])
        except prove.Failed:  # not as many bits to tell apart
            continue
        if prove.breaks(proof, solver, model):
            mutant.outcome, mutant.detail = "killed", f"proof:{proof['name']}"
            return


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
        f"# played with seeds 1 to {arguments.seeds}, {arguments.cycles} cycles each; killed SEED:CYCLE:PIN or proof:NAME",
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
                 sorted({kind_of(mutant.module) for mutant in mutants} - modules)]
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
    parser.add_argument("--open", action="store_true", help="of the list, those that are open, which are decided again")
    parser.add_argument("--write", action="store_true", help="the list with what became of its mutants")
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
    if arguments.write and (arguments.first or arguments.open or arguments.renew is not None):
        parser.error("expected --write with all of the list")
    missing = [name for name in ("yosys", "verilator", "yosys-smtbmc", "z3", "cvc5") if shutil.which(name) is None]
    if missing:
        sys.exit(f"mutation: {', '.join(missing)} not found")
    if arguments.renew is None:
        check(forgiving=False)
        listed = read_list()[0][:arguments.first]
    began = time.monotonic()
    design = Design(arguments.out.resolve())
    if arguments.renew is not None:
        mutants = design.draw(arguments.renew)
    elif arguments.open:
        mutants = [Mutant(known.words, known.outcome.replace("open", ""), known.detail) for known in listed]
    else:
        mutants = [Mutant(known.words, "", known.detail if known.outcome == "open" else "-") for known in listed]
    writes = arguments.renew is not None or arguments.open or arguments.write
    parts = [Part(design, mutants[first:first + PART], arguments) for first in range(0, len(mutants), PART)]

    def alive(mutant):
        return not mutant.outcome

    def each_alive(what):
        living = [(number, mutant) for number, mutant in enumerate(mutants, 1) if alive(mutant)]
        say(f"{len(living)} live, proofs begin")
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            list(pool.map(lambda item: what(design, item[1], item[0]), living))

    # Who lives through the first seed is more often equivalent than not; that is known sooner by proof.
    for part in parts:
        part.play(alive, (1, 1), arguments.cycles)
    decides = arguments.renew is not None or arguments.open
    if decides:
        each_alive(decide)
    else:
        for mutant, known in zip(mutants, listed):
            if alive(mutant) and (known.outcome == "equivalent" or known.detail.startswith("proof:")):
                mutant.outcome, mutant.detail = known.outcome, known.detail
    for part in parts:
        part.play(alive, (2, arguments.seeds), arguments.cycles)
    if decides:
        each_alive(refute)
    for mutant in mutants:
        if alive(mutant):
            mutant.outcome = "open"
    wrong = []
    if arguments.renew is None:
        for mutant, known in zip(mutants, listed):
            if known.outcome == "equivalent" and mutant.outcome == "killed":
                sys.exit(f"mutation: the proof that it is equivalent is wrong: {mutant.words}")
            if mutant.outcome != known.outcome:
                wrong.append(f"expected {known.outcome}, got {mutant.outcome}: {mutant.words}")
    if writes:
        write_list(mutants, arguments)
    for mutant in mutants:
        if mutant.outcome not in ("killed", "equivalent"):
            say(f"left: {mutant.line()}")
    for words in wrong:
        say(words)
    say(f"{time.monotonic() - began:.0f} s")
    print(f"mutation: {summary(mutants)}")
    sys.exit(1 if wrong and not writes else 0)


if __name__ == "__main__":
    main()
