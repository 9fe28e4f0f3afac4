/**
 * The socket beside the control FIFO on which s6-rc-init reaches s6-svscan. The code behind it is
 * loaded on the first connection, so a scan directory without s6-rc only pays for a socket.
 */
import { SyscallError } from "../libc/bind.ts";
import { Listener } from "../files/listener.ts";
import { close } from "../libc/file.ts";
import type { ScandirProcess } from "../scandir/scandir_process.ts";
import type { ScandirControl } from "../scandir/system.ts";
import type { RcServer } from "./rc_server.ts";

/**
 * Accepts clients on the socket that `takeScandir` made. If there is no socket, that is a warning.
 */
export function openEntrance(
  process: ScandirProcess,
  { entrance }: ScandirControl,
  warn: (text: string) => void,
): void {
  let rcServer: Promise<RcServer> | undefined;
  const load = async (): Promise<RcServer> => {
    const { RcServer } = await import("./rc_server.ts");
    return new RcServer(process, warn);
  };
  const onClient = (fd: number, pid: number): void => {
    rcServer ??= load();
    rcServer.then((loaded) => loaded.takeInit(fd, pid), (error) => {
      rcServer = undefined;
      warn(`unable to load what s6-rc needs: ${error instanceof Error ? error.message : error}`);
      close(fd);
    });
  };
  if (entrance === undefined) return;
  const cure = "(s6-rc-init can't be used)";
  if (entrance instanceof SyscallError) return warn(`${entrance.message} ${cure}`);
  try {
    new Listener({
      poller: process.poller,
      fd: entrance,
      whom: "a client of s6-rc",
      onClient,
      warn,
    });
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warn(`${error.message} ${cure}`);
  }
}
