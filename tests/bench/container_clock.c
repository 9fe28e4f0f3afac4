/*
 * A container that tells when things happened in it, by the clock that all its processes share (CLOCK_MONOTONIC, nanoseconds).
 *
 *   container_clock launch ROOT INIT [ARG...]
 *     runs INIT as the first process of new PID, mount, UTS and IPC namespaces, with ROOT as its root, a /proc and a tmpfs on /run, and with
 *     an environment that is PATH and what CLOCK_ENV holds (words NAME=VALUE). On standard output: `start N` when INIT is about to be executed,
 *     `end N CODE` when it has ended; a death by signal is 128 + signal. With `/` as ROOT the root stays what it is.
 *   container_clock command MILLISECONDS CODE
 *     is the CMD: `first N` is its first action, `last N` its last one that long afterwards, before it exits CODE.
 *   container_clock service [ARG...]
 *     is a service, in the first line of its script: it does nothing until a signal ends it.
 *   container_clock nothing X
 *     is the script of a oneshot that has nothing to do.
 *   container_clock init PROGRAM [ARG...]
 *     the least that a first process can do: start the program, wait for it, exit as it did.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_VARIABLES 32

extern char **environ;

static long long now(void) {
  struct timespec moment;
  clock_gettime(CLOCK_MONOTONIC, &moment);
  return moment.tv_sec * 1000000000LL + moment.tv_nsec;
}

static void tell(char const *what, long long when) {
  dprintf(1, "%s %lld\n", what, when);
}

static void fail(char const *action) {
  fprintf(stderr, "container_clock: unable to %s: %s\n", action, strerror(errno));
  _exit(111);
}

/* What a shell would say of a wait status. */
static int code_of(int wstat) {
  return WIFSIGNALED(wstat) ? 128 + WTERMSIG(wstat) : WEXITSTATUS(wstat);
}

static void mount_in(char const *root, char const *place, char const *type, char const *source, unsigned long flags) {
  char path[4096];
  snprintf(path, sizeof path, "%s%s", strcmp(root, "/") ? root : "", place);
  if (mount(source, path, type, flags, 0) < 0) fail(path);
}

static void enter(char const *root) {
  if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC) < 0) fail("make namespaces");
  if (mount(0, "/", 0, MS_REC | MS_PRIVATE, 0) < 0) fail("make mounts private");
  mount_in(root, "/proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);
  mount_in(root, "/run", "tmpfs", "tmpfs", MS_NOSUID | MS_NODEV);
  if (strcmp(root, "/") == 0) return;
  mount_in(root, "/dev/null", 0, "/dev/null", MS_BIND);
  if (chroot(root) < 0 || chdir("/") < 0) fail("enter the root");
}

/* PATH, and the words of CLOCK_ENV. */
static char **container_environment(void) {
  static char *variables[MAX_VARIABLES + 2] = {"PATH=/usr/bin:/bin"};
  char *const words = getenv("CLOCK_ENV");
  int count = 1;
  for (char *word = words ? strtok(words, " ") : 0; word; word = strtok(0, " ")) {
    if (count > MAX_VARIABLES) { errno = E2BIG; fail("pass CLOCK_ENV on"); }
    variables[count++] = word;
  }
  return variables;
}

static int launch(char const *root, char **argv) {
  char **const env = container_environment();
  int wstat;
  pid_t first;
  if (unshare(CLONE_NEWPID) < 0) fail("make a PID namespace");
  first = fork();
  if (first < 0) fail("fork");
  if (first == 0) {
    enter(root);
    tell("start", now());
    execve(argv[0], argv, env);
    fail(argv[0]);
  }
  while (waitpid(first, &wstat, 0) < 0) if (errno != EINTR) fail("wait");
  dprintf(1, "end %lld %d\n", now(), code_of(wstat));
  return 0;
}

static int command(char const *milliseconds, char const *code) {
  tell("first", now());
  struct timespec life = {atol(milliseconds) / 1000, atol(milliseconds) % 1000 * 1000000};
  nanosleep(&life, 0);
  tell("last", now());
  _exit(atoi(code));
}

static int least_init(char **argv) {
  pid_t pid;
  int wstat;
  if ((errno = posix_spawn(&pid, argv[0], 0, 0, argv, environ))) fail(argv[0]);
  while (waitpid(pid, &wstat, 0) < 0) if (errno != EINTR) fail("wait");
  return code_of(wstat);
}

int main(int argc, char **argv) {
  char const *const mode = argc > 2 ? argv[1] : "";
  if (strcmp(mode, "command") == 0 && argc == 4) return command(argv[2], argv[3]);
  if (strcmp(mode, "init") == 0) return least_init(argv + 2);
  if (strcmp(mode, "service") == 0) return pause();
  if (strcmp(mode, "nothing") == 0) return 0;
  if (strcmp(mode, "launch") == 0 && argc > 3) return launch(argv[2], argv + 3);
  fprintf(stderr, "container_clock: usage: launch ROOT INIT [ARG...] | command MILLISECONDS CODE | service [ARG...] | init PROGRAM [ARG...]\n");
  return 100;
}
