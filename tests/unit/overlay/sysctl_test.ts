import { assertEquals } from "@std/assert";
import { applySysctl } from "../../../lib/overlay/sysctl.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";

function apply(tree: Tree): string[] {
  const warnings: string[] = [];
  applySysctl({ root: tree.root, warn: (text) => warnings.push(text.replaceAll(tree.root, "")) });
  return warnings;
}

Deno.test("applySysctl() reads sysctl.d in the order of names, then sysctl.conf, and nothing that does not end in .conf", () => {
  using tree = makeTree({
    "etc/sysctl.conf": "a.last = conf\n",
    "etc/sysctl.d/10.conf": "a.first = 10\na.second = 10\na.last = 10\n",
    "etc/sysctl.d/9.conf": "a.first = 9\n",
    "etc/sysctl.d/20.conf.bak": "a.second = 20\n",
    "proc/sys/a/first": "0\n",
    "proc/sys/a/second": "0\n",
    "proc/sys/a/last": "0\n",
  });
  assertEquals(apply(tree), []);
  assertEquals(["first", "second", "last"].map((name) => tree.text(`proc/sys/a/${name}`).trim()), [
    "9",
    "10",
    "conf",
  ]);
});

Deno.test("applySysctl() expands patterns below /proc/sys", () => {
  using tree = makeTree({
    "etc/sysctl.conf": "n.*.f = 1\n-n.lo.f\n",
    "proc/sys/n/all/f": "0",
    "proc/sys/n/lo/f": "0",
    "proc/sys/n/x/g": "0",
  });
  assertEquals(apply(tree), []);
  assertEquals(["all/f", "lo/f", "x/g"].map((name) => tree.text(`proc/sys/n/${name}`)), [
    "1\n",
    "0",
    "0",
  ]);
});

Deno.test("applySysctl() writes nothing that is so already, whatever blanks the kernel shows", () => {
  using tree = makeTree({
    "etc/sysctl.conf": "n.range = 1024 65000\n",
    "proc/sys/n/range": "1024\t65000\n",
  });
  assertEquals(apply(tree), []);
  assertEquals(tree.text("proc/sys/n/range"), "1024\t65000\n");
});

Deno.test("applySysctl() says what this kernel has not, what is no setting, and what it can't read, and goes on", () => {
  using tree = makeTree({
    "etc/sysctl.d/1.conf/": "",
    "etc/sysctl.conf": "n.none = 1\n-n.gone = 1\nn.dir = 1\nnonsense\nn.ok = 1\n",
    "proc/sys/n/ok": "0",
    "proc/sys/n/dir/": "",
  });
  assertEquals(apply(tree), [
    "unable to open /etc/sysctl.d/1.conf: Is a directory",
    "/etc/sysctl.conf: line 4: no value: nonsense",
    "unable to set n.none: this kernel has no such setting",
    "unable to set n.dir to 1: Is a directory",
  ]);
  assertEquals(tree.text("proc/sys/n/ok"), "1\n");
});

Deno.test("applySysctl() has nothing to do where there are no files", () => {
  using tree = makeTree();
  assertEquals(apply(tree), []);
});

Deno.test("applySysctl() goes on after a setting with a NUL in its name", () => {
  using tree = makeTree({
    "etc/sysctl.conf": "n.a\0b = 1\nn.\0*.f = 1\nn.ok = 1\n",
    "proc/sys/n/a": "0",
    "proc/sys/n/ok": "0",
  });
  assertEquals(apply(tree), ["unable to set n.a\0b to 1: Invalid argument"]);
  assertEquals(["a", "ok"].map((name) => tree.text(`proc/sys/n/${name}`)), ["0", "1\n"]);
});
