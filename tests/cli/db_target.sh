#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where the database is looked for, and what is said when it can't be reached.
. "$(dirname "$0")/../lib/tap.sh"
export HEADROOM_CONFIG=$work/headroom.conf

# ---- unreachable ----

gone="host=$work/no-such-folder dbname=ledger"
exits 6 headroom status --db "$gone"
like "$err" 'given by --db' 'the message says where the database was named'
HEADROOM_DB=$gone exits 6 headroom status
like "$err" 'given by HEADROOM_DB' 'in the environment'
printf '# where\n  db  =  %s  \r\n\n' "$gone" >"$HEADROOM_CONFIG"
exits 6 headroom status
like "$err" "given by $HEADROOM_CONFIG" 'in the file'
HEADROOM_DB="$gone" exits 6 headroom status --db "host=$work/option"
like "$err" "$work/option" 'the option is before the environment'
HEADROOM_DB="host=$work/environment" exits 6 headroom status
like "$err" "$work/environment" 'the environment is before the file'
HEADROOM_DB='' exits 6 headroom status
like "$err" "given by $HEADROOM_CONFIG" 'an empty HEADROOM_DB is none'
mkdir "$work/folder.conf"
HEADROOM_CONFIG=$work/folder.conf exits 6 headroom status
like "$err" 'folder.conf' 'a file that cannot be read is told'
HEADROOM_CONFIG=$work/none.conf exits 6 headroom status
like "$err" 'none.conf' 'a file that was named and is not there leads to no other ledger'
printf '# a slip\ndbb = host=x\n' >"$HEADROOM_CONFIG"
exits 6 headroom status
like "$err" 'line 2' 'nor does a slip in its name'
echo '#db = x' >"$HEADROOM_CONFIG"
exits 6 headroom status
like "$err" "no private cluster in $HEADROOM_HOME" 'without any: the private cluster'
HEADROOM_HOME=relative/home exits 6 headroom status
like "$err" "$PWD/relative/home" 'a relative home is named whole'
env -u HEADROOM_HOME XDG_DATA_HOME="$work/xdg" HOME="$work" "$program" status 2>"$work/log"
if [ "$(id -u)" -eq 0 ]; then place=/var/lib/headroom; else place=$work/xdg/headroom; fi
like "$(cat "$work/log")" "$place" 'the default home'

# ---- init and db do not make or run a database that is somebody else's ----

exits 6 headroom init --db "$gone"
ok 'init makes no private cluster where a database is named' test ! -e "$HEADROOM_HOME"
for command in start stop status; do
    exits 1 headroom db $command --db "$gone"
    like "$err" '--db names a database' "db $command is for the private cluster"
done

# ---- a password is never printed ----

# A server that listens nowhere: port 1 of an address of no host answers with a refusal or not at all.
secret=s3cr3t
for conninfo in "host=127.0.0.1 port=1 user=u password=$secret dbname=d connect_timeout=1" \
    "postgresql://u:$secret@127.0.0.1:1/d?connect_timeout=1" \
    "postgresql://u:half@$secret@127.0.0.1:1/d?connect_timeout=1" \
    "postgresql://u:half/$secret@127.0.0.1:1/d" \
    "postgresql://u:$secret%zz@127.0.0.1:1/d" \
    "host=127.0.0.1 password=half $secret port=1" \
    "host=127.0.0.1 password='$secret"; do
    exits 6 headroom status -v --db "$conninfo"
    unlike "$out$err" "$secret" 'no password in the message'
    like "$err" 'given by --db' 'but where it was given'
done
