/**
 * What the programs of runit and daemontools call the reason of a failure: their own words, not the C
 * library's. Source: runit, error_str.c. Pure.
 */
import {
  E2BIG,
  EACCES,
  EAGAIN,
  EBADF,
  EBUSY,
  EEXIST,
  EFBIG,
  EINTR,
  EINVAL,
  EIO,
  EISDIR,
  ELOOP,
  EMFILE,
  ENAMETOOLONG,
  ENFILE,
  ENOENT,
  ENOEXEC,
  ENOLCK,
  ENOMEM,
  ENOSPC,
  ENOSYS,
  ENOTDIR,
  ENXIO,
  EPERM,
  EPIPE,
  EROFS,
  ESRCH,
  ETXTBSY,
  strerror,
} from "../../core/linux/errno.ts";

const REASONS: Readonly<Record<number, string>> = {
  [EINTR]: "interrupted system call",
  [ENOMEM]: "out of memory",
  [ENOENT]: "file does not exist",
  [ETXTBSY]: "text busy",
  [EIO]: "input/output error",
  [EEXIST]: "file already exists",
  [EAGAIN]: "temporary failure",
  [EPIPE]: "broken pipe",
  [EPERM]: "permission denied",
  [EACCES]: "access denied",
  [ENXIO]: "device not configured",
  [EISDIR]: "is a directory",
  [ENOTDIR]: "not a directory",
  [ESRCH]: "no such process",
  [E2BIG]: "argument list too long",
  [ENOEXEC]: "exec format error",
  [EBADF]: "file descriptor not open",
  [EBUSY]: "device busy",
  [EINVAL]: "invalid argument",
  [ENFILE]: "system cannot open more files",
  [EMFILE]: "process cannot open more files",
  [EFBIG]: "file too big",
  [ENOSPC]: "out of disk space",
  [EROFS]: "read-only file system",
  [ENOLCK]: "no locks available",
  [ENOSYS]: "system call not available",
  [ELOOP]: "symbolic link loop",
  [ENAMETOOLONG]: "file name too long",
};

/** The C library's words for what they have none for. */
export function djbReason(errno: number): string {
  return REASONS[errno] ?? strerror(errno);
}
