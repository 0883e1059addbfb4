import barcodeGenerate from './barcode/generate.ts';
import type { Operation } from './operation.ts';
import urlConvertToJpg from './url/convert/to/jpg.ts';
import urlConvertToPng from './url/convert/to/png.ts';
import pdfConvertFromHtml from './pdf/convert/from/html.ts';
import pdfConvertFromUrl from './pdf/convert/from/url.ts';
import pdfAttachmentsExtract from './pdf/attachments/extract.ts';
import pdfConvertFromImage from './pdf/convert/from/image.ts';
import pdfConvertFromCsv from './pdf/convert/from/csv.ts';
import pdfConvertFromDoc from './pdf/convert/from/doc.ts';
import pdfConvertFromEmail from './pdf/convert/from/email.ts';
import pdfConvertToCsv from './pdf/convert/to/csv.ts';
import pdfConvertToJsonMeta from './pdf/convert/to/json-meta.ts';
import pdfConvertToJson from './pdf/convert/to/json.ts';
import pdfConvertToJson2 from './pdf/convert/to/json2.ts';
import pdfConvertToTextSimple from './pdf/convert/to/text-simple.ts';
import pdfConvertToText from './pdf/convert/to/text.ts';
import pdfConvertToXml from './pdf/convert/to/xml.ts';
import pdfConvertToHtml from './pdf/convert/to/html.ts';
import pdfConvertToJpg from './pdf/convert/to/jpg.ts';
import pdfConvertToPng from './pdf/convert/to/png.ts';
import pdfConvertToTiff from './pdf/convert/to/tiff.ts';
import pdfConvertToWebp from './pdf/convert/to/webp.ts';
import pdfConvertToXls from './pdf/convert/to/xls.ts';
import pdfConvertToXlsx from './pdf/convert/to/xlsx.ts';
import pdfEditDeletePages from './pdf/edit/delete-pages.ts';
import pdfEditRotate from './pdf/edit/rotate.ts';
import pdfFind from './pdf/find.ts';
import pdfFindTable from './pdf/find/table.ts';
import pdfInfo from './pdf/info.ts';
import pdfInfoFields from './pdf/info/fields.ts';
import pdfMakeunsearchable from './pdf/makeunsearchable.ts';
import pdfMerge from './pdf/merge.ts';
import pdfMerge2 from './pdf/merge2.ts';
import pdfOptimize from './pdf/optimize.ts';
import pdfSecurityAdd from './pdf/security/add.ts';
import pdfSecurityRemove from './pdf/security/remove.ts';
import pdfSplit from './pdf/split.ts';
import pdfSplit2 from './pdf/split2.ts';
import { pipelineOf } from './pipeline.ts';
import pdfCompress from './v2/pdf/compress.ts';
import xlsConvertToCsv from './xls/convert/to/csv.ts';
import xlsConvertToHtml from './xls/convert/to/html.ts';
import xlsConvertToJson from './xls/convert/to/json.ts';
import xlsConvertToPdf from './xls/convert/to/pdf.ts';
import xlsConvertToTxt from './xls/convert/to/txt.ts';
import xlsConvertToXml from './xls/convert/to/xml.ts';

/** Every operation, one line each. */
const all: readonly Operation[] = [
  pdfMerge,
  pdfMerge2,
  pdfSplit,
  pdfSplit2,
  pdfEditDeletePages,
  pdfEditRotate,
  pdfAttachmentsExtract,
  pdfConvertFromEmail,
  pdfConvertToText,
  pdfConvertToTextSimple,
  pdfConvertToCsv,
  pdfConvertToJson,
  pdfConvertToJson2,
  pdfConvertToJsonMeta,
  pdfConvertToXml,
  pdfConvertToPng,
  pdfConvertToJpg,
  pdfConvertToWebp,
  pdfConvertToTiff,
  pdfFind,
  pdfFindTable,
  pdfInfo,
  pdfInfoFields,
  pdfSecurityAdd,
  pdfSecurityRemove,
  pdfOptimize,
  pdfMakeunsearchable,
  pdfCompress,
  pdfConvertToXlsx,
  pdfConvertToXls,
  pdfConvertToHtml,
  pdfConvertFromImage,
  pdfConvertFromDoc,
  pdfConvertFromCsv,
  xlsConvertToPdf,
  barcodeGenerate,
  xlsConvertToCsv,
  xlsConvertToJson,
  xlsConvertToXml,
  xlsConvertToHtml,
  xlsConvertToTxt,
  pdfConvertFromHtml,
  pdfConvertFromUrl,
  urlConvertToPng,
  urlConvertToJpg,
];

const byPath = (some: readonly Operation[]): ReadonlyMap<string, Operation> =>
  new Map(some.map((operation) => [operation.path, operation]));

/** Operations by path, without `/v1`. */
export const operations: ReadonlyMap<string, Operation> = byPath([...all, pipelineOf(byPath(all))]);
