/** Questions about the gateway that calls of this kind can't answer, and why. For a reader of a report who wonders. */
export const unanswered: readonly { readonly question: string; readonly because: string }[] = [
  {
    question:
      '429: its body, its headers, the kind of its window, and whether it counts against it',
    because:
      'the limit would have to be spent, which takes it away from other programs of the login; one that is met is described',
  },
  {
    question: 'an empty tag, tags of legs whose entry has none',
    because: 'an order without a tag could not be found again if its answer was lost',
  },
  {
    question: 'a side that there is not',
    because: 'a gateway that sold for it would fill it at once',
  },
  {
    question:
      'brackets: the size of one leg, its sibling behind a cancel or a partial exit, a leg whose position is closed before it works',
    because: 'needs a fill',
  },
  {
    question:
      'closes: told as pending or not, a second one behind the first, legs afterwards, resting orders at 15:10',
    because: 'needs a position',
  },
  {
    question:
      'how far position events are behind order events; the id of the opening trade that a close repeats',
    because: 'needs a fill',
  },
  { question: 'partial fills, crossing limits', because: 'needs a fill' },
  {
    question: 'texts for position limits, daily loss and violations',
    because: 'a rule would have to be broken',
  },
  { question: 'life of a hub beyond its token, GatewayLogout', because: 'takes a day' },
  {
    question: 'idle time of a connection',
    because: 'takes longer than a run; the header is shown where there is one',
  },
];
