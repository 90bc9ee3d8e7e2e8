import { findCycles } from './cycles.js';
import type { ImportOf } from './imports.js';
import type { Violation } from './source-file.js';

/** Folders (or files) of one folder, lowest tier first: a tier may import itself and what is below. */
export interface Layering {
  /** The folder, `src/` for the whole. */
  readonly folder: string;
  readonly tiers: readonly (readonly string[])[];
  /** Whether other folders are entered through their index.ts only. */
  readonly throughIndex: boolean;
}

/** The part of a layering that a file belongs to: `src/a/b/c.ts` is `a` of `src/`. */
function partOf(folder: string, path: string): string | undefined {
  return path.startsWith(folder) ? path.slice(folder.length).split('/')[0] : undefined;
}

/** Imports that point upwards, folders that import one another in a ring, and doors that were missed. */
export function layerViolations(layering: Layering, imports: readonly ImportOf[]): Violation[] {
  const { folder, tiers, throughIndex } = layering;
  const rank = new Map(tiers.flatMap((names, tier) => names.map((name) => [name, tier] as const)));
  const violations: Violation[] = [];
  const between = new Map<string, Set<string>>();
  for (const { from, line, to } of imports) {
    const [source, target] = [partOf(folder, from), partOf(folder, to)];
    if (source === undefined || target === undefined || source === target) continue;
    const [sourceRank, targetRank] = [rank.get(source), rank.get(target)];
    // Reported once for the file itself, by unknownParts.
    if (sourceRank === undefined || targetRank === undefined) continue;
    if (targetRank > sourceRank)
      violations.push({ path: from, line, text: `${source} may not import ${target}, which lies above it` });
    else if (targetRank === sourceRank) between.set(source, (between.get(source) ?? new Set()).add(target));
    if (throughIndex && to !== `${folder}${target}/index.ts`)
      violations.push({ path: from, line, text: `imports ${to}; must be ${folder}${target}/index.ts` });
  }
  for (const ring of findCycles(between))
    violations.push({ path: folder, text: `folders import one another in a ring: ${ring.join(' → ')}` });
  return violations;
}

/** Files in a folder that the layering does not know: a new folder must be given its place. */
export function unknownParts({ folder, tiers }: Layering, paths: readonly string[]): Violation[] {
  const known = new Set(tiers.flat());
  return paths.flatMap((path) => {
    const part = partOf(folder, path);
    if (part === undefined || known.has(part)) return [];
    return [{ path, text: `${part} has no place among the layers of ${folder}` }];
  });
}

/** Files that import one another in a ring, type imports included. */
export function fileCycles(imports: readonly ImportOf[]): Violation[] {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of imports) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  return findCycles(graph).map((ring) => ({
    path: ring[0] ?? '',
    text: `imports itself by a ring: ${ring.join(' → ')}`,
  }));
}
