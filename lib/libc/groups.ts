/** Which groups this process is in. Source: getgroups(2). */
import { bindLibrary, call, checked } from "./bind.ts";
import { getegid } from "./process.ts";

const libc = bindLibrary({
  getgroups: {
    parameters: [
      "i32", // int size
      "buffer", // gid_t list[]
    ],
    result: "i32",
  },
});

/** The effective group, then the supplementary ones. */
export function ownGroups(): number[] {
  const list = new Uint32Array(checked("count groups", call(libc.getgroups, 0, new Uint32Array(0))));
  const count = checked("read groups", call(libc.getgroups, list.length, list));
  return [getegid(), ...list.subarray(0, count)];
}
