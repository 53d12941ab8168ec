//! Files in an object store that speaks S3, one object each, named by SHA-256. The store promises
//! that an object is whole and durable when it says that it has it.

use super::store::{ByteStream, FileStore};
use agenda::id::Hash;
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture};
use object_store::{Error, ObjectStore, ObjectStoreExt, aws::AmazonS3Builder, path::Path as Place};
use std::{io, path::Path, sync::Arc};

/// Where the objects lie. Who asks for them is in the environment, as S3's tools have it:
/// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Settings {
    pub bucket: String,
    /// "https://s3.example.dk"; `None`: that of the region.
    pub endpoint: Option<String>,
    pub region: Option<String>,
}

pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

impl Objects {
    pub fn s3(settings: &S3Settings) -> io::Result<Self> {
        Self::build(AmazonS3Builder::from_env(), settings)
    }

    /// `builder` says who asks.
    fn build(builder: AmazonS3Builder, settings: &S3Settings) -> io::Result<Self> {
        let mut builder = builder.with_bucket_name(&settings.bucket);
        if let Some(region) = &settings.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &settings.endpoint {
            // One beside the service may speak plain HTTP; its address says so.
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        Ok(Self { store: Arc::new(builder.build().map_err(io::Error::other)?) })
    }
}

fn place(sha256: Hash) -> Place {
    Place::from(format!("files/{sha256}"))
}

impl FileStore for Objects {
    fn put<'a>(&'a self, sha256: Hash, path: &'a Path) -> BoxFuture<'a, io::Result<()>> {
        async move {
            let bytes = tokio::fs::read(path).await?;
            self.store.put(&place(sha256), bytes.into()).await.map(drop).map_err(io::Error::other)
        }
        .boxed()
    }

    fn get(&self, sha256: Hash) -> BoxFuture<'_, io::Result<Option<ByteStream>>> {
        async move {
            match self.store.get(&place(sha256)).await {
                Ok(found) => Ok(Some(found.into_stream().map_err(io::Error::other).boxed())),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(io::Error::other(error)),
            }
        }
        .boxed()
    }

    fn erase(&self, sha256: Hash) -> BoxFuture<'_, io::Result<()>> {
        async move {
            match self.store.delete(&place(sha256)).await {
                Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(io::Error::other(error)),
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::store::conformance;
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
    use tokio::net::TcpListener;

    const BUCKET: &str = "bilag";
    const KEY: &str = "dagsorden";

    /// A server that speaks S3 over HTTP and checks who asks; its objects lie in `folder`.
    async fn s3_server(folder: &Path) -> String {
        std::fs::create_dir(folder.join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY, "en hemmelighed"));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                    server.serve_connection(TokioIo::new(socket), service).await
                });
            }
        });
        format!("http://{address}")
    }

    fn asked_by(secret: &str, endpoint: String) -> Objects {
        let builder = AmazonS3Builder::new().with_access_key_id(KEY).with_secret_access_key(secret);
        let region = Some("eu-north-1".into());
        Objects::build(builder, &S3Settings { bucket: BUCKET.into(), endpoint: Some(endpoint), region })
            .unwrap()
    }

    #[tokio::test]
    async fn an_s3_server_keeps_files() {
        let folder = tempfile::tempdir().unwrap();
        let endpoint = s3_server(folder.path()).await;
        conformance::passes(&asked_by("en hemmelighed", endpoint)).await;
    }

    #[tokio::test]
    async fn who_has_not_the_secret_is_told_of_an_error_and_not_that_a_file_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let wrong = asked_by("en anden", s3_server(folder.path()).await);
        let file = folder.path().join("file");
        std::fs::write(&file, b"x").unwrap();
        assert!(wrong.put(Hash([1; 32]), &file).await.is_err());
        assert!(wrong.get(Hash([1; 32])).await.is_err());
    }
}
