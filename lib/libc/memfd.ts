/** A file that is nowhere but in memory, and gone when it is closed. Source: memfd_create(2). */
import { encodeCString } from "../core/path_bytes.ts";
import { bindLibrary, call } from "./bind.ts";

const MFD_CLOEXEC = 1;

const libc = bindLibrary({
  memfd_create: {
    parameters: [
      "buffer", // const char *name
      "u32", // unsigned int flags
    ],
    result: "i32",
  },
});

/** A close-on-exec descriptor for reading and writing, or `-errno`. @param name Shown in /proc, and nowhere else. */
export function memfdCreate(name: string): number {
  return call(libc.memfd_create, encodeCString(name), MFD_CLOEXEC);
}
