"use strict";
/* The page answers to its filter: every sentence, chart and table is made anew from the counts. */
(() => {
  const page = JSON.parse(document.getElementById("data").textContent);
  const { texts, names, specs, whole, missing, periods, types, items } = page;
  const cubes = Object.fromEntries(Object.entries(page.cubes).map(([name, packed]) => [name, Cubes.unpacked(packed)]));
  const $ = (id) => document.getElementById(id);
  const number = new Intl.NumberFormat(page.lang === "zh" ? "zh-CN" : "en-GB");
  const zh = page.lang === "zh", last = periods.starts.length, narrow = () => window.innerWidth < 640;
  const pooled = page.pooled; // places of what was put together or not given, by dimension
  const placed = {}; // dimension -> place of "other" and of "not_given", -1 where there is none
  for (const dim in pooled) {
    placed[dim] = { other: -1, not_given: -1 };
    pooled[dim].forEach((i) => { placed[dim][names[dim][i]] = i; names[dim][i] = texts[names[dim][i]]; });
  }

  const MOST_NAMED = 4; // types that are called the commonest

  /* ---- words and numbers ---- */
  const share = (part, of) => (of ? part / of : 0);
  const percent = (x) => (Number.isNaN(x) ? "–" : x > 0 && x < 0.0005 ? "<0.1%" : x > 0 && x < 0.0095 ? `${(100 * x).toFixed(1)}%` : `${Math.round(100 * x)}%`);
  const figure = (value, shown) => ({ value, shown: shown === undefined ? number.format(value) : shown });
  const ratio = (part, of) => figure(share(part, of), percent(share(part, of)));
  const joined = (list) => list.join(page.lang === "zh" ? "、" : ", ");
  const plain = (id, values) => texts[id].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  /* A sentence of the table of texts, with figures in bold; {n|one|many} also takes the fitting word. */
  function sentence(id, values = {}) {
    const p = document.createElement("p");
    p.dataset.sentence = id;
    for (const part of texts[id].split(/(\{[^}]*\})/)) {
      const found = /^\{(\w+)(?:\|(.*)\|(.*))?\}$/.exec(part);
      if (!found) { p.append(part); continue; }
      const given = values[found[1]], told = typeof given === "object" ? given : { value: given, shown: String(given) };
      const b = document.createElement("b");
      b.dataset.figure = found[1];
      b.dataset.value = told.value;
      b.textContent = told.shown;
      p.append(b);
      if (found[2]) p.append(` ${told.shown === "1" ? found[2] : found[3]}`);
    }
    return p;
  }
  const say = (place, ...sentences) => place.replaceChildren(...sentences.filter(Boolean));
  const nothing = (n) => !n && sentence("nothing"); // shares of no tickets would read as if there were some
  function lacking(...parts) {
    const found = parts.filter((part) => missing[part]), columns = new Set(found.flatMap((part) => missing[part]));
    return found.length && sentence("lacking", { parts: joined(found.map((part) => texts[`part_${part}`])), columns: joined([...columns].map((name) => texts[`column_${name}`] || name)) });
  }

  /* ---- charts with their tables ---- */
  function table(place, caption, head, rows) {
    const made = document.createElement("table"), cell = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const line = (tag, cells) => { const tr = document.createElement("tr"); tr.append(...cells.map((c) => cell(tag, c))); return tr; };
    const thead = document.createElement("thead"), tbody = document.createElement("tbody");
    const first = line("th", head);
    first.childNodes.forEach((th) => th.setAttribute("scope", "col"));
    thead.append(first);
    tbody.append(...rows.map((cells) => line("td", cells)));
    made.setAttribute("aria-label", caption);
    made.append(thead, tbody);
    place.replaceChildren(made);
  }
  const ended = [], nameLimit = () => (narrow() ? 150 : 240);
  const wide = (text, letter) => [...text].reduce((all, c) => all + (c.codePointAt(0) > 0x2e7f ? 1.05 : 0.62), 0) * letter;
  /* How far the scale of bars goes, so that the words behind each of them have room. */
  function reach(rows, width) {
    const bars = width - Math.min(nameLimit(), Math.max(...rows.map((r) => wide(r.name, 12.5)))) - 16;
    return Math.max(...rows.map((r) => r.share * bars / Math.max(bars - wide(r.label, 12) - 10, 20)));
  }
  function highest(rows) {
    const sums = {};
    for (const { period, n } of rows) sums[period] = (sums[period] || 0) + n;
    return Math.max(1, ...Object.values(sums));
  }
  function draw(id, spec, rows, { label, head, cells, note }) {
    const box = $(id);
    box.hidden = !rows.length && !note;
    const chart = box.querySelector(".chart"), said = box.querySelector(".said");
    say(said, ...[].concat(note));
    chart.hidden = box.querySelector("details").hidden = !rows.length;
    if (!rows.length) { chart.replaceChildren(); return; }
    const toTable = `${texts.table}: ${label}`; // there are many tables, and a reader of screens hears them out of their place
    box.querySelector("summary").setAttribute("aria-label", toTable);
    box.querySelector(".table").setAttribute("aria-label", toTable);
    table(box.querySelector(".table"), label, head, cells);
    const copy = JSON.parse(JSON.stringify(specs[spec]));
    copy.data = { values: rows };
    copy.description = plain("chart_described", { chart: label });
    copy.config.aria = false; // its marks have no names of their own: the table has the figures
    copy.width = chart.clientWidth || 640;
    if (spec === "bars") { const far = reach(rows, copy.width); rows.forEach((r) => { r.reach = far; }); }
    copy.autosize = { type: "fit-x", contains: "padding" };
    if (copy.height.step) copy.height = copy.height.step * rows.length;
    copy.config.axis.labelLimit = nameLimit();
    copy.config.padding = { left: 2, top: 2, right: 14, bottom: 2 }; // the last date of an axis is wider than its bar
    if (spec === "rates") {
      const alone = rows.every((r) => r.overall === null), columns = narrow() ? 2 : 3;
      if (alone) copy.layer.shift();
      for (const { encoding } of copy.layer) for (const by of [encoding.color, encoding.shape]) if (by) by.legend = alone ? null : { ...by.legend, columns };
    }
    if ("period" in rows[0]) {
      const { color, y } = (copy.layer || [copy])[0].encoding;
      if (color.legend) color.legend.columns = narrow() ? 2 : 5;
      const most = highest(rows);
      if (y.axis && most <= 8) y.axis.values = [...Array(most + 1).keys()].filter((n) => n % Math.ceil(most / 4) === 0); // whole tickets
    }
    const shown = vegaEmbed(chart, copy, { actions: false, renderer: "svg", defaultStyle: false, tooltip: { theme: "custom" } });
    ended.push(shown.then(() => { chart.setAttribute("role", "img"); chart.setAttribute("aria-label", copy.description); }));
  }
  const bars = (id, list, label, first) => draw(id, "bars", list, {
    label, head: [first, texts.tickets, texts.share], cells: list.map((r) => [r.name, number.format(r.n), percent(r.share)]),
  });
  const bar = (name, n, of, colour) => ({ name, n, share: share(n, of), label: `${percent(share(n, of))} · ${number.format(n)}`, colour });

  /* ---- what is chosen ---- */
  const days = Days.of(periods.unit, periods.starts, whole, zh);
  /* Periods in a row, with an empty place where many without tickets lie between two. */
  const longest = { week: 7, month: 31, quarter: 92, year: 366 }[periods.unit] * 864e5;
  const broken = (i) => i > 0 && Date.parse(periods.starts[i]) - Date.parse(periods.starts[i - 1]) > longest;
  const spaced = (listed, rowsOf) => listed.flatMap((p, i) => {
    const rows = rowsOf(p);
    return i && broken(p) ? [...rows.map((r) => ({ ...r, period: `…${"\u200b".repeat(p)}`, n: 0 })), ...rows] : rows;
  });
  function fill(select, list) {
    select.replaceChildren(...list.map(([value, text]) => new Option(text, value)));
  }
  function chosen() {
    const from = Number($("filter-from").value), to = Number($("filter-to").value);
    const all = from === 0 && to === Math.max(last - 1, 0);
    return {
      from: Math.min(from, to), to: all ? last : Math.max(from, to), all,
      branch: Number($("filter-branch").value), channel: Number($("filter-channel").value),
    };
  }
  const sum = (cube, choice) => Cubes.totals(cubes[cube], choice)[0];
  const by = (cube, choice, ...dims) => Cubes.totals(cubes[cube], choice, dims);

  /* ---- sections ---- */
  function top(choice) {
    const found = sum("types", choice), each = by("types", choice, "type");
    const [undetermined, unfamiliar] = ["undetermined", "unfamiliar"].map((id) => ofType(each, id)), decided = found.n - undecided(each);
    const commonest = foremost(each, found.n).map((i) => plain("head_share", { name: names.type[i], share: percent(share(each[i].n, found.n)) }));
    say(document.querySelector("[data-say=top]"),
      nothing(found.n) || (whole.customers_known ? sentence("head_counts", { tickets: figure(found.n), customers: figure(Cubes.customers(cubes.customers, choice)) })
        : sentence("head_tickets", { tickets: figure(found.n) })),
      found.n && last && sentence("head_period", choice.all ? { first: Days.told(whole.first, zh), last: Days.told(whole.last, zh) } : { first: Days.told(days.first(choice.from), zh), last: Days.told(days.last(choice.to), zh) }),
      found.n && (decided < found.n ? sentence("head_decided", { decided: ratio(decided, found.n) }) : sentence("head_all_decided")),
      undetermined && sentence("head_undetermined", { undetermined: ratio(undetermined, found.n) }),
      unfamiliar && sentence("head_unfamiliar", { unfamiliar: ratio(unfamiliar, found.n) }),
      commonest.length && sentence("head_top", { list: joined(commonest) }),
      found.n && sentence("head_human", { human: figure(found.human || 0), share: ratio(found.human || 0, found.n) }),
      whole.quarantined && sentence("head_quarantined", { quarantined: figure(whole.quarantined) }),
      whole.undated && last && sentence("head_undated", { undated: figure(whole.undated) }),
      whole.unknown_customers && sentence("head_unknown", { unknown: figure(whole.unknown_customers) }));
  }
  /* The commonest two types, or as many as are told with the same share as the second; none where four are too few to name them all. */
  function foremost(each, n) {
    const told = (i) => percent(share(each[i].n, n)), order = each.map((_, i) => i).filter((i) => each[i].n && !page.outcomes.includes(types[i])).sort((a, b) => each[b].n - each[a].n);
    const asGood = (rank) => order.filter((i, at) => at <= rank || told(i) === told(order[rank]));
    return [asGood(1), asGood(0)].find((list) => list.length <= MOST_NAMED) || [];
  }
  const undecided = (each) => page.outcomes.reduce((n, id) => n + (types.includes(id) ? each[types.indexOf(id)].n : 0), 0);
  const ofType = (each, id) => (types.includes(id) ? each[types.indexOf(id)].n : 0);

  function typesSection(choice) {
    const each = by("types", choice, "type"), n = sum("types", choice).n;
    const order = each.map((e, i) => i).filter((i) => each[i].n).sort((a, b) => page.outcomes.includes(types[a]) - page.outcomes.includes(types[b]) || each[b].n - each[a].n);
    say(document.querySelector("[data-say=types]"), nothing(n) || sentence("types_decided", {
      decided: ratio(n - undecided(each), n), undetermined: ratio(ofType(each, "undetermined"), n), unfamiliar: ratio(ofType(each, "unfamiliar"), n) }));
    bars("chart-types", order.map((i) => bar(names.type[i], each[i].n, n, page.colours[i])), texts.types, texts.type);
  }

  function trendSection(choice) {
    const place = document.querySelector("[data-say=trend]");
    const listed = periods.starts.map((_, i) => i).filter((i) => i >= choice.from && i <= choice.to);
    const each = by("types", choice, "period", "type"), at = (p, t) => each[p * types.length + t].n;
    const half = Math.floor(listed.length / 2), before = listed.slice(0, half), after = listed.slice(listed.length - half);
    const count = (list, t) => list.reduce((n, p) => n + at(p, t), 0), all = (list) => types.reduce((n, _, t) => n + count(list, t), 0);
    const n1 = all(before), n2 = all(after), up = [], down = [];
    types.forEach((_, t) => {
      const x1 = count(before, t), x2 = count(after, t);
      if (!n1 || !n2 || x1 + x2 === 0) return;
      const [low, high] = Rates.shareInterval(x2, x1 + x2, 1 - 0.05 / types.length), even = n2 / (n1 + n2);
      const told = plain("trend_change", { type: names.type[t], before: percent(x1 / n1), after: percent(x2 / n2) });
      if (low > even) up.push(told); else if (high < even) down.push(told);
    });
    say(place, lacking("trend"), !missing.trend && !last && sentence("trend_undated"), n1 && n2 && up.length && sentence("trend_up", { list: joined(up) }), n1 && n2 && down.length && sentence("trend_down", { list: joined(down) }),
      n1 && n2 && !up.length && !down.length && sentence("trend_same"));
    const rows = spaced(listed, (p) => types.map((_, t) => ({ period: days.axis(p), name: names.type[t], n: at(p, t), rank: t })));
    draw("chart-trend", "trend", rows, {
      label: texts.trend, head: [texts.period, texts.tickets, ...names.type],
      cells: listed.map((p) => [days.label(p), number.format(types.reduce((n, _, t) => n + at(p, t), 0)), ...types.map((_, t) => number.format(at(p, t)))]),
      note: rows.length ? [periods.unit === "week" && sentence("trend_week"), sentence("trend_partial"), ...(listed.slice(1).some(broken) ? [sentence("trend_gap")] : [])] : null,
    });
  }

  function rateRows(list) {
    const found = Rates.shrink(list.map((g) => g.events), list.map((g) => g.cases));
    return list.map((g, i) => ({ ...g, ...found[i] })).filter((g) => g.cases > 0)
      .map((g) => ({ ...g, label: `${percent(g.rate)} (${percent(g.low)}–${percent(g.high)})` }));
  }
  function drawRates(id, list, title, said, notDrawn = [], keep = () => true) {
    const all = rateRows(list), rows = all.filter(keep);
    const told = (flag) => {
      const list = rows.filter((r) => r.flag === flag).sort((a, b) => b.cases - a.cases).map((r) => plain("places_flag", { name: r.name, rate: percent(r.rate) }));
      return joined(list.slice(0, 5)) + (list.length > 5 ? plain("places_more", { n: list.length - 5 }) : "");
    };
    const overall = rows.length ? figure(rows[0].overall, percent(rows[0].overall)) : null, notes = [];
    if (rows.length && said) {
      for (const flag of ["above", "below"]) if (told(flag)) notes.push(sentence(`places_${flag}`, { overall, list: told(flag) }));
      if (!notes.length) notes.push(sentence("places_same", { overall }));
    }
    if (said && !rows.length) notes.push(sentence("too_few"));
    notes.push(...notDrawn);
    draw(id, "rates", rows, {
      label: title, head: [texts.group, texts.rate, texts.interval, texts.events, texts.cases],
      cells: rows.map((r) => [r.name, percent(r.rate), `${percent(r.low)}–${percent(r.high)}`, number.format(r.events), number.format(r.cases)]),
      note: notes.length ? notes : null,
    });
    return rows;
  }
  function placesSection(choice) {
    const measure = $("measure").value, events = `${measure}_events`, cases = `${measure}_cases`;
    const groups = (cube, free, dim) => {
      const each = by(cube, { ...choice, ...free }, dim);
      return names[dim].map((name, i) => ({ name, place: i, n: each[i].n, events: each[i][events] || 0, cases: each[i][cases] || 0 }))
        .sort((a, b) => b.cases - a.cases);
    };
    const place = document.querySelector("[data-say=places]"), refused = sum("places", choice).refused || 0;
    say(place, lacking("category", "branch", "channel"), refused && !missing.branch && sentence("places_refused", { refused: figure(refused) }));
    const title = (by) => {
      const text = `${texts[`places_by_${by}`]} · ${texts[measure]}`;
      $(`chart-${by}`).querySelector("h3").textContent = text;
      return text;
    };
    const notDrawn = (cube, dim) => {
      const each = by(cube, choice, dim), n = (id) => (choice[dim] >= 0 || placed[dim][id] < 0 ? 0 : each[placed[dim][id]].n);
      return [["other", "places_pooled"], ["not_given", "places_unnamed"]].filter(([id]) => n(id)).map(([id, said]) => sentence(said, { n: figure(n(id)) }));
    };
    for (const [cube, dim] of [["causes", "category"], ["places", "branch"], ["causes", "channel"]]) {
      const one = dim in choice ? { [dim]: -1 } : {}, keep = (g) => (choice[dim] >= 0 ? g.place === choice[dim] : !pooled[dim].includes(g.place));
      const told = !missing[dim] && page.measures.length > 0;
      drawRates(`chart-${dim}`, told ? groups(cube, one, dim) : [], title(dim), told, told ? notDrawn(cube, dim) : [], keep);
    }
  }

  /* The last place of the branches is that of all: a colleague's day in two branches is one day. */
  const agentDays = (choice) => sum("agent_days", { ...choice, channel: -1, branch: choice.branch < 0 ? names.branch.length : choice.branch });
  function careSection(choice) {
    const found = sum("types", choice), attacks = found.attack || 0, worked = choice.channel < 0 && agentDays(choice), every = worked.days / worked.attacks;
    say(document.querySelector("[data-say=care]"), nothing(found.n) || sentence("care_attacks", { attacks: figure(attacks), share: ratio(attacks, found.n) }),
      worked.attacks && (every <= worked.dates ? sentence("care_days", { days: figure(every, every.toFixed(every < 10 ? 1 : 0)) })
        : sentence("care_days_few", { days: figure(worked.days), attacks: figure(worked.attacks) })),
      choice.all && choice.branch < 0 && choice.channel < 0 && whole.agents && (whole.agents_above
        ? sentence("care_above", { agents: figure(whole.agents), above: figure(whole.agents_above) }) : sentence("care_none")), lacking("agents"));
    const each = by("types", choice, "period"), listed = periods.starts.map((_, i) => i).filter((i) => i >= choice.from && i <= choice.to);
    const rows = spaced(listed, (p) => [{ period: days.axis(p), name: texts.attacks, n: each[p].attack || 0, rank: 0 }]);
    draw("chart-care", "attacks", attacks ? rows : [], {
      label: texts.attacks, head: [texts.period, texts.attacks, texts.tickets, texts.share],
      cells: listed.map((p) => [days.label(p), number.format(each[p].attack || 0), number.format(each[p].n), percent(share(each[p].attack || 0, each[p].n))]),
    });
  }

  function money(choice) {
    const each = by("money", choice, "currency"), { other, not_given: bare } = placed.currency;
    const list = names.currency.map((name, i) => ({ name, i, cents: each[i].cents || 0 })).filter((c) => c.cents && c.i !== other);
    const unnamed = list.length > 1 ? texts.money_unnamed : "";
    const told = list.map((c) => plain("money_item", { amount: number.format(Math.round(c.cents / 100)), currency: c.i === bare ? unnamed : c.name }).trim());
    return { amounts: joined(told), rare: other < 0 ? 0 : each[other].n };
  }
  function goodwillSection(choice) {
    const found = sum("types", choice), each = by("types", choice, "type"), paid = found.paid || 0, { amounts, rare } = money(choice);
    const screened = itemList(choice, "goodwill").map((r) => plain("list_item", { name: r.name, n: number.format(r.n) }));
    say(document.querySelector("[data-say=goodwill]"), lacking("goodwill", "returns"),
      !missing.goodwill && (nothing(found.n) || (paid ? sentence(amounts ? "goodwill_paid" : "goodwill_counted", { paid: figure(paid), share: ratio(paid, found.paid_cases || 0), money: amounts }) : sentence("goodwill_none"))),
      rare && sentence("goodwill_rare", { n: figure(rare) }),
      screened.length && sentence("goodwill_screen", { list: joined(screened) }));
    const groups = types.map((_, t) => ({ name: names.type[t], events: each[t].paid || 0, cases: each[t].paid_cases || 0 })).sort((a, b) => b.cases - a.cases);
    drawRates("chart-goodwill", paid ? groups : [], texts.goodwill_by_type, false);
    const back = ["paid", "unpaid"].map((kind) => {
      const events = found[`back_${kind}`] || 0, cases = found[`back_${kind}_cases`] || 0;
      const [low, high] = cases ? Rates.shareInterval(events, cases) : [NaN, NaN];
      return { name: texts[kind === "paid" ? "with_goodwill" : "without_goodwill"], events, cases, rate: share(events, cases), low, high, flag: "", overall: null };
    }).filter((r) => r.cases > 0).map((r) => ({ ...r, label: `${percent(r.rate)} (${percent(r.low)}–${percent(r.high)})` }));
    draw("chart-returns", "rates", missing.returns ? [] : back, {
      label: texts.goodwill_back, head: [texts.group, texts.share, texts.interval, texts.events, texts.cases],
      cells: back.map((r) => [r.name, percent(r.rate), `${percent(r.low)}–${percent(r.high)}`, number.format(r.events), number.format(r.cases)]),
      note: !back.length && !missing.returns ? sentence("goodwill_back_few") : null,
    });
  }

  function dueSection(choice) {
    const place = document.querySelector("[data-say=due]");
    if (!cubes.due) { say(place, lacking("due")); ["chart-due", "chart-strategies"].forEach((id) => { $(id).hidden = true; }); return; }
    const due = by("due", choice, "day"), middle = (due.length - 2) / 2, undatedDay = due.length - 1;
    const n = (from, to) => due.slice(from, to).reduce((all, d) => all + d.n, 0), total = sum("due", choice);
    say(place, sentence("due_counts", { today: Days.told(page.today, zh), overdue: figure(n(0, middle)), now: figure(due[middle].n), week: figure(n(middle + 1, middle + 8)) }),
      total.reopen && sentence("due_reopen", { reopen: figure(total.reopen) }));
    const status = (d) => (d === undatedDay ? "due_undated" : d < middle ? "due_overdue" : d === middle ? "due_today" : "due_upcoming");
    const shown = (d) => (d === 0 ? texts.due_earlier : d === undatedDay ? texts.due_undated : d === undatedDay - 1 ? texts.due_later : d === middle ? texts.due_today : Days.told(Days.after(page.today, d - middle), zh, false));
    const listed = due.map((_, d) => d).filter((d) => d < undatedDay || due[d].n > 0);
    const drawn = [{ period: texts.due_overdue, d: 0, n: n(0, middle) }, ...listed.filter((d) => d >= middle && d < undatedDay).map((d) => ({ period: shown(d), d, n: due[d].n }))];
    draw("chart-due", "due", total.n ? drawn.map((r) => ({ ...r, name: texts[status(r.d)], rank: 0 })) : [], {
      label: texts.due, head: [texts.day, texts.tickets], cells: listed.map((d) => [shown(d), number.format(due[d].n)]),
      note: due[undatedDay].n ? sentence("due_no_day", { n: figure(due[undatedDay].n) }) : null,
    });
    const each = by("due", choice, "strategy", "day"), width = due.length;
    const rows = names.strategy.map((name, s) => {
      const part = each.slice(s * width, (s + 1) * width).map((d) => d.n), add = (from, to) => part.slice(from, to).reduce((a, b) => a + b, 0);
      return { name, n: add(0, width), overdue: add(0, middle), now: part[middle], week: add(middle + 1, middle + 8) };
    }).filter((r) => r.n).sort((a, b) => b.n - a.n);
    draw("chart-strategies", "bars", rows.map((r) => bar(r.name, r.n, total.n, page.accent)), {
      label: texts.due_by_strategy, head: [texts.strategy, texts.tickets, texts.due_overdue, texts.due_today, texts.next_week],
      cells: rows.map((r) => [r.name, ...[r.n, r.overdue, r.now, r.week].map((x) => number.format(x))]),
    });
  }
  function itemList(choice, kind) {
    const each = by("items", choice, "item");
    return items.map((item, i) => ({ ...item, n: each[i].n })).filter((item) => item.kind === kind && item.n > 0)
      .map((item) => ({ ...item, name: texts[item.name] && ["other", "not_given"].includes(item.id) ? texts[item.name] : item.name })).sort((a, b) => b.n - a.n);
  }
  function newSection(choice) {
    const each = by("types", choice, "type"), n = sum("types", choice).n;
    const leaning = itemList(choice, "leaning").slice(0, 3).map((r) => plain("list_item", { name: r.name, n: number.format(r.n) }));
    say(document.querySelector("[data-say=new]"),
      ...n ? ["undetermined", "unfamiliar"].map((id) => sentence(`new_${id}`, { n: figure(ofType(each, id)), share: ratio(ofType(each, id), n) })) : [nothing(n)],
      leaning.length && sentence("new_leaning", { list: joined(leaning) }), lacking("words"));
    for (const id of ["undetermined", "unfamiliar"]) {
      const words = itemList(choice, `word_${id}`).filter((r) => r.n >= page.fewest), of = ofType(each, id);
      const name = names.type[types.indexOf(id)] || id;
      bars(`chart-${id}`, words.map((r) => bar(r.name, r.n, of, page.colours[types.indexOf(id)] || page.accent)), `${name}: ${texts.new_words}`, `${texts.new_words} · ${name}`);
    }
    if (n && !missing.words && $("chart-undetermined").hidden && $("chart-unfamiliar").hidden) document.querySelector("[data-say=new]").append(sentence("new_no_words"));
  }

  function signalsSection(choice) {
    const n = sum("types", choice).n;
    say(document.querySelector("[data-say=signals]"), lacking("signals"));
    bars("chart-signals", itemList(choice, "signal").map((r) => bar(r.name, r.n, n, page.accent)), texts.signals_risk, texts.signal);
    bars("chart-roles", itemList(choice, "role").map((r) => bar(r.name, r.n, n, page.accent)), texts.signals_role, texts.role);
  }

  /* ---- the page ---- */
  const sections = [top, typesSection, trendSection, placesSection, careSection, goodwillSection, dueSection, newSection, signalsSection];
  let width = 0;
  function render() {
    const choice = chosen();
    width = document.documentElement.clientWidth;
    ended.length = 0;
    const period = choice.all ? texts.whole_period : days.between(choice.from, choice.to);
    const chosenOf = (dim, all) => !missing[dim] && (choice[dim] < 0 ? all : names[dim][choice[dim]]);
    const shown = [period, chosenOf("branch", texts.all_branches), chosenOf("channel", texts.all_channels)].filter(Boolean);
    $("showing").textContent = plain("showing", { chosen: shown.join(page.lang === "zh" ? "；" : "; ") });
    sections.forEach((section) => section(choice));
    document.body.dataset.ready = "no";
    Promise.all(ended).then(() => { document.body.dataset.ready = "yes"; });
  }
  function start() {
    for (const id of ["from", "to"]) {
      fill($(`filter-${id}`), last ? periods.starts.map((_, i) => [i, days[id](i)]) : [[0, texts.undated]]);
      $(`filter-${id}`).parentNode.hidden = !last;
    }
    for (const [id, all] of [["branch", texts.all_branches], ["channel", texts.all_channels]]) {
      fill($(`filter-${id}`), [[-1, all], ...names[id].map((name, i) => [i, name])]);
      $(`filter-${id}`).parentNode.hidden = Boolean(missing[id]);
    }
    $("filter").hidden = !last && Boolean(missing.branch && missing.channel);
    fill($("measure"), page.measures.map((id) => [id, texts[id]]));
    document.querySelector(".choice").hidden = Boolean(missing.category && missing.branch && missing.channel);
    const reset = () => { $("filter-from").value = 0; $("filter-to").value = Math.max(last - 1, 0); $("filter-branch").value = $("filter-channel").value = -1; };
    reset();
    document.addEventListener("change", render);
    $("filter").addEventListener("reset", (event) => { event.preventDefault(); reset(); render(); });
    $("filter").addEventListener("submit", (event) => event.preventDefault());
    let waiting = 0;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { if (document.documentElement.clientWidth !== width && !window.matchMedia("print").matches) render(); }, 150);
    });
    render();
  }
  document.fonts.load('16px "Noto Sans CJK SC"', texts.title).then(start, start);
})();
