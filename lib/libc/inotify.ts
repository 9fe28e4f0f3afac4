/** Being told when files change. Source: inotify(7). */
import { decodePath } from "../core/text/path_bytes.ts";
import { bindLibrary, call, checked } from "./bind.ts";
import { encodeCString } from "../core/text/path_bytes.ts";
import { close, read } from "./file.ts";

const IN_NONBLOCK = 0o4000;
const IN_CLOEXEC = 0o2000000;

export const IN_MODIFY = 0x2;
export const IN_ATTRIB = 0x4;
export const IN_MOVED_FROM = 0x40;
export const IN_MOVED_TO = 0x80;
export const IN_CREATE = 0x100;
export const IN_DELETE = 0x200;
export const IN_DELETE_SELF = 0x400;
export const IN_MOVE_SELF = 0x800;
/** Events were lost: look at everything. */
export const IN_Q_OVERFLOW = 0x4000;
/** The watch is gone. */
export const IN_IGNORED = 0x8000;
export const IN_ONLYDIR = 0x1000000;
/** What is watched already is watched for this too. */
export const IN_MASK_ADD = 0x20000000;

const BUFFER_BYTES = 65536;
const EVENT_BYTES = 16;

const libc = bindLibrary({
  inotify_init1: { parameters: ["i32"], result: "i32" },
  inotify_add_watch: {
    parameters: [
      "i32", // int fd
      "buffer", // const char *pathname
      "u32", // uint32_t mask
    ],
    result: "i32",
  },
  inotify_rm_watch: { parameters: ["i32", "i32"], result: "i32" },
});

export interface FileEvent {
  /** What `add` returned; -1 if events were lost. */
  readonly watch: number;
  readonly mask: number;
  /** Of the entry, for an event in a watched directory; else empty. */
  readonly name: string;
}

export class Inotify implements Disposable {
  /** Readable when there are events. */
  readonly fd: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);

  /** @throws {SyscallError} If this user has too many already. */
  constructor() {
    this.fd = checked("watch files", call(libc.inotify_init1, IN_NONBLOCK | IN_CLOEXEC));
  }

  /**
   * Watches a file or directory. Returns the number of the watch, or `-errno`. The same file twice
   * is one watch.
   */
  add(path: string, mask: number): number {
    return call(libc.inotify_add_watch, this.fd, encodeCString(path), mask >>> 0);
  }

  remove(watch: number): void {
    libc.inotify_rm_watch(this.fd, watch);
  }

  /** The events that have come. */
  read(): FileEvent[] {
    const events: FileEvent[] = [];
    const length = read(this.fd, this.#buffer);
    const view = new DataView(this.#buffer.buffer);
    for (let at = 0; at < length;) {
      const nameBytes = view.getUint32(at + 12, true);
      const padded = this.#buffer.subarray(at + EVENT_BYTES, at + EVENT_BYTES + nameBytes);
      const end = padded.indexOf(0);
      const name = decodePath(end < 0 ? padded : padded.subarray(0, end));
      events.push({ watch: view.getInt32(at, true), mask: view.getUint32(at + 4, true), name });
      at += EVENT_BYTES + nameBytes;
    }
    return events;
  }

  [Symbol.dispose](): void {
    close(this.fd);
  }
}
