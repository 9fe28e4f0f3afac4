import { assert, assertEquals } from "@std/assert";
import { painter } from "../../../../lib/terminal/core/terminal_style.ts";
import { screenLines } from "../../../../lib/top/core/top_screen.ts";
import { firstState, type TopState } from "../../../../lib/top/core/top_state.ts";
import { step, type TopEvent } from "../../../../lib/top/core/top_step.ts";
import { lookOf, NOW, oneshotOf, RAN, reportOf } from "./top_reports.ts";

const REPORTS = [
  reportOf("cron", { up: false, wantedUp: false }),
  reportOf("db", { cpuPercent: 12.34, memoryBytes: 5 << 20, line: "checkpoint \x1b[2Jcomplete" }),
  reportOf("w\x1b[31meb", { deaths: 3, line: "x".repeat(300) }),
];

/** As if capitals were wide. */
function textWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter >= "A" && letter <= "Z" ? 2 : 1), 0);
}

function begin(rows: number, columns: number): TopState {
  const state = firstState({ size: { rows, columns }, scandir: "/run/service", loggers: false });
  return step(state, { kind: "look", look: lookOf(REPORTS) }).state;
}

function after(state: TopState, ...events: readonly (string | TopEvent)[]): TopState {
  return events.reduce<TopState>(
    (now, event) =>
      step(now, typeof event === "string" ? { kind: "key", key: event } : event).state,
    state,
  );
}

function screen(state: TopState, colours = false): string[] {
  return screenLines(state, {
    now: NOW,
    textWidth: (text) => text.length,
    paint: painter(colours),
  });
}

Deno.test("screenLines(): title, heads, rows, hints", () => {
  // deno-fmt-ignore
  assertEquals(screen(begin(8, 120)).map((line) => line.trimEnd()), [
    "hexad top  /run/service  3 services, all well",
    "   SERVICE      STATE  PID  SINCE    RESTARTS  LAST EXIT            PSS    CPU  %CPU  LAST LOG LINE",
    ">  cron         down     -  16m 40s         0  -                      -      -     -  -",
    "   db           up      42  16m 40s         0  -                   5.0M  1.00s  12.3  checkpoint \\x1b[2Jcomplete",
    "   w\\x1b[31meb  up      42  16m 40s         3  exit 1, 8m 20s ago     -      -     -  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…",
    "",
    "",
    "? help  q quit  Enter log  r restart  s stop  u start  K signal  / filter  o sort",
  ]);
});

Deno.test("screenLines(): oneshots below the services, in the same columns; what is not well or left out is counted", () => {
  const failure = { direction: "up", code: 3, why: "exit code 3" } as const;
  const look = lookOf(
    [reportOf("db"), reportOf("web")],
    [oneshotOf("init-app", RAN), oneshotOf("init-db", { progress: "down", failure, ...RAN })],
    [{ name: "x", because: "x" }],
  );
  const state = after(begin(9, 120), { kind: "look", look }, "G");
  // deno-fmt-ignore
  assertEquals(screen(state).map((line) => line.trimEnd()), [
    "hexad top  /run/service  2 services, 2 oneshots, 1 definition left out, 1 not well",
    "   SERVICE   STATE                PID  SINCE    RESTARTS  LAST EXIT  MEM  CPU  %CPU  LAST LOG LINE",
    "   db        up                    42  16m 40s         0  -            -    -     -  -",
    "   web       up                    42  16m 40s         0  -            -    -     -  -",
    "   init-app  done                   -  10s             -  -            -    -     -  init-app says",
    ">  init-db   failed, exit code 3    -  10s             -  -            -    -     -  init-db says",
    "",
    "",
    "failed, exit code 3",
  ]);
});

Deno.test("screenLines(): every size has as many lines as rows at most, none wider than its columns, and no control characters", () => {
  const states: ((state: TopState) => TopState)[] = [
    (state) => state,
    (state) => after(state, "G"),
    (state) => after(state, "?"),
    (state) => after(state, "/", ..."\x1bweb".split("")),
    (state) => after(state, "/", ..."nothing"),
    (state) => after(state, "G", "s"),
    (state) => after(state, "G", "K", ..."USR1"),
    (state) => after(state, "K", ..."NONE", "enter"),
    (state) => after(state, { kind: "told", text: "we\x1bb: told", bad: false }),
    (state) =>
      after(state, "G", "l", {
        kind: "lines",
        lines: ["a", "b".repeat(500), "WIDE".repeat(40), ""],
      }),
  ];
  for (const make of states) {
    for (const rows of [1, 2, 3, 4, 5, 6, 7, 24]) {
      for (const columns of [1, 2, 3, 5, 10, 20, 40, 80, 300]) {
        const lines = screenLines(make(begin(rows, columns)), {
          now: NOW,
          textWidth,
          paint: painter(false),
        });
        const what = `${rows}x${columns}: ${JSON.stringify(lines)}`;
        assert(lines.length >= 1 && lines.length <= rows, what);
        // a wide character does not fit into one column, and a terminal cuts it
        assert(lines.every((line) => textWidth(line) <= Math.max(2, columns)), what);
        // deno-lint-ignore no-control-regex
        assert(lines.every((line) => !/[\x00-\x1f\x7f]/.test(line)), what);
      }
    }
  }
});

Deno.test("screenLines(): on one row there is the selected service, or the question", () => {
  assertEquals(screen(begin(1, 80))[0]!.slice(0, 7), ">  cron");
  assertEquals(screen(after(begin(1, 80), "s")), ["stop cron? (y/n)"]);
});

Deno.test("screenLines(): the selected row is inverse over the whole width; others have their colours", () => {
  const lines = screen(after(begin(8, 120), "j"), true);
  assert(lines[3]!.startsWith("\x1b[7m>  db ") && lines[3]!.endsWith(" \x1b[0m"), lines[3]);
  assertEquals(lines[3]!.length, 120 + "\x1b[7m\x1b[0m".length);
  assert(lines[4]!.includes("\x1b[32mup"), lines[4]);
});

Deno.test("screenLines(): a prompt shows the end of what is typed; the title tells filter and order", () => {
  assertEquals(
    screen(after(begin(8, 10), "/", ..."abcdefghijkl")).at(-1),
    "efghijkl_".padStart(10, "d"),
  );
  assertEquals(
    screen(after(begin(8, 80), "o", "o", "/", ..."we", "enter"))[0],
    "hexad top  /run/service  3 services, all well  by cpu  only: we",
  );
  assertEquals(screen(after(begin(8, 80), "K")).at(-1), "signal for cron (Enter: TERM): _");
});

Deno.test("screenLines(): a log is wrapped, ends at its last line, and tells how much is below", () => {
  const lines = Array.from({ length: 10 }, (_, i) => `line ${i}`);
  const state = after(begin(6, 10), "G", "l", { kind: "lines", lines: [...lines, "x".repeat(15)] });
  assertEquals(screen(state), ["w\\x1b[31m…", "line 8", "line 9", "xxxxxxxxxx", "xxxxx", "q back"]);
  assertEquals(screen(after({ ...state, size: { rows: 4, columns: 60 } }, "k", "k")), [
    "w\\x1b[31meb  log, 2 lines below",
    "line 7",
    "line 8",
    "q back  Up Down scroll  G newest  ? help",
  ]);
});
