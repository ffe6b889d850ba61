import { sha256Bytes } from '#kernel';

/** Numbers that depend on their seed alone: the same on every machine, in every run. Never used for a secret. */
export interface Random {
  /** In [0, 1), 32 bits fine. */
  next(): number;
  /** Whole, from `from` to `to` inclusive. */
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** How often something happens that happens `mean` times on average (exact Poisson below 30, normal above). */
  poisson(mean: number): number;
  /** The same items in another order; the argument is left alone. */
  shuffled<T>(items: readonly T[]): T[];
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Counter, 128 bits of state), seeded by SHA-256 of the label. */
export function randomFor(label: string): Random {
  const seed = sha256Bytes(label);
  let a = seed.readInt32LE(0);
  let b = seed.readInt32LE(4);
  let c = seed.readInt32LE(8);
  let counter = seed.readInt32LE(12);
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 16; i++) next();
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick: (items) => at(items, whole(0, items.length - 1)),
    poisson: (mean) => poisson(mean, next),
    shuffled: (items) => shuffle([...items], whole),
  };
}

function poisson(mean: number, next: () => number): number {
  if (mean <= 0) return 0;
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let n = 0;
  for (let product = next(); product > limit; product *= next()) n++;
  return n;
}

function shuffle<T>(items: T[], whole: (from: number, to: number) => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = whole(0, i);
    const held = at(items, i);
    items[i] = at(items, j);
    items[j] = held;
  }
  return items;
}

/** Items by weight, in logarithmic time. Weights need not sum to one. */
export class Weighted<T> {
  readonly #items: readonly T[];
  readonly #upTo: readonly number[];

  constructor(items: readonly T[], weight: (item: T) => number) {
    let sum = 0;
    this.#items = items;
    this.#upTo = items.map((item) => (sum += weight(item)));
  }

  static of<K extends string>(weights: Readonly<Record<K, number>>): Weighted<K> {
    return new Weighted(Object.keys(weights) as K[], (key) => weights[key]);
  }

  get total(): number {
    return this.#upTo.at(-1) ?? 0;
  }

  pick(random: Random): T {
    const aim = random.next() * this.total;
    let low = 0;
    let high = this.#upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(this.#upTo, middle) > aim) high = middle;
      else low = middle + 1;
    }
    return at(this.#items, low);
  }
}

/** @throws RangeError when there is no such item. */
export function at<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length) throw new RangeError('no such item');
  return items[index] as T;
}
