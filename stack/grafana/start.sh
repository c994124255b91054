#!/bin/sh
# Refuses to start Grafana with a password that everybody knows, or without what its contact points need.
set -eu

refuse() {
    echo "Grafana was not started: $1" >&2
    exit 64
}

# Grafana reads the files of its own settings (GF_…__FILE) itself; provisioning takes values from the environment only.
read_secret() {
    eval "file=\${$1__FILE:-}"
    [ -n "$file" ] || return 0
    [ -r "$file" ] || refuse "$file cannot be read. \`dashgen stack init\` in the project writes it, as stack/secrets/${file##*/}."
    eval "$1=\$(cat \"\$file\")"
}

read_secret SLACK_WEBHOOK_URL
export SLACK_WEBHOOK_URL
unset SLACK_WEBHOOK_URL__FILE
token=${GF_RENDERING_RENDERER_TOKEN__FILE:-}
[ -z "$token" ] || [ -s "$token" ] ||
    refuse "$token is missing or empty. \`dashgen stack init\` in the project writes it, as stack/secrets/${token##*/}."
password=${GF_SECURITY_ADMIN_PASSWORD:-}
place=GRAFANA_ADMIN_PASSWORD
if [ -n "${GF_SECURITY_ADMIN_PASSWORD__FILE:-}" ]; then
    place="stack/secrets/${GF_SECURITY_ADMIN_PASSWORD__FILE##*/}"
    [ -r "$GF_SECURITY_ADMIN_PASSWORD__FILE" ] ||
        refuse "$place cannot be read. \`dashgen stack init\` in the project writes a random one."
    password=$(cat "$GF_SECURITY_ADMIN_PASSWORD__FILE")
fi
case "$password" in
    '') refuse "$place is empty. \`dashgen stack init\` in the project writes a random one." ;;
    admin | password | grafana | changeme | secret | 12345678 | "${GF_SECURITY_ADMIN_USER:-admin}")
        refuse "$place is a well-known password. Run \`dashgen stack init --renew\`, or write a better one." ;;
esac
[ "${#password}" -ge 12 ] ||
    refuse "$place is shorter than 12 characters. Run \`dashgen stack init --renew\`, or write a longer one."
for name in SLACK_WEBHOOK_URL ALERT_EMAIL; do
    eval "value=\${$name:-}"
    [ -n "$value" ] || refuse "$name is empty, and Grafana does not start with an empty contact point. Set it in stack/."
done
exec "${@:-/run.sh}"
