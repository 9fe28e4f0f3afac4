import { assertEquals } from "@std/assert";
import { LateFiles } from "../../../lib/supervise/late_files.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A disk that answers when the test says so. */
function setUp(): {
  readonly files: LateFiles;
  readonly done: string[];
  readonly asked: () => number;
  act(name: string): () => void;
  answer(): Promise<void>;
} {
  const done: string[] = [];
  let asked = 0;
  let pending = Promise.withResolvers<void>();
  const files = new LateFiles({
    answers: () => {
      asked++;
      return pending.promise;
    },
    onError: (error) => done.push(`error ${(error as Error).message}`),
  });
  return {
    files,
    done,
    asked: () => asked,
    act: (name) => () => done.push(name),
    answer: async () => {
      const { resolve } = pending;
      pending = Promise.withResolvers<void>();
      resolve();
      await new Promise((go) => setTimeout(go, 0));
    },
  };
}

Deno.test("LateFiles: nothing is done before the disk has answered, then all in order and by one question", async () => {
  const { files, done, asked, act, answer } = setUp();
  files.write("status", bytes("1"), act("status"));
  files.later(act("event"));
  files.later(act("event 2"));
  assertEquals([done, asked()], [[], 1]);
  await answer();
  assertEquals([done, asked()], [["status", "event", "event 2"], 1]);
  files.later(act("event 3"));
  await answer();
  assertEquals([done.at(-1), asked()], ["event 3", 2]);
});

Deno.test("LateFiles: what is going to be written is read back, what is going to be removed is not there", async () => {
  const { files, act, answer } = setUp();
  files.write("tally", bytes("1"), act(""));
  files.write("tally", bytes("12"), act(""));
  files.write("down", undefined, act(""));
  assertEquals(files.contentOf("tally"), bytes("12"));
  assertEquals([files.isWaiting("down"), files.contentOf("down")], [true, undefined]);
  assertEquals([...files.names(new Set(["run", "down"]))].sort(), ["run", "tally"]);
  await answer();
  assertEquals([files.isWaiting("tally"), files.isWaiting("down")], [false, false]);
});

Deno.test("LateFiles.whenDone(): at once if nothing waits, else behind all of it; a throw keeps nothing from being done", async () => {
  const { files, done, act, answer } = setUp();
  files.whenDone(act("at once"));
  files.later(() => {
    throw new Error("full");
  });
  files.later(act("next"));
  files.whenDone(act("released"));
  assertEquals(done, ["at once"]);
  await answer();
  assertEquals(done, ["at once", "error full", "next", "released"]);
});
