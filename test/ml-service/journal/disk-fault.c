/* Loaded into a process under test by LD_PRELOAD. While the file named by DISK_FAULT says
 *   f  writes to the journal's database and log stop half-way, then find no space (ENOSPC);
 *   e  the next fsync of them fails with EIO, once, as Linux reports it; later ones succeed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char fault(int fd) {
  char link[64], path[4096], mode = ' ';
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return mode;
  path[length] = 0;
  if (!strstr(path, "/journal.db")) return mode;
  const char *control = getenv("DISK_FAULT");
  int file = control ? open(control, O_RDONLY) : -1;
  if (file < 0) return mode;
  if (read(file, &mode, 1) != 1) mode = ' ';
  close(file);
  return mode;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
  if (fault(fd) != 'f') return real(fd, bytes, count, at);
  if (count > 512) return real(fd, bytes, count / 2, at);
  errno = ENOSPC;
  return -1;
}

int fsync(int fd) {
  static int (*real)(int);
  static int reported;
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  if (fault(fd) == 'e' && !reported) {
    reported = 1;
    errno = EIO;
    return -1;
  }
  return real(fd);
}
