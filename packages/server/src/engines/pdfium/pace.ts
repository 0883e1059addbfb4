/** Of the time that one box has, the part after which it can be told how long all pages take. */
const paceFrom = 0.2;
/** To divide what is left costs less than it saves where it takes so many times what one box has. */
const leftMin = 2;

/** Whether a box leaves the pages that are left to several: its time is over, or they would clearly take much more than that. */
export function isToBeDivided(
  msMax: number | undefined,
  { ms, done, left }: { readonly ms: number; readonly done: number; readonly left: number },
): boolean {
  if (msMax === undefined || done === 0) return false;
  if (ms > msMax) return true;
  return ms > msMax * paceFrom && (ms / done) * left > msMax * leftMin;
}
