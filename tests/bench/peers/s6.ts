/** Debian's s6: one s6-supervise per service under s6-svscan. */
import { debianTitle, layLogRun, layServicedirs, type Peer } from "../peer.ts";

export function s6(): Peer {
  return {
    name: "s6",
    title: debianTitle("s6"),
    packages: ["s6", "execline"],
    lay: layServicedirs,
    layLogger: (servicedir) => layLogRun(servicedir, "/usr/bin/s6-log n3 s1000000 ./lines"),
    // its limit is 500 services unless told otherwise, loggers counted
    command: (directory) => ["/usr/bin/s6-svscan", "-c", "2000", directory],
    control: (directory) => ({
      down: (service) => ["/usr/bin/s6-svc", "-wd", "-d", `${directory}/${service}`],
      up: (service) => ["/usr/bin/s6-svc", "-wu", "-u", `${directory}/${service}`],
    }),
  };
}
