//! Divides a rectangle into smaller ones by size, each as near to a square as can be (Bruls, Huizing, van Wijk: Squarified Treemaps).

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One box for each size, in the same order. Sizes must be positive and are best sorted, the biggest first. */
export function squarify(sizes: number[], into: Box): Box[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= 0 || into.width <= 0 || into.height <= 0) return sizes.map(() => ({ ...into, width: 0, height: 0 }));
  const areas = sizes.map((size) => (size / total) * into.width * into.height);
  const boxes: Box[] = [];
  let rest = { ...into };
  let start = 0;
  while (start < areas.length) {
    const side = Math.min(rest.width, rest.height);
    let end = start + 1;
    while (end < areas.length && worst(areas.slice(start, end + 1), side) <= worst(areas.slice(start, end), side)) end += 1;
    const row = areas.slice(start, end);
    const sum = row.reduce((a, b) => a + b, 0);
    const upright = rest.width >= rest.height;
    const thick = side > 0 ? sum / side : 0;
    let along = 0;
    for (const area of row) {
      const long = thick > 0 ? area / thick : 0;
      boxes.push(upright ? { x: rest.x, y: rest.y + along, width: thick, height: long } : { x: rest.x + along, y: rest.y, width: long, height: thick });
      along += long;
    }
    rest = upright
      ? { ...rest, x: rest.x + thick, width: Math.max(0, rest.width - thick) }
      : { ...rest, y: rest.y + thick, height: Math.max(0, rest.height - thick) };
    start = end;
  }
  return boxes;
}

/** How far the worst of a row is from a square. */
function worst(row: number[], side: number): number {
  const sum = row.reduce((a, b) => a + b, 0);
  if (sum <= 0) return Infinity;
  const least = Math.min(...row);
  const most = Math.max(...row);
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * Math.max(least, 1e-9)));
}
