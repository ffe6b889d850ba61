/*
 * A host with faults, for one process: put before libc by LD_PRELOAD, it stands between the process and its files. Linux,
 * glibc, 64 bits. For files below FAULTY_HOST_DIRECTORY (absolute; -shm files excepted: they are rebuilt, never relied on) it
 *   records  every change of bytes, sizes and names, and every sync, in one order and with the data, in FAULTY_HOST_TRACE;
 *   fails    syncs and writes as FAULTY_HOST_CONTROL tells, a file that is mapped and may be written at any time;
 * and for the whole process it adds an offset to the wall clock.
 * The layouts of both files are those of apps/bench/src/faults/trace.ts and faulty-host.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control {
  volatile uint32_t recording;
  volatile uint32_t syncs;        /* enum syncs */
  volatile int64_t sync_faults;   /* so many more; below 0: until it is lifted */
  volatile int64_t room;          /* bytes by which files may still grow; below 0: no bound */
  volatile uint32_t short_writes; /* a write of more than a sector does half of it */
  volatile uint32_t halt;         /* enum halt */
  volatile int64_t clock_offset;  /* nanoseconds */
  volatile uint64_t faults;       /* counted here, or nearly: syncs, writes and readings of the clock that went wrong */
  char only[64];                  /* faults concern files whose path contains this */
};
enum syncs { HONEST, FAILING, LYING };
/* Halted: whoever would change a file waits for ever, and nobody is in the midst of it: the process can be killed between two entries */
enum halt { RUNNING, HALTING, HALTED };
enum kind { CREATE = 1, WRITE, TRUNCATE, SYNC, SYNC_DIRECTORY, RENAME, UNLINK, MAKE_DIRECTORY };
enum { LIED = 0xffff, SECTOR = 512, FILES = 4096 };

struct entry {
  uint32_t kind;
  uint32_t outcome; /* 0, errno, or LIED */
  uint64_t started, ended; /* CLOCK_MONOTONIC, nanoseconds */
  uint64_t inode;
  uint64_t offset; /* of a write; the new size for a truncation */
  uint32_t path_length, other_length, data_length, unused;
};

static struct control no_control = {.room = -1};
static struct control *control = &no_control;
static char root[PATH_MAX];
static size_t root_length;
static int trace = -1;
static char *paths[FILES]; /* of the files below root that are open, by descriptor */
static pthread_mutex_t one_order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_gettimeofday)(struct timeval *restrict, void *restrict);

__attribute__((constructor)) static void prepare(void) {
  const char *directory = getenv("FAULTY_HOST_DIRECTORY");
  const char *told = getenv("FAULTY_HOST_CONTROL");
  const char *written = getenv("FAULTY_HOST_TRACE");
  real_clock_gettime = REAL(clock_gettime);
  real_gettimeofday = REAL(gettimeofday);
  if (directory == NULL || told == NULL || written == NULL) return;
  int file = REAL(open)(told, O_RDWR | O_CLOEXEC);
  if (file < 0) abort();
  void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) abort();
  REAL(close)(file);
  trace = REAL(open)(written, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (trace < 0) abort();
  control = mapped;
  root_length = strlen(directory);
  memcpy(root, directory, root_length + 1);
}

/* Wall clock */
int clock_gettime(clockid_t id, struct timespec *at) {
  if (real_clock_gettime == NULL) real_clock_gettime = REAL(clock_gettime);
  int result = real_clock_gettime(id, at);
  if (result != 0 || control->clock_offset == 0 || (id != CLOCK_REALTIME && id != CLOCK_REALTIME_COARSE)) return result;
  control->faults++;
  int64_t ns = at->tv_sec * INT64_C(1000000000) + at->tv_nsec + control->clock_offset;
  at->tv_sec = ns / 1000000000;
  at->tv_nsec = ns % 1000000000;
  return 0;
}
int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  if (real_gettimeofday == NULL) real_gettimeofday = REAL(gettimeofday);
  int result = real_gettimeofday(at, zone);
  if (result != 0 || control->clock_offset == 0) return result;
  control->faults++;
  int64_t us = at->tv_sec * INT64_C(1000000) + at->tv_usec + control->clock_offset / 1000;
  at->tv_sec = us / 1000000;
  at->tv_usec = us % 1000000;
  return 0;
}
time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at != NULL) *at = now.tv_sec;
  return now.tv_sec;
}

