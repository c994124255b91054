"""What the database looks like, version by version; a file of an older version is brought up to date, and loses nothing.

Days are those of UTC, counted from 1970. Weeks are counted from the Monday before it: `(day + 3) / 7`.
"""

FIRST = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  handle TEXT NOT NULL UNIQUE,
  tier TEXT NOT NULL,
  signed_up REAL NOT NULL,
  last_seen REAL NOT NULL
);
CREATE INDEX users_last_seen ON users (last_seen);
CREATE TABLE asked (
  user_id INTEGER NOT NULL REFERENCES users (id),
  day INTEGER NOT NULL,
  queries INTEGER NOT NULL,
  PRIMARY KEY (user_id, day)
) WITHOUT ROWID;
INSERT INTO sqlite_sequence (name, seq) VALUES ('users', 1000);
"""

# `totals` is what /metrics reads on every scrape; triggers keep it, so that no path of the program can forget to.
# Somebody's row in `activity` is their first sign of life on a day, so it also tells when a week of theirs begins.
SECOND = """
CREATE TABLE plans (tier TEXT PRIMARY KEY, usd_per_month REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE totals (
  figure TEXT NOT NULL,
  first NOT NULL,
  second NOT NULL,
  users INTEGER NOT NULL,
  PRIMARY KEY (figure, first, second)
) WITHOUT ROWID;

ALTER TABLE users ADD COLUMN segment TEXT NOT NULL DEFAULT 'casual';
ALTER TABLE users ADD COLUMN segmented INTEGER NOT NULL DEFAULT 0;
DROP INDEX users_last_seen;
CREATE INDEX users_last_seen ON users (last_seen, tier);
CREATE INDEX users_segmented ON users (segmented) WHERE segment <> 'dormant';
INSERT INTO totals SELECT 'tier', tier, '', count(*) FROM users GROUP BY tier;
INSERT INTO totals SELECT 'segment', segment, '', count(*) FROM users GROUP BY segment;
CREATE TRIGGER user_joined AFTER INSERT ON users BEGIN
  INSERT INTO totals VALUES ('tier', NEW.tier, '', 1) ON CONFLICT DO UPDATE SET users = users + 1;
  INSERT INTO totals VALUES ('segment', NEW.segment, '', 1) ON CONFLICT DO UPDATE SET users = users + 1;
END;
CREATE TRIGGER user_tier AFTER UPDATE OF tier ON users WHEN OLD.tier <> NEW.tier BEGIN
  UPDATE totals SET users = users - 1 WHERE figure = 'tier' AND first = OLD.tier;
  INSERT INTO totals VALUES ('tier', NEW.tier, '', 1) ON CONFLICT DO UPDATE SET users = users + 1;
END;
CREATE TRIGGER user_segment AFTER UPDATE OF segment ON users WHEN OLD.segment <> NEW.segment BEGIN
  UPDATE totals SET users = users - 1 WHERE figure = 'segment' AND first = OLD.segment;
  INSERT INTO totals VALUES ('segment', NEW.segment, '', 1) ON CONFLICT DO UPDATE SET users = users + 1;
END;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  from_tier TEXT,
  to_tier TEXT NOT NULL
);
CREATE INDEX events_user ON events (user_id, at);
CREATE INDEX events_at ON events (at);
INSERT INTO events (user_id, at, kind, to_tier) SELECT id, signed_up, 'signup', tier FROM users;

CREATE TABLE activity (
  user_id INTEGER NOT NULL REFERENCES users (id),
  day INTEGER NOT NULL,
  queries INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  limit_hits INTEGER NOT NULL DEFAULT 0,
  commands INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL NOT NULL DEFAULT 0,
  up INTEGER NOT NULL DEFAULT 0,
  down INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, day)
) WITHOUT ROWID;
CREATE INDEX activity_day ON activity (day);
CREATE TRIGGER week_begun AFTER INSERT ON activity
WHEN NOT EXISTS (
  SELECT 1 FROM activity
  WHERE user_id = NEW.user_id AND day <> NEW.day
    AND day BETWEEN (NEW.day + 3) / 7 * 7 - 3 AND (NEW.day + 3) / 7 * 7 + 3
) BEGIN
  INSERT INTO totals
  SELECT 'cohort', (signup + 3) / 7, (NEW.day + 3) / 7 - (signup + 3) / 7, 1
  FROM (SELECT CAST(signed_up / 86400 AS INTEGER) AS signup FROM users WHERE id = NEW.user_id)
  WHERE NEW.day >= signup
  ON CONFLICT DO UPDATE SET users = users + 1;
END;
INSERT INTO activity (user_id, day, queries) SELECT user_id, day, queries FROM asked;
INSERT INTO activity (user_id, day) SELECT id, CAST(signed_up / 86400 AS INTEGER) FROM users WHERE true
  ON CONFLICT DO NOTHING;
INSERT INTO activity (user_id, day) SELECT id, CAST(last_seen / 86400 AS INTEGER) FROM users WHERE true
  ON CONFLICT DO NOTHING;
DROP TABLE asked;

CREATE TABLE journeys (
  user_id INTEGER PRIMARY KEY REFERENCES users (id),
  searched REAL,
  analyzed REAL,
  subscribed REAL
);
CREATE INDEX journeys_searched ON journeys (searched);
CREATE INDEX journeys_analyzed ON journeys (analyzed);
CREATE INDEX journeys_subscribed ON journeys (subscribed);

CREATE TABLE exposures (
  user_id INTEGER NOT NULL REFERENCES users (id),
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  exposed REAL NOT NULL,
  converted REAL,
  PRIMARY KEY (user_id, experiment)
) WITHOUT ROWID;
CREATE TRIGGER user_exposed AFTER INSERT ON exposures BEGIN
  INSERT INTO totals VALUES ('exposed', NEW.experiment, NEW.variant, 1) ON CONFLICT DO UPDATE SET users = users + 1;
  INSERT INTO totals VALUES ('converted', NEW.experiment, NEW.variant, NEW.converted IS NOT NULL)
    ON CONFLICT DO UPDATE SET users = users + (NEW.converted IS NOT NULL);
END;
CREATE TRIGGER user_converted AFTER UPDATE OF converted ON exposures
WHEN OLD.converted IS NULL AND NEW.converted IS NOT NULL BEGIN
  UPDATE totals SET users = users + 1
  WHERE figure = 'converted' AND first = NEW.experiment AND second = NEW.variant;
END;

CREATE TABLE answers (
  query_id TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  model TEXT NOT NULL,
  at REAL NOT NULL,
  rating TEXT
) WITHOUT ROWID;
CREATE INDEX answers_at ON answers (at);
"""

MIGRATIONS = (FIRST, SECOND)
VERSION = len(MIGRATIONS)
