const zero = 0x30;

/** Writes the digits of a whole number that is not below 0, and gives where they end. */
export function putDigits(bytes: Uint8Array, at: number, value: number): number {
  let end = at + 1;
  for (let left = value; left >= 10; left = Math.floor(left / 10)) end += 1;
  for (let place = end - 1, left = value; place >= at; place -= 1) {
    const next = Math.floor(left / 10);
    bytes[place] = zero + left - next * 10;
    left = next;
  }
  return end;
}
