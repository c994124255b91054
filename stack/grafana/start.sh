#!/bin/sh
# Refuses to start Grafana with a password that everybody knows, or without what its contact points need.
set -eu

refuse() {
    echo "Grafana was not started: $1" >&2
    exit 64
}

case "${GF_SECURITY_ADMIN_PASSWORD:-}" in
    '') refuse 'GRAFANA_ADMIN_PASSWORD is empty. `dashgen stack init` in the project writes a random one into stack/.env.' ;;
    admin | password | grafana | changeme | secret | 12345678 | "${GF_SECURITY_ADMIN_USER:-admin}")
        refuse 'GRAFANA_ADMIN_PASSWORD in stack/.env is a password that everybody knows. Run `dashgen stack init --renew`, or write a better one.' ;;
esac
[ "${#GF_SECURITY_ADMIN_PASSWORD}" -ge 12 ] ||
    refuse 'GRAFANA_ADMIN_PASSWORD in stack/.env is shorter than 12 characters. Run `dashgen stack init --renew`, or write a longer one.'
for name in SLACK_WEBHOOK_URL ALERT_EMAIL; do
    eval "value=\${$name:-}"
    [ -n "$value" ] || refuse "$name is empty, and Grafana does not start with an empty contact point. Set it in stack/.env."
done
exec "${@:-/run.sh}"
