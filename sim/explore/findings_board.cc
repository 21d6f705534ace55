#include "sim/explore/findings_board.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "sim/explore/outcome_json.h"

namespace ringproof {
namespace {

std::string text_of(const TraceFindings& found) {
  DecisionLog decisions;
  nlohmann::json kept = nlohmann::json::array();
  for (const Alternative& each : found.alternatives) {
    decisions.push_back(each.decision);
    kept.push_back(each.kept);
  }
  return one_line_of({{"kept", kept}, {"decisions", to_json(decisions)}});
}

// Nothing, if it is not what text_of() wrote.
std::vector<Alternative> alternatives_of(const char* begin, const char* end) {
  std::vector<Alternative> alternatives;
  try {
    const nlohmann::json json = nlohmann::json::parse(begin, end);
    const auto kept = json.at("kept").get<std::vector<std::uint32_t>>();
    const DecisionLog decisions = log_from_json(json.at("decisions"));
    for (std::size_t i = 0; i < std::min(kept.size(), decisions.size()); ++i) {
      alternatives.push_back({kept[i], decisions[i]});
    }
  } catch (const nlohmann::json::exception&) {
    alternatives.clear();
  }
  return alternatives;
}

}  // namespace

FindingsBoard::FindingsBoard() {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory to share with workers");
  shared_ = static_cast<Shared*>(memory);
}

FindingsBoard::~FindingsBoard() { munmap(shared_, sizeof(Shared)); }

void FindingsBoard::write(std::uint64_t schedule, const TraceFindings& found) {
  const std::string text = text_of(found);
  const Header header{schedule, found.trace_hash, text.size()};
  const std::uint64_t bytes = sizeof header + text.size();
  const std::uint64_t at = shared_->used.fetch_add(bytes);
  if (at > kBytes || bytes > kBytes - at) {
    shared_->lost = true;
    return;
  }
  std::memcpy(shared_->bytes + at, &header, sizeof header);
  std::memcpy(shared_->bytes + at + sizeof header, text.data(), text.size());
}

std::map<std::uint64_t, TraceFindings> FindingsBoard::take() {
  std::map<std::uint64_t, TraceFindings> all;
  const std::uint64_t used = std::min(shared_->used.load(), kBytes);
  for (std::uint64_t at = 0; used - at >= sizeof(Header);) {
    Header header;
    std::memcpy(&header, shared_->bytes + at, sizeof header);
    at += sizeof header;
    if (header.text_bytes > used - at) break;
    const char* text = reinterpret_cast<const char*>(shared_->bytes + at);
    at += header.text_bytes;
    if (header.text_bytes == 0) break;  // its writer was stopped before it had written it
    all.try_emplace(header.schedule,
                    TraceFindings{header.trace_hash, alternatives_of(text, text + header.text_bytes)});
  }
  lost_ |= shared_->lost.load();
  // Pages are given back, so that a long search needs no more memory than its largest wave.
  madvise(shared_, sizeof(Shared), MADV_REMOVE);
  return all;
}

}  // namespace ringproof
