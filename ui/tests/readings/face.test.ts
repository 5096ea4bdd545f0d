import { describe, expect, it } from "vitest";
import { caretOf, cellsOf, cursorOf, erase, isComplete, move, nothing, paste, pointAt, press, roll, shownOf, textOf, typedFrom, type Face, type Typed } from "../../src/sections/readings/face";

const water: Face = { digits: 5, decimals: 3 };
const light: Face = { digits: 6, decimals: 0 };

function type(keys: string, face: Face = water, from: Typed = nothing): Typed {
  return [...keys].reduce((typed, key) => press(typed, face, key).typed, from);
}
const drums = (typed: Typed, face: Face = water) => cellsOf(typed, face).map((cell) => cell ?? "_").join("");

describe("typing on the face", () => {
  it("ends in the same drums whether the zeros and the comma are typed or not", () => {
    for (const keys of ["460,604", "460.604", "00460604", "00460,604"]) {
      expect(drums(type(keys)), keys).toBe("00460604".replace(/^00/, keys.startsWith("0") ? "00" : "__"));
      expect(shownOf(type(keys), water), keys).toBe("00460,604");
    }
  });

  it("pushes digits from the units to the left, so that the drums always show the number typed", () => {
    expect(drums(type("4"))).toBe("____4___");
    expect(drums(type("46"))).toBe("___46___");
    expect(cursorOf(type("46"), water)).toBe(4);
    expect(cursorOf(type("460,"), water)).toBe(5);
    expect(cursorOf(type("00460"), water)).toBe(5);
  });

  it("replaces a value that is there with the first digit, but not when an arrow came first", () => {
    const there = typedFrom("00222,371");
    expect(textOf(type("4", water, there))).toBe("4");
    expect(textOf(type("9", water, move(there, water, "left")))).toBe("90222,371");
    expect(textOf(type("9", water, pointAt(there, 7)))).toBe("00222,379");
  });

  it("refuses letters, a second comma and a digit too many, each with its own reason, and keeps what was typed", () => {
    const full = type("00460604");
    expect(press(full, water, "1")).toEqual({ typed: full, problem: "face_full" });
    expect(press(nothing, water, "я").problem).toBe("not_a_digit");
    expect(press(nothing, water, " ").problem).toBe("not_a_digit");
    expect(press(type("460,6"), water, ",").problem).toBe("second_comma");
    expect(press(type("14208", light), light, ",").problem).toBe("no_decimals");
    expect(press(type("014208", light), light, "1").problem).toBe("face_full");
  });

  it("erases one digit at a time, through the comma", () => {
    let typed = type("00460,6");
    typed = erase(typed, water, "back");
    expect(textOf(typed)).toBe("00460");
    typed = erase(typed, water, "back");
    expect(textOf(typed)).toBe("0046");
    expect(textOf(erase(type("460,"), water, "back"))).toBe("460");
    expect(erase(typedFrom("00222,371"), water, "back")).toEqual(nothing);
    expect(textOf(erase(pointAt(typedFrom("00222,371"), 5), water, "here"))).toBe("00222,071");
  });
});

describe("arrows", () => {
  it("walk over the drums and stop at both ends", () => {
    let typed = type("00460,604");
    for (let step = 0; step < 20; step++) typed = move(typed, water, "left");
    expect(cursorOf(typed, water)).toBe(0);
    for (let step = 0; step < 20; step++) typed = move(typed, water, "right");
    expect(cursorOf(typed, water)).toBe(7);
  });

  it("roll the digit under the cursor round, from an empty face starting at the last value", () => {
    const start = roll(nothing, water, 1, "00453,118");
    expect(textOf(start)).toBe("00454,118");
    expect(textOf(roll(pointAt(typedFrom("00459,999"), 4), water, 1, undefined))).toBe("00450,999");
    expect(textOf(roll(pointAt(typedFrom("00450,000"), 7), water, -1, undefined))).toBe("00450,009");
  });

  it("leave the native caret before the digit that the next key overwrites", () => {
    expect(caretOf({ ...type("460,604"), at: 2 }, water)).toEqual([0, 0]);
    expect(caretOf({ ...type("460,604"), at: 5 }, water)).toEqual([4, 4]);
    expect(caretOf(typedFrom("00460,604"), water)).toEqual([0, 9]);
  });
});

describe("paste", () => {
  it("takes a point, a comma, the bare face, spaces and the unit", () => {
    for (const text of ["460.604", " 460,604 м³", "00460604", "000460,604", "460,6040"]) {
      expect(shownOf(paste(nothing, water, text).typed, water), text).toBe("00460,604");
    }
    expect(textOf(paste(nothing, light, "14 208 кВт·ч").typed)).toBe("14208");
  });

  it("leaves the field as it was when the text is no value of this meter, and says why", () => {
    const before = type("4");
    expect(paste(before, water, "123456,1")).toEqual({ typed: before, problem: "too_long" });
    expect(paste(before, water, "1,2345")).toEqual({ typed: before, problem: "too_precise" });
    for (const text of ["-5", "46O", "1,2,3", ",", "", "1e5"]) {
      expect(paste(before, water, text), text).toEqual({ typed: before, problem: "not_pasted" });
    }
  });
});

it("is complete only when the last drum has its digit", () => {
  expect(isComplete(type("460,60"), water)).toBe(false);
  expect(isComplete(type("460,604"), water)).toBe(true);
  expect(isComplete(type("14208", light), light)).toBe(false);
  expect(isComplete(type("014208", light), light)).toBe(true);
});
