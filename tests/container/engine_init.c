/*
 * What an engine puts in front of a container's program when it is asked for an init (`docker run --init`): PID 1 that starts it, passes signals
 * on to it, reaps whatever dies, and exits as it does. Called as podman calls its own: engine_init -- PROGRAM [ARG...]
 */
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
  char **const words = argv + (argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1);
  sigset_t all, none;
  posix_spawnattr_t attributes;
  pid_t child;
  sigfillset(&all);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &all, 0);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  if (posix_spawnp(&child, words[0], 0, &attributes, words, environ)) return 127;
  for (;;) {
    int signal, wstat;
    pid_t dead;
    sigwait(&all, &signal);
    if (signal != SIGCHLD) kill(child, signal);
    while ((dead = waitpid(-1, &wstat, WNOHANG)) > 0)
      if (dead == child) return WIFSIGNALED(wstat) ? 128 + WTERMSIG(wstat) : WEXITSTATUS(wstat);
  }
}
