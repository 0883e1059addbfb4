import { invoice } from './html/invoice.ts';
import { letterInvoice } from './html/letter-invoice.ts';
import { packingSlip } from './html/packing-slip.ts';
import type { Template, TemplateKind } from './templates.ts';

/** A template that is shipped; its id, once given, keeps its meaning. */
export type BuiltIn = Omit<Template, 'type'>;

/** All of them. */
export const builtIn: Readonly<Record<TemplateKind, readonly BuiltIn[]>> = {
  html: [invoice, packingSlip, letterInvoice],
};
