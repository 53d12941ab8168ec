// A server in front of the program: counts what goes to the browser, can be cut off (a browser that is
// told to be offline lets its service worker through), and can stand for a later build of the client,
// in which two files have other names and the old ones are gone.
import { createHash } from "node:crypto";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** The files that a later build has under new names: the first script of a page, and the editor's. */
const RENAMED = /\b((?:index|ItemEditor)-[\w-]{8})\.js/g;
const LATER = "-later.js";

export class Front {
  /** Whether it serves the later build. */
  later = false;
  private away = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private closedBytes = 0;

  private constructor(private readonly behind: URL) {
    this.server = createServer((asked, answer) => void this.answer(asked, answer));
    this.server.on("connection", (socket) => {
      if (this.away) return void socket.destroy();
      this.sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.sockets.delete(socket);
        this.closedBytes += socket.bytesWritten;
      });
    });
    this.server.on("upgrade", (asked, socket, head) => this.upgrade(asked, socket, head));
  }

  static async before(url: string): Promise<Front> {
    const front = new Front(new URL(url));
    await new Promise<void>((done) => front.server.listen(0, "127.0.0.1", done));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Bytes that were sent to browsers so far, headers included. */
  get bytes(): number {
    return [...this.sockets].reduce((sum, socket) => sum + socket.bytesWritten, this.closedBytes);
  }

  /** Cuts everybody off from the server, or lets them reach it again. */
  setAway(away: boolean): void {
    this.away = away;
    if (away) for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const path = asked.url!.split("?")[0]!;
    const rewrites = this.later && /(^\/$|\.js$|^\/(moede|forum)\/)/.test(path);
    if (this.later && path.startsWith("/assets/") && !path.endsWith(LATER) && path.match(RENAMED)) return void answer.writeHead(404).end();
    const headers = { ...asked.headers, ...(rewrites && { "accept-encoding": "identity" }) };
    const options = { host: this.behind.hostname, port: this.behind.port, method: asked.method, path: asked.url!.replace(LATER, ".js"), headers };
    const passed = request(options, (got) => {
      if (!rewrites) return void got.on("error", () => answer.destroy()).pipe(answer.writeHead(got.statusCode!, got.headers));
      void this.rewritten(got, path).then((body) => answer.writeHead(got.statusCode!, { ...got.headers, "content-length": body.length }).end(body));
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  }

  private async rewritten(got: IncomingMessage, path: string): Promise<Buffer> {
    const text = later(await textOf(got));
    return Buffer.from(path === "/sw.js" ? await this.ofThisBuild(text) : text);
  }

  /** A later build's service worker names that build and its page. */
  private async ofThisBuild(worker: string): Promise<string> {
    const page = await (await fetch(new URL("/", this.behind))).text();
    const build = /`([0-9a-f]{16})`/.exec(worker)![1]!;
    return worker.replace(sha256(page), sha256(later(page))).replace(build, sha256(build).slice(0, 16));
  }

  private upgrade(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    const behind = connect(Number(this.behind.port), this.behind.hostname, () => {
      const lines = asked.rawHeaders.reduce<string[]>((all, word, index) => (index % 2 ? [...all.slice(0, -1), `${all.at(-1)}: ${word}`] : [...all, word]), []);
      behind.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      behind.write(head);
      behind.pipe(socket).pipe(behind);
    });
    behind.on("error", () => socket.destroy());
    socket.on("error", () => behind.destroy());
  }
}

const later = (text: string): string => text.replace(RENAMED, `$1${LATER}`);

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

async function textOf(got: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of got) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
