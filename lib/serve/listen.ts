/** The socket on which `hexad serve` listens. */
import { SyscallError } from "../libc/bind.ts";
import type { ServeSettings } from "./settings.ts";

/** Of a Unix socket: for its user and its group. */
const OTHERS_MASK = 0o117;

/** The address can't be listened on. The message says why. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** @throws {ListenError} If it can't be listened on. */
export async function listen({ address, gid, tls }: ServeSettings): Promise<Deno.Listener> {
  try {
    if (address.kind === "unix") return await listenOnSocket(address.path, gid);
    const { host: hostname, port } = address;
    return tls === undefined
      ? Deno.listen({ hostname, port })
      : Deno.listenTls({ hostname, port, ...tls });
  } catch (error) {
    if (!(error instanceof Error) || error instanceof SyscallError) throw error;
    throw new ListenError(reasonOf(error));
  }
}

/** Of the runtime's `Address already in use (os error 98)` what people need. */
function reasonOf(error: Error): string {
  return error.message.replace(/ \(os error \d+\)/, "").split("\n")[0]!;
}

async function listenOnSocket(path: string, gid: number | undefined): Promise<Deno.Listener> {
  await removeStale(path);
  const mask = Deno.umask(OTHERS_MASK);
  try {
    const listener = Deno.listen({ transport: "unix", path });
    if (gid !== undefined) Deno.chownSync(path, null, gid);
    return listener;
  } finally {
    Deno.umask(mask);
  }
}

/** A socket that nobody listens on was left by a server that was killed. */
async function removeStale(path: string): Promise<void> {
  const found = await Deno.lstat(path).catch(() => undefined);
  if (found?.isSocket !== true) return;
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    await Deno.remove(path);
  }
}
