import { assertEquals } from "@std/assert";
import type { ServiceReport } from "../../../../lib/status/core/service_report.ts";
import { firstState, shownRows, type TopState } from "../../../../lib/top/core/top_state.ts";
import {
  KEPT_LINES,
  step,
  type TopAction,
  type TopEvent,
} from "../../../../lib/top/core/top_step.ts";
import { lookOf, oneshotOf, reportOf } from "./top_reports.ts";

const REPORTS = ["cron", "db", "mail", "web", "worker"].map((name) => reportOf(name));

/** A state, and all that it was told to do. */
interface Played {
  readonly state: TopState;
  readonly actions: readonly TopAction[];
}

function begin(reports: readonly ServiceReport[] = REPORTS, rows = 24): TopState {
  const state = firstState({
    size: { rows, columns: 80 },
    scandir: "/run/service",
    loggers: false,
  });
  return step(state, { kind: "look", look: lookOf(reports) }).state;
}

function play(state: TopState, ...events: readonly (string | TopEvent)[]): Played {
  const actions: TopAction[] = [];
  for (const event of events) {
    const after = step(state, typeof event === "string" ? { kind: "key", key: event } : event);
    state = after.state;
    actions.push(...after.actions);
  }
  return { state, actions };
}

function selected({ state }: Played): string | undefined {
  return state.selected?.replace("/run/service/", "");
}

function names(state: TopState): string[] {
  return shownRows(state).map(({ target }) => target.name);
}

const MOVES: readonly (readonly [keys: readonly string[], selected: string])[] = [
  [[], "cron"],
  [["down"], "db"],
  [["j", "j"], "mail"],
  [["up"], "cron"],
  [["j", "j", "k"], "db"],
  [["end"], "worker"],
  [["G", "j"], "worker"],
  [["G", "g"], "cron"],
  [["pagedown"], "worker"],
  [["end", "pageup"], "cron"],
  [["end", "home"], "cron"],
];

for (const [keys, name] of MOVES) {
  Deno.test(`step(): ${keys.join(" ") || "no key"} selects ${name}`, () => {
    assertEquals(selected(play(begin(), ...keys)), name);
  });
}

Deno.test("step(): the table scrolls so that the selected row is on the screen, and back", () => {
  const state = begin(REPORTS, 5); // three rows of it
  assertEquals(play(state, "j", "j").state.first, 0);
  assertEquals(play(state, "j", "j", "j").state.first, 1);
  assertEquals(play(state, "G").state.first, 2);
  assertEquals(play(state, "G", "k", "k", "k").state.first, 1);
  assertEquals(
    play(state, "G", { kind: "resize", size: { rows: 24, columns: 80 } }).state.first,
    0,
  );
});

Deno.test("step(): the selection stays with its service; where that is gone it goes to the next one", () => {
  const state = play(begin(), "j", "j").state;
  const more = [reportOf("api"), ...REPORTS];
  assertEquals(selected(play(state, { kind: "look", look: lookOf(more) })), "mail");
  assertEquals(
    selected(play(state, {
      kind: "look",
      look: lookOf(REPORTS.filter(({ facts }) => facts.name !== "mail")),
    })),
    "web",
  );
  assertEquals(
    selected(play(state, "G", { kind: "look", look: lookOf(REPORTS.slice(0, 2)) })),
    "db",
  );
  assertEquals(play(state, { kind: "look", look: lookOf([]) }).state.selected, undefined);
});

const WEB = { name: "web", directory: "/run/service/web", isOneshot: false };

