#!/bin/sh
# Install the real servers the tests talk to, without starting any of them as a service.
set -u
missing=""
for pair in knotd:knot nginx:nginx-light gnome-keyring-daemon:gnome-keyring dbus-run-session:dbus \
            redis-server:redis-server git:git tmux:tmux bash:bash; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
# Its programs lie outside every PATH, below the version's number.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

root=""
if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then root="sudo -n"; else
        echo "Not installed (no root):$missing. Their tests are skipped, each with its reason." >&2
        exit 0
    fi
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed (no apt-get):$missing. Their tests are skipped, each with its reason." >&2
    exit 0
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $root tee "$policy" >/dev/null && $root chmod +x "$policy"
    trap '$root rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
{ $root apt-get update -qq && $root apt-get install -y -qq --no-install-recommends $missing; } >/tmp/launchready-servers.log 2>&1 \
    || echo "Could not install:$missing (see /tmp/launchready-servers.log). Their tests are skipped." >&2
exit 0
