// one_socket.h: a machine with one socket that gets every frame of queue 0.
// Role     situation of most tests with the published testbench
// Errors   set-up that fails is a failure of the test
// Source   docs/testbench-api.md
#pragma once

#include <ringproof/testbench_gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "testbench/conformance/socket.h"

namespace ringproof::testbench {

class OneSocket : public testing::Test {
 protected:
  explicit OneSocket(const Options& options = {}) : machine(options) { open(); }
  ~OneSocket() override { close(); }

  void open() {
    machine.call([this] {
      socket.emplace();
      program = test::TestProgram::redirect_all(*socket);
    });
  }
  void close() {
    machine.call([this] {
      program.reset();
      if (socket.has_value()) socket->close();  // before its memory goes
      socket.reset();
    });
  }
  void give_buffers(UINT32 count) {
    machine.call([&] { EXPECT_EQ(socket->post_chunks(0, count), count); });
  }
  // What leaves next; nothing, if nothing does, which is a failure.
  Bytes next_frame(const Pattern& match = {}) {
    return machine.expect_frame(match).value_or(SentFrame{}).bytes;
  }
  void send(UINT32 k, const Bytes& frame) {
    machine.call([&] { socket->send(k, frame); });
  }
  std::vector<Bytes> received() {
    std::vector<Bytes> frames;
    machine.call([&] {
      for (const auto& buffer : socket->received()) frames.push_back(socket->bytes_of(buffer));
    });
    return frames;
  }
  std::vector<std::uint64_t> completed() {
    std::vector<std::uint64_t> chunks;
    machine.call([&] { chunks = socket->completed(); });
    return chunks;
  }

  TestMachine machine;
  std::optional<test::ReadySocket> socket;
  std::unique_ptr<test::TestProgram> program;
};

}  // namespace ringproof::testbench
