/**
 * A process of exec_test.ts that blocks a signal and becomes another: its argument is a request as
 * JSON. Says `failed ERRNO` if it could not.
 *
 * request: `{ argv, options?, limits? }`; with `limits`, soft and hard, it has these limits of
 * descriptors and raises its own first, as s6-svscan does. (It takes them itself, since the runtime
 * of `deno run` raises what it was started with.)
 */
import { SIGUSR2 } from "../../../lib/core/linux/signals.ts";
import { bindLibrary } from "../../../lib/libc/bind.ts";
import { execInto } from "../../../lib/libc/exec.ts";
import { nofileLimit, raiseNofileLimit } from "../../../lib/libc/resource_limit.ts";
import { shell } from "./child_output.ts";

const RLIMIT_NOFILE = 7;
const SIG_BLOCK = 0;
const libc = bindLibrary({
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  pthread_sigmask: { parameters: ["i32", "buffer", "pointer"], result: "i32" },
});

const blocked = new Uint8Array(128);
blocked[(SIGUSR2 - 1) >> 3] = 1 << ((SIGUSR2 - 1) & 7);
libc.pthread_sigmask(SIG_BLOCK, blocked, null);

const { argv, options, limits } = JSON.parse(Deno.args[0]!);
if (limits !== undefined) {
  libc.setrlimit(RLIMIT_NOFILE, new BigUint64Array(limits.map(BigInt)));
  raiseNofileLimit();
  console.log(`own limit ${nofileLimit()}`);
  console.log(`limit of a child ${shell("ulimit -n").trim()}`);
}
console.log(`failed ${-execInto(argv, options)}`);
