/** Tags an account has used, for ever: those of remembered orders in full, older ones by a fingerprint of 53 bits, so that a million of them take some 16 MB and not some hundred. */
export class TagLedger {
  readonly #ignoresCase: boolean;
  /** Order ids by tag. */
  readonly #recent = new Map<string, number>();
  /** Open addressing; 0 is an empty place. At most half full. */
  #fingerprints = new Float64Array(64);
  #old = 0;

  constructor(ignoresCase: boolean) {
    this.#ignoresCase = ignoresCase;
  }

  /** Says "used" of an unused tag about once in ten billion looks at a million forgotten ones. */
  has(tag: string): boolean {
    const key = this.#keyOf(tag);
    if (this.#recent.has(key)) return true;
    return this.#old > 0 && this.#fingerprints[this.#placeOf(fingerprint(key))] !== 0;
  }

  take(tag: string, orderId: number): void {
    this.#recent.set(this.#keyOf(tag), orderId);
  }

  /** The order is forgotten; its tag stays used. */
  shrink(tag: string): void {
    const key = this.#keyOf(tag);
    if (!this.#recent.delete(key)) return;
    if ((this.#old + 1) * 2 > this.#fingerprints.length) this.#grow();
    const print = fingerprint(key);
    const place = this.#placeOf(print);
    if (this.#fingerprints[place] === 0) this.#old += 1;
    this.#fingerprints[place] = print;
  }

  #keyOf(tag: string): string {
    return this.#ignoresCase ? tag.toLowerCase() : tag;
  }

  /** Where a fingerprint stands, or the empty place where it would. */
  #placeOf(print: number): number {
    const places = this.#fingerprints;
    let place = print % places.length;
    while (places[place] !== 0 && places[place] !== print) place = (place + 1) % places.length;
    return place;
  }

  #grow(): void {
    const former = this.#fingerprints;
    this.#fingerprints = new Float64Array(former.length * 2);
    for (const print of former) if (print !== 0) this.#fingerprints[this.#placeOf(print)] = print;
  }
}

/** Two runs of FNV-1a over the tag, one of them backwards, 53 bits in all; never 0. */
function fingerprint(text: string): number {
  let forwards = 0x811c9dc5;
  let backwards = 0x9747b28c;
  for (let index = 0; index < text.length; index += 1) {
    forwards = Math.imul(forwards ^ text.charCodeAt(index), 0x01000193);
    backwards = Math.imul(backwards ^ text.charCodeAt(text.length - 1 - index), 0x01000193);
  }
  return (forwards >>> 0) * 0x200000 + (mixed(backwards) >>> 11) + 1;
}

/** FNV leaves the upper bits of short texts alike. */
function mixed(hash: number): number {
  const folded = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (folded ^ (folded >>> 13)) >>> 0;
}
