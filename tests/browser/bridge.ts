import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ListeningProgram } from "./listening";
import { town } from "./town";

/** A desktop core of one computer, with its own data folder and a keyring in a file. */
export class Computer {
  url = "";
  readonly #program = new ListeningProgram();
  #folder: string;
  #server: string;
  #keyring: boolean;

  constructor(name: string, server: string, keyring = true) {
    this.#folder = join(town.work, "computers", name);
    this.#server = server;
    this.#keyring = keyring;
  }

  /** Starts the program; the same data as before, if there are any. Its clock may be wrong by so much, fast when positive. */
  async start(clockOffsetMs = 0): Promise<void> {
    const data = join(this.#folder, "data");
    await mkdir(data, { recursive: true });
    const args = ["--listen", "127.0.0.1:0", "--server", this.#server, "--data", data, "--ui", town.ui];
    if (this.#keyring) {
      args.push("--keyring-file", join(this.#folder, "keyring.json"));
    }
    if (clockOffsetMs !== 0) {
      args.push("--clock-offset-ms", String(clockOffsetMs));
    }
    this.url = await this.#program.start(town.bridge, args, join(this.#folder, "bridge.log"));
  }

  /** Every file and page that the program handed to the system's programs, in order. */
  async opened(): Promise<string[]> {
    const text = await readFile(join(this.#folder, "data", "opened.txt"), "utf8").catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  /** As when the power goes: nothing is told, nothing is tidied. */
  async kill(): Promise<void> {
    await this.#program.kill();
  }
}
