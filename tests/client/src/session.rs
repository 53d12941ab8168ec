//! One person's session over HTTP.

use crate::Failure;
use reqwest::{Client, Method, RequestBuilder, header};
use serde_json::{Value, json};

/// Someone signed in at a running program.
#[derive(Clone)]
pub struct Session {
    http: Client,
    address: String,
    cookie: String,
    pub user: String,
}

/// What a request was answered with.
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// The body of a success.
    pub fn success(self) -> Result<Value, Failure> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        Err(format!("{}: {}", self.status, self.body).into())
    }
}

impl Session {
    /// Signs in as one of the demonstration's people.
    pub async fn sign_in(address: &str, user: &str) -> Result<Self, Failure> {
        let http = Client::builder().no_proxy().tcp_nodelay(true).build()?;
        let answer = http.post(format!("http://{address}/api/demo/session"));
        let answer = answer.header(header::ORIGIN, format!("http://{address}"));
        let answer = answer.json(&json!({ "user": user })).send().await?.error_for_status()?;
        let cookie = answer.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|value| value.split(';').next()).ok_or("no cookie was set")?.to_owned();
        Ok(Self { http, address: address.to_owned(), cookie, user: user.to_owned() })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    async fn request(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let url = format!("http://{}{path}", self.address);
        let request = self.http.request(method, url);
        self.answer(if let Some(body) = body { request.json(body) } else { request }).await
    }

    /// Asks as the person who signed in.
    async fn answer(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        let request = request.header(header::COOKIE, &self.cookie);
        let response = request.header(header::ORIGIN, format!("http://{}", self.address)).send().await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await?;
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? };
        Ok(Answer { status, body })
    }

    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.request(Method::GET, path, None).await?.success()
    }

    /// How long an answer takes until all of it is here, and its bytes; it is not read.
    pub async fn timed(&self, path: &str) -> Result<(std::time::Duration, usize), Failure> {
        let url = format!("http://{}{path}", self.address);
        let started = std::time::Instant::now();
        let response = self.http.get(url).header(header::COOKIE, &self.cookie).send().await?;
        let bytes = response.error_for_status()?.bytes().await?.len();
        Ok((started.elapsed(), bytes))
    }

    /// What an address holds, as it is.
    pub async fn bytes(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let url = format!("http://{}{path}", self.address);
        let response = self.http.get(url).header(header::COOKIE, &self.cookie).send().await?;
        Ok(response.error_for_status()?.bytes().await?.to_vec())
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.request(Method::POST, path, Some(body)).await
    }

    /// The id of the person's first forum.
    pub async fn forum(&self) -> Result<String, Failure> {
        let me = self.get("/api/me").await?;
        text(&me, "/forums/0/id")
    }

    /// Schedules a meeting; its id.
    pub async fn schedule(&self, command: &str) -> Result<String, Failure> {
        let path = format!("/api/forums/{}/meetings", self.forum().await?);
        let meeting = json!({"id": command, "date": "2026-12-02", "time": "09:00", "place": "Mødelokale 1"});
        text(&self.post(&path, &meeting).await?.success()?, "/meeting")
    }

    /// Sends a command to a meeting.
    pub async fn command(&self, meeting: &str, id: &str, command: Value) -> Result<Answer, Failure> {
        let body = json!({"id": id, "command": command});
        self.post(&format!("/api/meetings/{meeting}/commands"), &body).await
    }

    /// Adds an item.
    pub async fn add_item(&self, meeting: &str, id: &str, title: &str) -> Result<Answer, Failure> {
        let item = json!({"type": "add_item", "title": title, "journal_number": null, "minutes": null});
        self.command(meeting, id, item).await
    }

    /// The documents of a meeting's items: case texts first, then planning forms.
    pub async fn documents(&self, meeting: &str) -> Result<Vec<String>, Failure> {
        let view = self.get(&format!("/api/meetings/{meeting}")).await?;
        let items = view["items"].as_array().ok_or("the meeting has no items")?;
        let of = |kind| items.iter().map(move |item| text(item, &format!("/documents/{kind}")));
        of("case").chain(of("planning")).collect()
    }

    /// The id of a meeting's first item.
    pub async fn first_item(&self, meeting: &str) -> Result<String, Failure> {
        text(&self.get(&format!("/api/meetings/{meeting}")).await?, "/items/0/id")
    }

    /// Gives an item a file. `name` must need no escape in a URL.
    pub async fn upload(
        &self,
        (meeting, item): (&str, &str),
        id: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Answer, Failure> {
        let path = format!("/api/meetings/{meeting}/items/{item}/attachments?id={id}&file={name}");
        let request = self.http.post(format!("http://{}{path}", self.address)).body(bytes);
        self.answer(request).await
    }

    /// The address of a WebSocket for a document, with its ticket.
    pub async fn socket_url(&self, document: &str) -> Result<String, Failure> {
        let path = format!("/api/documents/{document}/ticket");
        let ticket = self.post(&path, &Value::Null).await?.success()?;
        Ok(format!("ws://{}{}", self.address, text(&ticket, "/url")?))
    }
}

fn text(value: &Value, pointer: &str) -> Result<String, Failure> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found.ok_or_else(|| format!("no {pointer} in {value}"))?.to_owned())
}
