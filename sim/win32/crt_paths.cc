// Files and folders by name, and names in parts, as Microsoft's C runtime has them.
//
// A relative name means a file in the current directory of the process, which the C library does not know.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "sim/win32/crt_state.h"
#include "sim/win32/environment.h"

namespace {

using ringproof::win32::host_path;
using ringproof::win32::invalid_parameter;

// As include/win32/sys/stat.h has it.
struct FileStatus {
  std::uint32_t device;
  std::uint16_t inode;
  std::uint16_t mode;
  std::int16_t links, user, group;
  std::uint32_t device_of_file;
  std::int64_t bytes;
  timespec accessed, modified, changed;
};

int give_status(const struct stat& from, FileStatus* status) {
  *status = {};
  // Rights of the owner are those of everybody; who the owner is, Windows does not say here.
  const auto owner = static_cast<std::uint16_t>(from.st_mode & 0700);
  status->mode = static_cast<std::uint16_t>((from.st_mode & S_IFMT) | owner | (owner >> 3) | (owner >> 6));
  status->links = 1;
  status->bytes = from.st_size;
  status->accessed.tv_sec = from.st_atim.tv_sec;
  status->modified.tv_sec = from.st_mtim.tv_sec;
  status->changed.tv_sec = from.st_ctim.tv_sec;
  return 0;
}

int status_of(const std::string& path, FileStatus* status) {
  struct stat from = {};
  return ::stat(path.c_str(), &from) == 0 ? give_status(from, status) : -1;
}

// ---- names in parts ----

template <typename Unit>
struct Parts {
  std::basic_string_view<Unit> drive, folder, name, extension;
};

template <typename Unit>
Parts<Unit> split(std::basic_string_view<Unit> path) {
  Parts<Unit> parts;
  if (path.size() >= 2 && path[1] == ':') {
    parts.drive = path.substr(0, 2);
    path.remove_prefix(2);
  }
  constexpr Unit kSlashes[] = {'/', '\\', 0};
  const std::size_t slash = path.find_last_of(kSlashes);
  const std::size_t name = slash == path.npos ? 0 : slash + 1;
  parts.folder = path.substr(0, name);
  path.remove_prefix(name);
  const std::size_t dot = path.rfind(Unit{'.'});
  parts.name = path.substr(0, dot);
  if (dot != path.npos) parts.extension = path.substr(dot);
  return parts;
}

// Where a part goes; a place that is null wants nothing.
template <typename Unit>
struct Place {
  Unit* buffer;
  std::size_t room;
};

template <typename Unit>
int split_into(const char* function, const Unit* path, const std::array<Place<Unit>, 4>& places) {
  bool good = path != nullptr;
  for (const Place<Unit>& place : places) {
    good = good && (place.buffer == nullptr) == (place.room == 0);
    if (place.buffer != nullptr && place.room > 0) place.buffer[0] = 0;
  }
  if (!good) {
    invalid_parameter(function, "no path, or a buffer without a size");
    return errno = EINVAL;
  }
  const Parts<Unit> parts = split<Unit>(path);
  const std::array<std::basic_string_view<Unit>, 4> texts = {parts.drive, parts.folder, parts.name,
                                                             parts.extension};
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].buffer != nullptr && texts[i].size() >= places[i].room) return errno = ERANGE;
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].buffer == nullptr) continue;
    std::copy(texts[i].begin(), texts[i].end(), places[i].buffer);
    places[i].buffer[texts[i].size()] = 0;
  }
  return 0;
}

template <typename Unit>
std::basic_string<Unit> joined(const Unit* drive, const Unit* folder, const Unit* name,
                               const Unit* extension) {
  std::basic_string<Unit> path;
  if (drive != nullptr && *drive != 0) path = {*drive, ':'};
  if (folder != nullptr && *folder != 0) {
    path += folder;
    if (path.back() != '/' && path.back() != '\\') path += '\\';
  }
  if (name != nullptr) path += name;
  if (extension != nullptr && *extension != 0) {
    if (*extension != '.') path += '.';
    path += extension;
  }
  return path;
}

template <typename Unit>
int join_into(const char* function, Unit* buffer, std::size_t room, const std::basic_string<Unit>& path) {
  if (buffer == nullptr || room == 0) {
    invalid_parameter(function, "no place for the path");
    return errno = EINVAL;
  }
  buffer[0] = 0;
  if (path.size() >= room) {
    invalid_parameter(function, "the buffer is too small");
    return errno = ERANGE;
  }
  std::memcpy(buffer, path.c_str(), (path.size() + 1) * sizeof(Unit));
  return 0;
}

