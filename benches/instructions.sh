#!/usr/bin/env bash
# Counts the instructions of the key paths and compares them with the committed baseline.
#
#   benches/instructions.sh            fails where a path takes 5 % more than the baseline says
#   benches/instructions.sh --write    writes the baseline anew, benches/instructions.tsv
#
# valgrind's callgrind counts. Each path is walked once and twice; the difference is the walk,
# without the start of the program. A count hangs on the compiler: with another one than the
# baseline's, differences are shown and do not fail. Needs valgrind; writes only below target/.
set -euo pipefail
cd "$(dirname "$0")/.."

baseline=benches/instructions.tsv
more_max=5 # percent
target=${CARGO_TARGET_DIR:-$PWD/target}
program=$target/release/instructions
compiler="$(rustc --version) for $(rustc -vV | sed -n 's/^host: //p')"

if ! command -v valgrind >/dev/null; then
    echo "valgrind is ABSENT: no instructions are counted, and nothing is compared"
    exit 0
fi

cargo build --locked --quiet --release --bin instructions
counts=$(mktemp -d "$target/instructions.XXXXXX")
trap 'rm -rf "$counts"' EXIT

# Instructions of all that the program does: path, times
count() {
    local file
    file=$counts/$(tr -c 'a-z0-9\n' _ <<<"$1").$2
    if ! valgrind --tool=callgrind --callgrind-out-file="$file" "$program" "$1" "$2" 2>"$file.log"; then
        cat "$file.log" >&2
        return 1
    fi
    awk '/^totals:/ { print $2 }' "$file"
}

# Instructions of one operation: operations, path
count_one() {
    local once twice
    once=$(count "$2" 1)
    twice=$(count "$2" 2)
    printf '%s\t%s\n' "$2" $(((twice - once + $1 / 2) / $1))
}
export -f count count_one
export counts program

"$program" >"$counts/paths"
tr '\t\n' '\0\0' <"$counts/paths" |
    xargs -0 -n 2 -P "$(nproc)" bash -euo pipefail -c 'count_one "$@"' count_one >"$counts/now"

# In the order of the program, whichever was counted first.
sorted() { cut -f 2 "$counts/paths" | awk -F '\t' 'NR == FNR { now[$1] = $2; next } { print $1 "\t" now[$1] }' "$counts/now" -; }

if [ "${1:-}" = --write ]; then
    { echo "# instructions of an operation, by benches/instructions.sh --write, $compiler" && sorted; } >"$baseline"
    cat "$baseline"
    exit 0
fi

is_same_compiler=1
if ! head -n 1 "$baseline" | grep -qF "$compiler"; then
    is_same_compiler=0
    echo "here is $compiler; the baseline is of another compiler, so nothing fails:"
    head -n 1 "$baseline"
fi
sorted | awk -F '\t' -v more_max="$more_max" -v strict="$is_same_compiler" '
    NR == FNR { if ($0 !~ /^#/) base[$1] = $2; next }
    FNR == 1 { printf "%-26s %10s %10s %8s\n", "instructions", "baseline", "now", "change" }
    !($1 in base) { printf "%-26s %10s %10d\n", $1, "-", $2; stale = 1; next }
    {
        change = 100 * ($2 - base[$1]) / base[$1]
        verdict = change > more_max ? "MORE" : change < -more_max ? "fewer" : ""
        printf "%-26s %10d %10d %+7.1f%% %s\n", $1, base[$1], $2, change, verdict
        more += change > more_max
        fewer += change < -more_max
        delete base[$1]
    }
    END {
        for (path in base) stale = 1
        if (stale) print "the paths are not those of the baseline"
        if (fewer) print "better: renew the baseline, so that it cannot get lost"
        if (more) printf "paths that take over %d %% more: %d\n", more_max, more
        if (more || fewer || stale) print "if that is meant: benches/instructions.sh --write, and commit"
        exit strict && (more || stale)
    }' "$baseline" -
