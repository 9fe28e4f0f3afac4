/**
 * A program that lets two names change places, over and over, until it is killed. It says when it
 * has begun.
 */
import { AT_FDCWD } from "../../../lib/libc/directory.ts";
import { exchange } from "../../../lib/libc/entry.ts";

const [one, other] = Deno.args as [string, string];
console.log("begun");
for (;;) exchange({ dirFd: AT_FDCWD, name: one }, { dirFd: AT_FDCWD, name: other });
