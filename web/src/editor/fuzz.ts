// Three people edit one section at random and meet at random. Used by the tests with a few
// seeds, and by `npm run fuzz` with many. Checks after each step that editor and shared text
// say the same and that positions come back, and at the end that all three are equal.

import * as A from "@automerge/automerge"
import { EditorState } from "prosemirror-state"
import type { Node } from "prosemirror-model"
import { comparable } from "./blocks"
import { randomEdit, textblocks } from "./fuzz-edits"
import { toPosition, toTextPlace } from "./positions"
import { prepared } from "./prepare"
import { readSection } from "./read"
import { remoteTransaction } from "./remote"
import { schema } from "./schema"
import type { Doc, ItemDocument } from "./table-model"
import { writeSection } from "./write"

export const SECTION = "sagsfremstilling"

/** Numbers from a seed, the same ones each time: `below(n)` is a whole number from 0 to n - 1. */
export type Random = { below: (limit: number) => number; pick: <T>(options: readonly T[]) => T }

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const below = (limit: number) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return { below, pick: (options) => options[below(options.length)]! }
}

const emptyItem = (): ItemDocument => ({ v: 1, sections: { [SECTION]: { body: "", nothing: false } }, tables: {} })

/** An item document with one empty section. Actors are fixed, so that a seed means one run. */
export const newItem = (): Doc => A.from<ItemDocument>(emptyItem(), { actor: "00".repeat(16) })

/** One person's editor and copy of the document, without a screen. */
export class Replica {
  doc: Doc
  state: EditorState

  constructor(base: Doc, index: number, private readonly newId: () => string) {
    this.doc = A.clone(base, { actor: String(index + 1).repeat(32) })
    this.state = EditorState.create({ schema, doc: readSection(this.doc, SECTION) })
  }

  edit(random: Random): void {
    const before = this.state.doc
    const tr = randomEdit(this.state, random)
    if (!tr?.docChanged) return
    const { state } = prepared(this.state.apply(tr), this.newId)
    this.doc = A.change(this.doc, (doc) => writeSection(doc, SECTION, before, state.doc))
    const written = readSection(this.doc, SECTION)
    expectSame(written, state.doc, tr.steps.map((step) => JSON.stringify(step)).join("\n"))
    const back = remoteTransaction(state, written)
    this.state = back ? state.apply(back) : state
  }

  merge(other: Replica): void {
    this.doc = A.merge(this.doc, other.doc)
    const next = readSection(this.doc, SECTION, this.state.doc)
    const tr = remoteTransaction(this.state, next)
    if (tr) this.state = this.state.apply(tr)
    this.state.doc.check()
  }

  checkPosition(random: Random): void {
    const block = random.pick(textblocks(this.state.doc))
    const position = block.start + random.below(block.size + 1)
    const place = toTextPlace(this.state.doc, SECTION, position)
    const back = toPosition(this.state.doc, place)
    if (back !== position) throw new Error(`position ${position} came back as ${back} from ${JSON.stringify(place)}`)
  }
}

function expectSame(written: Node, shown: Node, what: string): void {
  const [a, b] = [comparable(written), comparable(shown)]
  // A table whose last row or column went is a placeholder until someone gives it one.
  if (a === b || b.includes("missing_table")) return
  throw new Error(`the shared text differs from the editor after\n${what}\n${firstDifference(a, b)}`)
}

function firstDifference(a: string, b: string): string {
  let at = 0
  while (a[at] === b[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 200), at + 300)
  return `written …${around(a)}…\nshown   …${around(b)}…`
}

/** How one run goes: edits in all, and how often two people meet (one in `mergeOneIn` steps). */
export type Plan = { steps: number; mergeOneIn: number }

/** Runs one seed; throws with what went wrong. Returns what all three show at the end. */
export function runSeed(seed: number, plan: Plan): string {
  const random = randomFrom(seed)
  let ids = 0
  const newId = () => `id${seed}x${ids++}`
  const base = newItem()
  const replicas = [0, 1, 2].map((index) => new Replica(base, index, newId))
  for (let step = 0; step < plan.steps; step++) {
    random.pick(replicas).edit(random)
    const [one, other] = [random.pick(replicas), random.pick(replicas)]
    if (random.below(plan.mergeOneIn) === 0 && one !== other) one.merge(other)
    random.pick(replicas).checkPosition(random)
  }
  for (let round = 0; round < 2; round++) {
    for (const one of replicas) for (const other of replicas) if (one !== other) one.merge(other)
  }
  const shown = replicas.map((replica) => JSON.stringify(replica.state.doc.toJSON()))
  if (shown.some((text) => text !== shown[0])) throw new Error(`the replicas differ:\n${firstDifference(shown[0] ?? "", shown.find((text) => text !== shown[0]) ?? "")}`)
  return shown[0] ?? ""
}
