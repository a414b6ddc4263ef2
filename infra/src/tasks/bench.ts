import { runProgram } from './runProgram.ts';

await runProgram('tests/bench/runBench.ts', [
  'redis-server',
  'haproxy',
  'chromium',
  'fonts-noto-cjk',
  'ffmpeg',
  'espeak-ng',
]);
