// Pasted from each program that people here write in: what is kept, and that the rest is gone.
// @vitest-environment jsdom

import { describe, expect, it } from "vitest";
import { clean } from "./clean.ts";
import { toHtml } from "./pasted.ts";
import { plainBlocks } from "./plain-text.ts";
import excel from "./fixtures/excel.html?raw";
import googleDocs from "./fixtures/google-docs.html?raw";
import libreOffice from "./fixtures/libreoffice.html?raw";
import outlook from "./fixtures/outlook.html?raw";
import word from "./fixtures/word.html?raw";

const parse = (html: string) => new DOMParser().parseFromString(html, "text/html");
/** A line for each block; rows of tables in a line of their own. */
const cleaned = (html: string) =>
  clean(html, parse)
    .html.replace(/(<\/(p|h\d|ul|ol|tr|table)>)(?!<\/t[dh]>)/g, "$1\n")
    .trim()
    .split("\n");

describe("paste from", () => {
  it("Word", () => {
    expect(cleaned(word)).toEqual([
      "<h1>Grøn skolevej</h1>",
      "<h3>Baggrund for sagen</h3>",
      '<p>Børn og unge skal kunne cykle<strong> trygt</strong> til skole, <em>også om vinteren</em>. Se <a href="https://lindeby.example/plan?a=1&amp;b=2">planen</a> og kladden.[1]</p>',
      '<ul data-indent="0"><li>Belysning</li></ul>',
      '<ul data-indent="1"><li>ved Åvej</li></ul>',
      '<ul data-indent="0"><li>Skiltning</li></ul>',
      "<p>Rækkefølge:</p>",
      '<ol data-indent="0"><li>høring</li></ol>',
      '<ol data-indent="1"><li>forældre</li></ol>',
      '<table><tbody><tr><th rowspan="2"><p><strong>Tiltag</strong></p></th><th colspan="2"><p><strong>Hvem og hvornår</strong></p></th></tr>',
      "<tr><th><p>Hvem</p></th><th><p>Hvornår</p></th></tr>",
      "<tr><td><p>Lys</p>",
      '<p>og skilte</p></td><td><ul data-indent="0"><li>Vej</li></ul></td><td><p><a href="mailto:vej@lindeby.example">april</a></p>',
      "<p>uge 15</p>",
      "<p>uge 16</p></td></tr>",
      "</tbody></table>",
      "<p>tilføjet</p>",
      "<p>[1] Vedtaget i 2024.</p>",
    ]);
    expect(clean(word, parse).pictures).toBe(1);
  });

  it("Word without its list definitions", () => {
    const bare = word.replace(/@list[^}]*\}/g, "");
    expect(cleaned(bare).filter((line) => /<[uo]l/.test(line))).toEqual(cleaned(word).filter((line) => /<[uo]l/.test(line)));
  });

  it("Outlook", () => {
    expect(cleaned(outlook)).toEqual([
      "<p>Kære alle</p>",
      '<ul data-indent="0"><li>Første punkt</li></ul>',
      '<ul data-indent="1"><li>under det</li></ul>',
      '<p>Ring på <a href="tel:+4512345678">12 34 56 78</a><br>eller skriv.</p>',
      "<p>Venlig hilsen</p>",
      "<p>Sofie</p>",
      "<p>Lindeby Kommune</p>",
    ]);
  });

  it("Google Docs", () => {
    expect(cleaned(googleDocs)).toEqual([
      "<h2>Økonomi</h2>",
      '<p>Det koster <strong>2 mio. kr.</strong><em> i alt</em>, se <a href="https://lindeby.example/">siden</a></p>',
      '<ul data-indent="0"><li>anlæg</li></ul>',
      '<ul data-indent="1"><li>bro</li></ul>',
      '<ol data-indent="0"><li>drift</li></ol>',
      '<table><tbody><tr><td colspan="2"><p><strong>2026</strong></p></td></tr>',
      "<tr><td><p>a</p></td><td></td></tr>",
      "</tbody></table>",
    ]);
  });

  it("Excel", () => {
    expect(cleaned(excel)).toEqual([
      '<table><tbody><tr><td rowspan="2"><p><strong>Afdeling</strong></p></td><td colspan="2"><p><strong>Praktik</strong></p></td></tr>',
      "<tr><td><p><strong>Antal</strong></p></td><td><p><strong>Andel</strong></p></td></tr>",
      "<tr><td><p>Vej &amp; Park<br>(nord)</p></td><td><p>1.239</p></td><td><p><em>19%</em></p></td></tr>",
      "</tbody></table>",
    ]);
  });

  it("LibreOffice", () => {
    expect(cleaned(libreOffice)).toEqual([
      "<h3>Lovgrundlag</h3>",
      "<p><strong>Fed</strong> og <em>kursiv</em></p>",
      '<ol data-indent="0"><li>et</li></ol>',
      '<ol data-indent="1"><li>et a</li></ol>',
      '<ol data-indent="0"><li>to<br>fortsat</li></ol>',
      "<table><tbody><tr><th><p>Navn</p></th><th><p>Tal</p></th></tr>",
      "<tr><td><p>Å</p></td><td><p>3</p></td></tr>",
      "</tbody></table>",
    ]);
  });

  it("a web page, without anything that runs", () => {
    const page = `<p onclick="x()">a<script>x()</script><a href="javascript:x()">b</a><style>p{}</style></p><!-- c --><pre>d\n\ne</pre>&lt;b&gt;`;
    expect(cleaned(page)).toEqual(["<p>ab</p>", "<p>d</p>", "<p>e</p>", "<p>&lt;b&gt;</p>"]);
  });

  it("lists that skip levels or begin deep", () => {
    const list = `<ul><li style="x"><ul><ul><li>a</li></ul></ul></li></ul><p>-</p><ul><ul><li>b</li></ul><li>c</li></ul>`;
    expect(cleaned(list).join("")).toBe(
      '<ul data-indent="0"><li>a</li></ul><p>-</p><ul data-indent="0"><li>b</li></ul><ul data-indent="0"><li>c</li></ul>',
    );
  });

  it("this editor: white space and empty paragraphs are meant", () => {
    const own = '<p data-pm-slice="1 1 []">a  b\u00a0c</p><p></p><ul><li data-indent="2">d</li></ul>';
    expect(cleaned(own).join("")).toBe(
      '<p data-pm-slice="1 1 []">a  b\u00a0c</p><p></p><ul data-indent="2"><li>d</li></ul>',
    );
  });
});

