/** Bringing all file systems to their disks. Source: sync(2). */
import { bindLibrary } from "./bind.ts";

const libc = bindLibrary({ sync: { parameters: [], result: "void" } });

/** Waits until everything that was written is on its disk: of the whole machine, not only of this container. */
export function syncDisks(): void {
  libc.sync();
}
