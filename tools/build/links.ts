/** The links to the program in a tarball: command_places.ts says where. */
import { SUITES } from "../../cmd/registry.ts";
import { Fatal } from "../fatal.ts";
import { type LinkingTarball, placesOf } from "./command_places.ts";

/** Where a tarball has the program, or expects it. */
const PROGRAM_DIRECTORIES: Readonly<Record<LinkingTarball, string>> = {
  base: "bin",
  overlay: "command",
  symlinks: "bin",
  compat: "bin",
};

/** The names of the commands with a link in `devBin`. */
async function linkNames(devBin: string): Promise<string[]> {
  const all = await Array.fromAsync(Deno.readDir(devBin), ({ name }) => name);
  const names = all.filter((name) => name !== "hexad").sort();
  for (const name of names) {
    const target = await Deno.readLink(`${devBin}/${name}`);
    // a link to a place on this machine would be broken in an image
    if (target !== "hexad") {
      throw new Fatal(`hexad --install made ${name} a link to ${target} instead of hexad`);
    }
  }
  return names;
}

/** The target of a link in the directory `from` to a file in the directory `to`. */
function target(from: string, to: string, name: string): string {
  return from === to ? name : `${"../".repeat(from.split("/").length)}${to}/${name}`;
}

/**
 * Makes the tarball's links below `root`.
 * @param devBin A directory with a link for each command that is not another suite's
 * @returns how many there are
 */
export async function makeLinks(
  devBin: string,
  root: string,
  tarball: LinkingTarball,
): Promise<number> {
  let count = 0;
  const names = tarball === "compat"
    ? Object.values(SUITES).flat().sort()
    : await linkNames(devBin);
  for (const name of names) {
    const [first, ...others] = placesOf(name, tarball);
    if (first === undefined) continue;
    const program = target(first, PROGRAM_DIRECTORIES[tarball], "hexad");
    const links = [[first, program], ...others.map((each) => [each, target(each, first, name)])];
    for (const [directory, to] of links) {
      await Deno.mkdir(`${root}/${directory}`, { recursive: true });
      await Deno.symlink(to!, `${root}/${directory}/${name}`);
      count++;
    }
  }
  return count;
}
