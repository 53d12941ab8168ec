// A retention plan over HTTP: tried without changing anything, in force, and carried out item by item. The log is
// made older with `age-log`, which is built beside the program.

import { after, before, test } from "node:test"
import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { Schema } from "./support/schema.js"
import { run, Server } from "./support/server.js"

const PLAN = { closed: 6, open: 24, withdrawn: 12 }
let server, schema
before(async () => {
  server = await Server.start()
  schema = new Schema(await (await server.fetch("/api/openapi.json")).json())
})
after(() => server.dispose())

const names = list => list.items.map(({ title }) => title)
const path = (forum, query = "") => `/api/forums/${forum}/retention${query}`

async function dryRun(forum, query) {
  const run = await server.get("sofie", path(forum, query))
  schema.check("DryRunView", run)
  return run
}

/** Where the forum's own stream and the meeting's have come to. */
const positions = async (forum, meeting) => [
  (await server.get("sofie", `/api/forums/${forum}/trail`)).lines[0]?.position,
  (await server.meeting("sofie", meeting)).position,
]

async function add(meeting, title) {
  const { created } = await server.command("sofie", meeting, { type: "add_item", title, journal_number: null, minutes: null })
  return created
}

const erase = (meeting, item, planned) =>
  server.ask("sofie", "POST", `/api/meetings/${meeting}/commands`, { id: randomUUID(), command: { type: "erase_item", item, reason: "Sletteplan", planned } })
const hold = (user, meeting, item) =>
  server.ask(user, "POST", `/api/meetings/${meeting}/commands`, { id: randomUUID(), command: { type: "hold_item", item, reason: "Aktindsigt til Ravn" } })

test("a plan is tried, set, and carried out item by item", async () => {
  const { forum, meeting, item: open } = await server.agenda("Fyrets maling")
  const closed = await add(meeting, "Ansættelse af fyrmester")
  const held = await add(meeting, "Afsked af fyrmester")
  const gone = await add(meeting, "Tågehornet")
  for (const item of [closed, held]) await server.command("sofie", meeting, { type: "close_item", item, reason: "Personsag" })
  await server.command("sofie", meeting, { type: "withdraw_item", item: gone, reason: "Udsat" })
  await server.command("sofie", meeting, { type: "freeze", reason: "" })
  await server.command("sofie", meeting, { type: "publish" })
  const fresh = await server.agenda("Et nyt punkt")
  assert.equal((await dryRun(forum)).tried, false)
  await server.end()
  await server.age(400)
  await server.restart()

  const before = await positions(forum, meeting)
  const tried = await dryRun(forum, "?closed=6&open=24&withdrawn=12")
  assert.deepEqual([tried.tried, tried.plan], [true, PLAN])
  assert.deepEqual(names(tried.due).sort(), ["Afsked af fyrmester", "Ansættelse af fyrmester", "Tågehornet"])
  assert.deepEqual(names(tried.soon), ["Fyrets maling"])
  const [row] = tried.due.items.filter(({ item }) => item === closed)
  assert.deepEqual([row.number, row.class, row.hold, row.blocked], [2, "closed", null, null])
  assert.ok(row.due <= tried.today && tried.soon.items[0].due > tried.today)
  assert.ok(tried.not_begun >= 1, "what is not published is counted")
  const inForce = await dryRun(forum)
  assert.deepEqual([inForce.tried, names(inForce.due), inForce.plan.closed], [false, [], null], "a plan that is tried is not in force")
  assert.equal((await dryRun(forum, "?closed=&open=&withdrawn=1")).due.items.length, 1, "what is left empty is kept for ever")
  assert.deepEqual(await positions(forum, meeting), before, "a dry run is in no stream")
  for (const wrong of ["?closed=0", "?open=601", "?withdrawn=-1", "?closed=snart", "?closed=1.5"]) {
    assert.equal((await server.ask("sofie", "GET", path(forum, wrong))).status, 422, wrong)
  }
  for (const of of ["", "/due", "?closed=6"]) assert.equal((await server.ask("bo", "GET", path(forum, of))).status, 403)

  assert.equal((await erase(meeting, closed, true)).status, 409, "no plan is in force")
  await server.forumCommand("sofie", forum, { type: "change_retention_plan", plan: PLAN })
  assert.deepEqual(await server.get("sofie", path(forum, "/due")), { due: 3 })
  const early = await erase(meeting, open, true)
  assert.equal(early.status, 409)
  assert.match((await early.json()).detail, /ikke nået fristen/)

  assert.equal((await hold("bo", meeting, held)).status, 403)
  assert.equal((await hold("sofie", meeting, held)).status, 200)
  const refused = await erase(meeting, held, false)
  assert.equal(refused.status, 409)
  assert.match((await refused.json()).detail, /slettestop .* Ophæv/)
  const withHold = await dryRun(forum)
  assert.deepEqual(names(withHold.held), ["Afsked af fyrmester"])
  assert.deepEqual([withHold.held.items[0].hold.reason, withHold.held.items[0].hold.by.name], ["Aktindsigt til Ravn", "Sofie Krog"])
  const seen = async user => (await server.meeting(user, meeting)).items.find(({ id }) => id === held).held
  assert.equal((await seen("sofie")).reason, "Aktindsigt til Ravn")
  assert.equal(await seen("bo"), null, "why is for the secretariat")
  for (const who of ["bo", "sofie"]) {
    const history = JSON.stringify(await server.get(who, `/api/meetings/${meeting}/items/${held}/history`))
    assert.doesNotMatch(history, /Ravn/, "a hold is no part of the item's life")
  }
  assert.match(JSON.stringify(await server.get("sofie", `/api/meetings/${meeting}/trail`)), /satte slettestop på punktet: Aktindsigt til Ravn/)

  for (const item of [closed, gone]) assert.equal((await erase(meeting, item, true)).status, 200)
  const after = await dryRun(forum)
  assert.deepEqual([names(after.due), after.erased], [[], withHold.erased + 2])
  assert.deepEqual(await server.get("sofie", path(forum, "/due")), { due: 0 })
  assert.equal((await erase(meeting, closed, true)).status, 409, "once")

  await server.command("sofie", meeting, { type: "open_correction", edition: 1, items: [open], reason: "Maling" })
  await server.command("sofie", meeting, { type: "release_item", item: held })
  const blocked = await dryRun(forum)
  assert.deepEqual(names(blocked.blocked), ["Afsked af fyrmester"])
  assert.match(blocked.blocked.items[0].blocked, /udgave undervejs/)
  assert.equal((await server.meeting("sofie", fresh.meeting)).items.length, 1)
})

