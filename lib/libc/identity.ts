/**
 * Giving up privileges, and what identity there is. The C library changes the identity of every
 * thread of the process. Source: setuid(2), setgid(2), setgroups(2), getresuid(2).
 *
 * Which groups this process is in. Source: getgroups(2).
 */
import { bindLibrary, call, checked } from "./bind.ts";
import { getegid } from "./process.ts";

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
  getresuid: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
  getresgid: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
  seteuid: { parameters: ["u32"], result: "i32" },
  setegid: { parameters: ["u32"], result: "i32" },
  getgroups: {
    parameters: [
      "i32", // int size
      "buffer", // gid_t list[]
    ],
    result: "i32",
  },
});

/** @throws {SyscallError} If the process is not privileged. */
export function setgroups(gids: readonly number[]): void {
  checked(
    "set supplementary group list",
    call(libc.setgroups, BigInt(gids.length), Uint32Array.from(gids)),
  );
}

/** @throws {SyscallError} If the process is not privileged. */
export function setgid(gid: number): void {
  checked("setgid", call(libc.setgid, gid));
}

/** @throws {SyscallError} If the process is not privileged. */
export function setuid(uid: number): void {
  checked("setuid", call(libc.setuid, uid));
}

/** Real, effective and saved user id. */
export function userIds(): readonly number[] {
  const ids = [new Uint32Array(1), new Uint32Array(1), new Uint32Array(1)] as const;
  checked("get the user ids", call(libc.getresuid, ...ids));
  return ids.map((id) => id[0]!);
}

/** Real, effective and saved group id. */
export function groupIds(): readonly number[] {
  const ids = [new Uint32Array(1), new Uint32Array(1), new Uint32Array(1)] as const;
  checked("get the group ids", call(libc.getresgid, ...ids));
  return ids.map((id) => id[0]!);
}

/** Tries to become `uid` in effect. 0, or `-errno`. */
export function seteuid(uid: number): number {
  return call(libc.seteuid, uid);
}

/** Tries to have `gid` as the effective group. 0, or `-errno`. */
export function setegid(gid: number): number {
  return call(libc.setegid, gid);
}

/** The effective group, then the supplementary ones. */
export function ownGroups(): number[] {
  const list = new Uint32Array(
    checked("count groups", call(libc.getgroups, 0, new Uint32Array(0))),
  );
  const count = checked("read groups", call(libc.getgroups, list.length, list));
  return [getegid(), ...list.subarray(0, count)];
}
