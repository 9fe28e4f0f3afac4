/**
 * A process of lock_test.ts: `lock_holder.ts PATH exclusive|shared` takes the lock, says `held`,
 * and keeps it until its standard input ends.
 */
import { O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import { open } from "../../../lib/libc/file.ts";
import { lockFd } from "../../../lib/libc/lock.ts";

const [path = "", kind] = Deno.args;
const got = lockFd(open(path, O_RDWR), { exclusive: kind === "exclusive", wait: true });
console.log(got ? "held" : "refused");
for await (const _ of Deno.stdin.readable);
