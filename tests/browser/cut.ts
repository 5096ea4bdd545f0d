import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The cable between this computer and the server: it can be pulled out and put back. */
export class Cable {
  #server: Server;
  #sockets = new Set<Socket>();
  #port = 0;
  #pulled = false;

  private constructor(target: URL) {
    this.#server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on("close", () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
        socket.on("error", () => socket.destroy());
      }
      near.pipe(far).pipe(near);
    });
  }

  static async to(url: string): Promise<Cable> {
    const cable = new Cable(new URL(url));
    await new Promise<void>((listening) => cable.#server.listen(0, "127.0.0.1", listening));
    cable.#port = (cable.#server.address() as AddressInfo).port;
    return cable;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Nothing can be reached any more, and what was on its way is cut. */
  pull() {
    if (!this.#pulled) {
      this.#pulled = true;
      this.#server.close();
    }
    this.#sockets.forEach((socket) => socket.destroy());
  }

  putBack() {
    this.#pulled = false;
    this.#server.listen(this.#port, "127.0.0.1");
  }

  remove() {
    this.pull();
  }
}
