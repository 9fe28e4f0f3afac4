/*
 * Runs a program for which the kernel refuses a system call, as a filter does that is older than the call: refuse NUMBER ERRNO PROGRAM [ARG...]
 * The program's children are under the filter, too. Ends with 111 if the call is not refused then.
 * What musl has no headers for is from linux/filter.h and linux/seccomp.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

struct sock_filter { uint16_t code; uint8_t jt, jf; uint32_t k; };
struct sock_fprog { uint16_t len; struct sock_filter const *filter; };

enum { LOAD = 0x20, JUMP_IF_EQUAL = 0x15, RETURN = 0x06 };
enum { SECCOMP_MODE_FILTER = 2, SECCOMP_RET_ERRNO = 0x00050000, SECCOMP_RET_ALLOW = 0x7fff0000 };

int main(int argc, char **argv) {
  if (argc < 4) return 100;
  unsigned const number = (unsigned)atol(argv[1]);
  int const refusal = atoi(argv[2]);
  struct sock_filter const code[] = {
    { LOAD, 0, 0, 0 }, /* the call's number is the first member of struct seccomp_data */
    { JUMP_IF_EQUAL, 0, 1, number },
    { RETURN, 0, 0, SECCOMP_RET_ERRNO | (unsigned)refusal },
    { RETURN, 0, 0, SECCOMP_RET_ALLOW },
  };
  struct sock_fprog const program = { sizeof code / sizeof *code, code };
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return 111;
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0)) return 111;
  if (syscall(number, -1L, -1L, -1L, -1L, -1L, -1L) != -1 || errno != refusal) return 111;
  execv(argv[3], argv + 3);
  return 127;
}
