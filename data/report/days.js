"use strict";
/* Days and periods in words: the day of a date as people write it, the days of a week, the name of a month. */
const Days = (() => {
  const DAY = 864e5, time = (iso) => Date.parse(`${iso}T00:00:00Z`), iso = (ms) => new Date(ms).toISOString().slice(0, 10);
  const after = (day, n) => iso(time(day) + n * DAY);
  const parts = (day) => day.split("-").map(Number);
  const month = (m) => new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" }).format(Date.UTC(2025, m - 1, 1));
  function lastOf(unit, start) {
    if (unit === "week") return after(start, 6);
    const [y, m] = parts(start);
    return iso(Date.UTC(y, m - 1 + { month: 1, quarter: 3, year: 12 }[unit], 0));
  }
  function told(day, zh, year = true) {
    const [y, m, d] = parts(day);
    return zh ? `${year ? `${y}年` : ""}${m}月${d}日` : `${d} ${month(m)}${year ? ` ${y}` : ""}`;
  }
  /* From one day to another, with nothing said twice. */
  function range(first, last, zh) {
    if (first === last) return told(first, zh);
    const [y1, m1, d1] = parts(first), [y2, m2, d2] = parts(last);
    if (y1 !== y2) return `${told(first, zh)} – ${told(last, zh)}`;
    if (zh) return `${told(first, true)}–${m1 === m2 ? `${d2}日` : told(last, true, false)}`;
    return m1 === m2 ? `${d1}–${told(last, false)}` : `${told(first, false, false)} – ${told(last, false)}`;
  }
  /* Periods of one length, as far as the file's own first and last day. */
  function of(unit, starts, whole, zh) {
    const first = (i) => (starts[i] < whole.first ? whole.first : starts[i]);
    const last = (i) => [lastOf(unit, starts[i]), whole.last].sort()[0];
    const years = starts.length > 0 && time(starts[starts.length - 1]) - time(starts[0]) > 300 * DAY;
    function named(i) {
      const [y, m] = parts(starts[i]);
      if (unit === "year") return String(y);
      if (unit === "quarter") return zh ? `${y}年${(m + 2) / 3}季` : `Q${(m + 2) / 3} ${y}`;
      return zh ? `${y}年${m}月` : `${month(m)} ${y}`;
    }
    const week = unit === "week";
    return {
      first, last,
      label: (i) => (week ? range(first(i), last(i), zh) : named(i)),
      from: (i) => (week ? told(first(i), zh) : named(i)),
      to: (i) => (week ? told(last(i), zh) : named(i)),
      axis: (i) => (week ? told(first(i), zh, years) : named(i)),
      between: (i, j) => (week ? range(first(i), last(j), zh) : i === j ? named(i) : `${named(i)} – ${named(j)}`),
    };
  }
  return { after, told, of };
})();
