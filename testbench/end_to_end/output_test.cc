// Results that cannot be written: one line that names the place, nothing lost that could be kept, and no
// input replaced.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

class Output : public testing::Test {
 protected:
  // A device that is always full, by this name.
  void make_full(const std::string& name) const {
    std::filesystem::create_symlink("/dev/full", folder_.path(name));
  }
  void link(const std::string& file, const std::string& name) const {
    std::filesystem::create_hard_link(folder_.path(file), folder_.path(name));
  }
  std::string capture(const std::string& name) const {
    std::filesystem::copy_file(trace("dns-ping.pcap"), folder_.path(name));
    return folder_.path(name);
  }
  static Words replay(const std::string& capture, const Words& more) {
    Words words = {"replay", capture, "--app", "xskfwd"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static Words explore(const std::string& out,
                       const std::string& app = application("two_on_one_ring_wrong")) {
    return {"explore",     trace("udp-echo.pcapng"),
            "--app",       app,
            "--out",       out,
            "--frames",    "1-4",
            "--schedules", "60",
            "--failures",  "0"};
  }
  // A failure of its own, of a program that gets these arguments. Its file.
  std::string failure(const Words& arguments = {}) const {
    Words words = explore(folder_.path("explored"));
    if (!arguments.empty()) words.emplace_back("--");
    words.insert(words.end(), arguments.begin(), arguments.end());
    ringproof(words);
    return Json::parse(folder_.read("explored/explore.json"))["failures"][0]["file"].get<std::string>();
  }
  // One line and nothing else on stderr, which says this.
  static void one_line_says(const Outcome& outcome, const Words& said) {
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    for (const std::string& what : said)
      EXPECT_TRUE(says(outcome.err, what)) << what << " in: " << outcome.err;
    EXPECT_FALSE(says(outcome.err, "bug of ours")) << outcome.err;
  }
  // Before anything runs.
  static void refused(const Words& words, const Words& said) {
    const Outcome outcome = ringproof(words);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    one_line_says(outcome, said);
  }
  // A limit on the size of files stands in for a disk; a unit is half a KiB.
  Outcome with_small_files(const std::string& limit, const Words& words) const {
    std::string line = "trap '' XFSZ; ulimit -f " + limit + "; '" RINGPROOF_BINARY_DIR "/ringproof'";
    for (const std::string& word : words) line += " '" + word + "'";
    return shell(line);
  }

  const Folder folder_;
};

TEST_F(Output, AFullDiskEndsAVcdWaveformInALine) {
  make_full("x.vcd");
  const Outcome outcome = ringproof(replay(trace("dns-ping.pcap"), {"--wave", folder_.path("x.vcd")}));
  EXPECT_EQ(outcome.status, 2);
  one_line_says(outcome, {"--wave " + folder_.path("x.vcd") + ": expected a file that can be written",
                          "got: No space left on device"});
}

// At its beginning, and when all of it is written at the end.
TEST_F(Output, AFullDiskEndsAnFstWaveformInALine) {
  for (const char* limit : {"16", "400"}) {
    const Outcome outcome =
        with_small_files(limit, replay(trace("dns-ping.pcap"), {"--wave", folder_.path("x.fst")}));
    EXPECT_EQ(outcome.status, 2) << limit;
    one_line_says(outcome, {"--wave " + folder_.path("x.fst") + ": expected a file that can be written",
                            "got: File too large"});
    EXPECT_FALSE(folder_.has("x.fst")) << limit;
    EXPECT_FALSE(folder_.has("x.fst.hier")) << limit;
  }
}

// It is the only file that is longer than the limit.
TEST_F(Output, AWaveformThatCannotBeWrittenLeavesTheOtherResults) {
  const Outcome outcome = with_small_files(
      "400", replay(trace("dns-ping.pcap"), {"--wave", folder_.path("x.fst"), "--out", folder_.path()}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(says(outcome.out, "invariants")) << outcome.out;
  EXPECT_EQ(imbalance(folder_.stats()), 0);
  EXPECT_TRUE(folder_.has("tx.pcapng"));
  EXPECT_FALSE(folder_.has("x.fst"));
}

TEST_F(Output, AWaveformThatCannotBeMadeIsRefusedBySingleRunsAlike) {
  folder_.write("it.scenario.json", Json({{"schema", "ringproof.scenario/1"},
                                          {"engine", "rtl"},
                                          {"traffic", {{"shape", "steady"}, {"frames", 3}}},
                                          {"applications", {{{"app", "xskfwd"}, {"arguments", {"1"}}}}}})
                                        .dump());
  for (const char* name : {"none/x.vcd", "none/x.fst"}) {
    const std::string wave = folder_.path(name);
    const Words said = {"--wave " + wave + ": expected a file that can be written, got: No such file"};
    refused(replay(trace("dns-ping.pcap"), {"--wave", wave}), said);
    refused({"run", folder_.path("it.scenario.json"), "--wave", wave}, said);
  }
}

// The frames are written from within the SystemC kernel.
TEST_F(Output, AFullDiskEndsARunInALine) {
  make_full("tx.pcapng");
  const Outcome outcome =
      ringproof(replay(trace("mixed.pcapng"), {"--out", folder_.path(), "--max-time", "20ms"}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err, "ringproof: " + folder_.path("tx.pcapng") +
                             ": expected a file that can be written, got: No space left on device\n");
}

TEST_F(Output, AResultThatCannotBeWrittenCostsNoOther) {
  make_full("stats.json");
  const Outcome outcome = ringproof(replay(trace("udp-echo.pcapng"), {"--out", folder_.path()}));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(says(outcome.out, "invariants")) << outcome.out;
  one_line_says(outcome, {folder_.path("stats.json"), "No space left on device"});
  EXPECT_GT(read_packets(folder_.path("tx.pcapng")).size(), 0u);
}

// A program that is not there would be told first by a search.
TEST_F(Output, ExploreLooksAtTheFolderBeforeTheSearch) {
  folder_.write("file", "");
  std::filesystem::create_directories(folder_.path("out/explore.json/x"));
  refused(explore(folder_.path("out"), "no-such-app"), {"out/explore.json: expected a file"});
  refused(explore(folder_.path("file"), "no-such-app"), {"--out", "expected a directory"});
}

// An empty one too, and what an earlier run has left stays beside it.
TEST_F(Output, ADirectoryWithTheNameOfAResultStays) {
  const auto taken = [this](const std::string& folder, const std::string& name, const std::string& other) {
    std::filesystem::create_directories(folder_.path(folder + "/" + name));
    folder_.write(folder + "/" + other, "earlier");
    return Words{folder + "/" + name + ": expected a file that can be written, got: Is a directory"};
  };
  const auto stay = [this](const std::string& folder, const std::string& name, const std::string& other) {
    EXPECT_TRUE(std::filesystem::is_directory(folder_.path(folder + "/" + name))) << name;
    EXPECT_EQ(folder_.read(folder + "/" + other), "earlier") << name;
  };
  for (const auto& [name, other] :
       {std::pair("explore.json", "explore.junit.xml"), {"explore.junit.xml", "explore.json"}}) {
    refused(explore(folder_.path(name), "no-such-app"), taken(name, name, other));
    stay(name, name, other);
  }
  folder_.write("it.scenario.json", Json({{"schema", "ringproof.scenario/1"},
                                          {"traffic", {{"shape", "steady"}, {"frames", 3}}},
                                          {"applications", {{{"app", "xskfwd"}, {"arguments", {"1"}}}}}})
                                        .dump());
  const std::string failed = failure();
  for (const auto& [name, other] : {std::pair("stats.json", "tx.pcapng"), {"tx.pcapng", "stats.json"}}) {
    const Words said = taken(name, name, other);
    refused(replay(trace("dns-ping.pcap"), {"--out", folder_.path(name)}), said);
    refused(replay(trace("dns-ping.pcap"), {"--twice", "--out", folder_.path(name)}), said);
    refused({"run", folder_.path("it.scenario.json"), "--out", folder_.path(name)}, said);
    refused({"run", folder_.path("it.scenario.json"), "--free", "--out", folder_.path(name)}, said);
    refused({"replay-failure", failed, "--out", folder_.path(name)}, said);
    stay(name, name, other);
  }
}

TEST_F(Output, ExploreKeepsWhatItCan) {
  const std::string taken = std::filesystem::path(failure()).filename().string();
  std::filesystem::create_directories(folder_.path("again/" + taken));
  const Outcome outcome = ringproof(explore(folder_.path("again")));
  EXPECT_EQ(outcome.status, 2);
  one_line_says(outcome, {"again/" + taken + ": expected a file that can be written, got: Is a directory"});
  EXPECT_TRUE(says(outcome.out, "broke ")) << outcome.out;
  EXPECT_TRUE(folder_.has("again/explore.junit.xml"));
  const Json failures = Json::parse(folder_.read("again/explore.json"))["failures"];
  ASSERT_GT(failures.size(), 1u) << "it finds two things, so that one can be kept";
  for (const Json& failure : failures) {
    const auto file = failure["file"].get<std::string>();
    EXPECT_EQ(file.empty(), &failure == &failures[0]);
    EXPECT_TRUE(file.empty() || std::filesystem::is_regular_file(file)) << file;
  }
}

TEST_F(Output, ExploreOnAFullDiskStillSaysWhatItFound) {
  ringproof(explore(folder_.path()));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    const std::filesystem::path path = entry.path();
    std::filesystem::remove(path);
    std::filesystem::create_symlink("/dev/full", path);
  }
  const Outcome outcome = ringproof(explore(folder_.path()));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_TRUE(says(outcome.out, "broke ")) << outcome.out;
  one_line_says(outcome, {"got: No space left on device; ", " more cannot be written either"});
}

// A failure that does not come back would be told first.
TEST_F(Output, ShrinkLooksAtItsResultBeforeTheWork) {
  Json other = Json::parse(shell("cat '" + failure() + "'").out);
  other["broke"]["what"] = "INV-33";
  folder_.write("f.json", other.dump());
  const std::string file = folder_.path("f.json");
  refused({"shrink", file, "--out", folder_.path("none/x.json")}, {"none/x.json: expected a file"});
  refused({"shrink", file, "--out", folder_.path("explored")}, {"explored: expected a file", "directory"});
  std::filesystem::create_directory(folder_.path("empty"));
  refused({"shrink", file, "--out", folder_.path("empty")}, {"empty: expected a file", "directory"});
}

TEST_F(Output, NoResultReplacesWhatARunComesFrom) {
  const std::string in = capture("c.vcd");
  refused(replay(in, {"--wave", in}), {"--wave " + in + ": expected a file that is no input of the run"});
  folder_.write("nic.json", R"({"schema": "ringproof.nic/1", "ports": [{}]})");
  link("nic.json", "stats.json");
  refused(replay(in, {"--nic", folder_.path("nic.json"), "--out", folder_.path()}),
          {"whose stats.json is no input"});
  std::filesystem::create_symlink("c.vcd", folder_.path("tx.pcapng.partial"));
  refused(replay(in, {"--out", folder_.path()}), {"whose tx.pcapng is no input"});
  EXPECT_EQ(folder_.read("c.vcd"), shell("cat '" + trace("dns-ping.pcap") + "'").out);
}

TEST_F(Output, NoResultReplacesAScenario) {
  const Json scenario = {{"schema", "ringproof.scenario/1"},
                         {"engine", "rtl"},
                         {"traffic", {{"shape", "steady"}, {"frames", 3}}},
                         {"applications", {{{"app", "xskfwd"}, {"arguments", {"1"}}}}}};
  folder_.write("explore.json", scenario.dump());
  link("explore.json", "failure-7.json");
  link("explore.json", "x.fst");
  const std::string file = folder_.path("explore.json");
  refused({"explore", file, "--out", folder_.path()}, {"whose explore.json is no input"});
  refused({"run", file, "--wave", folder_.path("x.fst")}, {"--wave", "is no input"});
  std::filesystem::rename(file, folder_.path("s.json"));
  refused({"explore", folder_.path("s.json"), "--out", folder_.path()}, {"whose failure-7.json is no input"});
  EXPECT_EQ(folder_.read("s.json"), scenario.dump());
}

TEST_F(Output, NoResultReplacesAFailure) {
  const std::string file = failure();
  std::filesystem::copy_file(file, folder_.path("f.json"));
  link("f.json", "stats.json");
  const std::string text = folder_.read("f.json");
  const std::string linked = folder_.path("stats.json");
  refused({"replay-failure", linked, "--timeline", folder_.path("f.json")}, {"--timeline", "is no input"});
  refused({"replay-failure", folder_.path("f.json"), "--out", folder_.path()},
          {"whose stats.json is no input"});
  refused({"shrink", linked, "--out", folder_.path("f.json")}, {"--out", "is no input of the run"});
  refused({"shrink", linked, "--out", trace("udp-echo.pcapng")}, {"is no input of the run, got", "udp-echo"});
  EXPECT_EQ(folder_.read("f.json"), text);
}

TEST_F(Output, NoResultReplacesAnother) {
  const std::string out = folder_.path("out");
  refused({"replay-failure", failure(), "--out", out, "--timeline", out + "/../out/stats.json"},
          {"--timeline", "expected a place of its own", "--out " + out + " puts a result"});
  const std::string wave = folder_.path("x.vcd");
  refused({"replay-failure", failure(), "--wave", wave, "--timeline", wave}, {"expected a place of its own"});
}

TEST_F(Output, EveryCommandTellsThatNobodyTakesWhatItPrints) {
  const std::string file = failure();
  const std::string capture = trace("udp-echo.pcapng");
  for (const std::string& words :
       {std::string("--help"), std::string("--version"), std::string("explore --help"),
        std::string("conform --engine cycle --only registers"), "replay " + capture + " --app xskfwd",
        "explore " + capture + " --app xskfwd --frames 1-2 --schedules 3", "replay-failure " + file,
        "shrink " + file + " --time 1s --out " + folder_.path("small.json")}) {
    const Outcome outcome = shell("'" RINGPROOF_BINARY_DIR "/ringproof' " + words + " >/dev/full");
    EXPECT_EQ(outcome.status, 1) << words;
    EXPECT_TRUE(says(outcome.err, "ringproof: standard output: expected to be written, got: No space left"))
        << words << ": " << outcome.err;
  }
}

// More than the standard library keeps back.
TEST_F(Output, WhatIsLongIsToldAsWellWhenNobodyTakesIt) {
  const std::string file = failure({std::string(5000, 'x')});
  const Outcome outcome = shell("'" RINGPROOF_BINARY_DIR "/ringproof' shrink '" + file +
                                "' --time 1s --out '" + folder_.path("small.json") + "' >/dev/full");
  EXPECT_EQ(outcome.status, 1);
  one_line_says(outcome, {"ringproof: standard output: expected to be written, got: No space left"});
}

}  // namespace
}  // namespace ringproof::test
