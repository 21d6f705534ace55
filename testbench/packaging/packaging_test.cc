// The package, installed into a folder that is moved afterwards, and used from outside.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

class Package : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    home_ = new Folder;
    const Outcome installed = shell(fmt::format("'{}' --install '{}' --prefix '{}'", RINGPROOF_CMAKE,
                                                RINGPROOF_BINARY_DIR, home_->path("first")));
    ASSERT_EQ(installed.status, 0) << installed.err;
    std::filesystem::rename(home_->path("first"), prefix());
    // The project of somebody else, away from this tree.
    std::filesystem::copy(source("testbench/packaging/outside"), home_->path("outside"));
    std::filesystem::copy(source("testbench/apps/behaviour/one_socket.h"),
                          home_->path("outside/one_socket.h"));
    home_->write("nic.json", R"({"schema": "ringproof.nic/1", "ports": [{"rx_queues": 1, "tx_queues": 1}]})");
  }
  static void TearDownTestSuite() { delete home_; }

  static std::string source(const std::string& name) { return RINGPROOF_SOURCE_DIR "/" + name; }
  static std::string prefix(const std::string& name = "") {
    return home_->path("moved") + (name.empty() ? "" : "/" + name);
  }
  static bool has(const std::string& name) { return std::filesystem::exists(prefix(name)); }
  // In the folder of the outside project.
  static Outcome outside(const std::string& line) {
    return shell("cd '" + home_->path("outside") + "' && " + line);
  }
  static std::string pkg_config(const std::string& what) {
    return " $(PKG_CONFIG_PATH='" + prefix("lib/pkgconfig") + "' pkg-config " + what + " ringproof) ";
  }
  // The installed command, on an installed capture.
  static Outcome replay(const std::string& app, const std::string& arguments, const Folder& results) {
    return outside(fmt::format("'{}' replay '{}' --nic ../nic.json --app {} --out '{}' -- {}",
                               prefix("bin/ringproof"), prefix("share/ringproof/traces/dns-ping.pcap"), app,
                               results.path(), arguments));
  }
  // What it must say and count when it takes ten frames.
  static void receives_ten(const std::string& app, const std::string& words) {
    const Folder results;
    const Outcome outcome = replay(app, "10", results);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(says(outcome.out, words)) << outcome.out;
    if (!results.has("stats.json")) return;
    EXPECT_GE(results.stats()["frames"]["to_sockets"], 10);
    EXPECT_EQ(imbalance(results.stats()), 0);
    EXPECT_EQ(results.stats()["invariants"]["violations"], 0);
  }
  static Outcome configure(const std::string& where, const std::string& options) {
    return outside(
        fmt::format("'{}' -G '{}' -S . -B {} {}", RINGPROOF_CMAKE, RINGPROOF_GENERATOR, where, options));
  }

  // Both sets of tests, as they were built into this folder.
  static void tests_pass_and_fail(const std::string& where) {
    const Outcome passing = outside(where + "/passing_tests");
    EXPECT_EQ(passing.status, 0) << passing.out << passing.err;
    const Outcome failing = outside(where + "/failing_tests");
    EXPECT_EQ(failing.status, 1) << failing.out << failing.err;
    for (const char* words :
         {"  1\n  2\n[  FAILED  ] Failing.ExpectationBesideAMachine",
          "  3\n  4\n[  FAILED  ] Failing.ExpectationInAThread",
          "one more frame that leaves: expected to come, got", "told by the thread\n[  FAILED  ]",
          "again: RINGPROOF_SCHEDULE=0 ./TEST_PROGRAM --gtest_filter=Failing.OneOfTheSchedules\n",
          "\n 5 FAILED TESTS\n"}) {
      EXPECT_TRUE(says(failing.out, words)) << words << "\n" << failing.out;
    }
  }

  static Folder* home_;
};
Folder* Package::home_ = nullptr;

TEST_F(Package, EveryPartIsInItsPlace) {
  for (const char* name :
       {"bin/ringproof", "lib/libringproof.so", "lib/libringproof.so.0", "lib/pkgconfig/ringproof.pc",
        "lib/cmake/ringproof/ringproof-config.cmake", "lib/cmake/ringproof/ringproof-config-version.cmake",
        "lib/cmake/ringproof/ringproof_app.cmake", "lib/ringproof/apps/xskfwd.so",
        "include/ringproof/afxdp.h", "include/ringproof/xdp/program.h",
        "include/ringproof/ringproof/testbench.h", "share/ringproof/traces/mixed.pcapng",
        "share/ringproof/scenario.schema.json", "share/ringproof/nic.schema.json",
        "share/doc/ringproof/README.md", "share/doc/ringproof/docs/applications.md",
        "share/bash-completion/completions/ringproof"}) {
    EXPECT_TRUE(has(name)) << name;
  }
}

