import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

/** A program of ours that prints where it listens, and that a spec may kill. */
export class ListeningProgram {
  #child: ChildProcess | null = null;

  /** Starts it; what it says of itself is added to the log. Gives the address at which it answers. */
  async start(path: string, args: string[], log: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
    const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], env });
    child.stderr.pipe(createWriteStream(log, { flags: "a" }));
    this.#child = child;
    return await new Promise<string>((listening, failed) => {
      child.once("exit", (code) => failed(new Error(`${path} ended with ${code}; see ${log}`)));
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
