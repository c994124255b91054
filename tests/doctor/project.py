"""A small project with everything that the chain has: a contract, a dashboard, alerts, data sources, a contact point."""

from pathlib import Path

PASSWORD = "a-long-and-random-one"  # noqa: S105  # of a fake
TARGETS = "dashgen.yaml"

FILES = {
    "dashgen.yaml": "specs: [specs]\noutput: generated\n",
    "specs/metrics.yaml": """
kind: Metrics
metrics:
  app_queries_total:
    type: counter
    help: Questions answered.
    unit: short
    labels: {status: [success, error], tier: [free, pro]}
  app_users: {type: gauge, help: Registered users., unit: short}
  app_cost_usd_total: {type: counter, help: Paid for answers., unit: currencyUSD, labels: {model: [small, large]}}
  app_tokens_total: {type: counter, help: Tokens used., unit: short, labels: {model: [small, large]}}
log_labels: {app: [bot], level: [info, error]}
log_fields:
  query: Question.
  model: Model that answered.
  user_id: Who.
  tool: Tools.
  cost: {help: Dollars., type: number, unit: currencyUSD}
  tokens: {help: Tokens., type: number, unit: short}
""",
    "specs/sources.yaml": """
kind: DataSources
datasources:
  - {name: Prometheus, type: prometheus, uid: prometheus, url: "http://prometheus:9090", default: true, scrape_interval: 1s}
  - {name: Loki, type: loki, uid: loki, url: "http://loki:3100"}
  - {name: Tempo, type: tempo, uid: tempo, url: "http://tempo:3200"}
""",
    "specs/notifications.yaml": """
kind: Notifications
contact_points:
  team: {email: {to: team@example.com}}
policies: {contact_point: team}
""",
    "specs/alerts.yaml": """
kind: AlertRules
group: health
folder: Bot
interval: 1m
rules:
  - {record: "app:queries:rate5m", query: "sum(rate(app_queries_total[5m]))"}
  - {alert: Errors, query: 'sum(rate(app_queries_total{status="error"}[5m]))', when: above 1, for: 5m, severity: warning}
""",
    "specs/lines.yaml": """
kind: AlertRules
group: lines
folder: Bot
interval: 1m
datasource: loki
rules:
  - {alert: Silence, query: 'sum(count_over_time({app="bot"}[1h]))', when: below 1, for: 5m, severity: warning}
""",
    "specs/home.yaml": """
kind: Dashboard
uid: home
title: Home
time: 15m
folder: Bot
panels:
  - {title: Queries, query: "sum(rate(app_queries_total[5m]))"}
  - {title: Users, query: app_users, type: stat}
  - {title: Lines, type: logs, datasource: loki, query: '{app="bot"}'}
  - {title: Traces, type: table, datasource: tempo, query: "{ duration > 8s }"}
""",
}
METRICS = """\
# HELP app_queries_total Questions answered.
# TYPE app_queries_total counter
app_queries_total{status="success",tier="free"} 5
app_queries_total{status="error",tier="pro"} 1
# HELP app_users Registered users.
# TYPE app_users gauge
app_users 7
# HELP app_cost_usd_total Paid for answers.
# TYPE app_cost_usd_total counter
app_cost_usd_total{model="small"} 1
app_cost_usd_total{model="large"} 9
# HELP app_tokens_total Tokens used.
# TYPE app_tokens_total counter
app_tokens_total{model="small"} 1000000
app_tokens_total{model="large"} 1000000
"""
COMPOSE = """
services:
  app:
    image: bot:1
    ports: ["127.0.0.1:{app}:8000"]
  prometheus:
    image: prom/prometheus:v3.14.0
    command: [--config.file=/etc/prometheus/prometheus.yml]
    volumes: ["./prometheus.yml:/etc/prometheus/prometheus.yml:ro", "../generated/rules/prometheus:/etc/rules:ro", "data:/data"]
    ports: ["127.0.0.1:{prometheus}:9090"]
  loki:
    image: grafana/loki:3.7.6
    ports: ["127.0.0.1:{loki}:3100"]
  tempo:
    image: grafana/tempo:3.0.3
    ports: ["127.0.0.1:{tempo}:3200"]
  grafana:
    image: grafana/grafana:12.4.3
    environment: {{GF_SECURITY_ADMIN_PASSWORD: "${{GRAFANA_ADMIN_PASSWORD:?run `dashgen stack init`}}"}}
    volumes: ["../generated/provisioning:/etc/grafana/provisioning:ro"]
    ports: ["127.0.0.1:{grafana}:3000"]
  mailpit:
    image: axllent/mailpit
    profiles: [mail]
    volumes: ["./not-there:/x"]
volumes: {{data: }}
"""
SERVICES = ("app", "prometheus", "loki", "tempo", "grafana")


def write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