// deno-fmt-ignore
const ORDERS: readonly (readonly [keys: readonly string[], action: TopAction])[] = [
  [["r"], { kind: "send", target: WEB, letters: "ru", told: "told to restart" }],
  [["u"], { kind: "send", target: WEB, letters: "u", told: "told to start" }],
  [["S"], { kind: "send", target: WEB, letters: "u", told: "told to start" }],
  [["p"], { kind: "send", target: WEB, letters: "p", told: "told to pause" }],
  [["c"], { kind: "send", target: WEB, letters: "c", told: "told to continue" }],
  [["R"], { kind: "reload", target: WEB }],
  [["s", "y"], { kind: "send", target: WEB, letters: "d", told: "told to stop" }],
  [["K", "enter"], { kind: "send", target: WEB, letters: "t", told: "was sent SIGTERM" }],
  [["K", ..."usr1", "enter"], { kind: "send", target: WEB, letters: "1", told: "was sent SIGUSR1" }],
  [["K", ..."SIGHUP", "enter"], { kind: "send", target: WEB, letters: "h", told: "was sent SIGHUP" }],
  [["K", ..."9", "enter"], { kind: "send", target: WEB, letters: "k", told: "was sent SIGKILL" }],
  [["K", ..."tern", "backspace", "m", "enter"], { kind: "send", target: WEB, letters: "t", told: "was sent SIGTERM" }],
  [["l"], { kind: "openLog", target: WEB }],
  [["enter"], { kind: "openLog", target: WEB }],
  [["q"], { kind: "quit" }],
  [["ctrl-c"], { kind: "quit" }],
  [["ctrl-z"], { kind: "suspend" }],
  [["ctrl-l"], { kind: "repaint" }],
  [["K", "ctrl-c"], { kind: "quit" }],
];

for (const [keys, action] of ORDERS) {
  Deno.test(`step(): ${keys.join(" ")}: ${action.kind}${action.kind === "send" ? ` ${action.letters}` : ""}`, () => {
    assertEquals(play(begin(), "j", "j", "j", ...keys).actions, [action]);
  });
}

for (
  const keys of [
    ["s", "n"],
    ["s", "escape"],
    ["s", "enter"],
    ["s", "s"],
    ["K", "escape"],
    ["K", ..."SEGV", "enter"],
    ["x"],
    ["Z"],
    [
      "constructor",
    ],
  ]
) {
  Deno.test(`step(): ${keys.join(" ")} does nothing to the service`, () => {
    const { state, actions } = play(begin(), ...keys);
    assertEquals([actions, state.prompt], [[], undefined]);
  });
}

Deno.test("step(): oneshots come after the services, however these are sorted; their output is followed, and keys for supervisors say what to do instead", () => {
  const failure = { direction: "up", code: 3, why: "exit code 3" } as const;
  const look = lookOf([reportOf("web"), reportOf("zoo", { deaths: 2 })], [
    oneshotOf("app"),
    oneshotOf("db", { progress: "down", failure }),
  ]);
  const state = play(begin(), { kind: "look", look }).state;
  assertEquals(names(state), ["web", "zoo", "app", "db"]);
  assertEquals(names({ ...state, sort: "restarts" }), ["zoo", "web", "app", "db"]);
  assertEquals(names(play(state, "/", ..."fail").state), ["db"]);
  const target = { name: "db", directory: "/run/s6-rc/output/db", isOneshot: true };
  assertEquals(play(state, "G", "l").actions, [{ kind: "openLog", target }]);
  for (const key of ["r", "u", "S", "p", "c", "R", "s", "K"]) {
    const { state: after, actions } = play(state, "G", key);
    assertEquals([actions, after.prompt], [[], undefined]);
    assertEquals(
      after.message?.text,
      "db is a oneshot: s6-rc start db runs its up, s6-rc stop db its down",
    );
  }
  const gone = play(state, "G", { kind: "look", look: lookOf(look.reports) });
  assertEquals(gone.state.selected, "/run/service/zoo");
});

Deno.test("step(): a signal that no supervisor can send is told, until the next key", () => {
  const { state } = play(begin(), "K", ..."SEGV", "enter");
  assertEquals(state.message, {
    text:
      "a supervisor can't send SEGV; it can send ALRM ABRT QUIT HUP KILL TERM INT USR1 USR2 STOP CONT WINCH",
    bad: true,
  });
  assertEquals(play(state, "j").state.message, undefined);
  assertEquals(
    play(begin(), { kind: "told", text: "web: told to start", bad: false }).state.message?.bad,
    false,
  );
});

