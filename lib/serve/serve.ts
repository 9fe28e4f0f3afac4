/** Listens, and answers until a signal ends the process. */
import { beforeFatalSignal } from "../fifodir/fatal_signals.ts";
import { unlink } from "../libc/file.ts";
import { releaseStartupMemory } from "../libc/memory.ts";
import { spreadLastNet } from "../mishap/last_net.ts";
import { answer } from "./answer.ts";
import { Connections } from "./connections.ts";
import { addressText } from "./core/listen_address.ts";
import { EventFeed } from "./event_feed.ts";
import type { Served } from "./handler.ts";
import { listen } from "./listen.ts";
import { LiveHub } from "./live_hub.ts";
import type { ServedTree } from "./served_tree.ts";
import type { ServeSettings } from "./settings.ts";
import { Streams } from "./streams.ts";

/** So long nobody has asked before memory is given back: a look every few seconds needs it again. */
const QUIET_MS = 20_000;
/** What has been started is settled after this. */
const STARTED_MS = 500;
/** How long it is waited if no connection can be accepted: there is no descriptor left. */
const REST_MS = 200;

export interface ServeOptions {
  readonly settings: ServeSettings;
  readonly tree: ServedTree;
  warn(text: string): void;
  info(text: string): void;
  /** It listens. */
  onListening(): void;
}

/** @throws {ListenError} If it can't be listened on the address. */
export async function serve(
  { settings, tree, warn, info, onListening }: ServeOptions,
): Promise<void> {
  const { address, tls } = settings;
  const listener = await listen(settings);
  using _atEnd = beforeFatalSignal(() => {
    if (address.kind === "unix") unlink(address.path);
  });
  const mishaps = spreadLastNet(warn);
  const live = new LiveHub((error) => mishaps.tell(error));
  const served: Served = {
    settings,
    tree,
    live,
    feed: new EventFeed(tree, live),
    streams: new Streams(),
    mishaps,
    warn,
  };
  const release = new LateRelease();
  const connections = new Connections((request, cutOff) => {
    release.putOff();
    return answer(request, served, cutOff);
  }, () => release.after(QUIET_MS));
  const heard = address.kind === "unix"
    ? address
    : { ...address, port: (listener.addr as Deno.NetAddr).port }; // we may have asked for any
  info(`serving ${tree.scandir} at ${addressText(heard, tls === undefined ? "http" : "https")}`);
  onListening();
  release.after(STARTED_MS);
  for (;;) {
    try {
      connections.take(await listener.accept());
    } catch (error) {
      mishaps.tell(error);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }
}

/** Gives memory back to the kernel once, after nothing has been asked for a while. */
class LateRelease {
  #timer: ReturnType<typeof setTimeout> | undefined;

  after(delayMs: number): void {
    this.putOff();
    this.#timer = setTimeout(releaseStartupMemory, delayMs);
  }

  putOff(): void {
    clearTimeout(this.#timer);
  }
}
