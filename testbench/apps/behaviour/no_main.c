// A shared object that is no application.
int helper(void);
int helper(void) { return 1; }
