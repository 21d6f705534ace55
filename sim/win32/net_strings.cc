// ntdll's addresses as text: include/ringproof/win32/net_strings.h.

#include <fmt/format.h>
#include <ringproof/win32/net_strings.h>

#include <cstring>
#include <string>
#include <string_view>

#include "sim/win32/net_text.h"

namespace {

using ringproof::win32::parse_ethernet;
using ringproof::win32::parse_ipv4;
using ringproof::win32::parse_ipv6;
using ringproof::win32::parse_port;
using ringproof::win32::ParsedAddress;
using ringproof::win32::print_ethernet;
using ringproof::win32::print_ipv4;
using ringproof::win32::print_ipv6;

constexpr NTSTATUS kSuccess = 0;
constexpr NTSTATUS kInvalidParameter = static_cast<NTSTATUS>(0xC000000D);

template <typename Unit, std::size_t Bytes>
NTSTATUS answer(const ParsedAddress<Bytes>& parsed, const Unit* text, const Unit** terminator,
                void* address) {
  *terminator = text + parsed.taken;
  if (!parsed.address.has_value()) return kInvalidParameter;
  std::memcpy(address, parsed.address->data(), Bytes);
  return kSuccess;
}

// What is no ASCII is in no address; a byte that is in none either stands for it.
std::string narrow(const WCHAR* text) {
  std::string result;
  for (; *text != 0; ++text) result += *text < 0x80 ? static_cast<char>(*text) : '?';
  return result;
}

template <typename Unit>
Unit* put(const std::string& text, Unit* buffer) {
  for (const char letter : text) *buffer++ = static_cast<Unit>(letter);
  *buffer = 0;
  return buffer;
}

NTSTATUS put_counted(const std::string& text, char* buffer, ULONG* length) {
  const auto needed = static_cast<ULONG>(text.size() + 1);
  const bool fits = *length >= needed;
  if (fits) put(text, buffer);
  *length = needed;
  return fits ? kSuccess : kInvalidParameter;
}

const std::uint8_t* bytes_of(const void* address) { return static_cast<const std::uint8_t*>(address); }

USHORT network_order(std::uint16_t port) { return __builtin_bswap16(port); }

}  // namespace

extern "C" {

NTSTATUS RtlIpv4StringToAddressA(PCSTR String, BOOLEAN Strict, PCSTR* Terminator, IN_ADDR* Address) {
  return answer(parse_ipv4(String, Strict != 0), String, Terminator, Address);
}
NTSTATUS RtlIpv4StringToAddressW(PCWSTR String, BOOLEAN Strict, PCWSTR* Terminator, IN_ADDR* Address) {
  return answer(parse_ipv4(narrow(String), Strict != 0), String, Terminator, Address);
}
NTSTATUS RtlIpv6StringToAddressA(PCSTR String, PCSTR* Terminator, IN6_ADDR* Address) {
  return answer(parse_ipv6(String), String, Terminator, Address);
}
NTSTATUS RtlIpv6StringToAddressW(PCWSTR String, PCWSTR* Terminator, IN6_ADDR* Address) {
  return answer(parse_ipv6(narrow(String)), String, Terminator, Address);
}
NTSTATUS RtlEthernetStringToAddressA(PCSTR String, PCSTR* Terminator, DL_EUI48* Address) {
  return answer(parse_ethernet(String), String, Terminator, Address);
}
NTSTATUS RtlEthernetStringToAddressW(PCWSTR String, PCWSTR* Terminator, DL_EUI48* Address) {
  return answer(parse_ethernet(narrow(String)), String, Terminator, Address);
}

NTSTATUS RtlIpv4StringToAddressExA(PCSTR String, BOOLEAN Strict, IN_ADDR* Address, PUSHORT Port) {
  if (String == nullptr || Address == nullptr || Port == nullptr) return kInvalidParameter;
  const auto parsed = parse_ipv4(String, Strict != 0);
  if (!parsed.address.has_value()) return kInvalidParameter;
  std::memcpy(Address, parsed.address->data(), parsed.address->size());
  const std::string_view rest(String + parsed.taken);
  if (rest.empty()) {
    *Port = 0;
    return kSuccess;
  }
  const auto port = rest[0] == ':' ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port.has_value()) return kInvalidParameter;
  *Port = network_order(*port);
  return kSuccess;
}

