import { Agent, request as httpRequest } from 'node:http';

/** What a call of the client answered. */
interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** A client program of the wire API: it knows its base URL and the five steps, nothing else. */
export class Client {
  readonly base: string;
  readonly #agent = new Agent({ keepAlive: true });
  constructor(base: string) {
    this.base = base;
  }

  /** Uploads two documents, merges them, polls, downloads. Gives the milliseconds from "accepted" to "success". */
  async mergeTwo(first: Uint8Array, second: Uint8Array, pauseMs: number): Promise<number> {
    const links = [await this.upload('a.pdf', first), await this.upload('b.pdf', second)];
    const { jobId, url } = await this.json(`/pdf/merge?async=True&name=result.pdf&url=${links.join(',')}`);
    const accepted = performance.now();
    await this.waitFor(String(jobId), pauseMs);
    const elapsedMs = performance.now() - accepted;
    const result = await this.send('GET', String(url));
    if (result.status !== 200 || result.body.toString('latin1', 0, 5) !== '%PDF-')
      throw new Error('the result is no PDF');
    return elapsedMs;
  }

  /** Gives the link to the uploaded document. */
  async upload(name: string, bytes: Uint8Array): Promise<string> {
    const { presignedUrl, url } = await this.json(
      `/file/upload/get-presigned-url?contenttype=application/octet-stream&name=${name}`,
    );
    const put = await this.send('PUT', String(presignedUrl), bytes);
    if (put.status !== 200) throw new Error(`the upload answered ${put.status}`);
    return String(url);
  }

  async waitFor(jobId: string, pauseMs: number): Promise<void> {
    for (;;) {
      const { status } = await this.json(`/job/check?jobid=${jobId}`);
      if (status === 'success') return;
      if (status !== 'working') throw new Error(`the job ended as ${String(status)}`);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async json(path: string): Promise<Record<string, unknown>> {
    const answer = await this.send('GET', this.base + path);
    const body = JSON.parse(answer.body.toString()) as Record<string, unknown>;
    if (answer.status !== 200 || body['error'] === true)
      throw new Error(`${answer.status}: ${String(body['message'])}`);
    return body;
  }

  send(method: string, url: string, bytes?: Uint8Array): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(url, { method, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      });
      request.on('error', reject);
      request.end(bytes);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
