// waves.h: Verilator's writers of waveforms, which here tell when a file cannot be written.
// Role     VcdWave and FstWave stand for VerilatedVcdC and VerilatedFstC in a VerilatedEngine
// Threads  as the engine; a thread writes one FST file at a time
// Errors   whatever the file system refuses -> WaveProblem from open(), dump() and close(); after one nothing
//          is written any more
// Source   verilated_vcd_c.h; fst_writer.cc
#pragma once

#include <verilated_fst_c.h>
#include <verilated_vcd_c.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace ringproof::nic {

// The reason alone: "No space left on device".
class WaveProblem : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where the writer's own file would end the process, this one keeps what went wrong until it is asked.
class VcdFile final : public VerilatedVcdFile {
 public:
  bool open(const std::string& name) override;
  void close() override;
  ssize_t write(const char* bytes, ssize_t count) override;
  // Throws what went wrong.
  void check() const;

 private:
  int file_ = -1;
  int problem_ = 0;
};

// A base, because the writer has it from its first moment to its last.
struct VcdFileHolder {
  VcdFile file;
};

class VcdWave final : private VcdFileHolder, public VerilatedVcdC {
 public:
  VcdWave() : VerilatedVcdC(&file) {}
  void open(const char* name) override {
    VerilatedVcdC::open(name);
    file.check();
  }
  void dump(std::uint64_t time) {
    VerilatedVcdC::dump(time);
    file.check();
  }
  void close() {
    VerilatedVcdC::close();
    file.check();
  }
};

// Its functions throw by themselves: what fst_writer.cc makes of the C code does not go on without its files.
class FstWave final : public VerilatedFstC {
 public:
  FstWave();
  ~FstWave() override;
  void open(const char* name);
};

// Takes away what a writer leaves of a file that it could not finish. What is no regular file stays.
void remove_wave(const std::string& path);
// The same, of one that it could not even begin.
void remove_empty_wave(const std::string& path);

}  // namespace ringproof::nic
