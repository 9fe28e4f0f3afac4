import { assertEquals } from "@std/assert";
import { EBADF, EINVAL } from "../../../lib/core/linux/errno.ts";
import { DescriptorTable } from "../../../lib/execline/descriptor_table.ts";
import { isOpen } from "../../../lib/libc/fd.ts";
import { O_RDONLY } from "../../../lib/core/linux/open_flags.ts";
import { open } from "../../../lib/libc/file.ts";

function openFile(): number {
  return open("/dev/null", O_RDONLY);
}

/** A table in which 20, 21 and so on are open, and our descriptors for them. */
function tableWith(
  count: number,
): { readonly table: DescriptorTable; readonly fds: readonly number[] } {
  const table = new DescriptorTable();
  const fds = Array.from({ length: count }, openFile);
  fds.forEach((fd, i) => table.put(20 + i, fd));
  return { table, fds };
}

/** What stands for 20, 21 and so on, as positions in `fds`. */
function order(
  table: DescriptorTable,
  fds: readonly number[],
  count = fds.length,
): (number | undefined)[] {
  return Array.from({ length: count }, (_, i) => table.real(20 + i)).map((fd) =>
    fd === undefined ? undefined : fds.indexOf(fd)
  );
}

Deno.test("a file is closed when nothing stands for it any more", () => {
  const { table, fds: [fd] } = tableWith(1);
  table.copy(30, 20);
  table.close(20);
  assertEquals([table.real(20), table.real(30), isOpen(fd!)], [undefined, fd, true]);
  table.close(30);
  assertEquals([table.real(30), isOpen(fd!)], [undefined, false]);
});

Deno.test("what is overwritten is closed", () => {
  using table = new DescriptorTable();
  const first = openFile();
  const second = openFile();
  table.put(20, first);
  table.put(20, second);
  assertEquals([isOpen(first), isOpen(second), table.real(20)], [false, true, second]);
});

Deno.test("move(), copy(), swap(): as skalibs' fd_move, fd_copy, fd_move2", () => {
  const { table, fds } = tableWith(3);
  using _ = table;
  assertEquals([
    table.copy(20, 20),
    table.copy(20, 40),
    table.move(20, 40),
    table.move(40, 40),
    table.swap(20, 40),
  ], [
    -EINVAL,
    -EBADF,
    -EBADF,
    -EBADF,
    -EBADF,
  ]);
  assertEquals([table.move(20, 20), table.swap(21, 21), order(table, fds)], [0, 0, [0, 1, 2]]);
  assertEquals([table.swap(20, 21), order(table, fds)], [0, [1, 0, 2]]);
  assertEquals([table.move(23, 20), table.copy(20, 22), order(table, fds, 4)], [0, 0, [
    2,
    0,
    2,
    1,
  ]]);
});

Deno.test("put(), add(): a number above the limit of descriptors is refused, and the file let go", () => {
  using table = new DescriptorTable();
  const fd = openFile();
  assertEquals([table.put(0x7ffffffe, fd), isOpen(fd)], [-EBADF, false]);
});

Deno.test("add(): the lowest number that is free", () => {
  const { table } = tableWith(3);
  using _ = table;
  table.close(21);
  assertEquals([table.lowestFree(20), table.lowestFree(22)], [21, 23]);
});

Deno.test("a guest has what its host has, and changes nothing of it", () => {
  const { table, fds } = tableWith(2);
  using _ = table;
  const guest = new DescriptorTable(table);
  guest.close(20);
  const own = openFile();
  guest.put(21, own);
  guest.copy(30, 21);
  assertEquals([guest.real(20), guest.real(21), guest.real(30)], [undefined, own, own]);
  assertEquals(order(table, fds), [0, 1]);
  guest[Symbol.dispose]();
  assertEquals([isOpen(own), order(table, fds), fds.map(isOpen)], [false, [0, 1], [true, true]]);
});

Deno.test("rearrangement(): copies for what is open, and nothing for what a child does not inherit anyway", () => {
  const { table, fds } = tableWith(2);
  using _ = table;
  table.close(21);
  assertEquals(table.rearrangement(), { copies: [[20, fds[0]!]], closed: [] });
  assertEquals(new DescriptorTable(table).rearrangement(), { copies: [[20, fds[0]!]], closed: [] });
});

Deno.test("inherited descriptors: untouched they need nothing; closed in a guest they are closed there only", () => {
  using table = new DescriptorTable();
  assertEquals([table.real(2), table.rearrangement()], [2, { copies: [], closed: [] }]);
  const guest = new DescriptorTable(table);
  guest.close(2);
  assertEquals([guest.rearrangement(), table.rearrangement(), isOpen(2)], [
    { copies: [], closed: [2] },
    { copies: [], closed: [] },
    true,
  ]);
  guest[Symbol.dispose]();
  assertEquals(isOpen(2), true);
});
