// Computes for ever without a call.
int main(void) {
  volatile unsigned long count = 0;
  while (1) ++count;
}
