#include "sim/cli/conform_words.h"

#include <utility>

#include "sim/cli/command_parser.h"
#include "sim/cli/run_words.h"
#include "sim/engine/engine_choice.h"

namespace ringproof {
namespace {

constexpr const char* kConformFooter = R"(Examples:
  ringproof conform --engine rtl
      our own engine
  ringproof conform --engine mine --wave out/waves
      one that was built by ringproof_add_engine(NAME mine ...), with a waveform of each failure
  ringproof conform --engine ./mine.so --only rx --seed 7
      what concerns receiving, with other random traffic

docs/your-own-engine.md tells how to bring an engine along.

Exit status:
  0  all requirements passed
  1  some failed
  2  wrong use or input: an option, an engine that cannot be loaded)";

const CommandTexts& conform_texts() {
  static const CommandTexts kTexts = {
      "conform", "Usage: ringproof conform --engine NAME|PATH.so [options]",
      "Judges a queue engine by the requirements of docs/design/queue-engine.md, one by one.\n",
      kConformFooter, "no other words"};
  return kTexts;
}

}  // namespace

CommandLine parse_conform(std::vector<std::string> words) {
  std::string seed;
  CommandLine line;
  conform::ConformOptions& options = line.conform;
  CommandParser parser(conform_texts());
  parser.option("--engine", options.engine, "NAME|PATH.so", "What to judge",
                "an engine that comes with Ringproof (rtl or cycle), or was\nbuilt by ringproof_add_engine");
  parser.option("--only", options.only, "ID", "What to judge",
                "one requirement, or a group: what stands before the dot\n(default: all)");
  parser.option("--seed", seed, "N", "What to judge", "seed of all random traffic (default: 1)");
  parser.option("--wave", options.wave_dir, "DIR", "Results",
                "write a waveform DIR/ID.fst for each requirement that failed\n(default: none)");
  if (auto help = parser.parse(std::move(words))) {
    line.text = *std::move(help);
    return line;
  }
  parser.require_text("--engine", options.engine, "the name of an engine, such as rtl, or the path of one");
  if (parser.given("--only")) parser.require_text("--only", options.only, "the id of a requirement");
  if (parser.given("--wave")) parser.require_text("--wave", options.wave_dir, "a directory");
  if (parser.given("--wave") && options.engine == engine_name(EngineKind::kCycle)) {
    refuse("--wave", "an engine with waveforms", "the cycle engine, which has none");
  }
  if (parser.given("--seed")) options.seed = parse_seed(seed);
  line.command = Command::kConform;
  return line;
}

}  // namespace ringproof
