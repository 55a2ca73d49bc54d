# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Throw-away web servers: a real nginx and a real Apache with a configuration of their own, on the loopback address, as an
# unprivileged user, ended by their pids. What is installed and configured on the machine is neither read nor touched.
#
#   . "$(dirname "$0")/../lib/web.sh"      after tap.sh, which ends them
#   nginx_start FOLDER <<'END'             the inside of http { }; @FOLDER@ and @PORT@ are filled in; FOLDER/error.log
#   apache_start FOLDER <<'END'            the same for Apache, whose modules the text names
#   web_url                                http://127.0.0.1:PORT of the server that was started last

web_port=
web_user=nobody

web_as() {
    if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
    (cd / && exec setpriv --reuid="$web_user" --regid="$(id -g "$web_user")" --clear-groups -- "$@")
}

web_url() { printf 'http://127.0.0.1:%s' "$web_port"; }

web_find() { # PROGRAM
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" && return
    echo "no $1: run ./scripts/bootstrap --test" >&2
    return 1
}

web_stop() { # PID-FILE
    local pid
    [ -s "$1" ] || return 0
    pid=$(cat "$1")
    kill -TERM "$pid" 2>/dev/null || return 0
    within 5 not runs "$pid" || kill -KILL "$pid" 2>/dev/null
}

# Starts a server, which goes to the background by itself. Where another was quicker to take its port, the next try has
# another one.
web_start() { # FOLDER CONFIGURATION-MAKER COMMAND…
    local folder=$1 make=$2 text try
    shift 2
    text=$(cat)
    mkdir -p "$folder"
    [ "$(id -u)" -ne 0 ] || chown "$web_user" "$folder"
    at_exit web_stop "$folder/pid"
    for ((try = 0; try < 20; try++)); do
        port_free web_port
        "$make" "$folder" <<<"$text" | sed "s|@FOLDER@|$folder|g; s|@PORT@|$web_port|g" >"$folder/conf"
        if ! web_as "$@" >"$folder/start.log" 2>&1; then
            grep -qis 'address already in use' "$folder/start.log" "$folder/error.log" && continue
            break
        fi
        within 10 port_listens "$web_port" && return
        break
    done
    cat "$folder/start.log" "$folder/error.log" >&2
    return 1
}

nginx_configuration() { # FOLDER
    cat <<END
pid $1/pid; error_log $1/error.log; worker_processes 1; daemon on;
events { worker_connections 64; }
http {
access_log off;
client_body_temp_path $1/body; proxy_temp_path $1/proxy; fastcgi_temp_path $1/fastcgi;
uwsgi_temp_path $1/uwsgi; scgi_temp_path $1/scgi;
$(cat)
}
END
}

nginx_start() { # FOLDER
    local nginx
    nginx=$(web_find nginx) || return 1
    web_start "$1" nginx_configuration "$nginx" -q -e "$1/error.log" -p "$1" -c "$1/conf"
}

apache_configuration() { # FOLDER
    cat <<END
ServerRoot $1
ServerName 127.0.0.1
DefaultRuntimeDir $1
PidFile $1/pid
Mutex file:$1
ErrorLog $1/error.log
StartServers 1
ServerLimit 1
Listen 127.0.0.1:@PORT@
$(cat)
END
}

apache_start() { # FOLDER
    local apache
    apache=$(web_find apache2) || return 1
    web_start "$1" apache_configuration "$apache" -d "$1" -f "$1/conf" -k start
}
