// Fails when anything of its own is not as it was when it had just been loaded.
#define XDP_API_VERSION 3
#include <afxdp.h>
#include <xdpapi.h>

#include <initializer_list>

namespace {

struct Made {
  volatile int value = 5;  // by a constructor
};
volatile int counter = 7;
volatile int zero;
volatile char large[1 << 20];
thread_local volatile int of_thread = 3;
thread_local volatile int zero_of_thread;
Made made;

int once() {
  static const int before = counter;  // on first use
  counter = before + 1;
  return before;
}

}  // namespace

int main() {
  HANDLE socket;
  if (XDP_FAILED(XskCreate(&socket))) return 9;
  if (once() != 7 || counter != 8 || zero != 0 || made.value != 5 || of_thread != 3 || zero_of_thread != 0)
    return 1;
  if (large[0] != 0 || large[sizeof large / 2] != 0 || large[sizeof large - 1] != 0) return 2;
  for (volatile int* each : {&counter, &zero, &made.value, &of_thread, &zero_of_thread}) *each = 99;
  for (volatile char& each : large) each = 1;
  CloseHandle(socket);
  return 0;
}
