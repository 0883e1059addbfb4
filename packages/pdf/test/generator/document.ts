import { addAnnotations } from './annotations.ts';
import { addDestinations } from './destinations.ts';
import { addAttachments, addCatalogEntries, addLabels, addLayers, addScripts, addThreads } from './extras.ts';
import { addForm } from './forms.ts';
import { addOutlines } from './outlines.ts';
import { drawPages, writePages } from './pages.ts';
import { Sketch } from './sketch.ts';
import { addStructure } from './structure.ts';
import { writeSketch, type Generated } from './write.ts';

/** A sound document in which any of the things are that a merge carries; the same seed gives the same bytes. */
export function generate(seed: number): Generated {
  return generateChanged(seed, () => {});
}

/** The same, with its objects changed before they are written. */
export function generateChanged(seed: number, change: (sketch: Sketch) => void): Generated {
  const sketch = new Sketch(seed);
  const features: string[] = [`seed ${seed}`];
  const perhaps = (percent: number, feature: string, add: () => void): void => {
    if (!sketch.random.chance(percent)) return;
    features.push(feature);
    add();
  };
  drawPages(sketch);
  let names: readonly string[] = [];
  perhaps(60, 'destinations', () => (names = addDestinations(sketch)));
  perhaps(70, 'annotations', () => addAnnotations(sketch, names));
  perhaps(50, 'outlines', () => addOutlines(sketch, names));
  perhaps(50, 'form', () => addForm(sketch));
  perhaps(40, 'structure', () => addStructure(sketch, names));
  perhaps(40, 'layers', () => addLayers(sketch));
  perhaps(40, 'labels', () => addLabels(sketch));
  perhaps(40, 'attachments', () => addAttachments(sketch));
  perhaps(30, 'scripts', () => addScripts(sketch));
  perhaps(30, 'threads', () => addThreads(sketch));
  const trailer = addCatalogEntries(sketch);
  if (sketch.names.length > 0)
    sketch.catalog.push(`/Names ${sketch.maybe(`<< ${sketch.names.join(' ')} >>`)}`);
  sketch.catalog.push(`/Pages ${writePages(sketch)} 0 R`);
  change(sketch);
  return writeSketch(sketch, trailer, features);
}
