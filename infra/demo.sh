# `infra/run.sh --demo`: a tenant "Demo" with a synthesised meeting that has gone through the whole main job: uploaded, shared with Claire, watched by her.
# To be sourced by run.sh, which has set $build and the server's environment. A second run starts the vault and makes nothing anew.
# shellcheck shell=bash

demo_mail=demo@vault.example demo_tenant=Demo

# shellcheck disable=SC2154 # run.sh sets $build
verb() { dotnet "$build/RecordingVault.Server.dll" "$@"; }
base64_of() { printf %s "$1" | base64 -w0; }
# json NAME  Prints one text of the JSON object on standard input.
json() { node -e 'process.stdout.write(String(JSON.parse(require("fs").readFileSync(0, "utf8"))[process.argv[1]]))' "$1"; }

# make_meeting FILE  Half a minute of a moving picture and a spoken greeting (a tone where espeak-ng is missing).
make_meeting() {
  local voice=(-f lavfi -i "sine=frequency=220")
  if has espeak-ng; then
    espeak-ng -w "$demo/voice.wav" "Good morning, and welcome. This is a synthesised meeting. Nobody was recorded. You can share it, watch it, and see who watched."
    voice=(-stream_loop -1 -i "$demo/voice.wav")
  fi
  ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=1280x720:rate=25 "${voice[@]}" -t 30 \
    -c:v libx264 -preset veryfast -pix_fmt yuv420p -c:a aac -b:a 96k "$1"
}

# api METHOD PATH [curl's arguments]  With the demo member's token, which stands in a file and in no argument.
api() {
  local method=$1 path=$2
  shift 2
  curl -fsS -K "$demo/token" -X "$method" "$address$path" "$@"
}

upload_meeting() {
  local file=$1 location
  api POST /api/v1/uploads -o /dev/null -D "$demo/headers" -H 'Tus-Resumable: 1.0.0' -H "Upload-Length: $(stat -c %s "$file")" \
    -H "Upload-Metadata: filename $(base64_of 'Kick-off.mp4'),filetype $(base64_of video/mp4),title $(base64_of 'Kick-off with Claire'),recordedAt $(base64_of "$(date -u +%Y-%m-%dT%H:%M:%SZ)"),participants $(base64_of '[{"name":"Claire Duval"},{"name":"Sam Okafor"}]')"
  location=$(tr -d '\r' <"$demo/headers" | sed -n 's/^[Ll]ocation: //p' | sed 's#^[a-z]*://[^/]*##')
  api PATCH "$location" -o /dev/null -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' -H 'Content-Type: application/offset+octet-stream' --data-binary "@$file"
  recording=$(tr -d '\r' <"$demo/headers" | sed -n 's#^[Vv]ault-[Rr]ecording: .*/##p')
}

# What Claire's browser does: shows the page, proves the secret, fetches, says what it played.
watch_link() {
  local link=$1 path page token
  path=$(sed 's#^[a-z]*://[^/]*##; s/#.*//' <<<"$link")
  local visitor=(curl -fsS -b "$demo/cookies" -c "$demo/cookies" -H 'Sec-Fetch-Site: same-origin' -A 'RecordingVault demo')
  page=$("${visitor[@]}" "$address$path")
  token=$(sed -n 's/.*name="vault-antiforgery" content="\([^"]*\)".*/\1/p' <<<"$page")
  printf '{"secret":"%s"}' "${link#*#}" |
    "${visitor[@]}" -X POST "$address$path/open" -H "RequestVerificationToken: $token" -H 'Content-Type: application/json' --data-binary @-
  "${visitor[@]}" -o /dev/null "$address$path/content"
  "${visitor[@]}" -X POST "$address$path/played" -H "RequestVerificationToken: $token" -H 'Content-Type: application/json' \
    --data-binary '{"ranges":[[0,24]],"duration":30}'
}

# Each step that is done leaves its word in a folder beside the vault's data, so that what was broken off is completed by the next start.
make_demo() {
  local password recording share link
  mkdir -p "$steps"
  if [ ! -e "$steps/member" ]; then
    # A start that was broken off between a step and its word has made the tenant: then the next line says all that is wrong.
    verb tenant create "$demo_tenant" >/dev/null 2>"$demo/refused" || grep -q 'already' "$demo/refused"
    if password=$(verb member create --email "$demo_mail" --tenant "$demo_tenant" --role Owner --name 'Helen Demo' 2>"$demo/refused" | tail -1); then
      say "The demo's member: sign in at $address/signin as $demo_mail with the password $password (it asks for your own)."
    else
      grep 'already' "$demo/refused"
    fi
    : >"$steps/member"
  fi
  printf 'header = "Authorization: Bearer %s"\n' "$(verb token create --member "$demo_mail" --tenant "$demo_tenant" --name demo --days 1 | tail -1)" >"$demo/token"
  if [ ! -e "$steps/recording" ]; then
    make_meeting "$demo/meeting.mp4"
    upload_meeting "$demo/meeting.mp4"
    printf %s "$recording" >"$steps/recording"
  fi
  recording=$(cat "$steps/recording")
  share=$(api POST "/api/v1/recordings/$recording/shares" -H 'Content-Type: application/json' --data-binary '{"recipientName":"Claire"}')
  link=$(json url <<<"$share")
  watch_link "$link"
  : >"$steps/all"
  say "
The demo is ready: $address/signin
Claire's link, for another browser: $link"
}

# shellcheck disable=SC2317 # called by the trap
end_demo() {
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" || true
  rm -rf "$demo"
}

# Serves until it is stopped; the demo is made beside the running server.
serve_demo() {
  # shellcheck disable=SC2154 # run.sh sets it
  demo=$(mktemp -d "${TMPDIR:-/tmp}/recordingvault-demo-XXXXXX") steps=$Vault__DataDirectory/demo
  : >"$demo/out"
  # Without the set-up link: the demo's member is the first one in a moment, and nobody needs it then.
  dotnet "$build/RecordingVault.Server.dll" "$@" > >(tee "$demo/out" | sed -u '/^Set up the vault: /,+1d') &
  server=$!
  local try
  trap end_demo EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # Its own word that it serves, and where: on the usual port somebody else may answer.
  for try in $(seq 600); do
    grep -q '^RecordingVault serves on ' "$demo/out" && break
    if [ "$try" -eq 600 ] || ! kill -0 "$server" 2>/dev/null; then stop 1 "The server did not start; no demo was made."; fi
    sleep 0.2
  done
  address=$(sed -n 's/^RecordingVault serves on //p' "$demo/out")
  if [ -e "$steps/all" ]; then
    say "The demo is there already: sign in as $demo_mail at $address/signin."
  else
    # In a job of its own, so that its first failing step ends it (`set -e` sleeps in the left side of an ||).
    make_demo &
    wait $! || warn "The demo could not be completed; the vault runs on, and the next start with --demo tries again."
  fi
  rm -f "$demo"/*
  wait "$server"
}
