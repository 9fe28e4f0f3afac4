/**
 * The files of the tarball hexad-doc, in share/: manual pages and completions, made from the tables of the
 * commands.
 */
import { manPage, pageName } from "../../lib/core/cli/man_page.ts";
import { bashCompletion } from "../../lib/core/cli/completion_bash.ts";
import { fishCompletion } from "../../lib/core/cli/completion_fish.ts";
import { zshCompletion } from "../../lib/core/cli/completion_zsh.ts";
import { describedCommands, linkedNames } from "../../cmd/hexad/described_commands.ts";
import { table as hexadTable } from "../../cmd/hexad/program/table.ts";
import { COMMANDS, LINKS, TOOLS } from "../../cmd/registry.ts";
import { VERSION } from "../../cmd/version_number.ts";
import { PROSE, S6_PROSE } from "./manual_prose.ts";
import { isForUsrBin } from "./command_places.ts";
import { ROOT } from "../layout.ts";
import { documentPage } from "./document_page.ts";

const MAN_DIRECTORY = "share/man/man1";
const FORMATS_DIRECTORY = "share/man/man5";

/** The path below the tarball's root, and the text. */
export type SharedFile = readonly [path: string, text: string];

/** @param date The date of the pages, YYYY-MM-DD */
export async function sharedFiles(date: string): Promise<SharedFile[]> {
  const program = { table: hexadTable, commands: await describedCommands(), others: linkedNames() };
  return [
    ["share/bash-completion/completions/hexad", bashCompletion(program)],
    ["share/zsh/site-functions/_hexad", zshCompletion(program)],
    ["share/fish/vendor_completions.d/hexad.fish", fishCompletion(program)],
    ...await manualPages(date),
    ...await formatPages(date),
  ];
}

/** Documents that are pages of section 5: what they describe are files. */
const FORMATS = [
  ["hexad-servicedir", "servicedir.md", "the files of a service directory"],
  ["hexad-formats", "formats.md", "scan directories, states, events, log directories"],
  ["hexad-rc", "rc.md", "definitions of services, as s6-rc has them"],
  ["hexad-overlay", "overlay.md", "/init, and the files of an image that it reads"],
] as const;

async function formatPages(date: string): Promise<SharedFile[]> {
  const names = FORMATS.map(([name]) => name);
  return await Promise.all(FORMATS.map(async ([name, document, text]): Promise<SharedFile> => {
    const seeAlso = [
      "hexad(1)",
      ...names.filter((other) => other !== name).map((other) => `${other}(5)`),
    ];
    const markdown = await Deno.readTextFile(`${ROOT}/docs/${document}`);
    const page = documentPage(markdown, { name, text, date, version: VERSION, seeAlso });
    return [`${FORMATS_DIRECTORY}/${name}.5`, page];
  }));
}

async function manualPages(date: string): Promise<SharedFile[]> {
  const own = await describedCommands();
  const ownPages = own.map(({ name }) => pageName(`hexad ${name}`));
  const common = { date, version: VERSION };
  const page = (
    program: string,
    text: string,
  ): SharedFile => [`${MAN_DIRECTORY}/${pageName(program)}.1`, text];
  const s6 = Object.entries({ ...COMMANDS, ...TOOLS, ...LINKS }).filter(([name]) =>
    isForUsrBin(name)
  ).sort(([a], [b]) => a < b ? -1 : 1);
  return [
    page(
      "hexad",
      manPage(hexadTable, {
        ...common,
        program: "hexad",
        text: "supervise services and show what they do",
        prose: PROSE.hexad ?? [],
        seeAlso: ownPages,
      }),
    ),
    ...own.map(({ name, text, table }) =>
      page(
        `hexad ${name}`,
        manPage(table, {
          ...common,
          program: `hexad ${name}`,
          text,
          prose: PROSE[name] ?? [],
          seeAlso: ["hexad", ...ownPages.filter((other) => other !== `hexad-${name}`)],
        }),
      )
    ),
    ...await Promise.all(s6.map(async ([name, load]) => {
      const { table } = await load();
      return page(
        name,
        manPage(table, { ...common, program: name, prose: S6_PROSE, seeAlso: ["hexad"] }),
      );
    })),
  ];
}

export async function writeShare(root: string, date: string): Promise<void> {
  for (const [path, text] of await sharedFiles(date)) {
    await Deno.mkdir(`${root}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
    await Deno.writeTextFile(`${root}/${path}`, text);
    await Deno.chmod(`${root}/${path}`, 0o644);
  }
}
