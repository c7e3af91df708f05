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

same() { # NEW FILE UID
  [[ -f $2 ]] && cmp -s "$1" "$2" && [[ $(stat -c %u "$2") == "$3" ]]
}

# What is in SOURCE, or comes on standard input, into FILE at one stroke: whole, or not at all.
# 0: that changed it. 1: it was so already. 4: it could not be written (no room, nothing to read, nothing in
# it); then FILE is as it was. Who does not care whether it changed calls `place`.
put() { # FILE UID [SOURCE]
  local file=$1 uid=$2 source=${3:--} folder draft
  folder=$(dirname "$file")
  draft=$(mktemp "$folder/.draft-XXXXXX") || {
    printf 'no draft of %s could be begun\n' "$file" >&2
    return 4
  }
  if ! cat -- "$source" >"$draft" || [[ ! -s $draft ]]; then
    rm -f "$draft"
    printf '%s stays as it was: what was to be written could not be read or written, or is empty\n' "$file" >&2
    return 4
  fi
  if same "$draft" "$file" "$uid"; then
    rm -f "$draft"
    return 1
  fi
  if ! { chown "$uid:$uid" "$draft" && chmod 0400 "$draft" && sync "$draft" && mv -T "$draft" "$file"; }; then
    rm -f "$draft"
    printf '%s stays as it was: its draft could not be put in place\n' "$file" >&2
    return 4
  fi
  sync "$folder" || return 4
}

place() { # as `put`; fails only when it could not be written
  local code=0
  put "$@" || code=$?
  ((code <= 1)) || return "$code"
}

# What an interrupted run has left behind. Nobody else is at work: commands of the stack take turns.
no_drafts() { # FOLDER
  [[ ! -d $1 ]] || find "$1" -name '.draft-*' -type f -delete
}

# A folder of the state that is for whoever runs `stack`.
own_folder() { # PATH
  mkdir -p "$1"
  chown --reference=/state "$1"
  chmod 0700 "$1"
}

owner() { stat -c %u /state; }

# Folders of secrets belong to whoever runs `stack`, so that it can see what is missing; those of
# certificates to the service, which is given the folder itself.
secret_folder() { # FOLDER
  own_folder /state/secrets
  own_folder "/state/secrets/$1"
}
