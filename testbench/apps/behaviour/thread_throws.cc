// An exception leaves a thread.
#include <stdexcept>
#include <thread>

int main() {
  std::thread([] { throw std::runtime_error("out of thread"); }).join();
  return 0;
}
