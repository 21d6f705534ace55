#!/usr/bin/env python3
"""Lets every fault of docs/faults.md strike, one by one, in thousands of schedules.

usage: fault_campaign.py BUILD [--schedules N] [--only ID,…] [--out DIR] [-j N]

Each id that has a meaning strikes alone, in N schedules (10000) of programs that it can strike: often and weakly,
now and then, seldom and strongly. The last line says how many ids, schedules and violations there were, and which
ids never struck; status 1 when something broke or an id never struck. What broke is kept below DIR
(BUILD/fault_campaign), as files for `ringproof replay-failure` and `ringproof shrink`.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SCENARIOS = TOP / "testbench/scenarios/smoke"
TRACE = TOP / "traces/udp-echo.pcapng"

# Rate at each opportunity, and what the usual amounts are multiplied by.
STRENGTHS = [(0.5, 0.25), (0.05, 1), (0.005, 16)]


def programs(build):
    """By name: what is explored, how much of the schedules, and on which engine unless a fault asks for another.
    Together every fault can strike in them. Rings are lent to a device that has a clock."""
    waits = [str(TRACE), "--app", str(build / "tests/apps/waits.so"), "--frames", "1-10"]
    return {
        "echo": ([str(SCENARIOS / "echo_bursts.scenario.json")], 0.3, "functional"),
        "senders": ([str(SCENARIOS / "senders_take_turns.scenario.json")], 0.3, "functional"),
        "waits": (waits, 0.3, "functional"),
        "zero_copy": ([str(SCENARIOS / "zero_copy_queues.scenario.json")], 0.1, "cycle"),
    }


class Fault:
    """A row of the table of every fault."""

    def __init__(self, row):
        cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
        self.id, self.title, self.tolerance, parameters, where = cells
        self.nowhere = where.startswith("none:")
        self.engine = "rtl" if "(rtl only)" in where else None
        number = r"`(\w+)` (\d+)–(\d+) \((\d+)\)"
        self.parameters = {name: (int(least), int(most), int(usual))
                           for name, least, most, usual in re.findall(number, parameters)}

    def plan(self, rate, factor):
        record = {"id": self.id, "trigger": {"rate": rate}}
        amounts = {name: min(max(round(usual * factor), least), most)
                   for name, (least, most, usual) in self.parameters.items()}
        if amounts:
            record["parameters"] = amounts
        return {"schema": "ringproof.faults/1", "faults": [record]}


def every_fault():
    text = (TOP / "docs/faults.md").read_text(encoding="utf-8")
    return [Fault(row) for row in text.splitlines() if row.startswith("| F-")]


class Campaign:
    def __init__(self, options):
        self.options = options
        self.schedules = 0
        self.violations = 0
        self.never = []
        self.seed = 1

    def explore(self, fault, name, command, engine, strength, schedules):
        rate, factor = strength
        out = self.options.out / fault.id / f"{name}-{rate}"
        out.mkdir(parents=True, exist_ok=True)
        plan = out / "plan.json"
        plan.write_text(json.dumps(fault.plan(rate, factor), indent=1), encoding="utf-8")
        ahead, mark, arguments = command, [], []
        if "--" in command:
            at = command.index("--")
            ahead, mark, arguments = command[:at], ["--"], command[at + 1:]
        words = [str(self.options.build / "ringproof"), "explore", *ahead, "--engine", engine,
                 "--faults", str(plan), "--schedules", str(schedules), "--seed", str(self.seed),
                 "--failures", "0", "--out", str(out)]
        if self.options.jobs:
            words += ["-j", str(self.options.jobs)]
        self.seed += schedules
        done = subprocess.run(words + mark + arguments, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
        return json.loads((out / "explore.json").read_text(encoding="utf-8"))

    def strike(self, fault):
        schedules = violations = struck = excused = 0
        told = []
        for name, (command, share, engine) in programs(self.options.build).items():
            for strength in STRENGTHS:
                count = max(1, round(self.options.schedules * share / len(STRENGTHS)))
                result = self.explore(fault, name, command, fault.engine or engine, strength, count)
                schedules += result["schedules"]
                violations += result["failed_schedules"]
                excused += result["excused_ends"]
                struck += result["struck_in"].get(fault.id, 0)
                told += [f"    {each['what']} in {each['schedules']}: {each['message'][:200]}\n    {each['file']}"
                         for each in result["failures"]]
        print(f"{fault.id} {fault.tolerance}: struck in {struck} of {schedules} schedules, "
              f"{violations} broke, {excused} excused", *told, sep="\n", flush=True)
        self.schedules += schedules
        self.violations += violations
        if struck == 0:
            self.never.append(fault.id)

    def run(self):
        faults = [fault for fault in every_fault() if not fault.nowhere]
        if self.options.only:
            faults = [fault for fault in faults if fault.id in self.options.only.split(",")]
        for fault in faults:
            self.strike(fault)
        print(f"fault campaign: {len(faults)} ids, {self.schedules} schedules, {self.violations} violations, "
              f"never struck: {', '.join(self.never) or 'none'}")
        return 1 if self.violations or self.never else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--schedules", type=int, default=10000)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("-j", type=int, default=0, dest="jobs")
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.out = options.out or options.build / "fault_campaign"
    return Campaign(options).run()


if __name__ == "__main__":
    sys.exit(main())
