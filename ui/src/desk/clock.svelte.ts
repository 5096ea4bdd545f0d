/** How often what is left is counted anew. */
const STEP_MS = 10_000;

/** Now, for deadlines: everything shown counts from the same moment. */
class Clock {
  now = $state(Date.now());
}

export const clock = new Clock();

/** Runs for as long as the workplace is shown. */
export function keepClock(): () => void {
  const tick = () => (clock.now = Date.now());
  tick();
  const timer = setInterval(tick, STEP_MS);
  return () => clearInterval(timer);
}
