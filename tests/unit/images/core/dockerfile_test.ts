/** What is read from Dockerfiles, as a table: each row is a kind of line that is easily misread. */
import { assertEquals } from "@std/assert";
import { readDockerfile } from "../../../../lib/images/core/dockerfile.ts";

interface Row {
  readonly name: string;
  readonly text: string;
  /** `LINE BY IMAGE`. */
  readonly uses: readonly string[];
  readonly tags?: readonly string[];
  /** `LINE SEVERITY TEXT`. */
  readonly problems?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

const ROWS: readonly Row[] = [
  { name: "one FROM", text: "FROM org/a:1\n", uses: ["1 FROM org/a:1"] },
  { name: "small letters", text: "from a as b\nfrom b\n", uses: ["1 FROM a"] },
  { name: "no newline at the end", text: "FROM a", uses: ["1 FROM a"] },
  {
    name: "CRLF",
    text: "# TAGS 1 2\r\nFROM a \\\r\n AS b\r\n",
    uses: ["2 FROM a"],
    tags: ["1", "2"],
  },
  { name: "a byte order mark", text: "\uFEFF# escape=`\nFROM a `\n AS b\n", uses: ["2 FROM a"] },
  { name: "scratch is nothing", text: "FROM scratch\nCOPY --from=scratch / /\n", uses: [] },
  {
    name: "tags",
    text: "# TAGS 9 stretch 9\n\nFROM a\n",
    uses: ["3 FROM a"],
    tags: ["9", "stretch"],
  },
  { name: "tags without a blank", text: "#tags\t9\nFROM a\n", uses: ["2 FROM a"], tags: ["9"] },
  { name: "a line of tags without any", text: "# TAGS\nFROM a\n", uses: ["2 FROM a"], tags: [] },
  { name: "another comment is none", text: "# TAGSOUP 9\nFROM a\n", uses: ["2 FROM a"] },
  { name: "tags in a later comment", text: "# x\n# TAGS 9\nFROM a\n", uses: ["3 FROM a"] },
  {
    name: "tags behind parser directives",
    text: "# syntax=docker/dockerfile:1\n# check=skip=all\n# TAGS 9\nFROM a\n",
    uses: ["4 FROM a"],
    tags: ["9"],
  },
  {
    name: "comments and blank lines before FROM",
    text: "# what this is\n\n  # indented\nFROM a\n",
    uses: ["4 FROM a"],
  },
  {
    name: "a backquote as escape",
    text: "# escape=`\nFROM a\nRUN dir c:\\\nFROM b `\n  AS c\n",
    uses: ["2 FROM a", "4 FROM b"],
  },
  {
    name: "no directive after a comment",
    text: "# x\n# escape=`\nFROM a\\\n:1\n",
    uses: ["3 FROM a:1"],
  },
  {
    name: "an unknown escape",
    text: "# escape=x\nFROM a\n",
    uses: ["2 FROM a"],
    problems: ["1 error escape is \\ or `, not x"],
  },
  {
    name: "continued over comments and blank lines",
    text: "FROM \\\n# comment\n\n   --platform=linux/amd64 \\  \n  a:1 \\\n  AS b\n",
    uses: ["1 FROM a:1"],
  },
  {
    name: "two escapes at the end are no continuation",
    text: "FROM a\nRUN echo \\\\\nFROM b\n",
    uses: ["1 FROM a", "3 FROM b"],
  },
  { name: "continued to the end", text: "FROM a\nRUN x \\", uses: ["1 FROM a"] },
  {
    name: "a heredoc",
    text: "FROM a\nRUN <<EOF\nFROM b\nEOF\nFROM c\n",
    uses: ["1 FROM a", "5 FROM c"],
  },
  {
    name: "two heredocs, one with tabs and quotes",
    text: "FROM a\nRUN cat <<A <<-'B'\nFROM x\nA\n\tFROM y\n\tB\nFROM c\n",
    uses: ["1 FROM a", "7 FROM c"],
  },
  {
    name: "a heredoc for a descriptor",
    text: "FROM a\nRUN cat /dev/fd/3 3<<EOF\nFROM b\nEOF\nFROM c\n",
    uses: ["1 FROM a", "5 FROM c"],
  },
  {
    name: "a heredoc of COPY, and of ONBUILD",
    text: "FROM a\nCOPY <<EOF /x\nFROM b\nEOF\nONBUILD RUN <<EOF\nFROM b\nEOF\nFROM c\n",
    uses: ["1 FROM a", "8 FROM c"],
  },
  {
    name: "no heredocs: a quoted one, a here-string, a shift, another instruction",
    text: 'FROM a\nRUN echo "<<X"\nRUN cat <<<Y\nRUN echo $((1<<Z))\nENV A <<V\nFROM b\n',
    uses: ["1 FROM a", "6 FROM b"],
  },
  {
    name: "a heredoc without an end",
    text: "FROM a\nRUN <<EOF\nFROM b\n",
    uses: ["1 FROM a"],
    problems: ["2 error a heredoc has no end"],
  },
  {
    name: "ARG before FROM, with a default",
    text: "ARG V=1\nARG R=reg.example:5000 N=${R}/org/a\nFROM ${N}:$V\n",
    uses: ["3 FROM reg.example:5000/org/a:1"],
  },
  {
    name: "ARG from the command line",
    text: "ARG V=1\nARG W\nFROM a:$V-$W\n",
    buildArgs: { V: "2", W: "3", X: "4" },
    uses: ["3 FROM a:2-3"],
  },
  {
    name: "ARG without a value",
    text: "ARG V\nFROM a:$V\n",
    uses: [],
    problems: [
      "2 warning which image FROM means is not known: ARG V has no value; --build-arg V=VALUE gives it one",
    ],
  },
  {
    name: "--build-arg without ARG",
    text: "FROM a:$V\n",
    buildArgs: { V: "2" },
    uses: [],
    problems: ["1 warning which image FROM means is not known: no ARG V is in force there"],
  },
  {
    name: "defaults and alternatives in braces",
    text: 'ARG E=\nARG S=1\nFROM "a:${U:-x}${E:-y}${E-z}${S:+p}${U+q}"\n',
    uses: ["3 FROM a:xyp"],
  },
  {
    name: "prefixes, suffixes and replacements",
    text: "ARG V=1.2.3-rc\nFROM a:${V%-*}\nFROM a:${V%%.*}\nFROM a:${V#*.}\nFROM a:${V//./_}\n",
    uses: ["2 FROM a:1.2.3", "3 FROM a:1", "4 FROM a:2.3-rc", "5 FROM a:1_2_3-rc"],
  },
  {
    name: "an ARG of a stage is none of FROM",
    text: "FROM a\nARG V=1\nFROM b:$V\n",
    uses: ["1 FROM a"],
    problems: ["3 warning which image FROM means is not known: no ARG V is in force there"],
  },
  {
    name: "platforms",
    text: "FROM --platform=$BUILDPLATFORM a AS b\nFROM c:$TARGETARCH$TARGETVARIANT\n",
    platform: "linux/arm/v7",
    uses: ["1 FROM a", "2 FROM c:armv7"],
  },
  {
    name: "a digest and a port",
    text: `FROM reg:5000/o/a:1@sha256:${"a".repeat(64)}\n`,
    uses: [`1 FROM reg:5000/o/a:1@sha256:${"a".repeat(64)}`],
  },
  {
    name: "later stages and files of other images",
    text:
      "FROM a AS One\nFROM b\nCOPY --from=one /x /x\nCOPY --chown=0:0 --from=c:1 /x /x\nCOPY --from=0 / /\nFROM ONE\n",
    uses: ["1 FROM a", "2 FROM b", "4 COPY --from c:1"],
  },
  {
    name: "a stage of that name comes later",
    text: "FROM b\nFROM a AS b\n",
    uses: ["1 FROM b", "2 FROM a"],
  },
  {
    name: "a stage that is not there",
    text: "FROM a\nCOPY --from=1 / /\nCOPY --from=0 / /\n",
    uses: ["1 FROM a"],
    problems: [
      "2 error COPY --from=1: there is no stage 1 before this line",
      "3 error COPY --from=0: there is no stage 0 before this line",
    ],
  },
  {
    name: "mounts",
    text:
      "FROM a\nRUN --mount=type=bind,from=b:1,target=/b --mount=type=cache,target=/c \\\n  --mount=from=d make --from=e\n",
    uses: ["1 FROM a", "2 RUN --mount b:1", "2 RUN --mount d"],
  },
  {
    name: "files for who builds on it",
    text: "FROM a\nONBUILD COPY --from=b /x /x\n",
    uses: ["1 FROM a", "2 ONBUILD COPY --from b"],
  },
  {
    name: "ARG of a stage in --from",
    text: "ARG B=b\nFROM a\nARG B\nARG C=2\nCOPY --from=$B:$C / /\n",
    uses: ["2 FROM a", "5 COPY --from b:2"],
  },
  {
    name: "no FROM",
    text: "# nothing\n",
    uses: [],
    problems: ["1 error there is no FROM"],
  },
  {
    name: "FROM with other words",
    text: "FROM a IS b\nFROM\n",
    uses: [],
    problems: [
      "1 error FROM needs an image, or IMAGE AS NAME",
      "2 error FROM needs an image, or IMAGE AS NAME",
    ],
  },
  {
    name: "no name of an image",
    text: "FROM Org/A:1\nFROM a::1\n",
    uses: [],
    problems: [
      "1 error FROM: Org/A:1 is no name of an image",
      "2 error FROM: a::1 is no name of an image",
    ],
  },
];

for (const { name, text, buildArgs = {}, platform, uses, tags, problems = [] } of ROWS) {
  Deno.test(`readDockerfile(): ${name}`, () => {
    const read = readDockerfile(text, {
      buildArgs: new Map(Object.entries(buildArgs)),
      platform,
      buildPlatform: "linux/amd64",
    });
    assertEquals({
      uses: read.uses.map(({ line, by, text }) => `${line} ${by} ${text}`),
      tags: read.tags,
      problems: read.problems.map(({ line, severity, text }) => `${line} ${severity} ${text}`),
    }, {
      uses: [...uses],
      tags: tags === undefined ? undefined : [...tags],
      problems: [...problems],
    });
  });
}
