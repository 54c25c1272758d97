"use strict";
/* Counts by several things at once, and their sums over what is chosen. */
const Cubes = (() => {
  function unpacked(packed) {
    const places = packed.dims.map(() => new Int32Array(packed.at.length));
    let flat = 0;
    packed.at.forEach((step, i) => {
      flat += step;
      let rest = flat;
      for (let d = packed.dims.length - 1; d >= 0; d--) {
        places[d][i] = rest % packed.sizes[d];
        rest = Math.floor(rest / packed.sizes[d]);
      }
    });
    const at = Object.fromEntries(packed.dims.map((name, d) => [name, places[d]]));
    return { at, sizes: Object.fromEntries(packed.dims.map((name, d) => [name, packed.sizes[d]])), sums: packed.sums, cells: packed.at.length };
  }
  const within = (choice, name, place) =>
    name === "period" ? place >= choice.from && place <= choice.to : choice[name] === undefined || choice[name] < 0 || choice[name] === place;
  /* Sums of the cells that are chosen, one for each place along `by` (a list of dimensions; none: one for all). */
  function totals(cube, choice, by = []) {
    const names = Object.keys(cube.at).filter((name) => name === "period" || choice[name] >= 0);
    const measures = Object.keys(cube.sums);
    const size = by.reduce((all, name) => all * cube.sizes[name], 1);
    const found = Array.from({ length: size }, () => Object.fromEntries(measures.map((m) => [m, 0])));
    for (let i = 0; i < cube.cells; i++) {
      if (!names.every((name) => within(choice, name, cube.at[name][i]))) continue;
      const place = by.reduce((flat, name) => flat * cube.sizes[name] + cube.at[name][i], 0);
      for (const m of measures) found[place][m] += cube.sums[m][i];
    }
    return found;
  }
  /* Customers of the chosen periods: visits there whose visit before lies earlier. */
  function customers(cube, choice) {
    const pick = (name) => (choice[name] >= 0 ? choice[name] : cube.sizes[name] - 1);
    const branch = pick("branch"), channel = pick("channel"), none = cube.sizes.before - 1;
    let n = 0;
    for (let i = 0; i < cube.cells; i++) {
      const { period, before } = cube.at, inside = period[i] >= choice.from && period[i] <= choice.to;
      if (inside && cube.at.branch[i] === branch && cube.at.channel[i] === channel && (before[i] === none || before[i] < choice.from)) n += cube.sums.n[i];
    }
    return n;
  }
  return { unpacked, totals, customers };
})();
