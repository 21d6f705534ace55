// The pcapng writer: what it writes reads back through libpcap, and nothing half written stays.

#include "sim/replay/pcapng_writer.h"

#include <gtest/gtest.h>
#include <pcap/pcap.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>

#include "sim/replay/capture.h"
#include "sim/replay/input_error.h"
#include "testbench/sim/folder.h"

namespace ringproof {
namespace {

using Bytes = std::vector<unsigned char>;

std::vector<nic::NicConfig> ports(std::vector<std::string> names) {
  std::vector<nic::NicConfig> configs(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) configs[i].name = names[i];
  return configs;
}

class Writer : public testing::Test {
 protected:
  std::string path() const { return folder_.path("tx.pcapng"); }
  test::Folder folder_;
};

TEST_F(Writer, WhatItWroteReadsBack) {
  PcapngWriter writer(path(), ports({"port1", "uplink"}));
  // Every remainder of the padding, and a time beyond 32 bits.
  for (std::size_t size = 60; size < 66; ++size) {
    writer.write(size % 2, 5'000'000'000 + size, Bytes(size, static_cast<unsigned char>(size)));
  }
  writer.finish();
  const Capture capture = read_capture(path());
  ASSERT_EQ(capture.frames.size(), 6u);
  EXPECT_EQ(capture.lost, 0u);
  EXPECT_EQ(capture.shortened, 0u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(capture.frames[i].time_ns, 5'000'000'060 + i);
    const auto bytes = capture.bytes(i);
    EXPECT_EQ(Bytes(bytes.begin(), bytes.end()), Bytes(60 + i, static_cast<unsigned char>(60 + i)));
  }
}

// draft-ietf-opsawg-pcapng, 4.3: epb_flags is option 2, with 1 for inbound and 2 for outbound.
TEST_F(Writer, SaysTheDirectionOfAFrameInItsFlags) {
  PcapngWriter writer(path(), ports({"p1"}));
  writer.write(0, 1, Bytes(64, 1), FrameDirection::kIn);
  writer.write(0, 2, Bytes(62, 2), FrameDirection::kOut);
  writer.finish();
  std::ifstream file(path(), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  using namespace std::string_literals;
  const auto ends_with_flags = [&](char filler, std::size_t pad, const std::string& flag) {
    return text.find(std::string(8, filler) + std::string(pad, '\0') + "\x02\0\x04\0"s + flag +
                     "\0\0\0\0\0\0\0"s) != std::string::npos;
  };
  EXPECT_TRUE(ends_with_flags(1, 0, "\x01"));
  EXPECT_TRUE(ends_with_flags(2, 2, "\x02"));
  EXPECT_EQ(read_capture(path()).frames.size(), 2u);
}

TEST_F(Writer, WritesTheDocumentedBytes) {
  std::vector<nic::NicConfig> one = ports({"p1"});
  one[0].gbps = 25;
  PcapngWriter writer(path(), one);
  writer.write(0, 0x1'0000'0002, Bytes{0xAA, 0xBB, 0xCC, 0xDD, 0xEE});
  writer.finish();
  const std::string expected(
      // section header: type, length 48, byte order, version 1.0, section length unknown, application, end
      "\x0a\x0d\x0d\x0a\x30\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
      "\x04\0\x09\0ringproof\0\0\0\0\0\0\0\x30\0\0\0"
      // interface: type 1, length 52, Ethernet, no limit, name, speed 25e9, resolution 10^-9, end
      "\x01\0\0\0\x34\0\0\0\x01\0\0\0\0\0\0\0\x02\0\x02\0p1\0\0\x08\0\x08\0\0\xba\x1d\xd2\x05\0\0\0"
      "\x09\0\x01\0\x09\0\0\0\0\0\0\0\x34\0\0\0"
      // frame: type 6, length 40, interface 0, time, 5 bytes of 5, padding
      "\x06\0\0\0\x28\0\0\0\0\0\0\0\x01\0\0\0\x02\0\0\0\x05\0\0\0\x05\0\0\0\xaa\xbb\xcc\xdd\xee\0\0\0\x28\0\0"
      "\0",
      48 + 52 + 40);
  EXPECT_EQ(folder_.read("tx.pcapng"), expected);
}

TEST_F(Writer, AFileWithoutAFrameIsStillOne) {
  PcapngWriter(path(), ports({"port1"})).finish();
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t* file = pcap_open_offline(path().c_str(), error);
  ASSERT_NE(file, nullptr) << error;
  EXPECT_EQ(pcap_datalink(file), DLT_EN10MB);
  pcap_pkthdr* header;
  const unsigned char* data;
  EXPECT_EQ(pcap_next_ex(file, &header, &data), PCAP_ERROR_BREAK) << pcap_geterr(file);
  pcap_close(file);
}

TEST_F(Writer, TheNameIsThereOnlyWhenTheFileIsWhole) {
  {
    PcapngWriter writer(path(), ports({"port1"}));
    writer.write(0, 1, Bytes(60, 1));
    EXPECT_TRUE(folder_.has("tx.pcapng.partial"));
    EXPECT_FALSE(folder_.has("tx.pcapng"));
    writer.finish();
    EXPECT_FALSE(folder_.has("tx.pcapng.partial"));
    EXPECT_TRUE(folder_.has("tx.pcapng"));
  }
  EXPECT_TRUE(folder_.has("tx.pcapng"));
}

TEST_F(Writer, AWriterThatWasGivenUpLeavesNothing) {
  { const PcapngWriter writer(path(), ports({"port1"})); }
  EXPECT_FALSE(folder_.has("tx.pcapng.partial"));
  EXPECT_FALSE(folder_.has("tx.pcapng"));
}

TEST_F(Writer, RefusesAPlaceThatCannotBeWritten) {
  try {
    const PcapngWriter writer(folder_.path("none/tx.pcapng"), ports({"port1"}));
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(), folder_.path("none/tx.pcapng") +
                                ": expected a file that can be written, got: No such file or directory");
  }
  // A name that is taken by a directory shows when the file gets it.
  std::filesystem::create_directory(path());
  PcapngWriter writer(path(), ports({"port1"}));
  EXPECT_THROW(writer.finish(), InputError);
  EXPECT_FALSE(folder_.has("tx.pcapng.partial"));
}

TEST_F(Writer, ReportsADiskThatIsFull) {
  // A limit on the size of files stands in for the disk.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  std::optional<std::string> line;
  try {
    PcapngWriter writer(path(), ports({"port1"}));
    const rlimit small = {100'000, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 1000; ++i) writer.write(0, 1, Bytes(1500, 1));
    writer.finish();
  } catch (const InputError& error) {
    line = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(line, path() + ": expected a file that can be written, got: File too large");
  EXPECT_FALSE(folder_.has("tx.pcapng.partial"));
  EXPECT_FALSE(folder_.has("tx.pcapng"));
}

// Whoever writes may stand anywhere in a run; whoever looks afterwards is told.
TEST_F(Writer, KeepsWhatWentWrongUntilSomebodyAsks) {
  std::filesystem::create_symlink("/dev/full", path());
  PcapngWriter writer(path(), ports({"port1"}));
  EXPECT_NO_THROW(writer.check());
  for (int i = 0; i < 1000; ++i) EXPECT_NO_THROW(writer.write(0, 1, Bytes(1500, 1)));
  EXPECT_THROW(writer.check(), InputError);
  EXPECT_THROW(writer.finish(), InputError);
}

// What is no file takes what comes, and stays what it is.
TEST_F(Writer, WritesIntoADevice) {
  std::filesystem::create_symlink("/dev/null", path());
  PcapngWriter writer(path(), ports({"port1"}));
  writer.write(0, 1, Bytes(60, 1));
  writer.finish();
  EXPECT_TRUE(std::filesystem::is_symlink(path()));
  EXPECT_FALSE(folder_.has("tx.pcapng.partial"));
}

}  // namespace
}  // namespace ringproof
