import { runProgram } from './runProgram.ts';

await runProgram('tests/demo/runDemo.ts', [
  'redis-server',
  'haproxy',
  'chromium',
  'fonts-noto-cjk',
  'ffmpeg',
  'espeak-ng',
]);
