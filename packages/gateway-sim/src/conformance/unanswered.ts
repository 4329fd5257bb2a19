/** Questions about the gateway that calls of this kind can't answer, and why. For a reader of a report who wonders. */
export const unanswered: readonly { readonly question: string; readonly because: string }[] = [
  { question: '429: its body, its headers, the kind of its window, and whether it counts against it', because: 'the limit would have to be spent, which takes it away from other programs of the login; one that is met is described' },
  { question: 'longest tag, characters of a tag, a clash with -SL and -TP', because: 'each would be an order more' },
  { question: 'what a linkedOrderId in a request does; whether a StopLimit can be placed', because: 'each would be an order more, and not one that is far for certain' },
  { question: 'brackets: tags of legs whose entry has none, sizes of one leg, modifying a suspended one', because: 'needs brackets on the account, and a fill' },
  { question: 'closes: told as pending or not, a second one behind the first, legs afterwards, resting orders at 15:10', because: 'needs a position' },
  { question: 'how far position events are behind order events; the id of the opening trade that a close repeats', because: 'needs a fill' },
  { question: 'partial fills, crossing limits', because: 'needs a fill' },
  { question: 'texts for position limits, daily loss and violations', because: 'a rule would have to be broken' },
  { question: 'life of a hub beyond its token, GatewayLogout', because: 'takes a day' },
  { question: 'idle time of a connection', because: 'takes longer than a run; the header is shown where there is one' },
];
