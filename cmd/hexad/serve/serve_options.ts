/** The options of `hexad serve`. */
import { type NamedOption, SCANDIR_OPTION } from "../../../lib/core/cli/option_table.ts";
import { DEFAULT_LISTEN } from "../../../lib/serve/core/listen_address.ts";
import { ACTIONS } from "../../../lib/serve/core/routes.ts";

export const SERVE_OPTIONS = [
  {
    short: "l",
    long: "listen",
    arg: "ADDRESS",
    kind: "text",
    text:
      `IP:PORT, [IPv6]:PORT or unix:/PATH; default ${DEFAULT_LISTEN}. What other machines can reach needs --token-file`,
  },
  {
    short: "g",
    long: "group",
    arg: "GROUP",
    kind: "text",
    text: "of a Unix socket, by name or number: its members may ask; default: our own",
  },
  {
    short: "H",
    long: "host",
    arg: "NAME",
    kind: "text",
    repeatable: true,
    text: "a name under which it may be asked, besides localhost and IP addresses",
  },
  {
    short: "t",
    long: "token-file",
    arg: "FILE",
    kind: "file",
    text: "only whoever has the token in this file may ask; its first line, 16 characters or more",
  },
  {
    short: "a",
    long: "allow",
    arg: "LIST",
    kind: ACTIONS,
    text: `what may be done to services, separated by commas: ${
      ACTIONS.join(", ")
    }; needs --token-file or a Unix socket. Default: nothing`,
  },
  {
    long: "tls-cert",
    arg: "FILE",
    kind: "file",
    text: "HTTPS with this certificate, in PEM, and those that have signed it",
  },
  { long: "tls-key", arg: "FILE", kind: "file", text: "the key of the certificate, in PEM" },
  {
    long: "tls-client-ca",
    arg: "FILE",
    kind: "file",
    text:
      "is refused: the runtime can't ask clients for certificates; a proxy before a Unix socket can",
  },
  {
    short: "D",
    long: "notification-fd",
    arg: "FD",
    text: "write a newline to this descriptor once it listens",
  },
  SCANDIR_OPTION,
] as const satisfies readonly NamedOption[];
