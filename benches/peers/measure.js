// What all peers share: the same content as ours, the clock, the one line that the bench reads.
import { readFileSync } from 'node:fs';

/** A document of the size of a sealed operation. */
export function document(number) {
  return {
    actor: '00000000-0000-4000-8000-000000000000',
    source: 'resident_app',
    incarnation: '00000000-0000-4000-8000-000000000001',
    device_seq: number,
    lane: { kind: 'meter', id: `00000000-0000-4000-8000-${String(number % 500).padStart(12, '0')}` },
    captured: { wall_ms: 1800000000000 + number, boot_ms: 5000 + number, boot_id: 'a', anchored: true },
    body: { kind: 'meter.rename/1', data: { meter: `m${number % 500}`, name: `Холодная вода, кухня ${number}` } },
  };
}

export function id(number) {
  return `op-${String(number).padStart(9, '0')}`;
}

/** Seconds that `work` takes. */
export async function timed(work) {
  const began = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - began) / 1e9;
}

/** The version of an installed package. */
export function version(name) {
  const file = new URL(`./node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(readFileSync(file)).version}`;
}

/** Tells the result and ends. */
export function tell(result) {
  console.log(JSON.stringify({ ...result, node: process.version }));
  process.exit(0);
}
