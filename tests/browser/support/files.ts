// Real files for the tests, made in memory: sound ones, and such as must be refused.
import { crc32 } from "node:zlib";

export type Made = { name: string; mimeType: string; buffer: Buffer };

/** A PDF of one page that says `text`; `catalog` are more keys of its catalog, `padding` bytes of a stream beside it. */
export function pdf(name: string, text = "Bilag", { catalog = "", padding = 0 } = {}): Made {
  const content = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    `<< /Length ${padding} >>\nstream\n${"x".repeat(padding)}\nendstream`,
  ];
  let out = "%PDF-1.7\n";
  const offsets = objects.map((object, index) => {
    const at = out.length;
    out += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) out += `${String(offset).padStart(10, "0")} 00000 n \n`;
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return { name, mimeType: "application/pdf", buffer: Buffer.from(out, "latin1") };
}

/** A PDF with a web page behind it. */
export function polyglot(name: string): Made {
  const { buffer, ...rest } = pdf(name);
  return { ...rest, buffer: Buffer.concat([buffer, Buffer.from("<html><script>alert(1)</script></html>")]) };
}

const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";

export function docx(name: string, more: Record<string, string> = {}): Made {
  const parts = {
    "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types"><Override PartName="/word/document.xml" ContentType="${WORD}.main+xml"/></Types>`,
    "word/document.xml": "<document/>",
    ...more,
  };
  return { name, mimeType: WORD, buffer: zip(parts) };
}

export const withMacro = (name: string): Made => docx(name, { "word/vbaProject.bin": "Sub AutoOpen()" });

/** A ZIP file of parts that are stored as they are. */
function zip(parts: Record<string, string>): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const [file, bytes] = [Buffer.from(name), Buffer.from(text)];
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(file.length, 22);
    local.push(Buffer.from("PK\x03\x04", "latin1"), fields, file, bytes);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, rest, file);
    offset += 30 + file.length + bytes.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  const count = Object.keys(parts).length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, entries, end]);
}

export const csv = (name: string, text: string): Made => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