Deno.test("step(): a question is about the service that was selected when it was put, whatever comes in between", () => {
  const { state } = play(begin(), "j", "s", { kind: "look", look: lookOf([reportOf("zoo")]) });
  assertEquals(play(state, "y").actions, [
    {
      kind: "send",
      target: { name: "db", directory: "/run/service/db", isOneshot: false },
      letters: "d",
      told: "told to stop",
    },
  ]);
});

Deno.test("step(): with no service there is nothing to do anything to", () => {
  for (const key of ["r", "s", "u", "K", "l", "enter", "p", "c", "R", "up", "G"]) {
    const { state, actions } = play(begin([]), key);
    assertEquals([actions, state.prompt, state.log], [[], undefined, undefined], key);
  }
});

Deno.test("step(): / shows what has the text in its name or state, as it is typed; Enter keeps it, Escape takes it back", () => {
  const reports = [...REPORTS, reportOf("old", { up: false, wantedUp: false })];
  const typed = play(begin(reports), "/", "W").state;
  assertEquals(names(typed), ["web", "worker", "old"]);
  assertEquals(names(play(typed, "e").state), ["web"]);
  assertEquals(names(play(typed, "e", "enter").state), ["web"]);
  assertEquals(names(play(typed, "e", "escape").state).length, 6);
  assertEquals(names(play(typed, "backspace", ..."down", "enter").state), ["old"]);
  assertEquals(names(play(typed, "e", "enter", "escape").state).length, 6);
  assertEquals(selected(play(typed, "e")), "web");
  assertEquals(play(typed, "x", "up", "left").state.filter, "Wx");
  assertEquals(names(play(typed, "x", "x").state), []);
  assertEquals(play(typed, "x", "x", "ctrl-u").state.filter, "");
});

Deno.test("step(): o sorts by one column after the other; a shows loggers", () => {
  const reports = [
    reportOf("a", { cpuPercent: 1, memoryBytes: 30, deaths: 2, sinceUnix: 1500 }),
    reportOf("a/log", { isLogger: true }),
    reportOf("b", { cpuPercent: 50, memoryBytes: 20, up: false }),
    reportOf("c", { cpuPercent: 2, memoryBytes: 90, deaths: 5, sinceUnix: 1700 }),
  ];
  let state = begin(reports);
  const orders: string[] = [];
  for (let i = 0; i < 6; i++) {
    orders.push(`${state.sort}: ${names(state).join("")}`);
    state = play(state, "o").state;
  }
  assertEquals(orders, [
    "name: abc",
    "state: bac",
    "cpu: bca",
    "memory: cab",
    "restarts: cab",
    "since: cab",
  ]);
  assertEquals([state.sort, names(play(state, "a").state)], ["name", ["a", "a/log", "b", "c"]]);
});

Deno.test("step(): ? shows help, and any key takes it away without doing anything else", () => {
  const { state } = play(begin(), "?");
  assertEquals(state.help, true);
  const { state: after, actions } = play(state, "q");
  assertEquals([after.help, actions], [false, []]);
});

Deno.test("step(): a log follows; who scrolls back keeps what he sees, and G follows again", () => {
  const lines = (from: number, count: number): TopEvent => ({
    kind: "lines",
    lines: Array.from({ length: count }, (_, i) => `line ${from + i}`),
  });
  const state = play(begin(), "l", lines(0, 100)).state;
  assertEquals([state.log?.lines.length, state.log?.below], [100, 0]);
  const back = play(state, "k", "k").state;
  assertEquals(back.log?.below, 2);
  assertEquals(play(back, lines(100, 5)).state.log?.below, 7);
  assertEquals(play(back, lines(100, 5), "G").state.log?.below, 0);
  assertEquals(play(back, "j", "j", "j").state.log?.below, 0);
  assertEquals(play(back, "g").state.log?.below, 99);
  assertEquals(play(state, lines(100, 2 * KEPT_LINES)).state.log?.lines.length, KEPT_LINES);
  for (const key of ["q", "escape", "l"]) {
    const left = play(back, key);
    assertEquals([left.state.log, left.actions], [undefined, [{ kind: "closeLog" }]]);
  }
  assertEquals(play(begin(), lines(0, 3)).state.log, undefined);
});
