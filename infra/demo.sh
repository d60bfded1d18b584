# `infra/run.sh --demo`: a tenant "Marsh Coaching" whose recordings have gone through the main job: uploaded, shared, and watched by some.
# To be sourced by run.sh, which has set $build and the server's environment. A second run starts the vault and makes nothing anew.
# The people are drawn (infra/demo/), their voices synthesised: nobody was recorded.
# shellcheck shell=bash

demo_mail=demo@vault.example demo_tenant='Marsh Coaching'

# shellcheck disable=SC2154 # run.sh sets $build
verb() { dotnet "$build/RecordingVault.Server.dll" "$@"; }
base64_of() { printf %s "$1" | base64 -w0; }
# json NAME  Prints one text of the JSON object on standard input.
json() { node -e 'process.stdout.write(String(JSON.parse(require("fs").readFileSync(0, "utf8"))[process.argv[1]]))' "$1"; }
# at WHEN  A moment as the API takes it: `at 'yesterday 16:00'`.
at() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }

# minute STILL  One minute of a drawn picture and a spoken greeting (a murmur where espeak-ng is missing): $demo/minute-STILL.mp4.
minute() {
  [ ! -e "$demo/minute-$1.mp4" ] || return 0
  local voice=(-f lavfi -i "aevalsrc='0.2*sin(2*PI*180*t)*pow(abs(sin(2*PI*0.9*t)*sin(2*PI*0.23*t)),2)':s=24000")
  if has espeak-ng; then
    [ -e "$demo/voice.wav" ] || espeak-ng -s 150 -w "$demo/voice.wav" \
      "Good morning, and welcome. This is a synthesised meeting. Nobody was recorded. You can share it, watch it, and see who watched. And now we let a little time pass."
    voice=(-stream_loop -1 -i "$demo/voice.wav")
  fi
  # shellcheck disable=SC2154 # lib.sh sets $root
  ffmpeg -nostdin -v error -loop 1 -framerate 2 -i "$root/infra/demo/$1.webp" "${voice[@]}" -t 60 \
    -c:v libx264 -preset veryfast -tune stillimage -g 20 -pix_fmt yuv420p -c:a aac -ac 1 -b:a 32k "$demo/minute-$1.mp4"
}

# film FILE STILL MINUTES [STILL MINUTES]...  The minutes one after the other, copied and not encoded anew: an hour costs as little as a minute.
film() {
  local file=$1 list=$demo/list i
  shift
  : >"$list"
  while [ $# -gt 0 ]; do
    minute "$1"
    for ((i = 0; i < $2; i++)); do printf "file '%s'\n" "$demo/minute-$1.mp4" >>"$list"; done
    shift 2
  done
  case $file in
    *.m4a) ffmpeg -nostdin -v fatal -y -f concat -safe 0 -i "$list" -vn -c copy "$file" ;;
    *) ffmpeg -nostdin -v fatal -y -f concat -safe 0 -i "$list" -i "$demo/chapters" -map_metadata 1 -c copy "$file" ;;
  esac
}

# api METHOD PATH [curl's arguments]  With the demo member's token, which stands in a file and in no argument.
api() {
  local method=$1 path=$2
  shift 2
  curl -fsS -K "$demo/token" -X "$method" "$address$path" "$@"
}

