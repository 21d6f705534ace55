#!/usr/bin/env python3
"""Makes the register map in three languages from registers.json.

usage: registers.py            writes what has changed
       registers.py --check    status 1 when something is not what registers.json says

nic_pkg.sv          SystemVerilog: register names as words of a block, values, and field positions
model/nic/registers.h   C++: addresses, offsets, values, and field masks
docs/design/queue-engine.md   the tables between its markers
"""

import argparse
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
WORD_BYTES = 4


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def number(text):
    return int(text, 0)


def read_map():
    """The description, with every mistake in it that would make two registers one."""
    path = HERE / "registers.json"
    registers = json.loads(path.read_text())
    problems = []

    def distinct(what, entries, key, limit):
        seen = {}
        for entry in entries:
            at = number(entry[key])
            end = at + WORD_BYTES * entry.get("count", 1)
            place = f"{path.name}: {what} {entry['name']}"
            if at % WORD_BYTES != 0 or end > limit:
                problems.append(f"{place}: expected a multiple of 4 below {limit:#x}, got {entry[key]}")
            for word in range(at, end, WORD_BYTES):
                if word in seen:
                    problems.append(f"{place}: expected a place of its own, got that of {seen[word]}")
                seen[word] = entry["name"]
            last = -1
            for field in entry.get("fields", []):
                if not last < field["low"] <= field["high"] < 32:
                    problems.append(f"{place}, {field['name']}: expected bits behind {last}, got {field['high']}:{field['low']}")
                last = field["high"]

    distinct("register", registers["global"], "address", number(registers["blocks"][0]["base"]))
    distinct("queue register", registers["queue"], "offset", number(registers["block_bytes"]))
    if problems:
        sys.exit("\n".join(problems))
    return registers


def bits(field):
    return f"{field['high']}:{field['low']}" if field["high"] > field["low"] else str(field["low"])


def hexadecimal(value, digits):
    return f"0x{value:0{digits}X}"


# ---- SystemVerilog ----


def systemverilog(registers):
    lines = [
        "// The register map, for the modules that know it.",
        "// Role     names of registers, values and fields; made by registers.py from registers.json",
        "// Units    a global register: byte address; a register of a queue: word in its block",
        "// Timing   none",
        "// Errors   none",
        '// Source   docs/design/queue-engine.md, "Registers"',
        "package nic_pkg;",
    ]
    for register in registers["global"]:
        address = number(register["address"])
        lines.append(f"  localparam logic [15:0] {camel(register['name'])}Address = 16'h{address:04X};")
        if "value" in register:
            value = number(register["value"])
            text = f"{value >> 16:04X}_{value & 0xFFFF:04X}"
            lines.append(f"  localparam logic [31:0] {camel(register['name'])}Value = 32'h{text};")
        if "count" in register:
            lines.append(f"  localparam int unsigned {camel(register['name'])}Words = {register['count']};")
    lines.append("")
    block_bits = number(registers["block_bytes"]).bit_length() - 1
    for block in registers["blocks"]:
        # Blocks of one direction: the bits above the number of the queue.
        base = number(block["base"]) >> block_bits + 6
        width = 16 - block_bits - 6
        lines.append(f"  localparam logic [{width - 1}:0] {camel(block['name'])}Blocks = {width}'b{base:0{width}b};  // address bits 15 to {16 - width}")
    lines.append("")
    for register in registers["queue"]:
        word = number(register["offset"]) // WORD_BYTES
        lines.append(f"  localparam logic [{block_bits - 3}:0] {camel(register['name'])} = {block_bits - 2}'d{word};")
    lines.append("")
    for register in registers["global"] + registers["queue"]:
        for field in register.get("fields", []):
            name = camel(register["name"]) + camel(field["name"])
            lines.append(f"  localparam int unsigned {name}Bit = {field['low']};")
    lines.append("endpackage")
    return "\n".join(lines) + "\n"


# ---- C++ ----


