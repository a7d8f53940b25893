#!/usr/bin/env bash
# The kv example against redis-server: both run, and redis-benchmark asks them in turn, so that
# whatever else the machine does meets both. Prints a Markdown table: the medians of the rates, and
# the median, lowest and highest quartile of the ratios of two runs side by side.
#
#   benches/kv.sh [rounds [seconds]]     rounds of each measurement, and about how long each takes
#
# Needs redis-server and redis-benchmark. Writes only below target/.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-21}
seconds=${2:-1}
clients=50
ports=(6480 6481)
names=(kv redis-server)
target=${CARGO_TARGET_DIR:-$PWD/target}

for tool in redis-server redis-benchmark redis-cli; do
    if ! command -v "$tool" >/dev/null; then
        echo "$tool is not installed: nothing is measured" >&2
        exit 1
    fi
done

cargo build --quiet --release --example kv
results=$(mktemp -d "$target/kv-bench.XXXXXX")
"$target/release/examples/kv" --port "${ports[0]}" >"$results/kv.log" 2>&1 &
servers=$!
redis-server --port "${ports[1]}" --save '' --appendonly no >"$results/redis.log" &
servers="$servers $!"
# shellcheck disable=SC2064,SC2086  # their pids are known now, and are words
trap "kill $servers 2>/dev/null || true; rm -rf '$results'" EXIT
for port in "${ports[@]}"; do
    until redis-cli -p "$port" ping >/dev/null 2>&1; do :; done
done

# requests/s of one run: server, command, pipeline, requests
run() {
    redis-benchmark -p "${ports[$1]}" -c "$clients" -t "$2" -P "$3" -n "$4" --csv 2>/dev/null |
        awk -F '"' 'NR == 2 { print $4 }'
}

# The number below which a share of the lines lies: 0.5 is the median. Reads standard input.
quantile() { sort -n | awk -v share="$1" '{ v[NR] = $1 } END { at = 1 + share * (NR - 1); i = int(at); print v[i] + (at - i) * (v[i < NR ? i + 1 : i] - v[i]) }'; }

for pipeline in 1 16; do
    for command in get set; do
        rate=$(run 1 "$command" "$pipeline" $((20000 * pipeline))) # warms up, and says how many
        requests=$(awk -v rate="$rate" -v seconds="$seconds" 'BEGIN { printf "%d", rate * seconds }')
        for round in $(seq "$rounds"); do
            # Neither is always the first.
            for server in $((round % 2)) $(((round + 1) % 2)); do
                run "$server" "$command" "$pipeline" "$requests" >>"$results/$server-$command-$pipeline"
            done
        done
    done
done

echo "\`redis-benchmark -c $clients\`, $rounds rounds of $seconds s, $(nproc) cores, $(redis-server --version | awk '{ print $3 }'):"
echo
echo "| requests/s | ${names[0]} | ${names[1]} | ratio | its quartiles |"
echo "|---|---|---|---|---|"
for pipeline in 1 16; do
    for command in get set; do
        kv=$results/0-$command-$pipeline
        redis=$results/1-$command-$pipeline
        paste "$kv" "$redis" | awk '{ print $1 / $2 }' >"$results/ratios"
        printf '| %s%s | %.0f | %.0f | %.2f | %.2f-%.2f |\n' \
            "${command^^}" "$([ "$pipeline" = 1 ] || echo ", \`-P $pipeline\`")" \
            "$(quantile 0.5 <"$kv")" "$(quantile 0.5 <"$redis")" "$(quantile 0.5 <"$results/ratios")" \
            "$(quantile 0.25 <"$results/ratios")" "$(quantile 0.75 <"$results/ratios")"
    done
done
