/** Images as a tree: what is built on nothing here at the left, and below each what is built on it. Pure. */
import { printable } from "../../core/text/printable.ts";
import type { PlannedImage } from "./images_plan.ts";

/** An image with several bases is written out below the first, and named below the others. */
export function imageTreeLines(images: readonly PlannedImage[]): string[] {
  const planned = new Map(images.map((image) => [image.context, image]));
  const shown = new Set<string>();
  const lines: string[] = [];
  const show = (image: PlannedImage, depth: number): void => {
    const { context, tags, users, bases } = image;
    const isAgain = shown.has(context);
    shown.add(context);
    const others = bases.length > 1 ? `, on ${bases.join(" and ")}` : "";
    const tail = isAgain ? " (see above)" : `: ${tags.join(" ")}${others}`;
    lines.push(printable(`${"  ".repeat(depth)}${context}${tail}`));
    if (isAgain) return;
    for (const user of users) {
      const next = planned.get(user);
      if (next !== undefined) show(next, depth + 1);
    }
  };
  for (const image of images) {
    if (!image.bases.some((base) => planned.has(base))) show(image, 0);
  }
  // those of a cycle have no beginning
  for (const image of images) if (!shown.has(image.context)) show(image, 0);
  return lines;
}
