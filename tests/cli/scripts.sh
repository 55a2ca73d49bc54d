#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The scripts that a person runs: the demo keeps off a ledger, bootstrap is silent when all is there, the runner can't be fooled.
. "$(dirname "$0")/../lib/tap.sh"

# ---- demo ----

mkdir -p "$work/ledger"
echo mine >"$work/ledger/PG_VERSION"
exits 1 env HEADROOM_HOME="$work/ledger" "$root/scripts/demo" -y
like "$err" "$work/ledger, which holds something that no demo made" 'the demo names the folder that it leaves alone'
exits 1 env HEADROOM_HOME="$work/ledger" "$root/scripts/demo" --stop
is "$(ls -A "$work/ledger"; cat "$work/ledger/PG_VERSION")" $'PG_VERSION\nmine' 'and nothing in it was changed'
(cd "$work" && HEADROOM_HOME=ledger "$root/scripts/demo" -y) >"$work/said" 2>&1
like "$(cat "$work/said")" "$work/ledger, which holds" 'a relative folder is meant from where the caller is'
exits 2 "$root/scripts/demo" --what
exits 0 "$root/scripts/demo" --help
like "$out" 'Usage: scripts/demo' 'the demo has help'

# ---- bootstrap ----

mkdir -p "$work/bin"
cat >"$work/bin/apt-get" <<END
#!/bin/sh
echo "\$@" >>"$work/apt-get.calls"
exit 1
END
chmod +x "$work/bin/apt-get"
bootstrap() { PATH=$work/bin:$PATH "$root/scripts/bootstrap" "$@"; }
exits 0 bootstrap --test
is "$out$err" '' 'bootstrap says nothing when all is there'
ok 'and asks apt-get for nothing' test ! -e "$work/apt-get.calls"

if [ -e /etc/debian_version ]; then
    # A machine without any package.
    printf '#!/bin/sh\nexit 1\n' >"$work/bin/dpkg-query"
    chmod +x "$work/bin/dpkg-query"
    exits 1 bootstrap --test --dry-run
    for package in gcc make pkg-config libpq-dev libjansson-dev libxlsxwriter-dev libcriterion-dev libreoffice-calc-nogui curl \
        nginx apache2-bin; do
        like "$out" "(^|[[:space:]])${package}[[:space:]]" "a bare machine lacks $package"
    done
    unlike "$out" 'clang-tidy' 'what only the checks need is not among them'
    ok 'a dry run installs nothing' test ! -e "$work/apt-get.calls"
else
    skip 'what a bare machine lacks' 'this is no Debian'
fi
exits 2 bootstrap --what

# ---- the runner, on a tree of its own ----

tree=$work/tree
mkdir -p "$tree/scripts" "$tree/tests/cli"
cp "$root/scripts/test" "$tree/scripts/"
cp -r "$root/tests/lib" "$tree/tests/"
printf 'all tests:\n\t@:\n' >"$tree/Makefile"
run_tree() { env -u MAKEFLAGS -u HEADROOM_BUILD "$tree/scripts/test" --no-bootstrap "$@"; }
closing() { tail -n 1 <<<"$out"; }

exits 1 run_tree
is "$(closing)" '0 passed, 0 failed' 'no test at all is a failure'

printf 'echo "ok 1 - a"\necho "ok 2 - b # SKIP not here"\necho 1..2\n' >"$tree/tests/cli/good.sh"
exits 0 run_tree
is "$(closing)" '1 passed, 0 failed, 1 skipped' 'the closing line counts what was skipped'

printf 'echo "ok 1 - a"\nexit 0\n' >"$tree/tests/cli/silent.sh"
exits 1 run_tree cli/silent
is "$(closing)" '1 passed, 1 failed' 'a test that ends before its plan has failed'

printf 'echo "ok 1 - a"\necho 1..1\nexit 3\n' >"$tree/tests/cli/code.sh"
exits 1 run_tree cli/code
is "$(closing)" '1 passed, 1 failed' 'so has one that ends with a code and no failed line'

printf 'echo "not ok 1 - a"\necho "# why"\necho 1..1\nexit 1\n' >"$tree/tests/cli/bad.sh"
exits 1 run_tree
is "$(closing)" '3 passed, 3 failed, 1 skipped' 'all are added up'
like "$out" '# why' 'a failed line comes with its explanation'

exits 0 run_tree --list
is "$out" $'cli/bad\ncli/code\ncli/good\ncli/silent' 'the tests by name'
exits 2 run_tree cli/nothing
like "$err" 'no test is called cli/nothing' 'an unknown name is told'
exits 0 run_tree cli/good
like "$out" "seed $HEADROOM_TEST_SEED " 'the seed is told'
