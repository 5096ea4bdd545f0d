export * from "./day";
export * from "./meter";
export * from "./money";
export * from "./unbroken";
