// Changes what the libraries keep for its process, and takes longer when it finds something changed already.
#define XDP_API_VERSION 3
#include <afxdp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xdpapi.h>

#include <clocale>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <locale>
#include <string>

namespace {

unsigned found_changed() {
  unsigned changed = 0;
  if (std::rand() != 1804289383) changed |= 1;  // as after srand(1), by glibc
  if (drand48() > 1e-3) changed |= 2;
  if (std::getenv("CHANGES_PROCESS") != nullptr) changed |= 4;
  char folder[4096];
  if (getcwd(folder, sizeof folder) != nullptr && std::strcmp(folder, "/") == 0) changed |= 8;
  if (umask(077) == 077) changed |= 16;
  if (std::string(std::setlocale(LC_ALL, nullptr)) != "C") changed |= 32;
  if ((std::cout.flags() & std::ios::hex) != 0) changed |= 64;
  if (optind != 1) changed |= 128;
  return changed;
}

}  // namespace

int main() {
  HANDLE socket;
  if (XDP_FAILED(XskCreate(&socket))) return 9;
  if (const unsigned changed = found_changed()) usleep(changed);
  setenv("CHANGES_PROCESS", "1", 1);
  if (chdir("/") != 0) return 8;
  std::setlocale(LC_ALL, "C.UTF-8");
  std::cout << std::hex;
  optind = 5;
  CloseHandle(socket);
  return 0;
}
