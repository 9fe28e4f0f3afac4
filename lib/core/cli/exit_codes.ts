/**
 * Exit codes that mean the same wherever they are met: in a command, and in what a supervisor or a
 * chain tells of a program. Source: s6, doc/*.html; skalibs, strerr_dieexec. Pure.
 */
export const EXIT_TIMED_OUT = 99;
/** The command line or what it names is wrong: trying again does not help. */
export const EXIT_USAGE = 100;
/** What can't be has come about: a fault of ours. */
export const EXIT_IMPOSSIBLE = 101;
export const EXIT_NOT_SUPERVISED = 102;
/** A system call has failed. */
export const EXIT_SYSTEM = 111;
/** There is a program, and it can't be executed. */
export const EXIT_CANNOT_EXEC = 126;
/** There is no such program. */
export const EXIT_NOT_FOUND = 127;
/**
 * What a shell shows of a command that has died of SIGPIPE: see BrokenPipe in lib/files/output.ts.
 */
export const EXIT_BROKEN_PIPE = 141;
