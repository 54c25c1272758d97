"use strict";
/* The rates of workbench/rates.py: beta-binomial shrinkage and exact intervals of shares. */
const Rates = (() => {
  function logGamma(x) {
    if (x > 1e6) return (x - 0.5) * Math.log(x) - x + 0.918938533204673 + 1 / (12 * x);
    let shift = 0;
    while (x < 12) { shift -= Math.log(x); x += 1; }
    const r = 1 / (x * x);
    return shift + (x - 0.5) * Math.log(x) - x + 0.91893853320467274 + (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / x;
  }
  const logBeta = (a, b) => logGamma(a) + logGamma(b) - logGamma(a + b);
  /* Regularised incomplete beta function by its continued fraction (Numerical Recipes, 3rd ed., 6.4). */
  function betaShare(x, a, b, lb = logBeta(a, b)) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a, lb);
    let c = 1, d = 1 / nonzero(1 - (a + b) * x / (a + 1)), h = d;
    for (let m = 1; m < 500; m++) {
      const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / nonzero(1 + even * d); c = nonzero(1 + even / c); h *= d * c;
      const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / nonzero(1 + odd * d); c = nonzero(1 + odd / c);
      h *= d * c;
      if (Math.abs(d * c - 1) < 1e-12) break;
    }
    return Math.exp(a * Math.log(x) + b * Math.log1p(-x) - lb) * h / a;
  }
  const nonzero = (x) => (Math.abs(x) < 1e-300 ? 1e-300 : x);
  /* Where an increasing function of (0, 1) reaches a share, by halving on the logit scale. */
  function reach(share, f) {
    let low = -40, high = 40;
    for (let i = 0; i < 42; i++) {
      const middle = (low + high) / 2;
      if (f(1 / (1 + Math.exp(-middle))) < share) low = middle; else high = middle;
    }
    return 1 / (1 + Math.exp(-(low + high) / 2));
  }
  const betaQuantile = (share, a, b) => { const lb = logBeta(a, b); return reach(share, (x) => betaShare(x, a, b, lb)); };
  function shareInterval(events, cases, level = 0.95) {
    const tail = (1 - level) / 2;
    return [
      events ? betaQuantile(tail, events, cases - events + 1) : 0,
      events < cases ? betaQuantile(1 - tail, events + 1, cases - events) : 1,
    ];
  }
  /* Beta priors with weights: likely spreads and means, closing in on them three times. */
  function priors(y, n) {
    let low = 1e-3, high = Math.SQRT1_2, found = [];
    for (let round = 0; round < 3; round++) {
      const step = (high - low) / 12;
      found = [];
      for (let s = 0; s < 12; s++) {
        const spread = low + step * (s + 0.5), rho = spread * spread, strength = (1 - rho) / rho;
        let yes = 1, no = 1;
        for (let i = 0; i < n.length; i++) {
          const size = n[i] / (1 + (n[i] - 1) * rho) / 2;
          yes += size * y[i] / n[i]; no += size * (1 - y[i] / n[i]);
        }
        for (let k = 0; k < 9; k++) {
          const mean = Math.min(Math.max(betaQuantile((k + 0.5) / 9, yes, no), 1e-12), 1 - 1e-12);
          const a = mean * strength, b = (1 - mean) * strength, prior = logBeta(a, b);
          let weight = logBeta(yes, no) - (yes - 1) * Math.log(mean) - (no - 1) * Math.log1p(-mean);
          for (let i = 0; i < n.length; i++) weight += logBeta(a + y[i], b + n[i] - y[i]) - prior;
          found.push({ a, b, weight, spread });
        }
      }
      const best = Math.max(...found.map((p) => p.weight));
      const ofSpread = new Map();
      for (const p of found) ofSpread.set(p.spread, (ofSpread.get(p.spread) || 0) + Math.exp(p.weight - best));
      const most = Math.max(...ofSpread.values());
      const near = [...ofSpread].filter(([, w]) => Math.log(w) > Math.log(most) - 10).map(([s]) => s);
      low = Math.max(1e-3, near[0] - step);
      high = Math.min(Math.SQRT1_2, near[near.length - 1] + step);
      for (const p of found) p.share = Math.exp(p.weight - best);
    }
    found.sort((p, q) => q.share - p.share);
    const all = found.reduce((sum, p) => sum + p.share, 0), kept = [];
    let sum = 0;
    for (const p of found) { kept.push(p); sum += p.share; if (sum >= 0.999 * all) break; }
    for (const p of kept) p.share /= sum;
    return kept;
  }
  function shrink(events, cases) {
    const seen = cases.map((n, i) => i).filter((i) => cases[i] > 0);
    const y = seen.map((i) => events[i]), n = seen.map((i) => cases[i]);
    const total = n.reduce((a, b) => a + b, 0), overall = y.reduce((a, b) => a + b, 0) / total;
    const result = cases.map(() => ({ rate: NaN, low: NaN, high: NaN, overall, flag: "" }));
    if (!seen.length) return result;
    const prior = priors(y, n);
    seen.forEach((i) => {
      const ends = prior.map((p) => {
        const a = p.a + events[i], b = p.b + cases[i] - events[i];
        return { a, b, lb: logBeta(a, b), share: p.share };
      });
      const below = (x) => ends.reduce((sum, p) => sum + p.share * betaShare(x, p.a, p.b, p.lb), 0);
      const rate = ends.reduce((sum, p) => sum + p.share * p.a / (p.a + p.b), 0);
      const low = reach(0.025, below), high = reach(0.975, below);
      const flag = overall === 0 || overall === 1 ? "" : low > overall ? "above" : high < overall ? "below" : "";
      result[i] = { rate, low, high, overall, flag };
    });
    return result;
  }
  return { shareInterval, shrink };
})();
