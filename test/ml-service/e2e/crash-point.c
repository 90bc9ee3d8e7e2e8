/* Loaded into the service by LD_PRELOAD: ends it as kill -9 would, at the CRASH_AT-th system call that changes what
 * lies in the journal's folder (writes, syncs, cuts, renames, removals). CRASH_HALF: a write is cut in half first, as
 * when the machine dies in the middle. At a normal end the number of calls is written to CRASH_COUNT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static int ours(const char *path) {
  const char *folder = getenv("CRASH_FOLDER");
  return folder && path && !strncmp(path, folder, strlen(folder)) && !strstr(path, "lock.") && !strstr(path, "-shm");
}

static int ours_fd(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return ours(path);
}

/* Whether this is the call to die at. */
static int due(void) {
  const char *at = getenv("CRASH_AT");
  long number = atomic_fetch_add(&calls, 1) + 1;
  return at && number == atol(at);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("CRASH_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld", atomic_load(&calls));
  fclose(file);
}

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int half(void) { return getenv("CRASH_HALF") != NULL; }

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  REAL(pwrite64);
  if (ours_fd(fd) && due()) {
    if (half()) real(fd, bytes, count / 2, at);
    die();
  }
  return real(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  REAL(pwrite);
  if (ours_fd(fd) && due()) {
    if (half()) real(fd, bytes, count / 2, at);
    die();
  }
  return real(fd, bytes, count, at);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write);
  if (ours_fd(fd) && due()) {
    if (half()) real(fd, bytes, count / 2);
    die();
  }
  return real(fd, bytes, count);
}

#define ON_FD(name) \
  int name(int fd) { \
    REAL(name); \
    if (ours_fd(fd) && due()) die(); \
    return real(fd); \
  }
ON_FD(fsync)
ON_FD(fdatasync)

int ftruncate64(int fd, off64_t length) {
  REAL(ftruncate64);
  if (ours_fd(fd) && due()) die();
  return real(fd, length);
}

int ftruncate(int fd, off_t length) {
  REAL(ftruncate);
  if (ours_fd(fd) && due()) die();
  return real(fd, length);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  if (ours(to) && due()) die();
  return real(from, to);
}

int unlink(const char *path) {
  REAL(unlink);
  if (ours(path) && due()) die();
  return real(path);
}
