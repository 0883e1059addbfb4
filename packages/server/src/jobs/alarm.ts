/** One timer for the earliest of all times that it is given. */
export interface Alarm {
  /** Rings when so much time has passed, or earlier for another time that it was given. */
  within(ms: number): void;
  stop(): void;
}

/** Set for no time yet. It does not keep the process alive. */
export function createAlarm(ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let ringsAt = Number.POSITIVE_INFINITY;
  return {
    within(ms) {
      const at = performance.now() + ms;
      if (at >= ringsAt) return;
      clearTimeout(timer);
      ringsAt = at;
      timer = setTimeout(() => {
        ringsAt = Number.POSITIVE_INFINITY;
        ring();
      }, ms).unref();
    },
    stop: () => clearTimeout(timer),
  };
}