static uint64_t monotonic(void) {
  struct timespec now;
  real_clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

/* Whether a path lies below the directory, and its absolute form */
static int is_ours(int directory, const char *path, char *full) {
  if (root_length == 0 || path == NULL) return 0;
  if (path[0] == '/') snprintf(full, PATH_MAX, "%s", path);
  else {
    char here[PATH_MAX];
    if (directory != AT_FDCWD || getcwd(here, sizeof here) == NULL) return 0;
    if (snprintf(full, PATH_MAX, "%s/%s", here, path) >= PATH_MAX) return 0;
  }
  if (strncmp(full, root, root_length) != 0 || (full[root_length] != '/' && full[root_length] != 0)) return 0;
  size_t length = strlen(full);
  return length < 4 || strcmp(full + length - 4, "-shm") != 0;
}
static const char *path_of(int file) { return file >= 0 && file < FILES ? paths[file] : NULL; }
static int is_concerned(const char *path) {
  return control->only[0] == 0 || strstr(path + root_length, control->only) != NULL;
}
static const char *within(const char *path) { return path[root_length] == '/' ? path + root_length + 1 : ""; }

/* What happens between these two happens in the order of the trace */
static struct entry begin(enum kind kind) {
  pthread_mutex_lock(&one_order);
  if (control->halt != RUNNING) {
    control->halt = HALTED;
    for (;;) pause();
  }
  return (struct entry){.kind = kind, .started = monotonic()};
}
static void end(struct entry *entry, int happened, const char *path, const char *other, const void *data) {
  int error = errno;
  if (happened && control->recording) {
    entry->ended = monotonic();
    entry->path_length = path == NULL ? 0 : strlen(path);
    entry->other_length = other == NULL ? 0 : strlen(other);
    struct iovec parts[] = {{entry, sizeof *entry},
                            {(void *)path, entry->path_length},
                            {(void *)other, entry->other_length},
                            {(void *)data, entry->data_length}};
    ssize_t length = sizeof *entry + entry->path_length + entry->other_length + entry->data_length;
    /* a trace with a gap proves nothing */
    if (REAL(writev)(trace, parts, 4) != length) abort();
  }
  pthread_mutex_unlock(&one_order);
  errno = error;
}

/* Descriptors */
static int open_file(int directory, const char *path, int flags, mode_t mode) {
  char full[PATH_MAX];
  if (!is_ours(directory, path, full)) return REAL(openat)(directory, path, flags, mode);
  struct entry entry = begin(CREATE);
  struct stat before, now;
  int existed = stat(full, &before) == 0;
  int file = REAL(openat)(directory, path, flags, mode);
  int changed = file >= 0 && fstat(file, &now) == 0 && (!existed || ((flags & O_TRUNC) != 0 && before.st_size > 0));
  if (file >= 0 && file < FILES) {
    free(paths[file]);
    paths[file] = strdup(full);
  }
  if (changed) {
    entry.kind = existed ? TRUNCATE : CREATE;
    entry.inode = now.st_ino;
  }
  end(&entry, changed, within(full), NULL, NULL);
  return file;
}
#define MODE(flags, mode)                                   \
  mode_t mode = 0;                                          \
  if (((flags) & O_CREAT) || ((flags) & O_TMPFILE) == O_TMPFILE) { \
    va_list rest;                                           \
    va_start(rest, flags);                                  \
    mode = va_arg(rest, mode_t);                            \
    va_end(rest);                                           \
  }
int open(const char *path, int flags, ...) { MODE(flags, mode) return open_file(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, mode) return open_file(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags, mode) return open_file(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags, mode) return open_file(at, path, flags, mode); }
int close(int file) {
  if (path_of(file) == NULL) return REAL(close)(file);
  pthread_mutex_lock(&one_order);
  free(paths[file]);
  paths[file] = NULL;
  int result = REAL(close)(file);
  pthread_mutex_unlock(&one_order);
  return result;
}
static int doubled(int file, int copy) {
  if (copy < 0 || copy >= FILES || file == copy) return copy;
  pthread_mutex_lock(&one_order);
  free(paths[copy]);
  paths[copy] = path_of(file) == NULL ? NULL : strdup(paths[file]);
  pthread_mutex_unlock(&one_order);
  return copy;
}
int dup(int file) { return doubled(file, REAL(dup)(file)); }
int dup2(int file, int copy) { return doubled(file, REAL(dup2)(file, copy)); }

/* Bytes and sizes */
static ssize_t put(int file, const void *bytes, size_t count, off_t at) {
  struct entry entry = begin(WRITE);
  const char *path = paths[file];
  struct stat now;
  fstat(file, &now);
  off_t from = at >= 0 ? at : (fcntl(file, F_GETFL) & O_APPEND) ? now.st_size : lseek(file, 0, SEEK_CUR);
  size_t allowed = count;
  int bounded = is_concerned(path) && control->room >= 0;
  if (is_concerned(path) && control->short_writes && allowed > SECTOR) allowed /= 2;
  if (bounded) {
    int64_t over = from + (int64_t)allowed - now.st_size - control->room;
    if (over > 0) allowed = over < (int64_t)allowed ? allowed - over : 0;
  }
  if (allowed < count) control->faults++;
  ssize_t done = -1;
  if (allowed == 0 && count > 0) errno = ENOSPC;
  else done = at >= 0 ? REAL(pwrite)(file, bytes, allowed, at) : REAL(write)(file, bytes, allowed);
  if (bounded && done > 0 && from + done > now.st_size) control->room -= from + done - now.st_size;
  entry.inode = now.st_ino;
  entry.offset = from;
  entry.data_length = done > 0 ? done : 0;
  end(&entry, done > 0, within(path), NULL, bytes);
  return done;
}
static ssize_t put_parts(int file, const struct iovec *parts, int count, off_t at) {
  ssize_t total = 0;
  for (int i = 0; i < count; i++) {
    if (parts[i].iov_len == 0) continue;
    ssize_t done = put(file, parts[i].iov_base, parts[i].iov_len, at < 0 ? at : at + total);
    if (done < 0) return total > 0 ? total : done;
    total += done;
    if ((size_t)done < parts[i].iov_len) break;
  }
  return total;
}
ssize_t write(int file, const void *bytes, size_t count) {
  return path_of(file) == NULL ? REAL(write)(file, bytes, count) : put(file, bytes, count, -1);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  return path_of(file) == NULL ? REAL(pwrite)(file, bytes, count, at) : put(file, bytes, count, at);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) { return pwrite(file, bytes, count, at); }
ssize_t writev(int file, const struct iovec *parts, int count) {
  return path_of(file) == NULL ? REAL(writev)(file, parts, count) : put_parts(file, parts, count, -1);
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
  return path_of(file) == NULL ? REAL(pwritev)(file, parts, count, at) : put_parts(file, parts, count, at);
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) { return pwritev(file, parts, count, at); }
/* libuv makes some calls by number */
long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long);
  long d = va_arg(rest, long), e = va_arg(rest, long), f = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_close) return close(a);
  if (number == SYS_pwritev) return pwritev(a, (const struct iovec *)b, c, d);
  return REAL(syscall)(number, a, b, c, d, e, f);
}
int ftruncate(int file, off_t size) {
  if (path_of(file) == NULL) return REAL(ftruncate)(file, size);
  struct entry entry = begin(TRUNCATE);
  const char *path = paths[file];
  struct stat before;
  fstat(file, &before);
  int result = REAL(ftruncate)(file, size);
  if (result == 0 && control->room >= 0 && is_concerned(path) && size < before.st_size)
    control->room += before.st_size - size;
  entry.inode = before.st_ino;
  entry.offset = size;
  end(&entry, result == 0, within(path), NULL, NULL);
  return result;
}
int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }

