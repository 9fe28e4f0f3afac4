/** Debian's runit: one runsv per service under runsvdir. */
import { debianTitle, layLogRun, layServicedirs, type Peer } from "../peer.ts";

export function runit(): Peer {
  return {
    name: "runit",
    title: debianTitle("runit"),
    packages: ["runit"],
    lay: layServicedirs,
    layLogger: (servicedir) => layLogRun(servicedir, "/usr/bin/svlogd ./lines"),
    command: (directory) => ["/usr/bin/runsvdir", directory],
    control: (directory) => ({
      down: (service) => ["/usr/bin/sv", "stop", `${directory}/${service}`],
      up: (service) => ["/usr/bin/sv", "start", `${directory}/${service}`],
    }),
  };
}
