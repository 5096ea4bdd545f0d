import * as m from "#texts";
import { day, dayYear, meterValue, rounded, volume } from "../format";
import type { MeterValue } from "../platform/bindings/MeterValue";
import type { Question } from "../platform/bindings/Question";
import type { Refusal } from "../platform/bindings/Refusal";
import type { Slip } from "../platform/bindings/Slip";
import type { Unit } from "../platform/bindings/Unit";

function amount(value: MeterValue, unit: Unit | undefined): string {
  return unit === undefined ? meterValue(value) : volume(value, unit);
}

/** What slip of the hand would explain an odd value. */
export function slipWords(slip: Slip): string {
  switch (slip.kind) {
    case "swapped_digits":
      return m.slip_swapped({ first: slip.first, second: slip.second });
    case "comma":
      return m.slip_comma();
  }
}

function withSlip(words: string, slip: Slip | null): string {
  return slip === null ? words : `${words} ${slipWords(slip)}`;
}

/** Why a reading cannot be taken. The unit is named where the caller knows it. */
export function refusalWords(refusal: Refusal, unit?: Unit): string {
  switch (refusal.code) {
    case "meter_automatic":
      return m.refusal_meter_automatic();
    case "meter_archived":
      return m.refusal_meter_archived({ on: day(refusal.on) });
    case "verification_overdue":
      return m.refusal_verification_overdue({ until: dayYear(refusal.until) });
    case "wrong_value_count":
      return m.refusal_wrong_value_count({ needs: refusal.needs });
    case "not_on_dial":
      return refusal.decimals === 0
        ? m.refusal_not_on_dial_whole({ digits: refusal.digits })
        : m.refusal_not_on_dial({ digits: refusal.digits, decimals: refusal.decimals });
    case "lower_than_last":
      return m.refusal_lower_than_last({ last: amount(refusal.last, unit) });
    case "too_large":
      return withSlip(
        m.refusal_too_large({ volume: amount(refusal.volume, unit), limit: amount(refusal.limit, unit) }),
        refusal.slip,
      );
  }
}

/** What a person is asked before a reading goes. */
export function questionWords(question: Question, unit?: Unit): string {
  switch (question.code) {
    case "roll_over":
      return m.question_roll_over({ volume: amount(question.volume, unit) });
    case "above_usual":
      return question.slip === null
        ? m.question_above_usual({ usual: amount(rounded(question.usual), unit), volume: amount(question.volume, unit) })
        : withSlip(m.question_above_usual_slip({ usual: amount(rounded(question.usual), unit) }), question.slip);
    case "above_limit":
      return withSlip(
        m.question_above_limit({ volume: amount(question.volume, unit), limit: amount(question.limit, unit) }),
        question.slip,
      );
  }
}
