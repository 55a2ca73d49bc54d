# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The event endpoint, for real, on the loopback address: ended by its pid.
#
#   . "$(dirname "$0")/../lib/serve.sh"      after tap.sh, which ends it
#   serve_start [OPTION…]                    headroom serve; $serve_url, $serve_pid; what it says is in $work/serve.log
#   serve_key NAME [OPTION…]                 makes a key; it is in $key, for post
#   post TYPE BODY|@FILE [CURL-OPTION…]      sends events: $status, $headers, $body (curl's --data-binary)
#   npm_sdk                                  sets $sdk, see below
#   serve_stop SIGNAL                        ends it and gives its exit code
# shellcheck disable=SC2154 # program, work: of tap.sh

serve_pid='' serve_url='' serve_port='' serve_host=127.0.0.1
# shellcheck disable=SC2034 # read by the tests
status='' headers='' body='' key='' sdk=''

serve_end() { kill -KILL "$1" 2>/dev/null || :; }

serve_waits() { curl -s -o /dev/null "${serve_curl[@]}" "$serve_url/healthz"; }

serve_curl=()
serve_start() {
    local try scheme=http
    case " $* " in *' --tls-cert '*) scheme=https ;; esac
    for ((try = 0; try < 20; try++)); do
        port_free serve_port
        serve_url=$scheme://$serve_host:$serve_port
        "$program" serve --listen "127.0.0.1:$serve_port" "$@" >>"$work/serve.log" 2>&1 &
        serve_pid=$!
        if until_up "$serve_pid" serve_waits; then at_exit serve_end "$serve_pid"; return 0; fi
        grep -q 'is in use' "$work/serve.log" || break
    done
    cat "$work/serve.log" >&2
    return 1
}

serve_has_ledger() { [ "$(curl -s -o /dev/null -w '%{http_code}' "${serve_curl[@]}" "$serve_url/readyz")" = 200 ]; }
serve_ready() { within 60 serve_has_ledger; }

npm_sdk() { # sets $sdk: the folder where npm has put a CloudEvents SDK, and ajv with it; empty where it can't
    sdk=$build/npm
    [ -d "$sdk/node_modules/cloudevents" ] || timeout 60 npm install --silent --no-audit --no-fund --prefix "$sdk" \
        cloudevents@10 >"$work/.npm" 2>&1 || sdk=
}

serve_stop() { # SIGNAL
    kill "-$1" "$serve_pid"
    wait "$serve_pid"
}

serve_key() { key=$(headroom key add "$@" 2>>"$work/serve.log"); }

post() { # TYPE BODY [CURL-OPTION…]
    local type=$1 data=$2
    shift 2
    # shellcheck disable=SC2034
    status=$(curl -s -o "$work/.body" -D "$work/.headers" -w '%{http_code}' "${serve_curl[@]}" \
        -H "Authorization: Bearer $key" -H "Content-Type: $type" --data-binary "$data" "$@" "$serve_url/v1/events")
    # shellcheck disable=SC2034
    body=$(cat "$work/.body") headers=$(tr -d '\r' <"$work/.headers")
}
