/** Debian's runit: one runsv per service under runsvdir. */
import { debianTitle, layServicedirs, type Peer } from "../peer.ts";

export function runit(): Peer {
  return {
    name: "runit",
    title: debianTitle("runit"),
    lay: layServicedirs,
    command: (directory) => ["/usr/bin/runsvdir", directory],
    control: (directory) => ({
      down: (service) => ["/usr/bin/sv", "stop", `${directory}/${service}`],
      up: (service) => ["/usr/bin/sv", "start", `${directory}/${service}`],
    }),
  };
}
