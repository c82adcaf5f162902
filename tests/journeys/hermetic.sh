#!/usr/bin/env bash
# hermetic.sh [--sound] COMMAND…: runs a command with a screen, a session bus and folders of its own, whatever the machine
# has or lacks. With --sound also a sound server with a loudspeaker "speaker" and a microphone "microphone", which hears
# what is played into the sink "into-microphone". HERMETIC_DIR is the private folder; the screen's pixels are in
# $HERMETIC_DIR/screen/Xvfb_screen0 (an X window dump).
set -u
sound=
[ "${1:-}" = --sound ] && { sound=yes; shift; }
folder=$(mktemp -d /tmp/melograph-journey.XXXXXX)
mkdir -m 700 "$folder/run" "$folder/home" "$folder/screen"
children=()
clean_up() {
  local child
  for child in "${children[@]}"; do
    kill "$child"
    wait "$child"
  done 2>/dev/null
  rm -rf "$folder"
}
trap clean_up EXIT

# The server picks a free display itself: choosing a number first races with others that do the same.
mkfifo "$folder/display"
Xvfb -displayfd 3 -screen 0 "${HERMETIC_SCREEN:-1600x1000}x24" -fbdir "$folder/screen" -nolisten tcp -noreset \
  3>"$folder/display" >"$folder/xvfb.log" 2>&1 &
children+=($!)
read -r -t 60 display <"$folder/display" || { cat "$folder/xvfb.log" >&2; exit 99; }

# Under sanitizers: GTK and what it loads are built without frame pointers, so that a leak of theirs has no stack to tell it
# from ours by.
[ -z "${ASAN_OPTIONS:-}" ] || export ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0

variables=(PATH="$PATH" HOME="$folder/home" USER="${USER:-user}" LANG="${HERMETIC_LANG:-C.UTF-8}" LANGUAGE="${LANGUAGE:-}"
  XDG_RUNTIME_DIR="$folder/run" XDG_CONFIG_HOME="$folder/home/.config" XDG_CACHE_HOME="$folder/home/.cache"
  XDG_DATA_HOME="$folder/home/.local/share" HERMETIC_DIR="$folder" DISPLAY=":$display" GDK_BACKEND=x11
  GSK_RENDERER=cairo GTK_A11Y=atspi GSETTINGS_BACKEND=memory LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=0 PYTHONDONTWRITEBYTECODE=1)
while IFS= read -r name; do
  variables+=("$name=${!name}")
done < <(compgen -e | grep -E '^(MELOGRAPH_|G_DEBUG$|G_MESSAGES_DEBUG$|JOURNEY_|ASAN_|UBSAN_|LSAN_|LD_PRELOAD$|ADW_DEBUG)')

if [ -n "$sound" ]; then
  printf 'pcm.!default { type pulse }\nctl.!default { type pulse }\n' >"$folder/home/.asoundrc"
  pulse="$folder/run/native"
  variables+=(PULSE_SERVER="unix:$pulse" PULSE_RUNTIME_PATH="$folder/run")
  HOME="$folder/home" XDG_RUNTIME_DIR="$folder/run" PULSE_RUNTIME_PATH="$folder/run" PULSE_SERVER="unix:$pulse" \
    pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --log-target=stderr \
    -L "module-native-protocol-unix auth-anonymous=1 socket=$pulse" \
    -L "module-null-sink sink_name=speaker rate=48000 channels=2" \
    -L "module-null-sink sink_name=into-microphone rate=48000 channels=1" \
    -L "module-remap-source source_name=microphone master=into-microphone.monitor" >"$folder/pulse.log" 2>&1 &
  children+=($!)
  for ((i = 0; i < 300; i++)); do
    PULSE_SERVER="unix:$pulse" pactl info >/dev/null 2>&1 && break
    sleep 0.1
  done
  PULSE_SERVER="unix:$pulse" pactl set-default-sink speaker || { cat "$folder/pulse.log" >&2; exit 99; }
  PULSE_SERVER="unix:$pulse" pactl set-default-source microphone
fi

# The bus and what it starts talk on stderr; stdout is the command's alone.
# shellcheck disable=SC2016
env -i "${variables[@]}" dbus-run-session -- bash -c 'exec "$@" >&4 4>&-' bash "$@" 4>&1 >&2
