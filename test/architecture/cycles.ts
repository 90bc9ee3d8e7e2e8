/**
 * One ring for every group of nodes that reach one another, as a path that ends where it began.
 * A walk of depth first; what was finished without a ring is not walked again.
 */
export function findCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const rings: string[][] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const visit = (node: string): void => {
    if (finished.has(node)) return;
    if (onPath.has(node)) {
      rings.push([...path.slice(path.indexOf(node)), node]);
      return;
    }
    path.push(node);
    onPath.add(node);
    for (const next of graph.get(node) ?? []) visit(next);
    path.pop();
    onPath.delete(node);
    finished.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return rings;
}