def cpp(registers):
    lines = [
        "// registers.h: the register map of the queue engine.",
        "// Role     addresses, offsets, values and fields; made by rtl/registers.py from rtl/registers.json",
        "// Shapes   a queue's registers lie in a block of kBlockBytes; a field is its mask, in place",
        "// Units    [bytes]",
        "// Errors   none",
        '// Source   docs/design/queue-engine.md, "Registers"',
        "#pragma once",
        "",
        "#include <cstdint>",
        "",
        "namespace ringproof::nic {",
        "",
    ]
    for register in registers["global"]:
        address = hexadecimal(number(register["address"]), 4)
        lines.append(f"constexpr std::uint32_t kRegister{camel(register['name'])} = {address};")
    for register in registers["global"]:
        if "value" in register:
            lines.append(f"constexpr std::uint32_t k{camel(register['name'])}Value = {hexadecimal(number(register['value']), 8)};")
    for register in registers["global"]:
        if "count" in register:
            lines.append(f"constexpr std::uint32_t k{camel(register['name'])}Words = {register['count']};")
    lines += ["", f"constexpr std::uint32_t kBlockBytes = {hexadecimal(number(registers['block_bytes']), 2)};"]
    for block in registers["blocks"]:
        name = block["name"].lower()
        base = hexadecimal(number(block["base"]), 4)
        lines.append(f"constexpr std::uint32_t {name}_block(std::uint32_t queue) {{ return {base} + kBlockBytes * queue; }}")
    lines += ["", "// Offsets in the block of a queue.", "enum QueueRegister : std::uint32_t {"]
    for register in registers["queue"]:
        lines.append(f"  k{camel(register['name'])} = {hexadecimal(number(register['offset']), 2)},")
    lines += ["};", ""]
    for register in registers["global"] + registers["queue"]:
        for field in register.get("fields", []):
            width = field["high"] - field["low"] + 1
            mask = ((1 << width) - 1) << field["low"]
            name = f"k{camel(register['name'])}{camel(field['name'])}"
            lines.append(f"constexpr std::uint32_t {name} = {hexadecimal(mask, 8)};")
    lines += ["", "}  // namespace ringproof::nic"]
    return "\n".join(lines) + "\n"


# ---- documentation ----


def meaning(register):
    text = register["meaning"]
    if "value" in register:
        text += f": {register['value']}"
    fields = [f"[{bits(field)}] `{field['name']}`: {field['meaning']}" for field in register.get("fields", [])]
    return "; ".join([text] + fields) if fields else text


def place(register):
    """Where it is: the first address, and the last of several words."""
    first = number(register["address"])
    last = first + WORD_BYTES * (register.get("count", 1) - 1)
    return hexadecimal(first, 4) if last == first else f"{hexadecimal(first, 4)} to {hexadecimal(last, 4)}"


def table(registers):
    size = number(registers["block_bytes"])
    lines = ["| address | name | access | meaning |", "|---|---|---|---|"]
    lines += [f"| {place(r)} | {r['name']} | {r['access']} | {meaning(r)} |" for r in registers["global"]]
    lines += [f"| {b['base']} + {size:#x}·q | {b['name']} block | | {b['meaning']}, see below |" for b in registers["blocks"]]
    lines += ["", "| offset | name | access | meaning |", "|---|---|---|---|"]
    lines += [f"| {r['offset']} | {r['name']} | {r['access']} | {meaning(r)} |" for r in registers["queue"]]
    return "\n".join(lines) + "\n"


def documentation(registers, text):
    begin, end = "<!-- registers: made by rtl/registers.py -->\n", "<!-- /registers -->\n"
    before, rest = text.split(begin)
    return before + begin + table(registers) + end + rest.split(end)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say what is not as described")
    check = parser.parse_args().check
    registers = read_map()
    page = TOP / "docs/design/queue-engine.md"
    wanted = {
        HERE / "nic_pkg.sv": systemverilog(registers),
        TOP / "model/nic/registers.h": cpp(registers),
        page: documentation(registers, page.read_text()),
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if check:
            print(f"{path.relative_to(TOP)}: expected what rtl/registers.json says; rtl/registers.py writes it")
        else:
            path.write_text(wanted[path])
            print(f"{path.relative_to(TOP)} written")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
