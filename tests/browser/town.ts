/** Where the running programs are. The stage starts them and says so in the environment. */
function need(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`${name} is not set: run these specs through «cargo xtask test» or the program «stage browser»`);
  }
  return value;
}

export const town = {
  get server() {
    return need("ZHKH_SERVER_URL");
  },
  get sandbox() {
    return need("ZHKH_SANDBOX_URL");
  },
  get bridge() {
    return need("ZHKH_BRIDGE");
  },
  get ui() {
    return need("ZHKH_UI");
  },
  get work() {
    return need("ZHKH_WORK");
  },
};

/** A bridge that somebody else started, for looking at one by hand. */
export const givenBridge = process.env["ZHKH_BRIDGE_URL"];

interface Said {
  phone: string;
  code: string;
  at_ms: number;
}

/** What the robot said to a phone, newest call last. */
export async function said(phone: string): Promise<Said[]> {
  const digits = phone.replace(/\D/g, "");
  const response = await fetch(`${town.sandbox}/said?phone=${digits}`);
  const calls = (await response.json()) as Said[];
  return calls.sort((a, b) => a.at_ms - b.at_ms);
}
