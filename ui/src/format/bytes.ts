import * as m from "#texts";
import { decimalMark } from "./meter";

/** The size of a file as people read it: «340 КБ», «1,2 МБ». */
export function fileSize(bytes: number): string {
  if (bytes < 1000) {
    return m.bytes({ size: bytes });
  }
  // Rounded before the unit is chosen: 999 960 bytes are «1 МБ», not «1000 КБ».
  const kilobytes = Math.round(bytes / 1024);
  if (kilobytes < 1000) {
    return m.kilobytes({ size: Math.max(1, kilobytes) });
  }
  const megabytes = bytes / (1024 * 1024);
  const size = megabytes < 10 ? String(Math.round(megabytes * 10) / 10) : String(Math.round(megabytes));
  return m.megabytes({ size: size.replace(".", decimalMark()) });
}
