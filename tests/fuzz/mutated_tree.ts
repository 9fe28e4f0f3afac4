/** A table of files in which some have mistakes, are gone, have other names or are no files. */
import { plant, PLANT_KINDS, plantRefusal } from "../fixture/plants.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import type { Dice } from "./dice.ts";
import { mutated } from "./mutation.ts";

/** To root nothing is unreadable, and an ordinary user makes no device. */
const KINDS = PLANT_KINDS.filter((kind) => plantRefusal(kind) === undefined);

/** What was done, and where. */
export interface Mutation {
  readonly path: string;
  readonly what: string;
}

function filePaths(spec: TreeSpec): string[] {
  return Object.keys(spec).filter((key) => !/[/=|]$/.test(key)).map((key) => key.replace(/!$/, ""));
}

const NAME_MAX = 255;

/** A test that has planted a terabyte can't hold it. */
const MOST_BYTES = 1_000_000;

function otherName(path: string, dice: Dice): string {
  const slash = path.lastIndexOf("/") + 1;
  const name = dice.pick([
    "",
    " ",
    "-",
    "é",
    "x".repeat(250),
    "a\nb",
    "..x",
    "@",
    "%s",
    "a b",
    ".hidden",
  ]);
  return path.slice(0, slash) + (dice.onceIn(2) ? `${path.slice(slash)}${name}` : name || "x");
}

function mutateOne(
  tree: Tree,
  path: string,
  dice: Dice,
  words: readonly string[],
): Mutation | undefined {
  if (!tree.exists(path)) return undefined;
  const { isFile, size } = Deno.lstatSync(tree.path(path));
  if (!isFile || size > MOST_BYTES) return undefined;
  const choice = dice.below(12);
  if (choice === 0) {
    tree.remove(path);
    return { path, what: "removed" };
  }
  if (choice === 1) {
    const kind = dice.pick(KINDS);
    plant(kind, tree.path(path), tree.path(`behind-${crypto.randomUUID()}`));
    return { path, what: kind };
  }
  if (choice === 2) {
    const name = otherName(path, dice);
    if (name.slice(name.lastIndexOf("/") + 1).length > NAME_MAX || tree.exists(name)) {
      return undefined;
    }
    tree.rename(path, name);
    return { path, what: `called ${JSON.stringify(name)}` };
  }
  const bytes = mutated(tree.bytes(path), dice, words);
  Deno.writeFileSync(tree.path(path), bytes);
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  return {
    path,
    what: `${JSON.stringify(text)}${bytes.length > 200 ? `, ${bytes.length} bytes` : ""}`,
  };
}

/** A tree of `spec` with one to three mistakes. @param only where; default: anywhere */
export function makeMutatedTree(
  spec: TreeSpec,
  dice: Dice,
  { words = [" "], only = (): boolean => true }: {
    readonly words?: readonly string[];
    readonly only?: (path: string) => boolean;
  } = {},
): { readonly tree: Tree; readonly mutations: readonly Mutation[] } {
  const tree = makeTree(spec);
  const paths = filePaths(spec).filter(only);
  const mutations = dice.times(
    1 + dice.below(3),
    () => mutateOne(tree, dice.pick(paths), dice, words),
  );
  return { tree, mutations: mutations.filter((one) => one !== undefined) };
}

export function told(mutations: readonly Mutation[]): string {
  return mutations.map(({ path, what }) => `${path}: ${what}`).join("; ");
}
