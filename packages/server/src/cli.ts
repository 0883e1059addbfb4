import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { deliveries, deliveriesUsage } from './commands/deliveries.ts';
import { engines, enginesUsage } from './commands/engines.ts';
import { keys, keysUsage } from './commands/keys.ts';
import { serve } from './commands/serve.ts';
import { templates, templatesUsage } from './commands/templates.ts';
import { webhooks, webhooksUsage } from './commands/webhooks.ts';
import { sayToOperator } from './compose.ts';
import { type Config, ConfigError, flagOf, readConfig, settings } from './config.ts';
import { version } from './version.ts';

/** A command gets the settings and what stands behind its name, and gives the exit code. */
export type Command = (config: Config, words: readonly string[]) => Promise<number>;

const commands: Readonly<Record<string, { readonly about: string; readonly run: Command }>> = {
  serve: { about: 'Start the server (the default).', run: serve },
  doctor: {
    about:
      'doctor [--repair]: look at the settings, at what the server needs and at its files, and say what is missing.',
    run: doctor,
  },
  demo: { about: 'Show the whole flow on a server of its own, and write result.pdf here.', run: demo },
  keys: { about: keysUsage, run: keys },
  webhooks: { about: webhooksUsage, run: webhooks },
  deliveries: { about: deliveriesUsage, run: deliveries },
  templates: { about: templatesUsage, run: templates },
  engines: { about: enginesUsage, run: engines },
  version: { about: 'Print the version.', run: printVersion },
  help: { about: 'Print this page.', run: printHelp },
};

/** Runs one command line; gives the exit code: 0 done, 1 failed, 2 not understood. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  try {
    const { words, flags } = split(args);
    const name = words[0] ?? 'serve';
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new ConfigError(`There is no command "${name}": see octavo help.`);
    return await command.run(readConfig(env, flags), words.slice(1));
  } catch (error) {
    console.error(sayToOperator(error));
    return error instanceof ConfigError ? 2 : 1;
  }
}

/** What commands read themselves, in place of a setting. */
const wordsWithDashes = ['--repair', '--admin', '--failed', '--list', '--title', '--description', '--id'];

/** `--port 80` and `--port=80` are flags; everything else is a word. */
function split(args: readonly string[]): { words: string[]; flags: Map<string, string> } {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (arg === '--help' || arg === '-h') words.unshift('help');
    else if (arg === '--version' || arg === '-v') words.unshift('version');
    else if (!arg.startsWith('--') || wordsWithDashes.includes(arg.split('=', 1)[0] ?? '')) words.push(arg);
    else if (arg.includes('=')) flags.set(arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1));
    else {
      const value = args[++index];
      if (value === undefined) throw new ConfigError(`${arg} needs a value.`);
      flags.set(arg, value);
    }
  }
  return { words, flags };
}

async function printVersion(): Promise<number> {
  console.log(version);
  return 0;
}

async function printHelp(): Promise<number> {
  const rows = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(12)}${command.about}`);
  const flags = Object.values(settings).map(
    (one) =>
      `  ${flagOf(one)}, ${one.variable}${one.absent === '' ? '' : ` (${one.absent})`}\n      ${one.about}`,
  );
  console.log(
    `octavo ${version}: a document API server\n\nCommands\n${rows.join('\n')}\n\nSettings: flag, variable (default)\n${flags.join('\n')}`,
  );
  return 0;
}
