// npm would build a wrong tree here and exit 0: workspace: and catalog: ranges mean nothing to it.
const agent = process.env.npm_config_user_agent ?? '';
if (!agent.startsWith('pnpm/')) {
  console.error(
    'This workspace is installed by pnpm. Run "npm run setup" (it fetches the right pnpm by itself),\n' +
      'or just "npm test" or "npm run demo", which set everything up first.',
  );
  process.exit(1);
}
