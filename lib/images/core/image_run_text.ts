/** What a run says of itself: one line while it goes on, and a table at its end. Pure. */
import { type Cell, tableLines, type TableOptions } from "../../core/text/text_table.ts";
import { printable } from "../../core/text/printable.ts";
import { humanTook } from "../../core/time/human_units.ts";
import type { EngineAction } from "./engine_commands.ts";
import type { ImageState } from "./schedule.ts";

export interface RunView {
  readonly action: EngineAction;
  readonly states: ReadonlyMap<string, ImageState>;
  /** Until now, or until its end; undefined if it has not begun. */
  tookMs(name: string): number | undefined;
}

const PAST: Readonly<Record<EngineAction, string>> = {
  build: "built",
  pull: "pulled",
  push: "pushed",
  retag: "retagged",
};

/** `3/12 built, 1 failed | debian/stretch 12s, web/nginx 3s`. */
export function progressText({ action, states, tookMs }: RunView): string {
  const count = countOf(states);
  const running = [...states].filter(([, { kind }]) => kind === "running").map(([name]) =>
    `${printable(name)} ${humanTook(tookMs(name) ?? 0)}`
  );
  const failed = count("failed") === 0 ? "" : `, ${count("failed")} failed`;
  const done = `${count("done") + count("found")}/${states.size} ${PAST[action]}${failed}`;
  return `${done} | ${running.join(", ")}`;
}

/** A row for each image, and a line that counts them. */
export function summaryLines(
  view: RunView,
  { tookMs, cure }: { readonly tookMs: number; readonly cure: string | undefined },
  table: TableOptions,
): string[] {
  const { action, states } = view;
  const rows = [...states].map(([name, state]): Cell[] => {
    const took = view.tookMs(name);
    return [
      { text: printable(name) },
      { text: stateText(action, state), ...(isGood(state) ? {} : { style: "bad" }) },
      { text: took === undefined ? "" : humanTook(took) },
    ];
  });
  const columns = [{ title: "IMAGE" }, { title: "RESULT" }, { title: "TIME" }];
  const count = countOf(states);
  const counts = [
    [count("done"), PAST[action]],
    [count("found"), "there already"],
    [count("failed"), "failed"],
    [count("interrupted"), "interrupted"],
    [count("left out") + count("not begun"), `not ${PAST[action]}`],
  ] as const;
  const shown = counts.filter(([number]) => number > 0).map(([number, text]) =>
    `${number} ${text}`
  );
  return [
    ...tableLines(columns, rows, table),
    "",
    `${states.size} ${states.size === 1 ? "image" : "images"}: ${shown.join(", ")} in ${
      humanTook(tookMs)
    }`,
    ...(cure === undefined ? [] : [cure]),
  ];
}

export function stateText(action: EngineAction, state: ImageState): string {
  switch (state.kind) {
    case "done":
      return PAST[action];
    case "found":
      return "there already";
    case "failed":
      return `failed with exit code ${state.exitCode}`;
    case "left out":
      return `not ${PAST[action]}: ${printable(state.because)} failed`;
    case "not begun":
      return `not ${PAST[action]}`;
    case "waiting":
    case "running":
    case "interrupted":
      return state.kind;
  }
}

function isGood({ kind }: ImageState): boolean {
  return kind === "done" || kind === "found";
}

function countOf(
  states: ReadonlyMap<string, ImageState>,
): (kind: ImageState["kind"]) => number {
  return (kind) => [...states.values()].filter((state) => state.kind === kind).length;
}