describe("plain text", () => {
  const lines = (text: string) => plainBlocks(text, false).map((block) => toHtml([block]));

  it("is a paragraph for each line", () => {
    expect(lines("en linje\r\n\r\nen til  \n")).toEqual(["<p>en linje</p>", "<p>en til</p>"]);
  });

  it("has lists with levels", () => {
    expect(lines("- a\n  - b\n* c\n\n1. d\n2) e\n")).toEqual([
      '<ul data-indent="0"><li>a</li></ul>',
      '<ul data-indent="1"><li>b</li></ul>',
      '<ul data-indent="0"><li>c</li></ul>',
      '<ol data-indent="0"><li>d</li></ol>',
      '<ol data-indent="0"><li>e</li></ol>',
    ]);
  });

  it("keeps numbers that are dates or begin elsewhere", () => {
    expect(lines("1. maj er fridag\nMøde:\n3. juni\n4. juni")).toEqual([
      "<p>1. maj er fridag</p>",
      "<p>Møde:</p>",
      "<p>3. juni</p>",
      "<p>4. juni</p>",
    ]);
  });

  it("has a table only where lines that follow one another have as many tabs", () => {
    expect(lines("a\tb\nc\t\n\nd\te\nf\tg\th")).toEqual([
      "<table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr><tr><td><p>c</p></td><td></td></tr></tbody></table>",
      "<p>d e</p>",
      "<p>f g h</p>",
    ]);
    expect(lines("\ta\n\tb")).toEqual(["<p>a</p>", "<p>b</p>"]);
  });
});
