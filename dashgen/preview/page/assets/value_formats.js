"use strict";
// Values as Grafana writes them. What a unit's format is, comes from Python as a description (`format_description`
// in dashgen/drawing/values/value_formats.py); here are the kinds of formats, and no unit.
// A test writes the rows of tests/drawing/value_formats.tsv with both.
(function () {
  const dashgen = (window.dashgen = window.dashgen || {});
  const MONTHS = "January February March April May June July August September October November December".split(" ");
  const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
  const DAY = 86400000;

  // Numbers, as valueFormats.ts of @grafana/data 12.4.3 writes them.

  function grouped(value, most = 3, least = 0) {
    return value.toLocaleString("en-US", { minimumFractionDigits: least, maximumFractionDigits: Math.min(most, 20) });
  }

  function automaticDecimals(value) {
    const size = Math.abs(value);
    if (!Number.isFinite(size) || value % 1 === 0) return 0;
    const decimals = 1 - Math.floor(Math.log(size) / Math.LN10);
    return Math.max(0, decimals + (size / Math.pow(10, -decimals) > 2.25 ? 1 : 0));
  }

  function fixed(value, decimals) {
    if (!Number.isFinite(value)) return grouped(value);
    const count = Math.max(0, decimals ?? automaticDecimals(value));
    if (value === 0) return (0).toFixed(Math.min(count, 100));
    const factor = Math.pow(10, count);
    const text = String(Math.round(value * factor) / factor);
    if (text.includes("e") || !Number.isFinite(value * factor)) return text;
    const [whole, part = ""] = text.split(".");
    return part.length < count ? `${whole}.${part.padEnd(count, "0")}` : text;
  }

  const parts = (text, prefix = "", suffix = "") => ({ prefix, text, suffix });

  function scaled(format, value, decimals) {
    if (!Number.isFinite(value)) return parts(grouped(value));
    const last = format.suffixes.length - 1;
    let power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / Math.log10(format.factor));
    power = Math.min(Math.max(power, -format.offset), last - format.offset);
    return parts(fixed(value / Math.pow(format.factor, power), decimals), "", format.suffixes[format.offset + power]);
  }

  function money(format, value, decimals) {
    const amount = scaled(format, Math.abs(value), decimals);
    const sign = value < 0 ? "-" : "";
    if (format.isAfter) return parts(amount.text, sign, amount.suffix + format.symbol);
    return parts(amount.text, sign + format.symbol, amount.suffix);
  }

  function steps(format, value, decimals) {
    const amount = value / (format.divisor || 1);
    if (amount === 0 && format.zero) return parts("0", "", format.zero);
    for (const [below, factor, divisor, one, many] of format.steps) {
      if (below === null || Math.abs(amount) < below) {
        const size = divisor === 1 ? amount * factor : amount / divisor;
        return parts(fixed(size, decimals), "", Math.abs(size) > 1 ? many : one);
      }
    }
    return parts(fixed(amount, decimals));
  }

  function words(format, value, decimals) {
    if (value === 0) return parts("0", "", ` ${format.name}s`);
    if (value < 0) return parts(words(format, -value, decimals).text, "", " ago");
    let rest = value * format.factor * 1000;
    const amounts = [];
    for (const [name, seconds] of format.intervals) {
      if (amounts.length > (decimals || 0)) break;
      const amount = rest / (seconds * 1000);
      if (amount >= 1 || amounts.length) {
        const whole = Math.floor(amount);
        amounts.push(`${whole} ${name}${whole === 1 ? "" : "s"}`);
        rest %= seconds * 1000;
      }
    }
    return parts(amounts.join(", "));
  }

  function hours(value) {
    if (value < 0) return parts(hours(-value).text, "", " ago");
    const units = [Math.floor(value / 3600), Math.floor((value % 3600) / 60), Math.floor((value % 3600) % 60)];
    return parts(units.map((one) => String(one).padStart(2, "0")).join(":"));
  }

  function days(value) {
    if (value < 0) return parts(days(-value).text, "", " ago");
    const count = Math.floor(value / 86400);
    const rest = hours(value - count * 86400).text;
    return parts(count ? `${count} d ${rest}` : rest);
  }

  const CLOCK = ["mm\\m", "ss\\s", "SSS\\m\\s"];

  function clock(format, value, decimals) {
    const amount = value * format.factor;
    if (amount < 1000) return parts(moment(amount, CLOCK[2], "UTC"));
    const more = decimals ?? 3;
    const taken = (patterns, count) => (count >= 0 && more < 3 ? patterns.slice(0, count) : patterns).join(":");
    if (amount < 3.6e6) return parts(moment(amount, taken(amount < 6e4 ? CLOCK.slice(1) : CLOCK, more + 1), "UTC"));
    const minutes = taken(CLOCK, more);
    const whole = `${Math.floor(amount / 3.6e6)}h`;
    return parts(minutes ? `${whole}:${moment(amount, minutes, "UTC")}` : whole);
  }

  function hexadecimal(format, value, decimals) {
    const text = Number.isFinite(value) ? Number(fixed(value, decimals)).toString(16).toUpperCase() : "NAN";
    return parts(text.startsWith("-") ? `-${format.prefix}${text.slice(1)}` : format.prefix + text);
  }

  function groupedParts(format, value, decimals) {
    const most = decimals ?? format.decimals;
    return parts(grouped(value, most, format.isExact && decimals != null ? most : 0), format.prefix, format.suffix);
  }

  const KINDS = {
    fixed: (format, value, decimals) =>
      parts(fixed(value * (format.factor || 1), decimals), format.prefix, format.suffix),
    scaled: (format, value, decimals) => (format.symbol == null ? scaled : money)(format, value, decimals),
    steps, words, clock, hexadecimal,
    hours: (_format, value) => hours(value),
    days: (_format, value) => days(value),
    grouped: groupedParts,
    scientific: (_format, value, decimals) =>
      parts(value.toExponential(decimals == null ? undefined : Math.min(decimals, 100))),
    boolean: (format, value) => parts(value ? format.yes : format.no),
    text: (_format, value) => parts(String(value)),
  };

  // Moments, as Moment.js 2.30.1 writes them in English.

  const zones = new Map();

  function zoneFormat(zone) {
    if (!zones.has(zone)) {
      let made = null;
      try {
        made = new Intl.DateTimeFormat("en-US", {
          timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric",
          minute: "numeric", second: "numeric", era: "short",
        });
      } catch (_unknown) {
        // A zone that this browser does not know is UTC, as in Python.
      }
      zones.set(zone, made);
    }
    return zones.get(zone);
  }

  // Milliseconds by which the clocks of a zone are ahead of UTC.
  function offset(ms, zone) {
    const format = !zone || zone === "UTC" || zone === "utc" || zone === "browser" ? null : zoneFormat(zone);
    if (!format) return 0;
    const found = {};
    for (const { type, value } of format.formatToParts(ms)) found[type] = Number(value);
    const { year, month, day, hour, minute, second } = found;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  }

  const two = (number) => String(number).padStart(2, "0");
  const ordinal = (number) => {
    const isTeen = Math.floor((number % 100) / 10) === 1;
    return number + (isTeen ? "th" : { 1: "st", 2: "nd", 3: "rd" }[number % 10] || "th");
  };
  const dayOfYear = (t) => Math.floor((t - Date.UTC(t.getUTCFullYear(), 0, 1)) / DAY) + 1;

  function englishWeek(t) {
    const year = t.getUTCFullYear();
    const week = Math.floor((dayOfYear(t) - 1 + new Date(Date.UTC(year, 0, 1)).getUTCDay()) / 7) + 1;
    return week === 53 && new Date(Date.UTC(year, 11, 31)).getUTCDay() !== 6 ? 1 : week;
  }

  function isoWeek(t) {
    const thursday = new Date(t.getTime() + (4 - (t.getUTCDay() || 7)) * DAY);
    return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
  }

  function zoneText(minutes, colon) {
    const size = Math.abs(minutes);
    return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
  }

  const TOKENS =
    /\[[^[\]]*\]|\\.|MMMM|MMM|MM|Mo|M|Qo|Q|YYYY|YY|Do|DDDD|DDD|DD|D|dddd|ddd|dd|do|d|e|E|ww|w|WW|W|gggg|GGGG|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,9}|A|a|ZZ|Z|zz|z|X|x|LTS|LT|LLLL|LLL|LL|L|llll|lll|ll|l/g;
  const LONG = {
    LTS: "h:mm:ss A", LT: "h:mm A", LLLL: "dddd, MMMM D, YYYY h:mm A", LLL: "MMMM D, YYYY h:mm A", LL: "MMMM D, YYYY",
    L: "MM/DD/YYYY", llll: "ddd, MMM D, YYYY h:mm A", lll: "MMM D, YYYY h:mm A", ll: "MMM D, YYYY", l: "M/D/YYYY",
  };
  const WRITERS = {
    M: (t) => t.getUTCMonth() + 1, Mo: (t) => ordinal(t.getUTCMonth() + 1), MM: (t) => two(t.getUTCMonth() + 1),
    MMM: (t) => MONTHS[t.getUTCMonth()].slice(0, 3), MMMM: (t) => MONTHS[t.getUTCMonth()],
    Q: (t) => Math.floor(t.getUTCMonth() / 3) + 1, Qo: (t) => ordinal(Math.floor(t.getUTCMonth() / 3) + 1),
    YYYY: (t) => String(t.getUTCFullYear()).padStart(4, "0"), YY: (t) => two(t.getUTCFullYear() % 100),
    D: (t) => t.getUTCDate(), DD: (t) => two(t.getUTCDate()), Do: (t) => ordinal(t.getUTCDate()),
    DDD: dayOfYear, DDDD: (t) => String(dayOfYear(t)).padStart(3, "0"),
    d: (t) => t.getUTCDay(), do: (t) => ordinal(t.getUTCDay()), dd: (t) => DAYS[t.getUTCDay()].slice(0, 2),
    ddd: (t) => DAYS[t.getUTCDay()].slice(0, 3), dddd: (t) => DAYS[t.getUTCDay()],
    e: (t) => t.getUTCDay(), E: (t) => t.getUTCDay() || 7, w: englishWeek, ww: (t) => two(englishWeek(t)),
    W: (t) => isoWeek(t).week, WW: (t) => two(isoWeek(t).week),
    gggg: (t) => t.getUTCFullYear() + (englishWeek(t) === 1 && t.getUTCMonth() === 11 ? 1 : 0),
    GGGG: (t) => isoWeek(t).year,
    H: (t) => t.getUTCHours(), HH: (t) => two(t.getUTCHours()), h: (t) => t.getUTCHours() % 12 || 12,
    hh: (t) => two(t.getUTCHours() % 12 || 12), k: (t) => t.getUTCHours() || 24, kk: (t) => two(t.getUTCHours() || 24),
    m: (t) => t.getUTCMinutes(), mm: (t) => two(t.getUTCMinutes()), s: (t) => t.getUTCSeconds(),
    ss: (t) => two(t.getUTCSeconds()), A: (t) => (t.getUTCHours() < 12 ? "AM" : "PM"),
    a: (t) => (t.getUTCHours() < 12 ? "am" : "pm"),
    Z: (_t, minutes) => zoneText(minutes, ":"), ZZ: (_t, minutes) => zoneText(minutes, ""),
    z: (_t, minutes) => (minutes ? zoneText(minutes, ":") : "UTC"),
    zz: (_t, minutes) => (minutes ? zoneText(minutes, ":") : "UTC"),
    X: (t, minutes) => Math.floor((t - minutes * 60000) / 1000), x: (t, minutes) => t - minutes * 60000,
  };

  function moment(ms, pattern, zone) {
    const ahead = offset(ms, zone);
    // A date whose fields in UTC are those of the zone.
    const local = new Date(Math.trunc(ms + ahead));
    if (Number.isNaN(local.getTime()) || local.getUTCFullYear() < 1 || local.getUTCFullYear() > 9999)
      return "Invalid date";
    return written(local, pattern, Math.round(ahead / 60000));
  }

  function written(local, pattern, minutes) {
    return pattern.replace(TOKENS, (token) => {
      if (token[0] === "[") return token.slice(1, -1);
      if (token[0] === "\\") return token.slice(1);
      if (token[0] === "S")
        return `${String(local.getUTCMilliseconds()).padStart(3, "0")}000000`.slice(0, token.length);
      if (LONG[token]) return written(local, LONG[token], minutes);
      return String(WRITERS[token](local, minutes));
    });
  }

  function isSameDay(first, second, zone) {
    return moment(first, "YYYYDDDD", zone) === moment(second, "YYYYDDDD", zone);
  }

  function monthsLater(time, months) {
    const at = new Date(time);
    const total = at.getUTCFullYear() * 12 + at.getUTCMonth() + months;
    const [year, month] = [Math.floor(total / 12), ((total % 12) + 12) % 12];
    const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    return Date.UTC(year, month, Math.min(at.getUTCDate(), last)) + (((time % DAY) + DAY) % DAY);
  }

  function humanized(first, second) {
    const [from, to] = [new Date(first), new Date(second)];
    let months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
    if (monthsLater(first, months) > second) months -= 1;
    const rest = (second - monthsLater(first, months)) / DAY;
    const exact = rest + Math.round((months * 146097) / 4800);
    const exactMonths = months + (rest * 4800) / 146097;
    if (Math.round(exact * 86400) <= 44) return "a few seconds";
    const amounts = [
      ["minute", Math.round(exact * 1440), 45], ["hour", Math.round(exact * 24), 22], ["day", Math.round(exact), 26],
      ["month", Math.round(exactMonths), 11], ["year", Math.round(exactMonths / 12), Infinity],
    ];
    for (const [unit, amount, limit] of amounts) {
      if (amount <= 1) return `${unit === "hour" ? "an" : "a"} ${unit}`;
      if (amount < limit) return `${amount} ${unit}s`;
    }
    return "";
  }

  function momentParts(format, value, { now, zone }) {
    if (!Number.isFinite(value)) return parts("Invalid date");
    if (format.kind === "time") {
      const isToday = format.today && now != null && isSameDay(value, now, zone);
      return parts(moment(value, isToday ? format.today : format.pattern, zone));
    }
    const text = humanized(Math.min(value, now), Math.max(value, now));
    return parts(value > now ? `in ${text}` : `${text} ago`);
  }

  // The parts of a number in a format: {prefix, text, suffix}.
  function formatted(format, value, decimals, time = {}) {
    if (format.kind === "time" || format.kind === "ago") return momentParts(format, value, time);
    if (Number.isNaN(value) && format.kind !== "boolean") return parts("NaN");
    return KINDS[format.kind](format, value, decimals);
  }

  // Fields: {format, decimals, isTrimmed, mappings, noValue, now, zone, color, colors}.

  const MATCHES = {
    value: (one, value) => value != null && one.value === String(value),
    range: (one, value) =>
      value != null && !Number.isNaN(value) && (one.from == null || value >= one.from) && (one.to == null || value <= one.to),
    null: (_one, value) => value == null,
    nan: (_one, value) => Number.isNaN(value),
    "null+nan": (_one, value) => value == null || Number.isNaN(value),
  };

  const mapped = (display, value) =>
    (display.mappings || []).find((one) => MATCHES[one.kind] && MATCHES[one.kind](one, value));

  // The text of a value; `neighbour` is how many decimals the values of an axis need.
  function text(display, value, neighbour) {
    const mapping = mapped(display, value);
    if (mapping && mapping.text != null) return mapping.text;
    if (value == null || (Number.isNaN(value) && display.format.kind !== "boolean")) return display.noValue || "";
    const isTrimmed = neighbour != null && display.isTrimmed;
    const one = formatted(display.format, value, isTrimmed ? neighbour : display.decimals, display);
    if (isTrimmed && one.text.trim() !== "" && !Number.isNaN(Number(one.text))) one.text = String(Number(one.text));
    return (one.prefix || "") + one.text + (one.suffix || "");
  }

  // The colour of a value: of its mapping, of its step or place on a scale, or of its field.
  function color(display, value) {
    const mapping = mapped(display, value);
    if (mapping && mapping.color) return mapping.color;
    const colors = display.colors;
    if (!colors) return display.color;
    if (colors.steps) {
      let active = colors.steps[0];
      for (const step of colors.steps) {
        if (step[0] !== null && !(value >= step[0])) break;
        active = step;
      }
      return active ? active[1] : display.color;
    }
    const [low, high] = colors.bounds;
    const share = high === low || value == null ? 0 : Math.min(Math.max((value - low) / (high - low), 0), 1);
    return colors.stops[Math.round(share * (colors.stops.length - 1))];
  }

  dashgen.values = { automaticDecimals, color, formatted, moment, offset, text };
})();
