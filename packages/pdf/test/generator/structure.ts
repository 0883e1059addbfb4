import { rectangle } from './annotations.ts';
import { leading } from './destinations.ts';
import type { Sketch } from './sketch.ts';

/** Tags: a section for each page with a paragraph, a figure and a link, in a tree with roles, classes and identifiers. */
export function addStructure(sketch: Sketch, names: readonly string[]): void {
  const { random } = sketch;
  const root = sketch.reserve();
  const document = sketch.reserve();
  // The same custom role means something else in other documents.
  const roles = { Block: random.pick(['P', 'BlockQuote']), Pic: random.pick(['Figure', 'Formula']) };
  const parents: [key: number, value: string][] = [];
  const ids: [key: string, value: string][] = [];
  const sections: string[] = [];
  let key = random.below(5);
  for (const [index, page] of sketch.pages.entries()) {
    if (random.chance(20)) continue;
    const section = sketch.reserve();
    const element = (entries: string): string =>
      sketch.add(`<< /Type /StructElem /P ${section} 0 R ${entries} >>`);
    const own = `/Pg ${page.number} 0 R`;
    const paragraph = element(
      `/S /${random.pick(['P', 'Block'])} ${own} /K 0 /C /${random.pick(['wide', 'narrow'])}`,
    );
    const figure = element(
      `/S /${random.pick(['Figure', 'Pic'])} ${own} /K [1] /Alt (figure of ${page.text}) /ID (id${index})`,
    );
    ids.push([`(id${index})`, figure]);
    page.content.push('/P << /MCID 0 >> BDC BT /F0 8 Tf 20 60 Td (tagged) Tj ET EMC');
    page.content.push('/Figure << /MCID 1 >> BDC 0 0 1 rg 100 60 9 9 re f EMC');
    const kids = [paragraph, figure];
    page.entries.push(`/StructParents ${key}`);
    parents.push([key++, sketch.maybe(`[${paragraph} ${figure}]`)]);
    if (random.chance(50)) {
      const annotation = sketch.add(
        `<< /Type /Annot /Subtype /Link ${rectangle(sketch)} ${leading(sketch, names)} /StructParent ${key} >>`,
      );
      page.annotations.push(annotation);
      const link = element(`/S /Link ${own} /K << /Type /OBJR /Obj ${annotation} ${own} >>`);
      parents.push([key++, link]);
      kids.push(link);
    }
    sketch.objects[section] =
      `<< /Type /StructElem /S /Sect /T (${page.text}) /P ${document} 0 R /K [${kids.join(' ')}] >>`;
    sections.push(`${section} 0 R`);
  }
  sketch.objects[document] = `<< /Type /StructElem /S /Document /P ${root} 0 R /K [${sections.join(' ')}] >>`;
  const numbers = sketch.tree(
    'Nums',
    parents.map(([number, value]) => [String(number), value]),
  );
  sketch.objects[root] =
    `<< /Type /StructTreeRoot /K ${random.chance(50) ? `${document} 0 R` : `[${document} 0 R]`} /ParentTree ${numbers} ` +
    `/ParentTreeNextKey ${key} /RoleMap << /Block /${roles.Block} /Pic /${roles.Pic} >> ` +
    `/ClassMap << /wide << /O /Layout /Width ${random.below(9)} >> /narrow << /O /Layout /Width 1 >> >> ` +
    `/IDTree ${sketch.tree('Names', ids)} >>`;
  sketch.catalog.push(`/StructTreeRoot ${root} 0 R /MarkInfo << /Marked true >>`);
}
