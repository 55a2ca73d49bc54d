/* SPDX-License-Identifier: MIT */
/* What a folder of evidence says to its reader, who may have nothing but sha256sum and awk. */

#include "reconcile/dispute_texts.h"

const char dispute_provisional[] =
    "PROVISIONAL: the month is not closed. These are the figures of the day on which this\n"
    "folder was made; no seal stands behind them.\n";

const char dispute_method[] =
    "# How the figures were made\n\n"
    "- An event is one API request made on behalf of one user. It is identified by its contract, source, id, time,\n"
    "  subject and class, and counts once, however often it was delivered.\n"
    "- The counting rule says which requests count: `attempted` all but those refused with 401 or 429, `answered`\n"
    "  those with a 2xx answer, `delivered` those that delivered at least one Tweet; `+app` also requests of the\n"
    "  app alone of which the log names the owner.\n"
    "- An owner is a user: the user id's digits; `@handle` where no user is known for a handle; `~` and a digest "
    "where\n"
    "  a request named nobody but a token. A handle belongs, on each day, to the user with whom it was seen last.\n"
    "- Unique handles are the owners with at least one request that counts within the billing month, which is\n"
    "  half-open: [start, end).\n"
    "- Overage is unique handles less the limit. charge.tsv has the charge line by line; each line is rounded half\n"
    "  away from zero to the currency's minor unit.\n"
    "- What was taken in, the terms, the close of the month and the vendor's documents are links of one chain of\n"
    "  SHA-256 digests. Whoever noted the chain's head on a day can prove that nothing before was changed since.\n";

const char dispute_steps[] =
    "The evidence of one billing month. Nothing here needs a database or a network.\n"
    "With the program: headroom verify FOLDER. Without it, in this folder, with sha256sum and awk:\n\n"
    "1. No file was changed.\n"
    "   sha256sum -c SHA256SUMS\n\n"
    "2. The list of owners is the one that the figures rest on (manifest.json: owners_digest; of a closed month the\n"
    "   same in seals.json).\n"
    "   sha256sum <owners.tsv\n\n"
    "3. It has as many owners as are charged (manifest.json: unique_handles), each once.\n"
    "   awk -F'\\t' '!seen[$1]++ { n++ } END { print n + 0, NR }' owners.tsv\n\n"
    "4. The lines of the charge make the charge (manifest.json: charge).\n"
    "   awk -F'\\t' '{ sum += $5 } END { printf \"%.4f\\n\", sum }' charge.tsv\n\n"
    "5. Every link of the chain follows from its values and the link before; this prints those that do not.\n"
    "   awk -F'\\t' '\n"
    "   { c = \"printf \\\"headroom-chain-1\\\\n\" $1 \"\\\\n\" $2 \"\\\\n\" $3 \"\\\\n\" $4 \"\\\\n\" $5 \"\\\\n\" $6 "
    "\"\\\\n\\\" | sha256sum\"\n"
    "     c | getline d; close(c)\n"
    "     if (substr(d, 1, 64) != $7 || (NR > 1 && $5 != p)) print \"link \" $1 \" does not hold\"; p = $7 }\n"
    "   END { print \"head \" p }' chain.tsv\n\n"
    "6. What a link stands for: its digest is the fourth field of the link in chain.tsv. SEQ is the link's number; "
    "that\n"
    "   of the seal is in manifest.json: seal_link. The seal's text holds the owners_digest of step 2.\n"
    "   awk -F'\\t' -v n=SEQ '$1 == n { printf \"%s\", $2 }' contents.tsv | sha256sum\n\n"
    "Files: statement.txt and statement.json (the month), check.json (the vendor's figures against these), owners.tsv\n"
    "(owner, handle, first and last request in microseconds since 1970-01-01T00:00Z, requests, those that count),\n"
    "handles.csv (each owner's first request that counts, and the line of the log that holds it), charge.tsv (kind,\n"
    "words, units, unit price, amount, from and to unit), seals.json, chain.tsv (number, kind, subject, content, link\n"
    "before, time in microseconds, digest), contents.tsv (number, text), method.md, manifest.json.\n";
