// Reads a meeting's server-sent events as they come.

export async function follow(server, user, meeting, last) {
  const abort = new AbortController()
  const cookie = await server.session(user)
  const from = last === undefined ? {} : { "last-event-id": String(last) }
  const answer = await fetch(`${server.origin}/api/meetings/${meeting}/events`, {
    headers: { cookie, accept: "text/event-stream", ...from },
    signal: abort.signal,
  })
  if (!answer.ok) throw new Error(`events: ${answer.status}`)
  const stream = { events: [], ended: false, end: () => abort.abort() }
  read(answer.body, stream.events).then(
    () => (stream.ended = true),
    error => {
      if (!abort.signal.aborted) throw error
    },
  )
  return stream
}

async function read(body, events) {
  let text = ""
  for await (const bytes of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + bytes).split("\n\n")
    text = blocks.pop()
    blocks.map(parse).filter(event => event.data).forEach(event => events.push(event))
  }
}

function parse(block) {
  const fields = Object.fromEntries(block.split("\n").map(line => line.split(/: (.*)/s, 2)))
  return { ...fields, data: fields.data && JSON.parse(fields.data) }
}
