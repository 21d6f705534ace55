// Winsock on a machine without a TCP/IP stack for programs: include/ringproof/win32/net_calls.h names the
// calls.

#include <ringproof/app.h>
#include <ringproof/win32/crt_random.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "sim/app/world.h"
#include "sim/win32/crt_state.h"
#include "sim/win32/crt_text.h"
#include "sim/win32/net_text.h"

namespace {

using ringproof::win32::crt_state;
using ringproof::win32::parse_ipv4;
using ringproof::win32::parse_ipv6;
using ringproof::win32::to_utf16;
using ringproof::win32::to_utf8;

constexpr int kFamilyIpv4 = 2;
constexpr int kFamilyIpv6 = 23;
constexpr int kSocketError = -1;
constexpr std::uint32_t kInvalidParameter = 87;
constexpr std::uint32_t kFault = 10014;
constexpr std::uint32_t kFamilyNotSupported = 10047;
constexpr std::uint32_t kNetworkDown = 10050;
constexpr std::uint32_t kNotInitialised = 10093;
constexpr int kSystemNotReady = 10091;
constexpr std::uint64_t kNoSocket = ~std::uint64_t{0};
constexpr std::uint32_t kNoAddress = 0xffffffff;
constexpr std::uint16_t kVersion = 0x0202;

// As declared in net_calls.h.
struct StartupData {
  std::uint16_t version;
  std::uint16_t high_version;
  std::uint16_t sockets_max;
  std::uint16_t datagram_max;
  char* vendor;
  char description[257];
  char status[129];
};

std::uint32_t network_error() { return crt_state().sockets_users == 0 ? kNotInitialised : kNetworkDown; }

int fail() {
  const ringproof::ApiCall call("Winsock");
  SetLastError(network_error());
  return kSocketError;
}

// 1, 0 or -1, as inet_pton.
int parse(int family, std::string_view text, void* address) {
  if (family == kFamilyIpv4) {
    const auto parsed = parse_ipv4(text, true);
    if (!parsed.address.has_value() || parsed.taken != text.size()) return 0;
    std::memcpy(address, parsed.address->data(), parsed.address->size());
    return 1;
  }
  if (family == kFamilyIpv6) {
    const auto parsed = parse_ipv6(text);
    if (!parsed.address.has_value() || parsed.taken != text.size()) return 0;
    std::memcpy(address, parsed.address->data(), parsed.address->size());
    return 1;
  }
  SetLastError(kFamilyNotSupported);
  return -1;
}

template <typename Unit>
const Unit* print(int family, const void* address, Unit* buffer, std::size_t room) {
  if (family != kFamilyIpv4 && family != kFamilyIpv6) {
    SetLastError(kFamilyNotSupported);
    return nullptr;
  }
  const auto* bytes = static_cast<const std::uint8_t*>(address);
  const std::string text =
      family == kFamilyIpv4 ? ringproof::win32::print_ipv4(bytes) : ringproof::win32::print_ipv6(bytes);
  if (text.size() >= room) {
    SetLastError(kInvalidParameter);
    return nullptr;
  }
  for (std::size_t i = 0; i <= text.size(); ++i) buffer[i] = static_cast<Unit>(text.c_str()[i]);
  return buffer;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int WSAStartup(std::uint16_t wanted, StartupData* data) {
  const ringproof::ApiCall call("WSAStartup");
  if (data == nullptr) return static_cast<int>(kFault);
  const bool newer = (wanted & 0xff) > 2 || ((wanted & 0xff) == 2 && (wanted >> 8) > 2);
  if ((wanted & 0xff) == 0) return kSystemNotReady;
  std::memset(data, 0, sizeof *data);
  data->version = newer ? kVersion : wanted;
  data->high_version = kVersion;
  std::strcpy(data->description, "WinSock 2.0");
  std::strcpy(data->status, "Running");
  ++crt_state().sockets_users;
  return 0;
}

int WSACleanup(void) {
  const ringproof::ApiCall call("WSACleanup");
  if (crt_state().sockets_users == 0) {
    SetLastError(kNotInitialised);
    return kSocketError;
  }
  --crt_state().sockets_users;
  return 0;
}

int ringproof_wsa_inet_pton(int family, const char* text, void* address) {
  return parse(family, text, address);
}
const char* ringproof_wsa_inet_ntop(int family, const void* address, char* buffer, std::size_t room) {
  return print(family, address, buffer, room);
}
int InetPtonW(int family, const char16_t* text, void* address) {
  return parse(family, to_utf8(text), address);
}
const char16_t* InetNtopW(int family, const void* address, char16_t* buffer, std::size_t room) {
  return print(family, address, buffer, room);
}
std::uint32_t ringproof_wsa_inet_addr(const char* text) {
  const auto parsed = parse_ipv4(text, false);
  const std::string_view rest = std::string_view(text).substr(parsed.taken);
  if (!parsed.address.has_value() || rest.find_first_not_of(" \t\r\n") != std::string_view::npos)
    return kNoAddress;
  std::uint32_t address = 0;
  std::memcpy(&address, parsed.address->data(), sizeof address);
  return address;
}
char* ringproof_wsa_inet_ntoa(std::uint32_t address) {
  std::string& text = crt_state().inet_ntoa;
  text = ringproof::win32::print_ipv4(reinterpret_cast<const std::uint8_t*>(&address));
  return text.data();
}

std::uint64_t ringproof_wsa_socket(int, int, int) {
  fail();
  return kNoSocket;
}
std::uint64_t ringproof_wsa_accept(std::uint64_t, void*, int*) {
  fail();
  return kNoSocket;
}
// Every call on a socket, whatever its parameters: there can be none.
int ringproof_wsa_call(void) { return fail(); }
int ringproof_wsa_select(int, void*, void*, void*, const void*) { return fail(); }
int ringproof_wsa_getaddrinfo(const char*, const char*, const void*, void** result) {
  fail();
  if (result != nullptr) *result = nullptr;
  return static_cast<int>(network_error());
}
void ringproof_wsa_freeaddrinfo(void*) {}
void* ringproof_wsa_gethostbyname(const char*) {
  fail();
  return nullptr;
}
int ringproof_wsa_gethostname(char* name, int room) {
  constexpr std::string_view kName = "ringproof";
  if (name == nullptr || room < 0 || static_cast<std::size_t>(room) <= kName.size()) {
    SetLastError(kFault);
    return kSocketError;
  }
  kName.copy(name, kName.size());
  name[kName.size()] = '\0';
  return 0;
}

// ---- randomness ----

namespace {
constexpr std::int32_t kSuccess = 0;
constexpr auto kStatusInvalidHandle = static_cast<std::int32_t>(0xC0000008);
constexpr auto kStatusInvalidParameter = static_cast<std::int32_t>(0xC000000D);
constexpr auto kStatusNotFound = static_cast<std::int32_t>(0xC0000225);
constexpr std::uint32_t kPreferredGenerator = 2;
void* const kGenerator = reinterpret_cast<void*>(0x81);
}  // namespace

std::int32_t BCryptGenRandom(void* algorithm, unsigned char* buffer, std::uint32_t bytes,
                             std::uint32_t flags) {
  const ringproof::ApiCall call("BCryptGenRandom");
  const bool preferred = (flags & kPreferredGenerator) != 0;
  if (preferred ? algorithm != nullptr : algorithm != kGenerator) return kStatusInvalidHandle;
  if (buffer == nullptr) return kStatusInvalidParameter;
  ringproof_random_bytes(buffer, bytes);
  return kSuccess;
}
std::int32_t BCryptOpenAlgorithmProvider(void** algorithm, const char16_t* name, const char16_t*,
                                         std::uint32_t) {
  if (algorithm == nullptr || name == nullptr) return kStatusInvalidParameter;
  *algorithm = nullptr;
  if (std::u16string_view(name) != u"RNG") return kStatusNotFound;
  *algorithm = kGenerator;
  return kSuccess;
}
std::int32_t BCryptCloseAlgorithmProvider(void* algorithm, std::uint32_t) {
  return algorithm == kGenerator ? kSuccess : kStatusInvalidHandle;
}

}  // extern "C"
#pragma GCC visibility pop
