import { assertEquals } from "@std/assert";
import {
  type AccountFiles,
  parseFixAttrs,
  resolveAccount,
} from "../../../../lib/overlay/core/fix_attrs.ts";

Deno.test("parseFixAttrs() reads paths, accounts and modes, and passes over comments and empty lines", () => {
  const { rules, problems } = parseFixAttrs(
    [
      "# a comment",
      "#/another true root 0600 0700",
      "",
      "  /var/lib/mysql \t true mysql 0600 0700  ",
      "/var/log/*-logs false nobody,32768:32769 - 2700\r",
      "/a\\ b/c\\* true www-data: 644 -",
      "/x true :7,9 0644 0755",
    ].join("\n"),
  );
  assertEquals(problems, []);
  assertEquals(rules, [
    {
      pattern: "/var/lib/mysql",
      recurse: true,
      account: { text: "mysql", user: "mysql" },
      fileMode: 0o600,
      directoryMode: 0o700,
    },
    {
      pattern: "/var/log/*-logs",
      recurse: false,
      account: { text: "nobody", user: "nobody", fallback: { uid: 32768, gid: 32769 } },
      directoryMode: 0o2700,
    },
    {
      pattern: "/a b/c\\*",
      recurse: true,
      account: { text: "www-data:", user: "www-data", group: "" },
      fileMode: 0o644,
    },
    {
      pattern: "/x",
      recurse: true,
      account: { text: ":7", user: "", group: "7", fallback: { uid: 9, gid: 0 } },
      fileMode: 0o644,
      directoryMode: 0o755,
    },
  ]);
});

const BAD: readonly (readonly [line: string, problem: string])[] = [
  ["/x true root 0644", "not five words: path, recurse, account, file mode, directory mode"],
  [
    "/x true root 0644 0755 more",
    "not five words: path, recurse, account, file mode, directory mode",
  ],
  ["/x yes root 0644 0755", "recurse is neither true nor false: yes"],
  ["/x true root 0948 0755", "not an octal mode: 0948"],
  ["/x true root 0644 u+x", "not an octal mode: u+x"],
  ["/x true ,1:1 0644 0755", "no account: ,1:1"],
  ["/x true root,one:1 0644 0755", "not numbers, UID:GID, after the comma: root,one:1"],
  ["/x true root,1:one 0644 0755", "not numbers, UID:GID, after the comma: root,1:one"],
];

Deno.test("parseFixAttrs() tells the line of what it can't understand, and the others count", () => {
  const { rules, problems } = parseFixAttrs(
    ["/good true root 0644 0755", ...BAD.map(([line]) => line), "/good true root 0644 0755"].join(
      "\n",
    ),
  );
  assertEquals(problems, BAD.map(([_, text], at) => ({ line: at + 2, text })));
  assertEquals(rules.length, 2);
});

/** daemon is 2 and 2, as in the README of s6-overlay. */
const FILES: AccountFiles = {
  findUser: (name) =>
    name === "daemon" ? { uid: 2, gid: 2 } : name === "web" ? { uid: 33, gid: 34 } : undefined,
  findGid: (name) => ({ daemon: 2, 77: 78 } as Record<string, number>)[name],
};

const ACCOUNTS:
  readonly (readonly [account: string, result: readonly [uid: number, gid: number] | string])[] = [
    ["daemon", [2, 2]],
    ["daemon,3:4", [2, 2]],
    ["2:2,3:4", [2, 2]],
    ["daemon:11111,3:4", [2, 11111]],
    ["11111:daemon,3:4", [11111, 2]],
    ["daemon:daemon,3:4", [2, 2]],
    ["daemon:unexisting,3:4", [2, 4]],
    ["unexisting:daemon,3:4", [3, 2]],
    ["11111:11111,3:4", [11111, 11111]],
    ["unexisting,3:4", [3, 4]],
    ["web", [33, 34]],
    ["web:77", [33, 78]],
    [":daemon", [-1, 2]],
    ["daemon:", [2, -1]],
    ["unexisting", "unknown user: unexisting"],
    ["1000", "unknown user: 1000; write 1000:GROUP if that is a number"],
    ["unexisting:daemon", "unknown user: unexisting"],
    ["daemon:unexisting", "unknown group: unexisting"],
    ["4294967296:1", "unknown user: 4294967296"],
  ];

for (const [account, expected] of ACCOUNTS) {
  Deno.test(`resolveAccount(): ${account} is ${expected}`, () => {
    const [rule] = parseFixAttrs(`/x true ${account} 0644 0755`).rules;
    const result = resolveAccount(rule!.account, FILES);
    assertEquals<unknown>(typeof result === "string" ? result : [result.uid, result.gid], expected);
  });
}
