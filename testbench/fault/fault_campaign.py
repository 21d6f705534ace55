#!/usr/bin/env python3
"""Lets every fault of docs/faults.md strike, one by one and by pairs of classes, in thousands of runs.

usage: fault_campaign.py BUILD [--runs N] [--pair-runs N] [--only WHAT,…] [--out DIR] [-j N]

Each id that has a meaning strikes alone, until it has struck in N runs (10000) of programs that it can strike:
often and weakly, now and then, seldom and strongly. Then swarms of faults strike, and after them all faults of two
classes, until each pair of classes has struck in N / 10 runs (--pair-runs). --only names ids and pairs
(F-DMA-07,LNK+DMA). -j is how many ids are at work at a time; what is run does not depend on it.

The last line says how many ids, pairs, schedules and violations there were, and what struck in too few runs; status
1 when something broke, or struck in too few. DIR (BUILD/fault_campaign) gets all figures as campaign.json, and what
broke as files for `ringproof replay-failure` and `ringproof shrink`.
"""

import argparse
import concurrent.futures
import dataclasses
import itertools
import json
import math
import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SCENARIOS = TOP / "testbench/scenarios/smoke"
TRACE = TOP / "traces/udp-echo.pcapng"

# Rate at each opportunity, and what the usual amounts are multiplied by.
STRENGTHS = [(0.5, 0.25), (0.05, 1), (0.005, 16)]
# A first round of a tenth of the runs says where a fault strikes in one run of so many at least: there it goes on.
TRIAL = 10
SELDOM = 5
# It ends when it has taken this many times the runs that were asked for.
PATIENCE = 40
# Swarms, in runs for each that every pair must have struck in.
SWARMS = 6
SEEDS_EACH = 10_000_000


@dataclasses.dataclass
class Program:
    name: str
    words: list  # what is explored
    share: float  # of the runs
    engine: str  # unless a fault asks for another


def programs(build):
    """Together every fault can strike in them. Rings are lent to a device that has a clock."""
    waits = [str(TRACE), "--app", str(build / "tests/apps/waits.so"), "--frames", "1-10"]
    return [
        Program("echo", [str(SCENARIOS / "short_echo.scenario.json")], 0.35, "functional"),
        Program("senders", [str(SCENARIOS / "short_senders.scenario.json")], 0.1, "functional"),
        Program("waits", waits, 0.25, "functional"),
        Program("loan", [str(SCENARIOS / "short_loan.scenario.json")], 0.15, "cycle"),
        Program("rtl", [str(SCENARIOS / "short_echo.scenario.json")], 0.1, "rtl"),
        Program("bursts", [str(SCENARIOS / "echo_bursts.scenario.json")], 0.05, "functional"),
    ]


class Fault:
    """A row of the table of every fault."""

    def __init__(self, row):
        cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
        self.id, self.title, self.tolerance, parameters, where = cells
        self.group = self.id.split("-")[1]
        self.nowhere = where.startswith("none:")
        self.engine = "rtl" if "(rtl only)" in where else None
        number = r"`(\w+)` (\d+)–(\d+) \((\d+)\)"
        self.parameters = {name: (int(least), int(most), int(usual))
                           for name, least, most, usual in re.findall(number, parameters)}

    def record(self, strength):
        rate, factor = strength
        record = {"id": self.id, "trigger": {"rate": rate}}
        amounts = {name: min(max(round(usual * factor), least), most)
                   for name, (least, most, usual) in self.parameters.items()}
        if amounts:
            record["parameters"] = amounts
        return record


def every_fault():
    text = (TOP / "docs/faults.md").read_text(encoding="utf-8")
    faults = [Fault(row) for row in text.splitlines() if row.startswith("| F-")]
    return [fault for fault in faults if not fault.nowhere]


@dataclasses.dataclass
class Part:
    """A program, and what strikes in it."""
    name: str
    program: Program
    engine: str
    faults: str  # for --faults
    share: float
    schedules: int = 0
    struck: int = 0


