/** One step of the engine in progress: a copy that may be changed, and the effects so far. Pure. */
import type { Service, ServiceNumber } from "./database.ts";
import type {
  Change,
  ChangeId,
  Engine,
  Line,
  RcDecision,
  RcEffect,
  RcMoment,
  Reload,
  ServiceState,
  Transition,
  Wish,
} from "./engine_state.ts";
import type { Direction } from "./graph.ts";

/** Whether a wish has not been settled yet. */
export function isOpen(wish: Wish | undefined): boolean {
  return wish === "pending" || wish === "running";
}

export function directionOf(change: Change): Direction {
  return change.phases[change.phase]!.direction;
}

export class Draft {
  readonly nowMs: number;
  readonly effects: RcEffect[] = [];
  /** Services that may be able to start or stop now. */
  readonly queue: ServiceNumber[] = [];
  readonly changes: Map<ChangeId, Change>;
  readonly reloads: Map<ChangeId, Reload>;
  closed: boolean;
  readonly #engine: Engine;
  readonly #services: ServiceState[];
  readonly #wishes = new Map<ChangeId, Map<ServiceNumber, Wish>>();

  constructor(engine: Engine, moment: RcMoment) {
    this.#engine = engine;
    this.#services = [...engine.services];
    this.changes = new Map(engine.changes);
    this.reloads = new Map(engine.reloads);
    this.closed = engine.closed;
    this.nowMs = moment.monotonicMs;
  }

  get engine(): Engine {
    return this.#engine;
  }

  service(number: ServiceNumber): Service {
    return this.#engine.database.services[number]!;
  }

  nameOf(number: ServiceNumber): string {
    return this.service(number).name;
  }

  state(number: ServiceNumber): ServiceState {
    return this.#services[number]!;
  }

  update(number: ServiceNumber, changes: Partial<ServiceState>): void {
    this.#services[number] = { ...this.#services[number]!, ...changes };
  }

  updateTransition(number: ServiceNumber, changes: Partial<Transition>): void {
    const { transition } = this.state(number);
    if (transition !== undefined) {
      this.update(number, { transition: { ...transition, ...changes } });
    }
  }

  updateChange(id: ChangeId, changes: Partial<Change>): void {
    const change = this.changes.get(id);
    if (change !== undefined) this.changes.set(id, { ...change, ...changes });
  }

  wish(id: ChangeId, number: ServiceNumber): Wish | undefined {
    return (this.#wishes.get(id) ?? this.changes.get(id)?.wishes)?.get(number);
  }

  setWish(id: ChangeId, number: ServiceNumber, wish: Wish): void {
    let wishes = this.#wishes.get(id);
    if (wishes === undefined) this.#wishes.set(id, wishes = new Map(this.changes.get(id)?.wishes));
    wishes.set(number, wish);
  }

  wishesOf(id: ChangeId): ReadonlyMap<ServiceNumber, Wish> {
    return this.#wishes.get(id) ?? this.changes.get(id)?.wishes ?? new Map();
  }

  /** Begins a change, or its next phase. */
  replaceWishes(id: ChangeId, wishes: Map<ServiceNumber, Wish>): void {
    this.#wishes.set(id, wishes);
  }

  forget(id: ChangeId): void {
    this.changes.delete(id);
    this.#wishes.delete(id);
  }

  /** The changes that have an open wish of this direction for the service, oldest first. */
  wishing(number: ServiceNumber, direction: Direction): Change[] {
    return [...this.changes.values()].filter((change) =>
      directionOf(change) === direction && isOpen(this.wish(change.id, number))
    );
  }

  /** Whether the changes that want the service down let this dependant stay up. */
  isSpared(number: ServiceNumber, dependant: ServiceNumber): boolean {
    return this.wishing(number, "down").every(({ spare }) => spare.has(dependant));
  }

  /** The changes that wait for the transition that the service is in. */
  waiting(number: ServiceNumber): Change[] {
    return [...this.changes.values()].filter(({ id }) => this.wish(id, number) === "running");
  }

  effect(effect: RcEffect): void {
    this.effects.push(effect);
  }

  say(id: ChangeId, line: Line): void {
    this.effect({ kind: "say", id, line });
  }

  /** In the order in which services are listed. */
  sorted(numbers: Iterable<ServiceNumber>): ServiceNumber[] {
    const { places } = this.#engine;
    return [...numbers].sort((a, b) => places[a]! - places[b]!);
  }

  namesOf(numbers: Iterable<ServiceNumber>): string[] {
    return this.sorted(numbers).map((number) => this.nameOf(number));
  }

  look(numbers: Iterable<ServiceNumber>): void {
    this.queue.push(...this.sorted(numbers));
  }

  decide(): RcDecision {
    for (const [id, wishes] of this.#wishes) {
      const change = this.changes.get(id);
      if (change !== undefined) this.changes.set(id, { ...change, wishes });
    }
    const { changes, reloads, closed } = this;
    return {
      engine: { ...this.#engine, services: this.#services, changes, reloads, closed },
      effects: this.effects,
    };
  }
}
