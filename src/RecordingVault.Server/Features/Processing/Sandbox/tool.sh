#!/bin/sh
# Runs ffmpeg or ffprobe, whichever name this file has, as if somebody hostile had taken it over: no files but programs and an empty /tmp in memory,
# no network but its own loopback, no environment. Its input comes through one socket (in.sock, beside this file), its output leaves through the socket
# that the arguments name; beside this file `limits` says how much time and memory it has, and `taken` that the output was read. (security design, section 6)
# Texts to be drawn (`slate`, `corner`) are opened and unlinked here, and go into the sandbox's memory: the tool is given their place and never their words.
# Exit codes: 70 the tool failed, 71 it was ended by a limit, 97 the relay did not start; all else is the sandbox's own.
job=$(dirname "$0") tool=$(basename "$0") out='' draws=''
for argument in "$@"; do case "$argument" in unix:*) out=${argument#unix:} ;; *textfile=/tmp/*) draws=1 ;; esac; done
. "$job/limits"
slate='' corner=''
# Only the run that draws them takes them: the library asks the tool for its version before.
if [ -n "$draws" ] && [ -e "$texts/slate" ]; then exec 8<"$texts/slate"; rm -f "$texts/slate"; slate=1; fi
if [ -n "$draws" ] && [ -e "$texts/corner" ]; then exec 9<"$texts/corner"; rm -f "$texts/corner"; corner=1; fi
# Should memory run out all the same, what runs in here goes first, and not the server beside it.
{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null
nice -n 15 bwrap --unshare-all --die-with-parent --new-session --clearenv --setenv PATH /usr/bin \
  --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --symlink usr/bin /bin --ro-bind-try /etc/alternatives /etc/alternatives \
  --proc /proc --dev /dev --tmpfs /tmp --bind "$job/in.sock" /tmp/in.sock \
  ${slate:+--ro-bind-data 8 /tmp/slate} ${corner:+--ro-bind-data 9 /tmp/corner} ${out:+--bind "$out" "$out"} --cap-drop ALL -- \
  prlimit --as="$memory" --cpu="$seconds" --fsize=0 --core=0 --nofile=64 --nproc="$processes" -- \
  sh -c 'socat TCP-LISTEN:8000,bind=127.0.0.1,reuseaddr,fork UNIX-CONNECT:/tmp/in.sock & relay=$! i=0
         while ! grep -q ":1F40 " /proc/net/tcp; do i=$((i+1)); [ $i -gt 1500 ] && exit 97; sleep 0.02; done
         tool=$1; shift
         # What is said is bounded too: a file can be made of words alone.
         if [ "$tool" = ffprobe ]; then "/usr/bin/$tool" "$@" 2>/dev/null | head -c 4194304; result=0
         else "/usr/bin/$tool" "$@" 2>/dev/null; result=$?; fi
         kill "$relay" 2>/dev/null
         [ $result -lt 128 ] || exit 71
         [ $result -eq 0 ] || exit 70' sh "$tool" "$@" <&0 &
inside=$!
# The limit above is of each process: once a second somebody outside, whom nothing inside can reach, adds up what all of them hold, and ends them when it is too much,
# or when the server is gone that would have read what they make.
( while [ -d "/proc/$$" ] && kill -0 $inside; do
    [ -d "/proc/$PPID" ] || kill -9 $inside
    held=$(cat /proc/[0-9]*/status 2>/dev/null | awk -v root=$inside '/^Pid:/ { pid = $2 } /^PPid:/ { parent[pid] = $2 } /^VmRSS:/ { rss[pid] = $2 }
      END { for (pid in rss) { at = pid; while (at in parent && at != root) at = parent[at]; if (at == root) sum += rss[pid] } printf "%d", sum }')
    # Whoever can't count has to take it for too much.
    { [ -n "$held" ] && [ "$held" -le $((memory / 1024)) ]; } || { : >"$job/over"; kill -9 $inside; }
    sleep 1
  done ) </dev/null >/dev/null 2>&1 &
overseer=$!
wait $inside
code=$?
kill $overseer 2>/dev/null
[ ! -e "$job/over" ] || code=71
# The library drops what it has not read yet as soon as this ends: its reader says in `taken` when it has all. A server that was killed says nothing any more.
while [ -n "$out" ] && [ $code -eq 0 ] && [ ! -e "$job/taken" ] && [ -d "$job" ] && [ -d "/proc/$PPID" ]; do sleep 0.02; done
# The library tells nobody the exit code; whoever asked finds it here.
echo $code >"$job/result"
exit $code