class Hunt:
    """Runs parts until what is wanted has struck in enough runs."""

    def __init__(self, options, title, number, counted, already=0):
        self.options = options
        self.title = title
        self.counted = counted  # the runs of an explore.json that count
        self.seed = number * SEEDS_EACH + 1
        self.out = options.out / title.replace(" ", "+")
        self.already = already  # struck in so many other runs
        self.struck = already
        self.schedules = self.violations = self.excused = 0
        self.told = []

    def plan(self, name, faults, strength):
        self.out.mkdir(parents=True, exist_ok=True)
        path = self.out / f"{name}.plan.json"
        plan = {"schema": "ringproof.faults/1", "faults": [fault.record(strength) for fault in faults]}
        path.write_text(json.dumps(plan, indent=1), encoding="utf-8")
        return str(path)

    def parts(self, faults):
        """Each program with each strength."""
        result = []
        for program in programs(self.options.build):
            here = [fault for fault in faults if fault.engine is None or program.engine != "functional"]
            engine = program.engine if here else "rtl"
            for strength in STRENGTHS:
                name = f"{program.name}-{strength[0]}"
                result.append(Part(name, program, engine, self.plan(name, here or faults, strength),
                                   program.share / len(STRENGTHS)))
        return result

    def explore(self, part, schedules):
        out = self.out / f"{part.name}-{self.seed}"
        words = [str(self.options.build / "ringproof"), "explore", *part.program.words, "--engine", part.engine,
                 "--faults", part.faults, "--schedules", str(schedules), "--seed", str(self.seed),
                 "--failures", "0", "-j", "1", "--out", str(out)]
        self.seed += schedules
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
        result = json.loads((out / "explore.json").read_text(encoding="utf-8"))
        struck = self.counted(result)
        part.schedules += result["schedules"]
        part.struck += struck
        self.struck += struck
        self.schedules += result["schedules"]
        self.violations += result["failed_schedules"]
        self.excused += result["excused_ends"]
        self.told += [f"    {each['what']} in {each['schedules']}: {each['message'][:200]}\n    {each['file']}"
                      for each in result["failures"]]
        return result

    def until(self, parts, runs):
        before, missing = self.struck, runs - self.struck
        while self.struck == before and self.schedules < PATIENCE * runs:
            for part in parts:
                self.explore(part, max(1, round(part.share * missing / TRIAL)))
        often = [part for part in parts if part.struck * SELDOM >= part.schedules]
        going = often or [part for part in parts if part.struck > 0]
        shares = sum(part.share for part in going)
        while going and self.struck < runs and self.schedules < PATIENCE * runs:
            missing = runs - self.struck
            for part in going:
                wanted = part.share / shares * missing * part.schedules / part.struck
                self.explore(part, max(1, math.ceil(min(wanted, PATIENCE * part.share * runs))))

    def line(self):
        swarms = f" and in {self.already} of the swarms" if self.already else ""
        text = (f"{self.title}: struck in {self.struck - self.already} of {self.schedules} schedules{swarms}, "
                f"{self.violations} broke, {self.excused} excused")
        return "\n".join([text, *self.told])

    def figures(self):
        return {"struck_in": self.struck, "schedules": self.schedules, "violations": self.violations,
                "excused_ends": self.excused}


class Campaign:
    def __init__(self, options):
        self.options = options
        self.faults = every_fault()
        groups = list(dict.fromkeys(fault.group for fault in self.faults))
        self.pairs = [f"{one} {other}" for one, other in itertools.combinations(groups, 2)]
        self.hunts = []
        self.too_few = []
        self.only = options.only.replace("+", " ").split(",") if options.only else None

    def wanted(self, names):
        """With their numbers, which do not depend on what else is wanted."""
        return [(number, name) for number, name in names if self.only is None or name in self.only]

    def strike_alone(self, number, fault):
        hunt = Hunt(self.options, fault.id, number, lambda result: result["struck_in"].get(fault.id, 0))
        hunt.until(hunt.parts([fault]), self.options.runs)
        return hunt

    def swarm(self, number, program):
        hunt = Hunt(self.options, f"swarm {program.name}", number, lambda result: result["schedules"])
        part = Part("swarm", program, program.engine, "swarm", 1)
        result = hunt.explore(part, max(1, round(SWARMS * self.options.pair_runs * program.share)))
        return hunt, result["struck_together"]

    def strike_together(self, number, pair, already):
        hunt = Hunt(self.options, pair, number, lambda result: result["struck_together"].get(pair, 0), already)
        if already < self.options.pair_runs:
            hunt.until(hunt.parts([fault for fault in self.faults if fault.group in pair.split()]),
                       self.options.pair_runs)
        return hunt

    def note(self, hunt, runs):
        print(hunt.line(), flush=True)
        self.hunts.append(hunt)
        if hunt.struck < runs:
            self.too_few.append(hunt.title)

    def run(self):
        together = dict.fromkeys(self.pairs, 0)
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            alone = self.wanted(enumerate(fault.id for fault in self.faults))
            for hunt in pool.map(lambda each: self.strike_alone(each[0], self.faults[each[0]]), alone):
                self.note(hunt, self.options.runs)
            pairs = self.wanted(enumerate(self.pairs, 100))
            swarms = list(enumerate(programs(self.options.build), 200)) if pairs else []
            for hunt, struck in pool.map(lambda each: self.swarm(*each), swarms):
                self.note(hunt, 0)
                for pair in self.pairs:
                    together[pair] += struck.get(pair, 0)
            for hunt in pool.map(lambda each: self.strike_together(*each, together[each[1]]), pairs):
                self.note(hunt, self.options.pair_runs)
        figures = {hunt.title: hunt.figures() for hunt in self.hunts}
        (self.options.out / "campaign.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        violations = sum(hunt.violations for hunt in self.hunts)
        print(f"fault campaign: {len(alone)} ids in {self.options.runs} runs each, {len(pairs)} pairs of classes in "
              f"{self.options.pair_runs}, {sum(hunt.schedules for hunt in self.hunts)} schedules, "
              f"{violations} violations, struck in too few: {', '.join(self.too_few) or 'none'}")
        return 1 if violations or self.too_few else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=10000)
    parser.add_argument("--pair-runs", type=int)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("-j", type=int, default=os.cpu_count(), dest="jobs")
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.out = options.out or options.build / "fault_campaign"
    options.pair_runs = options.pair_runs or max(1, options.runs // 10)
    return Campaign(options).run()


if __name__ == "__main__":
    sys.exit(main())
