/** What styles look like on a terminal. Source: ECMA-48, SGR. Pure. */

/** Colours of the terminal's own palette, which people have chosen to be able to read. */
const SGR: Readonly<Record<string, string>> = {
  title: "1",
  name: "1",
  minor: "2",
  good: "32",
  busy: "33",
  bad: "31",
  chosen: "7",
};

/** Writes a text in a style, or as it is where there are no colours. */
export function painter(colours: boolean): (text: string, style: string) => string {
  if (!colours) return (text) => text;
  return (text, style) => SGR[style] === undefined ? text : `\x1b[${SGR[style]}m${text}\x1b[0m`;
}
