import type { MailFacts } from '../capabilities.ts';
import type { Message, Person } from './message.ts';

/** Characters of one body, and people of one line, that are told. */
const [bodyMax, peopleMax, lineMax] = [2_000_000, 1_000, 1_000];

/** What is said of a message as data. */
export function factsOf(message: Message): MailFacts {
  const { from, to, cc, bcc, date, subject, text, html } = message;
  return {
    from: people(from),
    to: people(to),
    cc: people(cc),
    bcc: people(bcc),
    date: cut(date, lineMax),
    subject: cut(subject, lineMax),
    bodyText: cut(text, bodyMax),
    bodyHtml: cut(html, bodyMax),
  };
}

function people(all: readonly Person[]): Person[] {
  return all
    .slice(0, peopleMax)
    .map(({ name, address }) => ({ name: cut(name, lineMax), address: cut(address, lineMax) }));
}

function cut(text: string, max: number): string {
  return text.slice(0, max).toWellFormed();
}
