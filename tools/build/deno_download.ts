/** Deno's own download of a base runtime: the archive that `deno compile` would fetch itself. */
import { run } from "../command.ts";
import { ensurePackages } from "../debian.ts";
import { Fatal, reasonOf } from "../fatal.ts";
import { sha256 } from "./digest.ts";

export const DOWNLOAD_HOST = "https://dl.deno.land";

/**
 * The time until the answer must begin, because a host behind a firewall must not hold up the
 * build.
 */
const ANSWER_TIMEOUT_MS = 10_000;

const NOT_FOUND = 404;

/** The beginning of fetch's error messages. */
const URL_AGAIN = /^error sending request for url \([^)]*\): (client error \(Connect\): )?/;

/** Undefined if the server has no such file. */
async function fetchFile(url: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const patience = new AbortController();
  const timer = setTimeout(
    () => patience.abort(new Fatal(`no answer within ${ANSWER_TIMEOUT_MS / 1000} seconds`)),
    ANSWER_TIMEOUT_MS,
  );
  try {
    const response = await fetch(url, { signal: patience.signal });
    clearTimeout(timer);
    if (response.status === NOT_FOUND) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new Fatal(`the server says ${response.status}`);
    }
    return await response.bytes();
  } catch (error) {
    const reason = error instanceof TypeError && error.cause instanceof Error
      ? error.cause.message
      : reasonOf(error);
    throw new Fatal(`unable to download ${url}: ${reason.replace(URL_AGAIN, "")}`);
  } finally {
    clearTimeout(timer);
  }
}

/** The URL of Deno's archive of a base runtime. */
export function denortUrl(version: string, host: string, target: string): string {
  return `${host}/release/v${version}/denort-${target}.zip`;
}

/** The digest in a line of sha256sum(1) or of PowerShell's Get-FileHash. */
function digestIn(text: string): string | undefined {
  return /\b[0-9a-f]{64}\b/i.exec(text)?.[0].toLowerCase();
}

/** @throws {Fatal} If the server has a digest for the archive and it differs. */
async function verify(
  url: string,
  archive: Uint8Array<ArrayBuffer>,
  say: (text: string) => void,
): Promise<void> {
  const published = await fetchFile(`${url}.sha256sum`);
  const wanted = published === undefined
    ? undefined
    : digestIn(new TextDecoder().decode(published));
  if (wanted === undefined) return say(`${url} has no digest beside it: taken as it is`);
  const got = await sha256(archive);
  if (got !== wanted) throw new Fatal(`${url} has sha256 ${got}, not ${wanted} as published`);
}

/**
 * Writes the base runtime in the archive at `url` to `file`.
 * @throws {Fatal} If it is not available.
 */
export async function downloadDenort(
  url: string,
  file: string,
  say: (text: string) => void,
): Promise<void> {
  say(`downloading ${url}`);
  const archive = await fetchFile(url);
  if (archive === undefined) {
    throw new Fatal(`unable to download ${url}: the server has no such file`);
  }
  await verify(url, archive, say);
  await ensurePackages([{ name: "unzip", command: "unzip" }], say);
  const directory = `${file}.unzipped`;
  await Deno.writeFile(`${file}.zip`, archive);
  await run("unzip", ["-q", `${file}.zip`, "denort", "-d", directory], { doing: `unpack ${url}` });
  await Deno.rename(`${directory}/denort`, file);
}
