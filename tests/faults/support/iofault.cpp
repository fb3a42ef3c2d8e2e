// SPDX-License-Identifier: GPL-3.0-or-later
// LD_PRELOAD: the n-th call that changes a file fails, falls short or ends the process.
//   IOFAULT_PATH  only files whose path contains this
//   IOFAULT_AT    which call, from 1; 0 only counts
//   IOFAULT_KIND  eio | enospc | short | kill
//   IOFAULT_ONLY  names of calls, separated by commas; all if absent
//   IOFAULT_LOG   each call as a line, "N NAME PATH", written before it happens
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

enum class Verdict { Pass, Fail, Short };

std::atomic<long> g_count{0};

std::string variable(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value ? value : fallback;
}

struct Plan {
  std::string path = variable("IOFAULT_PATH", "");
  std::string kind = variable("IOFAULT_KIND", "eio");
  std::string only = variable("IOFAULT_ONLY", "");
  long at = std::atol(variable("IOFAULT_AT", "0").c_str());
  long log = -1;

  Plan() {
    const std::string file = variable("IOFAULT_LOG", "");
    if (!file.empty())
      log = ::syscall(SYS_openat, AT_FDCWD, file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                      0644);
  }
  bool names(const char* call) const {
    return only.empty() || (',' + only + ',').find(',' + std::string(call) + ',') != only.npos;
  }
};

const Plan& plan() {
  static const Plan made;
  return made;
}

Verdict judge(const char* call, const char* path) {
  if (!std::strstr(path, plan().path.c_str()) || !plan().names(call)) return Verdict::Pass;
  const long number = ++g_count;
  if (plan().log >= 0) {
    const std::string line = std::to_string(number) + ' ' + call + ' ' + path + '\n';
    ::syscall(SYS_write, plan().log, line.data(), line.size());
  }
  if (number != plan().at) return Verdict::Pass;
  if (plan().kind == "kill") ::syscall(SYS_kill, ::getpid(), SIGKILL);
  if (plan().kind == "short") return Verdict::Short;
  errno = plan().kind == "enospc" ? ENOSPC : EIO;
  return Verdict::Fail;
}

Verdict judge(const char* call, int file) {
  char path[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), path, sizeof path - 1);
  if (size < 0 || path[0] != '/') return Verdict::Pass;  // a socket, a pipe
  path[size] = 0;
  return judge(call, path);
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

#define WRITES(NAME, PARAMETERS, WHOLE, HALF)                    \
  extern "C" ssize_t NAME PARAMETERS {                           \
    static auto* const call = real<ssize_t PARAMETERS>(#NAME);   \
    const Verdict verdict = judge(#NAME, file);                  \
    if (verdict == Verdict::Fail) return -1;                     \
    if (verdict == Verdict::Short && size > 1) return call HALF; \
    return call WHOLE;                                           \
  }

WRITES(write, (int file, const void* data, size_t size), (file, data, size), (file, data, size / 2))
WRITES(pwrite, (int file, const void* data, size_t size, off_t at), (file, data, size, at),
       (file, data, size / 2, at))
WRITES(pwrite64, (int file, const void* data, size_t size, off64_t at), (file, data, size, at),
       (file, data, size / 2, at))

#define CHANGES(NAME, PARAMETERS, ARGUMENTS, WHAT, THROWS)            \
  extern "C" int NAME PARAMETERS THROWS {                             \
    static auto* const call = real<int PARAMETERS>(#NAME);            \
    return judge(#NAME, WHAT) == Verdict::Fail ? -1 : call ARGUMENTS; \
  }

CHANGES(fsync, (int file), (file), file, )
CHANGES(fdatasync, (int file), (file), file, )
CHANGES(ftruncate, (int file, off_t size), (file, size), file, noexcept)
CHANGES(ftruncate64, (int file, off64_t size), (file, size), file, noexcept)
CHANGES(fchmod, (int file, mode_t mode), (file, mode), file, noexcept)
CHANGES(unlink, (const char* path), (path), path, noexcept)
CHANGES(rename, (const char* path, const char* to), (path, to), path, noexcept)

#define OPENS(NAME)                                                    \
  extern "C" int NAME(const char* path, int flags, ...) {              \
    static auto* const call = real<int(const char*, int, ...)>(#NAME); \
    mode_t mode = 0;                                                   \
    if (flags & O_CREAT) {                                             \
      va_list more;                                                    \
      va_start(more, flags);                                           \
      mode = va_arg(more, mode_t);                                     \
      va_end(more);                                                    \
      if (judge("open", path) == Verdict::Fail) return -1;             \
    }                                                                  \
    return call(path, flags, mode);                                    \
  }

OPENS(open)
OPENS(open64)
