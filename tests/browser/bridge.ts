import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { town } from "./town";

/** A desktop core of one computer, with its own data folder and a keyring in a file. */
export class Computer {
  url = "";
  #child: ChildProcess | null = null;
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
    const child = spawn(town.bridge, args, { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.pipe(createWriteStream(join(this.#folder, "bridge.log"), { flags: "a" }));
    this.#child = child;
    this.url = await new Promise<string>((listening, failed) => {
      child.once("exit", (code) => failed(new Error(`the bridge ended with ${code}; see ${this.#folder}/bridge.log`)));
      createInterface({ input: child.stdout }).once("line", (line) => {
        listening(`http://${(JSON.parse(line) as { listening: string }).listening}`);
      });
    });
  }

  /** As when the power goes: nothing is told, nothing is tidied. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((ended) => child.once("exit", ended));
      child.kill("SIGKILL");
      await gone;
    }
  }
}
