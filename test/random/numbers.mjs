/** Random numbers that are the same for the same seed (mulberry32). */
export function numbers(seed) {
  let state = seed;
  const random = (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
  return {
    random,
    pick: (list) => list[random(list.length)],
    chance: (percent) => random(100) < percent,
  };
}
