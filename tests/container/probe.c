/*
 * The program that the services of the container tests run. It is static, so it runs in an image that has nothing else, and there is no
 * shell between the supervisor and what it looks at.
 *
 * Called as a service is, `./run NAME`, it tells on stdout what happens, each line with NAME in front. What it does is decided by what is
 * in ./data of its service directory:
 *   data/report    first tell what was inherited: descriptors, signals, limits, ids, environment
 *   data/orphans   then leave that many orphans, and end them all at once when data/release (a FIFO) has been written to
 *   data/notify    then write a newline to the descriptor of this number
 *   data/deaf      a SIGTERM is told and otherwise ignored
 *   data/go        a FIFO: before the last line, wait until it has been opened for writing and closed again
 *   data/collect   be a logger: copy stdin to ./out and to stdout until its end, then add a line that says so
 *   data/exit      end at once with this exit code
 * Without any of them it says `up`, waits for SIGTERM or SIGINT, says `last line` and ends with 0.
 *
 * Called by another name than `run`, as `finish` or a handler is, it reports with that name in front of each line, and ends with 0.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char const *name = "probe";

static void write_all(int fd, char const *bytes, size_t size) {
  while (size > 0) {
    ssize_t const n = write(fd, bytes, size);
    if (n < 0 && errno != EINTR) _exit(111);
    if (n > 0) { bytes += n; size -= (size_t)n; }
  }
}

/* One line in one write, so that lines of several services never mix. */
static void say_to(int fd, char const *format, ...) {
  char line[4096];
  va_list args;
  int used = snprintf(line, sizeof line, "%s: ", name);
  va_start(args, format);
  used += vsnprintf(line + used, sizeof line - (size_t)used - 1, format, args);
  va_end(args);
  if (used > (int)sizeof line - 2) used = (int)sizeof line - 2;
  line[used++] = '\n';
  write_all(fd, line, (size_t)used);
}
#define say(...) say_to(1, __VA_ARGS__)

static void fail(char const *action) {
  say_to(2, "unable to %s: %s", action, strerror(errno));
  _exit(111);
}

static int exists(char const *path) { return access(path, F_OK) == 0; }

static long number_in(char const *path) {
  char text[32] = "";
  int const fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  if (read(fd, text, sizeof text - 1) < 0) fail(path);
  close(fd);
  return strtol(text, 0, 10);
}

/* Waits until somebody has opened the FIFO for writing and closed it again. */
static void wait_for_fifo(char const *path) {
  char byte;
  int const fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path);
  while (read(fd, &byte, 1) != 0) continue;
  close(fd);
}

static void report_descriptors(void) {
  DIR *const dir = opendir("/proc/self/fd");
  struct dirent const *entry;
  if (!dir) fail("open /proc/self/fd");
  while ((entry = readdir(dir))) {
    char target[512];
    ssize_t n;
    if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(dir)) continue;
    n = readlinkat(dirfd(dir), entry->d_name, target, sizeof target - 1);
    if (n < 0) fail("read a link in /proc/self/fd");
    target[n] = 0;
    say("fd %s %s", entry->d_name, target);
  }
  closedir(dir);
}

/* The lines of /proc/self/status whose names begin with Sig or Cap. */
static void report_status(void) {
  char line[256];
  FILE *const status = fopen("/proc/self/status", "re");
  if (!status) fail("open /proc/self/status");
  while (fgets(line, sizeof line, status)) {
    line[strcspn(line, "\n")] = 0;
    if (!strncmp(line, "Sig", 3) || !strncmp(line, "Cap", 3)) say("status %s", line);
  }
  fclose(status);
}

static void report(int argc, char **argv) {
  struct rlimit nofile;
  mode_t const mask = umask(0);
  umask(mask);
  report_descriptors();
  report_status();
  if (getrlimit(RLIMIT_NOFILE, &nofile) < 0) fail("read RLIMIT_NOFILE");
  say("nofile %llu %llu", (unsigned long long)nofile.rlim_cur, (unsigned long long)nofile.rlim_max);
  say("pid %d parent %d session %d group %d", getpid(), getppid(), getsid(0), getpgrp());
  say("uid %d gid %d umask %03o", getuid(), getgid(), mask);
  for (char **entry = environ; *entry; entry++) say("env %s", *entry);
  for (int i = 0; i < argc; i++) say("arg %d %s", i, argv[i]);
  say("reported");
}

/* The orphans hold the reading end of a pipe, and end when this process closes its writing end. */
static void leave_orphans(long count) {
  int ends[2];
  pid_t middle;
  int wstat;
  if (pipe2(ends, O_CLOEXEC) < 0) fail("make a pipe");
  middle = fork();
  if (middle < 0) fail("fork");
  if (middle == 0) {
    close(ends[1]);
    for (long i = 0; i < count; i++) {
      pid_t const orphan = fork();
      char byte;
      if (orphan < 0) fail("fork");
      if (orphan == 0) _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    _exit(0);
  }
  close(ends[0]);
  if (waitpid(middle, &wstat, 0) != middle || wstat != 0) fail("leave orphans");
  say("left %ld orphans", count);
  wait_for_fifo("data/release");
  close(ends[1]);
  say("released them");
}

static _Noreturn void collect(void) {
  char buffer[4096];
  ssize_t n;
  int const out = open("out", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (out < 0) fail("open out");
  while ((n = read(0, buffer, sizeof buffer)) != 0) {
    if (n < 0) fail("read");
    write_all(out, buffer, (size_t)n);
    write_all(1, buffer, (size_t)n);
  }
  if (exists("data/go")) wait_for_fifo("data/go");
  say_to(out, "end of file");
  say("end of file");
  _exit(0);
}

int main(int argc, char **argv) {
  sigset_t stopping;
  char const *const called = basename(argv[0]);
  if (strcmp(called, "run")) {
    name = called;
    report(argc, argv);
    return 0;
  }
  if (argc > 1) name = argv[1];
  if (exists("data/report")) report(argc, argv);
  if (exists("data/exit")) {
    say("ending");
    return (int)number_in("data/exit");
  }
  if (exists("data/collect")) collect();

  sigemptyset(&stopping);
  sigaddset(&stopping, SIGTERM);
  sigaddset(&stopping, SIGINT);
  sigprocmask(SIG_BLOCK, &stopping, 0);
  if (exists("data/orphans")) leave_orphans(number_in("data/orphans"));
  say("up");
  if (exists("data/notify")) write_all((int)number_in("data/notify"), "\n", 1);
  for (;;) {
    int sig = 0;
    sigwait(&stopping, &sig);
    say("asked to stop by signal %d", sig);
    if (exists("data/deaf")) continue;
    if (exists("data/go")) wait_for_fifo("data/go");
    say("last line");
    return 0;
  }
}
