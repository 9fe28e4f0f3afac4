/**
 * The tables of file systems and of swap: /etc/fstab, /proc/mounts, /proc/swaps. Source: fstab(5),
 * getmntent(3), proc_pid_mounts(5), swapon(8). Pure.
 */

export interface MountEntry {
  /** What is mounted: a device, or a word for a file system that has none. */
  readonly source: string;
  readonly target: string;
  readonly type: string;
  /** With commas between them. */
  readonly options: string;
}

/** The lines of a table, without those that are empty or begin with `#`. A missing field is empty. */
export function parseMountTable(text: string): MountEntry[] {
  return rowsOf(text).map(([source = "", target = "", type = "", options = ""]) => ({
    source,
    target,
    type,
    options,
  }));
}

/** The files and devices in /proc/swaps, whose first line is a heading. */
export function parseSwaps(text: string): string[] {
  return rowsOf(text).slice(1).map(([device = ""]) => device);
}

function rowsOf(text: string): string[][] {
  return text.split("\n")
    .map((line) => line.split(/[ \t]+/).filter((field) => field !== ""))
    .filter(([first]) => first !== undefined && !first.startsWith("#"))
    .map((fields) => fields.map(unescaped));
}

/** Blanks, line ends and backslashes of a name stand there in octal, as `\040`. */
function unescaped(field: string): string {
  return field.replace(
    /\\([01][0-7]{2})/g,
    (_, octal: string) => String.fromCharCode(parseInt(octal, 8)),
  );
}
