/**
 * Takes on the ids that its arguments say, as JSON, one after the other, and tells on standard
 * output what the process is then, or why not.
 */
import { becomeUser } from "../../../lib/credentials/drop.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { seteuid } from "../../../lib/libc/identity.ts";

function statusLine(key: string): string {
  const line = Deno.readTextFileSync("/proc/self/status").split("\n").find((text) =>
    text.startsWith(`${key}:`)
  );
  return (line ?? "").slice(key.length + 1).trim().replaceAll(/\s+/g, " ");
}

try {
  for (const ids of Deno.args) becomeUser(JSON.parse(ids));
  const threads = Array.from(Deno.readDirSync("/proc/self/task"), ({ name }) => name);
  const uids = threads.map((tid) =>
    /^Uid:\s*(.*)$/m.exec(Deno.readTextFileSync(`/proc/self/task/${tid}/status`))?.[1]
  );
  console.log(JSON.stringify({
    uid: statusLine("Uid"),
    gid: statusLine("Gid"),
    groups: statusLine("Groups"),
    sameInAllThreads: new Set(uids).size === 1,
    rootAgain: seteuid(0) === 0,
  }));
} catch (error) {
  if (!(error instanceof SyscallError)) throw error;
  console.log(JSON.stringify({ error: error.message }));
}
