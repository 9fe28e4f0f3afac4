import { assertEquals } from "@std/assert";
import {
  loggingScriptWords,
  logutilDirectory,
  MAX_LOGUTIL_RUN,
} from "../../../../lib/overlay/core/logutil_script.ts";

function directoryOf(text: string): string | undefined {
  return logutilDirectory(new TextEncoder().encode(text));
}

const RUNS: readonly (readonly [run: string, directory: string | undefined])[] = [
  ["#!/bin/sh\nexec logutil-service /var/log/web\n", "/var/log/web"],
  ["#!/bin/sh\nexec logutil-service /var/log/web", "/var/log/web"],
  [
    "#! /bin/bash \n\n# a comment\n\texec\t/command/logutil-service -- logs/my-app_1.2@x \n\n",
    "logs/my-app_1.2@x",
  ],
  ["#!/usr/bin/env bash\nlogutil-service ./main\n", "./main"],
  ["#!/command/execlineb -P\nlogutil-service /var/log/web\n", "/var/log/web"],
  ["#!/usr/bin/execlineb\nexec logutil-service /var/log/web\n", "/var/log/web"],
  ["#!/usr/bin/with-contenv sh\nexec logutil-service /var/log/web\n", "/var/log/web"],
  ["#!/command/with-contenv bash\nexec logutil-service /var/log/web\n", "/var/log/web"],
  // what does, or might do, something else
  ["", undefined],
  ["exec logutil-service /var/log/web\n", undefined],
  ["#!/bin/sh\n", undefined],
  ["#!/bin/sh\nexec logutil-service\n", undefined],
  ["#!/bin/sh -x\nexec logutil-service /var/log/web\n", undefined],
  ["#!/usr/bin/perl\nexec logutil-service /var/log/web\n", undefined],
  ["#!/bin/sh\r\nexec logutil-service /var/log/web\r\n", undefined],
  ["#!/bin/sh\nmkdir -p /var/log/web\nexec logutil-service /var/log/web\n", undefined],
  ["#!/bin/sh\nexec logutil-service /var/log/web || exit 1\n", undefined],
  ["#!/bin/sh\nexec logutil-service /var/log/web; true\n", undefined],
  ["#!/bin/sh\nexec logutil-service /var/log/web 2>&1\n", undefined],
  ["#!/bin/sh\nexec logutil-service /var/log/web # why\n", undefined],
  ["#!/bin/sh\nexec logutil-service -f fifo /var/log/web\n", undefined],
  ["#!/bin/sh\nexec logutil-service /var/log/$NAME\n", undefined],
  ["#!/bin/sh\nexec logutil-service ~/log\n", undefined],
  ["#!/bin/sh\nexec logutil-service '/var/log/web'\n", undefined],
  ["#!/bin/sh\nexec logutil-service /var/log/w*\n", undefined],
  ["#!/bin/sh\nexec logutil-service /a /b\n", undefined],
  ["#!/bin/sh\nexec s6-setuidgid log logutil-service /a\n", undefined],
  ["#!/bin/sh\nexec my-logutil-service /a\n", undefined],
  ["#!/bin/sh\nexec logutil-service \\\n/a\n", undefined],
];

for (const [run, directory] of RUNS) {
  Deno.test(`logutilDirectory() of ${JSON.stringify(run)} is ${directory}`, () =>
    assertEquals(directoryOf(run), directory));
}

Deno.test("logutilDirectory(): a script that is larger than such scripts are is left alone", () => {
  const run = "#!/bin/sh\nexec logutil-service /a\n";
  assertEquals(directoryOf(run + "#".repeat(MAX_LOGUTIL_RUN - run.length)), "/a");
  assertEquals(directoryOf(run + "#".repeat(MAX_LOGUTIL_RUN - run.length + 1)), undefined);
});

Deno.test("loggingScriptWords(): words between blanks and tabs", () => {
  assertEquals(loggingScriptWords(" n20\t s1000000  T "), ["n20", "s1000000", "T"]);
  assertEquals(loggingScriptWords(""), []);
});
