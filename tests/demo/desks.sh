# Functions of the demonstration: the daemon, the desks and what they send. Sourced by run, which sets
#   programs   directory of the build
#   D          the demonstration's directory
# shellcheck shell=bash disable=SC2034,SC2154

matriculad=$programs/daemon/matriculad
matricula=$programs/client/cli/matricula

say() {
	printf '\n%3d s  %s\n' $((SECONDS - began)) "$*"
}

give_up() {
	printf '\nThe demo stops: %s\n' "$*" >&2
	exit 1
}

# start_daemon: starts it and waits until it has published its address, or ended.
start_daemon() {
	"$matriculad" --config "$D/server.conf" >>"$D/server.log" 2>&1 &
	daemon=$!
	until [ -s "$D/data/endpoint" ]; do
		kill -0 "$daemon" 2>/dev/null || { cat "$D/server.log" >&2; give_up 'the daemon ended'; }
		sleep 0.02
	done
	endpoint=$(<"$D/data/endpoint")
}

stop_daemon() {
	[ -n "${daemon:-}" ] || return 0
	kill -TERM "$daemon" 2>/dev/null || true
	wait "$daemon" || true
	daemon=
}

# make_desk NAME: a directory with settings, key and outbox, as it would be on that desk's own machine.
make_desk() {
	local desk=$D/desks/$1
	mkdir -p "$desk"
	cat >"$desk/client.ini" <<-END
		[server]
		endpoint = $endpoint
		key = $server_key

		[client]
		key_file = $desk/client.key
		state_directory = $desk/state
		language = vi
	END
}

# desk NAME COMMAND...: what somebody types at that desk.
desk() {
	"$matricula" --config "$D/desks/$1/client.ini" "${@:2}"
}

public_key() {
	sed -n 's/^public-key = //p' "$D/desks/$1/client.key"
}

# play NAME FILE: the command lines of a file, at that desk.
play() {
	local words
	while IFS=$'\x1f' read -r -a words; do
		desk "$1" --quiet --output json "${words[@]}" </dev/null >>"$D/answers/$1.commands" ||
			give_up "$1: ${words[*]}"
	done <"$2"
}

# everywhere FUNCTION NAMES...: the function once for each name, all at the same time; fails if one of them does.
everywhere() {
	local function=$1 name failed=0 workers=()
	shift
	for name in "$@"; do
		"$function" "$name" &
		workers+=($!)
	done
	for name in "${workers[@]}"; do
		wait "$name" || failed=1
	done
	return $failed
}

# rows FILE: how many objects a JSON answer lists, one a line.
rows() {
	grep -c '^{' "$1" || true
}

# values KEY: the numbers under that key, from a JSON list on standard input.
values() {
	sed -nE 's/.*"'"$1"'": ?([0-9]+).*/\1/p'
}
