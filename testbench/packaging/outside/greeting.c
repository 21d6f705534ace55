const char* greeting(void) { return "from a library of its own"; }
