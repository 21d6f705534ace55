# Completes `ringproof`: commands, the options of each, and file names; all of it as --help tells.
_ringproof() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} program=${COMP_WORDS[0]} i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; ++i)); do
    [ "${COMP_WORDS[i]}" = -- ] && return  # what follows is the application's
  done
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "--help --version $("$program" --help 2>/dev/null |
      awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }')" -- "$word")
  elif [ "$before" = --app ]; then
    local apps
    apps=$(dirname "$(command -v "$program" 2>/dev/null)")/../lib/ringproof/apps
    mapfile -t COMPREPLY < <(compgen -W "$(cd "$apps" 2>/dev/null && ls -- *.so 2>/dev/null | sed 's/\.so$//')" -- "$word"
      compgen -f -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "-- $("$program" "${COMP_WORDS[1]}" --help 2>/dev/null |
      grep -oE '^  (-[a-z]|--[a-z-]+)(,--[a-z-]+)?' | tr , ' ')" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -o filenames -F _ringproof ringproof
