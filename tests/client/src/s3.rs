//! An object store for tests: a server that speaks S3 over HTTP and checks who asks.

use crate::Failure;
use hyper_util::rt::{TokioExecutor, TokioIo};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use std::path::Path;
use tokio::net::TcpListener;

/// Who may ask.
pub const S3_KEY: &str = "dagsorden";
pub const S3_SECRET: &str = "en hemmelighed";

/// Starts one with a bucket; its objects lie as files in the folder. Where it is found. It ends with the runtime.
pub async fn s3_server(folder: &Path, bucket: &str) -> Result<String, Failure> {
    std::fs::create_dir_all(folder.join(bucket))?;
    let files = s3s_fs::FileSystem::new(folder).map_err(|error| format!("{error:?}"))?;
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(S3_KEY, S3_SECRET));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                server.serve_connection(TokioIo::new(socket), service).await
            });
        }
    });
    Ok(format!("http://{address}"))
}
