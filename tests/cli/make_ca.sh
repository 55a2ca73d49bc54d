#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The private CA: clients accept the gateway's certificate for the vendor's host, and nothing else that the CA signs.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/gateway.sh"

make_ca() { "$root/scripts/make-ca" "$@"; }
bundle() { cd "$work" && sha256sum ca/*; }

exits 0 make_ca "$work/ca"
like "$out" "clients trust $work/ca/ca.pem" 'it says what clients trust'
is "$(cd "$work/ca" && stat -c '%n %a' -- * | tr '\n' ' ')" 'ca.key 600 ca.pem 644 gateway.key 600 gateway.pem 644 ' \
    'keys are for their owner'
is "$(find "$work" -name '.m*')" '' 'nothing else is left'
like "$(openssl x509 -in "$work/ca/gateway.pem" -noout -ext subjectAltName)" 'DNS:data-api\.twitter\.com$' 'it is for the host'
before=$(bundle)
exits 1 make_ca "$work/ca"
like "$err" "$work/ca is there already, and nothing in it is overwritten" 'a second time is refused'
is "$(bundle)" "$before" 'and changes nothing'

upstream_start
ask() { upstream_curl "$@" -o "$work/answer" -w '%{http_code}'; }
exits 0 ask --cacert "$work/ca/ca.pem"
is "$out" 401 'curl accepts it with the CA'
exits 60 ask
cat >"$work/ask.py" <<'END'
import socket, ssl, sys
port, ca = int(sys.argv[1]), sys.argv[2]
context = ssl.create_default_context(cafile=ca)
# What Python asks for by default from 3.13 on.
context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=sys.argv[3]).close()
END
exits 0 /usr/bin/python3 "$work/ask.py" "$upstream_port" "$work/ca/ca.pem" data-api.twitter.com
exits 1 /usr/bin/python3 "$work/ask.py" "$upstream_port" "$work/ca/ca.pem" api.twitter.com

# ---- renewing ----

exits 0 make_ca --renew "$work/ca" --days 30
is "$(cd "$work" && sha256sum --check --quiet <<<"$before" 2>&1 | grep -c FAILED)" 2 'another certificate and key, the same CA'
is "$(openssl x509 -in "$work/ca/gateway.pem" -pubkey -noout)" "$(openssl pkey -in "$work/ca/gateway.key" -pubout)" \
    'they belong together'
exits 0 openssl verify -CAfile "$work/ca/ca.pem" -verify_hostname data-api.twitter.com "$work/ca/gateway.pem"
mv "$work/ca/ca.key" "$work/away.key"
exits 1 make_ca --renew "$work/ca"
like "$err" 'ca\.key can.t be read' 'without its key the CA vouches for nobody'
mv "$work/away.key" "$work/ca/ca.key"

# ---- the CA may vouch for its hosts only ----

forge() { # ALTERNATIVE-NAME
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/forged.key" -subj /CN=x \
        -out "$work/forged.request" 2>"$work/.said" &&
        openssl x509 -req -in "$work/forged.request" -CA "$work/ca/ca.pem" -CAkey "$work/ca/ca.key" -set_serial 7 \
            -out "$work/forged.pem" -extfile <(echo "subjectAltName = $1") 2>"$work/.said"
}
for name in DNS:api.twitter.com DNS:twitter.com DNS:evil.data-api.twitter.com.example IP:127.0.0.1 IP:::1; do
    forge "$name"
    exits 2 openssl verify -CAfile "$work/ca/ca.pem" "$work/forged.pem"
    like "$err" '(permitted|excluded) subtree violation' "$name can't be vouched for"
done

# ---- what it is asked wrongly ----

exits 0 make_ca "$work/two" --host data-api.twitter.com --host gateway.example
like "$(openssl x509 -in "$work/two/gateway.pem" -noout -ext subjectAltName)" 'DNS:data-api\.twitter\.com, DNS:gateway\.example' \
    'several hosts'
exits 0 make_ca --help
like "$out" 'Usage: scripts/make-ca' 'it has help'
exits 1 make_ca "$work/none/ca"
like "$err" "$work/none, in which the folder is wanted, is no folder" 'a parent that is missing'
exits 2 make_ca
exits 2 make_ca "$work/x" --days 0
exits 2 make_ca "$work/x" --days
exits 2 make_ca "$work/x" --host 'https://data-api.twitter.com'
exits 2 make_ca "$work/x" --host 'a,DNS:b'
exits 2 make_ca "$work/x" --what
exits 2 make_ca "$work/x" "$work/y"
exits 2 make_ca --renew "$work/ca" --host other.example
ok 'nothing was made' test ! -e "$work/x"
