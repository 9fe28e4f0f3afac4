/**
 * Which tarballs link a command, and in which of their directories. Names such as `if`, `cd` and
 * `exit` are also a shell's, and some distributions have programs of these names in /usr/bin. So
 * only names that can't belong to others go there, unless somebody adds hexad-symlinks. Pure.
 */
import { SUITES } from "../../cmd/registry.ts";

/** The tarballs that have links: tarballs.ts. */
export type LinkingTarball = "base" | "overlay" | "symlinks" | "compat";

/** Directories below the tarball's root. The first has a link to the program, the others to that. */
type Places = Readonly<Partial<Record<LinkingTarball, readonly string[]>>>;

const EVERYWHERE = ["command", "usr/bin"];
const APART = "lib/hexad/bin";

/**
 * The first row that has the name counts. Names of another suite's commands are in hexad-compat and
 * nowhere else, if in any.
 */
const TABLE: readonly { readonly names: RegExp; readonly places: Places }[] = [
  { names: /^(s6-.*|ucspilogd|execlineb)$/, places: { base: ["bin"], overlay: EVERYWHERE } },
  {
    // the first words of scripts, and what people type in a container whose PATH lacks /command
    names: /^(fix-attrs|logutil-.*|printcontenv|with-contenv(-legacy)?|with-retries)$/,
    places: { base: [APART], overlay: EVERYWHERE, symlinks: ["bin"] },
  },
  // where the images that call them by their paths have them
  {
    names: new RegExp(`^(${SUITES.baseimage!.join("|")})$`),
    places: { compat: ["sbin"] },
  },
  // for the machine where images are built: no image needs it
  { names: /^dockerfiles$/, places: {} },
  {
    names: new RegExp(`^(${Object.values(SUITES).flat().join("|")})$`),
    places: { compat: ["bin"] },
  },
  { names: /^/, places: { base: [APART], overlay: ["command"], symlinks: ["bin"] } },
];

/** The directories of a tarball in which it links the command; none if it does not. */
export function placesOf(command: string, tarball: LinkingTarball): readonly string[] {
  return TABLE.find(({ names }) => names.test(command))?.places[tarball] ?? [];
}

/** Whether its name can't belong to others: such commands are in /usr/bin and have manual pages. */
export function isForUsrBin(command: string): boolean {
  return placesOf(command, "base").includes("bin");
}
