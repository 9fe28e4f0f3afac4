/**
 * Services of s6-rc in a tree in the foreground: definitions that are read from one directory, all
 * brought up at the start, and brought down in their order at the end.
 */
import { encodePath } from "../core/text/path_bytes.ts";
import { removeTree } from "../files/remove_tree.ts";
import { checked } from "../libc/bind.ts";
import { mkdir } from "../libc/file.ts";
import { COMPILED_FILE, encodeDatabase } from "../rc/core/compiled_form.ts";
import { resolveName } from "../rc/core/database.ts";
import type { ChangeRequest, Line } from "../rc/core/engine_state.ts";
import type { ReadDatabase } from "../rc/core/source/leave_out.ts";
import { omissionsOf } from "../rc/core/make_record.ts";
import { writeFile } from "../rc/live_folder.ts";
import { type LiveSet, longruns } from "../rc/live_set.ts";
import { openSources } from "../rc/open_sources.ts";
import { RcServer } from "../rc/rc_server.ts";
import type { ScandirProcess, ServiceCompanion } from "../scandir/scandir_process.ts";
import type { OrderedServices } from "./foreground_tree.ts";
import { isLifeLine } from "./core/life_lines.ts";
import type { ProjectPlace } from "./core/project_place.ts";

export interface OrderedTreeOptions {
  readonly process: ScandirProcess;
  readonly place: ProjectPlace;
  /** The bundle of all that is started. */
  readonly top: string;
  /** Reads the definitions, at the start and for each `hexad apply`. */
  read(): ReadDatabase;
  /** Lines about services that come up and go down. */
  print(line: Line): void;
  warn(text: string): void;
}

export class OrderedTree implements OrderedServices {
  readonly companion: ServiceCompanion;
  readonly #set: LiveSet;
  readonly #options: OrderedTreeOptions;
  #changes = 0;

  /** @throws {SyscallError} If the live folder or the graph can't be made. */
  constructor(options: OrderedTreeOptions) {
    this.#options = options;
    const { process, place, top, read, warn } = options;
    for (const left of [place.live, place.compiled]) removeTree(left);
    const first = read();
    checked(`create directory ${place.compiled}`, mkdir(place.compiled, 0o755));
    writeFile(`${place.compiled}/${COMPILED_FILE}`, encodePath(encodeDatabase(first.database)));
    const rc = this.companion = new RcServer(process, warn);
    this.#set = openSources({
      process,
      rc,
      live: place.live,
      scandir: place.scandir,
      database: first.database,
      compiled: place.compiled,
      leftOut: omissionsOf(first.leftOut),
      keepsOutput: true,
      namesOutput: true,
      isOurLine: isLifeLine,
      reread: { read, top, isSpared: () => false, keepsGraph: true },
      warn,
    });
  }

  get isBusy(): boolean {
    return this.#changes > 0;
  }

  isReader(name: string): boolean {
    return longruns(this.#set.database).some((service) =>
      service.name === name && service.producers.length > 0
    );
  }

  /** @returns the exit code that s6-rc would have */
  up(): Promise<number> {
    const named = resolveName(this.#set.database, this.#options.top) ?? [];
    return this.#change({ direction: "up", named });
  }

  async down(): Promise<number> {
    // forced: what runs oneshots ends too, which s6-rc would otherwise spare and say so
    const code = await this.#change({ direction: "down", named: [], live: true, forced: true });
    // the tree ends when nobody writes any more, and a oneshot may have left something behind
    this.#set.system.endOutput();
    return code;
  }

  #change(request: Omit<ChangeRequest, "id">): Promise<number> {
    const ended = Promise.withResolvers<number>();
    this.#changes++;
    this.#set.loop.change(request, {
      say: (line) => this.#options.print(line),
      end: (code) => {
        this.#changes--;
        ended.resolve(code);
      },
    });
    return ended.promise;
  }
}
