/** One line that is written over, on a terminal only. */
export interface Progress {
  begin(name: string, orders: number): void;
  report(part: string, placed: number, kills: number): void;
  end(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  const parts = new Map<string, readonly [placed: number, kills: number]>();
  let name = '';
  let orders = 0;
  let shown = false;
  return {
    begin(given, total) {
      parts.clear();
      name = given;
      orders = total;
    },
    report(part, placed, kills) {
      if (!stream.isTTY) return;
      parts.set(part, [placed, kills]);
      const sum = [...parts.values()].reduce(
        ([allPlaced, allKills], [one, other]) => [allPlaced + one, allKills + other] as const,
        [0, 0] as const,
      );
      stream.write(`\r\u001b[K${name}: ${sum[0]} of about ${orders} orders, ${sum[1]} kills`);
      shown = true;
    },
    end() {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}