# upload FILE PERCENT KEY VALUE...  By tus, so much of the file, with this metadata; sets $recording.
upload() {
  local file=$1 percent=$2 size part location metadata=''
  size=$(stat -c %s "$file") part=$demo/part
  shift 2
  while [ $# -gt 0 ]; do
    metadata+="${metadata:+,}$1 $(base64_of "$2")"
    shift 2
  done
  head -c $((size * percent / 100)) "$file" >"$part"
  api POST /api/v1/uploads -o /dev/null -D "$demo/headers" -H 'Tus-Resumable: 1.0.0' -H "Upload-Length: $size" -H "Upload-Metadata: $metadata"
  location=$(tr -d '\r' <"$demo/headers" | sed -n 's/^[Ll]ocation: //p' | sed 's#^[a-z]*://[^/]*##')
  api PATCH "$location" -o /dev/null -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' -H 'Content-Type: application/offset+octet-stream' --data-binary "@$part"
  recording=$(tr -d '\r' <"$demo/headers" | sed -n 's#^[Vv]ault-[Rr]ecording: .*/##p')
}

# once STEP COMMAND...  Each step that is done leaves its word, with its recording, beside the vault's data: what was broken off is completed by the next start.
once() {
  local step=$1
  shift
  if [ ! -e "$steps/$step" ]; then
    recording=''
    "$@"
    printf %s "$recording" >"$steps/$step"
  fi
  recording=$(cat "$steps/$step")
}

# meeting NAME PERCENT TITLE WHEN PEOPLE LABEL STILL MINUTES...  PEOPLE: names with commas between.
meeting() {
  local name=$1 percent=$2 title=$3 when=$4 people=$5 label=$6 file
  shift 6
  file=$demo/$name
  film "$file" "$@"
  upload "$file" "$percent" filename "$name" title "$title" recordedAt "$(at "$when")" label "$label" \
    participants "$(node -e 'process.stdout.write(JSON.stringify(process.argv[1].split(", ").map(name => ({ name }))))' "$people")"
  rm "$file"
}

# say_so  Captions beside the film of $review.
say_so() {
  upload "$root/infra/demo/review.vtt" 100 filename review.vtt recording "$review" role captions
}

# shared RECORDING NAME DAYS [PASSCODE]  Makes a link; sets $link.
shared() {
  local body
  body=$(node -e 'const [name, until, passcode] = process.argv.slice(1); process.stdout.write(JSON.stringify({ recipientName: name, expiresAt: until, ...(passcode ? { passcode } : {}) }))' \
    "$2" "$(at "$3 days")" "${4:-}")
  link=$(api POST "/api/v1/recordings/$1/shares" -H 'Content-Type: application/json' --data-binary "$body" | json url)
}

# watched MINUTES RANGES [PASSCODE]  What a guest's browser does with $link: shows the page, proves the secret, fetches, says what it played.
watched() {
  local path page token
  path=$(sed 's#^[a-z]*://[^/]*##; s/#.*//' <<<"$link")
  rm -f "$demo/cookies"
  local visitor=(curl -sS -b "$demo/cookies" -c "$demo/cookies" -H 'Sec-Fetch-Site: same-origin' -A 'RecordingVault demo')
  page=$("${visitor[@]}" -f "$address$path")
  token=$(sed -n 's/.*name="vault-antiforgery" content="\([^"]*\)".*/\1/p' <<<"$page")
  printf '{"secret":"%s"%s}' "${link#*#}" "${3:+,\"passcode\":\"$3\"}" |
    "${visitor[@]}" -o /dev/null -X POST "$address$path/open" -H "RequestVerificationToken: $token" -H 'Content-Type: application/json' --data-binary @-
  [ -n "$2" ] || return 0
  "${visitor[@]}" -f -o /dev/null -r 0-65535 "$address$path/content"
  "${visitor[@]}" -f -X POST "$address$path/played" -H "RequestVerificationToken: $token" -H 'Content-Type: application/json' \
    --data-binary "{\"ranges\":$2,\"duration\":$(($1 * 60))}"
}

links_of_review() {
  shared "$review" 'Anna Lindqvist' 10
  watched 48 '[[70,2650]]'
  watched 48 '[[380,900],[1180,1300],[1900,2200]]'
  watched 48 '[[520,700]]'
  shared "$review" 'Sam Whitfield' 14 otter-lamp-42
  watched 48 '' a-guess
  watched 48 '[[0,1020]]' otter-lamp-42
}

links_of_others() {
  shared "$coaching" 'Tomasz Wilk' 9
  watched 52 '[[0,2880]]'
  shared "$onboarding" 'Claire Dubois' 2
  shared "$team" 'Jonas Weber' 20
  watched 62 '[[0,3720]]'
  shared "$team" 'Priya Raman' 20
  watched 62 '[[600,1500],[2400,3000]]'
  shared "$goals" 'Anna Lindqvist' 12
  watched 38 '[[0,2280]]'
}

make_member() {
  local password
  # A start that was broken off between a step and its word has made the tenant: then the next line says all that is wrong.
  verb tenant create "$demo_tenant" >/dev/null 2>"$demo/refused" || grep -q 'already' "$demo/refused"
  if password=$(verb member create --email "$demo_mail" --tenant "$demo_tenant" --role Owner --name 'Helen Marsh' 2>"$demo/refused" | tail -1); then
    say "The demo's member: sign in at $address/signin as $demo_mail with the password $password (it asks for your own)."
  else
    grep 'already' "$demo/refused"
  fi
}

make_demo() {
  local review coaching onboarding team goals
  mkdir -p "$steps"
  once member make_member
  printf 'header = "Authorization: Bearer %s"\n' "$(verb token create --member "$demo_mail" --tenant "$demo_tenant" --name demo --days 1 | tail -1)" >"$demo/token"
  say 'Making the recordings of the demo; the vault can be used meanwhile …'

  printf ';FFMETADATA1\n' >"$demo/chapters"
  once goals meeting goals.mp4 100 'Goals for the spring' '24 days ago 14:00' 'Helen Marsh, Anna Lindqvist, Ben Okafor' confidential slide 38
  goals=$recording
  once notes meeting notes.mp4 100 'Voice notes, Sam Whitfield' '22 days ago 18:20' 'Sam Whitfield' internal solo 9
  once coaching5 meeting coaching-5.mp4 100 'Coaching session 5' '17 days ago 16:00' 'Priya Raman, Helen Marsh' confidential priya 50
  once team meeting team.mp4 100 'Team retrospective' '15 days ago 11:00' 'Jonas Weber, Priya Raman, Mei Tan, Tomasz Wilk' internal team 62
  team=$recording
  once phone meeting phone.m4a 100 'Phone call with Priya' '10 days ago 09:15' 'Priya Raman, Helen Marsh' confidential priya 22
  once interview meeting interview.mp4 100 'Interview Keller, second part' '9 days ago 10:30' 'Marta Keller, Sam Whitfield' restricted interview 84
  once onboarding meeting onboarding.mp4 100 'Onboarding call, Dubois & Weber' 'yesterday 09:30' 'Jonas Weber, Claire Dubois' confidential onboarding 31
  onboarding=$recording
  once coaching meeting coaching-6.mp4 100 'Coaching session 6' 'yesterday 16:00' 'Tomasz Wilk, Helen Marsh' confidential tomasz 52
  coaching=$recording
  cp "$root/infra/demo/review.chapters" "$demo/chapters"
  once review meeting review.mp4 100 'Quarterly review with Anna' 'today 08:00' 'Anna Lindqvist, Ben Okafor, Helen Marsh' confidential speaker 18 slide 8 ben 10 speaker 12
  review=$recording
  once captions say_so
  printf ';FFMETADATA1\n' >"$demo/chapters"
  once workshop meeting workshop.mp4 62 'Process workshop, part 2' 'today 09:00' 'Helen Marsh, Jonas Weber' confidential workshop 45
  once links links_of_others
  once review-links links_of_review
  shared "$review" 'Claire Dubois' 14
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
