# The vault's bucket for rclone, as the remote "vault:", from the vault's own settings. To be sourced.
# shellcheck shell=bash

# Stops where a setting or rclone is missing; sets $bucket and $key_bucket. Secrets go by the environment and stand in no argument.
need_bucket() {
  local name
  has rclone || stop 3 "rclone is missing: sudo apt-get install -y rclone"
  for name in Endpoint Bucket AccessKey SecretKey; do
    local setting=Vault__Storage__S3__$name
    [ -n "${!setting:-}" ] || stop 2 "$setting is not set: give the vault's own settings of its bucket."
  done
  # shellcheck disable=SC2034 # used by the scripts that source this
  bucket=${Vault__Storage__S3__Bucket:-} key_bucket=${Vault__Storage__KeyBucket:-${Vault__Storage__S3__Bucket:-}}
  local scheme=https
  [ "${Vault__Storage__S3__UseTls:-true}" != false ] || scheme=http
  export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_VAULT_TYPE=s3 RCLONE_CONFIG_VAULT_PROVIDER=Other RCLONE_CONFIG_VAULT_NO_CHECK_BUCKET=true
  export RCLONE_CONFIG_VAULT_ENDPOINT=$scheme://${Vault__Storage__S3__Endpoint:-} RCLONE_CONFIG_VAULT_REGION=${Vault__Storage__S3__Region:-}
  export RCLONE_CONFIG_VAULT_ACCESS_KEY_ID=${Vault__Storage__S3__AccessKey:-} RCLONE_CONFIG_VAULT_SECRET_ACCESS_KEY=${Vault__Storage__S3__SecretKey:-}
  # rclone takes an authority of one's own by a name of its own, and stops at the one that other programs take.
  if [ -n "${AWS_CA_BUNDLE:-}" ]; then export RCLONE_CA_CERT=$AWS_CA_BUNDLE; unset AWS_CA_BUNDLE; fi
  # A proxy of the machine has nothing to do between it and its store, and times of files are not kept: objects have none that matter.
  export RCLONE_NO_UPDATE_MODTIME=true RCLONE_USE_SERVER_MODTIME=true
}