// What the calls without sizes rely on.
constexpr std::size_t kDrive = 3;
constexpr std::size_t kPart = 256;
constexpr std::size_t kPath = 260;
template <typename Unit>
Place<Unit> place(Unit* buffer, std::size_t room) {
  return {buffer, buffer == nullptr ? 0 : room};
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

std::FILE* ringproof_crt_fopen(const char* name, const char* mode) {
  return std::fopen(host_path(name).c_str(), mode);
}
std::FILE* ringproof_crt_freopen(const char* name, const char* mode, std::FILE* old) {
  return std::freopen(name == nullptr ? nullptr : host_path(name).c_str(), mode, old);
}
int ringproof_crt_remove(const char* name) { return std::remove(host_path(name).c_str()); }
int ringproof_crt_rename(const char* from, const char* to) {
  return std::rename(host_path(from).c_str(), host_path(to).c_str());
}
int ringproof_crt_unlink(const char* name) { return ::unlink(host_path(name).c_str()); }
int ringproof_crt_access(const char* name, int mode) { return ::access(host_path(name).c_str(), mode); }
int ringproof_crt_mkdir(const char* name) { return ::mkdir(host_path(name).c_str(), 0777); }
int ringproof_crt_rmdir(const char* name) { return ::rmdir(host_path(name).c_str()); }
int ringproof_crt_chdir(const char* name) {
  if (ringproof::win32::set_current_directory(name)) return 0;
  errno = ENOENT;
  return -1;
}
char* ringproof_crt_getcwd(char* buffer, int room) {
  const std::string folder = ringproof::win32::current_directory();
  if (buffer == nullptr) return ::strdup(folder.c_str());
  if (room > 0 && ringproof::win32::give_text(folder, buffer, room) == folder.size()) return buffer;
  errno = ERANGE;
  return nullptr;
}

int _stat64(const char* name, FileStatus* status) { return status_of(host_path(name), status); }
int _wstat64(const char16_t* name, FileStatus* status) { return status_of(host_path(name), status); }
int _fstat64(int file, FileStatus* status) {
  struct stat from = {};
  return ::fstat(file, &from) == 0 ? give_status(from, status) : -1;
}

int _splitpath_s(const char* path, char* drive, std::size_t drive_room, char* folder, std::size_t folder_room,
                 char* name, std::size_t name_room, char* extension, std::size_t extension_room) {
  return split_into<char>(
      "_splitpath_s", path,
      {{{drive, drive_room}, {folder, folder_room}, {name, name_room}, {extension, extension_room}}});
}
int _wsplitpath_s(const char16_t* path, char16_t* drive, std::size_t drive_room, char16_t* folder,
                  std::size_t folder_room, char16_t* name, std::size_t name_room, char16_t* extension,
                  std::size_t extension_room) {
  return split_into<char16_t>(
      "_wsplitpath_s", path,
      {{{drive, drive_room}, {folder, folder_room}, {name, name_room}, {extension, extension_room}}});
}
void _splitpath(const char* path, char* drive, char* folder, char* name, char* extension) {
  split_into<char>("_splitpath", path,
                   {place(drive, kDrive), place(folder, kPart), place(name, kPart), place(extension, kPart)});
}
void _wsplitpath(const char16_t* path, char16_t* drive, char16_t* folder, char16_t* name,
                 char16_t* extension) {
  split_into<char16_t>(
      "_wsplitpath", path,
      {place(drive, kDrive), place(folder, kPart), place(name, kPart), place(extension, kPart)});
}

int _makepath_s(char* path, std::size_t room, const char* drive, const char* folder, const char* name,
                const char* extension) {
  return join_into("_makepath_s", path, room, joined(drive, folder, name, extension));
}
int _wmakepath_s(char16_t* path, std::size_t room, const char16_t* drive, const char16_t* folder,
                 const char16_t* name, const char16_t* extension) {
  return join_into("_wmakepath_s", path, room, joined(drive, folder, name, extension));
}
void _makepath(char* path, const char* drive, const char* folder, const char* name, const char* extension) {
  join_into("_makepath", path, kPath, joined(drive, folder, name, extension));
}
void _wmakepath(char16_t* path, const char16_t* drive, const char16_t* folder, const char16_t* name,
                const char16_t* extension) {
  join_into("_wmakepath", path, kPath, joined(drive, folder, name, extension));
}

}  // extern "C"
#pragma GCC visibility pop
