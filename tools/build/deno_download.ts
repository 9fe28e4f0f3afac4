/** Deno's own download of a base runtime: the archive that `deno compile` itself would fetch. */
import { run } from "../command.ts";
import { ensurePackages } from "../debian.ts";
import { Fatal, reasonOf } from "../fatal.ts";

export const DOWNLOAD_HOST = "https://dl.deno.land";

/**
 * A host that is shut off by a firewall must not hold up the build: the time until the answer
 * begins.
 */
const ANSWER_TIMEOUT_MS = 10_000;

/** How fetch begins its reason. */
const URL_AGAIN = /^error sending request for url \([^)]*\): (client error \(Connect\): )?/;

async function fetchArchive(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const patience = new AbortController();
  const timer = setTimeout(
    () => patience.abort(new Fatal(`no answer within ${ANSWER_TIMEOUT_MS / 1000} seconds`)),
    ANSWER_TIMEOUT_MS,
  );
  try {
    const response = await fetch(url, { signal: patience.signal });
    clearTimeout(timer);
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

/**
 * Writes the base runtime of Deno `version` to `file`.
 * @throws {Fatal} If it can't be had.
 */
export async function downloadDenort(
  version: string,
  host: string,
  file: string,
  say: (text: string) => void,
): Promise<void> {
  const url = `${host}/release/v${version}/denort-x86_64-unknown-linux-gnu.zip`;
  const archive = await fetchArchive(url);
  await ensurePackages([{ name: "unzip", command: "unzip" }], say);
  const directory = `${file}.unzipped`;
  await Deno.writeFile(`${file}.zip`, archive);
  await run("unzip", ["-q", `${file}.zip`, "denort", "-d", directory], { doing: `unpack ${url}` });
  await Deno.rename(`${directory}/denort`, file);
}
