import { assertEquals } from "@std/assert";
import {
  isNamespaced,
  parseSysctlConf,
  planSysctl,
  sysctlKey,
} from "../../../../lib/overlay/core/sysctl_conf.ts";

Deno.test("parseSysctlConf() reads keys with dots or slashes, values with blanks, comments, and the dash", () => {
  const { lines, problems } = parseSysctlConf(
    [
      "# comment",
      " ; comment",
      "",
      "net.ipv4.ip_forward=1",
      "  kernel/core_pattern =  |/usr/bin/dump %p = %e \r",
      "net.ipv4.conf.eth0/100.mtu = 1400",
      "net/ipv4/conf/eth0.100/mtu = 1401",
      "-net.ipv4.ip_local_port_range = 1024\t65000",
      "-net.ipv4.conf.lo.rp_filter",
      "kernel.modprobe =",
    ].join("\n"),
  );
  assertEquals(problems, []);
  assertEquals(lines, [
    { path: "net/ipv4/ip_forward", value: "1", mayFail: false },
    { path: "kernel/core_pattern", value: "|/usr/bin/dump %p = %e", mayFail: false },
    { path: "net/ipv4/conf/eth0.100/mtu", value: "1400", mayFail: false },
    { path: "net/ipv4/conf/eth0.100/mtu", value: "1401", mayFail: false },
    { path: "net/ipv4/ip_local_port_range", value: "1024\t65000", mayFail: true },
    { path: "net/ipv4/conf/lo/rp_filter", mayFail: true },
    { path: "kernel/modprobe", value: "", mayFail: false },
  ]);
});

Deno.test("parseSysctlConf() takes no key that leads out of /proc/sys, and no line without a value", () => {
  const text =
    "/etc/passwd = x\nkernel/../../../etc/passwd = x\n= 1\nnet..ipv4 = 1\nnet.ipv4. = 1\nkernel.sem\nkernel.sem = 1 2 3 4\n";
  const { lines, problems } = parseSysctlConf(text);
  assertEquals(lines.length, 1);
  assertEquals(problems.map(({ line, text }) => `${line} ${text}`), [
    "1 not a key: /etc/passwd",
    "2 not a key: kernel/../../../etc/passwd",
    "3 not a key: ",
    "4 not a key: net..ipv4",
    "5 not a key: net.ipv4.",
    "6 no value: kernel.sem",
  ]);
});

const FORWARDING = ["all", "default", "eth0", "lo"].map((name) =>
  `net/ipv4/conf/${name}/forwarding`
);

function plan(text: string): string[] {
  return planSysctl(parseSysctlConf(text).lines, () => FORWARDING).map(({ path, value }) =>
    `${sysctlKey(path)}=${value}`
  );
}

Deno.test("planSysctl(): of two lines for one key the later one counts, at its place", () => {
  assertEquals(plan("a.b = 1\nc.d = 2\na.b = 3\n"), ["c.d=2", "a.b=3"]);
});

Deno.test("planSysctl(): what is set or spared by name is not set by a pattern, wherever it stands", () => {
  const text =
    "net.ipv4.conf.lo.forwarding = 2\nnet.ipv4.conf.*.forwarding = 1\n-net.ipv4.conf.all.forwarding\n";
  const expected = [
    "net.ipv4.conf.lo.forwarding=2",
    "net.ipv4.conf.default.forwarding=1",
    "net.ipv4.conf.eth0.forwarding=1",
  ];
  assertEquals(plan(text), expected);
});

Deno.test("sysctlKey() writes a dot in a name as a slash", () => {
  assertEquals(sysctlKey("net/ipv4/conf/eth0.100/mtu"), "net.ipv4.conf.eth0/100.mtu");
});

Deno.test("isNamespaced() knows what an engine can set", () => {
  const paths = [
    "net/ipv4/ip_forward",
    "kernel/shmmax",
    "kernel/sem",
    "fs/mqueue/msg_max",
    "kernel/hostname",
    "vm/swappiness",
    "kernel/panic",
  ];
  assertEquals(paths.map(isNamespaced), [true, true, true, true, true, false, false]);
});
