/** Which Debian package a file comes from. */
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";

export interface DebianOrigin {
  readonly package: string;
  readonly version: string;
  /** The source package. */
  readonly source: string;
}

/** The Debian package that a file of this machine belongs to, or undefined. */
export async function installedOrigin(path: string): Promise<DebianOrigin | undefined> {
  for (const each of [path, await Deno.realPath(path), `/usr${path}`]) {
    try {
      const name = (await run("dpkg-query", ["--search", each])).split(/[:,]/)[0]!;
      const format = "--showformat=${Version} ${source:Package}";
      const [version = "", source = name] = (await run("dpkg-query", ["--show", format, name]))
        .split(" ");
      return { package: name, version, source };
    } catch (error) {
      if (!(error instanceof Fatal)) throw error;
    }
  }
  return undefined;
}
