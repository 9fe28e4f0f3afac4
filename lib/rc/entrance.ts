/**
 * Where s6-rc-init finds s6-svscan: a socket beside the control FIFO. What is behind it is loaded
 * when somebody comes, so a scan directory without s6-rc pays for a socket and nothing else.
 */
import { SyscallError } from "../libc/bind.ts";
import { close } from "../libc/file.ts";
import type { ScandirHost } from "../scandir/host.ts";
import type { ScandirControl } from "../scandir/system.ts";
import { Listener } from "./listener.ts";
import type { RcHost } from "./rc_host.ts";

/** Takes who comes to the socket that `takeScandir` has made. That there is none is a warning. */
export function openEntrance(
  host: ScandirHost,
  { entrance }: ScandirControl,
  warn: (text: string) => void,
): void {
  let rcHost: Promise<RcHost> | undefined;
  const load = async (): Promise<RcHost> => {
    const { RcHost } = await import("./rc_host.ts");
    return new RcHost(host, warn);
  };
  const onClient = (fd: number, pid: number): void => {
    rcHost ??= load();
    rcHost.then((loaded) => loaded.takeInit(fd, pid), (error) => {
      rcHost = undefined;
      warn(`unable to load what s6-rc needs: ${error instanceof Error ? error.message : error}`);
      close(fd);
    });
  };
  if (entrance === undefined) return;
  const cure = "(s6-rc-init can't be used)";
  if (entrance instanceof SyscallError) return warn(`${entrance.message} ${cure}`);
  try {
    new Listener({ poller: host.poller, fd: entrance, onClient, warn });
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warn(`${error.message} ${cure}`);
  }
}
