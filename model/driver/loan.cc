#include "model/driver/loan.h"

#include <utility>

#include "model/nic/engine_layout.h"

namespace ringproof::driver {

Loan::Loan(nic::Device& device, Host& host, std::uint32_t vector, LentRings& rings,
           std::function<bool()> may_hand_over)
    : device_(device),
      host_(host),
      vector_(vector),
      rings_(rings),
      first_(rings.first()),
      second_(rings.second()),
      memory_(rings.memory()),
      may_hand_over_(std::move(may_hand_over)),
      published_first_(first_.start),
      published_second_(second_.start),
      coming_second_(published_second_),
      handed_over_(published_first_) {
  const auto map = [&](const LentRing& ring, nic::DmaRight right) {
    return device_.memory().map(ring.elements, std::uint64_t{ring.entries} * ring.entry_bytes, vector, right);
  };
  addresses_.first = map(first_, nic::DmaRight::kRead);
  addresses_.second = map(second_, nic::DmaRight::kWrite);
  const bool receives = vector < nic::kTxVectorBase;
  addresses_.memory = device_.memory().map(memory_.base, memory_.bytes, vector,
                                           receives ? nic::DmaRight::kWrite : nic::DmaRight::kRead);
  addresses_.first_word = map_word(&Loan::first_arrived);
  addresses_.second_word = map_word(&Loan::second_arrived);
}

Loan::~Loan() {
  for (const std::uint64_t address : {addresses_.first, addresses_.second, addresses_.memory,
                                      addresses_.first_word, addresses_.second_word}) {
    device_.memory().release(address);
  }
}

std::uint64_t Loan::map_word(void (Loan::*arrived)(std::uint32_t)) {
  const auto mailbox = [this, arrived](std::uint32_t index, std::uint64_t now_ps) {
    ++words_under_way_;
    const EventSource source{EventSource::Kind::kDma, device_.info().port, vector_};
    host_.at(now_ps + device_.info().notice_ps, source, [this, arrived, index] {
      --words_under_way_;
      (this->*arrived)(index);
      host_.notify(word_arrived_);
    });
  };
  return device_.memory().map_mailbox(mailbox, vector_);
}

// A word that says less than one before it was late; one that says more than there is comes from nowhere.
void Loan::second_arrived(std::uint32_t index) {
  if (index - published_second_ <= second_.entries) coming_second_ = index;
}

void Loan::first_arrived(std::uint32_t index) {
  if (index - published_first_ > first_.entries) return;
  published_first_ = index;
  published_second_ = coming_second_;
  if (may_hand_over_()) hand_over();
}

void Loan::hand_over() {
  if (handed_over_ == published_first_) return;
  handed_over_ = published_first_;
  rings_.used_up(published_first_, published_second_);
}

void Loan::wait_for_words() {
  while (words_under_way_ > 0) host_.wait(word_arrived_, kNever);
}

}  // namespace ringproof::driver
