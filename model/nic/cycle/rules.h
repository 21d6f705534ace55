// rules.h: what the C++ engine demands of its neighbours.
// Role     the REQUIREs of the modules in rtl/: the first one that does not hold is told, the rest are not
// Errors   where nobody asked to be told, the process ends with the rule's name, as it does with the RTL
// Source   rtl/check.svh
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

namespace ringproof::nic::cycle {

class Rules {
 public:
  using Told = std::function<void(const std::string& module, std::uint32_t line)>;

  void tell(Told told) { told_ = std::move(told); }

  // `module` is the name of the file in rtl/.
  void require(bool holds, const char* module, const char* rule) {
    if (!holds && !broken_) [[unlikely]]
      break_rule(module, rule);
  }

 private:
  void break_rule(const char* module, const char* rule) {
    broken_ = true;
    if (told_) return told_(module, 0);
    std::fprintf(stderr, "ringproof: %s: the rule %s does not hold\n", module, rule);
    std::abort();
  }

  Told told_;
  bool broken_ = false;
};

}  // namespace ringproof::nic::cycle
