// The `ringproof` command. Everything is in the library that applications link with, so that the command and
// the application share one copy of it.

extern "C" int ringproof_main(int argc, char** argv);

int main(int argc, char** argv) { return ringproof_main(argc, argv); }
