/** Lines of a Procfile, which have one `.env`. */
import type { Input } from "./input.ts";

export const PROCFILE_ENV = `PORT=5100
PLAIN=a b
SINGLE='c d'
DOUBLE="e\\nf \\"g\\""
DOLLAR=$HOME\`id\`
HASH=a#b
# comment
export NOT=1
EMPTY=
EQUALS=a=b
`;

export const PROCFILE_INPUTS: readonly Input[] = [
  { name: "p-plain", text: "PROBE one 'two words'" },
  { name: "p-port", text: "PROBE -p $PORT" },
  { name: "p-assigned", text: "PORT=8 PROBE -p $PORT" },
  { name: "p-env", text: 'PROBE "$PLAIN" "$SINGLE" $PLAIN' },
  { name: "p-and", text: "cd /tmp && PROBE $EQUALS" },
  { name: "p-redirect", text: "PROBE a >/dev/null 2>&1" },
  { name: "p-exec", text: "exec PROBE ${PORT:-1}" },
  { name: "p-several", text: "true; A=1 B='2 3' PROBE" },
];
