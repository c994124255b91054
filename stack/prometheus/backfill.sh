#!/bin/sh
# Compute the past of recording rules, from the files that `dashgen backfill` writes: backfill.sh LEVEL…
# Each level reads what the levels before it record, so Prometheus has to know their blocks first; it looks for new
# blocks once a minute. A second run makes the same values again, which is harmless.
set -eu

url=${PROMETHEUS_URL:-http://prometheus:9090}
data=${PROMETHEUS_DATA:-/prometheus}
days=${DAYS:-30}
end=$(( $(date +%s) / 60 * 60 ))
recent=$(( end - 26 * 3600 ))           # as the history itself: a value a minute for the last day, fewer before that
start=$(( end - days * 86400 ))

blocks() {  # start, end, interval, file
  promtool tsdb create-blocks-from --quiet --max-block-duration=720h rules --url="$url" --output-dir="$data" \
    --start="$1" --end="$2" --eval-interval="$3" "$4"
}

# Whether Prometheus has a value of one of the series that a file records.
known() {
  for name in $(sed -n 's/^ *- record: //p' "$1"); do
    if promtool query instant "$url" "last_over_time($name[1d] offset 1h)" | grep -q .; then return 0; fi
  done
  return 1
}

while [ $# -gt 0 ]; do
  echo "$1: computing $days days"
  blocks "$start" "$recent" 4m "$1"     # below the 5 minutes that a query looks back
  blocks "$recent" "$end" 1m "$1"
  tries=0
  while [ $# -gt 1 ] && ! known "$1" && [ $tries -lt 36 ]; do
    tries=$(( tries + 1 ))
    sleep 5
  done
  shift
done
