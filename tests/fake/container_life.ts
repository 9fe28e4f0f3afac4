/** A container's life on a world in memory, begun by its variables. */
import { parseOverlaySettings } from "../../lib/overlay/core/overlay_settings.ts";
import { Life } from "../../lib/overlay/life.ts";
import type { OverlayPort } from "../../lib/overlay/port.ts";
import { FakeOverlayPort } from "./overlay_port.ts";

/** The raw wait status of a process that exits with `code`. */
export function exited(code: number): number {
  return code << 8;
}

export interface Story {
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** Names of scripts in cont-init.d. */
  readonly init?: readonly string[];
  /** Names of scripts in cont-finish.d. */
  readonly finish?: readonly string[];
}

export class ContainerLife {
  readonly port = new FakeOverlayPort();
  readonly life: Life;
  /** Set when it is over. */
  code: number | undefined;

  /** @param disguise what the life sees of the port */
  constructor(
    { env = {}, command = [], init = [], finish = [] }: Story,
    disguise: (port: FakeOverlayPort) => OverlayPort = (port) => port,
  ) {
    const { settings } = parseOverlaySettings(new Map(Object.entries(env)));
    this.port.directories["/etc/cont-init.d"] = init.map((name) => `/etc/cont-init.d/${name}`);
    this.port.directories["/etc/cont-finish.d"] = finish.map((name) =>
      `/etc/cont-finish.d/${name}`
    );
    this.life = new Life(disguise(this.port), settings, { etc: "/etc", command });
  }

  /** Begins, and goes on until nothing more happens by itself. */
  async begin(): Promise<this> {
    void this.life.live().then((code) => this.code = code);
    await this.port.settled();
    return this;
  }

  /** What was done since this was last asked, without what begins with one of these words. */
  done(...boring: readonly string[]): string[] {
    return this.port.done.splice(0).filter((entry) =>
      !boring.some((word) => entry.startsWith(word))
    );
  }

  async end(pid: number, wstat: number): Promise<this> {
    this.port.end(pid, wstat);
    await this.port.settled();
    return this;
  }

  async stop(): Promise<this> {
    this.life.onEndAsked("terminate", undefined);
    await this.port.settled();
    return this;
  }
}

/** One that has begun. */
export function lived(
  story: Story,
  prepare: (port: FakeOverlayPort) => void = () => {},
): Promise<ContainerLife> {
  const container = new ContainerLife(story);
  prepare(container.port);
  return container.begin();
}
