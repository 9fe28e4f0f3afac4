/*
 * Runs a program for which the kernel refuses system calls, as a filter does that is older than they are:
 * refuse NUMBER[,NUMBER...] ERRNO PROGRAM [ARG...]
 * The program's children are under the filter, too. Ends with 111 if a call is not refused then.
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

enum { MAX_CALLS = 32 };
enum { LOAD = 0x20, JUMP_IF_EQUAL = 0x15, RETURN = 0x06 };
enum { SECCOMP_MODE_FILTER = 2, SECCOMP_RET_ERRNO = 0x00050000, SECCOMP_RET_ALLOW = 0x7fff0000 };

int main(int argc, char **argv) {
  if (argc < 4) return 100;
  int const refusal = atoi(argv[2]);
  uint32_t numbers[MAX_CALLS];
  unsigned count = 0;
  for (char *at = argv[1]; *at && count < MAX_CALLS; at += *at == ',') numbers[count++] = (uint32_t)strtoul(at, &at, 10);
  struct sock_filter code[MAX_CALLS + 3] = { { LOAD, 0, 0, 0 } }; /* the number is the first member of struct seccomp_data */
  for (unsigned i = 0; i < count; i++) code[1 + i] = (struct sock_filter){ JUMP_IF_EQUAL, (uint8_t)(count - i), 0, numbers[i] };
  code[1 + count] = (struct sock_filter){ RETURN, 0, 0, SECCOMP_RET_ALLOW };
  code[2 + count] = (struct sock_filter){ RETURN, 0, 0, SECCOMP_RET_ERRNO | (uint32_t)refusal };
  struct sock_fprog const program = { (uint16_t)(count + 3), code };
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return 111;
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0)) return 111;
  for (unsigned i = 0; i < count; i++)
    if (syscall(numbers[i], -1L, -1L, -1L, -1L, -1L, -1L) != -1 || errno != refusal) return 111;
  execv(argv[3], argv + 3);
  return 127;
}
