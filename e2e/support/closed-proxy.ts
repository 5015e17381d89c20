import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ClosedProxy {
  /** For a process that is to reach no host but this one. */
  readonly environment: Readonly<Record<string, string>>;
  /** What was asked of it, such as `CONNECT <host>:443`. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** An HTTP proxy on loopback that lets nothing through, and remembers who wanted out. */
export async function startClosedProxy(): Promise<ClosedProxy> {
  const requests: string[] = [];
  const server = createServer(({ method, url }, response) => {
    requests.push(`${method} ${url}`);
    response.writeHead(403).end();
  });
  server.on('connect', ({ url }, socket) => {
    requests.push(`CONNECT ${url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const names = [
    'http_proxy',
    'https_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'npm_config_proxy',
    'npm_config_https_proxy',
  ];
  const local = Object.fromEntries(
    ['no_proxy', 'NO_PROXY', 'npm_config_noproxy'].map((name) => [name, '127.0.0.1,localhost']),
  );
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { environment: { ...Object.fromEntries(names.map((name) => [name, url])), ...local }, requests, close };
}
