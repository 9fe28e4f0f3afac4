/**
 * Sets of services for tests, said in short: `rcDatabase({ web: { needs: ["db"] }, db: { oneshot:
 * true } })`.
 */
import type {
  Dependency,
  DependencyCondition,
  RcDatabase,
  Service,
  ServiceNumber,
} from "../../lib/rc/core/database.ts";
import type { StartCondition } from "../../lib/servicedir/core/start_condition.ts";
import { FD_HOLDER, ONESHOT_RUNNER } from "../../lib/rc/core/database.ts";

export interface ServiceSketch {
  /** Absent: a longrun. */
  readonly oneshot?: boolean;
  /** Names, each with `:started` or `:completed` behind it if it is not readiness that counts. */
  readonly needs?: readonly string[];
  readonly wants?: readonly string[];
  readonly after?: readonly string[];
  readonly restartsWith?: readonly string[];
  readonly essential?: boolean;
  readonly tellsReadiness?: boolean;
  readonly checksHealth?: boolean;
  readonly timeoutUpMs?: number;
  readonly timeoutDownMs?: number;
  readonly maxStartFailures?: number;
  readonly conditions?: readonly StartCondition[];
  readonly up?: readonly string[];
  readonly down?: readonly string[];
  readonly reload?: readonly string[];
  readonly consumer?: string;
  /** Absent: the name. */
  readonly digest?: string;
  /** Absent: `src/NAME`. */
  readonly path?: string;
}

export type Sketch = Readonly<Record<string, ServiceSketch>>;

function namesInOrder(sketch: Sketch): string[] {
  const names = Object.keys(sketch).sort();
  const isOneshot = (name: string): boolean => sketch[name]!.oneshot === true;
  return [
    ONESHOT_RUNNER,
    FD_HOLDER,
    ...names.filter((name) => !isOneshot(name)),
    ...names.filter(isOneshot),
  ];
}

export function rcDatabase(
  sketch: Sketch,
  bundles: Readonly<Record<string, readonly string[]>> = {},
): RcDatabase {
  const names = namesInOrder(sketch);
  const numberOf = (name: string): ServiceNumber => {
    const number = names.indexOf(name);
    if (number < 0) throw new Error(`the sketch has no ${name}`);
    return number;
  };
  const numbersOf = (list: readonly string[] = []): ServiceNumber[] =>
    list.map(numberOf).sort((a, b) => a - b);
  const dependencies = names.map((name): Dependency[] => {
    const { needs = [], oneshot = false, consumer } = sketch[name] ?? {};
    const found = needs.map((need): Dependency => {
      const [on = "", condition = "ready"] = need.split(":");
      return { on: numberOf(on), condition: condition as DependencyCondition };
    });
    if (oneshot) found.push({ on: 0, condition: "ready" });
    if (consumer !== undefined) {
      found.push({ on: numberOf(consumer), condition: "ready" }, { on: 1, condition: "ready" });
    }
    return found.sort((a, b) => a.on - b.on);
  });
  const services = names.map((name, number): Service => {
    const of = sketch[name] ?? {};
    const common = {
      number,
      name,
      path: of.path ?? (number < 2 ? "" : `src/${name}`),
      digest: of.digest ?? name,
      essential: of.essential ?? number < 2,
      recommended: false,
      timeoutUpMs: of.timeoutUpMs ?? 0,
      timeoutDownMs: of.timeoutDownMs ?? 0,
      dependencies: dependencies[number]!,
      dependants: names.map((_, other) => other).filter((other) =>
        dependencies[other]!.some(({ on }) => on === number)
      ),
      wants: numbersOf(of.wants),
      after: numbersOf(of.after),
      restartsWith: numbersOf(of.restartsWith),
      conditions: of.conditions ?? [],
      maxStartFailures: of.maxStartFailures ?? 0,
    };
    if (of.oneshot) {
      const { up = ["up", name], down = ["down", name], reload = [] } = of;
      return { ...common, type: "oneshot", up, down, reload, timeoutKillMs: 5000 };
    }
    const consumer = of.consumer === undefined ? undefined : numberOf(of.consumer);
    const producers = names.map((_, other) => other).filter((other) =>
      sketch[names[other]!]?.consumer === name
    );
    return {
      ...common,
      type: "longrun",
      tellsReadiness: of.tellsReadiness ?? false,
      checksHealth: of.checksHealth ?? false,
      probe: undefined,
      consumer,
      producers,
    };
  });
  const oneshotCount = services.filter(({ type }) => type === "oneshot").length;
  return {
    services,
    longrunCount: services.length - oneshotCount,
    oneshotCount,
    bundles: new Map(Object.entries(bundles).map(([name, members]) => [name, numbersOf(members)])),
  };
}