NTSTATUS RtlIpv6StringToAddressExA(PCSTR String, IN6_ADDR* Address, PULONG ScopeId, PUSHORT Port) {
  if (String == nullptr || Address == nullptr || ScopeId == nullptr || Port == nullptr)
    return kInvalidParameter;
  std::string_view rest(String);
  const bool bracket = rest.substr(0, 1) == "[";
  if (bracket) rest.remove_prefix(1);
  const auto parsed = parse_ipv6(rest);
  if (!parsed.address.has_value()) return kInvalidParameter;
  rest.remove_prefix(parsed.taken);
  ULONG scope = 0;
  if (rest.substr(0, 1) == "%") {
    rest.remove_prefix(1);
    std::size_t digits = 0;
    std::uint64_t value = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
      value = value * 10 + static_cast<std::uint64_t>(rest[digits] - '0');
      if (value > UINT32_MAX) return kInvalidParameter;
    }
    if (digits == 0) return kInvalidParameter;
    rest.remove_prefix(digits);
    scope = static_cast<ULONG>(value);
  }
  USHORT network_port = 0;
  if (bracket) {
    if (rest.substr(0, 1) != "]") return kInvalidParameter;
    rest.remove_prefix(1);
    if (rest.substr(0, 1) == ":") {
      const auto port = parse_port(rest.substr(1));
      if (!port.has_value()) return kInvalidParameter;
      network_port = network_order(*port);
      rest = {};
    }
  }
  if (!rest.empty()) return kInvalidParameter;
  std::memcpy(Address, parsed.address->data(), parsed.address->size());
  *ScopeId = scope;
  *Port = network_port;
  return kSuccess;
}

PSTR RtlIpv4AddressToStringA(const IN_ADDR* Address, PSTR String) {
  return put(print_ipv4(bytes_of(Address)), String);
}
PWSTR RtlIpv4AddressToStringW(const IN_ADDR* Address, PWSTR String) {
  return put(print_ipv4(bytes_of(Address)), String);
}
PSTR RtlIpv6AddressToStringA(const IN6_ADDR* Address, PSTR String) {
  return put(print_ipv6(bytes_of(Address)), String);
}
PWSTR RtlIpv6AddressToStringW(const IN6_ADDR* Address, PWSTR String) {
  return put(print_ipv6(bytes_of(Address)), String);
}
PSTR RtlEthernetAddressToStringA(const DL_EUI48* Address, PSTR String) {
  return put(print_ethernet(bytes_of(Address)), String);
}
PWSTR RtlEthernetAddressToStringW(const DL_EUI48* Address, PWSTR String) {
  return put(print_ethernet(bytes_of(Address)), String);
}

NTSTATUS RtlIpv4AddressToStringExA(const IN_ADDR* Address, USHORT Port, PSTR String, PULONG Length) {
  if (Address == nullptr || String == nullptr || Length == nullptr) return kInvalidParameter;
  std::string text = print_ipv4(bytes_of(Address));
  if (Port != 0) text += fmt::format(":{}", network_order(Port));
  return put_counted(text, String, Length);
}

NTSTATUS RtlIpv6AddressToStringExA(const IN6_ADDR* Address, ULONG ScopeId, USHORT Port, PSTR String,
                                   PULONG Length) {
  if (Address == nullptr || String == nullptr || Length == nullptr) return kInvalidParameter;
  std::string text = print_ipv6(bytes_of(Address));
  if (ScopeId != 0) text += fmt::format("%{}", ScopeId);
  if (Port != 0) text = fmt::format("[{}]:{}", text, network_order(Port));
  return put_counted(text, String, Length);
}

}  // extern "C"
