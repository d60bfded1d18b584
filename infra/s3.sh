#!/usr/bin/env bash
# A real S3 server on loopback for tests, benchmarks and trying out: Ceph's RADOS gateway on one monitor and one OSD, without containers or services.
#
#   infra/s3.sh up FOLDER [memory|file]   starts it (in memory by default; `file` keeps objects in FOLDER over restarts) and prints its settings
#   infra/s3.sh bucket FOLDER NAME        makes a bucket in it
#   infra/s3.sh put FOLDER BUCKET/KEY FILE  puts a file into it as it is, past any vault
#   infra/s3.sh gateway-kill FOLDER       kills the S3 front as a crash would (SIGKILL); objects stay
#   infra/s3.sh gateway-start FOLDER      brings it back
#   infra/s3.sh down FOLDER [--keep]      stops all of it and, without --keep, deletes the folder
#
# It asks for no password between its own parts: for loopback only. Ports: S3_PORT (17480), and above S3_CLUSTER_PORT (16789) for its own parts.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly user_key=vaultaccess user_secret=vaultsecretvaultsecret
verb=${1:-} folder=${2:-}
[ -n "$folder" ] || stop 2 "usage: infra/s3.sh up|bucket|put|gateway-kill|gateway-start|down FOLDER"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
# Emptied and deleted below: only what this script made.
[ -z "$(ls -A "$folder")" ] || [ -f "$folder/ceph.conf" ] || stop 2 "$folder holds something else: name an empty or a new folder."
export CEPH_CONF=$folder/ceph.conf

# A killed daemon may stay as a zombie until its parent looks: its command line is empty then. The name guards against a number that was given again.
alive() {
  [ -f "$folder/$1.pid" ] && { tr '\0' ' ' <"/proc/$(cat "$folder/$1.pid")/cmdline"; } 2>/dev/null | grep -qE '^(radosgw|ceph-(mon|osd)) '
}

begin() {
  local part=$1
  shift
  alive "$part" && return
  setsid "$@" >"$folder/$part.out" 2>&1 </dev/null &
  echo $! >"$folder/$part.pid"
}

# end PART SIGNAL
end() {
  alive "$1" || { rm -f "$folder/$1.pid"; return 0; }
  local number left=100
  number=$(cat "$folder/$1.pid")
  kill "-$2" "$number"
  while alive "$1" && [ $((left--)) -gt 0 ]; do sleep 0.1; done
  ! alive "$1" || kill -KILL "$number"
  rm -f "$folder/$1.pid"
}

# until_true SECONDS COMMAND...
until_true() {
  local left=$(($1 * 10))
  shift
  while ! "$@" >/dev/null 2>&1; do
    [ $((left--)) -gt 0 ] || return 1
    sleep 0.1
  done
}

port() { sed -n 's/.*endpoint=127.0.0.1://p' "$CEPH_CONF"; }
answers() { curl -fsS -m 2 -o /dev/null "http://127.0.0.1:$(port)/"; }
osd_is_up() { ceph osd stat 2>/dev/null | grep -q '1 up'; }

# Why each of the odd ones: crc, since the gateway insists on encryption where no keys are used; paxos, pg and pool lines make a start take seconds
# instead of a minute; gc, since a full store makes writers wait without a word, and garbage is collected hourly otherwise.
configure() {
  local store=memstore
  [ "$1" = file ] && store=bluestore
  mkdir -p "$folder"/{mon,osd,rgw,run,log}
  cat >"$CEPH_CONF" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:${S3_CLUSTER_PORT:-16789}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
run dir = $folder/run
log file = $folder/log/\$name.log
admin socket = $folder/run/\$name.\$pid.asok
crash dir = $folder/run
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 2
mon warn on insecure global id reclaim allowed = false
osd objectstore = $store
osd heartbeat grace = 60
paxos propose interval = 0.05
paxos min wait = 0.01
[mon]
mon data = $folder/mon
mon cluster log file = $folder/log/cluster.log
[osd]
osd data = $folder/osd
osd class update on start = false
osd crush update on start = true
osd memory target = 1073741824
osd max object name len = 2048
osd scrub begin hour = 0
osd_mclock_skip_benchmark = true
bluestore block create = true
bluestore block size = ${S3_SIZE_BYTES:-25769803776}
bluestore block db create = false
bluestore fsck on mount = false
bdev enable discard = false
memstore device bytes = ${S3_SIZE_BYTES:-25769803776}
[client]
rgw data = $folder/rgw
rgw frontends = beast endpoint=127.0.0.1:${S3_PORT:-17480}
rgw run sync thread = false
rgw enable usage log = false
rgw lc debug interval = -1
rgw gc obj min wait = 5
rgw gc processor period = 15
rgw gc processor max time = 15
rgw thread pool size = 64
rgw dns name = localhost
CONF
  monmaptool --create --clobber --fsid "$(sed -n 's/^fsid = //p' "$CEPH_CONF")" --addv a "[v2:127.0.0.1:${S3_CLUSTER_PORT:-16789}]" "$folder/monmap" >/dev/null
  ceph-mon --mkfs -i a --monmap "$folder/monmap" >"$folder/mon.mkfs" 2>&1
}

