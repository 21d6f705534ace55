// Ends the process behind everybody's back.
#include <unistd.h>

int main(void) { _exit(0); }