test("a dry run does not make the log longer", async () => {
  const { forum, meeting, item } = await server.agenda("Bøjen")
  const before = (await server.command("sofie", meeting, { type: "hold_item", item, reason: "Arkiv" })).position
  for (const query of ["", "?closed=1", "?closed=600&open=600&withdrawn=600", "/due"]) await server.get("sofie", path(forum, query))
  const next = (await server.command("sofie", meeting, { type: "release_item", item })).position
  assert.equal(next, before + 1)
})

test("the plan is the secretariat's, everyone may read it, and every version is kept", async () => {
  const forum = (await server.forum()).id
  const of = `/api/forums/${forum}/retention-plan`
  const before = (await server.get("bo", of)).versions.length
  const change = plan => ({ id: randomUUID(), command: { type: "change_retention_plan", plan } })
  const ask = (user, plan) => server.ask(user, "POST", `/api/forums/${forum}/commands`, change(plan))
  const plan = { closed: null, open: 600, withdrawn: 1 }
  assert.equal((await ask("bo", plan)).status, 403)
  assert.equal((await ask("sofie", { ...plan, open: 601 })).status, 422)
  assert.equal((await ask("sofie", { ...plan, open: 0 })).status, 422)
  assert.equal((await ask("sofie", plan)).status, 200)
  assert.equal((await ask("sofie", plan)).status, 409, "it is so already")
  const view = await server.get("bo", of)
  schema.check("RetentionPlanView", view)
  assert.deepEqual([view.plan, view.versions.length], [plan, before + 1])
  assert.deepEqual([view.versions[0].by.name, view.versions[0].plan], ["Sofie Krog", plan])
  const trail = await server.get("sofie", `/api/forums/${forum}/trail`)
  assert.match(JSON.stringify(trail.lines), /ændrede sletteplanen: lukkede punkter aldrig, åbne punkter efter 50 år, tilbagetrukne punkter efter 1 måned/)
})

test("the command line tells the same of a stopped service, on any day", async () => {
  const { meeting, item } = await server.agenda("Sømærket")
  await server.command("sofie", meeting, { type: "withdraw_item", item, reason: "Udsat" })
  const forum = (await server.forum()).id
  await server.forumCommand("sofie", forum, { type: "change_retention_plan", plan: { closed: null, open: null, withdrawn: 18 } })
  await server.end()
  const told = (...more) => run("retention", "--data", server.data, ...more)
  const later = told("--at", "2040-01-01")
  assert.equal(later.code, 0, later.err)
  assert.match(later.out, /^Chefforum\nSletteplan: .*tilbagetrukne punkter efter 1 år og 6 måneder\. Opgjort 01-01-2040; intet er slettet\.$/m)
  assert.match(later.out, /^ {2}\d\d-\d\d-\d{4} {2}mødet 03-03-2027, taget af dagsordenen: Sømærket \(tilbagetrukne punkter\)$/m)
  const english = told("--lang", "en")
  assert.match(english.out, /^Due \(0\)$/m)
  assert.doesNotMatch(english.out, /Sømærket/)
  assert.equal(told("--at", "i morgen").code, 2)
  const nowhere = run("retention", "--data", `${server.data}/nowhere`)
  assert.equal(nowhere.code, 1)
  assert.match(nowhere.err, /Der er ingen log/)
  assert.equal(server.verify().code, 0)
})
