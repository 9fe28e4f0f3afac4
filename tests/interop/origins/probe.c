/*
 * Tells what a process is given, as one JSON object, in ../seen/NAME, where NAME is what this file
 * is called by; then it waits for a signal. It has to be linked statically: the environment may
 * hold anything.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static void text(FILE *out, const char *bytes) {
  fputc('"', out);
  for (const unsigned char *p = (const unsigned char *)bytes; *p; p++) {
    if (*p < 32 || *p == '"' || *p == '\\') fprintf(out, "\\u%04x", *p);
    else fputc(*p, out);
  }
  fputc('"', out);
}

static void list(FILE *out, const char *name, char **strings) {
  fprintf(out, "\"%s\":[", name);
  for (int i = 0; strings[i]; i++) {
    if (i) fputc(',', out);
    text(out, strings[i]);
  }
  fputs("],", out);
}

static void ids(FILE *out) {
  uid_t r, e, s;
  gid_t rg, eg, sg;
  gid_t groups[256];
  getresuid(&r, &e, &s);
  getresgid(&rg, &eg, &sg);
  int count = getgroups(256, groups);
  fprintf(out, "\"uid\":[%u,%u,%u],\"gid\":[%u,%u,%u],\"groups\":[", r, e, s, rg, eg, sg);
  for (int i = 0; i < count; i++) fprintf(out, "%s%u", i ? "," : "", groups[i]);
  fputs("],", out);
}

static void limits(FILE *out) {
  fputs("\"limits\":[", out);
  for (int i = 0; i < 16; i++) {
    struct rlimit limit;
    getrlimit(i, &limit);
    fprintf(out, "%s\"%lld:%lld\"", i ? "," : "", (long long)limit.rlim_cur,
            (long long)limit.rlim_max);
  }
  fputs("],", out);
}

static void descriptors(FILE *out, int own) {
  fputs("\"descriptors\":[", out);
  int seen = 0;
  for (int fd = 0; fd < 256; fd++) {
    struct stat found;
    if (fd == own || fstat(fd, &found) < 0) continue;
    fprintf(out, "%s%d", seen++ ? "," : "", fd);
  }
  fputs("],", out);
}

static void signals(FILE *out) {
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, NULL, &blocked);
  fputs("\"ignored\":[", out);
  int seen = 0;
  for (int number = 1; number < 65; number++) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN) {
      fprintf(out, "%s%d", seen++ ? "," : "", number);
    }
  }
  fputs("],\"blocked\":[", out);
  seen = 0;
  for (int number = 1; number < 65; number++) {
    if (sigismember(&blocked, number) == 1) fprintf(out, "%s%d", seen++ ? "," : "", number);
  }
  fputs("]", out);
}

int main(int argc, char **argv) {
  char self[PATH_MAX], cwd[PATH_MAX], temporary[3 * PATH_MAX], final[2 * PATH_MAX + 16];
  (void)argc;
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length < 0 || !getcwd(cwd, sizeof cwd)) return 111;
  self[length] = 0;
  char *name = strrchr(self, '/');
  *name++ = 0;
  snprintf(final, sizeof final, "%s/../seen/%s", self, name);
  snprintf(temporary, sizeof temporary, "%s.tmp", final);
  mode_t mask = umask(0);
  FILE *out = fopen(temporary, "w");
  if (!out) return 111;
  fputc('{', out);
  list(out, "argv", argv);
  list(out, "environment", environ);
  ids(out);
  fputs("\"cwd\":", out);
  text(out, cwd);
  fprintf(out, ",\"umask\":%u,\"priority\":%d,", mask, getpriority(PRIO_PROCESS, 0));
  limits(out);
  descriptors(out, fileno(out));
  signals(out);
  fputs("}\n", out);
  if (fclose(out) != 0 || rename(temporary, final) < 0) return 111;
  for (;;) pause();
}
