// Files that appear whole or not at all, and what is known of them before.

#include "sim/replay/whole_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "sim/replay/input_error.h"
#include "testbench/sim/folder.h"

namespace ringproof {
namespace {

class WholeFile : public testing::Test {
 protected:
  static std::string refusal(const std::function<void()>& action) {
    try {
      action();
    } catch (const InputError& error) {
      return error.what();
    }
    return {};
  }
  test::Folder folder_;
};

TEST_F(WholeFile, AFullDiskLeavesWhatWasThere) {
  const std::string path = folder_.write("f.json", "before");
  std::filesystem::create_symlink("/dev/full", path + ".partial");
  EXPECT_EQ(refusal([&] { write_whole_file(path, "after"); }),
            path + ": expected a file that can be written, got: No space left on device");
  EXPECT_EQ(folder_.read("f.json"), "before");
  write_whole_file(path, "after");
  EXPECT_EQ(folder_.read("f.json"), "after");
}

TEST_F(WholeFile, ADeviceIsWrittenIntoAndStays) {
  const std::string full = folder_.path("full"), gone = folder_.path("gone");
  std::filesystem::create_symlink("/dev/full", full);
  std::filesystem::create_symlink("/dev/null", gone);
  EXPECT_EQ(refusal([&] { write_whole_file(full, "text"); }),
            full + ": expected a file that can be written, got: No space left on device");
  write_whole_file(gone, "text");
  EXPECT_TRUE(std::filesystem::is_symlink(full));
  EXPECT_TRUE(std::filesystem::is_symlink(gone));
}

TEST_F(WholeFile, IsLookedAtBeforeThereIsAnythingToWrite) {
  const std::string none = folder_.path("none/f.json"), path = folder_.write("f.json", "before");
  EXPECT_EQ(refusal([&] { expect_writable(none); }),
            none + ": expected a file that can be written, got: No such file or directory");
  EXPECT_EQ(refusal([&] { expect_writable(folder_.root()); }),
            folder_.root() + ": expected a file that can be written, got: Is a directory");
  expect_writable(path);
  expect_writable(folder_.path("new.json"));
  EXPECT_EQ(folder_.read("f.json"), "before");
  EXPECT_FALSE(folder_.has("f.json.partial"));
  EXPECT_FALSE(folder_.has("new.json"));
}

}  // namespace
}  // namespace ringproof