TEST_F(Package, NothingOfItNamesTheFolderItCameFrom) {
  const Outcome found = shell(fmt::format("grep -rIl -e '{}' -e '{}' -e '{}' '{}'", RINGPROOF_SOURCE_DIR,
                                          RINGPROOF_BINARY_DIR, home_->path("first"), prefix()));
  EXPECT_EQ(found.status, 1) << found.out << found.err;
}

TEST_F(Package, TheCommandFindsBundledProgramsByName) {
  const Folder results;
  const Outcome outcome =
      shell(fmt::format("'{}' replay '{}' --app xskfwd --out '{}' -- 1 4", prefix("bin/ringproof"),
                        prefix("share/ringproof/traces/mixed.pcapng"), results.path()));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Outcome before =
      shell(fmt::format("'{}/ringproof' replay '{}' --app xskfwd -- 1 4 | grep -o 'result hash [0-9a-f]*'",
                        RINGPROOF_BINARY_DIR, trace("mixed.pcapng")));
  EXPECT_EQ("result hash " + results.stats()["result_hash"].get<std::string>() + "\n", before.out);
}

TEST_F(Package, ServesAProjectOfSomebodyElse) {
  const Outcome configured = configure("build", "-D CMAKE_PREFIX_PATH='" + prefix() + "'");
  ASSERT_EQ(configured.status, 0) << configured.err;
  const Outcome built = outside(fmt::format("'{}' --build build", RINGPROOF_CMAKE));
  ASSERT_EQ(built.status, 0) << built.out << built.err;

  receives_ten("build/receives.so", "received 10, from a library of its own\n");
  receives_ten("build/receives_in_thread.so", "received 10 in a thread\n");
  const Folder results;
  EXPECT_EQ(replay("build/for_windows.so", "", results).status, 0);
  const Outcome by_hand = replay("build/polls_by_hand.so", "", results);
  EXPECT_EQ(by_hand.status, 0) << by_hand.err;
  EXPECT_TRUE(says(by_hand.out, "saw the index move\n")) << by_hand.out;
  EXPECT_EQ(outside("./build/machine").out, "passed 1\n");
  tests_pass_and_fail("./build");

  const Outcome installed =
      outside(fmt::format("'{}' --install build --prefix '{}'", RINGPROOF_CMAKE, prefix()));
  ASSERT_EQ(installed.status, 0) << installed.err;
  receives_ten("receives", "received 10, from a library of its own\n");
}

TEST_F(Package, TheBuildFolderIsAPackageToo) {
  const Outcome configured = configure("from_build", "-D ringproof_DIR='" RINGPROOF_BINARY_DIR "'");
  ASSERT_EQ(configured.status, 0) << configured.err;
  const Outcome built =
      outside(fmt::format("'{}' --build from_build --target receives machine", RINGPROOF_CMAKE));
  ASSERT_EQ(built.status, 0) << built.out << built.err;
  receives_ten("from_build/receives.so", "received 10, from a library of its own\n");
  EXPECT_EQ(outside("./from_build/machine").out, "passed 1\n");
}

TEST_F(Package, ServesAProjectThatIsAllInC) {
  const Folder project;
  project.write("CMakeLists.txt",
                "cmake_minimum_required(VERSION 3.25)\nproject(plain C)\nfind_package(ringproof REQUIRED)\n"
                "ringproof_add_app(app SOURCES main.c)\nadd_executable(alone main.c)\n"
                "target_link_libraries(alone PRIVATE ringproof::ringproof)\n");
  project.write("main.c", "#include <afxdp_helper.h>\nint main(void) { return 0; }\n");
  const Outcome built = shell(fmt::format(
      "'{0}' -G '{1}' -S '{2}' -B '{3}' -D CMAKE_PREFIX_PATH='{4}' && '{0}' --build '{3}' && '{3}/alone'",
      RINGPROOF_CMAKE, RINGPROOF_GENERATOR, project.path(), project.path("build"), prefix()));
  EXPECT_EQ(built.status, 0) << built.out << built.err;
}

