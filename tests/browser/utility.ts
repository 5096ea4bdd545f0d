import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { PERIOD } from "./core";
import { ListeningProgram } from "./listening";
import { town } from "./town";

const demo = resolve(import.meta.dirname, "../../demo");
const program = () => join(dirname(town.bridge), "zhkh-server");

/** The days of the month on which readings are taken. */
export interface Days {
  start: number;
  end: number;
}

/** Where the town's data lie after the import, untouched by any spec. */
export const imported = () => join(town.work, "imported");

/** A database that no program writes to, into a folder of its own. */
export async function copyData(from: string, to: string): Promise<void> {
  // The shared memory beside the log is made anew by whoever opens the database.
  await cp(from, to, { recursive: true, filter: (file) => !basename(file).endsWith("-shm") });
}

/** The server of a utility of its own, so that a spec may change its rules and spoil its data. */
export class Utility {
  url = "";
  #folder: string;
  readonly #server = new ListeningProgram();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Lays the data of the town, or of another utility that does not run. */
  async found(data = imported()): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await copyData(data, this.data);
    await this.setDays({ start: 1, end: 31 });
  }

  get data(): string {
    return join(this.#folder, "server");
  }

  /** Other days of acceptance; they hold from the next start. */
  async setDays(days: Days): Promise<void> {
    const settings = await readFile(join(demo, "server.toml"), "utf8");
    const changed = settings
      .replace('text_file = "consent.txt"', `text_file = ${JSON.stringify(join(demo, "consent.txt"))}`)
      .replace(/^start_day = \d+$/m, `start_day = ${days.start}`)
      .replace(/^end_day = \d+$/m, `end_day = ${days.end}`);
    await writeFile(this.#config, changed);
  }

  /** Starts the server, again where it listened before. */
  async start(): Promise<void> {
    const listen = this.url === "" ? "127.0.0.1:0" : new URL(this.url).host;
    const args = ["--config", this.#config, "serve", "--listen", listen];
    this.url = await this.#server.start(program(), args, join(this.#folder, "server.log"), this.#environment);
  }

  async stop(): Promise<void> {
    await this.#server.kill();
  }

  /** Hands the month's readings to the billing and closes the month. */
  async close(period: string): Promise<void> {
    const out = join(this.#folder, `r1-${period}.txt`);
    const args = ["--config", this.#config, "export", "r1", "--period", period, "--out", out, "--lock"];
    await promisify(execFile)(program(), args, { env: this.#environment });
  }

  /** The billing tells a reading of its last month of the kitchen's cold water meter. */
  async tell(value: string): Promise<void> {
    const account = "2140183572;Смирнова Валентина Петровна;70АА100001;5d1f0a7e-3c94-4e0b-9a61-7b2f4c8d1035,25";
    const address = "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25";
    const [year = 0, month = 0] = PERIOD.split("-").map(Number);
    const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const taken = `${lastDay}.${String(month).padStart(2, "0")}.${year}`;
    const meter = `9;0453817-21;Холодная вода, кухня;14.03.2029;${value};${taken};`;
    const file = join(this.#folder, "pokazaniya.txt");
    await writeFile(file, `${account};${address};${meter}\n`);
    await promisify(execFile)(program(), ["--config", this.#config, "import", "r1", file], { env: this.#environment });
  }

  /** Somebody new; who works on tickets and answers in the support, if nothing else is said. Gives the password. */
  async hire(login: string, name: string, roles = ["dispatcher", "support"], post = "диспетчер"): Promise<string> {
    const work = [...roles.flatMap((role) => ["--role", role]), "--post", post];
    const args = ["--config", this.#config, "staff", "add", login, "--name", name, ...work, "--generate"];
    const { stdout } = await promisify(execFile)(program(), args, { env: this.#environment });
    const password = /^Пароль: (\S+)$/m.exec(stdout)?.[1];
    if (password === undefined) {
      throw new Error(`no password was made up for ${login}: ${stdout}`);
    }
    return password;
  }

  /** From now on there is only this kind of ticket. */
  async classify(type: string, subtype: string): Promise<void> {
    const file = join(this.#folder, "classifier.csv");
    await writeFile(file, `тип;подтип;аварийный;отдел;сообщить, мин;локализовать, мин;выполнить, мин\n${type};${subtype};нет;;;;2880\n`);
    await promisify(execFile)(program(), ["--config", this.#config, "import", "classifier", file], { env: this.#environment });
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  get #config(): string {
    return join(this.#folder, "server.toml");
  }

  get #environment(): NodeJS.ProcessEnv {
    return { ...process.env, ZHKH_DATA: this.data, ZHKH_CALLS__BASE_URL: town.sandbox, ZHKH_BANK__BASE_URL: town.sandbox };
  }
}
