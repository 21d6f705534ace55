// Who hears what.

#include "model/base/tap.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>

namespace ringproof {
namespace {

class Named : public Tap {
 public:
  Named(std::string name, std::string& heard) : name_(std::move(name)), heard_(heard) {}
  void nic_dropped(std::uint32_t, std::uint64_t, DropReason) override { heard_ += name_ + " dropped "; }

 protected:
  const std::string name_;
  std::string& heard_;
};

class HearsMore final : public Named {
 public:
  using Named::Named;
  void frame_judged(const QueuePlace&, const Judgement&, Bytes) override { heard_ += name_ + " judged "; }
  void wire_in(std::uint32_t, std::uint64_t, Bytes) override { heard_ += name_ + " in "; }
};

class Taps : public testing::Test {
 protected:
  void drop() { taps.tell(&Tap::nic_dropped, std::uint32_t{0}, std::uint64_t{1}, DropReason::kRunt); }
  std::string heard;
  Tap deaf;
  Named first{"first", heard};
  HearsMore second{"second", heard};
  TapList taps;
};

TEST_F(Taps, EachHearsWhatItOverridesInOrder) {
  for (Tap* tap : {static_cast<Tap*>(&first), &deaf, static_cast<Tap*>(&second)}) taps.add(tap);
  for (int i = 0; i < 2; ++i) {
    drop();
    taps.tell(&Tap::wire_in, std::uint32_t{0}, std::uint64_t{1}, Tap::Bytes());
    taps.tell(&Tap::frame_judged, QueuePlace{}, Judgement{}, Tap::Bytes());
    taps.tell(&Tap::socket_closed, std::uint64_t{1});
  }
  const std::string once = "first dropped second dropped second in second judged ";
  EXPECT_EQ(heard, once + once);
}

TEST_F(Taps, AListenerThatComesLaterHearsFromThenOn) {
  taps.add(&first);
  drop();
  taps.add(&second);
  drop();
  EXPECT_EQ(heard, "first dropped first dropped second dropped ");
}

TEST_F(Taps, WithoutListenersNothingHappens) {
  drop();
  EXPECT_TRUE(taps.empty());
}

// An application may call exit(), and its handles are closed from there. (A process of its own, in which
// nobody was told anything before.)
TEST(TapsAtExit, AreToldWhenStaticObjectsAreGone) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto tell_a_listener = [] {
    std::string heard;
    Named tap("tap", heard);
    TapList taps;
    taps.add(&tap);
    taps.tell(&Tap::nic_dropped, std::uint32_t{0}, std::uint64_t{1}, DropReason::kRunt);
    if (heard != "tap dropped ") std::_Exit(1);
  };
  const auto leave = [&] {
    std::atexit(+tell_a_listener);
    tell_a_listener();
    std::exit(0);
  };
  EXPECT_EXIT(leave(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace ringproof
