import type { Journal, JournalRecord } from '@hotpath/core';
import type { Life } from './life.ts';

/** A journal that takes no line any more when its life has ended. The moments before and after each line are instants of that life. */
export function mortalJournal(journal: Journal, life: Life): Journal {
  life.atEnd(() => journal.close());
  const alive = (): void => {
    if (life.isDead) throw new Error('killed');
  };
  return {
    get prefix() {
      return journal.prefix;
    },
    open: (scope) => journal.open(scope),
    append(record) {
      const name = nameOf(record);
      life.reach(`before ${name}`);
      alive();
      journal.append(record);
      life.reach(`after ${name}`);
      alive();
    },
    sync() {
      if (!life.isDead) journal.sync?.();
    },
    read: () => journal.read(),
    close: () => (life.isDead ? Promise.resolve() : journal.close()),
  };
}

function nameOf(record: JournalRecord): string {
  if (record.kind === 'oco') return `oco ${record.step}${'leg' in record ? ` ${record.leg}` : ''}`;
  return 'operation' in record ? `${record.kind} ${record.operation}` : record.kind;
}
