/** Debian's s6: one s6-supervise per service under s6-svscan. */
import { debianTitle, layServicedirs, type Peer } from "../peer.ts";

export function s6(): Peer {
  return {
    name: "s6",
    title: debianTitle("s6"),
    lay: layServicedirs,
    // its limit is 500 services unless told otherwise
    command: (directory) => ["/usr/bin/s6-svscan", "-c", "1000", directory],
    control: (directory) => ({
      down: (service) => ["/usr/bin/s6-svc", "-wd", "-d", `${directory}/${service}`],
      up: (service) => ["/usr/bin/s6-svc", "-wu", "-u", `${directory}/${service}`],
    }),
  };
}
