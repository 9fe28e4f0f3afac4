/** `hexad help servicedir`: its tables are made of the schema. Pure. */
import { SERVICEDIR_ROWS, type ServicedirFile } from "./servicedir_files.ts";

const WIDTH = 100;
const NAME_WIDTH = 21;

/** The files that one side knows: a name and what it is, wrapped. `run` comes first. */
function linesOf(knownBy: ServicedirFile["knownBy"]): string {
  return SERVICEDIR_ROWS
    .filter(([, file]) => file.knownBy === knownBy && file.help !== undefined)
    .toSorted(([a], [b]) => Number(b === "run") - Number(a === "run"))
    .flatMap(([name, { help = "" }]) => wrapped(name, help))
    .join("\n");
}

function wrapped(name: string, text: string): string[] {
  const lines = [`  ${name}`.padEnd(NAME_WIDTH + 1)];
  for (const word of text.split(" ")) {
    if (lines.at(-1)!.length + word.length + 1 > WIDTH) lines.push(" ".repeat(NAME_WIDTH + 1));
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines;
}

export const text =
  `A service is a directory with an executable run, in a scan directory such as /run/service.
Everything else is optional.

${linesOf("s6")}

Files of hexad, which C s6 ignores:

${linesOf("hexad")}

The smallest one:

  mkdir -p /run/service/web
  printf '#!/bin/sh\\nexec 2>&1\\nexec webserver --foreground\\n' >/run/service/web/run
  chmod +x /run/service/web/run
  s6-svscanctl -a /run/service

hexad check /run/service tells what is wrong with service directories.
`;
