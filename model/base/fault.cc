#include "model/base/fault.h"

namespace ringproof {

FaultPoints& FaultPoints::none() {
  static FaultPoints nothing;  // has no state that could change
  return nothing;
}

}  // namespace ringproof
