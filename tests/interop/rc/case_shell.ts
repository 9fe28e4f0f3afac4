/** What the steps of a case may call, in bash. Names that change from run to run are normalised. */

/** @param W the case's own directory */
export const CASE_SHELL = `
# what whoever runs the tests has open is none of a service's business
for fd in /proc/self/fd/*; do
  fd=\${fd##*/}
  [ "$fd" -le 2 ] || [ "$fd" -eq 255 ] || eval "exec $fd>&-"
done
export W LIVE=$W/live SCAN=$W/scan
norm() {
  sed -E "s#$W#@W@#g; s#(live:s6-rc-(init|update):)[A-Za-z0-9_-]{6}#\\1@#g; s#(repo:new:|\\.stores:|\\.\\.(bundles|atomics):)[A-Za-z0-9_-]{6}#\\1@#g" |
    sed -E "s#@[0-9a-f]{24}(:[A-Za-z0-9_-]{6})?#@TAI:@#g; s#pid [0-9]+#pid @PID@#g; s#pgid [0-9]+#pgid @PID@#g"
}
# runs one command and writes the transcript
t() {
  echo "\\$ $*" | norm
  "$@" >"$W/.o" 2>"$W/.e" </dev/null
  local r=$?
  sed 's/^/1| /' "$W/.o" | norm
  sed 's/^/2| /' "$W/.e" | norm
  echo "rc=$r"
  return $r
}
tt() { t "$@"; }
# a supervision tree, and a live state of a compiled database
up() {
  mkdir -p scan
  s6-svscan "$SCAN" </dev/null >"$W/.svout" 2>"$W/.sverr" &
  SV=$!
  wait_for '[ -p scan/.s6-svscan/control ]'
  s6-rc-init -l "$LIVE" -c "$W/\${1:-db}" "$SCAN" || echo "init rc=$?"
}
down() {
  [ -n "$SV" ] || return
  s6-svscanctl -t "$SCAN"
  for i in $(seq 80); do kill -0 $SV 2>/dev/null || break; sleep 0.05; done
  kill -0 $SV 2>/dev/null && { s6-svscanctl -qb "$SCAN" 2>/dev/null; sleep 0.3; kill -9 $SV 2>/dev/null; }
  wait $SV 2>/dev/null
  SV=
}
rc() { t s6-rc -l "$LIVE" "$@"; }
note() { echo "# $*"; }
svlog() {
  echo "# s6-svscan's own output:"
  sed 's/^/s| /' .svout .sverr | norm | sed -E 's/[0-9]{4,}/@N@/g'
}
wait_for() {
  for i in $(seq 600); do eval "$1" && return 0; sleep 0.05; done
  echo "# never: $1"
}
set +e
`;
