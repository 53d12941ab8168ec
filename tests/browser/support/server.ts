// The real program as a child process, on a data folder of its own.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const BINARY = resolve(import.meta.dirname, process.env.DAGSORDEN_BIN ?? "../../../target/debug/dagsorden");
/** All browsers of a test share one address, so its allowance must cover all of them. */
const REQUESTS_PER_SECOND = "500";

export class Server {
  url = "";
  #child: ChildProcess | undefined;

  private constructor(readonly data: string) {}

  static async start(): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), "dagsorden-browser-")));
    await server.open("127.0.0.1:0");
    return server;
  }

  /** Starts again on the same address and the same log. */
  async restart(): Promise<void> {
    await this.open(new URL(this.url).host);
  }

  private async open(listen: string): Promise<void> {
    const child = spawn(
      BINARY,
      ["serve", "--demo", "--data", this.data, "--listen", listen, "--requests-per-second", REQUESTS_PER_SECOND],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    this.#child = child;
    this.url = await firstAddress(child);
  }

  /** Ends it in order (SIGTERM) or at once (SIGKILL), and waits until it is gone. */
  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await gone;
  }

  /** Runs another command of the program on the same log; the server must have ended. */
  async run(command: string, ...more: string[]): Promise<string> {
    return (await promisify(execFile)(BINARY, [command, "--data", this.data, ...more])).stdout;
  }

  /** Makes all that is in its log older; it must have ended. */
  async age(days: number): Promise<void> {
    await promisify(execFile)(join(dirname(BINARY), "age-log"), [this.data, String(days)]);
  }

  async remove(): Promise<void> {
    await this.end();
    await rm(this.data, { recursive: true, force: true });
  }
}

/** The address on the first line, "Dagsorden: http://…". */
function firstAddress(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`${BINARY} ended with ${code} before it listened`)));
    createInterface({ input: child.stdout! }).once("line", (line) => {
      const address = /^Dagsorden: (http:\/\/\S+)$/.exec(line)?.[1];
      if (address) done(address);
      else failed(new Error(`unexpected first line: ${line}`));
    });
  });
}
