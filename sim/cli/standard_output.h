// standard_output.h: what was printed, and where it went.
// Role     the last word of every command about its standard output
// Errors   what the file system refused: one line on stderr
// Source   docs/command-line.md, "Exit status"
#pragma once

namespace ringproof {

// Writes out what is left. What could not be written is told, and makes of status 0 a 1.
int with_output_written(int status);

}  // namespace ringproof