TEST_F(Package, RefusesWrongUseByName) {
  const auto refused = [](const std::string& call) {
    const Folder project;
    project.write("CMakeLists.txt",
                  "cmake_minimum_required(VERSION 3.25)\nproject(wrong NONE)\n" + call + "\n");
    // What it says is broken into lines.
    return shell(fmt::format(
                     "'{}' -G '{}' -S '{}' -B '{}' -D CMAKE_PREFIX_PATH='{}' 2>&1 | tr -s '[:space:]' ' '",
                     RINGPROOF_CMAKE, RINGPROOF_GENERATOR, project.path(), project.path("build"), prefix()))
        .out;
  };
  EXPECT_TRUE(says(refused("find_package(ringproof 9 REQUIRED)"), "requested version \"9\""));
  const std::string found = "find_package(ringproof REQUIRED)\n";
  EXPECT_TRUE(says(refused(found + "ringproof_add_app(mine WIN32)"),
                   "ringproof_add_app(mine): expected SOURCES, got none"));
  EXPECT_TRUE(says(refused(found + "ringproof_add_app(mine WINDOWS SOURCES mine.c)"),
                   "expected SOURCES, WIN32, INSTRUMENTED or LIBS, got \"WINDOWS\""));
}

TEST_F(Package, PkgConfigIsEnough) {
  const Outcome c = outside("cc -shared -fPIC receives.c greeting.c -o c.so" + pkg_config("--cflags --libs"));
  ASSERT_EQ(c.status, 0) << c.err;
  receives_ten("./c.so", "received 10, from a library of its own\n");
  const Outcome cxx =
      outside("c++ -std=c++17 -shared -fPIC receives_in_thread.cc -o cxx.so" + pkg_config("--cflags --libs"));
  ASSERT_EQ(cxx.status, 0) << cxx.err;
  receives_ten("./cxx.so", "received 10 in a thread\n");
  const Outcome test = outside("c++ -std=c++20 machine.cc -o machine" + pkg_config("--cflags --libs"));
  ASSERT_EQ(test.status, 0) << test.err;
  EXPECT_EQ(outside("./machine").out, "passed 1\n");
  for (const std::string tests : {"passing_tests", "failing_tests"}) {
    const Outcome built = outside(fmt::format("c++ -std=c++20 {0}.cc -o {0} {1} -lgtest -lgtest_main", tests,
                                              pkg_config("--cflags --libs")));
    ASSERT_EQ(built.status, 0) << built.err;
  }
  tests_pass_and_fail(".");
}

TEST_F(Package, PkgConfigKnowsSourceForWindows) {
  const std::string options = pkg_config("--variable=win32_cflags");
  EXPECT_NE(outside("cc -fsyntax-only for_windows.c").status, 0);
  const Outcome built =
      outside("cc -shared -fPIC" + options + "for_windows.c -o windows.so" + pkg_config("--cflags --libs"));
  ASSERT_EQ(built.status, 0) << built.err;
  const Folder results;
  EXPECT_EQ(replay("./windows.so", "", results).status, 0);
  EXPECT_TRUE(says(outside("echo" + options).out, "include/ringproof/win32 "));
}

// ---- what people read ----

std::vector<std::string> commands_of(const std::string& command) {
  std::string names =
      shell("'" + command + "' --help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'")
          .out;
  std::vector<std::string> result;
  for (std::size_t end = 0; (end = names.find('\n')) != std::string::npos; names.erase(0, end + 1)) {
    result.push_back(names.substr(0, end));
  }
  return result;
}

TEST_F(Package, EveryCommandHasAPage) {
  if (std::string(RINGPROOF_HELP2MAN).empty()) GTEST_SKIP() << "help2man is not installed";
  const std::vector<std::string> commands = commands_of(prefix("bin/ringproof"));
  EXPECT_GE(commands.size(), 5u);
  EXPECT_TRUE(has("share/man/man1/ringproof.1"));
  for (const std::string& command : commands) {
    const std::string page = home_->read("moved/share/man/man1/ringproof-" + command + ".1");
    EXPECT_TRUE(says(page, "\n.SH SYNOPSIS\n")) << command;
    EXPECT_FALSE(says(page, RINGPROOF_BINARY_DIR)) << command;
  }
}

TEST_F(Package, BashCompletesWhatTheCommandKnows) {
  const auto completed = [](const std::string& words, int at) {
    return shell(fmt::format(
                     "bash -c 'source \"{}\"; PATH=\"{}:$PATH\"; COMP_WORDS=({}); COMP_CWORD={}; _ringproof; "
                     "echo \"${{COMPREPLY[@]}}\"'",
                     prefix("share/bash-completion/completions/ringproof"), prefix("bin"), words, at))
        .out;
  };
  EXPECT_EQ(completed("ringproof re", 1), "replay replay-failure\n");
  EXPECT_EQ(completed("ringproof conform --e", 2), "--engine\n");
  EXPECT_EQ(completed("ringproof replay x.pcap --app xskf", 4), "xskfwd\n");
  EXPECT_EQ(completed("ringproof replay -- --", 3), "\n");
}

}  // namespace
}  // namespace ringproof::test
