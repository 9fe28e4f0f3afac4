/*
 * arrival FIFO [ARG...]: a service whose first action is to write a line into a FIFO. Then it does nothing until a signal ends it.
 * As the interpreter of a script, in its first line, it is the script's program.
 */
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int const fd = argc > 1 ? open(argv[1], O_WRONLY) : -1;
  if (fd < 0 || write(fd, "\n", 1) != 1) return 111;
  close(fd);
  for (;;) pause();
}
