/**
 * Tells the users of one machine apart in the names of sockets and locks; a few letters and digits.
 * Asks for no passwd entry: a container's user often has none, and `os.userInfo()` throws for it.
 */
export function userKey(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const id = platform === 'win32' ? undefined : process.getuid?.();
  // Windows has no user numbers; its names of pipes are seen by every user of the machine.
  return id === undefined
    ? `${environment['USERDOMAIN'] ?? ''}-${environment['USERNAME'] ?? ''}`.replaceAll(
        /[^A-Za-z0-9-]/g,
        '_',
      )
    : String(id);
}
