/**
 * Where the tree of `hexad up` is: the same place for the same file, so that `hexad down` and a
 * second `hexad up` find it. Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";

export interface ProjectPlace {
  readonly directory: string;
  readonly scandir: string;
  /** The link to the live folder. */
  readonly live: string;
  /** The definitions that were made of the file. */
  readonly source: string;
  readonly compiled: string;
  /** Links with the names of our commands, for the scripts that were made of the file. */
  readonly bin: string;
  /** What a tree in the background has to say while it starts. */
  readonly messages: string;
}

/** @param file Absolute. @param parent Where runtime files are */
export function projectPlace(file: string, parent: string, uid: number): ProjectPlace {
  const project = lastComponent(file.slice(0, file.lastIndexOf("/"))) || "root";
  const readable = project.replaceAll(/[^A-Za-z0-9_-]/g, "-").slice(0, 40);
  const directory = `${parent}/hexad-up-${uid}-${readable}-${hashOf(file)}`;
  return {
    directory,
    scandir: `${directory}/service`,
    live: `${directory}/s6-rc`,
    source: `${directory}/definitions`,
    compiled: `${directory}/compiled`,
    bin: `${directory}/bin`,
    messages: `${directory}/messages`,
  };
}

/** FNV-1a of the path, 64 bits: different files of directories with one name get different trees. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, "0");
}
