// testbench_gtest.h: joins testbench.h to GoogleTest.
// Role     failures of a machine become failures of the test; EXPECT_… in an explored body becomes a failure
//          of its schedule
// Shapes   header only, so that libringproof.so needs no GoogleTest
// Threads  as in testbench.h
// Errors   RINGPROOF_SCHEDULE in the environment that is not a number fails the test
// Source   docs/testbench-api.md, "With GoogleTest"
#pragma once

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <string>

#include "ringproof/testbench.h"

namespace ringproof::testbench {

// A machine whose failures are those of the running test.
class TestMachine : public Testbench {
 public:
  explicit TestMachine(const Options& options = {}) : Testbench(options) {
    on_failure([](const std::string& message) { ADD_FAILURE() << message; });
  }
};

// For Exploring::collect.
inline std::string collect_expectations(const std::function<void()>& body) {
  testing::TestPartResultArray results;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    body();
  }
  std::string text;
  for (int i = 0; i < results.size(); ++i) {
    const testing::TestPartResult& result = results.GetTestPartResult(i);
    if (!result.failed()) continue;
    if (!text.empty()) text += "; ";
    const char* file = result.file_name() == nullptr ? "?" : result.file_name();
    text += std::string(file) + ":" + std::to_string(result.line_number()) + ": " + result.message();
  }
  return text;
}

// explore() with expectations of the body counted. With RINGPROOF_SCHEDULE=N in the environment only schedule
// N is run: the line that brings a failure back.
inline Exploration explore_expecting(Exploring exploring, const std::function<void(Testbench&)>& body) {
  exploring.collect = collect_expectations;
  if (const char* number = std::getenv("RINGPROOF_SCHEDULE")) {
    char* end = nullptr;
    exploring.only = std::strtoull(number, &end, 10);
    if (end == number || *end != '\0') {
      ADD_FAILURE() << "RINGPROOF_SCHEDULE: expected the number of a schedule, got \"" << number << '"';
    }
  }
  return explore(exploring, body);
}

// The line that brings a failed schedule of the running test back.
inline std::string reproduce_line(const FailedSchedule& failure) {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  if (test == nullptr) return "RINGPROOF_SCHEDULE=" + std::to_string(failure.schedule);
  return "RINGPROOF_SCHEDULE=" + std::to_string(failure.schedule) +
         " ./TEST_PROGRAM --gtest_filter=" + test->test_suite_name() + "." + test->name();
}

// Every schedule is expected to be fine.
inline void expect_all_schedules_pass(const Exploring& exploring,
                                      const std::function<void(Testbench&)>& body) {
  const Exploration found = explore_expecting(exploring, body);
  if (found.failed())
    ADD_FAILURE() << found.failure->story() << "  again: " << reproduce_line(*found.failure);
}

}  // namespace ringproof::testbench
