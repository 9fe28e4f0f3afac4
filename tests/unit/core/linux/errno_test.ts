import { assertEquals } from "@std/assert";
import * as errno from "../../../../lib/core/linux/errno.ts";
import { strerror } from "../../../../lib/core/linux/errno.ts";

const cases: readonly (readonly [name: keyof typeof errno, number: number, text: string])[] = [
  ["EPERM", 1, "Operation not permitted"],
  ["ENOENT", 2, "No such file or directory"],
  ["EINTR", 4, "Interrupted system call"],
  ["ENXIO", 6, "No such device or address"],
  ["ENOEXEC", 8, "Exec format error"],
  ["ECHILD", 10, "No child processes"],
  ["EAGAIN", 11, "Resource temporarily unavailable"],
  ["EWOULDBLOCK", 11, "Resource temporarily unavailable"],
  ["ENOMEM", 12, "Cannot allocate memory"],
  ["EACCES", 13, "Permission denied"],
  ["EEXIST", 17, "File exists"],
  ["EMFILE", 24, "Too many open files"],
  ["ETXTBSY", 26, "Text file busy"],
  ["ENOSPC", 28, "No space left on device"],
  ["EROFS", 30, "Read-only file system"],
  ["EPIPE", 32, "Broken pipe"],
  ["EDEADLK", 35, "Resource deadlock avoided"],
  ["EDEADLOCK", 35, "Resource deadlock avoided"],
  ["ENAMETOOLONG", 36, "File name too long"],
  ["ENOSYS", 38, "Function not implemented"],
  ["ELOOP", 40, "Too many levels of symbolic links"],
  ["EOPNOTSUPP", 95, "Operation not supported"],
  ["ENOTSUP", 95, "Operation not supported"],
  ["ETIMEDOUT", 110, "Connection timed out"],
  ["ECONNREFUSED", 111, "Connection refused"],
  ["EDQUOT", 122, "Disk quota exceeded"],
  ["EHWPOISON", 133, "Memory page has hardware error"],
];

for (const [name, number, text] of cases) {
  Deno.test(`strerror(): ${name} is ${number}: ${text}`, () => {
    assertEquals(errno[name], number);
    assertEquals(strerror(number), text);
  });
}

for (
  const [number, text] of [[0, "Success"], [41, "Unknown error 41"], [58, "Unknown error 58"], [
    134,
    "Unknown error 134",
  ], [
    -1,
    "Unknown error -1",
  ]] as const
) {
  Deno.test(`strerror(): ${number} is ${text}`, () => assertEquals(strerror(number), text));
}

Deno.test("strerror(): every named number has a text, and every text a name", () => {
  const named = new Set<unknown>(Object.values(errno).filter((value) => typeof value === "number"));
  for (let number = 1; number < 200; number++) {
    assertEquals(!strerror(number).startsWith("Unknown error"), named.has(number), String(number));
  }
});
