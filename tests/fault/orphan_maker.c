/*
 * Leaves COUNT orphans behind, in batches, and tells in the file "made" how many there have been; then it stays.
 * A batch lives until its parent is gone, which it sees by the end of a pipe: so each of them is an orphan when it is reaped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH 500

static void make_batch(int size)
{
  int p[2];
  char byte;
  if (pipe(p) < 0) _exit(111);
  for (int i = 0; i < size; i++)
  {
    pid_t pid = fork();
    if (pid < 0) _exit(111);
    if (pid > 0) continue;
    close(p[1]);
    _exit(read(p[0], &byte, 1) < 0);
  }
  _exit(0);
}

static void tell(int made)
{
  FILE *file = fopen("made.new", "w");
  if (!file || fprintf(file, "%d\n", made) < 0 || fclose(file) || rename("made.new", "made") < 0) exit(111);
}

int main(int argc, char **argv)
{
  int count = argc > 1 ? atoi(argv[1]) : 0;
  for (int made = 0; made < count;)
  {
    int size = count - made < BATCH ? count - made : BATCH;
    int status;
    pid_t pid = fork();
    if (pid == 0) make_batch(size);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status) return 111;
    made += size;
    if (made % (BATCH * 10) == 0 || made == count) tell(made);
  }
  pause();
  return 0;
}
