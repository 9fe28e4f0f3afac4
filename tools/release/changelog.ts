/**
 * CHANGELOG.md from commits: their subjects are `room: behaviour`, and rooms are put together by
 * what they mean to a user. Pure.
 */

/** The first group whose pattern fits a room has its commits. */
const GROUPS: readonly { readonly title: string; readonly rooms: RegExp }[] = [
  {
    title: "Supervision",
    rooms:
      /^(s6-)?(supervise|svscan|svc|svok|svstat|svwait|svdt|svlink|svunlink|svlisten1?|svperms|scandir|servicedir|fifodir|launch|spawn|processes|end|notify.*|mkfifodir|cleanfifodir|ftrig.*|svscanboot|svscanctl|permafailon)$/,
  },
  {
    title: "Logging",
    rooms: /^(s6-)?(log|logs|logdir|loghost|logreader|socklog|tai64n.*|ucspilogd)$/,
  },
  { title: "Containers and /init", rooms: /^(init|overlay|container|image|images|rootfs)$/ },
  { title: "Definitions of s6-rc", rooms: /^(s6-rc.*|rc|apply|boot)$/ },
  {
    title: "Commands of hexad",
    rooms:
      /^(hexad.*|cmd|check|import|importer|new|newservice|status|top|tree|events|health|completions|cli|help)$/,
  },
  {
    title: "execline, chains and utilities",
    rooms:
      /^(execlineb?|chains?|setlock|setsid|softlimit|setuidgid|credentials|utilities|filters|daemonising|background|s6-[a-z0-9-]+)$/,
  },
  {
    title: "The ground it stands on",
    rooms: /^(libc|core|lib|files|procfs|terminal|mishap|names|start|memory)$/,
  },
  { title: "Build and release", rooms: /^(build|release|Dockerfile|ci|deno)$/i },
  { title: "Documents and examples", rooms: /^(docs?|README|CONTRIBUTING|examples?|tutorial)$/ },
];

/** What no user notices. */
const UNSEEN = /^(tests?|unit|interop|fault|fuzz|bench|soak|lint|comments|arm64|style|tools)$/;

const OTHER = "Other changes";

interface Change {
  /** As the subject has it, like `supervise, svscan`; empty if it names none. */
  readonly rooms: string;
  readonly text: string;
}

function changeOf(subject: string): Change {
  const [, rooms, text] = /^([^:`]{1,60}): (.+)$/.exec(subject) ?? [];
  return rooms === undefined ? { rooms: "", text: subject } : { rooms, text: text! };
}

/** The title of its group; undefined if no user notices it. */
function titleOf({ rooms }: Change): string | undefined {
  const words = rooms.split(/, | and /).map((word) => word.trim().split(" ")[0]!);
  const seen = words.filter((word) => !UNSEEN.test(word));
  if (seen.length === 0) return undefined;
  for (const { title, rooms } of GROUPS) if (rooms.test(seen[0]!)) return title;
  return OTHER;
}

/** A text that Markdown shows as it is; what is between backticks is left alone. */
function escaped(text: string): string {
  return text.split(/(`[^`]+`)/).map((part, at) =>
    at % 2 === 1 ? part : part.replace(/[\\*_<>[\]#|~`]/g, (found) => `\\${found}`)
  ).join("");
}

/** The subjects of commits that only make a release. */
export const RELEASE_SUBJECT = /^release: /;

/**
 * The section of one version: a heading, and a list for each group.
 * @param date YYYY-MM-DD
 * @param subjects Of the commits since the version before, newest first
 */
export function changelogSection(
  version: string,
  date: string,
  subjects: readonly string[],
): string {
  const groups = new Map<string, Change[]>();
  let unseen = 0;
  for (const subject of new Set(subjects)) {
    if (RELEASE_SUBJECT.test(subject)) continue;
    const change = changeOf(subject);
    const title = titleOf(change);
    if (title === undefined) unseen++;
    else groups.set(title, [...(groups.get(title) ?? []), change]);
  }
  const lines = [`## ${version} (${date})`, ""];
  for (const title of [...GROUPS.map((group) => group.title), OTHER]) {
    const changes = groups.get(title);
    if (changes === undefined) continue;
    lines.push(`### ${title}`, "");
    for (const { rooms, text } of changes) {
      lines.push(rooms === "" ? `- ${escaped(text)}` : `- **${escaped(rooms)}**: ${escaped(text)}`);
    }
    lines.push("");
  }
  if (unseen > 0) {
    lines.push(`${unseen} ${unseen === 1 ? "commit" : "commits"} to tests and comments.`, "");
  }
  return lines.join("\n");
}

const HEAD = `# Changes

What \`deno task release --prepare VERSION\` has written from the subjects of the commits, which name
the room and its new behaviour: [docs/release.md](docs/release.md).
`;

interface Section {
  readonly version: string;
  readonly text: string;
}

function sectionsOf(changelog: string): Section[] {
  return changelog.split(/^(?=## )/m).slice(1).map((text) => ({
    version: /^## (\S+)/.exec(text)?.[1] ?? "",
    text,
  }));
}

/** The section of a version; undefined if the text has none. */
export function sectionOf(changelog: string, version: string): string | undefined {
  return sectionsOf(changelog).find((section) => section.version === version)?.text;
}

/** The text with the section at the top, in the place of an earlier one of the same version. */
export function withSection(changelog: string, version: string, section: string): string {
  const others = sectionsOf(changelog).filter((each) => each.version !== version);
  return [HEAD, section, ...others.map(({ text }) => text)].map((text) => `${text.trimEnd()}\n`)
    .join("\n");
}
