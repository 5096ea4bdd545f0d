import { connect, createServer, type Server, type Socket } from "node:net";

/** The cable between this computer and the server: it can be pulled out and put back. */
export class Cable {
  #server: Server;
  #sockets = new Set<Socket>();
  #pulled = false;

  private constructor(target: URL) {
    this.#server = createServer((near) => {
      if (this.#pulled) {
        near.destroy();
        return;
      }
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
    return cable;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") {
      throw new Error("the cable is not laid");
    }
    return `http://127.0.0.1:${address.port}`;
  }

  pull() {
    this.#pulled = true;
    this.#sockets.forEach((socket) => socket.destroy());
  }

  putBack() {
    this.#pulled = false;
  }

  async remove(): Promise<void> {
    this.pull();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }
}
