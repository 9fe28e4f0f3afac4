/** Giving up privileges. The C library changes the identity of every thread of the process. Source: setuid(2), setgid(2), setgroups(2). */
import { bindLibrary, call, checked } from "./bind.ts";

const libc = bindLibrary({
  setgroups: {
    parameters: [
      "usize", // size_t size
      "buffer", // const gid_t *list
    ],
    result: "i32",
  },
  setgid: { parameters: ["u32"], result: "i32" },
  setuid: { parameters: ["u32"], result: "i32" },
});

/** @throws {SyscallError} If the process is not privileged. */
export function setgroups(gids: readonly number[]): void {
  checked("set supplementary group list", call(libc.setgroups, BigInt(gids.length), Uint32Array.from(gids)));
}

/** @throws {SyscallError} If the process is not privileged. */
export function setgid(gid: number): void {
  checked("setgid", call(libc.setgid, gid));
}

/** @throws {SyscallError} If the process is not privileged. */
export function setuid(uid: number): void {
  checked("setuid", call(libc.setuid, uid));
}
