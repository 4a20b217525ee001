// Opens what is locked for one device alone: libsodium's sealed box (X25519, BLAKE2b, XSalsa20). Written from RFC 7748, RFC 7693 and the papers on
// NaCl, so that the tests do not read it with the code that wrote it. It takes no notice of the box's authenticator.
import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";

const PUBLIC_HEAD = Buffer.from("302a300506032b656e032100", "hex");
const PRIVATE_HEAD = Buffer.from("302e020100300506032b656e04220420", "hex");

const publicOf = (raw) => createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: "der", type: "spki" });

/** A pair of keys, raw. */
export function keyPair(secret) {
  const key = secret ? createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, secret]), format: "der", type: "pkcs8" }) : generateKeyPairSync("x25519").privateKey;
  return { key, publicKey: createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32) };
}

// --- BLAKE2b, one block, unkeyed (RFC 7693) -----------------------------------------------------------

const MASK = (1n << 64n) - 1n;
const IV = [0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n, 0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n];
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const LANES = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];

/** BLAKE2b of at most one block. */
function blake2b(input, length) {
  const block = Buffer.alloc(128);
  input.copy(block);
  const m = Array.from({ length: 16 }, (_, i) => block.readBigUInt64LE(i * 8));
  const h = [...IV];
  h[0] ^= 0x01010000n ^ BigInt(length);
  const v = [...h, ...IV];
  v[12] ^= BigInt(input.length);
  v[14] ^= MASK;
  const turn = (x, n) => ((x >> n) | (x << (64n - n))) & MASK;
  for (let round = 0; round < 12; round++) {
    LANES.forEach(([a, b, c, d], i) => {
      const order = SIGMA[round % 10];
      v[a] = (v[a] + v[b] + m[order[2 * i]]) & MASK;
      v[d] = turn(v[d] ^ v[a], 32n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = turn(v[b] ^ v[c], 24n);
      v[a] = (v[a] + v[b] + m[order[2 * i + 1]]) & MASK;
      v[d] = turn(v[d] ^ v[a], 16n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = turn(v[b] ^ v[c], 63n);
    });
  }
  const out = Buffer.alloc(64);
  h.forEach((x, i) => out.writeBigUInt64LE(x ^ v[i] ^ v[i + 8], i * 8));
  return out.subarray(0, length);
}

// --- XSalsa20 ------------------------------------------------------------------------------------------

const SIGMA32 = Buffer.from("expand 32-byte k");
const words = (bytes) => Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4));
const QUARTERS = [[0, 4, 8, 12], [5, 9, 13, 1], [10, 14, 2, 6], [15, 3, 7, 11], [0, 1, 2, 3], [5, 6, 7, 4], [10, 11, 8, 9], [15, 12, 13, 14]];

function rounds(key, input) {
  const [k, c, n] = [words(key), words(SIGMA32), words(input)];
  const start = [c[0], k[0], k[1], k[2], k[3], c[1], n[0], n[1], n[2], n[3], c[2], k[4], k[5], k[6], k[7], c[3]];
  const x = [...start];
  const mix = (to, a, b, by) => {
    const sum = (x[a] + x[b]) | 0;
    x[to] ^= (sum << by) | (sum >>> (32 - by));
  };
  for (let i = 0; i < 10; i++) {
    for (const [a, b, c4, d] of QUARTERS) {
      mix(b, a, d, 7);
      mix(c4, b, a, 9);
      mix(d, c4, b, 13);
      mix(a, d, c4, 18);
    }
  }
  return { start, x };
}

const bytesOf = (list) => {
  const out = Buffer.alloc(list.length * 4);
  list.forEach((word, i) => out.writeUInt32LE(word >>> 0, i * 4));
  return out;
};

function hsalsa20(key, input) {
  const { x } = rounds(key, input);
  return bytesOf([0, 5, 10, 15, 6, 7, 8, 9].map((i) => x[i]));
}

function salsa20(key, nonce, length) {
  const blocks = [];
  for (let n = 0; n * 64 < length; n++) {
    const counter = Buffer.alloc(8);
    counter.writeUInt32LE(n);
    const { start, x } = rounds(key, Buffer.concat([nonce, counter]));
    blocks.push(bytesOf(x.map((word, i) => (word + start[i]) | 0)));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** The text in a sealed box in base64. */
export function open(sealed, pair) {
  const box = Buffer.from(sealed, "base64");
  const theirs = box.subarray(0, 32);
  const shared = diffieHellman({ privateKey: pair.key, publicKey: publicOf(theirs) });
  const nonce = blake2b(Buffer.concat([theirs, pair.publicKey]), 24);
  const key = hsalsa20(hsalsa20(shared, Buffer.alloc(16)), nonce.subarray(0, 16));
  // The first 32 bytes of the stream are the authenticator's key.
  const cipher = box.subarray(48);
  const stream = salsa20(key, nonce.subarray(16), 32 + cipher.length).subarray(32);
  return Buffer.from(cipher.map((byte, i) => byte ^ stream[i])).toString("utf8");
}
