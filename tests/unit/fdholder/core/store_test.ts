import { assertEquals } from "@std/assert";
import { EAGAIN, EBUSY, ENFILE, ENOENT, EPERM } from "../../../../lib/core/linux/errno.ts";
import { type Tain, tainFromUnix } from "../../../../lib/core/time/tain.ts";
import {
  parseRequest,
  plainAnswer,
  type Request,
  requestMessage,
} from "../../../../lib/fdholder/core/protocol.ts";
import { isNever, limitAfter, type Rights, Store } from "../../../../lib/fdholder/core/store.ts";

const NOW = tainFromUnix(1_700_000_000, 5);
const NEVER = limitAfter(NOW, Infinity);

function rights(what: Partial<Rights> = {}): Rights {
  return {
    mayList: true,
    mayGetDump: true,
    maySetDump: true,
    mayStore: () => true,
    mayRetrieve: () => true,
    ...what,
  };
}

const NOT_DUMPING = { dumping: 0 };
const held = (name: string, fd: number, limit: Tain = NEVER) => ({ name, fd, limit });
const store = (name: string, fd: number, limit?: Tain): Request => ({
  kind: "store",
  ...held(name, fd, limit),
});

function storeWith(count: number, most = 10): Store {
  const filled = new Store(most);
  for (let i = 0; i < count; i++) filled.answer(store(`n${i}`, 10 + i), rights(), NOT_DUMPING);
  return filled;
}

Deno.test("requests: what is written is read", () => {
  const requests: Request[] = [
    store("näme\ud800".toWellFormed(), 3, NOW),
    { kind: "delete", name: "x" },
    { kind: "retrieve", name: "x".repeat(255), deletes: true },
    { kind: "retrieve", name: "y", deletes: false },
    { kind: "list" },
    { kind: "get dump" },
    { kind: "set dump", count: 70000 },
    { kind: "dumped", entries: [held("a", 4), held("b", 5, NOW)] },
  ];
  for (const request of requests) assertEquals(parseRequest(requestMessage(request)), request);
});

Deno.test("store: refused without the right, when full, under a name that is taken; the descriptor is closed", () => {
  const two = storeWith(2, 2);
  assertEquals(two.answer(store("x", 7), rights({ mayStore: () => false }), NOT_DUMPING), {
    messages: [plainAnswer(EPERM)],
    closed: [7],
    dumping: 0,
  });
  assertEquals(two.answer(store("x", 7), rights(), NOT_DUMPING)?.messages, [plainAnswer(ENFILE)]);
  const one = storeWith(1);
  assertEquals(one.answer(store("n0", 7), rights(), NOT_DUMPING), {
    messages: [plainAnswer(EBUSY)],
    closed: [7],
    dumping: 0,
  });
});

Deno.test("retrieve and delete: what is there, and the right to it", () => {
  const two = storeWith(2);
  const get = (name: string, deletes: boolean, what?: Partial<Rights>) =>
    two.answer({ kind: "retrieve", name, deletes }, rights(what), NOT_DUMPING)?.messages;
  assertEquals(get("n0", false, { mayRetrieve: () => false }), [plainAnswer(EPERM)]);
  assertEquals(get("n0", true, { mayStore: () => false }), [plainAnswer(EPERM)]);
  assertEquals(get("no", false), [plainAnswer(ENOENT)]);
  assertEquals(get("n0", true)?.[0]?.fds, [10]);
  assertEquals(get("n0", false), [plainAnswer(ENOENT)]);
  const forget = (name: string) =>
    two.answer({ kind: "delete", name }, rights(), NOT_DUMPING)?.closed;
  assertEquals([forget("n1"), forget("n1")], [[11], []]);
});

Deno.test("a dump: in as many messages as it needs, nothing else meanwhile, names are taken over", () => {
  const some = storeWith(1, 600);
  const dumped = some.answer({ kind: "set dump", count: 2 }, rights(), NOT_DUMPING);
  assertEquals(dumped?.dumping, 2);
  assertEquals(some.answer({ kind: "list" }, rights(), { dumping: 2 }), undefined);
  const first: Request = { kind: "dumped", entries: [held("n0", 50)] };
  assertEquals(some.answer(first, rights(), { dumping: 2 }), {
    messages: [plainAnswer(EAGAIN)],
    closed: [10],
    dumping: 1,
  });
  const more: Request = { kind: "dumped", entries: [held("p", 51), held("q", 52)] };
  assertEquals(some.answer(more, rights(), { dumping: 1 }), undefined);
  assertEquals(
    some.answer({ kind: "set dump", count: 600 }, rights(), NOT_DUMPING)?.messages,
    [plainAnswer(ENFILE)],
  );
  const many = storeWith(300, 600);
  const parts = many.answer({ kind: "get dump" }, rights(), NOT_DUMPING)?.messages;
  assertEquals(parts?.map(({ fds }) => fds.length), [0, 253, 47]);
});

Deno.test("limits: what is over is let go of, the earliest is known, never means never", () => {
  const some = new Store(10);
  const at = (seconds: number): Tain => tainFromUnix(1_700_000_000 + seconds, 0);
  some.answer(store("late", 3, at(50)), rights(), NOT_DUMPING);
  some.answer(store("soon", 4, at(10)), rights(), NOT_DUMPING);
  some.answer(store("ever", 5), rights(), NOT_DUMPING);
  assertEquals(some.earliest, at(10));
  assertEquals(some.expire(at(9)), []);
  assertEquals(some.expire(at(10)), [4]);
  assertEquals([some.earliest, some.count], [at(50), 2]);
  assertEquals(some.expire(at(1_000_000)), [3]);
  assertEquals([isNever(some.earliest!, NOW), isNever(at(1e9), NOW)], [true, false]);
});
