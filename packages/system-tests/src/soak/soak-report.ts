/** What a soak came to. */
export interface SoakReport {
  readonly seed: number;
  readonly days: number;
  readonly wallSeconds: number;
  /** Places the bots called for, and orders the venue had. */
  readonly placed: number;
  readonly venueOrders: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Places by the executor that delivered the attempt that decided. */
  readonly executors: Readonly<Record<string, number>>;
  readonly kills: number;
  readonly starts: number;
  readonly failedStarts: number;
  readonly hubDrops: number;
  readonly logins: number;
  readonly revocations: number;
  readonly clockSteps: number;
  readonly sleeps: number;
  readonly rolls: number;
  readonly faultsStruck: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
  /** By account: percent, and how often the share moved. */
  readonly ramps: readonly string[];
  readonly duplicates: number;
  readonly lost: number;
  readonly falseFailures: number;
  readonly unsettled: number;
  readonly heapEarlyMb: number;
  readonly heapLateMb: number;
  readonly heapRatio: number;
  readonly unhandledRejections: number;
  /** Empty when everything holds. */
  readonly failures: readonly string[];
}

/** The verdict for a person. */
export function soakText(report: SoakReport): string {
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  const { failures } = report;
  return [
    `Seed ${report.seed}: ${report.days} days in ${report.wallSeconds.toFixed(0)} s. ${report.placed} places by two bots on one login, ${report.venueOrders} orders at the venue.`,
    `Outcomes: ${list(report.outcomes)}. First executor told: ${list(report.executors)}.`,
    `Troubles: ${report.kills} kills and ${report.starts} starts (${report.failedStarts} more failed), ${report.hubDrops} hub drops, ${report.logins} logins and renewals, ${report.revocations} revocations, ${report.clockSteps} clock steps, ${report.sleeps} sleeps, ${report.rolls} rolls.`,
    `Faults struck: ${list(report.faultsStruck)}.`,
    `Events: ${list(report.events)}.`,
    `Ramps: ${report.ramps.join('; ')}.`,
    `Duplicates ${report.duplicates}, lost ${report.lost}, false failures ${report.falseFailures}, unsettled ${report.unsettled}, unhandled rejections ${report.unhandledRejections}.`,
    `Heap ${report.heapEarlyMb.toFixed(1)} MB early, ${report.heapLateMb.toFixed(1)} MB late: ×${report.heapRatio.toFixed(3)}.`,
    failures.length === 0
      ? 'Everything holds.'
      : `It does not hold:\n${failures.map((failure) => `  ${failure}`).join('\n')}`,
  ].join('\n');
}
