// Ends by an exception that nobody catches.
#include <stdexcept>

int main() { throw std::runtime_error("out of luck"); }
