export * from "./address";
export * from "./bytes";
export * from "./day";
export * from "./meter";
export * from "./money";
export * from "./sentence";
export * from "./unbroken";
