// result_folder.h: the folder that --out names.
// Errors   a folder that cannot be made -> InputError
#pragma once

#include <string>
#include <vector>

namespace ringproof {

void make_folder(const std::string& folder);
// Nothing of an earlier run stays in these files that could be taken for this one's. What is no file stays.
void remove_earlier(const std::string& folder, const std::vector<std::string>& files);

}  // namespace ringproof
