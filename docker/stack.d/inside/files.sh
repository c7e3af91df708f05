# Files of the services, written inside a container as root (common.sh: as_root). Sourced.
# shellcheck shell=bash
umask 077

rows() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "/stack.d/$1.list"; }

user_of() { # FOLDER
  local uid
  uid=$(rows users | awk -v folder="$1" '$1 == folder { print $2 }')
  [[ $uid ]] || {
    printf 'users.list does not say whose the folder %s is\n' "$1" >&2
    exit 1
  }
  printf '%s' "$uid"
}

put() { # FILE UID: what comes on standard input, at one stroke; says whether that changed anything
  local file=$1 uid=$2 draft
  draft=$(dirname "$file")/.draft-$$
  cat >"$draft"
  if [[ -f $file ]] && cmp -s "$draft" "$file" && [[ $(stat -c %u "$file") == "$uid" ]]; then
    rm -f "$draft"
    return 1
  fi
  chown "$uid:$uid" "$draft"
  chmod 0400 "$draft"
  sync "$draft"
  mv "$draft" "$file"
}

# Folders of secrets belong to whoever runs `stack`, so that it can see what is missing; those of
# certificates to the service, which is given the folder itself.
secret_folder() { # FOLDER
  mkdir -p "/state/secrets/$1"
  chown --reference=/state "/state/secrets" "/state/secrets/$1"
  chmod 0700 "/state/secrets" "/state/secrets/$1"
}
