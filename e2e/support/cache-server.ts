import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const WRITE_TOKEN = 'write-token';
export const READ_TOKEN = 'read-token';

export interface CacheServer {
  readonly url: string;
  readonly entries: Map<string, Buffer>;
  /** Such as `GET 404` and `PUT 200`, in order. */
  readonly answers: string[];
  close(): Promise<void>;
}

/**
 * A server of Nx's self-hosted cache protocol on loopback: GET and PUT /v1/cache/{hash} with a bearer token. An entry is
 * never overwritten, and the read-only token writes none.
 */
export async function startCacheServer(): Promise<CacheServer> {
  const entries = new Map<string, Buffer>();
  const answers: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, entries).then(([status, body]) => {
      answers.push(`${request.method} ${status}`);
      send(response, status, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${port}`, entries, answers, close };
}

async function answer(request: IncomingMessage, entries: Map<string, Buffer>): Promise<[number, Buffer?]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { url = '', method, headers } = request;
  if (url === '/health') return [200];
  const [, hash] = /^\/v1\/cache\/([\w-]+)$/.exec(url) ?? [];
  if (hash === undefined) return [404];
  const token = headers.authorization?.replace(/^Bearer /, '');
  if (token !== WRITE_TOKEN && token !== READ_TOKEN) return [401];
  const known = entries.get(hash);
  if (method === 'GET') return known === undefined ? [404] : [200, known];
  if (method !== 'PUT') return [405];
  if (token === READ_TOKEN) return [403];
  if (known !== undefined) return [409];
  entries.set(hash, Buffer.concat(chunks));
  return [200];
}

function send(response: ServerResponse, status: number, body: Buffer = Buffer.alloc(0)): void {
  const type = status === 200 ? 'application/octet-stream' : 'text/plain';
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
}
