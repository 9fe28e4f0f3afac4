/** Run scripts of runit. */
import type { Input } from "./input.ts";

const GROUPS = /it has the groups of \/etc\/group too/;

export const RUNIT_INPUTS: readonly Input[] = [
  { name: "r-plain", text: "exec PROBE one 'two words'" },
  { name: "r-user", text: "exec chpst -u nobody PROBE", note: GROUPS },
  {
    name: "r-user-groups",
    text: "exec chpst -u hexadtest PROBE",
    note: GROUPS,
    differs: ["groups"],
  },
  { name: "r-group", text: "exec chpst -u nobody:daemon PROBE" },
  { name: "r-more", text: "exec chpst -u hexadtest:daemon:mail:adm PROBE" },
  { name: "r-numbers", text: "exec chpst -u :1234:1235:1236 PROBE" },
  { name: "r-vars", text: "exec chpst -U :1000:1001 PROBE" },
  { name: "r-vars-user", text: "exec chpst -u nobody -U daemon:mail PROBE", note: GROUPS },
  {
    name: "r-env",
    text: "exec chpst -e ./env PROBE",
    files: { "sv/r-env/env/A": "b c \n", "sv/r-env/env/GREETING": "", "sv/r-env/env/N": "x\0y\n" },
  },
  { name: "r-limits", text: "exec chpst -o 200 -c 0 -f 1000000 -p 500 PROBE" },
  { name: "r-nice", text: "exec chpst -n 5 PROBE" },
  {
    name: "r-lock",
    text: "exec chpst -l lock PROBE",
    differs: ["descriptors"],
    harmless: "the lock has another number",
  },
  { name: "r-closed", text: "exec 2>&1\nexec chpst -0 PROBE" },
  {
    name: "r-all",
    text: 'exec 2>&1\nexec chpst -e env -u daemon:daemon -o 300 -n 1 PROBE "$A" x',
    files: { "sv/r-all/env/A": "1\n" },
  },
  { name: "r-script", text: "umask 027\ncd /tmp\nexport A='b c'\nexec chpst -v -P PROBE \"$A\"" },
  { name: "r-lines", text: "exec \\\n  chpst -u nobody:nogroup \\\n  PROBE \\\n  x" },
];