start_gateway() {
  begin rgw radosgw -n client.rgw -f
  until_true 60 answers || { cat "$folder/rgw.out" >&2; stop 1 "The S3 front does not answer; its log is $folder/log."; }
}

up() {
  local missing
  missing=$(missing_packages ceph-mon=ceph-mon ceph-osd=ceph-osd radosgw=radosgw ceph=ceph-common curl=curl)
  # shellcheck disable=SC2086 # a list of package names
  [ -z "$missing" ] || install_packages $missing || stop 3 "These packages are missing and could not be installed: $missing"
  # What lay in memory is gone with its process, and old state of it starts no gateway.
  if [ ! -f "$folder/ready" ] || { grep -q memstore "$CEPH_CONF" && ! alive osd; }; then
    for part in rgw osd mon; do end $part KILL; done
    rm -rf "${folder:?}"/*
    configure "${1:-memory}"
  fi
  begin mon ceph-mon -i a -f
  until_true 30 ceph --connect-timeout 5 mon stat || stop 1 "The monitor does not answer; its log is $folder/log."
  if [ ! -f "$folder/ready" ]; then
    local id
    id=$(cat /proc/sys/kernel/random/uuid)
    ceph osd new "$id" >/dev/null
    ceph-osd -i 0 --mkfs --osd-uuid "$id" >"$folder/osd.mkfs" 2>&1
  fi
  begin osd ceph-osd -i 0 -f
  until_true 60 osd_is_up || stop 1 "The OSD does not come up; its log is $folder/log."
  if [ ! -f "$folder/ready" ]; then
    radosgw-admin user create --uid=vault --display-name=vault --access-key="$user_key" --secret-key="$user_secret" >"$folder/user.json" 2>"$folder/user.err"
  fi
  start_gateway
  touch "$folder/ready"
  cat <<SETTINGS
Vault__Storage__Provider=s3
Vault__Storage__S3__Endpoint=127.0.0.1:$(port)
Vault__Storage__S3__UseTls=false
Vault__Storage__S3__Region=us-east-1
Vault__Storage__S3__AccessKey=$user_key
Vault__Storage__S3__SecretKey=$user_secret
SETTINGS
}

# put PATH [FILE]: a bucket, or a file as an object in it. By the old signature, which a shell can make.
put() {
  local now signature
  now=$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S +0000')
  signature=$(printf 'PUT\n\n\n%s\n/%s' "$now" "$1" | openssl dgst -sha1 -hmac "$user_secret" -binary | base64)
  curl -fsS -X PUT ${2:+-T "$2"} -H "Date: $now" -H "Authorization: AWS $user_key:$signature" "http://127.0.0.1:$(port)/$1"
}

case $verb in
  up) up "${3:-memory}" ;;
  bucket) put "${3:?the name of the bucket}" ;;
  put) put "${3:?bucket and name, as in vault/planted}" "${4:?a file}" ;;
  gateway-kill) end rgw KILL ;;
  gateway-start) start_gateway ;;
  down)
    keep=${3:-}
    for part in rgw osd mon; do end $part "$([ "$keep" = --keep ] && echo TERM || echo KILL)"; done
    [ "$keep" = --keep ] || rm -rf "$folder"
    ;;
  *) stop 2 "usage: infra/s3.sh up|bucket|put|gateway-kill|gateway-start|down FOLDER" ;;
esac
