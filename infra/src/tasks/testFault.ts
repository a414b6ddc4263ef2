import { runProgram } from './runProgram.ts';

await runProgram('tests/fault/runFault.ts', [
  'redis-server',
  'haproxy',
  'chromium',
  'fonts-noto-cjk',
  'ffmpeg',
  'espeak-ng',
  'coturn',
  'nftables',
  'iproute2',
]);
