/** Every code of the contract in words. Switches are exhaustive: a new code does not compile until it has a text. */
export * from "./failure";
export * from "./field";
export * from "./mark";
export * from "./meter";
export * from "./pill";
export * from "./reading";
export * from "./rejection";
export * from "./ticket";
