/**
 * MurmurHash3 x86 32 bit with seed 0 over the UTF-8 bytes of `text`, as an unsigned integer.
 * The public algorithm of Austin Appleby; the tests hold it to published vectors, since assignments must agree across machines.
 */
export function murmur3(text: string): number {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return hashBytes(new TextEncoder().encode(text));
  }
  return hashAscii(text);
}

const firstFactor = 0xcc9e2d51;
const secondFactor = 0x1b873593;

/** Ids are ASCII: their characters are their bytes, and hashing them needs no buffer. */
function hashAscii(text: string): number {
  const { length } = text;
  let hash = 0;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    const block =
      text.charCodeAt(index) |
      (text.charCodeAt(index + 1) << 8) |
      (text.charCodeAt(index + 2) << 16) |
      (text.charCodeAt(index + 3) << 24);
    hash = mixBlock(hash, block);
  }
  let tail = 0;
  for (let offset = length - 1; offset >= index; offset -= 1)
    tail = (tail << 8) | text.charCodeAt(offset);
  return finish(hash, tail, length);
}

function hashBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  let hash = 0;
  let index = 0;
  for (; index + 4 <= length; index += 4) hash = mixBlock(hash, view.getInt32(index, true));
  let tail = 0;
  for (let offset = length - 1; offset >= index; offset -= 1)
    tail = (tail << 8) | view.getUint8(offset);
  return finish(hash, tail, length);
}

function scramble(block: number): number {
  const product = Math.imul(block, firstFactor);
  return Math.imul((product << 15) | (product >>> 17), secondFactor);
}

function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number, tail: number, length: number): number {
  let mixed = (tail === 0 ? hash : hash ^ scramble(tail)) ^ length;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
