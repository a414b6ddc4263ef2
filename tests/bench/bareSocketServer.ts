/**
 * The yardstick of the socket rows, in a process of its own: Socket.IO with our settings and nothing else. Says its port
 * and, on request, its memory; emits what it is told to.
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, {
  path: '/socket',
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
});
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : null });
});
process.on('message', (asked: { emit?: number; memory?: boolean }) => {
  if (asked.memory === true) {
    globalThis.gc?.();
    process.send?.({ rss: process.memoryUsage().rss });
  }
  for (let serial = 0; serial < (asked.emit ?? 0); serial += 1) io.emit('tick', { sentAt: Date.now(), serial });
});
process.on('disconnect', () => process.exit(0));
