#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What make makes again and when, with a compiler that only writes down what it was asked for.
. "$(dirname "$0")/../lib/tap.sh"
# An outer make hands down what it was told.
unset BUILD CC CFLAGS CPPFLAGS LDFLAGS PREFIX DESTDIR V

tree=$work/a\ tree
mkdir -p "$tree"
cp -r "$root/Makefile" "$root/scripts" "$root/src" "$root/include" "$root/sql" "$root/reports" "$tree/"
cat >"$work/cc" <<END
#!/bin/sh
# Makes what follows -o, and for an object the list of what it was made of. Writes its name down.
for argument; do source=\$argument; done
while [ \$# -gt 0 ] && [ "\$1" != -o ]; do shift; done
[ \$# -gt 0 ] || exit 0
printf '#!/bin/sh\n' >"\$2"
chmod +x "\$2"
echo "\$2" >>"$work/made"
case \$2 in *.o) echo "\$2: \$source include/headroom/base.h" >"\${2%.o}.d" ;; esac
END
chmod +x "$work/cc"
build() { rm -f "$work/made"; make -C "$tree" CC="$work/cc" "$@"; }
made() { sort "$work/made" 2>/dev/null | tr '\n' ' '; }
count() { wc -l 2>/dev/null <"$work/made" || echo 0; }

exits 0 build -j2
sources=$(find "$tree/src" -name '*.c' | wc -l)
is "$(count)" $((sources + 6 + 1)) 'the first build makes each object, six of embedded files, and the program'

exits 0 build
is "$(made)" '' 'nothing changed: nothing is made'
exits 0 build -q

touch "$tree/include/headroom/base.h"
exits 0 build
is "$(count)" $((sources + 6 + 1)) 'a changed header makes what includes it again'

touch "$tree/src/base/str.c"
exits 0 build
is "$(made)" 'build/headroom build/obj/base/str.o ' 'a changed source: its object and the program'

echo '-- changed' >>"$tree/sql/routines/10_calendar.sql"
exits 0 build
is "$(made)" 'build/gen/routines.o build/headroom ' 'a changed routine: the embedded routines and the program'

cp "$tree/sql/routines/10_calendar.sql" "$tree/sql/routines/99_more.sql"
exits 0 build
like "$(cat "$tree/build/gen/routines.c")" '"99_more"' 'a new file is embedded'
rm "$tree/sql/routines/99_more.sql"
exits 0 build
unlike "$(cat "$tree/build/gen/routines.c")" '99_more' 'a file that was taken away is not'
is "$(made)" 'build/gen/routines.o build/headroom ' 'and the program is made without it'

echo 'SELECT 1;' >"$tree/sql/statements/zz_more.sql"
exits 0 build
like "$(cat "$tree/build/gen/statements.h")" 'sql_zz_more;' 'a new statement has its symbol'
rm "$tree/sql/statements/zz_more.sql"
exits 0 build
unlike "$(cat "$tree/build/gen/statements.h")" 'zz_more' 'one that was taken away has none'

mkdir -p "$tree/reports/more"
printf '%s\n' '{"a": "b\"c\\d"}' >"$tree/reports/more/layout.json"
exits 0 build
like "$(cat "$tree/build/gen/reports.c")" '"more/layout.json"' 'a new report is embedded'
ok 'byte by byte' grep -qF '{\"a\": \"b\\\"c\\\\d\"}\n' "$tree/build/gen/reports.c"

echo 'int more;' >"$tree/src/cli/more.c"
exits 0 build
like "$(ar t "$tree/build/libheadroom.a")" 'more.o' 'a new source is in the library'
rm "$tree/src/cli/more.c"
exits 0 build
unlike "$(ar t "$tree/build/libheadroom.a")" 'more.o' 'one that was taken away is not'

exits 0 build CFLAGS='-O2 -g -DOTHER'
is "$(count)" $((sources + 6 + 1)) 'other flags make everything again'
exits 0 build CFLAGS='-O2 -g -DOTHER'
is "$(made)" '' 'once'

before=$(cd "$tree" && find . -path ./elsewhere -prune -o -newer build/headroom -type f -print)
exits 0 build BUILD=elsewhere
is "$(cd "$tree" && find . -path ./elsewhere -prune -o -newer build/headroom -type f -print)" "$before" \
    'another BUILD keeps everything in its folder'
ok 'the program is there' test -x "$tree/elsewhere/headroom"

exits 0 build install DESTDIR="$work/dest" PREFIX=/usr
is "$(cd "$work/dest/usr" && find . -type f | sort | tr '\n' ' ')" \
    "./bin/headroom $(cd "$tree/scripts/systemd" && printf './lib/systemd/system/%s ' headroom-*)$(
    printf './%s ' lib/sysusers.d/headroom.conf share/bash-completion/completions/headroom share/headroom/apache-headroom.conf \
        share/headroom/event.schema.json share/headroom/headroom.mjs share/headroom/headroom_requests.py share/headroom/make-ca share/headroom/nginx-headroom.conf share/man/man1/headroom.1)" \
    'install puts the program, its page, completion, log formats, schema, snippets and units below DESTDIR and PREFIX'
like "$(cat "$work/dest/usr/lib/systemd/system/headroom-db.service")" $'\nExecStart=/usr/bin/headroom init\n' 'the units name PREFIX'
unlike "$(cat "$work"/dest/usr/lib/systemd/system/*)" /usr/local 'and no other place'
exits 0 build uninstall DESTDIR="$work/dest" PREFIX=/usr
is "$(find "$work/dest" -type f)" '' 'uninstall takes all of it away'

exits 2 env PKG_CONFIG_LIBDIR=/nonexistent make -C "$tree" CC="$work/cc"
like "$err" 'missing for the build: .*jansson.*\./scripts/bootstrap' 'a missing library is named, with the command that helps'
exits 2 make -C "$tree" CC=no-such-compiler
like "$err" 'missing for the build: no-such-compiler' 'a missing compiler too'
exits 0 make -C "$tree" CC=no-such-compiler help
like "$out" 'make GOAL' 'help needs nothing'
exits 0 make -C "$tree" CC=no-such-compiler clean
ok 'clean takes the build away' test ! -e "$tree/build"