static int synced(int file, int (*sync)(int)) {
  if (path_of(file) == NULL) return sync(file);
  struct entry entry = begin(SYNC);
  struct stat now;
  fstat(file, &now);
  if (S_ISDIR(now.st_mode)) entry.kind = SYNC_DIRECTORY;
  entry.inode = now.st_ino;
  int result = 0;
  if (control->syncs != HONEST && control->sync_faults != 0 && is_concerned(paths[file])) {
    if (control->sync_faults > 0) control->sync_faults--;
    control->faults++;
    if (control->syncs == FAILING) result = -1;
    entry.outcome = result == 0 ? LIED : EIO;
    errno = EIO;
  } else {
    result = sync(file);
    if (result != 0) entry.outcome = errno;
  }
  end(&entry, 1, within(paths[file]), NULL, NULL);
  return result;
}
int fsync(int file) { return synced(file, REAL(fsync)); }
int fdatasync(int file) { return synced(file, REAL(fdatasync)); }

/* Names */
int rename(const char *from, const char *to) {
  char old[PATH_MAX], new[PATH_MAX];
  if (!is_ours(AT_FDCWD, from, old) || !is_ours(AT_FDCWD, to, new)) return REAL(rename)(from, to);
  struct entry entry = begin(RENAME);
  struct stat now;
  int there = stat(old, &now) == 0;
  int result = REAL(rename)(from, to);
  if (there) entry.inode = now.st_ino;
  end(&entry, result == 0, within(old), within(new), NULL);
  return result;
}
int link(const char *from, const char *to) {
  char full[PATH_MAX];
  if (!is_ours(AT_FDCWD, to, full)) return REAL(link)(from, to);
  struct entry entry = begin(CREATE);
  int result = REAL(link)(from, to);
  struct stat now;
  if (result == 0 && stat(full, &now) == 0) entry.inode = now.st_ino;
  end(&entry, result == 0, within(full), NULL, NULL);
  return result;
}
static int removed(int directory, const char *path, int flags) {
  char full[PATH_MAX];
  if (!is_ours(directory, path, full)) return REAL(unlinkat)(directory, path, flags);
  struct entry entry = begin(UNLINK);
  struct stat before;
  int there = stat(full, &before) == 0;
  int result = REAL(unlinkat)(directory, path, flags);
  if (result == 0 && there && control->room >= 0 && is_concerned(full)) control->room += before.st_size;
  end(&entry, result == 0, within(full), NULL, NULL);
  return result;
}
int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int directory, const char *path, int flags) { return removed(directory, path, flags); }
int remove(const char *path) {
  struct stat now;
  return removed(AT_FDCWD, path, lstat(path, &now) == 0 && S_ISDIR(now.st_mode) ? AT_REMOVEDIR : 0);
}
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int mkdir(const char *path, mode_t mode) {
  char full[PATH_MAX];
  if (!is_ours(AT_FDCWD, path, full)) return REAL(mkdir)(path, mode);
  struct entry entry = begin(MAKE_DIRECTORY);
  int result = REAL(mkdir)(path, mode);
  end(&entry, result == 0, within(full), NULL, NULL);
  return result;
}
