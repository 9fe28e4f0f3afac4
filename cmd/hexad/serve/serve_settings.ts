/** What the options of `hexad serve` come to, or why they do not. */
import { EXIT_SYSTEM } from "../../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import { parseId } from "../../../lib/core/accounts/id_numbers.ts";
import { tokenOf } from "../../../lib/core/text/bearer_token.ts";
import { decodePath } from "../../../lib/core/text/path_bytes.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { readSmallFile } from "../../../lib/libc/small_file.ts";
import { LEAST_TOKEN } from "../../../lib/serve/core/access_rules.ts";
import { type Action, ACTIONS } from "../../../lib/serve/core/routes.ts";
import {
  DEFAULT_LISTEN,
  isLoopback,
  type ListenAddress,
  parseListenAddress,
} from "../../../lib/serve/core/listen_address.ts";
import type { ServeSettings } from "../../../lib/serve/settings.ts";
import { findGid } from "../../../lib/servicedir/accounts.ts";
import { type Context, Failure } from "../../context.ts";
import { VERSION } from "../../version_number.ts";
import type { Arguments } from "../arguments.ts";
import type { SERVE_OPTIONS } from "./serve_options.ts";

type Given = Arguments<typeof SERVE_OPTIONS[number]>;

const MAX_TOKEN_FILE = 4096;
const MAX_PEM = 1 << 20;

/** @throws {UsageError | Failure} */
export function settingsFrom(context: Context, { value, values }: Given): ServeSettings {
  const address = addressOf(value("listen") ?? DEFAULT_LISTEN);
  const token = tokenIn(value("token-file"));
  const tls = tlsOf(value("tls-cert"), value("tls-key"));
  const allow = actionsOf(value("allow"));
  const group = value("group");
  if (address.kind === "unix" && tls !== undefined) {
    throw new UsageError("a Unix socket needs no TLS");
  }
  if (address.kind === "tcp" && group !== undefined) {
    throw new UsageError("--group is for a Unix socket: --listen unix:/PATH");
  }
  if (token === undefined && !isLoopback(address)) {
    throw new UsageError(
      `${value("listen")} is open to other machines: that needs --token-file`,
    );
  }
  if (token === undefined && address.kind === "tcp" && allow.length > 0) {
    throw new UsageError(
      "whoever is on this machine could then do that: --allow needs --token-file, or --listen unix:/PATH",
    );
  }
  if (!isLoopback(address) && tls === undefined) {
    context.warn("without --tls-cert whoever is on the way can read the token");
  }
  return {
    version: VERSION,
    address,
    gid: group === undefined ? undefined : gidNamed(group),
    hosts: values("host"),
    token,
    allow,
    tls,
    async schema(file): Promise<string | undefined> {
      const { SCHEMAS } = await import("./schemas.ts");
      return Object.hasOwn(SCHEMAS, file) ? SCHEMAS[file] : undefined;
    },
  };
}

function addressOf(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address !== undefined) return address;
  throw new UsageError(`no address: ${text} (127.0.0.1:9266, [::1]:9266, unix:/run/hexad.sock)`);
}

function actionsOf(list: string | undefined): Action[] {
  if (list === undefined) return [];
  return list.split(",").map((word) => {
    const action = ACTIONS.find((one) => one === word.trim());
    if (action !== undefined) return action;
    throw new UsageError(`no action: ${word} (${ACTIONS.join(", ")})`);
  });
}

function gidNamed(group: string): number {
  const gid = findGid(group) ?? parseId(group);
  if (gid === undefined) throw new UsageError(`no group: ${group}`);
  return gid;
}

function tokenIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const token = tokenOf(textIn(file, MAX_TOKEN_FILE));
  if (token === undefined || token.length < LEAST_TOKEN) {
    throw new UsageError(
      `${file} holds no token: its first line has to be ${LEAST_TOKEN} or more ASCII characters without blanks`,
    );
  }
  return token;
}

function tlsOf(cert: string | undefined, key: string | undefined): ServeSettings["tls"] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new UsageError("--tls-cert and --tls-key belong together");
  }
  return { cert: textIn(cert, MAX_PEM), key: textIn(key, MAX_PEM) };
}

function textIn(file: string, limit: number): string {
  try {
    const bytes = readSmallFile(file, limit);
    if (bytes !== undefined) return decodePath(bytes);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    throw new Failure(EXIT_SYSTEM, `unable to read ${file}: ${error.reason}`);
  }
  throw new Failure(EXIT_SYSTEM, `unable to read ${file}: there is no such file`);
}
