/**
 * Whose a key is: every host bids for it, the highest bid wins. When a host comes or goes only its own keys move
 * (rendezvous hashing, Thaler and Ravishankar, 1998).
 *
 * @param names of the hosts; they, not their order, decide
 * @returns the indices of the names, the winner first, then who would win without it, and so on
 */
export function rendezvousOrder(names: readonly string[], key: string): number[] {
  const bids = names.map((name) => hash32(key, hash32(name, 0)));
  return names
    .map((_name, index) => index)
    .sort(
      (a, b) =>
        (bids[b] as number) - (bids[a] as number) || ((names[a] as string) < (names[b] as string) ? -1 : 1),
    );
}

/** FNV-1a over UTF-16 units, then the finaliser of MurmurHash3: without it similar keys bid alike. */
function hash32(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}
