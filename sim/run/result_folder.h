// result_folder.h: the folder that --out names.
// Errors   a folder that cannot be made -> InputError
#pragma once

#include <initializer_list>
#include <string>

namespace ringproof {

// Makes the folder. Nothing of an earlier run stays in these files that could be taken for this one's.
void prepare_folder(const std::string& folder, std::initializer_list<const char*> files);

}  // namespace ringproof
